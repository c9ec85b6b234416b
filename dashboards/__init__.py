"""The dashboards as code: `python -m dashboards` writes their JSON into the role that puts them on a cluster."""

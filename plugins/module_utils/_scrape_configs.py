# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scrape configurations of Prometheus 3.15 in prometheus_scrape_configs: what Prometheus would refuse, or misread.

https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _duration, _schema_values
from ansible_collections.longterm.metrics.plugins.module_utils._discovery_schema import DISCOVERIES, STATIC
from ansible_collections.longterm.metrics.plugins.module_utils._http_client_schema import http_client
from ansible_collections.longterm.metrics.plugins.module_utils._relabel_schema import RELABEL
from ansible_collections.longterm.metrics.plugins.module_utils._schema import ListOf, MapOf, Schema
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import (
    BOOLEAN,
    SIZE,
    TEXT,
    choice,
    duration,
    integer,
    text,
)

_PROTOCOL = choice(
    "PrometheusProto", "OpenMetricsText0.0.1", "OpenMetricsText1.0.0", "PrometheusText0.0.4", "PrometheusText1.0.0"
)
_FLAGS = (
    "honor_labels",
    "honor_timestamps",
    "track_timestamps_staleness",
    "scrape_native_histograms",
    "always_scrape_classic_histograms",
    "convert_classic_histograms_to_nhcb",
    "enable_compression",
    "extra_scrape_metrics",
)
_LIMITS = (
    "sample_limit",
    "target_limit",
    "label_limit",
    "label_name_length_limit",
    "label_value_length_limit",
    "native_histogram_bucket_limit",
    "keep_dropped_targets",
)
# A host or an address, IPv6 in brackets, and a port.
_TARGET = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^\s/:@\[\]]+)(:(\d{1,5}))?")


def _job(value: dict[str, Any], where: str) -> Iterator[str]:
    if value.get("metric_name_escaping_scheme") == "allow-utf-8" and value.get("metric_name_validation_scheme") == "legacy":
        yield f"{where}.metric_name_escaping_scheme is allow-utf-8; must be another with the validation scheme legacy."
    # Relabelling may make an address of anything, as for probes.
    for place, group in enumerate(value.get("static_configs", ()) if not value.get("relabel_configs") else ()):
        for number, target in enumerate(group["targets"]):
            found = _TARGET.fullmatch(target)
            if not found or int(found[3] or 1) not in range(1, 65536):
                shown = "a URL" if "://" in target else target or "empty"
                path = f"{where}.static_configs[{place}].targets[{number}]"
                yield f"{path} is {shown}; must be host:port, without scheme and path."


JOB_SCHEMA = http_client(
    {
        "job_name": text(empty=False),
        **dict.fromkeys(_FLAGS, BOOLEAN),
        **dict.fromkeys(_LIMITS, integer(0)),
        **dict.fromkeys(("scrape_interval", "scrape_timeout"), duration(zero=False)),
        "params": MapOf(ListOf(TEXT)),
        "scrape_protocols": ListOf(_PROTOCOL, 1, unique=True),
        "fallback_scrape_protocol": _PROTOCOL,
        "scrape_failure_log_file": TEXT,
        "metrics_path": text("/.*", "a path that begins with /"),
        "scheme": choice("http", "https"),
        "body_size_limit": SIZE,
        "native_histogram_min_bucket_factor": _schema_values.number(0),
        "metric_name_validation_scheme": choice("utf8", "legacy"),
        "metric_name_escaping_scheme": choice("allow-utf-8", "underscores", "dots", "values"),
        "relabel_configs": ListOf(RELABEL),
        "metric_relabel_configs": ListOf(RELABEL),
        "static_configs": ListOf(STATIC),
        **{f"{name}_sd_configs": ListOf(schema) for name, schema in DISCOVERIES.items() if name != "static"},
    },
    required=("job_name",),
    relations=_job,
)
_SCHEMA: Schema = ListOf(JOB_SCHEMA, unique="job_name")


def problems(
    configs: Any, interval: str = "", jobs: Iterable[str] = (), variable: str = "prometheus_scrape_configs"
) -> list[str]:
    """What is wrong, in full sentences; `interval` is that of jobs without one, and `jobs` are the names that are taken."""
    found = [*_SCHEMA.judge(configs, variable)]
    if not isinstance(configs, list | tuple):
        return found
    taken = [*jobs]
    for number, config in enumerate(configs):
        if isinstance(config, dict):
            where = f"{variable}[{number}]"
            if config.get("job_name") in taken:
                found.append(f"{where}.job_name is {config['job_name']}, which is a job of this collection; must be another.")
            found += [*_rare(config, where), *_timeout(config, where, interval)]
    return found


def _rare(config: dict[str, Any], where: str) -> Iterator[str]:
    every = config.get("scrape_interval", "")
    if (length := _duration.seconds(every)) and not 1 <= length <= _duration.LOOKBACK:
        yield f"{where}.scrape_interval is {every}; must be from 1s to 5m: a sample counts for 5m."


def _timeout(config: dict[str, Any], where: str, interval: str) -> Iterator[str]:
    every, limit = config.get("scrape_interval", interval), config.get("scrape_timeout", "")
    if 0 < (_duration.seconds(every) or 0) < (_duration.seconds(limit) or 0):
        name = "scrape_interval" if "scrape_interval" in config else "prometheus_scrape_interval"
        yield f"{where}.scrape_timeout is {limit}; must not be longer than {name}, {every}."

"""One dashboard in each file; the file's name is the dashboard's subject."""

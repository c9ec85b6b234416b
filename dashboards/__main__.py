"""Write every dashboard anew."""

from __future__ import annotations

from dashboards import write

if __name__ == "__main__":
    write.write_all()

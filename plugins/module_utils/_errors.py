# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one exception of the collection: what modules turn into fail_json."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._url_logins import redacted, redacted_values


class MetricsError(Exception):
    """What failed, on which object or endpoint, what was seen, and what to do; `details` is returned beside it.

    Neither ever shows the login of a URL.
    """

    def __init__(self, message: str, **details: Any) -> None:
        self.message = redacted(message)
        self.details = redacted_values(details)
        super().__init__(self.message)


def missing_library(name: str, error: ImportError) -> MetricsError:
    """The error for a Python library that this interpreter lacks."""
    import sys

    return MetricsError(
        f"The Python library {name} is missing for {sys.executable} ({error}). Install it there, or point "
        "ansible_python_interpreter to the interpreter that has it: '{{ ansible_playbook_python }}'."
    )


def one_by_one(findings: Iterable[str], limit: int = 20) -> str:
    """Findings as the lines of one message."""
    every = list(findings)
    more = [f"and {len(every) - limit} more"] if len(every) > limit else []
    return "\n".join(f"- {finding}" for finding in [*every[:limit], *more])

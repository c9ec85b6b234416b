# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run over a set did, as the module returns it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._apply import Outcome
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key, diff_entry


@dataclass
class Changes:
    """What a run did, or in check mode would do."""

    outcomes: list[Outcome] = field(default_factory=list)
    adopted: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    leftovers: list[Key] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(outcome.changed for outcome in self.outcomes)

    def result(self) -> dict[str, Any]:
        """The return values of the module that tell what happened to which object."""
        return {
            "created": [str(outcome.key) for outcome in self.outcomes if outcome.created],
            "changed_objects": [str(o.key) for o in self.outcomes if o.changed and not o.created],
            "recreated": [str(outcome.key) for outcome in self.outcomes if outcome.recreated],
            "adopted": self.adopted,
            "taken_back": [
                {"object": str(outcome.key), "manager": manager, "fields": fields}
                for outcome in self.outcomes
                for manager, fields in outcome.lost.items()
            ],
        }

    def taken_over(self) -> list[str]:
        """A sentence on the objects that stood there before without being in a set of ours, so that nobody misses it."""
        entries = [entry for entry in self.adopted if "set" not in entry]
        names = sorted({name for entry in entries for name in entry["managers"]})
        writers = f" that {', '.join(names)} wrote" if names else ""
        return [f"Adopted {len(entries)} of {len(self.outcomes)} objects{writers}; see adopted."] if entries else []

    def diff(self) -> list[dict[str, str]]:
        return [diff_entry(o.key, o.before, o.after) for o in self.outcomes if o.changed]

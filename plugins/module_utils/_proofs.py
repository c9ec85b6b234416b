# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of each proof, from what its tasks registered, and the report about all of them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from enum import Enum
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _url_logins
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

SHOWN_LINES = 3
LONGEST_LINE = 400
_KEYS = "secret|access|account|api|private|routing|service|signing|encryption|shared|storage|consumer|integration"
# What no report shows: passwords in URLs, credentials in headers, and values of options that are named like secrets.
SECRETS = (
    (re.compile(r"\b(Authorization[\"']?\s*[:=]\s*)[\w-]+\s+\S+", re.IGNORECASE), r"\1***"),
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE), r"\1 ***"),
    (
        re.compile(
            rf"""(["']?\b[\w-]*(?:passw(?:or)?d|secret|credentials?|(?:{_KEYS})[_-]?key|signature|token)["']?\s*[=:]\s*)"""
            r"""("[^"]*"|'[^']*'|[^\s,;&"']+)""",
            re.IGNORECASE,
        ),
        r"\1***",
    ),
)


class State(Enum):
    PASSED = "passed"
    FAILED = "FAILED"
    NOT_DUE = "not due"
    NOT_RUN = "did not run"


@dataclass(frozen=True)
class Proof:
    """A proof as the role declares it.

    `steps` are what its tasks registered, by their names and in their order; those in `optional` may be skipped.
    `switches` are the variables that turn it off, with their values; `writes` says that check mode skips it.
    `timed` are steps with the `seconds` they took, shown when nothing else was seen; `evidence` is how much was seen that
    proves it, `due` the Unix time from which it can be, 0 when it is now.
    """

    number: int
    name: str
    look: str
    steps: Mapping[str, Mapping[str, Any]]
    seen: str = ""
    timed: Sequence[Mapping[str, Any]] = ()
    evidence: int = 0
    optional: Sequence[str] = ()
    switches: Mapping[str, bool] = field(default_factory=dict)
    writes: bool = False
    due: float = 0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Proof:
        """Raises MetricsError for a key that no proof has, and for one that is missing."""
        known = {entry.name: entry.default is MISSING and entry.default_factory is MISSING for entry in fields(cls)}
        wrong = [f"{name}, which no proof has" for name in data if name not in known]
        wrong += [f"no {name}" for name, required in known.items() if required and name not in data]
        if wrong:
            raise MetricsError(f"Proof {data.get('number')} has {' and '.join(wrong)}.")
        return cls(**data)


@dataclass(frozen=True)
class Outcome:
    """What became of a proof: `text` is what was seen or the reason, `errors` what failed, `asked` whether that was asked for."""

    proof: Proof
    state: State
    text: str
    errors: Sequence[str] = ()
    asked: bool = False

    @property
    def fails(self) -> bool:
        return self.state is not State.PASSED and not self.asked


def judge(proof: Proof, *, check_mode: bool = False, not_due_allowed: bool = False, now: float, earlier: str = "") -> Outcome:
    """The outcome of one proof. `earlier` names a proof before it that failed; `now` is a Unix time."""
    errors = [error for result in proof.steps.values() for error in errors_of(result)]
    if errors:
        return Outcome(proof, State.FAILED, "see below", errors)
    if off := [name for name, on in proof.switches.items() if not on]:
        return Outcome(proof, State.NOT_RUN, f"turned off by {', '.join(off)}", asked=True)
    if missing := [name for name, result in proof.steps.items() if name not in proof.optional and not ran(result)]:
        if check_mode and proof.writes:
            return Outcome(proof, State.NOT_RUN, "check mode: it would change the cluster", asked=True)
        reason = (
            f"an earlier failure: {earlier}" if earlier else "its tasks were left out, by --tags or --start-at-task for instance"
        )
        return Outcome(proof, State.NOT_RUN, reason, [f"It did not run ({', '.join(missing)}): {reason}."])
    if proof.due:
        when = clock(proof.due, now)
        said = f"It is not due before {when}. Take the proofs again then, or set verify_not_due_allowed to accept it until then."
        return Outcome(proof, State.NOT_DUE, f"before {when}; so far {proof.seen}", [said], asked=not_due_allowed)
    if proof.evidence <= 0:
        return Outcome(proof, State.FAILED, "see below", [f"Nothing was seen that proves it ({proof.seen})."])
    return Outcome(proof, State.PASSED, proof.seen or ", ".join(f"{one['step']} {one['seconds']:.0f} s" for one in proof.timed))


def ran(result: Mapping[str, Any]) -> bool:
    """Whether a task ran, by what it registered."""
    return bool(result) and not result.get("skipped")


def errors_of(result: Mapping[str, Any]) -> Iterator[str]:
    """Why a task failed: a module that failed has a `msg`, one that did not has none. A loop has those of its items."""
    if "results" in result:
        for entry in result["results"]:
            what = entry["item"].get("what") if isinstance(entry.get("item"), Mapping) else None
            yield from (f"{what}: {error}" if what else error for error in errors_of(entry))
    elif result.get("msg") and not result.get("skipped"):
        yield str(result["msg"])
    elif any(result.get(sign) for sign in ("failed", "unreachable", "exception", "failed_when_suppressed_exception")):
        yield "It failed without a message."


def report(proofs: Iterable[Mapping[str, Any]], *, check_mode: bool, not_due_allowed: bool, now: float) -> dict[str, Any]:
    """The table and the failures, as lines; a `summary` in one; `details`, the failures in full; whether the lines are `cut`."""
    outcomes: list[Outcome] = []
    for proof in map(Proof.of, proofs):
        failed = [f"proof {one.proof.number} ({one.proof.name})" for one in outcomes if one.state is State.FAILED]
        outcomes.append(judge(proof, check_mode=check_mode, not_due_allowed=not_due_allowed, now=now, earlier=", ".join(failed)))
    failing = [one for one in outcomes if one.fails]
    return {
        "table": [
            masked(f"{one.proof.number:<2}  {one.proof.name:<18}  {one.state.value:<11}  {one.text}").rstrip() for one in outcomes
        ],
        "failures": [masked(line) for one in failing for line in _titled(one, _shown(one))],
        # Ansible shows the message of a task that fails twice.
        "summary": f"{len(failing)} of {len(outcomes)} proofs fail: "
        + ", ".join(f"{one.proof.number} ({one.proof.name})" for one in failing)
        + ".",
        "details": masked("\n".join(line for one in failing for line in _titled(one, _lines(one)))),
        "cut": any(_lines(one) != _shown(one) for one in failing),
    }


def _lines(outcome: Outcome) -> list[str]:
    return [line for error in outcome.errors for line in error.strip().splitlines() if line.strip()]


def _shown(outcome: Outcome) -> list[str]:
    """At most SHOWN_LINES of them; the last one counts the others."""
    lines = [line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 3] + "..." for line in _lines(outcome)]
    if len(lines) <= SHOWN_LINES:
        return lines
    return [*lines[: SHOWN_LINES - 1], f"and {len(lines) - SHOWN_LINES + 1} more lines."]


def _titled(outcome: Outcome, lines: list[str]) -> list[str]:
    """The lines, the first one under the proof's name, the last one with where to look."""
    *before, last = lines
    end = "" if last.endswith((".", "...")) else "."
    first, *others = [*before, f"{last}{end} Look at: {outcome.proof.look}."]
    return [f"{outcome.proof.number}. {outcome.proof.name}: {first}", *(f"   {line}" for line in others)]


def masked(text: str) -> str:
    """The text without what looks like a secret."""
    text = _url_logins.hidden(text)
    for pattern, shown in SECRETS:
        text = pattern.sub(shown, text)
    return text


def clock(at: float, now: float) -> str:
    """A Unix time as the reader's clock shows it, with the date when it is not today."""
    there, here = time.localtime(at), time.localtime(now)
    return time.strftime("%H:%M" if there[:3] == here[:3] else "%Y-%m-%d %H:%M", there)

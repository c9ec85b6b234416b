# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regular expressions as RE2 and Go read them, judged by Python's: what only one of the two has is refused or rewritten first.

https://pkg.go.dev/regexp/syntax
"""

from __future__ import annotations

import re
import warnings

_REPEAT = r"[*+?]|\{\d+(?:,\d*)?\}"
_CLASS = r"\[\^?+\]?+(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]"
_ESCAPE = r"\\[pP]\{.*?\}|\\x\{.*?\}|\\[0-7]{2,3}|\\."
_TOKEN = re.compile(
    rf"\\Q.*?(?:\\E|\Z)|{_ESCAPE}|\\|{_CLASS}|\(\?(?:<[=!]|[^:)<]*[:)<]?)|{_REPEAT}|.",
    re.DOTALL,
)
_IN_CLASS = re.compile(rf"\[:\^?(\w+):\]|{_ESCAPE}|.", re.DOTALL)
_POSIX = re.compile("alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit")
_GROUP = re.compile(r"\(\?(?:[imsU]*(?:-[imsU]+)?[:)]|P?<)")
_MISSING = {
    "(?=": "lookaheads",
    "(?!": "lookaheads",
    "(?<=": "lookbehinds",
    "(?<!": "lookbehinds",
    "(?>": "atomic groups",
    "(?P=": "backreferences",
    "(?(": "conditions",
    "(?#": "comments",
}
# What a backslash makes of a letter; of other signs it takes the meaning away.
_LETTERS = "aftnrvdDsSwWbBAzC"
_SETS = (r"\d", r"\D", r"\s", r"\S", r"\w", r"\W")
_LONGEST_REPEAT = 1000


def problem(expression: str) -> str:
    """Why RE2 would refuse it, such as "RE2 has no backreferences"; empty when it is right."""
    try:
        with warnings.catch_warnings():
            # Python announces changes to come of what is right today.
            warnings.simplefilter("ignore")
            re.compile(_translated(expression))
    except _NotInRE2 as error:
        return str(error)
    except (re.error, OverflowError, RecursionError) as error:
        return str(getattr(error, "msg", error))
    return ""


def groups(expression: str) -> int:
    """How many groups an expression that is right captures."""
    return re.compile(_translated(expression)).groups


def unknown_references(expression: str, replacement: str) -> list[str]:
    """What a replacement refers to and an expression that is right does not capture; Go puts in nothing there.

    It reads a name as far as it goes: `$1_total` is the group `1_total`, and `${1}_total` the first one.
    """
    pattern = re.compile(_translated(expression))
    known = {*map(str, range(pattern.groups + 1)), *pattern.groupindex}
    found = re.finditer(r"\$(?:(\$)|(\w+)|\{(\w+)\})", replacement, re.ASCII)
    return [reference[0] for reference in found if not reference[1] and (reference[2] or reference[3]) not in known]


class _NotInRE2(Exception):
    pass


def _translated(expression: str) -> str:
    made: list[str] = []
    repeated = lazy = False
    # How often what is repeated by number is there, per open group; and the same for the last token or group.
    times, last = [1], 1
    for token in _TOKEN.findall(expression):
        repeats = re.fullmatch(_REPEAT, token) is not None
        # A question mark after a repetition makes it lazy, once.
        if repeats and repeated and (token != "?" or lazy):
            raise _NotInRE2(f"{made[-1]}{token} repeats a repetition")
        if token.startswith("{") and repeats:
            last *= max(1, *map(int, re.findall(r"\d+", token)))
            if last > _LONGEST_REPEAT:
                raise _NotInRE2(f"{token} repeats more than {_LONGEST_REPEAT} times, with those in it")
        elif token == ")" and len(times) > 1:
            last = times.pop()
        elif not repeats:
            last = 1
        times[-1] = max(times[-1], last)
        if token.startswith("(") and not token.endswith(")"):
            times.append(1)
        made.append(token if repeats else _one(token))
        repeated, lazy = repeats, repeats and repeated
    return "".join(made)


def _one(token: str) -> str:
    if token.startswith(r"\Q"):
        return re.escape(token[2:].removesuffix(r"\E"))
    if token.startswith("(?"):
        return _group(token)
    if token.startswith("[") and len(token) > 1:
        head = re.match(r"\[\^?\]?", token)
        if not head:
            raise AssertionError(token)
        inner = ""
        for found in _IN_CLASS.finditer(token[head.end() : -1]):
            # After a set of characters a hyphen means itself, which Python wants said.
            one = _in_class(found[1], found[0])
            inner += r"\-" if one == "-" and inner[-2:] in _SETS else one
        return head[0].replace("]", r"\]") + inner + "]"
    if token.startswith("\\"):
        return _escape(token)
    if token == "[":
        raise _NotInRE2("a set of characters has no end")
    # Go repeats anchors, and knows no {,3}.
    return f"(?:{token})" if token in ("^", "$") else r"\{" if token == "{" else token


def _group(token: str) -> str:
    if not _GROUP.fullmatch(token):
        name = next((name for start, name in _MISSING.items() if token.startswith(start)), f"group {token}")
        raise _NotInRE2(f"RE2 has no {name}")
    # Flags change no structure, and Python takes them only at the beginning.
    return "(?P<" if token.endswith("<") else "" if token.endswith(")") else "(?:"


def _escape(token: str) -> str:
    name = token[1:2]
    if token[:3] in (r"\p{", r"\P{", r"\x{"):
        if not re.fullmatch(r"\\[pP]\{\^?\w+\}|\\x\{0*(10|[0-9a-fA-F])?[0-9a-fA-F]{1,4}\}", token):
            raise _NotInRE2(f"RE2 has no escape {token}")
        return "."
    if re.fullmatch(r"\\[0-7]{2,3}", token):
        return "."
    if not name:
        raise _NotInRE2("a backslash stands at its end")
    if name in "123456789":
        raise _NotInRE2("RE2 has no backreferences")
    if name in "pP":
        return "."
    if (name.isalnum() and name not in _LETTERS + "0x") or not name.isascii():
        raise _NotInRE2(f"RE2 has no escape {token}")
    return {"z": r"(?:\Z)", "C": ".", "b": r"(?:\b)", "B": r"(?:\B)", "x": r"\x"}.get(name, token)


def _in_class(posix: str | None, token: str) -> str:
    if posix is not None:
        if not _POSIX.fullmatch(posix):
            raise _NotInRE2(f"RE2 has no class [:{posix}:]")
        return r"\w"
    if not token.startswith("\\"):
        return re.escape(token) if token in "[&~|" else token
    if re.fullmatch(r"\\[0-7]{2,3}", token):
        return token
    if token[1] in "bBAzC":
        raise _NotInRE2(f"RE2 has no escape {token} in a class")
    made = _escape(token)
    return r"\w" if token[1] in "pP" else "x" if made == "." else made

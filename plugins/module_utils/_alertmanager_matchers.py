# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Alertmanager reads as matchers."""

from __future__ import annotations

import re

from ansible_collections.longterm.metrics.plugins.module_utils import _re2

_WORD = r"""[^\s{}!=~,\\"'`]+"""
_MATCHER = re.compile(rf"""\s*({_WORD}|"(?:[^"\\]|\\.)+")\s*(=~|!~|!=|=)\s*({_WORD}|"(?:[^"\\]|\\.)*")\s*""")
_LIST = re.compile(rf"""\s*\{{?{_MATCHER.pattern}(,{_MATCHER.pattern})*,?\s*\}}?\s*""")


def are_matchers(text: str) -> bool:
    """One matcher or several with commas, in braces or without."""
    inner = text.strip()
    if inner.startswith("{") != inner.endswith("}") or not _LIST.fullmatch(inner):
        return False
    return all(is_matcher(found[0]) for found in _MATCHER.finditer(inner))


def is_matcher(text: str) -> bool:
    """A label, an operator and a value, each quoted or without anything that needs it; of expressions, right ones."""
    found = _MATCHER.fullmatch(text)
    if not found or found[2] not in ("=~", "!~"):
        return bool(found)
    quoted = re.fullmatch('"(.*)"', found[3], re.DOTALL)
    return not _re2.problem(re.sub(r'\\([\\"])', r"\1", quoted[1]) if quoted else found[3])

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""YAML that means the same to every reader, and readers that take a plain scalar for what the real reader takes it.

PyYAML follows YAML 1.1 in its own way: to it `on` is true, `1:30` is 90 and `1e3` is text. Prometheus, Helm and kubectl read by
go-yaml, others by YAML 1.2. So text that any of them takes for something else is quoted, and who reads says for whom.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, missing_library

_TAG = "tag:yaml.org,2002:"

# What some reader takes for a number, a time, a date, a Boolean, null or a special key.
_AMBIGUOUS = re.compile(
    r"[-+._]*[0-9][0-9_.:]*(?:e[-+0-9_]*)?|[-+_]*0_*[xob][-+0-9a-f_]*|[0-9]{4}-.*|[-+]?[.]?(?:inf|nan)"
    r"|y|n|yes|no|on|off|true|false|null|[~=]|<<",
    re.IGNORECASE | re.DOTALL,
)
# What one version of YAML takes for the end of a line or a mark at the start of a file, and what must not stand in YAML as it is.
_ESCAPED = re.compile("[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
# A character beyond U+FFFF as Python escapes it in JSON. Backslashes in pairs before it are text.
_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")


class Schema(NamedTuple):
    """What plain scalars are to a reader: text, unless one of these patterns takes the whole of it."""

    null: str
    boolean: str = ""
    integer: str = ""
    float: str = ""
    to_integer: Callable[[str], int] = int
    unique_keys: bool = False


def _core_integer(text: str) -> int:
    """Zeros in front mean nothing."""
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text, 10)


def _go_integer(text: str) -> int:
    """As Go reads a literal: a zero in front means octal."""
    digits = text.replace("_", "").lower()
    return int(digits, 8) if re.fullmatch("[-+]?0[0-7]+", digits) else int(digits, 0)


_FLOAT = r"[-+]?(?:[.][0-9]+|[0-9]{0}(?:[.]{0})?)(?:[eE][-+]?[0-9]+)?|[-+]?[.](?:inf|Inf|INF)|[.](?:nan|NaN|NAN)"
_NULL = "~|null|Null|NULL|"
_BOOLEAN = "true|True|TRUE|false|False|FALSE"

# YAML 1.2 with its core schema.
CORE = Schema(_NULL, _BOOLEAN, r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", _FLOAT.format("[0-9]*"), _core_integer)
# go-yaml 2, by which kubectl and Helm read manifests and values.
KUBERNETES = Schema(
    _NULL,
    rf"{_BOOLEAN}|y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF",
    r"[-+]?(0|[1-9][0-9_]*|0[oO]?[0-7_]*[0-7]|0[bB][01_]*[01]|0[xX][0-9a-fA-F_]*[0-9a-fA-F])",
    _FLOAT.format("[0-9_]*"),
    _go_integer,
)
# For a reader that knows the type of each field, as Prometheus does: where it wants text, 0123 is text. Keys are unique.
TEXT = Schema(_NULL, unique_keys=True)


def dump(value: Any, width: int = 1000) -> str:
    """One document; keys keep their order. MetricsError where a text is none: half a character cannot be written."""
    try:
        text: str = _library().dump(
            value, Dumper=_dumper(), allow_unicode=True, default_flow_style=False, sort_keys=False, width=width
        )
    except UnicodeEncodeError as error:
        raise MetricsError(
            f"A text holds {error.object[error.start]!r}, half of a character, which YAML cannot express."
        ) from error
    return text


def load(text: str, schema: Schema = CORE) -> Any:
    """The one document of a text; None when it is empty. MetricsError says what is wrong, and where, in one line."""
    documents = load_all(text, schema)
    if len(documents) > 1:
        raise MetricsError("there is more than one document.")
    return documents[0] if documents else None


def load_all(text: str, schema: Schema = CORE) -> list[Any]:
    """The documents of a stream, as `load` does."""
    yaml = _library()
    try:
        return list(yaml.load_all(text, Loader=_loader(schema)))
    except (yaml.YAMLError, RecursionError) as error:
        raise MetricsError(_said(error)) from None


def _said(error: Exception) -> str:
    """What a parser says, without the text that it quotes: that may hold a key."""
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    said = [getattr(error, part, None) for part in ("context", "problem")]
    return f"{', '.join(part for part in said if part) or 'it cannot be read'}{where}."


def of_json(text: str) -> str:
    """YAML with JSON in it, such as Ansible's filter to_json prints, made YAML to all readers.

    JSON writes a character beyond U+FFFF as two escapes, neither of which YAML knows.
    """

    def joined(match: re.Match[str]) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        return f"{match[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"

    return _SURROGATES.sub(joined, text) if r"\ud" in text else text


def _library() -> Any:
    try:
        import yaml
    except ImportError as error:
        raise missing_library("PyYAML", error) from error
    return yaml


@cache
def _dumper() -> Any:
    yaml = _library()

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        def ignore_aliases(self, data: Any) -> bool:
            return True

    def represent_text(dumper: Any, text: str) -> Any:
        style = '"' if _ESCAPED.search(text) else "'" if _AMBIGUOUS.fullmatch(text) else None
        return dumper.represent_scalar(f"{_TAG}str", text, style=style)

    Dumper.add_representer(str, represent_text)
    return Dumper


@cache
def _loader(schema: Schema) -> Any:
    yaml = _library()
    kinds = {"null": schema.null, "bool": schema.boolean, "int": schema.integer, "float": schema.float, "merge": "<<"}
    plain = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in kinds.items() if pattern))

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            if kind is not yaml.ScalarNode or not implicit[0]:
                return super().resolve(kind, value, (False, True))
            found = plain.fullmatch(value)
            return f"{_TAG}{found.lastgroup if found else 'str'}"

        def flatten_mapping(self, node: Any) -> None:
            # It is where merged keys come in, which may stand in the mapping, too.
            if schema.unique_keys and not hasattr(node, "checked"):
                node.checked = True
                keys = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode) and key.tag != f"{_TAG}merge"]
                if twice := next((key for place, key in enumerate(keys) if key in keys[:place]), None):
                    raise yaml.constructor.ConstructorError(None, None, f"the key {twice} is there twice", node.start_mark)
            super().flatten_mapping(node)

    constructors: dict[str, Callable[[str], Any]] = {
        "null": lambda text: None,
        "bool": lambda text: text.lower() in ("true", "y", "yes", "on"),
        "int": schema.to_integer,
        "float": lambda text: float(re.sub("_|[.](?=[a-zA-Z])", "", text)),
        # Those that are no number, Boolean or null to anybody we write for.
        "merge": str,
        "timestamp": str,
    }
    for name, made in constructors.items():
        Loader.add_constructor(f"{_TAG}{name}", lambda loader, node, made=made: made(loader.construct_scalar(node)))
    return Loader

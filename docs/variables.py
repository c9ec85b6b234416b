"""Write docs/variables.md: every variable of every role, from the roles' argument specs and defaults."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parent.parent
LONGEST_DEFAULT = 80


def document(roles: Path) -> str:
    """The page, with a table for every folder below `roles` that has an argument spec."""
    files = sorted(roles.glob("*/meta/argument_specs.yml"))
    return (
        "\n".join(["# Variables", "", "Written by `make docs`.", *(line for file in files for line in role(file.parent.parent))])
        + "\n"
    )


def role(folder: Path) -> Iterator[str]:
    spec = yaml.safe_load((folder / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]
    defaults_file = folder / "defaults" / "main.yml"
    defaults = (yaml.safe_load(defaults_file.read_text()) if defaults_file.exists() else None) or {}
    yield from ("", f"## {folder.name}", "", prose(spec.get("short_description", "")), "")
    if not spec.get("options"):
        yield "It takes no variables of its own."
        return
    yield from ("| Variable | Type | Default | Meaning |", "| --- | --- | --- | --- |")
    for name, option in sorted(spec["options"].items()):
        default = shown_default(defaults[name], folder.name) if name in defaults else ""
        yield from rows(name, option, default)


def rows(name: str, option: dict[str, Any], default: str) -> Iterator[str]:
    """The row of an option, and those of its suboptions."""
    kind = option.get("type", "str")
    elements = f" of {option['elements']}" if "elements" in option else ""
    meaning = prose(option.get("description", ""))
    if "choices" in option:
        meaning += f" One of {', '.join(f'`{choice}`' for choice in option['choices'])}."
    yield f"| `{name}` | {kind}{elements} | {'required' if option.get('required') else default} | {meaning} |"
    for sub_name, suboption in sorted((option.get("options") or {}).items()):
        sub_default = code(suboption["default"]) if "default" in suboption else ""
        yield from rows(f"{name}{'[]' if elements else ''}.{sub_name}", suboption, sub_default)


def shown_default(value: Any, role_name: str) -> str:
    text = code(value)
    return text if len(text) <= LONGEST_DEFAULT else f"[in its defaults](../roles/{role_name}/defaults/main.yml)"


def code(value: Any) -> str:
    text = value if isinstance(value, str) and value else json.dumps(value)
    return f"`{' '.join(text.split())}`".replace("|", r"\|")


def prose(text: str | list[str]) -> str:
    """A description on one line, its markup (`O(name)`, `V(value)` and the like) as Markdown."""
    line = " ".join(" ".join([text] if isinstance(text, str) else text).split())
    return re.sub(r"\b[CEOV]\(([^)]*)\)", r"`\1`", line).replace("|", r"\|")


if __name__ == "__main__":
    (CHECKOUT / "docs" / "variables.md").write_text(document(CHECKOUT / "roles"))

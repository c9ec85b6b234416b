"""The JSON of the dashboards, as it stands in the role."""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards import subjects
from dashboards.panels import Board

FILES = Path(__file__).resolve().parent.parent / "roles" / "dashboards" / "files"


def boards() -> dict[str, Board]:
    """Every dashboard by its subject."""
    names = sorted(module.name for module in pkgutil.iter_modules(subjects.__path__))
    return {name: importlib.import_module(f"{subjects.__name__}.{name}").BOARD for name in names}


def texts() -> dict[str, str]:
    """File name -> content; the same dashboard always gives the same text."""
    return {
        f"{name}.json": json.dumps(board.build(name), cls=JSONEncoder, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        for name, board in boards().items()
    }


def write_all(folder: Path = FILES) -> None:
    """Make the folder hold exactly these dashboards."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = texts()
    for stale in set(folder.glob("*.json")) - {folder / name for name in wanted}:
        stale.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")

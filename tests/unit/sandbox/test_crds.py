from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from sandbox import crds
from sandbox.errors import SandboxError
from sandbox.programs import load_table

ROW = {"module": "example.com/things", "version": "v1.2.3", "sum": "h1:good", "folder": "config/crd"}
TABLE = {"go": "1", "crds": {"things": ROW}}


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What `go mod download` answers, with one definition in the module."""
    source = tmp_path / "module" / ROW["folder"]
    source.mkdir(parents=True)
    (source / "things.yaml").write_text("kind: CustomResourceDefinition\n")
    answer = {"Dir": str(tmp_path / "module"), "Sum": "h1:good"}
    monkeypatch.setenv("LONGTERM_METRICS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(crds, "go_environment", lambda version: {})
    run = lambda *command, **options: SimpleNamespace(stdout=json.dumps(answer), stderr="", returncode=0)  # noqa: E731
    monkeypatch.setattr(subprocess, "run", run)
    return answer


@pytest.mark.parametrize("name", load_table()["crds"])
def test_every_folder_of_definitions_is_pinned_by_version_and_checksum(name: str) -> None:
    row = load_table()["crds"][name]

    assert row["version"].startswith("v")
    assert row["sum"].startswith("h1:")


def test_definitions_are_brought_once(said: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    place = crds.folder("things", TABLE)

    assert [file.name for file in place.iterdir()] == ["things.yaml"]
    monkeypatch.setattr(crds, "_bring", lambda *arguments: pytest.fail("brought again"))
    assert crds.folder("things", TABLE) == place


@pytest.mark.parametrize(
    ("answer", "words"),
    [({"Sum": "h1:other"}, "has the checksum h1:other, not h1:good"), ({"Error": "no such version"}, "no such version")],
)
def test_what_is_not_as_pinned_is_not_taken(said: dict[str, str], answer: dict[str, str], words: str) -> None:
    said.update(answer)

    with pytest.raises(SandboxError, match=words):
        crds.folder("things", TABLE)

    assert not list((crds.cache_dir() / "crds").glob("*"))

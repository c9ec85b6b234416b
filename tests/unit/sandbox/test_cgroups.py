from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import cgroups, machine
from sandbox.errors import SandboxError


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the hierarchies are; none is there yet."""
    monkeypatch.setattr(cgroups, "ROOT", tmp_path)
    monkeypatch.setattr(machine, "STATE_SPACE", 0)
    # What would be installed, if it came to that.
    monkeypatch.setattr(machine, "PACKAGES", {})
    return tmp_path


def test_control_groups_that_cannot_be_made_are_one_sentence_before_anything_is_built(root: Path) -> None:
    # Where no folder can be made, whoever asks.
    (root / "memory").symlink_to("/proc/sys")

    with pytest.raises(SandboxError, match=r"cannot make control groups here \(.*/memory/.*\); .* privileged"):
        machine.prepare(root / "state")


def test_a_machine_without_control_groups_is_told_so(root: Path) -> None:
    with pytest.raises(SandboxError, match=f"there are none in {root}"):
        machine.prepare(root / "state")


def test_looking_leaves_no_control_group_behind(root: Path) -> None:
    (root / "memory").mkdir()

    cgroups.check()

    assert not list((root / "memory").iterdir())

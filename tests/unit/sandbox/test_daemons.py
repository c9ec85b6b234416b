from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import yaml

from sandbox import daemons, init, pki, programs


@pytest.fixture
def state(tmp_path) -> Path:
    """The folder of a node that was written and never started."""
    pki.create(tmp_path / "pki", "lm-test", "10.213.0.2", "10.96.0.1")
    daemons.write(tmp_path, "lm-test", "10.213.0.2", programs.load_table())
    return tmp_path


def test_no_daemon_makes_folders_outside_those_of_the_node(state: Path) -> None:
    commands = json.loads((state / "daemons.json").read_text())
    containerd = tomllib.loads((state / "config" / "containerd.toml").read_text())
    kubelet = yaml.safe_load((state / "config" / "kubelet.yaml").read_text())
    option = "--flex-volume-plugin-dir="
    controllers = [word.removeprefix(option) for word in commands["kube-controller-manager"] if word.startswith(option)]

    made = [containerd["root"], containerd["plugins"]["io.containerd.internal.v1.opt"]["path"], kubelet["volumePluginDir"]]
    assert controllers == [kubelet["volumePluginDir"]]
    assert all(folder.startswith("/var/lib/") for folder in made)


def test_the_kubelet_finds_its_sysctls_in_files_of_the_node(tmp_path, monkeypatch) -> None:
    kernel, files = tmp_path / "sys", tmp_path / "sysctl"
    (kernel / "kernel").mkdir(parents=True)
    (kernel / "kernel" / "panic").write_text("0\n")
    mounts: list[tuple[str, ...]] = []
    monkeypatch.setattr(init, "run", lambda *command: mounts.append(command))

    init.shadow_sysctls(files, kernel)

    assert mounts == [("mount", "--bind", f"{files}/kernel/panic", f"{kernel}/kernel/panic")]
    assert (files / "kernel" / "panic").read_text() == "10\n"
    assert (kernel / "kernel" / "panic").read_text() == "0\n"

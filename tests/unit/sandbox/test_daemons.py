from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
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


def test_daemons_that_end_at_once_are_all_started_again(tmp_path) -> None:
    """In a process of its own, as process 1 reaps whatever ends."""
    serve = (
        "import json, pathlib, sys; from sandbox import init; folder = pathlib.Path(sys.argv[1]); "
        "init.Daemons({name: ['sleep', '60'] for name in 'abc'}, folder, folder).serve()"
    )

    def running() -> dict[str, int]:
        return {file.stem: int(file.read_text()) for file in tmp_path.glob("*.pid") if file.read_text()}

    def until(done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not done():
            assert time.monotonic() < deadline, running()
            time.sleep(0.02)

    root = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "-c", serve, str(tmp_path)], cwd=root, start_new_session=True)
    try:
        until(lambda: len(running()) == 3)
        first = running()
        for pid in first.values():
            os.kill(pid, signal.SIGKILL)
        until(lambda: not set(first.values()) & set(running().values()))
        assert all(Path(f"/proc/{pid}").exists() for pid in running().values())
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_the_firewall_alone_is_taken_of_kube_router(state: Path) -> None:
    commands = json.loads((state / "daemons.json").read_text())

    assert {"--run-firewall=true", "--run-router=false", "--run-service-proxy=false"} <= set(commands["kube-router"])
    assert f"--service-cluster-ip-range={daemons.SERVICE_CIDR}" in commands["kube-router"]
    assert (state / "config" / "kube-router.kubeconfig").exists()


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

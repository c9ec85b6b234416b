from __future__ import annotations

import datetime
import ipaddress
import os
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from sandbox import __main__, cgroups, machine, network, node, pki, programs
from sandbox.errors import SandboxError
from sandbox.node import Node


@pytest.mark.parametrize("name", ["", "Upper", "a/b", "../etc", "toolongname1", "1st"])
def test_a_name_that_is_no_name_of_an_interface_is_refused(name: str) -> None:
    with pytest.raises(SandboxError, match="is not called"):
        Node(name)


def test_two_sandboxes_share_nothing_on_the_machine() -> None:
    one, two = Node("one"), Node("two")

    assert one.id != two.id
    assert one.state != two.state


def test_sandboxes_that_start_at_once_have_networks_and_folders_of_their_own(tmp_path, monkeypatch) -> None:
    taken: list[str] = []
    monkeypatch.setattr(node, "STATES", tmp_path / "sandboxes")
    monkeypatch.setattr(network, "in_use", lambda: [ipaddress.IPv4Network(address, strict=False) for address in taken])
    monkeypatch.setattr(node, "start", lambda _node, host, _address: time.sleep(0.1) or taken.append(host))
    names = ["one", "two", "three"]
    together = threading.Barrier(len(names))

    def claim(name: str) -> None:
        together.wait()
        node._claim(Node(name))

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(claim, names))

    assert len(set(taken)) == len(names)
    assert all((Node(name).state / "lib").is_dir() for name in names)


def test_the_network_of_a_sandbox_that_does_not_run_is_kept_for_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(node, "STATES", tmp_path)
    monkeypatch.setattr(network, "in_use", lambda: [])
    monkeypatch.setattr(node, "start", lambda _node, _host, address: address)
    stopped = Node("stopped")
    stopped.state.mkdir()
    stopped.kubeconfig.write_text('{"clusters": [{"cluster": {"server": "https://10.213.0.2:6443"}}]}')

    assert node._claim(Node("one"))[0] == "10.213.0.6/30"


@pytest.fixture
def running(tmp_path, monkeypatch) -> Path:
    """The root folder of a node that runs with two daemons, `etcd` and `kubelet`, whose processes are 11 and 12."""
    monkeypatch.setattr(node, "STATES", tmp_path / "states")
    monkeypatch.setattr(node, "PROC", tmp_path)
    monkeypatch.setattr(Node, "pid", lambda _node: 7)
    Node("one").state.mkdir(parents=True)
    (Node("one").state / "daemons.json").write_text('{"etcd": [], "kubelet": []}')
    root = tmp_path / "7" / "root"
    (root / "run").mkdir(parents=True)
    for name, pid in (("etcd", 11), ("kubelet", 12)):
        (root / "run" / f"{name}.pid").write_text(str(pid))
        (root / "proc" / str(pid)).mkdir(parents=True)
        (root / "proc" / str(pid) / "stat").write_text(f"{pid} ({name}) S 1 {pid}")
    return root


def test_daemons_that_run_are_not_down(running) -> None:
    assert Node("one").daemons_down() == {}


def test_a_daemon_is_down_that_is_stopped_or_buried_or_never_started(running) -> None:
    (running / "proc/11/stat").write_text("11 (a name) S) T 1 11")
    (running / "run/kubelet.pid").write_text("13")
    assert Node("one").daemons_down() == {"etcd": "T", "kubelet": ""}

    (running / "proc/11/stat").write_text("11 (etcd) Z 1 11")
    (running / "run/kubelet.pid").unlink()
    assert Node("one").daemons_down() == {"etcd": "Z", "kubelet": ""}


@pytest.mark.parametrize(
    ("said", "age", "ready"), [("True", 5, True), ("True", 60, False), ("False", 5, False), ("Unknown", 5, False), ("", 5, False)]
)
def test_a_node_is_ready_by_its_own_and_recent_word(running, monkeypatch, said: str, age: int, ready: bool) -> None:
    heartbeat = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age)
    monkeypatch.setattr(node, "_kubectl", lambda: None)
    monkeypatch.setattr(Node, "kubectl", lambda *_, **__: f"{said} {heartbeat.isoformat()}")

    assert Node("one").ready() is ready
    assert Node("one").ready(since=time.time()) is False
    assert Node("one").ready(since=time.time() - 90) is (said == "True")

    (running / "proc/12/stat").write_text("12 (kubelet) T 1 12")
    assert Node("one").ready(since=time.time() - 90) is False


PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy")


@pytest.fixture
def behind_a_proxy(monkeypatch) -> None:
    for name in PROXIES:
        monkeypatch.setenv(name, "http://proxy.example:3128")
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.mark.usefixtures("behind_a_proxy")
def test_kubectl_asks_the_node_and_no_proxy(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LONGTERM_METRICS_CACHE", str(tmp_path))
    binary = programs.Program.from_table("kubernetes", programs.load_table()).bin / "kubectl"
    binary.parent.mkdir(parents=True)
    binary.write_text("#!/bin/sh\nenv\n")
    binary.chmod(0o755)

    environment = dict(line.split("=", 1) for line in Node("one").kubectl("version").splitlines())

    assert environment["LANG"] == "C.UTF-8"
    assert not environment.keys() & set(PROXIES)


@pytest.mark.usefixtures("behind_a_proxy")
def test_the_nodes_daemons_know_no_proxy(tmp_path, monkeypatch) -> None:
    environments: list[dict[str, str]] = []
    monkeypatch.setattr(node, "STATES", tmp_path)
    monkeypatch.setattr(cgroups, "ROOT", tmp_path / "cgroup")
    monkeypatch.setattr(node, "_child_of", lambda _process: 1)
    monkeypatch.setattr(network, "ip", lambda *_, **__: None)

    def popen(*_command: object, env: dict[str, str] | None = None, **_options: object) -> SimpleNamespace:
        environments.append(dict(os.environ) if env is None else env)
        return SimpleNamespace(pid=1)

    monkeypatch.setattr(node.subprocess, "Popen", popen)
    (Node("one").state / "log").mkdir(parents=True)

    node.start(Node("one"), "10.213.0.1/30", "10.213.0.2/30")

    (environment,) = environments
    assert environment["LANG"] == "C.UTF-8"
    assert not environment.keys() & set(PROXIES)


def test_the_api_servers_certificate_is_vouched_for_and_names_its_addresses(tmp_path) -> None:
    pki.create(tmp_path / "pki", "lm-test", "10.213.0.2", "10.96.0.1")

    authority = x509.load_pem_x509_certificate((tmp_path / "pki/ca.crt").read_bytes())
    served = x509.load_pem_x509_certificate((tmp_path / "pki/kube-apiserver.crt").read_bytes())
    names = served.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    served.verify_directly_issued_by(authority)
    assert {str(address) for address in names.get_values_for_type(x509.IPAddress)} == {"127.0.0.1", "10.213.0.2", "10.96.0.1"}
    assert isinstance(served.public_key(), ec.EllipticCurvePublicKey)


def test_private_keys_are_for_root_alone(tmp_path) -> None:
    pki.create(tmp_path / "pki", "lm-test", "10.213.0.2", "10.96.0.1")

    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "pki").glob("*.key")}
    assert modes == {0o600}


@pytest.mark.parametrize("command", [["up"], ["down"], ["restart", "etcd"], ["status"]])
def test_without_root_there_is_one_clear_sentence(command: list[str], monkeypatch, capsys) -> None:
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "argv", ["sandbox", *command])

    assert __main__.main() == 1
    assert capsys.readouterr().err.startswith("sandbox: The sandbox needs root")


def test_without_a_kubectl_the_status_is_one_sentence_that_says_what_builds_it(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("LONGTERM_METRICS_CACHE", str(tmp_path))
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    monkeypatch.setattr(Node, "pid", lambda _node: 1)
    monkeypatch.setattr(sys, "argv", ["sandbox", "status"])

    assert __main__.main() == 1
    assert re.fullmatch("sandbox: There is no kubectl at .*; `make sandbox-up` builds it.\n", capsys.readouterr().err)


def test_without_overlay_and_what_loads_it_there_is_one_clear_sentence(monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(SandboxError, match="install kmod"):
        machine._load_overlay()


def test_a_full_disk_is_said_before_anything_is_made(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(machine, "STATE_SPACE", 2**60)

    with pytest.raises(SandboxError, match="GiB are free; free some"):
        machine.prepare(tmp_path / "not-there-yet")

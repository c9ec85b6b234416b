from __future__ import annotations

import io
import ipaddress
import os
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from sandbox import __main__, cgroups, machine, node, pki, programs
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
    monkeypatch.setattr(node.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout="\n".join(taken)))
    monkeypatch.setattr(node, "_start", lambda _node, host, _address: time.sleep(0.1) or taken.append(host))
    names = ["one", "two", "three"]
    together = threading.Barrier(len(names))

    def claim(name: str) -> None:
        together.wait()
        node._claim(Node(name))

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(claim, names))

    assert len(set(taken)) == len(names)
    assert all((Node(name).state / "lib").is_dir() for name in names)


def test_a_node_that_was_interrupted_while_it_was_made_is_made_anew(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(node, "STATES", tmp_path / "sandboxes")
    monkeypatch.setattr(cgroups, "ROOT", tmp_path)
    # Once started it runs and is Ready, whatever became of the command that was making it.
    monkeypatch.setattr(Node, "pid", lambda cluster: 1 if cluster.state.exists() else None)
    monkeypatch.setattr(Node, "ready", lambda _node: True)
    monkeypatch.setattr(Node, "kubectl", lambda _node, *words, stdin="": "ok" if "--raw=/readyz" in words else "")
    imports = iter([KeyboardInterrupt, None])
    made = []

    def claim(cluster: Node) -> tuple[SimpleNamespace, ipaddress.IPv4Address]:
        cluster.state.mkdir(parents=True)
        made.append(cluster.name)
        return SimpleNamespace(stdin=io.BytesIO()), ipaddress.IPv4Address("10.213.0.2")

    def import_images(*_arguments: object) -> None:
        if interruption := next(imports):
            raise interruption

    monkeypatch.setattr(node, "_claim", claim)
    monkeypatch.setattr(node, "import_images", import_images)
    with pytest.raises(KeyboardInterrupt):
        node.up(Node("one"), programs.load_table())

    node.up(Node("one"), programs.load_table())
    assert len(made) == 2
    node.up(Node("one"), programs.load_table())
    assert len(made) == 2


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
    monkeypatch.setattr(node, "_ip", lambda *_, **__: None)

    def popen(*_command: object, env: dict[str, str] | None = None, **_options: object) -> SimpleNamespace:
        environments.append(dict(os.environ) if env is None else env)
        return SimpleNamespace(pid=1)

    monkeypatch.setattr(node.subprocess, "Popen", popen)
    (Node("one").state / "log").mkdir(parents=True)

    node._start(Node("one"), "10.213.0.1/30", "10.213.0.2/30")

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

from __future__ import annotations

import io
import ipaddress
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from sandbox import cgroups, lifecycle, network, node, programs
from sandbox.errors import SandboxError
from sandbox.node import Node

TABLE = programs.load_table()


def test_a_node_that_was_interrupted_while_it_was_made_is_made_again(tmp_path, monkeypatch) -> None:
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
    monkeypatch.setattr(node, "_policies_enforced", lambda _node: True)
    with pytest.raises(KeyboardInterrupt):
        lifecycle.up(Node("one"), TABLE)

    lifecycle.up(Node("one"), TABLE)
    assert len(made) == 2
    lifecycle.up(Node("one"), TABLE)
    assert len(made) == 2


@pytest.fixture
def cluster(tmp_path, monkeypatch) -> Node:
    """A complete cluster whose process 1 runs; to make or to remove one fails the test. Its clock moves when somebody waits."""
    monkeypatch.setattr(node, "STATES", tmp_path / "sandboxes")
    now = [0.0]
    clock = SimpleNamespace(monotonic=lambda: now[0], sleep=lambda seconds: now.append(now.pop() + seconds), time=lambda: now[0])
    monkeypatch.setattr(node, "time", clock)
    monkeypatch.setattr(node, "wait_for_the_rest", lambda _cluster: None)
    for name in ("make", "down"):
        monkeypatch.setattr(node, name, lambda *_: pytest.fail("the cluster was given up"))
    monkeypatch.setattr(Node, "pid", lambda _cluster: 7)
    monkeypatch.setattr(Node, "daemons_down", lambda _cluster: {})
    monkeypatch.setattr(Node, "restart", lambda _cluster, daemon: pytest.fail(f"{daemon} was restarted"))
    one = Node("one")
    one.state.mkdir(parents=True)
    one.complete.touch()
    one.kubeconfig.write_text('{"clusters": [{"cluster": {"server": "https://10.213.0.6:6443"}}]}')
    (one.state / "daemons.json").write_text('{"etcd": [], "kube-apiserver": [], "kubelet": []}')
    return one


def looks(*answers: bool) -> Callable[..., bool]:
    """Stands for `ready`: an answer for each look, the last one for all that follow."""
    left = list(answers)
    return lambda _cluster, since=None: left.pop(0) if len(left) > 1 else left[0]


def test_a_cluster_that_one_look_finds_not_ready_is_waited_for(cluster, monkeypatch, capsys) -> None:
    monkeypatch.setattr(Node, "ready", looks(False, False, True))

    lifecycle.up(cluster, TABLE)

    assert capsys.readouterr().err == "sandbox one is not Ready; repairing it\nsandbox one is repaired\n"


def test_a_cluster_that_is_ready_is_left_alone(cluster, monkeypatch, capsys) -> None:
    monkeypatch.setattr(Node, "ready", looks(True))

    lifecycle.up(cluster, TABLE)

    assert capsys.readouterr().err == ""


def test_a_stopped_daemon_is_restarted_and_one_that_ended_is_left_to_process_1(cluster, monkeypatch, capsys) -> None:
    down = {"etcd": "T", "kubelet": ""}
    monkeypatch.setattr(Node, "ready", lambda _cluster, since=None: not down)
    monkeypatch.setattr(Node, "daemons_down", lambda _cluster: dict(down))
    restarted: list[str] = []

    def restart(_cluster: Node, daemon: str) -> None:
        restarted.append(daemon)
        down.clear()

    monkeypatch.setattr(Node, "restart", restart)

    lifecycle.up(cluster, TABLE)

    assert restarted == ["etcd"]
    assert capsys.readouterr().err.splitlines()[1:] == [
        "sandbox one etcd is stopped; restarting it",
        "sandbox one kubelet has ended; restarting it",
        "sandbox one is repaired",
    ]


def test_when_patience_ends_every_daemon_is_restarted(cluster, monkeypatch, capsys) -> None:
    restarted: list[str] = []
    monkeypatch.setattr(Node, "restart", lambda _cluster, daemon: restarted.append(daemon))
    monkeypatch.setattr(Node, "ready", lambda _cluster, since=None: len(restarted) == 3)

    lifecycle.up(cluster, TABLE)

    assert restarted == ["etcd", "kube-apiserver", "kubelet"]
    assert "still not Ready after 60 s; restarting all of its daemons" in capsys.readouterr().err


def test_a_cluster_that_cannot_be_repaired_stays_and_the_error_says_how_to_remove_it(cluster, monkeypatch) -> None:
    monkeypatch.setattr(Node, "restart", lambda _cluster, _daemon: None)
    monkeypatch.setattr(Node, "ready", looks(False))

    with pytest.raises(
        SandboxError, match=r"the node was not ready after 120 s; .* Nothing was removed; .* make sandbox-down NAME=one"
    ):
        lifecycle.up(cluster, TABLE)

    assert cluster.complete.exists()


@pytest.fixture
def stopped(cluster, monkeypatch) -> tuple[Node, list[str]]:
    """The cluster without its process 1, and the addresses with which it is started again."""
    started: list[str] = []

    def start(_cluster: Node, *addresses: str) -> SimpleNamespace:
        started.extend(addresses)
        return SimpleNamespace(stdin=io.BytesIO())

    monkeypatch.setattr(Node, "pid", lambda _cluster: 7 if started else None)
    monkeypatch.setattr(Node, "ready", looks(True))
    monkeypatch.setattr(node, "clear", lambda _cluster: None)
    monkeypatch.setattr(node, "start", start)
    monkeypatch.setattr(network, "in_use", lambda: [])
    return cluster, started


def test_a_cluster_that_does_not_run_is_started_again_at_its_addresses(stopped, capsys) -> None:
    cluster, started = stopped

    lifecycle.up(cluster, TABLE)

    assert started == ["10.213.0.5/30", "10.213.0.6/30"]
    assert "does not run; starting it again with its data" in capsys.readouterr().err


def test_a_cluster_whose_network_was_taken_is_not_started_and_not_removed(stopped, monkeypatch) -> None:
    cluster, started = stopped
    monkeypatch.setattr(network, "in_use", lambda: [ipaddress.IPv4Network("10.213.0.0/24")])

    with pytest.raises(
        SandboxError, match=r"uses its network 10\.213\.0\.4/30 for something else\. Free it, or remove .* NAME=one"
    ):
        lifecycle.up(cluster, TABLE)

    assert not started
    assert cluster.complete.exists()

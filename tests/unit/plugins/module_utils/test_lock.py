# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run at a time on a set."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _lock
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._lock import LOCK, STALE_SECONDS, hold
from ansible_collections.longterm.metrics.plugins.module_utils._parent import Parent
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer, Request


@pytest.fixture
def parent(cluster: Cluster) -> Parent:
    parent = Parent("web", "metrics")
    parent.create(cluster)
    return parent


def locked_by(server: FakeServer) -> str:
    annotations: dict[str, str] = server.at("ConfigMap", "web")["metadata"].get("annotations", {})
    return annotations.get(LOCK, "")


def lock(server: FakeServer, holder: str) -> None:
    metadata = server.at("ConfigMap", "web")["metadata"]
    metadata["annotations"][LOCK] = holder
    metadata["resourceVersion"] += "0"


def test_a_lock_is_held_within_and_given_back_after(server: FakeServer, cluster: Cluster, parent: Parent) -> None:
    with hold(cluster, parent, 5):
        assert locked_by(server).endswith(" 0")
    assert locked_by(server) == ""


def test_a_lock_is_given_back_when_the_run_fails(server: FakeServer, cluster: Cluster, parent: Parent) -> None:
    with pytest.raises(ValueError, match="x"), hold(cluster, parent, 5):
        raise ValueError("x")
    assert locked_by(server) == ""


def test_the_second_run_waits_for_the_first(server: FakeServer, cluster: Cluster, parent: Parent) -> None:
    lock(server, "first 0")

    def work() -> None:
        lock(server, f"first {server.now}" if server.now < 1030 else "")

    server.tasks.append(work)
    with hold(cluster, parent, 60):
        assert server.now >= 1030


def test_the_second_run_gives_up_after_its_timeout_and_names_the_first(
    server: FakeServer, cluster: Cluster, parent: Parent
) -> None:
    lock(server, "host:1:a 0")
    server.tasks.append(lambda: lock(server, f"host:1:a {server.now}"))
    with pytest.raises(MetricsError) as caught, hold(cluster, parent, 20):
        pass
    assert "holds the set metrics/web of https://fake:6443 for over 20 s (host:1:a)" in caught.value.message
    assert 1020 <= server.now < 1022


def test_the_lock_of_a_killed_run_is_taken_over_once_it_stands_still(
    server: FakeServer, cluster: Cluster, parent: Parent
) -> None:
    lock(server, "killed 7")
    with hold(cluster, parent, 60):
        assert STALE_SECONDS < server.now - 1000 < STALE_SECONDS + 2


def silent(server: FakeServer, start: float, end: float) -> None:
    """The API server gives no answer between two times."""
    server.answers.append(lambda _request: Answer(503, "restarting") if start < server.now < end else None)


def test_a_holder_that_could_not_renew_while_the_api_server_was_silent_keeps_its_lock(
    server: FakeServer, cluster: Cluster, parent: Parent
) -> None:
    lock(server, "first 0")
    silent(server, 1002, 1030)

    def work() -> None:
        if server.now > 1030 + STALE_SECONDS:
            lock(server, f"first {server.now}" if server.now < 1060 else "")

    server.tasks.append(work)
    with hold(cluster, parent, 120):
        assert server.now >= 1060


def test_the_lock_of_a_run_killed_while_the_api_server_was_silent_is_taken_over_after_that(
    server: FakeServer, cluster: Cluster, parent: Parent
) -> None:
    lock(server, "killed 7")
    silent(server, 1002, 1030)
    with hold(cluster, parent, 120):
        # The first answer comes within the longest pause of a request that is repeated.
        assert 1030 + STALE_SECONDS < server.now < 1030 + 5 + STALE_SECONDS + 2


def test_of_two_runs_that_see_it_free_one_gets_it(server: FakeServer, cluster: Cluster, parent: Parent) -> None:
    def overtake(request: Request) -> Answer | None:
        if request.method == "PATCH":
            server.answers.clear()
            lock(server, "other 0")
            server.tasks.append(lambda: lock(server, ""))
        return None

    server.answers.append(overtake)
    with hold(cluster, parent, 60):
        assert server.now > 1000


def test_a_lock_whose_confirmation_was_lost_is_known_as_ones_own(server: FakeServer, cluster: Cluster, parent: Parent) -> None:
    def lose_the_answer(request: Request) -> Answer | None:
        if request.method != "PATCH":
            return None
        server.answers.clear()
        lock(server, request.body["metadata"]["annotations"][LOCK])
        return Answer(503, "the connection broke")

    server.answers.append(lose_the_answer)
    with hold(cluster, parent, 5):
        assert server.now < 1000 + STALE_SECONDS


def test_a_lock_that_another_run_has_taken_over_is_left_to_it(server: FakeServer, cluster: Cluster, parent: Parent) -> None:
    with hold(cluster, parent, 5):
        lock(server, "other 0")
    assert locked_by(server) == "other 0"


def test_a_held_lock_is_renewed(server: FakeServer, cluster: Cluster, parent: Parent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_lock, "RENEW_SECONDS", 0.001)
    renewed = threading.Event()
    server.answers.append(lambda request: renewed.set() if " 3" in str(request.body) else None)
    with hold(cluster, parent, 5):
        assert renewed.wait(5)


def test_a_run_whose_lock_was_taken_over_fails(
    server: FakeServer, cluster: Cluster, parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_lock, "RENEW_SECONDS", 0.001)
    looked = threading.Semaphore(0)

    def lose_it() -> None:
        with hold(cluster, parent, 5):
            lock(server, "other 0")
            server.answers.append(lambda request: looked.release() if request.method == "GET" else None)
            # The second look begins after the first was judged.
            assert looked.acquire(timeout=5)
            assert looked.acquire(timeout=5)

    with pytest.raises(MetricsError, match="Another run took over the set metrics/web"):
        lose_it()


def test_a_parent_that_is_gone_ends_its_lock(server: FakeServer, cluster: Cluster, parent: Parent) -> None:
    with hold(cluster, parent, 5):
        cluster.request("DELETE", parent.path)
    assert server.names("ConfigMap") == set()

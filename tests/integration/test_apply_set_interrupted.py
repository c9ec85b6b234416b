# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""apply_set when it is killed, when it is not alone, and when the API server goes away."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.integration.api import Api, eventually
from tests.integration.manifests import PART_OF, config_map, crd, thing

LOCK = "longterm.metrics/lock"
# So many that a run over them is under way for seconds.
NAMES = {f"settings-{number:03}" for number in range(300)}
MANY = [config_map(name, text="x" * 500) for name in sorted(NAMES)]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(run_module: Any, namespace: str) -> Any:
    """apply_set for the set `app` of the test's namespace."""
    return partial(run_module, "apply_set", namespace=namespace, **{"name": "app"})


@pytest.fixture
def start(start_module: Any, namespace: str) -> Any:
    """The same, without waiting for its end."""
    return partial(start_module, "apply_set", namespace=namespace, **{"name": "app"})


def there(api: Api, namespace: str) -> set[str]:
    return api.names("ConfigMap", namespace, label_selector=PART_OF)


def lock_of(api: Api, namespace: str) -> str | None:
    parent = api.find("ConfigMap", "app", namespace)
    return (parent or {"metadata": {}})["metadata"].get("annotations", {}).get(LOCK)


def members_of(api: Api, namespace: str) -> set[str]:
    return {text.split("/")[-1] for text in json.loads(api.get("ConfigMap", "app", namespace)["data"]["members"])}


def test_a_run_killed_half_way_is_finished_by_the_next(run: Any, start: Any, api: Api, namespace: str) -> None:
    assert not run(objects=[config_map("old", x="1")])["failed"]
    killed = start(objects=MANY)
    eventually(lambda: there(api, namespace) & NAMES, pause=0.01)
    killed.kill()
    made = there(api, namespace) & NAMES
    assert 0 < len(made) < len(NAMES)
    left_behind = lock_of(api, namespace)
    assert left_behind

    started = time.monotonic()
    result = run(objects=MANY, wait=True, wait_sleep=0.5)
    assert not result["failed"], result["msg"]
    assert time.monotonic() - started > 10, "the lock of a run that might be alive was not respected"
    # None anew, nor those that the API server was making when the run was killed.
    created = {text.split("/")[-1] for text in result["created"]}
    assert created
    assert created <= NAMES - made
    assert result["pruned"] == [f"ConfigMap {namespace}/old"]
    assert eventually(lambda: there(api, namespace) == NAMES)
    assert members_of(api, namespace) == NAMES
    assert lock_of(api, namespace) is None
    assert run(objects=MANY)["changed"] is False


def test_of_two_runs_at_once_one_waits_or_says_whom_it_would_wait_for(start: Any, run: Any, api: Api, namespace: str) -> None:
    first = start(objects=MANY)
    held = eventually(lambda: lock_of(api, namespace), pause=0.01)
    # Held still for as long as the others need to begin.
    first.process.send_signal(signal.SIGSTOP)
    second = start(objects=MANY)
    hasty = run(objects=[config_map("hasty", x="1")], lock_timeout=0)
    first.process.send_signal(signal.SIGCONT)
    assert hasty["failed"]
    assert f"Another run holds the set {namespace}/app" in hasty["msg"]
    assert held.split()[0] in hasty["msg"]
    results = [first.result(), second.result()]
    assert [result.get("msg") for result in results] == [None, None]
    assert [len(result["created"]) for result in results] == [len(NAMES), 0]
    assert [result["changed"] for result in results] == [True, False]
    assert there(api, namespace) == members_of(api, namespace) == NAMES
    assert lock_of(api, namespace) is None


def test_two_first_runs_at_once_with_different_objects_leave_one_whole_set(
    start: Any, run: Any, api: Api, namespace: str
) -> None:
    sets = [[config_map(f"{word}-{number}", x="1") for number in range(20)] for word in ("left", "right")]
    results = [run.result() for run in [start(objects=objects) for objects in sets]]
    assert [result.get("msg") for result in results] == [None, None]
    wanted = members_of(api, namespace)
    assert wanted in [{item["metadata"]["name"] for item in objects} for objects in sets]
    # What the earlier run made is known to the later: nothing is orphaned.
    assert len(there(api, namespace)) == 40
    [last] = [objects for objects in sets if objects[0]["metadata"]["name"] in wanted]
    assert len(run(objects=last, wait=True)["pruned"]) == 20
    assert eventually(lambda: there(api, namespace) == wanted)


@pytest.mark.alone
def test_a_run_outlasts_a_restart_of_the_api_server(
    start: Any, run: Any, api: Api, kubeconfig: str, namespace: str, group: str
) -> None:
    sandbox = Path(kubeconfig).parent.name
    if Path(kubeconfig) != Path("/var/opt/longterm-metrics", sandbox, "kubeconfig"):
        pytest.skip("only the API server of a sandbox can be restarted")
    began = process_started(api)
    things = {f"thing-{number:03}" for number in range(100)}
    objects = [crd(group), *(thing(group, name, size=1) for name in things), *MANY]
    running = start(objects=objects)
    eventually(lambda: there(api, namespace), pause=0.01)
    command = [sys.executable, "-m", "sandbox", "--name", sandbox, "restart", "kube-apiserver"]
    restarted = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert restarted.returncode == 0, restarted.stderr
    assert running.process.poll() is None, "the run was over before the restart"
    result = running.result()
    assert not result["failed"], result["msg"]
    assert process_started(api) > began
    assert there(api, namespace) == NAMES
    assert api.names("Thing", namespace, api_version=f"{group}/v1") == things
    assert members_of(api, namespace) == {*NAMES, *things, f"things.{group}"}
    assert lock_of(api, namespace) is None
    assert run(objects=objects, wait=True)["changed"] is False


def process_started(api: Api) -> float:
    """When the API server began to run, in seconds since 1970."""
    [line] = [line for line in api.text("/metrics").splitlines() if line.startswith("process_start_time_seconds ")]
    return float(line.split()[1])

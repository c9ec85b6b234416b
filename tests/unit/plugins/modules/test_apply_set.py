# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module apply_set: its states and what it returns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster
from ansible_collections.longterm.metrics.plugins.modules import apply_set
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import (
    AVAILABLE,
    ESTABLISHED,
    claim,
    claim_template,
    config_map,
    crd,
    custom_resource,
    secret,
    sizes,
    workload,
)
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch, cluster: _cluster.Cluster) -> None:
    monkeypatch.setattr(_cluster, "connect", lambda _options: cluster)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*objects: dict[str, Any], **arguments: Any) -> dict[str, Any]:
        arguments = {"name": "web", "namespace": "metrics", "objects": list(objects), **arguments}
        with patch_module_args(arguments), pytest.raises(SystemExit):
            apply_set.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_present_returns_what_was_done_to_which_object(run: Any) -> None:
    result = run(config_map("a", x="1"))
    assert (result["changed"], result["created"], result["pruned"], result["to_prune"]) == (True, ["ConfigMap metrics/a"], [], [])
    assert result["diff"][0]["after_header"] == "ConfigMap metrics/a"
    assert not run(config_map("a", x="1"))["changed"]


def test_without_waiting_the_old_is_told_and_stays(run: Any, server: FakeServer) -> None:
    run(config_map("a"), config_map("old"))
    result = run(config_map("a"))
    assert (result["changed"], result["pruned"], result["to_prune"]) == (False, [], ["ConfigMap metrics/old"])
    assert "old" in server.names("ConfigMap")


def test_with_waiting_the_old_is_removed_once_the_new_runs(run: Any, server: FakeServer) -> None:
    run(config_map("old"))
    result = run(workload("Deployment", "new"), wait=True, wait_timeout=10)
    assert result["failed"]
    assert "Deployment metrics/new" in result["msg"]
    server.at("Deployment", "new")["status"] = AVAILABLE
    result = run(workload("Deployment", "new"), wait=True)
    assert (result["changed"], result["pruned"], result["to_prune"]) == (True, ["ConfigMap metrics/old"], [])


def test_check_mode_tells_what_would_be_made_and_removed(run: Any, server: FakeServer) -> None:
    run(config_map("old"))
    result = run(config_map("a"), _ansible_check_mode=True)
    assert (result["changed"], result["created"], result["pruned"]) == (True, ["ConfigMap metrics/a"], ["ConfigMap metrics/old"])
    assert server.names("ConfigMap") == {"old", "web"}


def test_check_mode_warns_of_a_kind_that_is_yet_to_come(run: Any) -> None:
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}
    result = run(widget, _ansible_check_mode=True)
    assert result["created"] == ["Widget metrics/w"]
    assert "its CRD must be applied before" in str(result["warnings"])


def test_of_files_only_the_wanted_kinds_are_taken(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "bundle.yaml"
    file.write_text(yaml.safe_dump_all([crd(), config_map("a")]))
    result = run(files=[str(file)], kinds=["ConfigMap"])
    assert result["created"] == ["ConfigMap metrics/a"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("just text", "Object 1 is no mapping"), ("a: [", "bundle.yaml is not valid YAML"), (None, "cannot be used: No such")],
)
def test_a_file_that_cannot_be_used_is_one_clear_error(run: Any, tmp_path: Path, text: str | None, words: str) -> None:
    file = tmp_path / "bundle.yaml"
    if text is not None:
        file.write_text(text)
    result = run(files=[str(file)], kinds=["ConfigMap"])
    assert result["failed"]
    assert words in result["msg"]


def test_absent_removes_the_set_once(run: Any, server: FakeServer) -> None:
    run(config_map("a"))
    planned = run(state="absent", _ansible_check_mode=True)
    assert (planned["changed"], planned["deleted"]) == (True, ["ConfigMap metrics/a"])
    assert server.names("ConfigMap") == {"a", "web"}
    assert run(state="absent")["deleted"] == ["ConfigMap metrics/a"]
    assert not run(state="absent")["changed"]


def test_rendered_writes_files_and_asks_no_cluster(run: Any, server: FakeServer, tmp_path: Path) -> None:
    result = run(config_map("a"), state="rendered", rendered_to=str(tmp_path))
    assert (result["changed"], result["files"]) == (True, [str(tmp_path / "web" / "configmap-metrics-a.yaml")])
    assert server.requests == []
    assert run(config_map("a"), state="rendered")["msg"] == "state is rendered but all of the following are missing: rendered_to"


def test_rendered_objects_go_where_it_is_said(run: Any, tmp_path: Path) -> None:
    result = run(config_map("a"), state="rendered", rendered_to=str(tmp_path), rendered_as={"all.yaml": ["ConfigMap/a"]})
    assert result["files"] == [str(tmp_path / "all.yaml")]


def test_what_was_rendered_is_applied_again_and_a_set_that_was_not_is_removed(
    run: Any, server: FakeServer, tmp_path: Path
) -> None:
    run(config_map("a", x="1"), state="rendered", rendered_to=str(tmp_path))
    run(config_map("a", x="2"), config_map("later"))
    run(config_map("b"), name="new")
    result = run(rendered_from=str(tmp_path))
    assert (result["changed_objects"], result["to_prune"]) == (["ConfigMap metrics/a"], ["ConfigMap metrics/later"])
    assert server.at("ConfigMap", "a")["data"] == {"x": "1"}
    assert run(rendered_from=str(tmp_path), name="new")["deleted"] == ["ConfigMap metrics/b"]
    assert not run(rendered_from=str(tmp_path))["changed"]


def test_volumes_that_grew_since_it_was_rendered_stay_as_they_are(run: Any, server: FakeServer, tmp_path: Path) -> None:
    server.put(crd(status=ESTABLISHED))

    def objects(size: str) -> list[dict[str, Any]]:
        return [
            claim("data", size),
            workload("StatefulSet", "db", volumeClaimTemplates=[claim_template(size)]),
            custom_resource("w", storage={"volumeClaimTemplate": claim_template(size)}),
        ]

    def asked(kind: str, name: str) -> dict[str, Any]:
        spec = server.at(kind, name)["spec"]
        return (spec.get("volumeClaimTemplates") or [spec["storage"]["volumeClaimTemplate"]])[0]["spec"]["resources"]["requests"]

    claims = [{"stateful_set": "made", "template": "data", "size": "1Gi", "resource": "Widget/w"}]
    run(*objects("1Gi"), state="rendered", rendered_to=str(tmp_path))
    for name in ("data-db-0", "data-db-1", "data-made-0", "data-other-0"):
        server.put(claim(name, "2Gi"))
    server.put(claim("data-db-1", "3Gi"))
    run(*objects("2Gi")[:1], *objects("3Gi")[1:2], *objects("2Gi")[2:])
    before = sizes(server) | {"data-db-0": "3Gi"}
    result = run(rendered_from=str(tmp_path), claims=claims)
    assert "failed" not in result, result["msg"]
    assert (result["changed"], result["recreated"], sizes(server)) == (False, [], before)
    assert asked("StatefulSet", "db") == {"storage": "3Gi"}
    assert asked("Widget", "w") == {"storage": "2Gi"}
    told = str(result["warnings"])
    assert told.count("never shrinks") == 3
    assert "StatefulSet metrics/db was rendered with 1Gi, and PersistentVolumeClaim metrics/data-db-0 has 3Gi by now" in told
    assert "Widget metrics/w was rendered with 1Gi, and PersistentVolumeClaim metrics/data-made-0 has 2Gi" in told


def test_a_folder_that_holds_no_rendered_set_removes_nothing(run: Any, server: FakeServer, tmp_path: Path) -> None:
    run(config_map("a"))
    result = run(rendered_from=str(tmp_path))
    assert (result["failed"], "holds no rendered set" in result["msg"]) == (True, True)
    assert "a" in server.names("ConfigMap")


def test_objects_of_others_that_are_adopted_are_told_by_a_warning(run: Any, server: FakeServer) -> None:
    server.put(config_map("a"), manager="kubectl")
    warning = "Adopted 1 of 2 objects that kubectl wrote; see adopted."
    assert warning in str(run(config_map("a"), config_map("b"))["warnings"])


@pytest.mark.parametrize("wrong", [{"kind": "Secret"}, {"state": "gone"}, {"rendered_from": "tree", "files": ["a.yaml"]}])
def test_a_secret_among_the_objects_of_a_refused_task_is_not_shown(run: Any, wrong: dict[str, Any]) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"password": "hunter2"}}
    result = run(secret, **wrong)
    assert result["failed"]
    assert "hunter2" not in json.dumps(result)


def reader_of(name: str) -> dict[str, Any]:
    item = workload("Deployment", "web")
    item["spec"]["template"]["metadata"]["annotations"] = {"longterm.metrics/restarted-by-secrets": name}
    return item


def test_pods_that_read_a_secret_at_startup_are_replaced_when_it_changes_and_only_then(run: Any, server: FakeServer) -> None:
    server.put(secret("keys", password="b25l"))
    assert run(reader_of("keys"))["changed"]
    assert not run(reader_of("keys"))["changed"]
    server.put(secret("keys", password="dHdv"))
    assert run(reader_of("keys"), _ansible_check_mode=True)["changed_objects"] == ["Deployment metrics/web"]
    result = run(reader_of("keys"))
    assert result["changed_objects"] == ["Deployment metrics/web"]
    assert "dHdv" not in json.dumps(result)
    assert not run(reader_of("keys"))["changed"]


def test_a_lost_secret_that_pods_read_at_startup_fails_before_anything_is_written(run: Any, server: FakeServer) -> None:
    result = run(config_map("a"), reader_of("lost"))
    assert "Secret metrics/lost does not exist" in result["msg"]
    assert server.writes() == []


def test_a_rendered_object_names_the_secrets_and_has_no_digest(run: Any, server: FakeServer, tmp_path: Path) -> None:
    (file,) = run(reader_of("keys"), state="rendered", rendered_to=str(tmp_path))["files"]
    annotations = yaml.safe_load(Path(file).read_text())["spec"]["template"]["metadata"]["annotations"]
    assert annotations == {"longterm.metrics/restarted-by-secrets": "keys"}
    assert server.requests == []

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings as plays have them: extra variables, roles that are included, roles with parameters, several plays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.playbooks import ROOT, play

THANOS = "longterm.metrics.thanos"
HOST = {"metrics_state": "rendered"}


def ran(folder: Path, plays: list[dict[str, Any]], *options: str, hosts: dict[str, dict[str, Any]] | None = None) -> str:
    """What a run of these plays prints; each renders below `folder`."""
    plays = [{"hosts": "all", "gather_facts": False, **each} for each in plays]
    variables = hosts or {"one": {}}
    hosts = {name: {"metrics_rendered_to": f"{folder}/{name}", **HOST, **given} for name, given in variables.items()}
    return play(plays, hosts, folder, *options).stdout


@pytest.mark.parametrize("by", ["roles", "import_role", "include_role"])
def test_a_role_used_alone_is_judged(by: str, tmp_path: Path) -> None:
    use = {"roles": [THANOS]} if by == "roles" else {"tasks": [{f"ansible.builtin.{by}": {"name": THANOS}}]}
    assert "thanos_query_replicas is 0; must be at least 1 and at most 1000." in ran(
        tmp_path, [use], "-e", "thanos_query_replicas=0"
    )
    assert not (tmp_path / "one").exists()


def test_a_role_that_is_included_after_others_is_judged(tmp_path: Path) -> None:
    included = {"ansible.builtin.include_role": {"name": THANOS}}
    out = ran(tmp_path, [{"roles": ["longterm.metrics.namespace"], "tasks": [included]}], "-e", "thanos_query_replicas=0")
    assert "thanos_query_replicas is 0; must be at least 1 and at most 1000." in out
    assert not (tmp_path / "one/thanos").exists()


def test_parameters_of_a_role_are_judged(tmp_path: Path) -> None:
    out = ran(tmp_path, [{"roles": ["longterm.metrics.namespace", {"role": THANOS, "vars": {"thanos_query_replicas": 0}}]}])
    assert "thanos_query_replicas is 0; must be at least 1 and at most 1000." in out
    assert not (tmp_path / "one/thanos").exists()


def test_each_play_is_judged_by_its_own_variables(tmp_path: Path) -> None:
    plays = [{"roles": [THANOS], "vars": {"thanos_query_replicas": number}} for number in (2, 0)]
    assert "thanos_query_replicas is 0; must be at least 1 and at most 1000." in ran(tmp_path, plays)


def test_text_from_the_command_line_is_rendered_by_its_type(tmp_path: Path) -> None:
    out = ran(tmp_path, [{"roles": [THANOS]}], "-e", "thanos_query_replicas=3", "-e", "metrics_network_policies=false")
    assert "failed=0" in out
    assert "replicas: 3\n" in "".join(path.read_text() for path in (tmp_path / "one").rglob("*.yaml"))
    assert "NetworkPolicy" not in "".join(path.read_text() for path in (tmp_path / "one").rglob("*.yaml"))


def test_text_in_place_of_a_list_is_not_read_letter_by_letter(tmp_path: Path) -> None:
    out = ran(tmp_path, [{"roles": [THANOS]}], "-e", "thanos_query_replica_labels=prometheus_replica")
    assert "thanos_query_replica_labels is text; must be a list" in out


def test_hosts_of_the_inventory_are_compared(tmp_path: Path) -> None:
    out = ran(tmp_path, [{"roles": [THANOS]}], hosts={"one": {}, "two": {"metrics_rendered_to": f"{tmp_path}/one"}})
    assert "must be a folder of this host alone, but another inventory host has it, or one inside or around it." in out


def test_a_host_that_cannot_be_templated_is_no_finding_of_another(tmp_path: Path) -> None:
    hosts: dict[str, dict[str, Any]] = {"one": {}, "bastion": {"metrics_cluster": "{{ region }}-x"}}
    out = ran(tmp_path, [{"roles": [THANOS]}], "--limit=one", hosts=hosts)
    assert "failed=0" in out
    out = ran(tmp_path, [{"roles": [THANOS]}], hosts=hosts)
    assert "metrics_cluster cannot be templated" in out
    assert (tmp_path / "one/thanos").exists()


def test_settings_are_judged_once_in_a_play(tmp_path: Path) -> None:
    """Later roles find their digests unchanged."""
    roles = ["longterm.metrics.namespace", THANOS, "longterm.metrics.dashboards"]
    show = {"ansible.builtin.debug": {"msg": "judged: {{ __settings_judged.digests | sort | join(' ') }}"}}
    out = ran(tmp_path, [{"roles": roles, "post_tasks": [show]}])
    assert "judged: common dashboards namespace settings thanos" in out
    assert out.count("Judge the settings") == 3


@pytest.mark.parametrize(("playbook", "state"), [("render", "rendered"), ("teardown", "absent")])
def test_a_playbook_refuses_another_state_before_it_connects(playbook: str, state: str, tmp_path: Path) -> None:
    """The kubeconfig leads nowhere, so whatever connects fails with another error."""
    variables = {
        "metrics_kubeconfig": "/nowhere",
        "metrics_rendered_to": f"{tmp_path}/rendered",
        "prometheus_operator_crds": False,
    }
    out = play(ROOT / f"playbooks/{playbook}.yml", {"one": variables}, tmp_path, "-e", "metrics_state=present").stdout
    assert f"metrics_state is present; must be {state} with this playbook; leave it out." in out
    assert "/nowhere" not in out
    assert not (tmp_path / "rendered").exists()


def test_one_of_several_hosts_may_write_its_tree_wherever_it_is_told(tmp_path: Path) -> None:
    hosts: dict[str, dict[str, Any]] = {"one": {"metrics_cluster": "one"}, "two": {"metrics_cluster": "two"}}
    same = ("-e", f"metrics_rendered_to={tmp_path}/one")
    assert "must be a folder of this host alone" in ran(tmp_path, [{"roles": [THANOS]}], *same, hosts=hosts)
    assert "must be a folder of this host alone" not in ran(tmp_path, [{"roles": [THANOS]}], "--limit=one", *same, hosts=hosts)
    assert (tmp_path / "one/thanos").exists()

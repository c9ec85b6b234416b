# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import judgement

from tests.settings import judged


def test_variables_of_all_roles_are_judged_at_once() -> None:
    found = judged(
        ["thanos", "alertmanager"], {"thanos_store_replicas": 0, "alertmanager_replicas": "x", "metrics_namespace": "A"}
    )
    assert [finding.split(";")[0] for finding in found.findings] == [
        "alertmanager_replicas is x",
        "metrics_namespace is A",
        "thanos_store_replicas is 0",
    ]


def test_a_misspelt_variable_of_any_role_is_a_finding() -> None:
    found = judged(["thanos"], {"prometheus_replcas": 1, "thanos_query_colour": "red", "my_thanos": 1})
    assert found.findings == [
        "prometheus_replcas is not a variable of any role; did you mean prometheus_replicas?",
        "thanos_query_colour is not a variable of any role; did you mean thanos_query_resources?",
    ]


def test_variables_of_others_may_begin_like_ours() -> None:
    variables = {"prometheus_config_dir": "/etc", "metrics_other_variables": ["prometheus_config_dir"]}
    assert judged(["thanos"], variables).findings == []


def test_a_setting_that_no_object_could_hold_is_named() -> None:
    variables = {"prometheus_scrape_configs": [{"job_name": "é" * 530_000}], "namespace_annotations": {"a": "x" * 262_143}}
    assert judged(["namespace"], {"namespace_annotations": variables["namespace_annotations"]}).findings == []
    variables["namespace_annotations"]["b"] = ""
    assert judged(["namespace", "prometheus"], {**variables, "prometheus_engine": "standalone"}).findings == [
        "prometheus_scrape_configs has 1060008 bytes of text; must be at most 1048576: one ConfigMap or Secret holds no more.",
        "namespace_annotations must be at most 256 KiB, keys and values together.",
    ]


@pytest.mark.parametrize(
    "variables",
    [
        {"alertmanager_external_url": "bob:hunter2@alerts.example.com"},
        {"alertmanager_route_prefix": "https://bob:hun ter2@h.example/x"},
    ],
)
def test_no_finding_about_what_took_a_value_over_shows_its_password(variables: dict[str, str]) -> None:
    found = judged(["prometheus", "alertmanager", "prometheus_adapter"], variables).findings
    assert len(found) > 1
    assert "ter2" not in str(found)


def test_text_that_says_a_number_or_a_truth_value_is_converted() -> None:
    found = judged(["thanos"], {"thanos_query_replicas": "3", "metrics_wait": "no", "thanos_store_replicas": 2})
    assert found.findings == []
    assert found.converted == {"thanos_query_replicas": 3, "metrics_wait": False}


@pytest.mark.parametrize(
    ("variables", "findings"),
    [
        ({"metrics_rendered_to": "rendered"}, ["metrics_rendered_to is rendered; must be an absolute path, and not /."]),
        ({"metrics_rendered_to": ""}, ["metrics_rendered_to is empty; must be an absolute path, and not /."]),
        *(
            (
                {"metrics_rendered_to": path},
                [
                    f"metrics_rendered_to is {path}; must be a folder of this host alone, but another inventory host has it, "
                    "or one inside or around it."
                ],
            )
            for path in ("/one", "/one/", "//one", "/two/../one", "/one/two")
        ),
        ({"metrics_rendered_to": "/two/.."}, ["metrics_rendered_to is /two/..; must be an absolute path, and not /."]),
        ({"metrics_rendered_to": "/onetwo"}, []),
        ({"metrics_rendered_to": "/two"}, []),
        ({"metrics_state": "present", "metrics_rendered_to": ""}, []),
        (
            {"metrics_state": "present", "metrics_cluster": "one"},
            [
                "metrics_cluster is one; must be unique, but another inventory host has it too:"
                " their blocks would overlap in one bucket."
            ],
        ),
    ],
)
def test_hosts_are_compared(variables: dict[str, Any], findings: list[str]) -> None:
    others = [{"metrics_cluster": "one", "metrics_rendered_to": "/one"}]
    assert judged([], {"metrics_state": "rendered", **variables}, others=others).findings == findings


def test_a_playbook_has_a_state_of_its_own() -> None:
    assert judged([], {"metrics_state": "present"}, playbook_state="absent").findings == [
        "metrics_state is present; must be absent with this playbook; leave it out."
    ]


def test_a_digest_is_of_an_image_that_runs() -> None:
    digests = {"quay.io/thanos/thanos:v0.42.5": "sha256:" + 64 * "a", "quay.io/thanos/thanos:v0.1.0": "sha256:" + 64 * "a"}
    (finding,) = judged(["preflight", "thanos"], {"metrics_image_digests": digests}).findings
    assert finding.startswith(
        "metrics_image_digests has quay.io/thanos/thanos:v0.1.0; must be an image that a role of the play runs: "
    )
    # The images of the roles that are not in the play are not known.
    assert judged(["thanos"], {"metrics_image_digests": digests}).findings == []


def test_a_go_template_that_ansible_reads_is_a_finding() -> None:
    from ansible.template import trust_as_template

    (finding,) = judged(["thanos"], {"thanos_image": trust_as_template("{{ .Values.image }}:1")}).findings
    assert finding.startswith("thanos_image cannot be templated: ")


def test_every_role_is_judged_by_the_files_beside_it() -> None:
    for name in judgement.every_role():
        assert judgement.role(name).constraints.uses is not None


def test_a_constraint_is_about_variables_that_there_are() -> None:
    known = {name for each in map(judgement.role, judgement.every_role()) for name in each.options}
    for each in map(judgement.role, judgement.every_role()):
        named = [*each.constraints.formats, *(rule.variable for rule in each.constraints.rules)]
        assert {path.split(".")[0].split("[")[0] for path in named} <= known


def test_a_password_in_a_url_is_refused_in_every_variable_at_every_depth_and_never_shown() -> None:
    url = "http://me:hunter2@proxy.example"
    variables = {
        "grafana_thanos_url": f"{url}:10902",
        "grafana_datasources": [{"name": "a", "uid": "a", "type": "loki", "url": url, "jsonData": {"proxies": [url]}}],
        "metrics_labels": {"team": url},
    }
    findings = judged(["grafana"], variables).findings
    places = [finding.split(" ")[0] for finding in findings]
    assert sorted(places) == [
        "grafana_datasources[0].jsonData.proxies[0]",
        "grafana_datasources[0].url",
        "grafana_thanos_url",
        # No value of a label either, which is said of it with its value.
        "metrics_labels.team",
    ]
    assert [finding for finding in findings if "hunter2" in finding] == []
    assert all("http://***@proxy.example" in finding for finding in findings)

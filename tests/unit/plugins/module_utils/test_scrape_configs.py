# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._scrape_configs import problems

STATIC = [{"targets": ["printer:9100"]}]


@pytest.mark.parametrize(
    "job",
    [
        {"static_configs": [{"targets": ["printer:9100", "10.0.0.7", "[2001:db8::1]:9100"], "labels": {"site": "hq"}}]},
        {
            "scrape_interval": "1m",
            "scrape_timeout": "1m",
            "scheme": "https",
            "metrics_path": "/probe",
            "params": {"module": ["a"]},
        },
        {"kubernetes_sd_configs": [{"role": "pod"}], "metric_relabel_configs": [{"regex": "id", "action": "labeldrop"}]},
        {"body_size_limit": "10MB", "sample_limit": 1000, "scrape_protocols": ["PrometheusText0.0.4"]},
        {
            "static_configs": [{"targets": ["https://example.org/path"]}],
            "relabel_configs": [{"source_labels": ["__address__"], "target_label": "__param_target"}],
        },
    ],
)
def test_a_job_that_prometheus_takes_has_no_findings(job: dict[str, Any]) -> None:
    assert problems([{"job_name": "mine", **job}], "30s", ["node-exporter"]) == []


@pytest.mark.parametrize(
    ("job", "finding"),
    [
        ({"scrape_intervall": "1m"}, "jobs[0] has the unknown key scrape_intervall; did you mean scrape_interval?"),
        ({"consult_sd_configs": []}, "jobs[0] has the unknown key consult_sd_configs; did you mean consul_sd_configs?"),
        (
            {"kubernetes_sd_configs": [{"role": "pod", "namespace": {}}]},
            "jobs[0].kubernetes_sd_configs[0] has the unknown key namespace; did you mean namespaces?",
        ),
        (
            {"tls_config": {"insecure_skip_verfy": True}},
            "jobs[0].tls_config has the unknown key insecure_skip_verfy; did you mean insecure_skip_verify?",
        ),
        ({"job_name": ""}, "jobs[0].job_name is empty; must be text that is not empty."),
        ({"job_name": "node-exporter"}, "jobs[0].job_name is node-exporter, which is a job of this collection; must be another."),
        ({"scrape_interval": "30"}, "jobs[0].scrape_interval is 30; must be a duration such as 30s, 5m or 1h, longer than 0."),
        (
            {"scrape_interval": 30},
            "jobs[0].scrape_interval is the number 30; must be a duration such as 30s, 5m or 1h, longer than 0.",
        ),
        ({"scrape_timeout": "31s"}, "jobs[0].scrape_timeout is 31s; must not be longer than prometheus_scrape_interval, 30s."),
        (
            {"scrape_interval": "1m", "scrape_timeout": "1m1s"},
            "jobs[0].scrape_timeout is 1m1s; must not be longer than scrape_interval, 1m.",
        ),
        ({"honor_labels": "true"}, "jobs[0].honor_labels is the text true; must be true or false, without quotes."),
        ({"sample_limit": -1}, "jobs[0].sample_limit is -1; must be a whole number of at least 0."),
        ({"params": {"module": "a"}}, "jobs[0].params.module is text; must be a list."),
        ({"metrics_path": "metrics"}, "jobs[0].metrics_path is metrics; must be a path that begins with /."),
        ({"scheme": "grpc"}, "jobs[0].scheme is grpc; must be http or https."),
        ({"body_size_limit": "10mb"}, "jobs[0].body_size_limit is 10mb; must be a size such as 10MB or 1GiB."),
        (
            {"metric_name_escaping_scheme": "allow-utf-8", "metric_name_validation_scheme": "legacy"},
            "jobs[0].metric_name_escaping_scheme is allow-utf-8; must be another with the validation scheme legacy.",
        ),
        (
            {"basic_auth": {"username": "a"}, "bearer_token_file": "/a"},
            "jobs[0] has basic_auth and bearer_token_file; "
            "only one of basic_auth, authorization, oauth2, bearer_token, bearer_token_file is allowed.",
        ),
        ({"static_configs": {"targets": []}}, "jobs[0].static_configs is a dictionary; must be a list."),
        *(
            (
                {"static_configs": [{"targets": [target]}]},
                f"jobs[0].static_configs[0].targets[0] is {seen}; must be host:port, without scheme and path.",
            )
            for target, seen in {
                "http://printer:9100": "a URL",
                "printer:9100/metrics": "printer:9100/metrics",
                "printer:": "printer:",
                "printer:99999": "printer:99999",
                "2001:db8::1": "2001:db8::1",
                "a b:9100": "a b:9100",
                "": "empty",
            }.items()
        ),
    ],
)
def test_a_job_that_prometheus_refuses_is_named_with_the_path(job: dict[str, Any], finding: str) -> None:
    assert problems([{"job_name": "mine", **job}], "30s", ["node-exporter"], "jobs") == [finding]


def test_two_jobs_of_one_name_are_named() -> None:
    assert problems([{"job_name": "a"}, {"job_name": "b"}, {"job_name": "a"}]) == [
        "prometheus_scrape_configs[2].job_name is a, as prometheus_scrape_configs[0].job_name is; must be unique."
    ]


@pytest.mark.parametrize("given", [None, "", "printer:9100", {"job_name": "a"}, 5, True])
def test_what_is_no_list_is_refused_by_name(given: Any) -> None:
    (finding,) = problems(given)
    assert finding.startswith("prometheus_scrape_configs is ")
    assert finding.endswith("; must be a list.")


def test_no_finding_shows_a_secret() -> None:
    job = {
        "job_name": "a",
        "basic_auth": {"username": 5, "password": ["hunter2"]},
        "authorisation": {"credentials": "hunter2"},
        "oauth2": "hunter2",
        "consul_sd_configs": [{"token": {"a": "hunter2"}}],
        "http_headers": {"X-Key": {"secrets": "hunter2"}},
        "proxy_url": "http://me:hunter2@proxy",
        "static_configs": [{"targets": ["https://me:hunter2@printer:9100"]}],
    }
    findings = problems([job])
    assert len(findings) == 8
    assert "hunter2" not in str(findings)

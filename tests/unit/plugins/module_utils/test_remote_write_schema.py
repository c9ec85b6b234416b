# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remote writes of Prometheus: what is right, and what is wrong before the operator or Prometheus refuses it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._remote_write_schema import problems, receive_problems

KEY = {"name": "keys", "key": "token"}
UUID = "00000000-0000-0000-0000-000000000000"
URL = "https://example.org/api/v1/write"


def entry(**options: Any) -> list[dict[str, Any]]:
    return [{"name": "archive", "url": URL, **options}]


@pytest.mark.parametrize("engine", ["operator", "standalone", "helm"])
@pytest.mark.parametrize(
    "entries",
    [
        [],
        entry(),
        [*entry(), {"name": "other", "url": "http://other:9090/api/v1/write"}],
        entry(remoteTimeout="30s", messageVersion="V2.0", sendExemplars=True, headers={"X-Scope-OrgID": "team-a"}),
        entry(
            queueConfig={"minShards": 2, "maxShards": 10, "minBackoff": "1s", "retryOnRateLimit": True, "sampleAgeLimit": "0s"}
        ),
        entry(writeRelabelConfigs=[{"sourceLabels": ["__name__"], "regex": "up|job:.*", "action": "Keep"}]),
        entry(basicAuth={"username": KEY, "password": KEY}, tlsConfig={"ca": {"configMap": KEY}}),
        entry(sigv4={"region": "eu-central-1"}),
        entry(azureAd={"workloadIdentity": {"clientId": UUID, "tenantId": UUID}}),
    ],
)
def test_what_the_operator_takes_is_right(entries: list[dict[str, Any]], engine: str) -> None:
    assert problems(entries, engine, "v3.15.0") == []


@pytest.mark.parametrize(
    ("options", "finding"),
    [
        ({"name": "a b"}, ".name is a b; must be a name of letters, digits, - and _ such as grafana-cloud."),
        (
            {"name": "thanos-receive"},
            ".name is thanos-receive; must be another name: the entry for our own Thanos Receive has it.",
        ),
        ({"remote_timeout": "30s"}, " has the unknown key remote_timeout; did you mean remoteTimeout?"),
        ({"bearerToken": "hunter2"}, " has the unknown key bearerToken; "),
        ({"headers": {"Authorization": "hunter2"}}, ".headers has the key Authorization; must be another header than this one"),
        ({"headers": {"X-A": "1", "x-a": "2"}}, ".headers has X-A and x-a, which are one header; keep one."),
        ({"queueConfig": {"minShards": 60}}, ".queueConfig.maxShards is 50; must be at least minShards, 60."),
        ({"queueConfig": {"minBackoff": "1m"}}, ".queueConfig.maxBackoff is 5s; must be at least minBackoff, 1m."),
        ({"queueConfig": {"capacity": 0}}, ".queueConfig.capacity is 0; must be a whole number from 1 to 2147483647."),
        ({"messageVersion": "V1"}, ".messageVersion is V1; must be V1.0 or V2.0."),
        ({"sigv4": {}, "azureAd": {"sdk": {}}}, " has sigv4 and azureAd; only one of authorization, "),
        ({"azureAd": {"managedIdentity": {"clientId": "xyz"}}}, ".azureAd.managedIdentity.clientId is xyz; must be a UUID."),
        ({"url": "HTTPS://example.org/"}, ".url is HTTPS://example.org/; must be a URL such as https://example.org/path."),
        ({"url": "https://example..org/"}, ".url is https://example..org/; must be a URL such as https://example.org/path."),
        ({"url": "https://example.org/%zz"}, ".url is https://example.org/%zz; must be a URL such as https://example.org/path."),
        ({"metadataConfig": {"maxSamplesPerSend": 3_000_000_000}}, ".metadataConfig.maxSamplesPerSend is 3000000000; must be "),
        ({"azureAd": {"cloud": "AzurePublic"}}, ".azureAd has no managedIdentity or workloadIdentity or oauth or sdk; "),
        ({"basicAuth": {"username": KEY, "password": "hunter2"}}, ".basicAuth.password must name a key of a Secret, as "),
    ],
)
def test_what_the_operator_would_refuse_is_named(options: dict[str, Any], finding: str) -> None:
    (problem,) = problems(entry(**options), "operator", "v3.15.0")
    assert problem.startswith(f"prometheus_remote_write[0]{finding}")
    assert "hunter2" not in problem


@pytest.mark.parametrize(
    ("options", "version", "place"),
    [
        ({"messageVersion": "V2.0"}, "v2.53.0", "messageVersion"),
        ({"queueConfig": {"sampleAgeLimit": "1h"}}, "v2.45.0", "queueConfig.sampleAgeLimit"),
        ({"azureAd": {"workloadIdentity": {"clientId": UUID, "tenantId": UUID}}}, "v3.5.0", "azureAd.workloadIdentity"),
    ],
)
def test_an_option_is_no_newer_than_prometheus(options: dict[str, Any], version: str, place: str) -> None:
    (problem,) = problems(entry(**options), "operator", version)
    assert problem.startswith(f"prometheus_remote_write[0].{place} must be left out with prometheus_version {version}: ")
    assert problems(entry(**options), "operator", "v3.15.0") == []


def test_two_entries_have_two_names() -> None:
    (problem,) = problems(entry() * 2, "operator", "v3.15.0")
    assert problem == "prometheus_remote_write[1].name is archive, as prometheus_remote_write[0].name is; must be unique."


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"sigv4": {"accessKey": KEY, "secretKey": KEY}}, "sigv4.accessKey"),
        ({"azureAd": {"oauth": {"clientId": UUID, "clientSecret": KEY, "tenantId": "b"}}}, "azureAd.oauth.clientSecret"),
        ({"oauth2": {"clientId": {"secret": KEY}, "clientSecret": KEY, "tokenUrl": URL}}, "oauth2.clientId"),
        ({"proxyUrl": "http://proxy:3128", "proxyConnectHeader": {"X-Key": [KEY]}}, "proxyConnectHeader"),
    ],
)
def test_a_key_that_prometheus_reads_from_no_file_needs_an_operator(options: dict[str, Any], place: str) -> None:
    assert problems(entry(**options), "helm", "v3.15.0") == []
    assert problems(entry(**options), "standalone", "v3.15.0")[0] == (
        f"prometheus_remote_write[0].{place} must be left out with prometheus_engine standalone: "
        "Prometheus does not read it from a file."
    )


def test_receive_is_asked_for_no_login_and_no_other_message() -> None:
    assert receive_problems({"queueConfig": {"maxShards": 10}, "headers": {"THANOS-TENANT": "a"}}, "operator", "v3.15.0") == []
    for option in ("messageVersion", "metadataConfig", "basicAuth", "url"):
        (problem,) = receive_problems({option: "a"}, "operator", "v3.15.0")
        assert problem.startswith(f"prometheus_receive_options has the unknown key {option}; ")

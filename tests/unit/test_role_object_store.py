# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role object_store: the Job that makes the bucket, and when a bucket elsewhere is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.filter.content_name import content_name

from tests.playbooks import play, run_roles

HOSTS = {
    "s3.eu-central-1.amazonaws.com": "eu-central-1",
    "s3-us-gov-west-1.amazonaws.com:443": "us-gov-west-1",
    "s3.cn-north-1.amazonaws.com.cn": "cn-north-1",
    "s3.amazonaws.com": "us-east-1",
    "minio.example.org:9000": "us-east-1",
}


def elsewhere(endpoint: str, **config: Any) -> dict[str, Any]:
    return {
        "object_store_flavour": "none",
        "metrics_objstore_credentials_secret": "",
        "metrics_objstore_config": {"type": "S3", "config": {"bucket": "thanos", "endpoint": endpoint, **config}},
    }


# Each changes the pod template of the Job in a way of its own.
CHANGES: dict[str, dict[str, Any]] = {
    "registry": {"metrics_image_registry": "registry.example.org"},
    "pull secrets": {"metrics_image_pull_secrets": ["mirror"]},
    "labels": {"metrics_labels": {"team": "platform"}},
    "identity": {"metrics_service_account_annotations": {"eks.amazonaws.com/role-arn": "arn"}},
    "image": {"object_store_job_image": "docker.io/amazon/aws-cli:1"},
    "timeout": {"object_store_bucket_timeout": 7},
    "bucket": {"metrics_objstore_config": {"type": "S3", "config": {"bucket": "another", "endpoint": "s3.amazonaws.com"}}},
    "keys": {"metrics_objstore_credentials_secret": "keys"},
}


def test_a_job_is_named_by_its_whole_pod_template(tmp_path: Path) -> None:
    usual = {**elsewhere("s3.amazonaws.com"), "object_store_bucket_method": "job"}
    cases = {"usual": usual, "once more": usual, **{name: usual | change for name, change in CHANGES.items()}}
    outcomes = run_roles(tmp_path, {name: ("object_store", case) for name, case in cases.items()})
    names = {}
    for name, outcome in outcomes.items():
        (job,) = (item for (kind, _name), item in outcome.objects.items() if kind == "Job")
        names[name] = job["metadata"]["name"]
        assert names[name] == content_name("object-store-bucket", job["spec"]["template"])
    assert names["usual"] == names["once more"]
    assert len(set(names.values())) == len(CHANGES) + 1


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The environment of the Job's container by the endpoint; `configured` has a region of its own."""
    cases = {host: elsewhere(host) for host in HOSTS} | {
        "configured": elsewhere("s3.eu-central-1.amazonaws.com", region="eu-west-1")
    }
    outcomes = run_roles(
        tmp_path_factory.mktemp("object_store"),
        {name: ("object_store", {"object_store_bucket_method": "job", **case}) for name, case in cases.items()},
    )
    found = {}
    for name, outcome in outcomes.items():
        (job,) = (item for (kind, _name), item in outcome.objects.items() if kind == "Job")
        (container,) = job["spec"]["template"]["spec"]["containers"]
        assert {"name": "tmp", "mountPath": "/tmp"} in container["volumeMounts"]
        found[name] = {entry["name"]: entry.get("value", "") for entry in container["env"]}
    return found


def test_the_job_asks_in_the_region_that_is_configured_or_that_the_host_names(environments: dict[str, dict[str, str]]) -> None:
    expected = HOSTS | {"configured": "eu-west-1"}
    assert {name: env["AWS_REGION"] for name, env in environments.items()} == expected
    located = "--create-bucket-configuration LocationConstraint=eu-central-1"
    assert environments["s3.eu-central-1.amazonaws.com"]["LOCATION"] == located
    assert environments["s3.amazonaws.com"]["LOCATION"] == ""


def test_the_jobs_home_can_be_written(environments: dict[str, dict[str, str]]) -> None:
    assert {env["HOME"] for env in environments.values()} == {"/tmp"}


def test_a_bucket_elsewhere_is_asked_for_before_anything_is_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    variables = {
        "metrics_kubeconfig": "/nonexistent",
        "object_store_bucket_timeout": 1,
        **elsewhere("127.0.0.1:1", insecure=True),
    }
    roles = [{"role": "longterm.metrics.object_store"}]
    defaults = {"group/longterm.metrics.all": {"kubeconfig": "{{ metrics_kubeconfig }}"}}
    ran = play([{"hosts": "all", "gather_facts": False, "module_defaults": defaults, "roles": roles}], {"h": variables}, tmp_path)
    assert ran.returncode != 0
    assert "127.0.0.1:1" in ran.stdout
    assert "/nonexistent" not in ran.stdout

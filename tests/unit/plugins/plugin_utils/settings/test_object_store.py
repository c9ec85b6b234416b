# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.object_store import problems

S3 = {"bucket": "thanos", "endpoint": "s3.eu-1.amazonaws.com"}
TYPES = "S3, GCS, AZURE, SWIFT, COS, ALIYUNOSS, BOS, OCI, OBS, FILESYSTEM"
REMEDY = (
    "; put keys into the Secret that metrics_objstore_credentials_secret names, or give the pods a cloud identity by"
    " metrics_service_account_annotations."
)


@pytest.mark.parametrize(
    "configuration",
    [
        {"type": "S3", "config": S3, "prefix": "metrics/eu-1"},
        {"type": "s3", "config": {**S3, "endpoint": "object-store.metrics.svc:9000", "insecure": True}},
        {"type": "S3", "config": {**S3, "endpoint": "[2001:db8::1]:9000"}},
        {"type": "GCS", "config": {"bucket": "thanos"}},
        {"type": "AZURE", "config": {"storage_account": "a", "storage_account_key": "", "container": "c"}},
    ],
)
def test_a_configuration_without_keys_has_no_problems(configuration: dict[str, Any]) -> None:
    assert problems(configuration) == []


@pytest.mark.parametrize(
    ("provider", "options", "problem"),
    [
        ("S3", {**S3, "regoin": "eu-1"}, " has the unknown key regoin; did you mean region?"),
        ("S3", {**S3, "insecure": "no"}, ".insecure is the text no; must be true or false, without quotes."),
        ("S3", {**S3, "part_size": 1}, ".part_size is 1; must be a whole number of at least 5242880."),
        ("S3", {**S3, "bucket_lookup_type": "dns"}, ".bucket_lookup_type is dns; must be auto, virtual-hosted or path."),
        ("S3", {**S3, "sse_config": {"type": "SSE-KMS"}}, ".sse_config.type is SSE-KMS, but kms_key_id is missing; set it."),
        (
            "S3",
            {**S3, "http_config": {"idle_conn_timeot": "1m"}},
            ".http_config has the unknown key idle_conn_timeot; did you mean idle_conn_timeout?",
        ),
        ("GCS", {}, " has no bucket; it is required."),
        ("AZURE", {"storage_account": "a"}, " has no container; it is required."),
        ("FILESYSTEM", {"directory": "data"}, ".directory is data; must be a path such as /data."),
    ],
)
def test_every_option_is_one_that_thanos_knows(provider: str, options: dict[str, Any], problem: str) -> None:
    assert problems({"type": provider, "config": options}) == [f"metrics_objstore_config.config{problem}"]


@pytest.mark.parametrize("provider", TYPES.split(", "))
def test_every_type_has_its_options(provider: str) -> None:
    said = problems({"type": provider, "config": {"no_such_option": 1}})
    assert "metrics_objstore_config.config has the unknown key no_such_option" in "\n".join(said)


@pytest.mark.parametrize("prefix", ["/a", "a/", "../a", "a/../b", "a//b", "a b", 5])
def test_a_prefix_is_a_plain_path(prefix: Any) -> None:
    (said,) = problems({"type": "S3", "config": S3, "prefix": prefix})
    assert said.endswith("must be a path like metrics/production.")


@pytest.mark.parametrize(
    ("configuration", "problem"),
    [
        ({"config": S3}, f" has no type; it needs one of {TYPES}."),
        ({"type": "MINIO", "config": S3}, f".type is MINIO; must be one of {TYPES}."),
        ({"type": "S3", "config": S3, "prefx": "a"}, " has prefx; did you mean prefix?"),
        ({"type": "S3", "config": S3, "prefix": "a b"}, ".prefix is a b; must be a path like metrics/production."),
        ({"type": "S3", "config": "thanos"}, ".config is thanos; must be a dictionary of options."),
        ({"type": "S3", "config": {"endpoint": "s3"}}, ".config has no bucket; S3 needs bucket and endpoint."),
        ({"type": "S3", "config": {"bucket": "aaa"}}, ".config has no endpoint; S3 needs bucket and endpoint."),
        (
            {"type": "S3", "config": {**S3, "bucket": "My Bucket"}},
            ".config.bucket is My Bucket; must be 3 to 63 lower-case letters, digits, - and single dots.",
        ),
        (
            {"type": "S3", "config": {**S3, "endpoint": "https://s3"}},
            ".config.endpoint is https://s3; must be host or host:port; set insecure for plain HTTP.",
        ),
        ({"type": "S3", "config": {**S3, "secret_key": "hunter2"}}, f".config.secret_key holds a key in plain text{REMEDY}"),
        (
            {"type": "GCS", "config": {"bucket": "a", "service_account": {"private_key": "hunter2"}}},
            f".config.service_account holds a key in plain text{REMEDY}",
        ),
        (
            {"type": "AZURE", "config": {"storage_account": "a", "container": "c", "storage_account_key": "hunter2"}},
            f".config.storage_account_key holds a key in plain text{REMEDY}",
        ),
    ],
)
def test_a_problem_names_the_option_and_what_is_allowed(configuration: dict[str, Any], problem: str) -> None:
    assert problems(configuration) == [f"metrics_objstore_config{problem}"]

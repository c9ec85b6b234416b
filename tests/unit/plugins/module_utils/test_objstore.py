# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _objstore
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

IN_CLUSTER = {"bucket": "thanos", "endpoint": "s3.storage.svc:9000", "insecure": True}


def bucket(config: dict[str, Any], prefix: str = "", **options: Any) -> _objstore.Bucket:
    return _objstore.bucket_of(_objstore.parse({"type": "S3", "config": config, "prefix": prefix}), options)


def test_text_and_mapping_mean_the_same() -> None:
    text = "type: s3\nconfig:\n  bucket: thanos\n  endpoint: s3.storage.svc:9000\n  insecure: true\nprefix: /team/a/\n"
    mapping = {"type": "S3", "config": IN_CLUSTER, "prefix": "team/a"}
    assert _objstore.parse(text) == _objstore.parse(mapping)


def test_an_endpoint_in_the_cluster() -> None:
    found = bucket(IN_CLUSTER, prefix="team/a/")
    assert found.endpoint == "http://s3.storage.svc:9000"
    assert found.service == ("storage", "s3")
    assert found.key("x/meta.json") == "team/a/x/meta.json"
    assert (found.region, found.addressing_style, found.is_aws) == ("us-east-1", "path", False)


@pytest.mark.parametrize(
    ("host", "way"),
    [
        ("s3.storage.svc", "port_forward"),
        ("s3.storage.svc.cluster.local", "port_forward"),
        ("s3.storage", "direct"),
        ("s3.example.com", "direct"),
        ("10.0.0.1", "direct"),
    ],
)
def test_names_only_the_cluster_resolves_are_reached_through_it(host: str, way: str) -> None:
    assert bucket({**IN_CLUSTER, "endpoint": host}).via("auto") == way
    assert bucket({**IN_CLUSTER, "endpoint": host}).via("direct") == "direct"


@pytest.mark.parametrize(
    ("endpoint", "region"),
    [
        ("s3.amazonaws.com", "us-east-1"),
        ("s3.eu-central-1.amazonaws.com", "eu-central-1"),
        ("s3-us-west-2.amazonaws.com", "us-west-2"),
        ("s3.cn-north-1.amazonaws.com.cn", "cn-north-1"),
    ],
)
def test_an_endpoint_of_aws_tells_the_region(endpoint: str, region: str) -> None:
    found = bucket({"bucket": "b", "endpoint": endpoint})
    assert (found.is_aws, found.region, found.addressing_style, found.tls, found.port) == (True, region, "auto", True, 443)


@pytest.mark.parametrize(
    ("lookup", "option", "style"),
    [("auto", "auto", "path"), ("virtual-hosted", "auto", "virtual"), ("path", "virtual", "virtual"), ("", "path", "path")],
)
def test_the_addressing_style_is_the_options_then_the_configurations_then_as_thanos_has_it(
    lookup: str, option: str, style: str
) -> None:
    assert bucket({**IN_CLUSTER, "bucket_lookup_type": lookup}, addressing_style=option).addressing_style == style


def test_certificates_are_checked_unless_thanos_does_not_either(tmp_path: Path) -> None:
    authority = tmp_path / "ca.crt"
    authority.touch()
    with_file = {**IN_CLUSTER, "http_config": {"tls_config": {"ca_file": str(authority)}}}
    assert bucket(IN_CLUSTER).verify is None
    assert bucket(with_file).verify == str(authority)
    assert bucket(with_file, aws_ca_bundle="/ours").verify == "/ours"
    assert bucket({**IN_CLUSTER, "http_config": {"tls_config": {"ca_file": "/only/in/the/pod"}}}).verify is None
    assert bucket({**IN_CLUSTER, "http_config": {"insecure_skip_verify": True}}).verify is False


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("type: S3\nconfig: {bucket: [", "not YAML"),
        ("just text", "no objstore configuration"),
        ({"type": "S3"}, "no objstore configuration"),
        ({"type": "S4", "config": {}}, "type S4"),
        ({"type": "S3", "config": {}, "bucket": "b"}, "bucket at its top"),
        ({"type": "GCS", "config": {"bucket": "b"}}, "only buckets of type S3"),
        ({"type": "S3", "config": {"endpoint": "e"}}, "no config.bucket"),
        ({"type": "S3", "config": {"bucket": "b", "endpoint": "http://e:9000"}}, "host or host:port alone"),
        ({"type": "S3", "config": {"bucket": "b", "endpoint": "two words"}}, "host or host:port alone"),
    ],
)
def test_what_thanos_would_refuse_is_refused(value: Any, said: str) -> None:
    with pytest.raises(MetricsError, match=said):
        _objstore.bucket_of(_objstore.parse(value), {})


def test_two_regions_that_differ_are_an_error() -> None:
    with pytest.raises(MetricsError, match="region is eu-1, but Thanos would look in eu-2"):
        bucket({**IN_CLUSTER, "region": "eu-2"}, region="eu-1")


def test_an_error_never_quotes_the_text() -> None:
    with pytest.raises(MetricsError) as caught:
        _objstore.parse("config: {secret_key: 'hunter2")
    assert "hunter2" not in caught.value.message


def test_secrets_are_the_values_named_like_keys_and_a_text_as_a_whole() -> None:
    config = {**IN_CLUSTER, "access_key": "id", "secret_key": "s1", "sse_config": {"encryption_key": "s2", "type": "SSE-C"}}
    assert _objstore.secrets({"type": "S3", "config": config}) == {"s1", "s2"}
    assert _objstore.secrets({"type": "AZURE", "config": {"storage_account_key": "s3", "storage_account": "a"}}) == {"s3"}
    assert _objstore.secrets("config: {secret_key: s4}") == {"config: {secret_key: s4}"}

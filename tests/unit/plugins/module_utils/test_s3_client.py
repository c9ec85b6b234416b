# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _objstore, _s3_client, _service, _tunnel
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._s3_errors import StoreError

SECRET = {"namespace": "ns", "name": "keys", "access_key_key": "user", "secret_key_key": "password"}
PATH = "/api/v1/namespaces/ns/secrets/keys"


class FakeCluster:
    """A cluster that has just these objects, by path."""

    server = "https://cluster"

    def __init__(self, **data: str) -> None:
        encoded = {name: b64encode(value.encode()).decode() for name, value in data.items()}
        self.objects = {PATH: {"data": encoded}} if data else {}

    def find(self, path: str) -> Any:
        return self.objects.get(path)


def bucket(endpoint: str = "127.0.0.1:1", **config: Any) -> _objstore.Bucket:
    settings = {"bucket": "b", "endpoint": endpoint, "insecure": True, **config}
    return _objstore.bucket_of(_objstore.parse({"type": "S3", "config": settings}), {})


def keys(options: dict[str, Any], cluster: Any = None, **config: Any) -> list[str]:
    return list(_s3_client._credentials(bucket(**config), options, cluster).values())


def test_keys_are_the_options_before_the_secrets_before_the_configurations() -> None:
    cluster = FakeCluster(user="of-secret", password="s")
    configured = {"access_key": "of-config", "secret_key": "c"}
    assert keys({"access_key": "of-option", "secret_key": "o", "session_token": "t"}, **configured) == ["of-option", "o", "t"]
    assert keys({"credentials_secret": SECRET}, cluster, **configured) == ["of-secret", "s"]
    assert keys({}, **configured) == ["of-config", "c"]
    assert keys({"profile": "p"}, **configured) == []
    assert keys({}) == []


def test_a_key_with_a_line_break_which_pods_would_take_along_is_refused() -> None:
    with pytest.raises(MetricsError, match="password begins or ends with white space"):
        keys({"credentials_secret": SECRET}, FakeCluster(user="of-secret", password="s\n"))


def test_a_missing_secret_may_still_come() -> None:
    with pytest.raises(_s3_client.NotThereYet, match="no Secret ns/keys"):
        keys({"credentials_secret": SECRET}, FakeCluster())


def test_a_client_computes_no_checksums_of_its_own_and_asks_the_endpoint_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://elsewhere")
    client = _s3_client._client(bucket(), {"aws_access_key_id": "a", "aws_secret_access_key": "s"}, None, forwarded=False)
    config = client.meta.config
    assert client.meta.endpoint_url == "http://127.0.0.1:1"
    assert (config.request_checksum_calculation, config.response_checksum_validation) == ("when_required", "when_required")
    assert config.s3["addressing_style"] == "path"


def test_a_client_for_aws_asks_the_host_of_the_region() -> None:
    found = bucket("s3.amazonaws.com", insecure=False, region="eu-central-1")
    client = _s3_client._client(found, {"aws_access_key_id": "a", "aws_secret_access_key": "s"}, None, forwarded=False)
    assert client.meta.endpoint_url == "https://s3.eu-central-1.amazonaws.com"


def test_an_unknown_profile_is_an_error_of_credentials() -> None:
    with pytest.raises(StoreError, match="no-such-profile") as caught:
        _s3_client._client(bucket(), {}, "no-such-profile", forwarded=False)
    assert caught.value.kind == "credentials"


def test_an_endpoint_that_is_not_there_is_tried_as_often_as_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def refuse(client: Any, bucket: Any) -> None:
        tried.append(client)
        raise StoreError("endpoint", bucket, "the first request", "refused", "Look there")

    monkeypatch.setattr(_s3_client, "_await_answer", refuse)
    options = {"via": "direct", "access_key": "a", "secret_key": "s"}
    with pytest.raises(StoreError, match="refused"), _s3_client.open_s3(bucket(), options, pytest.fail, attempts=(1, 2, 3)):
        pass
    assert len(tried) == 3


def test_wrong_credentials_are_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(client: Any, bucket: Any) -> None:
        raise StoreError("credentials", bucket, "the first request", "refused", "Look there")

    monkeypatch.setattr(_s3_client, "_await_answer", refuse)
    options = {"via": "direct", "access_key": "a", "secret_key": "s"}
    attempts = iter((1, 2, 3))
    with pytest.raises(StoreError), _s3_client.open_s3(bucket(), options, pytest.fail, attempts=attempts):
        pass
    assert next(attempts) == 2


def test_in_the_cluster_the_service_name_leads_to_the_port_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def tunnel(cluster: Any, namespace: str, pod: str, port: int) -> Iterator[_tunnel.Tunnel]:
        assert (namespace, pod, port) == ("storage", "s3-0", 9001)
        yield _tunnel.Tunnel(("127.0.0.1", 4711))

    monkeypatch.setattr(_service, "ready_pod", lambda *_arguments: _service.Pod("storage", "s3-0", 9001))
    monkeypatch.setattr(_tunnel, "tunnel_to_pod", tunnel)
    with _s3_client._way_into(FakeCluster(), bucket("s3.storage.svc:9000")):  # type: ignore[arg-type]
        for name in ("s3.storage.svc", "thanos.s3.storage.svc"):
            assert socket.getaddrinfo(name, 9000, type=socket.SOCK_STREAM)[0][4] == ("127.0.0.1", 4711)
        assert socket.getaddrinfo("127.0.0.1", 9000, type=socket.SOCK_STREAM)[0][4] == ("127.0.0.1", 9000)
    with pytest.raises(OSError, match=r"[Nn]ame"):
        socket.getaddrinfo("s3.storage.svc.invalid", 9000)


def test_a_service_without_a_ready_pod_may_still_come(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_arguments: Any) -> None:
        raise MetricsError("Service storage/s3 has no ready pod")

    monkeypatch.setattr(_service, "ready_pod", none)
    with (
        pytest.raises(_s3_client.NotThereYet, match="no ready pod"),
        _s3_client._way_into(
            FakeCluster(),
            bucket("s3.storage.svc"),  # type: ignore[arg-type]
        ),
    ):
        pass


def test_a_host_that_names_no_service_cannot_be_forwarded_to() -> None:
    with (
        pytest.raises(MetricsError, match="names no Service"),
        _s3_client._way_into(
            FakeCluster(),
            bucket("s3.eu.example.com"),  # type: ignore[arg-type]
        ),
    ):
        pass

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""s3_bucket and bucket_blocks with a store that only the cluster reaches; keys in a Secret, TLS for the Service's name."""

from __future__ import annotations

import uuid
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from kubernetes.dynamic.exceptions import NotFoundError

from sandbox import pki, programs

IMAGE = "ghcr.io/versity/versitygw"
PORT = 9000


@pytest.fixture
def later(api: Any) -> Iterator[str]:
    """The name of a namespace that the test makes when it comes to it; removed afterwards."""
    name = f"it-{uuid.uuid4().hex[:8]}"
    yield name
    with suppress(NotFoundError):
        api.delete("Namespace", name)


def store(namespace: str, folder: Path) -> list[dict[str, Any]]:
    """A versitygw that speaks TLS: its Secret of keys and certificate, its Pod, its Service."""
    pki.Authority(folder, "ca").issue("tls", "s3", names=(f"s3.{namespace}.svc",))
    secret = {"user": b"in-cluster", "password": b"secret-of-the-cluster"}
    secret |= {name: (folder / name).read_bytes() for name in ("tls.crt", "tls.key")}
    keys = {"ROOT_ACCESS_KEY_ID": "user", "ROOT_SECRET_ACCESS_KEY": "password"}
    mounts = {
        "/tls": {"name": "tls"},
        "/data": {"name": "store", "subPath": "data"},
        "/meta": {"name": "store", "subPath": "meta"},
    }
    container = {
        "name": "s3",
        "image": programs.image_reference(IMAGE, programs.load_table()),
        "args": f"--port :{PORT} --cert /tls/tls.crt --key /tls/tls.key posix --sidecar /meta /data".split(),
        "env": [{"name": name, "valueFrom": {"secretKeyRef": {"name": "s3", "key": key}}} for name, key in keys.items()],
        "volumeMounts": [{"mountPath": path, **mount} for path, mount in mounts.items()],
        "readinessProbe": {"tcpSocket": {"port": PORT}, "periodSeconds": 1},
    }
    volumes = [{"name": "store", "emptyDir": {}}, {"name": "tls", "secret": {"secretName": "s3"}}]
    parts: dict[str, dict[str, Any]] = {
        "Secret": {"data": {name: b64encode(value).decode() for name, value in secret.items()}},
        "Pod": {"spec": {"containers": [container], "volumes": volumes, "terminationGracePeriodSeconds": 1}},
        "Service": {"spec": {"selector": {"app": "s3"}, "ports": [{"port": PORT}]}},
    }
    metadata = {"name": "s3", "labels": {"app": "s3"}}
    return [{"apiVersion": "v1", "kind": kind, "metadata": metadata, **part} for kind, part in parts.items()]


def test_a_store_in_the_cluster_is_reached_by_its_own_name(api: Any, later: str, tmp_path: Path, run_module: Any) -> None:
    credentials = {"namespace": later, "name": "s3", "access_key_key": "user", "secret_key_key": "password"}
    config = {"type": "S3", "config": {"bucket": "thanos", "endpoint": f"s3.{later}.svc:{PORT}"}}
    options = {"objstore_config": config, "credentials_secret": credentials, "aws_ca_bundle": str(tmp_path / "ca.crt")}

    planned = run_module("s3_bucket", check=True, **options)
    assert (planned["changed"], planned["created"]) == (True, True), planned
    absent = run_module("s3_bucket", **options)
    assert absent["failed"]
    assert f"no Secret {later}/s3" in absent["msg"]

    api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": later}})
    for item in store(later, tmp_path):
        api.create(item, later)
    made = run_module("s3_bucket", wait_timeout=120, **options)
    assert (made.get("created"), made.get("probed")) == (True, True), made
    assert not run_module("s3_bucket", **options)["changed"]
    assert run_module("bucket_blocks", **options)["count"] == 0

    wrong = run_module("s3_bucket", **{**options, "credentials_secret": {**credentials, "secret_key_key": "pass"}})
    assert wrong["failed"]
    assert "no pass; it has password, tls.crt, tls.key, user" in wrong["msg"]
    untrusted = run_module("s3_bucket", **{**options, "aws_ca_bundle": None})
    assert untrusted["error_kind"] == "tls", untrusted

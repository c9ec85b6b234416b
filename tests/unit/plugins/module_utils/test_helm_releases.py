# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The releases that Helm keeps on a cluster."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _helm_releases
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError


def secret(name: str, revision: int, status: str, namespace: str = "metrics") -> dict[str, Any]:
    labels = {"owner": "helm", "name": name, "version": str(revision), "status": status}
    return {"metadata": {"name": f"sh.helm.release.v1.{name}.v{revision}", "namespace": namespace, "labels": labels}}


def test_of_each_release_the_newest_revision_counts_by_number_not_by_letter() -> None:
    there = [secret("b", 9, "superseded"), secret("b", 10, "deployed"), secret("a", 1, "failed")]
    assert _helm_releases.newest([*there, secret("b", 1, "deployed", "x")]) == [
        {"name": "a", "namespace": "metrics", "revision": 1, "status": "failed", "part_of": None},
        {"name": "b", "namespace": "metrics", "revision": 10, "status": "deployed", "part_of": None},
        {"name": "b", "namespace": "x", "revision": 1, "status": "deployed", "part_of": None},
    ]


class Refusing:
    """An API server that answers a LIST of Secrets with an error."""

    def __init__(self, code: int) -> None:
        self.error = ApiError("no", code, {})

    def list(self, _path: str, **_parameters: Any) -> Iterator[dict[str, Any]]:
        raise self.error
        yield {}


def test_who_may_not_list_secrets_is_told_nothing_of_releases() -> None:
    assert _helm_releases.read(Refusing(403)) is None
    with pytest.raises(ApiError):
        _helm_releases.read(Refusing(500))
    assert _helm_releases.read(Refusing(403), "metrics/a") is None


def content(values: Any) -> dict[str, Any]:
    """What Helm's Secret holds of a release with these values."""
    release = {"chart": {"metadata": {"name": "stack"}, "values": {"nameOverride": ""}}, "config": values}
    return {"data": {"release": b64encode(b64encode(gzip.compress(json.dumps(release).encode()))).decode()}}


class Holding:
    """An API server with one revision of each of two releases, which may be listed in one namespace alone, or in all."""

    def __init__(self, values: Any, everywhere: bool = True) -> None:
        self.values, self.everywhere = values, everywhere
        self.read: list[str] = []

    def list(self, path: str, **_parameters: Any) -> Iterator[dict[str, Any]]:
        if path == "/api/v1/secrets" and not self.everywhere:
            raise ApiError("no", 403, {})
        yield secret("a", 2, "failed")
        if path == "/api/v1/secrets":
            yield secret("a", 1, "deployed", "x")

    def find(self, path: str) -> dict[str, Any] | None:
        self.read.append(path)
        return content(self.values)


@pytest.mark.parametrize(
    ("values", "part_of"),
    [({"nameOverride": "longterm-metrics"}, "longterm-metrics"), ({"nameOverride": ""}, "stack"), ({}, "stack"), (None, "stack")],
)
def test_what_a_release_is_part_of_is_told_by_its_values_as_charts_do(values: Any, part_of: str) -> None:
    api = Holding(values)
    assert [(item["namespace"], item["part_of"]) for item in _helm_releases.read(api, "metrics/a") or ()] == [
        ("metrics", part_of),
        ("x", None),
    ]
    # Nothing but the release that was asked for, in its newest revision.
    assert api.read == ["/api/v1/namespaces/metrics/secrets/sh.helm.release.v1.a.v2"]


def test_what_no_release_was_asked_for_holds_is_not_read() -> None:
    api = Holding({})
    assert len(_helm_releases.read(api) or ()) == len(_helm_releases.read(api, "metrics/b") or ()) == 2
    assert not api.read


def test_the_rights_of_helm_in_its_namespace_are_enough() -> None:
    found = _helm_releases.read(Holding({"nameOverride": "ours"}, everywhere=False), "metrics/a")
    assert [(item["namespace"], item["part_of"]) for item in found or ()] == [("metrics", "ours")]

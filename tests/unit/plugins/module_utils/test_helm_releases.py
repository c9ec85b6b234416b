# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The releases that Helm keeps on a cluster."""

from __future__ import annotations

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
        {"name": "a", "namespace": "metrics", "revision": 1, "status": "failed"},
        {"name": "b", "namespace": "metrics", "revision": 10, "status": "deployed"},
        {"name": "b", "namespace": "x", "revision": 1, "status": "deployed"},
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

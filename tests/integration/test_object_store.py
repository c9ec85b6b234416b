# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role object_store tells Thanos of a bucket elsewhere only once that is there."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Any

from tests.integration.api import Api
from tests.playbooks import play

PLAYS = [{"hosts": "all", "gather_facts": False, "roles": ["longterm.metrics.object_store"]}]


def elsewhere(endpoint: str, method: str) -> dict[str, Any]:
    config = {"bucket": "thanos", "endpoint": endpoint, "insecure": True}
    return {
        "object_store_flavour": "none",
        "object_store_bucket_method": method,
        # There is none such: a Job that comes to nothing.
        "object_store_job_image": "localhost/none:1",
        "metrics_objstore_config": {"type": "S3", "config": config},
    }


def told(api: Api, namespace: str) -> str:
    """What Thanos is told; empty when nothing is."""
    found = api.find("Secret", "thanos-objstore", namespace)
    return b64decode(found["data"]["objstore.yml"]).decode() if found else ""


def test_a_bucket_that_its_job_cannot_make_is_not_told_to_thanos(api: Api, namespace: str, tmp_path: Path) -> None:
    cases = {
        name: elsewhere(endpoint, method) | {"metrics_namespace": namespace}
        for name, endpoint, method in (("good", "before:9000", "none"), ("dead", "now:9000", "job"))
    }
    assert play(PLAYS, {"good": cases["good"]}, tmp_path).returncode == 0
    before = told(api, namespace)
    assert "before:9000" in before
    ran = play(PLAYS, {"dead": cases["dead"]}, tmp_path)
    assert ran.returncode != 0
    assert "container bucket (localhost/none:1)" in ran.stdout
    assert told(api, namespace) == before

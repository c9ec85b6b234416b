# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bucket as it should be: made where it is missing, given the settings that were asked for, and proven to work.

Of what nobody asked for nothing is read: stores other than AWS refuse many of these requests.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._objstore import Bucket
from ansible_collections.longterm.metrics.plugins.module_utils._s3_errors import StoreError, code_of, explained
from ansible_collections.longterm.metrics.plugins.module_utils._s3_settings import read_setting, write_setting


@dataclass(frozen=True)
class Outcome:
    """`before` and `after` hold the bucket's name and region and the settings asked for; `before` is empty for a new one."""

    created: bool
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def changed(self) -> bool:
        return self.before != self.after


def would_create(bucket: Bucket, wanted: Mapping[str, Any]) -> Outcome:
    """The outcome where there is no bucket yet."""
    return Outcome(created=True, before={}, after={"bucket": bucket.name, "region": bucket.region, **wanted})


def ensure(client: Any, bucket: Bucket, wanted: Mapping[str, Any], *, check: bool = False) -> Outcome:
    """Make the bucket and the settings of _s3_settings.wanted_settings so; with `check` only tell. Raises StoreError."""
    outcome = would_create(bucket, wanted)
    exists = _exists(client, bucket)
    if not exists:
        if check:
            return outcome
        _create(client, bucket)
    # A new bucket has settings as well, and a store may have defaults of its own for them.
    found = {name: read_setting(client, bucket, name, value) for name, value in wanted.items()}
    for name, value in wanted.items():
        if not check and value != found[name]:
            write_setting(client, bucket, name, value)
    if exists:
        outcome = Outcome(created=False, before={**outcome.after, **found}, after=outcome.after)
    return outcome


def probe(client: Any, bucket: Bucket) -> None:
    """Put, get, list and delete one small object, as Thanos will need to. Nothing of it stays. Raises StoreError."""
    key = bucket.key(f"longterm-metrics-probe-{uuid.uuid4()}")
    content = key.encode()
    place = {"Bucket": bucket.name, "Key": key}
    gone = False
    try:
        with explained(bucket, f"the probe's put of {key}"):
            put = client.put_object(**place, Body=content)
        with explained(bucket, f"the probe's get of {key}"):
            seen = client.get_object(**place)["Body"].read()
        if seen != content:
            raise _unusable(bucket, f"get of {key}", f"it gave {len(seen)} bytes other than the {len(content)} put before")
        with explained(bucket, f"the probe's list of {key}"):
            listed = [entry["Key"] for entry in client.list_objects_v2(Bucket=bucket.name, Prefix=key).get("Contents") or ()]
        if listed != [key]:
            raise _unusable(bucket, f"list of {key}", f"it named {len(listed)} objects instead of that one")
        with explained(bucket, f"the probe's delete of {key}"):
            deleted = client.delete_object(**place)
        gone = True
        _remove_versions(client, place, put.get("VersionId"), deleted.get("VersionId"))
    finally:
        if not gone:
            # Also after a put that failed, which may have arrived; what failed before says more than this failing too.
            with suppress(StoreError), explained(bucket, "cleaning up after the probe"):
                client.delete_object(**place)


def _remove_versions(client: Any, place: Mapping[str, str], *versions: str | None) -> None:
    """What a delete leaves in a versioned bucket: the version and the marker. Thanos never needs this right, so it may lack."""
    from botocore.exceptions import ClientError

    for version in versions:
        if version and version != "null":
            with suppress(ClientError):
                client.delete_object(**place, VersionId=version)


def _unusable(bucket: Bucket, step: str, seen: str) -> StoreError:
    return StoreError("answer", bucket, f"the probe's {step}", seen, "Thanos cannot work with a store that answers so.")


def _exists(client: Any, bucket: Bucket) -> bool:
    """Asked by a list, whose refusals, unlike those of HEAD, say why."""
    from botocore.exceptions import ClientError

    with explained(bucket, "looking for it"):
        try:
            client.list_objects_v2(Bucket=bucket.name, MaxKeys=1)
        except ClientError as error:
            if code_of(error) != "NoSuchBucket":
                raise
            return False
    return True


def _create(client: Any, bucket: Bucket) -> None:
    from botocore.exceptions import ClientError

    # S3 refuses the name of its first region as a constraint.
    constraint = {} if bucket.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": bucket.region}}
    with explained(bucket, "making it"):
        try:
            client.create_bucket(Bucket=bucket.name, **constraint)
        except ClientError as error:
            if code_of(error) != "BucketAlreadyOwnedByYou":
                raise

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bucket is made, given its settings, and proven to work."""

from __future__ import annotations

import io
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _objstore, _s3_bucket
from ansible_collections.longterm.metrics.plugins.module_utils._s3_errors import StoreError
from ansible_collections.longterm.metrics.plugins.module_utils._s3_settings import wanted_settings
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_s3 import bucket, refuse
from botocore.stub import ANY, Stubber

LIST = {"Bucket": "b", "MaxKeys": 1}
NO_ENCRYPTION = "ServerSideEncryptionConfigurationNotFoundError"
ALL = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
BLOCK_ALL = {"block_public_acls": True, "ignore_public_acls": True, "block_public_policy": True, "restrict_public_buckets": True}
SSE = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}


def ensure(s3: Stubber, check: bool = False, of: _objstore.Bucket | None = None, **options: Any) -> _s3_bucket.Outcome:
    return _s3_bucket.ensure(s3.client, of or bucket(), wanted_settings(options), check=check)


def test_a_bucket_that_is_there_is_looked_at_and_nothing_else(s3: Stubber) -> None:
    s3.add_response("list_objects_v2", {}, LIST)
    assert not ensure(s3).changed


def test_a_missing_bucket_is_made(s3: Stubber) -> None:
    refuse(s3, "list_objects_v2", "NoSuchBucket", 404, LIST)
    s3.add_response("create_bucket", {}, {"Bucket": "b"})
    outcome = ensure(s3)
    assert (outcome.changed, outcome.created, outcome.before) == (True, True, {})


def test_elsewhere_than_in_the_first_region_a_bucket_is_made_with_its_region(s3: Stubber) -> None:
    refuse(s3, "list_objects_v2", "NoSuchBucket", 404)
    s3.add_response("create_bucket", {}, {"Bucket": "b", "CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}})
    assert ensure(s3, of=bucket("eu-central-1")).after["region"] == "eu-central-1"


def test_a_bucket_made_by_another_run_of_ours_in_between_is_no_error(s3: Stubber) -> None:
    refuse(s3, "list_objects_v2", "NoSuchBucket", 404)
    refuse(s3, "create_bucket", "BucketAlreadyOwnedByYou", 409)
    assert ensure(s3).created


def test_check_mode_makes_no_bucket_and_reads_no_setting_of_one_that_is_missing(s3: Stubber) -> None:
    refuse(s3, "list_objects_v2", "NoSuchBucket", 404)
    outcome = ensure(s3, check=True, versioning=True)
    assert outcome.changed
    assert outcome.after == {"bucket": "b", "region": "us-east-1", "versioning": True}


def test_a_setting_that_is_so_already_is_not_written(s3: Stubber) -> None:
    s3.add_response("list_objects_v2", {})
    s3.add_response("get_bucket_versioning", {"Status": "Enabled"}, {"Bucket": "b"})
    s3.add_response("get_bucket_encryption", {"ServerSideEncryptionConfiguration": SSE}, {"Bucket": "b"})
    s3.add_response("get_bucket_lifecycle_configuration", {"Rules": [{"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}}]})
    s3.add_response("get_public_access_block", {"PublicAccessBlockConfiguration": ALL}, {"Bucket": "b"})
    wanted = {"versioning": True, "encryption": "AES256", "lifecycle": [{"ID": "x"}], "public_access_block": BLOCK_ALL}
    assert not ensure(s3, **wanted).changed


def test_settings_that_differ_are_written_each_by_itself(s3: Stubber) -> None:
    lifecycle = [{"ID": "x", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]
    rules = [{"Status": "Enabled", "Filter": {"Prefix": ""}, **lifecycle[0]}]
    s3.add_response("list_objects_v2", {})
    s3.add_response("get_bucket_versioning", {})
    refuse(s3, "get_bucket_encryption", NO_ENCRYPTION, 404)
    refuse(s3, "get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration", 404)
    refuse(s3, "get_public_access_block", "NoSuchPublicAccessBlockConfiguration", 404)
    s3.add_response("put_bucket_versioning", {}, {"Bucket": "b", "VersioningConfiguration": {"Status": "Enabled"}})
    s3.add_response("put_bucket_encryption", {}, {"Bucket": "b", "ServerSideEncryptionConfiguration": SSE})
    s3.add_response("put_bucket_lifecycle_configuration", {}, {"Bucket": "b", "LifecycleConfiguration": {"Rules": rules}})
    s3.add_response("put_public_access_block", {}, {"Bucket": "b", "PublicAccessBlockConfiguration": ALL})
    outcome = ensure(s3, versioning=True, encryption="AES256", lifecycle=lifecycle, public_access_block=BLOCK_ALL)
    assert (outcome.changed, outcome.created) == (True, False)
    assert (outcome.before["versioning"], outcome.before["encryption"]) == (False, {"algorithm": "none"})


def test_check_mode_tells_a_setting_that_differs_and_leaves_it(s3: Stubber) -> None:
    s3.add_response("list_objects_v2", {})
    s3.add_response("get_bucket_versioning", {"Status": "Suspended"})
    outcome = ensure(s3, check=True, versioning=True)
    assert (outcome.before["versioning"], outcome.after["versioning"]) == (False, True)


@pytest.mark.parametrize("made", [False, True], ids=["looked at", "made"])
def test_a_bucket_that_is_another_account_s_is_told_as_such(s3: Stubber, made: bool) -> None:
    if made:
        refuse(s3, "list_objects_v2", "NoSuchBucket", 404)
        refuse(s3, "create_bucket", "BucketAlreadyExists", 409)
    else:
        refuse(s3, "list_objects_v2", "AccessDenied", 403)
    with pytest.raises(StoreError) as caught:
        ensure(s3)
    assert caught.value.kind == "access"


class Store:
    """An S3 client of a store with one key's content, for the probe alone; `broken` names what it does wrong."""

    def __init__(self, broken: str = "", version: str | None = None) -> None:
        self.broken, self.version = broken, version
        self.objects: dict[str, bytes] = {}
        self.deleted: list[str | None] = []

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> dict[str, Any]:
        self.objects[Key] = Body
        return {"VersionId": self.version} if self.version else {}

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        return {"Body": io.BytesIO(b"other" if self.broken == "get" else self.objects[Key])}

    def list_objects_v2(self, Bucket: str, Prefix: str) -> dict[str, Any]:
        keys = [key for key in self.objects if key.startswith(Prefix) and self.broken != "list"]
        return {"Contents": [{"Key": key} for key in keys]} if keys else {}

    def delete_object(self, Bucket: str, Key: str, VersionId: str | None = None) -> dict[str, Any]:
        self.objects.pop(Key, None)
        self.deleted.append(VersionId)
        return {"VersionId": "marker"} if self.version and VersionId is None else {}


def test_the_probe_leaves_nothing() -> None:
    store = Store()
    _s3_bucket.probe(store, bucket())
    assert (store.objects, store.deleted) == ({}, [None])


def test_in_a_versioned_bucket_the_probe_removes_its_version_and_the_marker() -> None:
    store = Store(version="v1")
    _s3_bucket.probe(store, bucket())
    assert store.deleted == [None, "v1", "marker"]


@pytest.mark.parametrize(("broken", "said"), [("get", "5 bytes other than"), ("list", "0 objects instead")])
def test_a_store_that_does_not_give_back_what_was_put_fails_the_probe_and_is_cleaned_up(broken: str, said: str) -> None:
    store = Store(broken)
    with pytest.raises(StoreError, match=f"the probe's {broken} of p/longterm-metrics-probe-.*{said}"):
        _s3_bucket.probe(store, bucket())
    assert store.objects == {}


def test_a_put_that_fails_is_cleaned_up_too_since_it_may_have_arrived(s3: Stubber) -> None:
    refuse(s3, "put_object", "InternalError", 500)
    s3.add_response("delete_object", {}, {"Bucket": "b", "Key": ANY})
    with pytest.raises(StoreError, match="the probe's put of p/longterm-metrics-probe-"):
        _s3_bucket.probe(s3.client, bucket())

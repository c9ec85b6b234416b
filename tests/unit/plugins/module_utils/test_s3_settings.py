# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a bucket, as they are asked for, read and written."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._s3_errors import StoreError
from ansible_collections.longterm.metrics.plugins.module_utils._s3_settings import read_setting, wanted_settings, write_setting
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_s3 import bucket, refuse
from botocore.stub import Stubber

AWS = bucket(endpoint="s3.amazonaws.com")
OPEN = dict.fromkeys(("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets"), False)


def encrypted(algorithm: str, **key: str) -> dict[str, Any]:
    """The answer of the API; what is written is in the same form."""
    rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm, **key}}]
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def is_so(s3: Stubber, of: Any = None, **options: Any) -> bool:
    """Whether the one setting that `options` ask for is read as asked for."""
    ((name, wanted),) = wanted_settings(options).items()
    return bool(read_setting(s3.client, of or bucket(), name, wanted) == wanted)


def write(s3: Stubber, **options: Any) -> None:
    for name, wanted in wanted_settings(options).items():
        write_setting(s3.client, bucket(), name, wanted)


def test_only_what_was_asked_for_is_a_setting() -> None:
    unset = dict.fromkeys(("versioning", "encryption", "lifecycle", "public_access_block"))
    assert wanted_settings(unset) == {}
    assert wanted_settings({"kms_key_id": "key"}) == {}
    assert wanted_settings({"versioning": False, "lifecycle": []}) == {"versioning": False, "lifecycle": []}


def test_lifecycle_rules_are_asked_for_with_their_defaults_whatever_their_order() -> None:
    rules = [{"ID": "b", "Prefix": "x/"}, {"ID": "a", "Status": "Disabled", "Filter": {"Prefix": "y/"}}]
    assert wanted_settings({"lifecycle": rules})["lifecycle"] == [
        {"ID": "a", "Status": "Disabled", "Filter": {"Prefix": "y/"}},
        {"ID": "b", "Status": "Enabled", "Prefix": "x/"},
    ]


def test_lifecycle_rules_in_another_order_are_no_difference(s3: Stubber) -> None:
    expiration = {"Days": 1}
    found = [{"ID": name, "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": expiration} for name in "ab"]
    s3.add_response("get_bucket_lifecycle_configuration", {"Rules": found}, {"Bucket": "b"})
    assert is_so(s3, lifecycle=[{"ID": name, "Expiration": expiration} for name in "ba"])


@pytest.mark.parametrize(
    ("operation", "code", "options"),
    [
        ("get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError", {"encryption": "none"}),
        ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration", {"lifecycle": []}),
        ("get_public_access_block", "NoSuchPublicAccessBlockConfiguration", {"public_access_block": OPEN}),
    ],
)
def test_a_setting_that_was_never_made_has_its_default(s3: Stubber, operation: str, code: str, options: dict[str, Any]) -> None:
    refuse(s3, operation, code, 404, {"Bucket": "b"})
    assert is_so(s3, **options)


def test_a_bucket_that_never_had_versions_has_none(s3: Stubber) -> None:
    s3.add_response("get_bucket_versioning", {}, {"Bucket": "b"})
    assert is_so(s3, versioning=False)


def test_a_setting_the_store_refuses_to_show_is_an_error_that_names_it(s3: Stubber) -> None:
    refuse(s3, "get_bucket_encryption", "NotImplemented", 501)
    with pytest.raises(StoreError, match=r"reading encryption failed.*leave the option unset"):
        is_so(s3, encryption="AES256")


def test_a_bucket_that_is_gone_meanwhile_has_no_default(s3: Stubber) -> None:
    refuse(s3, "get_bucket_lifecycle_configuration", "NoSuchBucket", 404)
    with pytest.raises(StoreError, match="reading lifecycle failed: 404 NoSuchBucket"):
        is_so(s3, lifecycle=[])


def test_what_aws_encrypts_anyway_counts_as_no_encryption_and_elsewhere_it_is_one(s3: Stubber) -> None:
    for _read in range(2):
        s3.add_response("get_bucket_encryption", encrypted("AES256"), {"Bucket": "b"})
    assert is_so(s3, AWS, encryption="none")
    assert not is_so(s3, encryption="none")


def test_encryption_by_a_key_is_never_none(s3: Stubber) -> None:
    s3.add_response("get_bucket_encryption", encrypted("aws:kms"))
    assert not is_so(s3, AWS, encryption="none")


def test_a_kms_key_matters_when_one_is_named(s3: Stubber) -> None:
    for _read in range(3):
        s3.add_response("get_bucket_encryption", encrypted("aws:kms", KMSMasterKeyID="old"))
    assert is_so(s3, encryption="aws:kms")
    assert is_so(s3, encryption="aws:kms", kms_key_id="old")
    assert not is_so(s3, encryption="aws:kms", kms_key_id="new")


def test_public_access_that_a_store_does_not_speak_of_is_not_blocked(s3: Stubber) -> None:
    s3.add_response("get_public_access_block", {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}})
    assert is_so(s3, public_access_block={**OPEN, "block_public_acls": True})


def test_a_setting_is_written_in_the_form_of_the_api(s3: Stubber) -> None:
    suspended = {"VersioningConfiguration": {"Status": "Suspended"}}
    blocked = {"BlockPublicAcls": True, "IgnorePublicAcls": False, "BlockPublicPolicy": False, "RestrictPublicBuckets": False}
    s3.add_response("put_bucket_versioning", {}, {"Bucket": "b", **suspended})
    s3.add_response("put_bucket_encryption", {}, {"Bucket": "b", **encrypted("aws:kms", KMSMasterKeyID="key")})
    s3.add_response("put_public_access_block", {}, {"Bucket": "b", "PublicAccessBlockConfiguration": blocked})
    block = {**OPEN, "block_public_acls": True}
    write(s3, versioning=False, encryption="aws:kms", kms_key_id="key", public_access_block=block)


def test_what_is_to_be_none_is_deleted_since_the_api_takes_no_empty_one(s3: Stubber) -> None:
    s3.add_response("delete_bucket_encryption", {}, {"Bucket": "b"})
    s3.add_response("delete_bucket_lifecycle", {}, {"Bucket": "b"})
    write(s3, encryption="none", lifecycle=[])


def test_a_setting_the_store_does_not_take_is_an_error_that_names_it(s3: Stubber) -> None:
    refuse(s3, "put_bucket_versioning", "AccessDenied", 403)
    with pytest.raises(StoreError, match="setting versioning failed: 403 AccessDenied"):
        write(s3, versioning=True)

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of an S3 bucket: each read and written in the form in which it is asked for.

API: https://docs.aws.amazon.com/AmazonS3/latest/API/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._objstore import Bucket
from ansible_collections.longterm.metrics.plugins.module_utils._s3_errors import code_of, explained

BLOCKED = {
    "block_public_acls": "BlockPublicAcls",
    "ignore_public_acls": "IgnorePublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "restrict_public_buckets": "RestrictPublicBuckets",
}


@dataclass(frozen=True)
class Setting:
    """How one setting is read and written. An answer with the code `absent` means that it has the value `default`."""

    read: Callable[[Any, str], Any]
    write: Callable[[Any, str, Any], Any]
    default: Any = None
    absent: str = ""


def wanted_settings(options: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, by the names of SETTINGS and in the form that `read_setting` gives."""
    wanted: dict[str, Any] = {}
    if options.get("versioning") is not None:
        wanted["versioning"] = options["versioning"]
    if options.get("encryption"):
        key = {"kms_key_id": options["kms_key_id"]} if options.get("kms_key_id") else {}
        wanted["encryption"] = {"algorithm": options["encryption"], **key}
    if options.get("lifecycle") is not None:
        wanted["lifecycle"] = _comparable(options["lifecycle"])
    if options.get("public_access_block") is not None:
        wanted["public_access_block"] = {name: options["public_access_block"][name] for name in BLOCKED}
    return wanted


def read_setting(client: Any, bucket: Bucket, name: str, wanted: Any) -> Any:
    """The setting as it is; `wanted` itself where the difference is none. Raises StoreError."""
    from botocore.exceptions import ClientError

    setting = SETTINGS[name]
    with explained(bucket, f"reading {name}"):
        try:
            value = setting.read(client, bucket.name)
        except ClientError as error:
            if code_of(error) != setting.absent:
                raise
            return setting.default
    if name == "encryption" and _as_good_as(wanted, value, bucket):
        return wanted
    return value


def write_setting(client: Any, bucket: Bucket, name: str, value: Any) -> None:
    """Raises StoreError."""
    with explained(bucket, f"setting {name}"):
        SETTINGS[name].write(client, bucket.name, value)


def _as_good_as(wanted: Mapping[str, str], value: Mapping[str, str], bucket: Bucket) -> bool:
    """AWS encrypts with AES256 whatever is set, so that is its `none`; and a key nobody named may be any."""
    if wanted["algorithm"] == "none":
        return bucket.is_aws and value["algorithm"] == "AES256"
    return wanted["algorithm"] == value["algorithm"] and "kms_key_id" not in wanted


def _read_versioning(client: Any, bucket: str) -> bool:
    return client.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled"


def _write_versioning(client: Any, bucket: str, wanted: bool) -> None:
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled" if wanted else "Suspended"})


def _read_encryption(client: Any, bucket: str) -> dict[str, str]:
    rule = client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    default = rule["ApplyServerSideEncryptionByDefault"]
    key = default.get("KMSMasterKeyID")
    return {"algorithm": default["SSEAlgorithm"], **({"kms_key_id": key} if key else {})}


def _write_encryption(client: Any, bucket: str, wanted: Mapping[str, str]) -> None:
    if wanted["algorithm"] == "none":
        client.delete_bucket_encryption(Bucket=bucket)
        return
    default = {"SSEAlgorithm": wanted["algorithm"]}
    if wanted.get("kms_key_id"):
        default["KMSMasterKeyID"] = wanted["kms_key_id"]
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    client.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)


def _read_lifecycle(client: Any, bucket: str) -> list[dict[str, Any]]:
    return _comparable(client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"])


def _write_lifecycle(client: Any, bucket: str, wanted: list[dict[str, Any]]) -> None:
    if wanted:
        client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": wanted})
    else:
        client.delete_bucket_lifecycle(Bucket=bucket)


def _comparable(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lifecycle rules with their defaults filled in, ordered by ID."""
    filled = [{"Status": "Enabled", **({} if "Prefix" in rule else {"Filter": {"Prefix": ""}}), **rule} for rule in rules]
    return sorted(filled, key=lambda rule: str(rule.get("ID", "")))


def _read_public_access_block(client: Any, bucket: str) -> dict[str, bool]:
    found = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    return {ours: bool(found.get(theirs)) for ours, theirs in BLOCKED.items()}


def _write_public_access_block(client: Any, bucket: str, wanted: Mapping[str, bool]) -> None:
    theirs = {BLOCKED[ours]: value for ours, value in wanted.items()}
    client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=theirs)


UNBLOCKED = dict.fromkeys(BLOCKED, False)
NO_ENCRYPTION = {"algorithm": "none"}
SETTINGS: dict[str, Setting] = {
    "versioning": Setting(_read_versioning, _write_versioning),
    "encryption": Setting(_read_encryption, _write_encryption, NO_ENCRYPTION, "ServerSideEncryptionConfigurationNotFoundError"),
    "lifecycle": Setting(_read_lifecycle, _write_lifecycle, [], "NoSuchLifecycleConfiguration"),
    "public_access_block": Setting(
        _read_public_access_block, _write_public_access_block, UNBLOCKED, "NoSuchPublicAccessBlockConfiguration"
    ),
}

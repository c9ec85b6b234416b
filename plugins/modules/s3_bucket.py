# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: s3_bucket
short_description: Make the S3 bucket of Thanos, and prove that it works
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Takes the objstore configuration that Thanos will read, makes its bucket where it is missing, and sets what is asked for.
    Settings that are not asked for are neither read nor changed.
  - Then it puts, gets, lists and deletes one small object under the prefix, so that a wrong key or endpoint is seen
    before Thanos starts and not as a sidecar that restarts.
  - Buckets and blocks are never removed by this module. They are the history; whoever wants them gone tells the store itself.
extends_documentation_fragment:
  - longterm.metrics.objstore
  - longterm.metrics.cluster
  - longterm.metrics.attributes
  - longterm.metrics.attributes.diff
options:
  state:
    description: Only V(present).
    type: str
    choices: [present]
    default: present
  versioning:
    description: Whether the bucket keeps old versions of its objects.
    type: bool
  encryption:
    description:
      - The default encryption of the bucket.
      - AWS encrypts with V(AES256) also where V(none) is set.
    type: str
    choices: [none, AES256, "aws:kms"]
  kms_key_id:
    description: The key for O(encryption=aws:kms); any is as good as another when unset.
    type: str
  lifecycle:
    description:
      - All lifecycle rules of the bucket, in the form of the S3 API (C(ID), C(Status), C(Filter), ...).
      - An empty list removes them.
      - Do not let rules expire the objects of Thanos. Its compactor does that, block by block; a rule would leave torn blocks.
    type: list
    elements: dict
  public_access_block:
    description: Which public access is blocked, whatever policies and ACLs say; V({}) blocks all of it.
    type: dict
    suboptions:
      block_public_acls:
        description: Refuse new public ACLs.
        type: bool
        default: true
      ignore_public_acls:
        description: Ignore the public ACLs there are.
        type: bool
        default: true
      block_public_policy:
        description: Refuse new public policies.
        type: bool
        default: true
      restrict_public_buckets:
        description: Restrict access by the public policies there are.
        type: bool
        default: true
  probe:
    description: Whether an object is put, got, listed and deleted. Not in check mode.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait for an endpoint that does not answer yet.
    type: int
    default: 0
  wait_sleep:
    description: Seconds before the second attempt; the pauses double up to ten seconds.
    type: float
    default: 1.0
notes:
  - In check mode an in-cluster endpoint, or a Secret with its keys, that is not there yet counts as a bucket still to be made.
seealso:
  - module: longterm.metrics.bucket_blocks
"""

EXAMPLES = r"""
- name: A bucket of an S3 server in the cluster, with the keys of a Secret
  longterm.metrics.s3_bucket:
    objstore_config:
      type: S3
      config:
        bucket: thanos
        endpoint: object-store.monitoring.svc:9000
        insecure: true
    credentials_secret:
      namespace: monitoring
      name: object-store-credentials
    wait_timeout: 60

- name: A bucket on AWS, with the controller's own identity
  longterm.metrics.s3_bucket:
    objstore_config: "{{ lookup('ansible.builtin.file', 'objstore.yml') }}"
    profile: platform
    versioning: false
    encryption: AES256
    public_access_block: {}
    lifecycle:
      - ID: abort-torn-uploads
        AbortIncompleteMultipartUpload:
          DaysAfterInitiation: 7
"""

RETURN = r"""
bucket:
  description: The bucket's name.
  returned: for an objstore configuration of type S3
  type: str
  sample: thanos
endpoint:
  description: The URL of the store.
  returned: for an objstore configuration of type S3
  type: str
  sample: http://object-store.monitoring.svc:9000
region:
  description: The region of the bucket.
  returned: for an objstore configuration of type S3
  type: str
  sample: us-east-1
prefix:
  description: What is in front of every object's key.
  returned: for an objstore configuration of type S3
  type: str
  sample: cluster-1
created:
  description: Whether the bucket was made, or would be.
  returned: for an objstore configuration of type S3
  type: bool
probed:
  description: Whether an object was put, got, listed and deleted.
  returned: for an objstore configuration of type S3
  type: bool
error_kind:
  description:
    - What was wrong, one of V(credentials), V(endpoint) (nothing answers there, or no S3 API), V(tls), V(access) (the bucket
      belongs to another, or a policy keeps these credentials out), and V(answer) for anything else the store said.
  returned: on failure of a request
  type: str
skipped:
  description: The configuration is not of type S3; RV(ignore:msg) says so. Only S3 buckets are made.
  returned: for other types
  type: bool
"""

from functools import partial
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _objstore, _s3_bucket, _s3_client
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module
from ansible_collections.longterm.metrics.plugins.module_utils._s3_settings import BLOCKED, wanted_settings

OPTIONS = {
    "state": {"type": "str", "choices": ["present"], "default": "present"},
    "versioning": {"type": "bool"},
    "encryption": {"type": "str", "choices": ["none", "AES256", "aws:kms"]},
    "kms_key_id": {"type": "str", "no_log": False},
    "lifecycle": {"type": "list", "elements": "dict"},
    "public_access_block": {"type": "dict", "options": {name: {"type": "bool", "default": True} for name in BLOCKED}},
    "probe": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 0},
    "wait_sleep": {"type": "float", "default": 1.0},
}


def make(bucket: _objstore.Bucket, options: dict[str, Any], *, check: bool) -> _s3_bucket.Outcome:
    wanted = wanted_settings(options)
    # What an earlier task only said it would make does not come by waiting.
    attempts = _attempts.attempts(0 if check else options["wait_timeout"], options["wait_sleep"])
    try:
        with _s3_client.open_s3(bucket, options, partial(_cluster.connect, options), attempts) as client:
            outcome = _s3_bucket.ensure(client, bucket, wanted, check=check)
            if options["probe"] and not check:
                _s3_bucket.probe(client, bucket)
    except _s3_client.NotThereYet:
        if not check:
            raise
        return _s3_bucket.would_create(bucket, wanted)
    return outcome


def run(call: Call) -> dict[str, Any]:
    options = call.params
    call.secrets |= _objstore.secrets(options["objstore_config"])
    config = _objstore.parse(options["objstore_config"])
    if config.type != "S3":
        return {"skipped": True, "msg": f"The store is of type {config.type}; only S3 buckets are made."}
    bucket = _objstore.bucket_of(config, options)
    outcome = make(bucket, options, check=call.check_mode)
    return {
        "changed": outcome.changed,
        "bucket": bucket.name,
        "endpoint": bucket.endpoint,
        "region": bucket.region,
        "prefix": bucket.prefix,
        "created": outcome.created,
        "probed": options["probe"] and not call.check_mode,
        "diff": {"before": outcome.before, "after": outcome.after},
    }


MODULE = Definition(
    run,
    {**_cluster.ARGUMENT_SPEC, **_objstore.ARGUMENT_SPEC, **OPTIONS},
    {"required_together": _objstore.REQUIRED_TOGETHER, "mutually_exclusive": _objstore.MUTUALLY_EXCLUSIVE},
    discreet=True,
)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()

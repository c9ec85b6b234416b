# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The blocks in a bucket: read from their meta.json.

Format: https://thanos.io/tip/thanos/storage.md; a folder per block, named by its ULID, with meta.json, index, chunks/ and marks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._block import ULID, Block, created, moment, of_meta
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objstore import Bucket
from ansible_collections.longterm.metrics.plugins.module_utils._s3_client import may_pass
from ansible_collections.longterm.metrics.plugins.module_utils._s3_errors import code_of, explained

META = "meta.json"
AT_ONCE = 8


@dataclass(frozen=True)
class Listing:
    """The blocks that match, how many were read, and the ULIDs of folders without a readable meta.json."""

    blocks: list[Block]
    total: int
    partial: list[str]

    def as_result(self) -> dict[str, Any]:
        return {"blocks": [block.as_result() for block in self.blocks], "count": len(self.blocks), "partial": self.partial}


@dataclass(frozen=True)
class Filter:
    """Which blocks are meant: labels as a subset (empty: absent), any overlap with [min_time, max_time) in ms, a resolution, and
    what was `created_after` a time in ms by its ULID; older ones are not read at all."""

    labels: Mapping[str, str]
    min_time: int | None = None
    max_time: int | None = None
    resolution: str | None = None
    created_after: int | None = None

    def matches(self, block: Block) -> bool:
        return (
            all(block.labels.get(name, "") == value for name, value in self.labels.items())
            and (self.min_time is None or block.max_time > self.min_time)
            and (self.max_time is None or block.min_time < self.max_time)
            and self.resolution in (None, block.resolution)
        )

    def __str__(self) -> str:
        labels = [f'{name}="{value}"' for name, value in sorted(self.labels.items())]
        rest = [f"{name} {value}" for name, value in vars(self).items() if name != "labels" and value is not None]
        return ", ".join(labels + rest) or "any"


def find_blocks(client: Any, bucket: Bucket, wanted: Filter) -> Listing:
    """One look: a flat listing, which also tells marks and sizes, and a GET of every meta.json. Raises StoreError."""
    folders: dict[str, dict[str, int]] = {}
    for path, size in _objects(client, bucket):
        ulid, _slash, file = path.partition("/")
        if file and ULID.fullmatch(ulid):
            folders.setdefault(ulid, {})[file] = size
    after = wanted.created_after
    folders = {ulid: files for ulid, files in folders.items() if after is None or created(ulid) > after}
    with_meta = [ulid for ulid, files in folders.items() if META in files]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        metas = dict(zip(with_meta, pool.map(lambda ulid: _meta(client, bucket, ulid), with_meta), strict=True))
    blocks = [block for ulid, meta in metas.items() if meta and (block := of_meta(ulid, meta, folders[ulid]))]
    partial = sorted(set(folders) - {block.ulid for block in blocks})
    matching = sorted((block for block in blocks if wanted.matches(block)), key=lambda block: (block.min_time, block.ulid))
    return Listing(matching, len(blocks), partial)


def await_blocks(
    connect: Callable[[], AbstractContextManager[Any]],
    bucket: Bucket,
    wanted: Filter,
    least: int,
    attempts: Iterable[int],
    each: Sequence[Filter] = (),
) -> Listing:
    """Look until `least` blocks match, and one of them each of `each`. Else MetricsError tells what was there."""
    missing = [f"fewer than {least} blocks ({wanted}) in time; seen: nothing"] if least else []
    missing += [_missing(one, []) for one in each]
    listing = Listing([], 0, [])
    for _attempt in attempts:
        try:
            with connect() as client:
                listing = find_blocks(client, bucket, wanted)
        except MetricsError as error:
            if not (least or each) or not may_pass(error):
                raise
            missing = [f"no answer in time: {error.message}"]
            continue
        missing = [_missing(one, listing.blocks) for one in each if not any(map(one.matches, listing.blocks))]
        if len(listing.blocks) < least:
            seen = f"{listing.total} blocks, {len(listing.blocks)} of them matching; "
            seen += f"{len(listing.partial)} folders without meta.json"
            missing.append(f"fewer than {least} blocks ({wanted}) in time; seen: {seen}")
        if not missing:
            return listing
    raise MetricsError(
        f"{place(bucket)}: {'; '.join(missing)}. Look at the log of what uploads them (sidecar, receive, ruler, compactor).",
        bucket=bucket.name,
        endpoint=bucket.endpoint,
        **listing.as_result(),
    )


def place(bucket: Bucket) -> str:
    """A bucket as messages call it."""
    return f"Bucket {bucket.name} at {bucket.endpoint}" + (f", prefix {bucket.prefix}" if bucket.prefix else "")


def _missing(wanted: Filter, blocks: Sequence[Block]) -> str:
    """That no block matches, with the newest one of the same labels."""
    labels = Filter(wanted.labels)
    newest = max((block.max_time for block in blocks if labels.matches(block)), default=None)
    seen = "it has none" if newest is None else f"its newest one ends at {moment(newest)}"
    return f"no block of {labels} reaches beyond {moment(wanted.min_time or 0)}; {seen}"


def _objects(client: Any, bucket: Bucket) -> Iterator[tuple[str, int]]:
    """(path without the prefix, size) of every object."""
    prefix = bucket.key("")
    with explained(bucket, "listing it"):
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket.name, Prefix=prefix):
            for entry in page.get("Contents") or ():
                yield entry["Key"][len(prefix) :], entry["Size"]


def _meta(client: Any, bucket: Bucket, ulid: str) -> dict[str, Any] | None:
    """meta.json; None where it is no JSON object or was deleted since it was listed."""
    from botocore.exceptions import ClientError

    key = bucket.key(f"{ulid}/{META}")
    with explained(bucket, f"reading {key}"):
        try:
            meta = json.loads(client.get_object(Bucket=bucket.name, Key=key)["Body"].read())
        except ClientError as error:
            if code_of(error) != "NoSuchKey":
                raise
            return None
        except ValueError:
            return None
    return meta if isinstance(meta, dict) else None

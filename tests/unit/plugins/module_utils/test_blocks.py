# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _block, _blocks, _objstore
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._s3_client import NotThereYet
from botocore.exceptions import ClientError

BUCKET = _objstore.bucket_of(
    _objstore.parse({"type": "S3", "config": {"bucket": "b", "endpoint": "s3.example.com"}, "prefix": "p"}), {}
)
A, B, C = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ", "01KAFTQ7V3B2N7X0Z6M1C9D4EH"
ANY = _blocks.Filter({})


class Store:
    """An S3 client over a dict of objects; `vanishing` keys are listed and then gone. `puts` are in order."""

    def __init__(self, objects: dict[str, Any] | None = None, vanishing: str = "") -> None:
        self.objects = {f"p/{path}": value for path, value in (objects or {}).items()}
        self.vanishing = vanishing
        self.puts: list[str] = []

    def get_paginator(self, _name: str) -> Store:
        return self

    def paginate(self, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        for key, value in self.objects.items():
            if key.startswith(Prefix):
                yield {"Contents": [{"Key": key, "Size": len(_bytes(value))}]}
        yield {}

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        if self.vanishing and self.vanishing in Key:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(_bytes(self.objects[Key]))}

    def put_object(self, Bucket: str, Key: str, Body: Any) -> None:
        self.objects[Key] = Body if isinstance(Body, bytes) else Body.read()
        self.puts.append(Key)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def meta(start: int = 0, end: int = 10, resolution: int = 0, **labels: str) -> dict[str, Any]:
    thanos = {"labels": labels, "downsample": {"resolution": resolution}, "source": "sidecar"}
    stats = {"numSamples": 7, "numSeries": 3}
    return {"minTime": start, "maxTime": end, "compaction": {"level": 2}, "stats": stats, "thanos": thanos}


def ulids(store: Store, wanted: _blocks.Filter) -> list[str]:
    return [block.ulid for block in _blocks.find_blocks(store, BUCKET, wanted).blocks]


def test_a_block_is_what_its_meta_json_and_its_marks_say() -> None:
    store = Store({f"{A}/meta.json": meta(1, 2, 300_000, cluster="one"), f"{A}/no-compact-mark.json": {}, f"{A}/index": b"12345"})
    (block,) = _blocks.find_blocks(store, BUCKET, ANY).blocks
    assert (block.ulid, block.min_time, block.max_time, block.labels) == (A, 1, 2, {"cluster": "one"})
    assert (block.resolution, block.compaction_level, block.source) == ("5m", 2, "sidecar")
    assert (block.num_samples, block.num_series) == (7, 3)
    assert (block.deletion_mark, block.no_compact_mark) == (False, True)
    assert block.size == len(_bytes(store.objects[f"p/{A}/meta.json"])) + len(b"{}12345")


def test_blocks_come_oldest_first_and_foreign_objects_not_at_all() -> None:
    store = Store({f"{A}/meta.json": meta(20, 30), f"{B}/meta.json": meta(10, 20), "debug/meta.json": {}, "meta.json": {}})
    assert ulids(store, ANY) == [B, A]


def test_a_folder_without_a_readable_meta_json_is_partial() -> None:
    store = Store({f"{A}/index": b"x", f"{B}/meta.json": b"torn", f"{C}/meta.json": meta()}, vanishing=C)
    listing = _blocks.find_blocks(store, BUCKET, ANY)
    assert (listing.blocks, listing.total, listing.partial) == ([], 0, [A, B, C])


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (_blocks.Filter({"cluster": "one"}), [A]),
        (_blocks.Filter({"cluster": "one", "replica": "x"}), []),
        (_blocks.Filter({"cluster": "one", "replica": ""}), [A]),
        (_blocks.Filter({"cluster": ""}), []),
        (_blocks.Filter({}, min_time=10), [B]),
        (_blocks.Filter({}, max_time=10), [A]),
        (_blocks.Filter({}, min_time=9, max_time=11), [A, B]),
        (_blocks.Filter({}, resolution="1h"), [B]),
    ],
    ids=str,
)
def test_labels_match_as_a_subset_and_empty_ones_by_absence_times_by_overlap(wanted: _blocks.Filter, found: list[str]) -> None:
    store = Store({f"{A}/meta.json": meta(0, 10, cluster="one"), f"{B}/meta.json": meta(10, 20, 3_600_000, cluster="two")})
    assert ulids(store, wanted) == found


def connections(*stores: Any) -> Any:
    """A connect function that gives these clients in turn; an exception among them is raised."""
    turns = iter(stores)

    @contextmanager
    def connect() -> Iterator[Any]:
        turn = next(turns)
        if isinstance(turn, Exception):
            raise turn
        yield turn

    return connect


def test_blocks_are_waited_for_over_an_endpoint_that_comes_late() -> None:
    connect = connections(NotThereYet("no pod yet"), Store(), Store({f"{A}/meta.json": meta()}))
    assert len(_blocks.await_blocks(connect, BUCKET, ANY, 1, (1, 2, 3)).blocks) == 1


def test_without_a_least_number_the_first_look_counts() -> None:
    assert _blocks.await_blocks(connections(Store()), BUCKET, ANY, 0, (1, 2)).blocks == []
    with pytest.raises(NotThereYet):
        _blocks.await_blocks(connections(NotThereYet("no pod")), BUCKET, ANY, 0, (1, 2))


def test_too_few_blocks_in_time_are_an_error_that_says_what_was_seen() -> None:
    store = Store({f"{A}/meta.json": meta(cluster="two"), f"{B}/index": b"x"})
    wanted = _blocks.Filter({"cluster": "one"}, resolution="5m")
    said = r'prefix p: fewer than 1 blocks \(cluster="one", resolution 5m\) in time; seen: 1 blocks, 0 of them matching; 1 '
    with pytest.raises(MetricsError, match=said):
        _blocks.await_blocks(connections(store), BUCKET, wanted, 1, (1,))


REPLICAS = [_blocks.Filter({"cluster": "one", "replica": name}, min_time=100) for name in "ab"]


def test_a_block_of_each_replica_is_waited_for() -> None:
    only_a = {f"{A}/meta.json": meta(90, 110, cluster="one", replica="a")}
    both = {**only_a, f"{B}/meta.json": meta(90, 110, cluster="one", replica="b")}
    listing = _blocks.await_blocks(connections(Store(only_a), Store(both)), BUCKET, ANY, 0, (1, 2), REPLICAS)
    assert [block.ulid for block in listing.blocks] == [A, B]


def test_the_replica_whose_newest_block_is_missing_is_named_with_the_one_that_there_is() -> None:
    objects = {
        f"{A}/meta.json": meta(90_000, 110_000, cluster="one", replica="a"),
        f"{B}/meta.json": meta(80_000, 90_000, cluster="one", replica="b"),
    }
    wanted = [_blocks.Filter({"replica": name}, min_time=100_000) for name in "abc"]
    with pytest.raises(MetricsError) as caught:
        _blocks.await_blocks(connections(Store(objects)), BUCKET, ANY, 0, (1,), wanted)
    assert caught.value.message.startswith(
        'Bucket b at https://s3.example.com, prefix p: no block of replica="b" reaches beyond 1970-01-01 00:01:40 UTC; '
        "its newest one ends at 1970-01-01 00:01:30 UTC; "
        'no block of replica="c" reaches beyond 1970-01-01 00:01:40 UTC; it has none.'
    )
    # Whoever goes on without them has the others.
    assert [block["ulid"] for block in caught.value.details["blocks"]] == [B, A]


def test_a_bucket_that_does_not_answer_while_blocks_are_waited_for_is_the_error() -> None:
    with pytest.raises(MetricsError, match="no answer in time: no pod"):
        _blocks.await_blocks(connections(NotThereYet("no pod")), BUCKET, ANY, 0, (1,), REPLICAS)


def test_blocks_that_were_made_before_a_time_are_not_read() -> None:
    store = Store({f"{A}/meta.json": b"never read", f"{C}/meta.json": meta()}, vanishing=A)
    assert _block.created(C) == 1_763_615_416_163
    listing = _blocks.find_blocks(store, BUCKET, _blocks.Filter({}, created_after=_block.created(C) - 1))
    assert ([block.ulid for block in listing.blocks], listing.partial) == ([C], [])
    assert ulids(store, _blocks.Filter({}, created_after=_block.created(C))) == []


def test_what_a_block_was_made_of_is_read_and_not_returned() -> None:
    compaction = {"level": 2, "sources": [B, C], "parents": [{"ulid": B, "minTime": 0}]}
    listing = _blocks.find_blocks(Store({f"{A}/meta.json": {**meta(), "compaction": compaction}}), BUCKET, ANY)
    assert (listing.blocks[0].sources, listing.blocks[0].parents) == ((B, C), (B,))
    assert {"sources", "parents"}.isdisjoint(listing.as_result()["blocks"][0])

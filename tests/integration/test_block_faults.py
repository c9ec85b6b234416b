# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the proofs of blocks and compactors see of Thanos itself, in processes of this machine and with a folder as the bucket.

There a store leaves out old blocks, a compactor has no bucket, and two of them compact the same blocks, within seconds.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _block, _block_doubles, _compactor_cycles, _proof_blocks

from sandbox import programs
from tests.blocks import DAY, make_blocks
from tests.integration.api import eventually

LABELS = {"cluster": "one", "prometheus_replica": "prometheus-0"}
DAYS = 6


def binary(program: str, name: str) -> Path:
    return programs.Program.from_table(program, programs.load_table()).bin / name


def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Thanos:
    """Thanos' processes; they end with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str) -> str:
        """Start a component; its address for HTTP is returned."""
        address = f"127.0.0.1:{port()}"
        with (self.folder / f"log-{len(self.processes)}").open("wb") as log:
            command = [str(binary("thanos", "thanos")), *arguments, f"--http-address={address}"]
            self.processes.append(subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log))
        eventually(lambda: _answer(address, "/-/ready") is not None, seconds=60)
        return address

    def compact(self, bucket: Path) -> None:
        """Compact what is in a bucket once, to the end."""
        data = self.folder / f"compact-{bucket.name}"
        options = [f"--data-dir={data}", f"--objstore.config={_folder(bucket)}", "--consistency-delay=0s"]
        command = [str(binary("thanos", "thanos")), "compact", *options, f"--http-address=127.0.0.1:{port()}"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def _answer(address: str, path: str) -> str | None:
    try:
        answer = httpx2.get(f"http://{address}{path}")
    except httpx2.HTTPError:
        return None
    return answer.text if answer.status_code == 200 else None


def _folder(bucket: Path) -> str:
    return f"{{type: FILESYSTEM, config: {{directory: {bucket}}}}}"


@pytest.fixture
def thanos(tmp_path: Path) -> Iterator[Thanos]:
    thanos = Thanos(tmp_path)
    yield thanos
    for process in thanos.processes:
        process.kill()
        process.wait()


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    """Days of blocks as a sidecar uploads them, the last one of the day before yesterday."""
    made, bucket = tmp_path / "made", tmp_path / "bucket"
    made.mkdir()
    end = (int(time.time()) // DAY - 1) * DAY
    promtool = str(binary("prometheus", "promtool"))
    for block in make_blocks(made, 'up{job="history"}', end - DAYS * DAY, end, promtool):
        meta = json.loads((block / "meta.json").read_text())
        meta["thanos"] = {"version": 1, "labels": LABELS, "downsample": {"resolution": 0}, "source": "sidecar"}
        (block / "meta.json").write_text(json.dumps(meta))
        shutil.copytree(block, bucket / block.name)
    return bucket


def blocks_of(bucket: Path) -> list[_block.Block]:
    found = []
    for file in bucket.glob("*/meta.json"):
        files = {path.name: path.stat().st_size for path in file.parent.iterdir()}
        block = _block.of_meta(file.parent.name, json.loads(file.read_text()), files)
        found += [block] if block else []
    return found


def test_a_store_that_leaves_out_old_blocks_fails_for_the_oldest_and_for_no_other(
    thanos: Thanos, bucket: Path, run_module: Callable[..., dict[str, Any]]
) -> None:
    thanos.compact(bucket)
    blocks = [block.as_result() for block in blocks_of(bucket)]
    grpc = {name: f"127.0.0.1:{port()}" for name in ("whole", "limited", "query")}
    # How many days a compacted block spans depends on the date.
    begins = sorted(block["min_time"] for block in blocks if not block["deletion_mark"])
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begins[len(begins) // 2] / 1000))
    for name, limit in (("whole", []), ("limited", [f"--min-time={since}"])):
        options = [f"--data-dir={name}", f"--objstore.config={_folder(bucket)}", f"--grpc-address={grpc[name]}"]
        thanos.start("store", *options, *limit)
    endpoints = [f"--endpoint={grpc['whole']}", f"--endpoint={grpc['limited']}", "--query.replica-label=prometheus_replica"]
    query = thanos.start("query", f"--grpc-address={grpc['query']}", *endpoints)
    eventually(lambda: (_answer(query, "/api/v1/stores") or "").count('"lastError":null') == 2, seconds=60)

    replica = {"labels": LABELS, "min_time": 0}
    probes = _proof_blocks.probes(blocks, replicas=[replica], replica_label="prometheus_replica", minutes=360)
    assert len(probes) == 3
    # As the role asks.
    asked = {"via": "url", "url": f"http://{query}", "dedup": False, "partial_response": False, "wait_timeout": 1}
    failed = {
        name: [
            probe["what"].partition("(")[2].partition(";")[0]
            for probe in probes
            if run_module(
                "promql",
                query=probe["query"],
                time=probe["time"],
                max_source_resolution=probe["resolution"],
                store_matches=[f'{{__address__=~"{grpc[name]}"}}'],
                expect="length(@) > `0`",
                **asked,
            )["failed"]
        ]
        for name in ("whole", "limited")
    }
    assert failed == {"whole": [], "limited": ["oldest"]}


def test_two_compactors_leave_traces_and_one_leaves_none(thanos: Thanos, bucket: Path, tmp_path: Path) -> None:
    # Both start with the same list of blocks.
    other = tmp_path / "other"
    shutil.copytree(bucket, other)
    thanos.compact(bucket)
    thanos.compact(other)
    compacted = [block for block in blocks_of(bucket) if block.source == "compactor"]
    assert {block.resolution for block in compacted} == {"raw", "5m"}
    assert _block_doubles.doubles(blocks_of(bucket)) == []
    shutil.copytree(other, bucket, dirs_exist_ok=True)
    assert len(_block_doubles.doubles(blocks_of(bucket))) == len(compacted)


def test_a_compactor_without_its_bucket_is_told_by_its_metrics(thanos: Thanos, bucket: Path) -> None:
    nowhere = "{type: S3, config: {bucket: b, endpoint: '127.0.0.1:1', insecure: true, access_key: a, secret_key: b}}"
    waits = ["--wait", "--wait-interval=2s"]
    works = thanos.start("compact", *waits, "--data-dir=works", f"--objstore.config={_folder(bucket)}")
    fails = thanos.start("compact", *waits, "--data-dir=fails", f"--objstore.config={nowhere}")

    def work(address: str) -> _compactor_cycles.Work:
        now, values = time.time(), _compactor_cycles.parsed(_answer(address, "/metrics") or "")
        sample = _compactor_cycles.Sample.of(now, values)
        return _compactor_cycles.judge([sample], started=values[_compactor_cycles.STARTED], now=now, max_age=600)

    eventually(lambda: work(works).cycle > 0, seconds=60)
    assert work(works).findings == ()
    eventually(lambda: len(work(fails).findings) == 1, seconds=60)
    assert work(fails).findings[0].startswith("does not reach its bucket")

"""Real blocks of any age for tests: made by promtool, uploaded as Thanos' sidecar would."""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _objstore, _s3_client

DAY = 86_400
STEP = 60
SECRET = {
    "name": "object-store-credentials",
    "access_key_key": "AWS_ACCESS_KEY_ID",
    "secret_key_key": "AWS_SECRET_ACCESS_KEY",
}


def make_blocks(folder: Path, metric: str, start: int, end: int, promtool: str = "promtool") -> list[Path]:
    """Blocks of one series between two times (seconds), a sample each STEP whose value is its number."""
    samples = [f"{metric} {number} {at}" for number, at in enumerate(range(start, end, STEP))]
    text = "\n".join([f"# TYPE {metric.partition('{')[0]} gauge", *samples, "# EOF", ""])
    (folder / "samples.txt").write_text(text)
    # Six hours instead of two: a third of the uploads, and the compactor has as much to do.
    command = [promtool, "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=6h", "samples.txt", "blocks"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return [path.parent for path in sorted((folder / "blocks").glob("*/meta.json"))]


def upload_block(client: Any, bucket: _objstore.Bucket, folder: Path, labels: Mapping[str, str]) -> str:
    """Upload a block under external labels, meta.json last: what sees that sees the whole block. The ULID is returned."""
    meta = json.loads((folder / "meta.json").read_text())
    files = [*sorted((folder / "chunks").iterdir()), folder / "index"]
    meta["thanos"] = {
        "version": 1,
        "labels": dict(labels),
        "downsample": {"resolution": 0},
        "source": "sidecar",
        "segment_files": [file.name for file in files[:-1]],
        "files": [{"rel_path": str(file.relative_to(folder)), "size_bytes": file.stat().st_size} for file in files],
    }
    for file in files:
        key = bucket.key(f"{meta['ulid']}/{file.relative_to(folder)}")
        client.put_object(Bucket=bucket.name, Key=key, Body=file.read_bytes())
    client.put_object(Bucket=bucket.name, Key=bucket.key(f"{meta['ulid']}/meta.json"), Body=json.dumps(meta).encode())
    return str(meta["ulid"])


def main() -> None:
    """Upload a history that ends a day ago to the bucket of a cluster; print its first and last second and its blocks."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--namespace", required=True)
    parser.add_argument("--objstore-config", required=True, type=json.loads)
    parser.add_argument("--labels", required=True, type=json.loads, help="the external labels")
    parser.add_argument("--metric", required=True)
    parser.add_argument("--days", type=int, default=40)
    arguments = parser.parse_args()
    options = {"via": "auto", "credentials_secret": {**SECRET, "namespace": arguments.namespace}}
    bucket = _objstore.bucket_of(_objstore.parse(arguments.objstore_config), options)
    end = (int(time.time()) // DAY - 1) * DAY
    start = end - arguments.days * DAY
    with tempfile.TemporaryDirectory() as folder:
        blocks = make_blocks(Path(folder), arguments.metric, start, end)
        connect = {"kubeconfig": arguments.kubeconfig}
        with (
            _s3_client.open_s3(bucket, options, lambda: _cluster.connect(connect), _attempts.attempts(30, 1)) as client,
            ThreadPoolExecutor(8) as pool,
        ):
            ulids = list(pool.map(lambda block: upload_block(client, bucket, block, arguments.labels), blocks))
    print(json.dumps({"start": start, "end": end, "blocks": len(ulids)}))


if __name__ == "__main__":
    main()

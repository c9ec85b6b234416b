"""Numbered samples by remote write, while Thanos Query is asked all the time; then whether each of them is there.

Remote write 1.0 is a snappy block of protocol buffers: https://prometheus.io/docs/specs/prw/remote_write_spec/
"""

from __future__ import annotations

import argparse
import json
import re
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

METRIC = "longterm_metrics_numbered"
SERIES = 20
LONGEST = 900.0


def varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def field(number: int, content: bytes) -> bytes:
    """A field of bytes, with its length."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def request(series: Iterable[tuple[Mapping[str, str], float, int]]) -> bytes:
    """A WriteRequest: of each series the labels, and one sample with its time in milliseconds."""
    made = b""
    for labels, value, at in series:
        pairs = (field(1, name.encode()) + field(2, text.encode()) for name, text in sorted(labels.items()))
        sample = varint(1 << 3 | 1) + struct.pack("<d", value) + varint(2 << 3) + varint(at)
        made += field(1, b"".join(field(1, pair) for pair in pairs) + field(2, sample))
    return made


def snappy(content: bytes) -> bytes:
    """A snappy block that compresses nothing: literals of up to 64 KiB."""
    parts = (content[start : start + 65536] for start in range(0, len(content), 65536))
    return varint(len(content)) + b"".join(bytes([61 << 2]) + struct.pack("<H", len(part) - 1) + part for part in parts)


class Router:
    """Writes to the routers of Thanos Receive."""

    def __init__(self, url: str, tenant: str) -> None:
        self.url, self.tenant = f"{url}/api/v1/receive", tenant
        self.retries = 0
        self.refused: list[str] = []

    def write(self, number: int, at: int, run: str) -> None:
        """Send sample `number` of every series until it is taken, as Prometheus does, or refused for good."""
        labels = {"__name__": METRIC, "run": run}
        body = snappy(request(({**labels, "series": str(each)}, float(number), at) for each in range(SERIES)))
        headers = {
            **{"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf"},
            **{"X-Prometheus-Remote-Write-Version": "0.1.0", "THANOS-TENANT": self.tenant},
        }
        deadline = time.monotonic() + 60
        while True:
            try:
                asked = urllib.request.Request(self.url, body, headers)
                urllib.request.urlopen(asked, timeout=15).read()
                return
            except urllib.error.HTTPError as error:
                said = f"{number}: {error.code} {error.read(200)!r}"
                if error.code < 500 or time.monotonic() > deadline:
                    self.refused.append(said)
                    return
            except OSError as error:
                said = f"{number}: {error}"
                if time.monotonic() > deadline:
                    self.refused.append(said)
                    return
            self.retries += 1
            time.sleep(0.5)


class Query:
    """Asks Thanos Query."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/api/v1/query"
        self.asked = 0
        self.failed: list[str] = []

    def ask(self, query: str, **options: str) -> list[dict[str, Any]]:
        parameters = urllib.parse.urlencode({"query": query, **options})
        answer = json.load(urllib.request.urlopen(f"{self.url}?{parameters}", timeout=30))
        return list(answer["data"]["result"])

    def watch(self, run: str, until: threading.Event) -> None:
        """Ask for the newest samples of every series again and again; an answer without one of them has failed."""
        while not until.wait(1.0):
            self.asked += 1
            try:
                found = len(self.ask(f'{METRIC}{{run="{run}"}}'))
                if found != SERIES:
                    self.failed.append(f"{found} of {SERIES} series at {time.time():.0f}")
            except (OSError, ValueError, KeyError) as error:
                self.failed.append(f"{error} at {time.time():.0f}")

    def missing(self, run: str, sent: Mapping[int, int], end: float, copies: int) -> Iterator[str]:
        """What was sent and is in no copy of a series, or in a copy with another number; and series with too few copies."""
        period = int(end - min(sent) / 1000) + 60
        result = self.ask(f'{METRIC}{{run="{run}"}}[{period}s]', time=str(end), dedup="false", partial_response="false")
        found: dict[str, dict[int, set[float]]] = {str(each): {} for each in range(SERIES)}
        seen: dict[str, set[str]] = {name: set() for name in found}
        for one in result:
            series = one["metric"]["series"]
            seen[series].add(one["metric"].get("receive_replica", ""))
            for at, value in one["values"]:
                found[series].setdefault(round(float(at) * 1000), set()).add(float(value))
        for series, samples in found.items():
            lost = [number for at, number in sent.items() if samples.get(at) != {float(number)}]
            if lost:
                yield f"series {series}: {len(lost)} of {len(sent)} samples are missing or wrong, such as {lost[:5]}"
            if len(seen[series]) < copies:
                yield f"series {series} is on {sorted(seen[series])}, fewer than {copies} ingestors"


@contextmanager
def forwarded(kubectl: list[str], service: str, port: int) -> Iterator[str]:
    """The URL on this machine of a port of one pod behind a Service."""
    command = [*kubectl, "port-forward", f"service/{service}", f":{port}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
        if not found:
            raise SystemExit(f"kubectl port-forward to {service} did not begin.")
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield f"http://127.0.0.1:{found[1]}"
    finally:
        process.terminate()
        process.wait()


def main() -> int:
    """Write until a file is there, then count what arrived; exit with 1 when anything was lost, refused or not answered."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--context", required=True)
    parser.add_argument("--namespace", required=True)
    parser.add_argument("--tenant", default="default-tenant")
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--until", type=Path, help="without it, one sample of each series is written and none is looked for")
    options = parser.parse_args()
    kubectl = [
        "kubectl",
        f"--kubeconfig={options.kubeconfig}",
        f"--context={options.context}",
        f"--namespace={options.namespace}",
    ]
    run, sent = f"{time.time():.0f}", {}
    if not options.until:
        with forwarded(kubectl, "thanos-receive-router", 19291) as write_url:
            router = Router(write_url, options.tenant)
            router.write(0, round(time.time() * 1000), run)
        print(json.dumps({"refused": router.refused}))
        return int(bool(router.refused))
    with forwarded(kubectl, "thanos-receive-router", 19291) as write_url, forwarded(kubectl, "thanos-query", 10902) as query_url:
        router, query, stopped = Router(write_url, options.tenant), Query(query_url), threading.Event()
        watcher = threading.Thread(target=query.watch, args=(run, stopped), daemon=True)
        begin = time.monotonic()
        while not options.until.exists() and time.monotonic() - begin < LONGEST:
            number, at = len(sent), round(time.time() * 1000)
            router.write(number, at, run)
            sent[at] = number
            # Query looks for new series of an ingestor every few seconds.
            if number == 15:
                watcher.start()
            time.sleep(max(0.0, begin + number + 1 - time.monotonic()))
        stopped.set()
        if watcher.is_alive():
            watcher.join(60)
        missing = list(query.missing(run, sent, max(sent) / 1000, options.copies))
    said = {"sent": len(sent), "retries": router.retries, "refused": router.refused[:5], "missing": missing[:5]}
    said |= {"run": run, "asked": query.asked, "failed": query.failed[:5], "failures": len(query.failed)}
    print(json.dumps(said))
    return int(bool(router.refused or missing or query.failed or not query.asked))


if __name__ == "__main__":
    sys.exit(main())

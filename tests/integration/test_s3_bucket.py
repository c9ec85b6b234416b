# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""s3_bucket and bucket_blocks against a real S3 server, versitygw, whose folder and access log tell what really happened."""

from __future__ import annotations

import http.server
import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _objstore, _s3_client

from sandbox import pki, programs
from tests import blocks
from tests.integration.api import eventually

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"access_key": "root", "secret_key": "secret-of-root"}
OTHER = {"access_key": "other", "secret_key": "secret-of-other"}
# Seconds since 1970, where a two-hour block begins.
BLOCK_START = 1_760_004_000


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def built() -> dict[str, Path]:
    """The folders of the programs used here, built where the cache lacks them."""
    table, names = programs.load_table(), ["versitygw", "prometheus", "thanos"]
    programs.build(names, table)
    return {name: programs.Program.from_table(name, table).bin for name in names}


class Server:
    """One versitygw on a free loopback port, with its folder of buckets."""

    def __init__(self, binary: Path, folder: Path, *flags: str, certificate: Path | None = None) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.address = f"127.0.0.1:{listener.getsockname()[1]}"
        self.binary, self.data, self.log = binary, folder / "data", folder / "access.log"
        self.tls = certificate is not None
        for name in ("data", "meta", "iam", "versions"):
            (folder / name).mkdir(parents=True)
        options = ["--quiet", "--iam-dir", folder / "iam", "--access-log", self.log]
        if certificate:
            options += ["--cert", certificate, "--key", certificate.with_suffix(".key")]
        backend = ["posix", "--sidecar", folder / "meta", *(flag.format(folder=folder) for flag in flags), self.data]
        self.command = [binary, "--port", self.address, *options, *backend]

    def start(self) -> None:
        keys = {"ROOT_ACCESS_KEY_ID": KEYS["access_key"], "ROOT_SECRET_ACCESS_KEY": KEYS["secret_key"]}
        self.process = subprocess.Popen(self.command, env={**os.environ, **keys}, stdout=subprocess.DEVNULL)

    def await_port(self) -> None:
        eventually(partial(listens, int(self.address.partition(":")[2])))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def add_user(self, user: dict[str, str]) -> None:
        self.admin("create-user", "--access", user["access_key"], "--secret", user["secret_key"], "--role", "userplus")

    def admin(self, *words: str) -> None:
        admin = {"ADMIN_ACCESS_KEY_ID": KEYS["access_key"], "ADMIN_SECRET_ACCESS_KEY": KEYS["secret_key"]}
        command = [self.binary, "admin", "--endpoint-url", f"http://{self.address}", *words]
        subprocess.run(command, env={**os.environ, **admin}, check=True, capture_output=True)

    def operations(self) -> list[str]:
        """The S3 operations served so far, with the object's key where there is one."""
        return [" ".join(found).rstrip(" -") for found in re.findall(r" s3_(\w+) (\S+) ", self.log.read_text())]

    def config(self, bucket: str, prefix: str = "", **settings: Any) -> dict[str, Any]:
        config = {"bucket": bucket, "endpoint": self.address, "insecure": not self.tls, **settings}
        return {"type": "S3", "config": config, "prefix": prefix}


@pytest.fixture(scope="module")
def server(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(built["versitygw"] / "versitygw", tmp_path_factory.mktemp("s3"), "--versioning-dir={folder}/versions")
    server.start()
    server.await_port()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def tls_server(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server with a certificate for its address, and the authority that signed it."""
    folder = tmp_path_factory.mktemp("s3-tls")
    pki.Authority(folder, "ca").issue("server", "s3", names=("127.0.0.1",))
    server = Server(built["versitygw"] / "versitygw", folder, certificate=folder / "server.crt")
    server.start()
    server.await_port()
    yield server, folder / "ca.crt"
    server.stop()


def test_a_missing_bucket_is_made_and_proven_and_nothing_stays_in_it(server: Server, run_module: Any) -> None:
    before = len(server.operations())
    result = run_module("s3_bucket", objstore_config=server.config("made", prefix="team/a"), **KEYS)
    assert (result["changed"], result["created"], result["probed"]) == (True, True, True), result
    assert (server.data / "made").is_dir()
    operations = server.operations()[before:]
    key = operations[-1].split()[1]
    assert key.startswith("team/a/longterm-metrics-probe-")
    assert [entry for entry in operations if key in entry] == [
        f"{verb} {key}" for verb in ("PutObject", "GetObject", "DeleteObject")
    ]
    assert [path for path in (server.data / "made").rglob("*") if path.is_file()] == []


def test_a_second_run_changes_nothing(server: Server, run_module: Any) -> None:
    options = {"objstore_config": server.config("twice"), **KEYS}
    assert run_module("s3_bucket", **options)["changed"]
    again = run_module("s3_bucket", **options)
    assert (again["changed"], again["created"], again["probed"]) == (False, False, True)


def test_check_mode_writes_nothing_and_says_what_it_would_make(server: Server, run_module: Any) -> None:
    options = {"objstore_config": server.config("planned"), "versioning": True, **KEYS}
    before = len(server.operations())
    result = run_module("s3_bucket", check=True, diff=True, **options)
    assert (result["changed"], result["created"], result["probed"]) == (True, True, False)
    assert result["diff"]["before"] == {}
    assert result["diff"]["after"] == {"bucket": "planned", "region": "us-east-1", "versioning": True}
    assert not (server.data / "planned").exists()
    run_module("s3_bucket", check=True, **{**options, "objstore_config": server.config("made")})
    assert {entry.split()[0] for entry in server.operations()[before:]} <= {"ListObjectsV2", "GetBucketVersioning"}


def test_versioning_is_set_once_and_the_probe_leaves_no_version(server: Server, run_module: Any) -> None:
    options = {"objstore_config": server.config("versioned"), "versioning": True, **KEYS}
    run_module("s3_bucket", objstore_config=server.config("versioned"), probe=False, **KEYS)
    first = run_module("s3_bucket", **options)
    assert (first["changed"], first["created"]) == (True, False), first
    assert first["diff"]["before"]["versioning"] is False
    assert not run_module("s3_bucket", **options)["changed"]
    assert not run_module("s3_bucket", check=True, **options)["changed"]
    left = [path for folder in (server.data, server.data.with_name("versions")) for path in (folder / "versioned").rglob("*")]
    assert [path for path in left if path.is_file()] == []


def test_a_setting_the_store_lacks_is_an_error_that_names_it(server: Server, run_module: Any) -> None:
    result = run_module("s3_bucket", objstore_config=server.config("made"), encryption="AES256", **KEYS)
    assert result["failed"]
    assert "encryption" in result["msg"]
    assert "leave the option unset" in result["msg"]


@pytest.mark.parametrize("wrong", [{"access_key": "nobody"}, {"secret_key": "wrong"}], ids=["access key", "secret key"])
def test_wrong_credentials_are_told_as_such(server: Server, run_module: Any, wrong: dict[str, str]) -> None:
    result = run_module("s3_bucket", objstore_config=server.config("made"), **{**KEYS, **wrong})
    assert_failure(result, "credentials", "made", f"http://{server.address}")
    assert "secret" not in result["msg"].replace("secret_key", "").replace("credentials_secret", "")


def test_an_endpoint_where_nothing_listens_is_told_as_such(run_module: Any) -> None:
    config = {"type": "S3", "config": {"bucket": "b", "endpoint": "127.0.0.1:1", "insecure": True}}
    result = run_module("s3_bucket", objstore_config=config, **KEYS)
    assert_failure(result, "endpoint", "b", "http://127.0.0.1:1")
    assert "Connection refused" in result["msg"]


def test_an_endpoint_whose_name_does_not_resolve_is_told_as_such(run_module: Any) -> None:
    config = {"type": "S3", "config": {"bucket": "b", "endpoint": "s3.invalid:9000", "insecure": True}}
    result = run_module("s3_bucket", objstore_config=config, **KEYS)
    assert_failure(result, "endpoint", "b", "http://s3.invalid:9000")
    assert "resolve" in result["msg"]


def test_an_endpoint_that_is_no_s3_api_is_told_as_such(run_module: Any) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as plain:
        threading.Thread(target=plain.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{plain.server_port}"
        config = {"type": "S3", "config": {"bucket": "b", "endpoint": address, "insecure": True}}
        result = run_module("s3_bucket", objstore_config=config, **KEYS)
        plain.shutdown()
    assert_failure(result, "endpoint", "b", f"http://{address}")
    assert "no S3 API" in result["msg"]


def test_a_certificate_nobody_here_trusts_is_told_as_such(tls_server: tuple[Server, Path], run_module: Any) -> None:
    server, authority = tls_server
    result = run_module("s3_bucket", objstore_config=server.config("tls"), **KEYS)
    assert_failure(result, "tls", "tls", f"https://{server.address}")
    assert "aws_ca_bundle" in result["msg"]
    assert run_module("s3_bucket", objstore_config=server.config("tls"), aws_ca_bundle=str(authority), **KEYS)["created"]
    unchecked = server.config("tls", http_config={"tls_config": {"insecure_skip_verify": True}})
    assert not run_module("s3_bucket", objstore_config=unchecked, **KEYS)["failed"]


def test_tls_and_plain_http_mistaken_for_each_other_are_told_apart(
    server: Server, tls_server: tuple[Server, Path], run_module: Any
) -> None:
    result = run_module("s3_bucket", objstore_config=server.config("made", insecure=False), **KEYS)
    assert_failure(result, "tls", "made", f"https://{server.address}")
    assert "config.insecure: true" in result["msg"]
    result = run_module("s3_bucket", objstore_config=tls_server[0].config("tls", insecure=True), **KEYS)
    assert_failure(result, "endpoint", "tls", f"http://{tls_server[0].address}")
    assert "If it expects TLS" in result["msg"]


def test_a_bucket_of_another_account_is_told_as_such(server: Server, run_module: Any) -> None:
    server.add_user(OTHER)
    run_module("s3_bucket", objstore_config=server.config("of-root"), **KEYS)
    result = run_module("s3_bucket", objstore_config=server.config("of-root"), **OTHER)
    assert_failure(result, "access", "of-root", f"http://{server.address}")
    assert "another account" in result["msg"]


def assert_failure(result: dict[str, Any], kind: str, bucket: str, endpoint: str) -> None:
    assert result["failed"], result
    assert (result["error_kind"], result["bucket"], result["endpoint"]) == (kind, bucket, endpoint), result["msg"]
    assert f"Bucket {bucket} at {endpoint}" in result["msg"]


def test_a_server_that_is_still_starting_is_waited_for(built: dict[str, Path], tmp_path: Path, run_module: Any) -> None:
    server = Server(built["versitygw"] / "versitygw", tmp_path)
    starter = threading.Timer(1.5, server.start)
    starter.start()
    try:
        result = run_module("s3_bucket", objstore_config=server.config("late"), wait_timeout=20, **KEYS)
    finally:
        starter.join()
        server.stop()
    assert result.get("created"), result


def test_keys_in_the_configuration_serve_and_are_not_shown(server: Server, run_module: Any) -> None:
    good = run_module("s3_bucket", objstore_config=server.config("made", **KEYS))
    assert not good["failed"], good
    as_text = run_module("s3_bucket", objstore_config=json.dumps(server.config("made", **KEYS)))
    assert not as_text["failed"], as_text
    bad = run_module(
        "s3_bucket",
        objstore_config=server.config("made", **KEYS, region=""),
        region="us-east-1",
        kms_key_id="x",
        encryption="AES256",
    )
    assert bad["failed"]
    for result in (good, as_text, bad):
        assert KEYS["secret_key"] not in json.dumps(result)


def test_other_providers_are_left_alone(run_module: Any) -> None:
    result = run_module("s3_bucket", objstore_config={"type": "GCS", "config": {"bucket": "b"}})
    assert (result["changed"], result["skipped"]) == (False, True)
    assert "GCS" in result["msg"]


def test_ansible_itself_runs_the_module(server: Server) -> None:
    """Through the packaging of modules, which carries only the module_utils it finds imported."""
    arguments = json.dumps({"objstore_config": server.config("ad-hoc"), **KEYS})
    command = [Path(sys.executable).with_name("ansible"), "localhost", "-m", "longterm.metrics.s3_bucket", "-a", arguments]
    inventory = ["-i", "localhost,", "-c", "local", "-e", f"ansible_python_interpreter={sys.executable}"]
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    }
    done = subprocess.run([*command, *inventory], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (server.data / "ad-hoc").is_dir()


@pytest.fixture(scope="module")
def block(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real block of four samples over an hour, as Prometheus writes it."""
    folder = tmp_path_factory.mktemp("block")
    samples = [f'up{{job="one"}} 1 {BLOCK_START + 1200 * number}' for number in range(4)]
    (folder / "samples.txt").write_text("\n".join(["# TYPE up gauge", *samples, "# EOF", ""]))
    command = [built["prometheus"] / "promtool", "tsdb", "create-blocks-from", "openmetrics", "samples.txt", "blocks"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (found,) = [path.parent for path in (folder / "blocks").glob("*/meta.json")]
    return found


@pytest.fixture(scope="module")
def uploaded(server: Server, block: Path, run_module: Any) -> dict[str, Any]:
    """A bucket with that block, one marked for deletion, a torn upload and foreign objects, under a prefix."""
    config = server.config("blocks", prefix="tenant")
    run_module("s3_bucket", objstore_config=config, **KEYS)
    options = {"via": "direct", **KEYS}
    bucket = _objstore.bucket_of(_objstore.parse(config), options)
    with _s3_client.open_s3(bucket, options, lambda: pytest.fail("no cluster is needed")) as client:
        blocks.upload_block(client, bucket, block, {"cluster": "one", "replica": "a"})
        torn, marked = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ"
        meta = {
            "ulid": marked,
            "version": 1,
            "minTime": BLOCK_START * 1000 - 7_200_000,
            "maxTime": BLOCK_START * 1000,
            "compaction": {"level": 3},
            "thanos": {"labels": {"cluster": "two"}, "downsample": {"resolution": 300000}, "source": "compactor"},
        }
        for path, body in {
            f"{torn}/index": b"-",
            f"{marked}/meta.json": json.dumps(meta).encode(),
            f"{marked}/deletion-mark.json": b"{}",
            "debug/metas/x.json": b"{}",
        }.items():
            client.put_object(Bucket=bucket.name, Key=bucket.key(path), Body=body)
    return config


def test_blocks_are_listed_with_what_their_meta_json_says(uploaded: dict[str, Any], block: Path, run_module: Any) -> None:
    result = run_module("bucket_blocks", objstore_config=uploaded, **KEYS)
    assert not result["failed"], result
    older, newer = result["blocks"]
    assert (result["count"], result["changed"], result["partial"]) == (2, False, ["01ARZ3NDEKTSV4RRFFQ69G5FAV"])
    assert (older["resolution"], older["compaction_level"], older["source"], older["deletion_mark"]) == (
        "5m",
        3,
        "compactor",
        True,
    )
    assert newer["ulid"] == block.name
    assert newer["labels"] == {"cluster": "one", "replica": "a"}
    assert (newer["resolution"], newer["source"], newer["num_samples"], newer["num_series"]) == ("raw", "sidecar", 4, 1)
    assert newer["min_time"] == BLOCK_START * 1000
    assert newer["size"] > sum(path.stat().st_size for path in block.rglob("chunks/*"))
    assert not newer["deletion_mark"]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"labels": {"cluster": "one"}}, 1),
        ({"labels": {"cluster": "one", "replica": "b"}}, 0),
        ({"resolution": "5m"}, 1),
        ({"resolution": "1h"}, 0),
        ({"min_time": BLOCK_START * 1000}, 1),
        ({"max_time": BLOCK_START * 1000}, 1),
        ({"min_time": BLOCK_START * 1000 - 1}, 2),
    ],
    ids=str,
)
def test_blocks_are_filtered(uploaded: dict[str, Any], run_module: Any, wanted: dict[str, Any], count: int) -> None:
    assert run_module("bucket_blocks", objstore_config=uploaded, **wanted, **KEYS)["count"] == count


def test_blocks_that_do_not_come_are_an_error_that_says_what_was_seen(uploaded: dict[str, Any], run_module: Any) -> None:
    wanted = {"labels": {"cluster": "three"}, "min_blocks": 1, "wait_timeout": 1, "wait_sleep": 0.5}
    result = run_module("bucket_blocks", objstore_config=uploaded, **wanted, **KEYS)
    assert result["failed"]
    assert 'cluster="three"' in result["msg"]
    assert "2 blocks, 0 of them matching; 1 folders without meta.json" in result["msg"]


def test_a_bucket_that_is_missing_is_told_with_what_makes_it(server: Server, run_module: Any) -> None:
    result = run_module("bucket_blocks", objstore_config=server.config("missing"), **KEYS)
    assert result["failed"]
    assert "longterm.metrics.s3_bucket" in result["msg"]


def test_thanos_reads_an_uploaded_block_as_it_was_meant(
    uploaded: dict[str, Any], block: Path, built: dict[str, Path], tmp_path: Path
) -> None:
    config = {**uploaded, "config": {**uploaded["config"], **KEYS}}
    (tmp_path / "objstore.yml").write_text(json.dumps(config))
    shown = "{{.ULID}} {{.Thanos.Labels.cluster}} {{.Thanos.Labels.replica}} {{.Thanos.Source}} {{.Thanos.Downsample.Resolution}}"
    command = [built["thanos"] / "thanos", "tools", "bucket", "ls", f"--output={shown}", "--objstore.config-file=objstore.yml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert f"{block.name} one a sidecar 0" in done.stdout.splitlines()


def test_credentials_that_were_revoked_are_told_as_such(server: Server, run_module: Any) -> None:
    user = {"access_key": "leaver", "secret_key": "secret-of-leaver"}
    server.add_user(user)
    config = server.config("of-leaver")
    assert not run_module("s3_bucket", objstore_config=config, **user)["failed"]
    assert not run_module("bucket_blocks", objstore_config=config, **user)["failed"]
    server.admin("delete-user", "--access", user["access_key"])
    for module in ("s3_bucket", "bucket_blocks"):
        assert_failure(run_module(module, objstore_config=config, **user), "credentials", "of-leaver", f"http://{server.address}")


def test_a_store_whose_limit_a_query_exceeds_is_named_with_the_limit(
    server: Server, block: Path, built: dict[str, Path], tmp_path: Path, run_module: Any
) -> None:
    config = server.config("limited", **KEYS)
    run_module("s3_bucket", objstore_config=config)
    options = {"via": "direct"}
    bucket = _objstore.bucket_of(_objstore.parse(config), options)
    with _s3_client.open_s3(bucket, options, lambda: pytest.fail("no cluster is needed")) as client:
        blocks.upload_block(client, bucket, block, {"cluster": "one"})
    (tmp_path / "objstore.yml").write_text(json.dumps(config))
    with ExitStack() as stack:
        ports = [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _each in range(4)]
    grpc, http, query, unused = (f"127.0.0.1:{port}" for port in ports)
    store = ["store", f"--grpc-address={grpc}", f"--http-address={http}", "--data-dir=data"]
    commands = [[*store, "--objstore.config-file=objstore.yml", "--store.grpc.downloaded-bytes-limit=1B"]]
    commands.append(["query", f"--http-address={query}", f"--grpc-address={unused}", f"--endpoint={grpc}"])
    asked = {"via": "url", "url": f"http://{query}", "query": "up", "time": str(BLOCK_START + 60), "partial_response": False}
    with ExitStack() as stack:
        for command in commands:
            log = stack.enter_context((tmp_path / f"{command[0]}.log").open("w"))
            process = subprocess.Popen([built["thanos"] / "thanos", *command], cwd=tmp_path, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            # A Query that finds no store tries again only after half a minute.
            eventually(partial(listens, ports[0] if command[0] == "store" else ports[2]))
        # Query finds the store within seconds.
        eventually(lambda: "No StoreAPIs" not in run_module("promql", **asked).get("msg", ""))
        result = run_module("promql", **asked)
    assert "limit 1 violated" in result.get("msg", ""), result
    assert grpc in result["msg"]

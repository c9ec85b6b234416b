from __future__ import annotations

import json
import tarfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from sandbox import programs
from sandbox.errors import SandboxError
from sandbox.programs import Program

TABLE = programs.load_table()


@pytest.mark.parametrize("name", TABLE["programs"])
def test_every_program_pins_its_version_and_all_of_its_sources(name: str) -> None:
    program = Program.from_table(name, TABLE)

    assert program.version.startswith("v")
    sources = "main.go" if program.module.startswith("longterm.metrics/") else "go.sum"
    assert (program.source / sources).stat().st_size > 0


@pytest.mark.parametrize("name", TABLE["images"])
def test_every_image_is_of_a_program_of_the_table(name: str) -> None:
    row = TABLE["images"][name]

    assert row.get("program") in TABLE["programs"] or row["binary"] == "busybox"


def test_a_build_is_keyed_by_everything_it_is_made_from() -> None:
    program = Program.from_table("thanos", TABLE)
    others = [
        replace(program, toolchain="0"),
        replace(program, tags=()),
        replace(program, stamp=()),
        replace(program, keep=("LICENSE",)),
        replace(program, place=(("index.html", "page"),)),
        Program.from_table("versitygw", TABLE),
    ]

    assert len({program.key, *(other.key for other in others)}) == 1 + len(others)


def test_a_program_of_our_own_is_keyed_by_its_source_too(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(programs, "HERE", tmp_path)
    program = Program.from_table("webhook", TABLE)
    program.source.mkdir(parents=True)
    (program.source / "go.mod").write_text("module longterm.metrics/sandbox/webhook\n")
    keys = set()
    for text in ("package main", "package main // changed"):
        (program.source / "main.go").write_text(text)
        keys.add(program.key)

    assert len(keys) == 2


def test_prometheus_is_tagged_by_its_release_and_not_by_its_module() -> None:
    assert programs.image_reference("quay.io/prometheus/prometheus", TABLE) == "quay.io/prometheus/prometheus:v3.15.0"


def test_an_image_has_its_binary_its_entrypoint_and_its_name(tmp_path) -> None:
    (tmp_path / "thanos").write_bytes(b"binary")
    row = TABLE["images"]["quay.io/thanos/thanos"]

    programs._write_archive(tmp_path / "image.tar", "quay.io/thanos/thanos:v1", row, tmp_path)

    with tarfile.open(tmp_path / "image.tar") as archive:
        manifest = json.load(archive.extractfile("manifest.json"))[0]
        config = json.load(archive.extractfile(manifest["Config"]))["config"]
        with tarfile.open(fileobj=archive.extractfile(manifest["Layers"][0])) as layer:
            assert layer.extractfile("bin/thanos").read() == b"binary"
            assert layer.getmember("tmp").mode == 0o1777
    assert manifest["RepoTags"] == ["quay.io/thanos/thanos:v1"]
    assert config["Entrypoint"] == ["/bin/thanos"]
    assert config["User"] == "1001"


def test_clusters_that_start_at_once_make_an_image_once_and_find_it_without_waiting(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LONGTERM_METRICS_CACHE", str(tmp_path))
    written, together = [], threading.Barrier(3)

    def write(target: Path, *_arguments: object) -> None:
        written.append(target)
        time.sleep(0.1)
        target.write_text("image")

    def archive(_number: int) -> Path:
        together.wait()
        return programs.image_archive("quay.io/thanos/thanos", TABLE)

    monkeypatch.setattr(programs, "_write_archive", write)
    with ThreadPoolExecutor(3) as pool:
        (found,) = set(pool.map(archive, range(3)))

    assert len(written) == 1
    monkeypatch.setattr(programs, "build_lock", lambda: pytest.fail("it would wait for a build"))
    assert programs.image_archive("quay.io/thanos/thanos", TABLE) == found


def test_a_build_without_room_is_refused_in_one_sentence(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LONGTERM_METRICS_CACHE", str(tmp_path))
    monkeypatch.setattr(programs, "BUILD_SPACE", 2**60)

    with pytest.raises(SandboxError, match=r"Building etcd takes up to .* set LONGTERM_METRICS_CACHE"):
        programs.build(["etcd"], TABLE)


@pytest.fixture
def room(tmp_path, monkeypatch) -> Callable[[int], None]:
    """Says how many MiB the disk of the cache has free. A batch takes MiB instead of GiB, and nothing is compiled."""
    monkeypatch.setenv("LONGTERM_METRICS_CACHE", str(tmp_path))
    monkeypatch.setattr(programs, "BUILD_SPACE", 18 * 2**20)
    monkeypatch.setattr(programs, "LEAST_SPACE", 4 * 2**20)
    monkeypatch.setattr(programs, "go_environment", lambda version: {"GOCACHE": str(tmp_path / "go-build")})
    monkeypatch.setattr(programs, "_compile", lambda program, environment, tell: program.bin.mkdir(parents=True))
    monkeypatch.setattr(programs.subprocess, "run", lambda *_, **__: None)

    def has(mib: int) -> None:
        monkeypatch.setattr(programs.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=mib * 2**20))

    return has


@pytest.mark.parametrize(
    "folder", ["go-mod/cache/download", "go-build/0f", f"programs/{Program.from_table('etcd', TABLE).bin.name}"]
)
def test_what_an_interrupted_build_holds_is_not_asked_for_again(tmp_path, room, folder) -> None:
    batch = ["etcd", "kubernetes", "prometheus", "thanos", "traefik", "prometheus-operator"]
    room(12)
    with pytest.raises(SandboxError, match="thanos, traefik, prometheus-operator takes up to"):
        programs.build(batch, TABLE)
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "file").write_bytes(b"x" * 7 * 2**20)

    programs.build(batch, TABLE)

    assert not programs._missing(batch, TABLE)


def test_a_light_program_asks_for_less_room_than_a_batch(room) -> None:
    room(5)

    programs.build(["webhook"], TABLE)

    with pytest.raises(SandboxError, match="Building prometheus takes up to"):
        programs.build(["webhook", "prometheus"], TABLE)


def test_the_lightest_program_asks_for_room_too(room) -> None:
    room(3)

    with pytest.raises(SandboxError, match="Building webhook takes up to"):
        programs.build(["webhook"], TABLE)


def test_what_the_cache_holds_is_not_built_again(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LONGTERM_METRICS_CACHE", str(tmp_path))
    monkeypatch.setattr(programs, "go_environment", lambda version: pytest.fail("a build was started"))
    Program.from_table("etcd", TABLE).bin.mkdir(parents=True)

    programs.build(["etcd"], TABLE)


def test_of_older_builds_those_that_a_sandbox_runs_stay(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LONGTERM_METRICS_CACHE", str(tmp_path))
    monkeypatch.setattr(programs, "STATES", tmp_path / "sandboxes")
    program = Program.from_table("etcd", TABLE)
    running, unused = (program.bin.with_name(f"etcd-{digit * 16}") for digit in "01")
    running.mkdir(parents=True)
    unused.mkdir()
    daemons = tmp_path / "sandboxes" / "other" / "daemons.json"
    daemons.parent.mkdir(parents=True)
    daemons.write_text(json.dumps({"etcd": ["env", f"PATH={running}:/bin", f"{running}/server"]}))

    programs._remove_older(program)

    assert running.exists()
    assert not unused.exists()

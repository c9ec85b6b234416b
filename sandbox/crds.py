"""Custom resource definitions of others, out of the Go modules of their releases, in the cache.

`python -m sandbox.crds NAME` prints the folder that holds those of an entry of the table.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from .errors import SandboxError
from .programs import build_lock, cache_dir, go_environment, load_table


def folder(name: str, table: dict) -> Path:
    """The folder with the definitions of an entry of the table; they are brought when first asked for."""
    row = table["crds"][name]
    place = cache_dir() / "crds" / f"{name}-{row['version']}"
    if not place.exists():
        with build_lock():
            if not place.exists():
                _bring(row, place, str(table["go"]))
    return place


def _bring(row: dict, place: Path, toolchain: str) -> None:
    """Download the module, compare its checksum, and put the folder in its place by one rename: what is there is whole."""
    environment, module = go_environment(toolchain), f"{row['module']}@{row['version']}"
    done = subprocess.run(
        ["go", "mod", "download", "-json", module], cwd="/", env=environment, capture_output=True, text=True, check=False
    )
    said = json.loads(done.stdout or "{}")
    if done.returncode or said.get("Error"):
        raise SandboxError(f"The Go module {module} cannot be downloaded: {said.get('Error') or done.stderr.strip()[-300:]}")
    if said["Sum"] != row["sum"]:
        raise SandboxError(
            f"The Go module {module} has the checksum {said['Sum']}, not {row['sum']} as sandbox/programs.yml says."
        )
    part = place.with_name(f"{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(Path(said["Dir"]) / row["folder"], part)
    part.rename(place)
    subprocess.run(["go", "clean", "-modcache"], env=environment, check=False)


if __name__ == "__main__":
    try:
        print(folder(sys.argv[1], load_table()))
    except SandboxError as error:
        sys.exit(f"crds: {error}")

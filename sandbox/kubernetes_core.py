"""The collection kubernetes.core, which comes within the community package `ansible` where no Galaxy is in reach."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from .errors import SandboxError

# Release 12 belongs to ansible-core 2.19.
COMMUNITY_PACKAGE = "ansible==12.3.0"
FOLDER = "ansible_collections/kubernetes/core/"


def extract(place: Path) -> None:
    """Put this one collection of the hundred in there below `place`/ansible_collections."""
    with tempfile.TemporaryDirectory() as folder:
        download = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet", "--no-deps"]
        line = [*download, "--only-binary=:all:", f"--dest={folder}", COMMUNITY_PACKAGE]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SandboxError(f"{COMMUNITY_PACKAGE} cannot be downloaded: {done.stderr.strip()[-500:]}")
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            wheel.extractall(place, [name for name in wheel.namelist() if name.startswith(FOLDER)])

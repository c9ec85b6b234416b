# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring what the engine helm asks of the controller into the cache: helm, and the collection kubernetes.core."""

from __future__ import annotations

import shutil
import sys

from sandbox import kubernetes_core, programs
from sandbox.errors import SandboxError


def main() -> int:
    place = programs.cache_dir() / "collections"
    core = place / kubernetes_core.FOLDER
    try:
        programs.build(["helm"], programs.load_table())
        # Scenarios in several sandboxes may ask for it at once.
        with programs.build_lock():
            if not (core / "MANIFEST.json").exists():
                part = place.with_name("collections.part")
                shutil.rmtree(part, ignore_errors=True)
                kubernetes_core.extract(part)
                # By one rename: what is there is whole.
                core.parent.mkdir(parents=True, exist_ok=True)
                (part / kubernetes_core.FOLDER).rename(core)
                shutil.rmtree(part)
    except SandboxError as error:
        print(f"chart_tools: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kustomization.yaml of a tree of rendered sets, and of each folder in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _rendered, _yaml
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

NAME = "kustomization.yaml"
MARK = "# Rendered by longterm.metrics.kustomization; changes are lost.\n"


def write(
    root: Path, sets: Sequence[str], resources: Iterable[str], patches: Sequence[dict[str, Any]], *, check: bool
) -> dict[str, Any]:
    """Make the tree one that kustomize builds from these sets, in their order, and from `resources`.

    Files of other sets are removed. Return changed, the root's resources, the files removed, and a diff.
    """
    owners = _rendered.owned(root)
    stale = [path for path, owner in owners.items() if owner.name not in sets]
    kept = sorted((path for path in owners if path not in stale), key=lambda path: sets.index(owners[path].name))
    listed: dict[Path, list[str]] = {root: []}
    for path in kept:
        if path.parent != root:
            listed.setdefault(path.parent, []).append(path.name)
        listed[root].append(path.relative_to(root).parts[0])
    # A folder holds several files of a set, and may hold those of several sets.
    listed[root] = list(dict.fromkeys([*listed[root], *resources]))
    wanted = {folder / NAME: _text(names, patches if folder == root else ()) for folder, names in listed.items()}
    present = {path: path.read_text(encoding="utf-8") for path in [*root.glob(NAME), *root.glob(f"*/{NAME}"), *stale]}
    foreign = [str(path) for path, text in present.items() if path in wanted and not text.startswith(MARK)]
    if foreign:
        raise MetricsError(f"{foreign[0]} was not rendered by us and would be overwritten; move it, or choose another path.")
    gone = [path for path, text in present.items() if path not in wanted and (path in stale or text.startswith(MARK))]
    done = _rendered.replace(present, wanted | dict.fromkeys(gone, ""), check=check)
    return {**done, "resources": listed[root], "removed": [str(path) for path in stale]}


def _text(resources: list[str], patches: Sequence[dict[str, Any]]) -> str:
    content = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": resources}
    return MARK + _yaml.dump({**content, **({"patches": list(patches)} if patches else {})})

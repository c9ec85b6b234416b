# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A set written as files, one object each, for a repository that Flux or Argo CD reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import (
    CRD,
    NAMESPACE,
    Object,
    file_name,
    key_of,
    masked,
    read_documents,
    to_yaml,
)

# Only files that begin like this are ever overwritten or removed.
MARK = "# Rendered by longterm.metrics.apply_set; changes are lost.\n"
# Without a cluster nothing tells which kinds have no namespace; these are Kubernetes' own.
_CLUSTER_SCOPED = frozenset(
    f"""
    {NAMESPACE[1]} {CRD[1]} APIService CSIDriver ClusterRole ClusterRoleBinding FlowSchema IngressClass
    MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration PersistentVolume PriorityClass
    PriorityLevelConfiguration RuntimeClass StorageClass ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
    ValidatingWebhookConfiguration VolumeAttributesClass
    """.split()
)


def write(folder: Path, objects: list[Object], namespace: str, *, check: bool) -> dict[str, Any]:
    """Make the folder hold exactly these objects; return changed, the files, and a diff. Files of others are refused."""
    contents: dict[Path, str] = {}
    for item in objects:
        if item["kind"] not in _CLUSTER_SCOPED:
            item["metadata"].setdefault("namespace", namespace)
        path = folder / file_name(key_of(item))
        if path in contents:
            raise MetricsError(f"{key_of(item)} and another object of the set would both be {path}; take one out or rename it.")
        contents[path] = MARK + to_yaml(item)
    present = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))} if folder.is_dir() else {}
    foreign = [str(path) for path, text in present.items() if path in contents and not text.startswith(MARK)]
    if foreign:
        raise MetricsError(
            f"{foreign[0]} was not rendered by us and would be overwritten; move it, or choose another rendered_to."
        )
    stale = [path for path, text in present.items() if path not in contents and text.startswith(MARK)]
    changed = [path for path, text in contents.items() if present.get(path) != text]
    if not check:
        folder.mkdir(parents=True, exist_ok=True)
        for path in changed:
            path.write_text(contents[path], encoding="utf-8")
        for path in stale:
            path.unlink()
    diff = []
    for path in [*changed, *stale]:
        before, after = present.get(path, ""), contents.get(path, "")
        shown = {"before": _shown(before, after), "after": _shown(after, before)}
        diff.append({"before_header": str(path), "after_header": str(path), **shown})
    return {"changed": bool(changed or stale), "files": [str(path) for path in sorted(contents)], "diff": diff}


def _shown(text: str, other: str) -> str:
    """A file's text, fit for a diff: a Secret's values are masked."""
    item, beside = (next(read_documents(side, "The file before"), None) for side in (text, other))
    return MARK + to_yaml(masked(item, beside)) if item and item.get("kind") == "Secret" else text

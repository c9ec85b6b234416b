# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A set written as files, for a repository that Flux or Argo CD reads, and read back from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.longterm.metrics.plugins.module_utils import _yaml
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import (
    CRD,
    NAMESPACE,
    Key,
    Object,
    file_name,
    key_of,
    masked,
    read_documents,
)

# Only files that begin like this are ever overwritten or removed; those of the first release do not name their set.
_MARK = re.compile(
    r"# Rendered by longterm\.metrics\.apply_set(?: for the set (?P<namespace>\S+)/(?P<name>\S+))?; changes are lost\.\n"
)
# A set's folder, and a place in `rendered_as`: one step below the root, so that no file leaves it.
_PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
# Without a cluster nothing tells which kinds have no namespace; these are Kubernetes' own.
_CLUSTER_SCOPED = frozenset(
    f"""
    {NAMESPACE[1]} {CRD[1]} APIService CSIDriver ClusterRole ClusterRoleBinding FlowSchema IngressClass
    MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration PersistentVolume PriorityClass
    PriorityLevelConfiguration RuntimeClass StorageClass ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
    ValidatingWebhookConfiguration VolumeAttributesClass
    """.split()
)


class Owner(NamedTuple):
    """The set that a file is of; the namespace is empty where the file does not tell."""

    namespace: str
    name: str


def mark(name: str, namespace: str) -> str:
    """The first line of a set's files."""
    return f"# Rendered by longterm.metrics.apply_set for the set {namespace}/{name}; changes are lost.\n"


def owned(root: Path) -> dict[Path, Owner]:
    """The files below `root` that we rendered, each with its set."""
    found = {}
    for path in sorted([*root.glob("*.yaml"), *root.glob("*/*.yaml")]):
        with path.open(encoding="utf-8", errors="replace") as file:
            match = _MARK.fullmatch(file.readline())
        if match:
            found[path] = Owner(match["namespace"] or "", match["name"] or path.parent.name)
    return found


def write(
    root: Path, name: str, namespace: str, objects: list[Object], places: Mapping[str, Iterable[str]], *, check: bool
) -> dict[str, Any]:
    """Make `root` hold exactly these objects of the set; return changed, the files, and a diff. Files of others are refused.

    An object is a file in the folder that has the set's name, unless `places` has another for its Kind or Kind/name: a folder,
    or a file (`*.yaml`) in which all those objects stand.
    """
    for place in (name, *places):
        if not _PLACE.fullmatch(place):
            raise MetricsError(
                f"The set or place {place!r} leaves {root}; must be one name of letters, digits, '.', '_' and '-'."
            )
    contents: dict[Path, str] = {}
    for item in objects:
        if item["kind"] not in _CLUSTER_SCOPED:
            item["metadata"].setdefault("namespace", namespace)
        place = _place(key_of(item), places) or name
        shared = place.endswith(".yaml")
        path = root / place if shared else root / place / file_name(key_of(item))
        if path in contents and not shared:
            raise MetricsError(f"{key_of(item)} and another object of the set would both be {path}; take one out or rename it.")
        before = f"{contents[path]}---\n" if path in contents else mark(name, namespace)
        contents[path] = before + _yaml.dump(item)
    owners = owned(root)
    for path in contents:
        if path.exists() and (path not in owners or owners[path].name != name):
            of_whom = f"is of the set {owners[path].name}" if path in owners else "was not rendered by us"
            raise MetricsError(f"{path} {of_whom} and would be overwritten; move it, or choose another rendered_to.")
    present = {path: path.read_text(encoding="utf-8") for path, owner in owners.items() if owner.name == name}
    wanted = {path: contents.get(path, "") for path in [*contents, *present]}
    return {**replace(present, wanted, check=check), "files": [str(path) for path in sorted(contents)]}


def replace(present: Mapping[Path, str], wanted: Mapping[Path, str], *, check: bool) -> dict[str, Any]:
    """Write what differs, remove what is wanted empty and folders that held nothing else; return changed and a diff."""
    changed = {path: text for path, text in wanted.items() if present.get(path, "") != text}
    for path, text in changed.items() if not check else ():
        if text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
    diff = []
    for path, after in changed.items():
        before = present.get(path, "")
        shown = {"before": _shown(before, after), "after": _shown(after, before)}
        diff.append({"before_header": str(path), "after_header": str(path), **shown})
    return {"changed": bool(changed), "diff": diff}


def read(root: Path, name: str, namespace: str) -> list[Object]:
    """The set's objects below `root`, none where that is a tree without the set; MetricsError when it is no tree."""
    owners = owned(root)
    if not owners:
        raise MetricsError(f"{root} holds no rendered set; name a folder that state=rendered wrote.")
    if strangers := {owner.namespace for owner in owners.values()} - {"", namespace}:
        raise MetricsError(f"{root} was rendered for the namespace {', '.join(sorted(strangers))}, not for {namespace}.")
    return [item for path, owner in owners.items() if owner.name == name for item in _documents(path.read_text(encoding="utf-8"))]


def _place(key: Key, places: Mapping[str, Iterable[str]]) -> str | None:
    return next((place for place, names in places.items() if {key.kind, f"{key.kind}/{key.name}"} & set(names)), None)


def _documents(text: str) -> Iterator[Object]:
    return read_documents(text, "A file rendered before")


def _shown(text: str, other: str) -> str:
    """A file's text, fit for a diff: a Secret's values are masked."""
    if "\nkind: Secret\n" not in text:
        return text
    beside = {key_of(item): item for item in _documents(other)}
    return (
        text.partition("\n")[0]
        + "\n"
        + "---\n".join(_yaml.dump(masked(item, beside.get(key_of(item)))) for item in _documents(text))
    )

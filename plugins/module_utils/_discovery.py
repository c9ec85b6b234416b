# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which kinds a cluster serves, from the aggregated discovery documents (two requests)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import CRD, Object, group_of, key_of

ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


@dataclass(frozen=True)
class Resource:
    """One kind in one version of its group, and its paths."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace: str = "", name: str = "") -> str:
        """The path of an object, of a namespace's collection, or of all there are."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        scope = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{root}{scope}/{self.plural}{'/' + name if name else ''}"


class Discovery:
    """The kinds of a cluster; each group's versions in the server's order of preference."""

    def __init__(self, resources: Iterable[Resource], unavailable: Iterable[str] = ()) -> None:
        self._resources: dict[tuple[str, str], list[Resource]] = {}
        self.unavailable = set(unavailable)
        for resource in resources:
            self._resources.setdefault((resource.group, resource.kind), []).append(resource)

    @classmethod
    def read(cls, cluster: Cluster) -> Discovery:
        documents = [cluster.request("GET", path, accept=ACCEPT) for path in ("/api", "/apis")]
        return cls.of_documents(documents)

    @classmethod
    def of_documents(cls, documents: Iterable[dict[str, Any]]) -> Discovery:
        """From APIGroupDiscoveryList documents (apidiscovery.k8s.io/v2)."""
        resources, unavailable = [], set()
        for document in documents:
            for group in document.get("items") or ():
                name = group["metadata"].get("name") or ""
                for version in group.get("versions") or ():
                    if version.get("freshness") == "Stale" or "resources" not in version:
                        unavailable.add(name)
                    for entry in version.get("resources") or ():
                        kind = (entry.get("responseKind") or {}).get("kind")
                        if kind:
                            scope = entry["scope"] == "Namespaced"
                            resources.append(Resource(name, version["version"], kind, entry["resource"], scope))
        return cls(resources, unavailable)

    def find(self, api_version: str, kind: str) -> Resource | None:
        """The kind in exactly this version, or None."""
        for resource in self._resources.get((group_of(api_version), kind), ()):
            if resource.api_version == api_version:
                return resource
        return None

    def preferred(self, group: str, kind: str) -> Resource | None:
        """The kind in its group's preferred version, or None."""
        return next(iter(self._resources.get((group, kind), ())), None)

    def need(self, item: Object) -> Resource:
        """The kind of an object; a MetricsError says what is wrong with it."""
        found = self.find(item["apiVersion"], item["kind"])
        if found:
            return found
        key = key_of(item)
        if key.group in self.unavailable:
            raise MetricsError(f"{key}: the API group {key.group} does not answer now; look at its APIService.")
        versions = [resource.api_version for resource in self._resources.get(key.group_kind, ())]
        if versions:
            raise MetricsError(
                f"{key}: the cluster serves kind {key.kind} as {', '.join(versions)}, not as {item['apiVersion']}."
            )
        raise MetricsError(
            f"{key}: the cluster knows no kind {key.kind} in {item['apiVersion']}; its CRD must be applied before."
        )

    def with_crds(self, objects: Iterable[Object]) -> Discovery:
        """A copy that also knows the kinds the CRDs among `objects` define, whatever the server says of them yet."""
        extended = Discovery([], self.unavailable)
        extended._resources = {key: list(entries) for key, entries in self._resources.items()}
        for item in objects:
            if key_of(item).group_kind == CRD:
                for resource in _served_by(item):
                    entries = extended._resources.setdefault((resource.group, resource.kind), [])
                    if resource not in entries:
                        entries.append(resource)
        return extended


def _served_by(crd: Object) -> list[Resource]:
    """The kind a CRD defines, once for each version it serves."""
    try:
        spec = crd["spec"]
        names, scope = spec["names"], spec["scope"] == "Namespaced"
        versions = [version["name"] for version in spec["versions"] if version.get("served")]
        return [Resource(spec["group"], version, names["kind"], names["plural"], scope) for version in versions]
    except (AttributeError, KeyError, TypeError) as error:
        raise MetricsError(f"{key_of(crd)} is no complete definition ({type(error).__name__}: {error}).") from error

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cluster through the client `kubernetes`, which the modules do not use. Objects are plain dictionaries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from kubernetes import config, dynamic
from kubernetes.dynamic.exceptions import NotFoundError, ResourceNotFoundError

Found = TypeVar("Found")
CRDS = "apiextensions.k8s.io/v1"
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


class Api:
    """What tests see of a cluster, and what they do to it behind the modules' backs."""

    def __init__(self, kubeconfig: str, cache: Path, context: str | None = None) -> None:
        self.client = config.new_client_from_config(kubeconfig, context)
        self.dynamic = dynamic.DynamicClient(self.client, cache_file=str(cache))

    @property
    def server(self) -> str:
        return str(self.client.configuration.host)

    def get(self, kind: str, name: str, namespace: str | None = None, *, api_version: str = "v1") -> dict[str, Any]:
        return self._kind(kind, api_version).get(name=name, namespace=namespace).to_dict()

    def find(self, kind: str, name: str, namespace: str | None = None, *, api_version: str = "v1") -> dict[str, Any] | None:
        """The object, or None when it or its kind is not there."""
        try:
            return self.get(kind, name, namespace, api_version=api_version)
        except (NotFoundError, ResourceNotFoundError):
            return None

    def list(self, kind: str, namespace: str | None = None, *, api_version: str = "v1", **selectors: str) -> list[dict[str, Any]]:
        return self._kind(kind, api_version).get(namespace=namespace, **selectors).to_dict()["items"]

    def names(self, kind: str, namespace: str | None = None, *, api_version: str = "v1", **selectors: str) -> set[str]:
        return {item["metadata"]["name"] for item in self.list(kind, namespace, api_version=api_version, **selectors)}

    def create(self, item: dict[str, Any], namespace: str | None = None, **options: Any) -> dict[str, Any]:
        return self._kind(item["kind"], item["apiVersion"]).create(body=item, namespace=namespace, **options).to_dict()

    def dry_run(self, item: dict[str, Any]) -> None:
        """Have the API server judge an object as apply_set would apply it, and keep nothing."""
        kind = self._kind(item["kind"], item["apiVersion"])
        query = {"dry_run": "All", "force_conflicts": True, "field_manager": "longterm-metrics-test"}
        path = kind.path(namespace=item["metadata"].get("namespace"), name=item["metadata"]["name"])
        header = {"content_type": "application/apply-patch+yaml"}
        self.dynamic.request("patch", path, body=item, query_params=[("fieldValidation", "Strict")], **query, **header)

    def edit(
        self,
        kind: str,
        name: str,
        namespace: str | None = None,
        *,
        change: dict[str, Any],
        manager: str = "kubectl-edit",
        api_version: str = "v1",
    ) -> None:
        """Merge a change into an object, as another field manager."""
        options = {"content_type": "application/merge-patch+json", "field_manager": manager}
        self._kind(kind, api_version).patch(body=change, name=name, namespace=namespace, **options)

    def delete(self, kind: str, name: str, namespace: str | None = None, *, api_version: str = "v1") -> None:
        """Delete an object and do not wait."""
        self._kind(kind, api_version).delete(name=name, namespace=namespace, body={"propagationPolicy": "Background"})

    def text(self, path: str, accept: str = "*/*") -> str:
        """What the API server answers at a path that is no object."""
        answer = self.dynamic.request("get", path, header_params={"Accept": accept}, serialize=False)
        return str(answer.data.decode())

    def send(self, method: str, path: str, body: Any = None) -> str:
        """What is answered to a request at a path that is no object."""
        return str(self.dynamic.request(method, path, body=body, serialize=False).data.decode())

    def _kind(self, kind: str, api_version: str) -> Any:
        return self.dynamic.resources.get(api_version=api_version, kind=kind)


def eventually(look: Callable[[], Found], seconds: float = 30, pause: float = 0.1) -> Found:
    """What `look` gives once that is true; the test fails when it takes too long."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"still {found!r} after {seconds} s"
        time.sleep(pause)
    return found


@contextmanager
def with_definitions(api: Api, definitions: Iterable[dict[str, Any]]) -> Iterator[None]:
    """CRDs, served; those that were not there before are gone afterwards."""
    wanted = list(definitions)
    there = api.names("CustomResourceDefinition", api_version=CRDS)
    missing = [item for item in wanted if item["metadata"]["name"] not in there]
    for item in missing:
        api.create(item)
    plurals = [item["spec"]["names"]["plural"] for item in wanted]
    eventually(lambda: all(f'"{plural}"' in api.text("/apis", DISCOVERY) for plural in plurals))
    try:
        yield
    finally:
        for item in missing:
            api.delete("CustomResourceDefinition", item["metadata"]["name"], api_version=CRDS)

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An API server in memory, by a clock that stands still; it takes the place of the HTTP client in `_cluster.Cluster`.

It answers GET, LIST, PATCH, POST and DELETE as Kubernetes does. The kinds are those of the recorded discovery documents and of
applied CRDs.
"""

from __future__ import annotations

import copy
import json
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.longterm.metrics.tests.unit.plugins.fake_apply import Conflict, Object, applied, merged

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
NOW = "2026-01-01T00:00:00Z"
PATH = re.compile(
    r"/(?:api|apis/(?P<group>[^/]+))/(?P<version>[^/]+)"
    r"(?:/namespaces/(?P<namespace>[^/]+))?/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?"
)

Place = tuple[str, str, str, str]  # group, plural, namespace, name


def recorded(name: str) -> Any:
    """A recorded answer of a real API server, from tests/unit/fixtures."""
    return json.loads((FIXTURES / name).read_text())


class Answer:
    """What the connection reads of an HTTP response."""

    def __init__(self, status_code: int, body: Any) -> None:
        self.status_code = status_code
        self.headers = {"content-type": "text/plain" if isinstance(body, str) else "application/json"}
        self.text = body if isinstance(body, str) else json.dumps(body)

    def json(self) -> Any:
        return json.loads(self.text)


class Refused(Exception):
    """An answer that is a meta/v1 Status."""

    def __init__(self, code: int, reason: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.answer = Answer(code, {"kind": "Status", "code": code, "reason": reason, "message": message, "details": details})


class Request(NamedTuple):
    method: str
    path: str
    params: Mapping[str, Any]
    body: Any

    @property
    def dry_run(self) -> bool:
        return bool(self.params.get("dryRun"))


class FakeServer:
    """`answers` are asked before the server itself; `tasks` run at every sleep, as controllers do in a cluster."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.objects: dict[Place, Object] = {}
        self.requests: list[Request] = []
        self.answers: list[Callable[[Request], Answer | None]] = []
        self.tasks: list[Callable[[], None]] = []
        self._discovery = {"/api": recorded("discovery_core.json"), "/apis": recorded("discovery_groups.json")}
        self._count = 0
        self._lock = threading.RLock()

    # For the tests: what others do to the cluster, and what became of it.

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        for task in self.tasks:
            task()

    def put(self, item: Object, manager: str = "kubectl") -> Object:
        """Somebody else applies an object, by force, and its status."""
        group, _slash, version = item["apiVersion"].rpartition("/")
        plural = next(at[2] for at, kind in self._kinds().items() if (*at[:2], kind) == (group, version, item["kind"]))
        metadata = item["metadata"]
        made = self._apply((group, plural, metadata.get("namespace", ""), metadata["name"]), item, manager, True, False)
        if "status" in item:
            made["status"] = copy.deepcopy(item["status"])
        return made

    def at(self, kind: str, name: str, namespace: str = "metrics") -> Object:
        return next(item for at, item in self.objects.items() if (item["kind"], *at[2:]) == (kind, namespace, name))

    def names(self, kind: str) -> set[str]:
        return {item["metadata"]["name"] for item in self.objects.values() if item["kind"] == kind}

    def writes(self) -> list[Request]:
        """The requests that changed something, those of locks left out."""
        changes = [request for request in self.requests if request.method != "GET" and not request.dry_run]
        return [request for request in changes if not str(request.params.get("fieldManager")).endswith("-lock")]

    def fail(self, method: str, path: str, code: int, reason: str, message: str) -> None:
        """Refuse these requests; `path` is a regular expression of the whole path."""
        refused = Refused(code, reason, message).answer
        self.answers.append(lambda request: refused if request.method == method and re.fullmatch(path, request.path) else None)

    # The HTTP client.

    def request(
        self, method: str, path: str, *, params: Any = None, content: str | None = None, headers: Mapping[str, str]
    ) -> Answer:
        with self._lock:
            request = Request(method, path, dict(params or {}), json.loads(content) if content else None)
            self.requests.append(request)
            for answer in self.answers:
                if (given := answer(request)) is not None:
                    return given
            try:
                return Answer(200, self._answer(request, headers))
            except Refused as refused:
                return refused.answer

    def _answer(self, request: Request, headers: Mapping[str, str]) -> Any:
        if request.path in self._discovery:
            return {"items": self._discovery[request.path]["items"] + (self._custom() if request.path == "/apis" else [])}
        found = PATH.fullmatch(request.path)
        group, version, namespace, plural, name = (
            (found[part] or "" for part in ("group", "version", "namespace", "plural", "name")) if found else [""] * 5
        )
        if (group, version, plural) not in self._kinds():
            raise Refused(404, "NotFound", "the server could not find the requested resource")
        place = (group, plural, namespace, name)
        if request.method == "POST":
            return self._create(place, request)
        if not name:
            return self._list(place, request.params, "PartialObjectMetadataList" in headers["Accept"])
        if request.method == "PATCH" and headers["Content-Type"] == "application/apply-patch+yaml":
            force = request.params.get("force") == "true"
            return self._apply(place, request.body, request.params["fieldManager"], force, request.dry_run)
        if place not in self.objects:
            raise Refused(404, "NotFound", f'{plural} "{name}" not found')
        if request.method == "PATCH":
            return self._merge(place, request.body, request.dry_run)
        return self._delete(place, request.body or {}) if request.method == "DELETE" else self.objects[place]

    def _list(self, place: Place, params: Mapping[str, Any], metadata_only: bool) -> Object:
        group, plural, namespace, _name = place
        items = [item for at, item in sorted(self.objects.items()) if at[:2] == (group, plural) and namespace in ("", at[2])]
        # Items of a LIST come without apiVersion and kind.
        left_out = {"apiVersion", "kind"} if not metadata_only else {"apiVersion", "kind", "spec", "data", "status"}
        shown = [{name: value for name, value in item.items() if name not in left_out} for item in items]
        return {"metadata": {}, "items": [item for item in shown if _selected(item, params.get("labelSelector", ""))]}

    def _create(self, place: Place, request: Request) -> Object:
        place = (*place[:3], request.body["metadata"]["name"])
        if place in self.objects:
            raise Refused(409, "AlreadyExists", f'{place[1]} "{place[3]}" already exists')
        return self._apply(place, request.body, request.params["fieldManager"], True, request.dry_run)

    def _merge(self, place: Place, patch: Object, dry_run: bool) -> Object:
        live = self.objects[place]
        expected = patch.get("metadata", {}).get("resourceVersion")
        if expected and expected != live["metadata"]["resourceVersion"]:
            raise Refused(409, "Conflict", "the object has been modified; please apply your changes to the latest version")
        after = merged(live, patch)
        return after if dry_run else self._store(place, after)

    def _apply(self, place: Place, body: Object, manager: str, force: bool, dry_run: bool) -> Object:
        _group, plural, namespace, name = place
        if namespace and ("", "namespaces", "", namespace) not in self.objects:
            raise Refused(404, "NotFound", f'namespaces "{namespace}" not found')
        live = self.objects.get(place, {})
        after, conflicts = applied(live, body, manager)
        if conflicts and not force:
            raise _conflict(conflicts)
        if live and plural == "statefulsets" and _claims(after) != _claims(live):
            message = f'StatefulSet.apps "{name}" is invalid: spec: Forbidden: updates to statefulset spec for fields other than'
            raise Refused(422, "Invalid", message)
        return after if dry_run else self._store(place, after)

    def _store(self, place: Place, after: Object) -> Object:
        live, after = self.objects.get(place), copy.deepcopy(after)
        metadata = after["metadata"]
        if live is None:
            metadata |= {"uid": f"uid-{self._next()}", "generation": 1, "creationTimestamp": NOW}
        elif _declared(live) != _declared(after):
            metadata["generation"] = live["metadata"]["generation"] + 1
        if live != after:
            metadata["resourceVersion"] = self._next()
        self.objects[place] = after
        return after

    def _delete(self, place: Place, options: Mapping[str, Any]) -> Object:
        live = self.objects[place]
        expected = (options.get("preconditions") or {}).get("uid")
        if expected and expected != live["metadata"]["uid"]:
            raise Refused(409, "Conflict", "the UID in the precondition does not match the UID in record")
        if live["metadata"].get("finalizers"):
            live["metadata"]["deletionTimestamp"] = NOW
            return live
        del self.objects[place]
        if place[1] == "namespaces":
            self.objects = {at: item for at, item in self.objects.items() if at[2] != place[3]}
        if place[1] == "customresourcedefinitions":
            gone = (live["spec"]["group"], live["spec"]["names"]["plural"])
            self.objects = {at: item for at, item in self.objects.items() if at[:2] != gone}
        return {"kind": "Status", "status": "Success"}

    def _kinds(self) -> dict[tuple[str, str, str], str]:
        """(group, version, plural) to kind, of all that is served."""
        groups = [group for document in self._discovery.values() for group in document["items"]]
        return {
            (group["metadata"].get("name", ""), version["version"], entry["resource"]): entry["responseKind"]["kind"]
            for group in (*groups, *self._custom())
            for version in group["versions"]
            for entry in version.get("resources", ())
        }

    def _custom(self) -> list[Object]:
        """The groups of custom resources, as discovery tells them."""
        specs = [item["spec"] for at, item in self.objects.items() if at[1] == "customresourcedefinitions"]
        return [
            {
                "metadata": {"name": spec["group"]},
                "versions": [{"version": version["name"], "resources": [_resource(spec)]} for version in spec["versions"]],
            }
            for spec in specs
        ]

    def _next(self) -> str:
        self._count += 1
        return str(self._count)


def _resource(spec: Object) -> Object:
    return {"resource": spec["names"]["plural"], "scope": spec["scope"], "responseKind": {"kind": spec["names"]["kind"]}}


def _claims(stateful_set: Object) -> Any:
    return stateful_set["spec"].get("volumeClaimTemplates")


def _declared(item: Object) -> Object:
    return {name: value for name, value in item.items() if name not in ("metadata", "status")}


def _selected(item: Object, selector: str) -> bool:
    labels = item["metadata"].get("labels") or {}
    if " in (" in selector:
        name, _in, values = selector.rstrip(")").partition(" in (")
        return labels.get(name) in values.split(",")
    return all(labels.get(term.partition("=")[0]) == term.partition("=")[2] for term in selector.split(",") if term)


def _conflict(conflicts: list[Conflict]) -> Refused:
    causes = [
        {"reason": "FieldManagerConflict", "field": "." + ".".join(leaf), "message": f'conflict with "{other}"'}
        for other, leaf in conflicts
    ]
    return Refused(409, "Conflict", f"Apply failed with {len(causes)} conflict", causes=causes)

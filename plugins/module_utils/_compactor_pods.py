# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pods of a cluster that run `thanos compact`, whatever they are called, and the buckets that they work on."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _objstore
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._container_words import words_of
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._pod_endpoints import FINISHED

SUBCOMMANDS = {"bucket", "compact", "query", "query-frontend", "receive", "rule", "sidecar", "store", "tools"}
CONTENT, FILE = "--objstore.config", "--objstore.config-file"
VARIABLE = re.compile(r"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")
# The options of each provider that say where a bucket is.
PLACES = ("bucket", "container", "directory", "endpoint", "storage_account")
# What only Thanos has, whatever the program is called.
OWN_OPTIONS = (
    *("--objstore.config", "--data-dir", "--wait", "--retention.resolution-", "--downsampling.", "--compact.", "--http-address"),
    *("--consistency-delay", "--delete-delay", "--deduplication.", "--block-files-concurrency", "--log.level", "--log.format"),
)

Place = tuple[tuple[str, str], ...]
Object = Mapping[str, Any]


@dataclass(frozen=True)
class Compactor:
    """A container that runs `thanos compact`. `place` is where its bucket is; without one, `unknown` says why."""

    namespace: str
    pod: str
    container: str
    place: Place | None
    unknown: str = ""

    def __str__(self) -> str:
        return f"Pod {self.namespace}/{self.pod}, container {self.container}"


def pods_of(cluster: Cluster, namespace: str) -> tuple[list[dict[str, Any]], str]:
    """The pods of all namespaces in which they may be listed, of `namespace` at least, and in words which those are."""
    try:
        return list(cluster.list("/api/v1/pods")), "all namespaces"
    except ApiError as error:
        if error.code != 403:
            raise
    try:
        names = [item["metadata"]["name"] for item in cluster.list("/api/v1/namespaces", metadata_only=True)]
    except ApiError as error:
        if error.code != 403:
            raise
        return list(cluster.list(f"/api/v1/namespaces/{namespace}/pods")), "no namespace but its own (others may not be listed)"
    pods: list[dict[str, Any]] = []
    refused = 0
    for name in names:
        try:
            pods += cluster.list(f"/api/v1/namespaces/{name}/pods")
        except ApiError as error:
            if error.code != 403:
                raise
            refused += 1
    return pods, f"{len(names) - refused} of {len(names)} namespaces (in the others, pods may not be listed)"


def compactors(cluster: Cluster, pods: Sequence[Object]) -> Iterator[Compactor]:
    """The containers of these pods (v1 Pod) that run `thanos compact`; finished pods left out."""
    for pod in pods:
        if (pod.get("status") or {}).get("phase") in FINISHED:
            continue
        spec, metadata = pod["spec"], pod["metadata"]
        kinds = ("initContainers", "containers", "ephemeralContainers")
        for container in (container for kind in kinds for container in spec.get(kind) or ()):
            words = words_of(container)
            if not runs_compact(container, words):
                continue
            place, unknown = None, ""
            try:
                place = place_of(_text(cluster, metadata["namespace"], spec, container, words), metadata["namespace"])
            except MetricsError as error:
                unknown = error.message
            yield Compactor(metadata["namespace"], metadata["name"], container["name"], place, unknown)


def runs_compact(container: Object, words: Sequence[str]) -> bool:
    """Whether the subcommand among the words is `compact`, and the program, its image or its options are those of Thanos."""
    names = [word.rpartition("/")[2] for word in words]
    if "compact" not in names:
        return False
    program = next((number for number, name in enumerate(names) if name.startswith("thanos")), -1)
    image = str(container.get("image") or "").partition("@")[0].rpartition("/")[2].partition(":")[0]
    if program < 0 and "thanos" not in image and not any(word.startswith(OWN_OPTIONS) for word in words):
        return False
    # A word after an option without a value may be its value, such as `--log.level store`.
    options = [""] + [name if name.startswith("--") and "=" not in name else "" for name in names]
    commands = [name for name, option in zip(names, options, strict=False) if name in SUBCOMMANDS and not option]
    return not commands or commands[0] == "compact"


def place_of(text: str | Mapping[str, Any], namespace: str) -> Place:
    """Where the bucket of an objstore configuration is: what two configurations of one bucket have in common.

    `namespace` is that of the pod which reads it: there, a host without a dot is a Service beside it.
    """
    parsed = _objstore.parse(text)
    found = {name: str(parsed.config[name]) for name in PLACES if parsed.config.get(name)}
    if "endpoint" in found:
        found["endpoint"] = _endpoint(found["endpoint"].lower(), namespace, bool(parsed.config.get("insecure")))
    place = tuple(sorted({"type": parsed.type, "prefix": parsed.prefix, **found}.items()))
    if any(VARIABLE.search(part) for _name, part in place):
        raise MetricsError("its configuration has variables that are not in its manifest")
    return place


def may_be_same(one: Place, other: Place) -> bool:
    """Whether two places differ in nothing but the endpoint: a bucket may have several."""
    first, second = ({name: value for name, value in place if name != "endpoint"} for place in (one, other))
    return first == second


def _endpoint(endpoint: str, namespace: str, insecure: bool) -> str:
    host, _colon, port = endpoint.partition(":")
    labels = host.rstrip(".").split(".")
    if len(labels) == 1:
        labels.append(namespace)
    if labels[2:3] == ["svc"]:
        labels = labels[:2]
    return f"{'.'.join(labels)}:{port or (80 if insecure else 443)}"


def _text(cluster: Cluster, namespace: str, spec: Object, container: Object, words: Sequence[str]) -> str:
    """The objstore configuration that a container is given. Raises MetricsError with the reason why it cannot be read."""
    content, file = _option(words, CONTENT), _option(words, FILE)
    if not content and not file:
        raise MetricsError(f"it has neither {CONTENT} nor {FILE}")

    def value(found: re.Match[str]) -> str:
        try:
            return _variable(cluster, namespace, container, found[1])
        except MetricsError:
            if content and found[0] == content.strip():
                raise
            return found[0]

    # Kubernetes puts variables into arguments, Thanos into what it reads.
    return VARIABLE.sub(value, content or _file(cluster, namespace, spec, container, file))


def _option(words: Sequence[str], name: str) -> str:
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == name:
            return following
        if word.startswith(name + "="):
            return word[len(name) + 1 :]
    return ""


def _variable(cluster: Cluster, namespace: str, container: Object, name: str) -> str:
    entry: Object = next((one for one in container.get("env") or () if one["name"] == name), {})
    if "value" in entry:
        return str(entry["value"])
    source = entry.get("valueFrom") or {}
    for kind, plural in (("secretKeyRef", "secrets"), ("configMapKeyRef", "configmaps")):
        if kind in source:
            return _read(cluster, namespace, plural, source[kind]["name"], source[kind]["key"])
    raise MetricsError(f"its configuration is in the variable {name}, which is not in its manifest")


def _file(cluster: Cluster, namespace: str, spec: Object, container: Object, path: str) -> str:
    mounts = [one for one in container.get("volumeMounts") or () if f"{path}/".startswith(one["mountPath"].rstrip("/") + "/")]
    if mounts:
        mount = max(mounts, key=lambda one: len(one["mountPath"]))
        key = mount.get("subPath") or path[len(mount["mountPath"].rstrip("/")) + 1 :]
        volume: Object = next((one for one in spec.get("volumes") or () if one["name"] == mount["name"]), {})
        for source in (volume, *((volume.get("projected") or {}).get("sources") or ())):
            for kind, plural, name in (("secret", "secrets", "secretName"), ("configMap", "configmaps", "name")):
                found = source.get(kind)
                if found:
                    keys = {item["path"]: item["key"] for item in found.get("items") or ()}
                    if key in keys or not keys:
                        return _read(cluster, namespace, plural, found.get(name) or found["name"], keys.get(key, key))
    raise MetricsError(f"its configuration is the file {path}, which is in no Secret and no ConfigMap of its manifest")


def _read(cluster: Cluster, namespace: str, plural: str, name: str, key: str) -> str:
    what = f"{plural[:-1]} {namespace}/{name}"
    try:
        found = cluster.find(f"/api/v1/namespaces/{namespace}/{plural}/{name}")
    except ApiError as error:
        if error.code != 403:
            raise
        raise MetricsError(f"its configuration is in the {what}, which may not be read") from error
    data = (found or {}).get("data") or {}
    if key not in data:
        raise MetricsError(f"its configuration is in the {what}, which has no {key}")
    return b64decode(data[key]).decode(errors="replace") if plural == "secrets" else str(data[key])

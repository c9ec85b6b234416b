# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a cluster's nodes can carry, and what its pods have asked for already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _quantity
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

Amounts = dict[str, Decimal]

COUNTED = ("cpu", "memory", "pods")
KEEPS_PODS_AWAY = ("NoSchedule", "NoExecute")


def capacity(nodes: Iterable[Mapping[str, Any]], pods: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`allocatable`, `requests` and `free`, for each node and summed over the schedulable ones.

    Amounts are {"cpu": cores, "memory": bytes, "pods": number}. `nodes` and `pods` are v1 objects; pods that have no
    node yet do not count.
    """
    requests: dict[str, Amounts] = {}
    for pod in pods:
        name = pod["spec"].get("nodeName")
        if name and (pod.get("status") or {}).get("phase") not in ("Succeeded", "Failed"):
            _add(requests.setdefault(name, _nothing()), {**pod_requests(pod["spec"]), "pods": Decimal(1)})
    total, entries = {"allocatable": _nothing(), "requests": _nothing()}, []
    for node in nodes:
        name = node["metadata"]["name"]
        given = node["status"].get("allocatable") or {}
        offered = {key: _quantity.parse(given.get(key, 0)) for key in COUNTED}
        own = {"allocatable": offered, "requests": requests.get(name, _nothing())}
        open_to_pods = schedulable(node)
        if open_to_pods:
            for side, amounts in own.items():
                _add(total[side], amounts)
        entries.append({"name": name, "schedulable": open_to_pods, **_numbers(own)})
    return {**_numbers(total), "nodes": entries}


def shortages(given: Mapping[str, Any], wanted: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the pods `wanted` ask for beyond what is free, each as the end of a sentence; `given` is what `capacity` returned.

    Each of `wanted` has a `name`, `requests` (one per container), and either `replicas` or `every_node`. That the sum fits does
    not say that every pod does, which is the scheduler's to find out; that one pod fits nowhere says that it does not.
    """
    free = [_exact(node["free"]) for node in given["nodes"] if node["schedulable"]]
    total, found = _nothing(), []
    for item in wanted:
        try:
            containers = [{"resources": {"requests": requests}} for requests in item["requests"]]
            one = {**pod_requests({"containers": containers}), "pods": Decimal(1)}
        except MetricsError as error:
            found.append(f"{item['name']} asks for what is no quantity: {error.message}")
            continue
        count = len(free) if item.get("every_node") else int(item["replicas"])
        _add(total, {key: one[key] * count for key in COUNTED})
        if count and not any(all(one[key] <= node[key] for key in COUNTED) for node in free):
            found.append(
                f"a pod of {item['name']} asks for {_text('cpu', one)} and {_text('memory', one)}, which no node has free"
            )
    left = _exact(given["free"])
    short = [key for key in COUNTED if total[key] > left[key]]
    return found + [f"together they ask for {_text(key, total)}, and {_text(key, left)} are free" for key in short]


def _exact(amounts: Mapping[str, Any]) -> Amounts:
    return {key: Decimal(str(amounts[key])) for key in COUNTED}


def _text(key: str, amounts: Amounts) -> str:
    amount = max(amounts[key], Decimal(0))
    return {"cpu": f"{float(amount):g} cores", "memory": f"{amount // 1024**2} MiB", "pods": f"{amount} pods"}[key]


def schedulable(node: Mapping[str, Any]) -> bool:
    """Whether a node takes pods without tolerations: not cordoned, ready, no taint that keeps them away."""
    conditions = {entry["type"]: entry["status"] for entry in node["status"].get("conditions") or ()}
    taints = [taint for taint in node["spec"].get("taints") or () if taint["effect"] in KEEPS_PODS_AWAY]
    return conditions.get("Ready") == "True" and not node["spec"].get("unschedulable") and not taints


def pod_requests(spec: Mapping[str, Any]) -> Amounts:
    """What the scheduler reserves for a pod's spec.

    The containers and sidecars together, or an init container with the sidecars started before it where that is more;
    requests of the whole pod stand in place of those; the overhead comes on top.
    """
    running, starting = _nothing(), _nothing()
    for container in spec.get("initContainers") or ():
        own = _requests(container)
        if container.get("restartPolicy") == "Always":
            _add(running, own)
            own = _nothing()
        starting = {key: max(starting[key], running[key] + own[key]) for key in COUNTED}
    for container in spec.get("containers") or ():
        _add(running, _requests(container))
    needed = {key: max(running[key], starting[key]) for key in COUNTED}
    whole = (spec.get("resources") or {}).get("requests") or {}
    needed.update({key: _quantity.parse(whole[key]) for key in COUNTED if key in whole})
    _add(needed, {key: _quantity.parse((spec.get("overhead") or {}).get(key, 0)) for key in COUNTED})
    return needed


def _requests(container: Mapping[str, Any]) -> Amounts:
    given = (container.get("resources") or {}).get("requests") or {}
    return {key: _quantity.parse(given.get(key, 0)) for key in COUNTED}


def _nothing() -> Amounts:
    return dict.fromkeys(COUNTED, Decimal(0))


def _add(total: Amounts, more: Amounts) -> None:
    for key in COUNTED:
        total[key] += more[key]


def _numbers(sides: Mapping[str, Amounts]) -> dict[str, dict[str, Any]]:
    """With what is left, as JSON has numbers: cores as a float, bytes and pods as integers."""
    free = {key: sides["allocatable"][key] - sides["requests"][key] for key in COUNTED}
    return {
        side: {"cpu": float(amounts["cpu"]), "memory": int(amounts["memory"]), "pods": int(amounts["pods"])}
        for side, amounts in {**sides, "free": free}.items()
    }

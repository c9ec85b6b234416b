# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether one Thanos Query sees the stores that it should, and whether these are well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _service, _store_faults

Stores = Mapping[str, list[dict[str, Any]]]

# The kinds whose external labels end in blocks of the bucket, where they must be told apart.
UPLOADERS = ("sidecar", "receive")


@dataclass(frozen=True)
class Expected:
    """The stores of one kind that Query must see: a number of them at least, and those at some addresses (host:port).

    Where `pods` are known, only stores in these pods and at these addresses count.
    """

    number: int = 0
    addresses: Sequence[str] = ()
    pods: Sequence[_service.Pod] | None = None

    def judge(self, kind: str, names: Sequence[str]) -> Iterator[str]:
        """What is missing among the stores of a kind, given by their addresses."""
        absent = [pod for pod in self.pods or () if not any(_is_of(name, pod) for name in names)]
        missing = [address for address in self.addresses if address not in names]
        count = len(names) if self.pods is None else len(self.pods) - len(absent) + len(self.addresses) - len(missing)
        wanted = [f"{self.number} of kind {kind} are expected"] if count < self.number else []
        wanted += [f"{address} of kind {kind} is expected" for address in missing]
        seen = ", ".join(name if self._has(name) else f"{name} (in no pod of {kind})" for name in names) or "none"
        # Query lists a store only once it has answered: one that has hung since Query started is not there.
        silent = [f"{pod} ({pod.ip})" for pod in absent if pod.ip and not self.addresses]
        hint = f"; {' and '.join(silent)} never answered Query" if silent else ""
        for what in wanted:
            yield f"{what}, seen: {seen}{hint}. Look at its pods and at Query's --endpoint"

    def _has(self, name: str) -> bool:
        return self.pods is None or name in self.addresses or any(_is_of(name, pod) for pod in self.pods)


def judge_stores(stores: Stores, expected: Mapping[str, Expected], now: float, max_age: float) -> list[str]:
    """What is wrong with the stores of one Query (data of /api/v1/stores).

    `expected` is by kind; `now` (Unix time) and `max_age` are seconds.
    """
    findings: list[str] = []
    for kind, wanted in expected.items():
        findings += wanted.judge(kind, [store["name"] for store in stores.get(kind) or ()])
    for kind, store in ((kind, store) for kind, entries in stores.items() for store in entries or ()):
        name, age = f"{kind} {store['name']}", now - datetime.fromisoformat(store["lastCheck"]).timestamp()
        if store.get("lastError") not in (None, ""):
            findings.append(f"{name} {_store_faults.explain(store['lastError'])}")
        elif age > max_age:
            findings.append(f"{name} was last checked at {store['lastCheck']}, {age:.0f} s ago ({max_age:g} s are allowed)")
    return findings + [
        f"{' and '.join(names)} announce the same labels {{{labels}}}; give each Prometheus and receiver labels of its own"
        for labels, names in sorted(_by_labels(stores).items())
        if len(names) > 1
    ]


def _is_of(address: str, pod: _service.Pod) -> bool:
    """Whether an address (host:port) is that of a pod: its IP, or its name (pod.service.namespace.svc)."""
    host = address.rpartition(":")[0].strip("[]")
    name, _service_name, *place = [*host.split("."), ""]
    return host != "" and (host == pod.ip or (name == pod.name and place[:2] == [pod.namespace, "svc"]))


def _by_labels(stores: Stores) -> dict[str, list[str]]:
    """Label set, as text -> the uploading stores that announce it."""
    found: dict[str, list[str]] = {}
    for kind in UPLOADERS:
        for store in stores.get(kind) or ():
            for labels in {tuple(sorted(one.items())) for one in store.get("labelSets") or [{}]}:
                text = ", ".join(f'{name}="{value}"' for name, value in labels)
                found.setdefault(text, []).append(f"{kind} {store['name']}")
    return found

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of its stores keep a Thanos Query from answering: those with an error, and those that hang."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus

# Seconds in which a store that is asked alone must answer, less than one HTTP request may take.
PATIENCE = 5
AT_ONCE = 8


def explain(error: Any) -> str:
    """The lastError of a store in /api/v1/stores, as the end of a sentence that begins with the store."""
    # With "connection error" nothing accepted: Query waited for a connection that never came about.
    if "code = DeadlineExceeded" in str(error) and "connection error" not in str(error):
        return f"hangs: it accepts connections, but does not answer ({error})"
    # Old versions print an error as {}: its text is lost, the error is not.
    return f"has the error: {error or 'without text'}"


def find(endpoint: Endpoint, options: Mapping[str, Any], *, ask_each: bool) -> list[str]:
    """What is wrong with the stores behind a Thanos Query, by its own list of them; nothing where it has none, as Prometheus.

    With `ask_each` the query of `options` is asked of each store alone: one may answer Query's health checks and hang after.
    """
    prometheus = Prometheus(endpoint)
    try:
        stores = {f"{kind} {store['name']}": store for kind, found in prometheus.stores().items() for store in found or ()}
    except MetricsError:
        # What is explained here has failed already, and is told first.
        return []
    faults = {name: explain(store["lastError"]) for name, store in stores.items() if store.get("lastError") not in (None, "")}
    others = [name for name in stores if name not in faults] if ask_each else []
    with ThreadPoolExecutor(AT_ONCE) as threads:
        hang = threads.map(lambda name: _hangs(prometheus, stores[name]["name"], options), others)
        for name, hangs in zip(others, hang, strict=True):
            if hangs:
                faults[name] = f"hangs: asked alone, it did not answer the query within {PATIENCE} s"
    return [f"{name} {fault}" for name, fault in sorted(faults.items())]


def _hangs(prometheus: Prometheus, address: str, options: Mapping[str, Any]) -> bool:
    alone = {"store_matches": [f'{{__address__="{address}"}}'], "partial_response": False, "query_timeout": f"{PATIENCE}s"}
    try:
        prometheus.query(options["query"], {**options, **alone})
    except EndpointError as error:
        return error.hangs
    return False

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run at a time on a set: a lock in an annotation of its parent, kept alive while it is held.

A lock that its holder no longer renews is taken over. Ages are measured by watching it stand still, never by comparing
the clocks of two machines. While the API server does not answer nobody can renew it, and that time does not count.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import PATCH_MERGE, ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._parent import FIELD_MANAGER, Parent

LOCK = "longterm.metrics/lock"
RENEW_SECONDS = 4.0
STALE_SECONDS = 12.0


@contextmanager
def hold(cluster: Cluster, parent: Parent, timeout: float) -> Iterator[Parent]:
    """Hold the lock of an existing parent, which is given as it stands then. MetricsError when another run keeps it for
    longer than `timeout` seconds, or took it over because this one could not renew it in time."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    locked = _acquire(cluster, parent, holder, timeout)
    released, lost = threading.Event(), threading.Event()
    renewer = threading.Thread(target=_renew, args=(cluster, parent, holder, released, lost), daemon=True)
    renewer.start()
    try:
        yield locked
    finally:
        released.set()
        renewer.join()
        # The parent may be gone, with the set; a lock that cannot be given back goes stale by itself.
        with suppress(MetricsError):
            _rewrite(cluster, parent, holder, None)
    if lost.is_set():
        raise MetricsError(
            f"Another run took over the set {parent.namespace}/{parent.name} of {cluster.server} while this one could not reach "
            "the API server; run again."
        )


def _acquire(cluster: Cluster, parent: Parent, holder: str, timeout: float) -> Parent:
    deadline = cluster.clock() + timeout
    seen, since = "", cluster.clock()
    looked = since
    while True:
        found = cluster.get(parent.path)
        metadata = found["metadata"]
        current = (metadata.get("annotations") or {}).get(LOCK, "")
        now = cluster.clock()
        if current != seen or now - looked > RENEW_SECONDS:
            seen, since = current, now
        looked = now
        if current.startswith(holder):
            return Parent.of(cluster, found)
        if not current or now - since > STALE_SECONDS:
            try:
                return Parent.of(cluster, _write(cluster, parent, f"{holder} 0", metadata["resourceVersion"]))
            except ApiError as error:
                if error.code != 409:
                    raise
                continue
        if now > deadline:
            raise MetricsError(
                f"Another run holds the set {parent.namespace}/{parent.name} of {cluster.server} for over {timeout:.0f} s "
                f"({current.split()[0]}). Wait for it, or raise lock_timeout."
            )
        cluster.sleep(0.5)


def _renew(cluster: Cluster, parent: Parent, holder: str, released: threading.Event, lost: threading.Event) -> None:
    beat = 0
    while not released.wait(RENEW_SECONDS):
        beat += 1
        with suppress(MetricsError):
            if not _rewrite(cluster, parent, holder, f"{holder} {beat}"):
                lost.set()


def _rewrite(cluster: Cluster, parent: Parent, holder: str, value: str | None) -> bool:
    """Change the lock while it is `holder`'s; one that another run has taken over stays as it is, and False is returned."""
    while True:
        metadata = cluster.get(parent.path)["metadata"]
        if not (metadata.get("annotations") or {}).get(LOCK, "").startswith(holder):
            return False
        try:
            _write(cluster, parent, value, metadata["resourceVersion"])
            return True
        except ApiError as error:
            if error.code != 409:
                raise


def _write(cluster: Cluster, parent: Parent, value: str | None, resource_version: str) -> dict[str, Any]:
    """Change the lock of the parent as it was read, and return it; a 409 says that it has changed since."""
    metadata: dict[str, Any] = {"annotations": {LOCK: value}, "resourceVersion": resource_version}
    parameters = {"fieldManager": f"{FIELD_MANAGER}-lock"}
    written: dict[str, Any] = cluster.request(
        "PATCH", parent.path, params=parameters, body={"metadata": metadata}, content_type=PATCH_MERGE
    )
    return written

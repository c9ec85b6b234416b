# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kubeconfig file (kubernetes.io: client config v1) of one resolved connection, for programs that take no other."""

from __future__ import annotations

import json
import os
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._kubeconfig import Access, resolve

# The context of a connection that comes from no kubeconfig.
CONTEXT = "cluster"


def write(options: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[str, str]:
    """Write what the options of the `cluster` documentation fragment mean to a file in a new folder; return its path and context.

    Only the owner can enter the folder and read the file. Raises MetricsError when the connection cannot be resolved.
    """
    access = resolve(options, environ)
    path = os.path.join(tempfile.mkdtemp(prefix="longterm-metrics-"), "kubeconfig")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(document(access), file)
    return path, access.context or CONTEXT


def document(access: Access) -> dict[str, Any]:
    """The kubeconfig of one context."""
    name = access.context or CONTEXT
    cluster = {
        "server": access.server,
        # Client libraries refuse an authority beside it.
        "certificate-authority-data": "" if access.insecure else _encoded(access.authority),
        "insecure-skip-tls-verify": access.insecure,
        "tls-server-name": access.server_name,
        "proxy-url": access.proxy,
    }
    # A plugin is asked by the program itself, whenever what it gave expires.
    user = (
        {"exec": access.plugin}
        if access.plugin
        else {
            "client-certificate-data": _encoded(access.certificate),
            "client-key-data": _encoded(access.key),
            "token": access.token,
            "tokenFile": access.token_file,
            "username": access.username,
            "password": access.password,
        }
    )
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": _stated(cluster)}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "users": [{"name": name, "user": _stated(user)}],
    }


def _encoded(pem: str) -> str:
    return b64encode(pem.encode()).decode()


def _stated(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value}

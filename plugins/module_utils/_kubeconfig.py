# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which API server and as whom: options, K8S_AUTH_* and kubeconfig files (kubernetes.io: client config v1) resolved to one.

Read here because a client library that does takes longer to import than all the requests of a module that finds nothing
to do.
"""

from __future__ import annotations

import json
import os
import subprocess
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import read_documents
from ansible_collections.longterm.metrics.plugins.module_utils._url_logins import redacted

DEFAULT_KUBECONFIG = "~/.kube/config"
SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
EXEC_TIMEOUT = 60

Entry = dict[str, Any]
# Of a kubeconfig: clusters, users and contexts, each by name, and under "current-context" a name.
Config = dict[str, Any]


@dataclass(frozen=True)
class Access:
    """One API server and one login. Certificates and keys are PEM; what is not set is empty."""

    server: str
    context: str = ""
    authority: str = ""
    insecure: bool = False
    # The name in the server's certificate, where it is not that of its URL.
    server_name: str = ""
    proxy: str = ""
    certificate: str = ""
    key: str = ""
    token: str = ""
    # Read for each request: the kubelet renews the token of a pod.
    token_file: str = ""
    username: str = ""
    password: str = ""
    # Of a kubeconfig: the plugin that gave token and certificate, for whoever has to ask it again.
    plugin: Entry | None = None

    def __post_init__(self) -> None:
        if redacted(self.server) != self.server:
            raise MetricsError(
                f"The URL of the API server, {self.server}, has a login in it. Take it out, and set api_key (K8S_AUTH_API_KEY) "
                "or the user of the kubeconfig."
            )


def resolve(options: Mapping[str, Any], environ: Mapping[str, str]) -> Access:
    """What the options mean.

    `host` wins over files, a named `kubeconfig` over KUBECONFIG, that over ~/.kube/config; with none of them the
    service account of the pod this runs in serves. Raises MetricsError naming the option and the file at fault.
    """
    if options.get("host"):
        return Access(
            server=options["host"],
            authority=_content(options.get("ca_cert")),
            insecure=options.get("validate_certs") is False,
            proxy=options.get("proxy") or "",
            certificate=_content(options.get("client_cert")),
            key=_content(options.get("client_key")),
            token=options.get("api_key") or "",
        )
    named = options.get("kubeconfig") or environ.get("KUBECONFIG") or DEFAULT_KUBECONFIG
    paths = [Path(part).expanduser() for part in str(named).split(os.pathsep) if part]
    present = [path for path in paths if path.is_file()]
    if present:
        return _of_context(_merged(present), options, environ)
    if not options.get("kubeconfig") and (SERVICE_ACCOUNT / "token").exists():
        return _of_pod(environ)
    raise MetricsError(
        f"No kubeconfig at {named}, and this is not a pod of a cluster. Set kubeconfig (K8S_AUTH_KUBECONFIG), "
        "or host and api_key (K8S_AUTH_HOST, K8S_AUTH_API_KEY)."
    )


def _of_pod(environ: Mapping[str, str]) -> Access:
    host, port = (environ.get(f"KUBERNETES_SERVICE_{name}", "") for name in ("HOST", "PORT"))
    host = f"[{host}]" if ":" in host else host
    authority = _content(SERVICE_ACCOUNT / "ca.crt")
    return Access(f"https://{host}:{port}", authority=authority, token_file=str(SERVICE_ACCOUNT / "token"))


def _merged(paths: list[Path]) -> Config:
    """Several files as kubectl merges them: the first definition of a name wins, paths are relative to their own file."""
    merged: Config = {"clusters": {}, "users": {}, "contexts": {}, "current-context": ""}
    for path in paths:
        try:
            config = _read(path)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise MetricsError(f"{path} is not a kubeconfig: {type(error).__name__}: {error}") from error
        for plural in ("clusters", "users", "contexts"):
            merged[plural] = {**config[plural], **merged[plural]}
        merged["current-context"] = merged["current-context"] or config["current-context"]
    return merged


def _read(path: Path) -> Config:
    document = next(iter(read_documents(path.read_text(encoding="utf-8"), str(path))), None)
    if not isinstance(document, dict):
        raise TypeError("it is no mapping")
    config: Config = {"current-context": document.get("current-context") or ""}
    for plural in ("clusters", "users", "contexts"):
        entries = {entry["name"]: {**(entry.get(plural[:-1]) or {})} for entry in document.get(plural) or ()}
        config[plural] = {name: {**entry, "folder": path.absolute().parent} for name, entry in entries.items()}
    if bad := [name for name, entry in config["clusters"].items() if not isinstance(entry.get("server"), str)]:
        raise TypeError(f"cluster {bad[0]} has no server")
    return config


def _of_context(config: Config, options: Mapping[str, Any], environ: Mapping[str, str]) -> Access:
    """A context of the kubeconfig; options given beside it change just what they name."""
    context = options.get("context") or config["current-context"]
    hint = "See the options kubeconfig and context."
    if not context:
        raise MetricsError(f"The kubeconfig cannot be used: it has no current context. {hint}")
    if context not in config["contexts"]:
        raise MetricsError(f"The kubeconfig cannot be used: Context '{context}' not found. {hint}")
    chosen = config["contexts"][context]
    for kind in ("cluster", "user"):
        if chosen.get(kind) and chosen[kind] not in config[f"{kind}s"]:
            raise MetricsError(f"The kubeconfig names the {kind} '{chosen[kind]}', which it does not define. {hint}")
    if not chosen.get("cluster"):
        raise MetricsError(f"The kubeconfig cannot be used: Context '{context}' names no cluster. {hint}")
    cluster, user = config["clusters"][chosen["cluster"]], config["users"].get(chosen.get("user"), {})
    validated = options.get("validate_certs")
    access = Access(
        cluster["server"],
        context=context,
        authority=_content(options.get("ca_cert")) or _pem(cluster, "certificate-authority"),
        insecure=bool(cluster.get("insecure-skip-tls-verify")) if validated is None else not validated,
        server_name=cluster.get("tls-server-name") or "",
        proxy=options.get("proxy") or cluster.get("proxy-url") or "",
        certificate=_pem(user, "client-certificate"),
        key=_pem(user, "client-key"),
    )
    if options.get("api_key"):
        return replace(access, token=options["api_key"])
    if user.get("exec"):
        return _with_plugin(access, user["exec"], environ)
    if user.get("auth-provider"):
        raise MetricsError(
            f"The user of context {context} has an auth-provider, which is not supported, nor is it by kubectl since 1.26; "
            "use a credential plugin (exec), or api_key."
        )
    token_file = str(user["folder"] / user["tokenFile"]) if user.get("tokenFile") else ""
    token, username, password = (user.get(name) or "" for name in ("token", "username", "password"))
    return replace(access, token=token, token_file=token_file, username=username, password=password)


def _pem(entry: Entry, name: str) -> str:
    """What a kubeconfig holds itself (-data, base64) or names by its path."""
    if data := entry.get(f"{name}-data"):
        try:
            return b64decode("".join(data.split()), validate=True).decode()
        except (AttributeError, ValueError) as error:
            raise MetricsError(f"The {name}-data of the kubeconfig is no base64 of PEM.") from error
    return _content(entry["folder"] / entry[name] if entry.get(name) else None)


def _content(path: str | Path | None) -> str:
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise MetricsError(f"{path}, which is to log in to the cluster, cannot be read: {error.strerror}") from error


def _with_plugin(access: Access, plugin: Entry, environ: Mapping[str, str]) -> Access:
    """Run the user's credential plugin (client.authentication.k8s.io) and take the credentials that it prints."""
    information = {"apiVersion": plugin.get("apiVersion"), "kind": "ExecCredential", "spec": {"interactive": False}}
    environment = {**environ, "KUBERNETES_EXEC_INFO": json.dumps(information)}
    environment.update({variable["name"]: variable["value"] for variable in plugin.get("env") or ()})
    try:
        done = subprocess.run(
            [plugin["command"], *(plugin.get("args") or ())],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=EXEC_TIMEOUT,
            check=True,
        )
        status = dict(json.loads(done.stdout)["status"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        stderr = (getattr(error, "stderr", None) or "").strip()[-300:]
        hint = f" {plugin['installHint']}" if plugin.get("installHint") else ""
        raise MetricsError(
            f"The credential plugin {plugin.get('command')} of context {access.context} gave no credentials: "
            f"{type(error).__name__} {stderr}{hint}"
        ) from error
    certificate, key, token = (status.get(name) or "" for name in ("clientCertificateData", "clientKeyData", "token"))
    login = replace(access, certificate=certificate or access.certificate, key=key or access.key, token=token)
    return replace(login, plugin=plugin)

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which cluster and as whom: options, K8S_AUTH_* and kubeconfig files resolved to one lightkube configuration."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

if TYPE_CHECKING:
    from lightkube.config.kubeconfig import SingleConfig

DEFAULT_KUBECONFIG = "~/.kube/config"
SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
EXEC_TIMEOUT = 60


def resolve(options: Mapping[str, Any], environ: Mapping[str, str]) -> SingleConfig:
    """The configuration the options mean.

    `host` wins over files, a named `kubeconfig` over KUBECONFIG, that over ~/.kube/config; with none of them the
    service account of the pod this runs in serves. Raises MetricsError naming the option and the file at fault.
    """
    from lightkube.config.kubeconfig import KubeConfig
    from lightkube.config.models import Cluster, User
    from lightkube.core.exceptions import ConfigError

    try:
        if options.get("host"):
            cluster = Cluster(
                server=options["host"],
                certificate_auth=options.get("ca_cert"),
                insecure=options.get("validate_certs") is False,
            )
            user = User(
                token=options.get("api_key"), client_cert=options.get("client_cert"), client_key=options.get("client_key")
            )
            found: Any = KubeConfig.from_one(cluster=cluster, user=user).get()
        else:
            found = _from_files(options, environ)
    except ConfigError as error:
        raise MetricsError(f"The kubeconfig cannot be used: {error}. See the options kubeconfig and context.") from error
    except KeyError as error:
        raise MetricsError(
            f"The kubeconfig names {error}, which it does not define. See the options kubeconfig and context."
        ) from error
    return _with_exec_credentials(_with_overrides(found, options), environ)


def _from_files(options: Mapping[str, Any], environ: Mapping[str, str]) -> SingleConfig:
    from lightkube.config.kubeconfig import KubeConfig

    named = options.get("kubeconfig") or environ.get("KUBECONFIG") or DEFAULT_KUBECONFIG
    paths = [Path(part).expanduser() for part in str(named).split(os.pathsep) if part]
    present = [path for path in paths if path.is_file()]
    if present:
        found: SingleConfig = _merge(present).get(options.get("context") or None)
        return found
    if not options.get("kubeconfig") and (SERVICE_ACCOUNT / "token").exists():
        inside: Any = KubeConfig.from_service_account(SERVICE_ACCOUNT)
        return inside.get()
    raise MetricsError(
        f"No kubeconfig at {named}, and this is not a pod of a cluster. Set kubeconfig (K8S_AUTH_KUBECONFIG), "
        "or host and api_key (K8S_AUTH_HOST, K8S_AUTH_API_KEY)."
    )


def _merge(paths: list[Path]) -> Any:
    """Several files as kubectl merges them: the first definition of a name wins, paths are relative to their own file."""
    try:
        merged = _read(paths[0])
        for path in paths[1:]:
            other = _read(path)
            merged.clusters = {**other.clusters, **merged.clusters}
            merged.users = {**other.users, **merged.users}
            merged.contexts = {**other.contexts, **merged.contexts}
            merged.current_context = merged.current_context or other.current_context
    except (TypeError, AttributeError, ValueError) as error:
        raise MetricsError(f"{':'.join(map(str, paths))} is not a kubeconfig: {error}") from error
    return merged


def _read(path: Path) -> Any:
    """One file, its certificates and token files by absolute paths."""
    from lightkube.config.kubeconfig import KubeConfig

    config = KubeConfig.from_file(path)
    folder = path.absolute().parent
    for entry in (*config.clusters.values(), *config.users.values()):
        for field in ("certificate_auth", "client_cert", "client_key", "token_file"):
            if getattr(entry, field, None):
                setattr(entry, field, str(folder / getattr(entry, field)))
    return config


def _with_overrides(config: SingleConfig, options: Mapping[str, Any]) -> SingleConfig:
    """Options given beside a kubeconfig change just what they name."""
    from lightkube.config.models import User
    from msgspec.structs import replace

    cluster, user = config.cluster, config.user or User()
    if options.get("ca_cert"):
        cluster = replace(cluster, certificate_auth=options["ca_cert"])
    if options.get("validate_certs") is False:
        cluster = replace(cluster, insecure=True, certificate_auth=None, certificate_auth_data=None)
    elif options.get("validate_certs"):
        cluster = replace(cluster, insecure=False)
    if options.get("api_key"):
        user = replace(user, token=options["api_key"], token_file=None, exec=None)
    return config._replace(cluster=cluster, user=user)


def _with_exec_credentials(config: SingleConfig, environ: Mapping[str, str]) -> SingleConfig:
    """Run the user's credential plugin (client.authentication.k8s.io) and put what it printed in its place."""
    from lightkube.config.models import User

    plugin = config.user.exec if config.user else None
    if not plugin or not config.user:
        return config
    information = {"apiVersion": plugin.apiVersion, "kind": "ExecCredential", "spec": {"interactive": False}}
    environment = {**environ, "KUBERNETES_EXEC_INFO": json.dumps(information)}
    environment.update({variable.name: variable.value for variable in plugin.env or ()})
    try:
        done = subprocess.run(
            [plugin.command, *(plugin.args or ())],
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
        hint = f" {plugin.installHint}" if plugin.installHint else ""
        raise MetricsError(
            f"The credential plugin {plugin.command} of context {config.context_name} gave no credentials: "
            f"{type(error).__name__} {stderr}{hint}"
        ) from error
    certificate, key = (_base64(status.get(name)) for name in ("clientCertificateData", "clientKeyData"))
    return config._replace(user=User(token=status.get("token"), client_cert_data=certificate, client_key_data=key))


def _base64(text: str | None) -> str | None:
    from base64 import b64encode

    return b64encode(text.encode()).decode() if text else None

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP client to one API server: its certificates, its login, its proxy."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, missing_library
from ansible_collections.longterm.metrics.plugins.module_utils._kubeconfig import Access


def client(access: Access) -> tuple[Any, type[Exception]]:
    """A client that has not connected yet, and what it raises when it cannot; MetricsError for a login of no use."""
    try:
        import httpx2
    except ImportError as error:
        raise missing_library("httpx2", error) from error

    def name_server(request: httpx2.Request) -> None:
        request.extensions["sni_hostname"] = access.server_name

    try:
        http = httpx2.Client(
            base_url=access.server,
            verify=_tls(access, httpx2.create_ssl_context),
            auth=_login(access),
            proxy=access.proxy or None,
            timeout=httpx2.Timeout(60, connect=10),
            event_hooks={"request": [name_server]} if access.server_name else None,
        )
    except (OSError, ValueError) as error:
        raise MetricsError(
            f"Certificates, login or proxy of context {access.context} for {access.server} cannot be used: {error}"
        ) from error
    return http, httpx2.TransportError


def _tls(access: Access, of_system: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Whom to trust, and the client certificate; `of_system` trusts whom the machine trusts."""
    context = ssl.create_default_context(cadata=access.authority) if access.authority else of_system()
    if access.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if access.certificate:
        # Taken from files alone; the key may stand in that of the certificate.
        with NamedTemporaryFile("w", prefix="longterm-metrics-") as both:
            both.write(f"{access.certificate}\n{access.key}")
            both.flush()
            context.load_cert_chain(both.name)
    return context


def _login(access: Access) -> Any:
    """What httpx2 takes for `auth`."""
    if not (access.token or access.token_file):
        return (access.username, access.password) if access.username else None

    def bear_token(request: Any) -> Any:
        token = Path(access.token_file).read_text(encoding="utf-8").strip() if access.token_file else access.token
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return bear_token

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service discoveries of Prometheus 3.15: their keys, and the types of the values.

https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._http_client_schema import HTTP_CLIENT, TLS, http_client
from ansible_collections.longterm.metrics.plugins.module_utils._schema import ListOf, MapOf, Nested, Schema
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import (
    BOOLEAN,
    FIELD_SELECTOR,
    LABEL,
    LABEL_SELECTOR,
    PORT,
    SECRET,
    TEXT,
    URL,
    choice,
    duration,
    integer,
    text,
)

_REFRESH = duration(zero=False)
_FILTERS = ListOf(Nested({"name": TEXT, "values": ListOf(TEXT)}, required=("name", "values")))
# The roles of Kubernetes, and what each may select.
_ROLES = {
    "pod": ("pod", "node"),
    "service": ("service",),
    "endpoints": ("pod", "service", "endpoints"),
    "endpointslice": ("pod", "service", "endpointslice"),
    "node": ("node",),
    "ingress": ("ingress",),
}


def _discovery(
    texts: str = "", *, secrets: str = "", lists: str = "", required: tuple[str, ...] = (), http: bool = True, **others: Schema
) -> Nested:
    """One that asks an API at intervals; the names are those of keys of a type each."""
    fields: dict[str, Schema] = {
        "refresh_interval": _REFRESH,
        **dict.fromkeys(texts.split(), TEXT),
        **dict.fromkeys(secrets.split(), SECRET),
        **dict.fromkeys(lists.split(), ListOf(TEXT)),
        **others,
    }
    return http_client(fields, required=required) if http else Nested(fields, required=required)


_AWS = _discovery("region endpoint access_key profile role_arn external_id", secrets="secret_key", port=PORT)


def _aws(**others: Schema) -> Nested:
    return http_client({**_AWS.fields, **others})


def _kubernetes(value: dict[str, Any], where: str) -> Iterator[str]:
    client = [name for name in value if name in HTTP_CLIENT]
    if "api_server" in value and "kubeconfig_file" in value:
        yield f"{where} has api_server and kubeconfig_file; only one of them is allowed."
    elif client and "api_server" not in value:
        yield f"{where} has {', '.join(client)}, which is allowed only with api_server."
    if value.get("namespaces", {}).get("own_namespace") and ("api_server" in value or "kubeconfig_file" in value):
        yield f"{where}.namespaces.own_namespace is true; must be false with api_server or kubeconfig_file."
    for number, selector in enumerate(value.get("selectors", ())):
        if selector["role"] not in _ROLES[value["role"]]:
            allowed = " or ".join(_ROLES[value["role"]])
            yield f"{where}.selectors[{number}].role is {selector['role']}; must be {allowed} with the role {value['role']}."


def _dns(value: dict[str, Any], where: str) -> Iterator[str]:
    if value.get("type", "SRV").upper() != "SRV" and not value.get("port"):
        yield f"{where} has no port; it is required with the type {value['type']}."


_SERVERS = Nested({"servers": ListOf(TEXT, 1), "paths": ListOf(text("/.*", "a path that begins with /"), 1), "timeout": _REFRESH})
_COUNT = integer(0)

STATIC = Nested({"targets": ListOf(TEXT), "labels": MapOf(TEXT, key=LABEL)}, required=("targets",))

DISCOVERIES: dict[str, Schema] = {
    "aws": _aws(role=choice("ec2", "ecs", "elasticache", "lightsail", "msk", "rds"), filters=_FILTERS, clusters=ListOf(TEXT)),
    "azure": _discovery(
        "environment subscription_id tenant_id client_id authentication_method resource_group",
        secrets="client_secret",
        required=("subscription_id",),
        port=PORT,
    ),
    "consul": _discovery(
        "server path_prefix datacenter namespace partition tag_separator scheme username filter health_filter",
        secrets="token password",
        lists="services tags",
        allow_stale=BOOLEAN,
        node_meta=MapOf(TEXT),
    ),
    "digitalocean": _discovery(port=PORT, role=choice("droplets", "databases")),
    "dns": Nested(
        {
            "names": ListOf(TEXT, 1),
            "type": text("(?i:SRV|A|AAAA|MX|NS)", "SRV, A, AAAA, MX or NS"),
            "port": PORT,
            "refresh_interval": _REFRESH,
        },
        required=("names",),
        relations=_dns,
    ),
    "docker": _discovery(
        "host host_networking_host", required=("host",), port=PORT, filters=_FILTERS, match_first_network=BOOLEAN
    ),
    "dockerswarm": _discovery(
        "host", required=("host", "role"), port=PORT, filters=_FILTERS, role=choice("services", "tasks", "nodes")
    ),
    "ec2": _aws(filters=_FILTERS),
    "ecs": _aws(clusters=ListOf(TEXT), request_concurrency=_COUNT),
    "elasticache": _aws(clusters=ListOf(TEXT), request_concurrency=_COUNT),
    "eureka": _discovery("server", required=("server",)),
    "file": Nested(
        {
            "files": ListOf(
                text(r"[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)", "a path that ends in .json, .yml or .yaml"), 1
            ),
            "refresh_interval": _REFRESH,
        },
        required=("files",),
    ),
    "gce": _discovery("project zone filter tag_separator", required=("project", "zone"), http=False, port=PORT),
    "hetzner": _discovery("label_selector", required=("role",), port=PORT, role=choice("hcloud", "robot")),
    "http": _discovery(required=("url",), url=URL),
    "ionos": _discovery("datacenter_id", required=("datacenter_id",), port=PORT),
    "kubernetes": http_client(
        {
            "api_server": URL,
            "role": choice(*_ROLES),
            "kubeconfig_file": TEXT,
            "namespaces": Nested({"own_namespace": BOOLEAN, "names": ListOf(TEXT)}),
            "selectors": ListOf(
                Nested({"role": choice(*_ROLES), "label": LABEL_SELECTOR, "field": FIELD_SELECTOR}, required=("role",)),
                unique="role",
            ),
            "attach_metadata": Nested(dict.fromkeys(("node", "namespace", "deployment", "job", "cronjob"), BOOLEAN)),
        },
        required=("role",),
        relations=_kubernetes,
    ),
    "kuma": _discovery("client_id", required=("server",), server=URL, fetch_timeout=_REFRESH),
    "lightsail": _aws(),
    "linode": _discovery("tag_separator region", port=PORT),
    "marathon": _discovery("auth_token_file", secrets="auth_token", lists="servers", required=("servers",)),
    "msk": _aws(clusters=ListOf(TEXT), request_concurrency=_COUNT),
    "nerve": _SERVERS,
    "nomad": _discovery("namespace region server tag_separator", allow_stale=BOOLEAN),
    "oci": _discovery(
        "auth tenancy user fingerprint key_file key_passphrase_file region",
        secrets="key_passphrase",
        lists="compartments",
        port=PORT,
    ),
    "openstack": _discovery(
        "identity_endpoint username userid project_name project_id domain_name domain_id application_credential_name"
        " application_credential_id region",
        secrets="password application_credential_secret",
        required=("role", "region"),
        http=False,
        port=PORT,
        role=choice("instance", "hypervisor", "loadbalancer"),
        all_tenants=BOOLEAN,
        tls_config=TLS,
        availability=choice("public", "admin", "internal"),
    ),
    "outscale": _discovery("endpoint region access_key secret_key_file", secrets="secret_key", port=PORT),
    "ovhcloud": _discovery(
        "endpoint application_key",
        secrets="application_secret consumer_key",
        required=("service",),
        http=False,
        service=choice("vps", "dedicated_server"),
    ),
    "puppetdb": _discovery("query", required=("url", "query"), url=URL, include_parameters=BOOLEAN, port=PORT),
    "rds": _aws(clusters=ListOf(TEXT), filters=_FILTERS, request_concurrency=_COUNT),
    "scaleway": _discovery(
        "project_id api_url zone access_key secret_key_file name_filter",
        secrets="secret_key",
        lists="tags_filter",
        required=("project_id", "role", "access_key"),
        port=PORT,
        role=choice("baremetal", "instance"),
    ),
    "serverset": _SERVERS,
    "stackit": _discovery(
        "project region endpoint service_account_key_path private_key_path credentials_file_path",
        secrets="service_account_key private_key",
        required=("project",),
        port=PORT,
    ),
    "static": STATIC,
    "triton": _discovery(
        "account dns_suffix endpoint",
        lists="groups",
        required=("account", "dns_suffix", "endpoint"),
        http=False,
        role=choice("container", "cn"),
        port=PORT,
        tls_config=TLS,
        version=integer(1),
    ),
    "uyuni": _discovery("server username entitlement separator", secrets="password", required=("server", "username", "password")),
    "vultr": _discovery(port=PORT),
}

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of kube-prometheus-stack that open what is closed: ways in, APIs that change data, Grafana without a login."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _grafana_settings, _scrape_configs, _yaml
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

_OUTSIDE = "opens a way in from outside; use grafana_expose or exposure_endpoints"
_ADMIN = "lets whoever reaches Prometheus change its data; take it out"
_HOST = "leaves NetworkPolicies behind; take it out"
_UNSEEN = "may set whatever Grafana guards; name each variable by envValueFrom"
_ARGUED = "may set whatever Grafana guards; use grafana_config"
_TEMPLATE = "is a template that may open a way in from outside; write its result"
_TENANTS = "takes objects of other namespaces; use prometheus_tenant_*, or alertmanager_tenant_configs"
_CLASSES = "lets monitors of every namespace use the logins and certificates of these classes; take it out"
_POLICY = "lets others reach pods of this namespace; use metrics_network_policy_from"
_SETTINGS = "takes the place of Grafana's settings; use grafana_config"
_FILES = "lets monitors of every namespace read files of Prometheus; take it out"

# Keys that open something when they have a value that counts as true, wherever they are.
_SWITCHES = {
    "enableAdminAPI": _ADMIN,
    "enableRemoteWriteReceiver": _ADMIN,
    "enableOTLPReceiver": _ADMIN,
    "hostNetwork": _HOST,
    "hostPort": _HOST,
    "externalIPs": _OUTSIDE,
    "loadBalancerIP": _OUTSIDE,
    "nodePort": _OUTSIDE,
    "scrapeClasses": _CLASSES,
}
# Values that our own variables set.
_SELECTORS = ("probeNamespaceSelector", "scrapeConfigNamespaceSelector", "alertmanagerConfigNamespaceSelector")
_KEYS = {**_SWITCHES, **dict.fromkeys(_SELECTORS, _TENANTS), "arbitraryFSAccessThroughSMs": _FILES}
_KEY = re.compile(rf"(?<![\w-])({'|'.join(_KEYS)})[\"']?\s*:")
_SERVICE_TYPES = ("nodeport", "loadbalancer", "externalname")
# Below these `enabled` makes an object that leads in from outside.
_WAYS_IN = re.compile(r"ingress|route|gateway|serviceexternal", re.IGNORECASE)
_KINDS = r"ingress\w*|\w+route|gateway|virtualservice|httpproxy"
_OBJECT = re.compile(rf"^({_KINDS})$", re.IGNORECASE)
_ADMIN_FLAG = re.compile(
    r"(web[.]enable-(admin-api|remote-write-receiver|otlp-receiver)|(remote|otlp)-write-receiver)(?!=false\b)(?![\w-])"
)
_POLICY_KIND = re.compile(r"networkpolicy$", re.IGNORECASE)
# For text that is not YAML until its templates are rendered.
_TEXT = re.compile(
    rf"(?:^|[\s{{,\"'-])(kind[\"']?:\s*['\"]?({_KINDS})|type[\"']?:\s*['\"]?(nodeport|loadbalancer))\b", re.I | re.M
)
# The subchart's own way: it serves what the node is.
_ALLOWED = ("prometheus-node-exporter.hostNetwork",)
# Judged as settings of Grafana, not as values.
_INI = "grafana.grafana.ini"
_GRAFANA_OPAQUE = ("envFromSecret", "envFromSecrets", "envFromConfigMaps", "envRenderSecret")
# The folder of its settings, where a volume would take their place.
_GRAFANA_SETTINGS = re.compile(r"/etc/grafana(/grafana\.ini)?/?")
# They win over its settings and its environment.
_GRAFANA_ARGUMENTS = ("args", "command")


def findings(variable: str, values: Any, unlocked: Collection[str] = (), grafana_unlocked: Collection[str] = ()) -> list[str]:
    """What is wrong with values, a sentence each.

    `unlocked` names values, by their path, that may open something; `grafana_unlocked` is for _grafana_settings.
    """
    if not isinstance(values, Mapping):
        return [f"{variable} is no dictionary of values."]
    found = [
        f"{variable} has {path}, which {effect}, or name it in kube_prometheus_stack_unlocked_values."
        for path, effect in _opening("", values)
        if path not in unlocked and path not in _ALLOWED
    ]
    found += _of_scrape_configs(variable, values)
    grafana = values.get("grafana")
    return found + (_of_grafana(f"{variable}.grafana", grafana, grafana_unlocked) if isinstance(grafana, Mapping) else [])


def _of_scrape_configs(variable: str, values: Mapping[str, Any]) -> list[str]:
    place: Any = values
    for name in ("prometheus", "prometheusSpec", "additionalScrapeConfigs"):
        place, variable = (place.get(name) if isinstance(place, Mapping) else None), f"{variable}.{name}"
    return _scrape_configs.problems(place, variable=variable) if isinstance(place, list) else []


def _of_grafana(variable: str, values: Mapping[str, Any], unlocked: Collection[str]) -> list[str]:
    found = _grafana_settings.findings(f"{variable}.grafana.ini", values.get("grafana.ini") or {}, unlocked)
    for kind in ("env", "envValueFrom"):
        names = values.get(kind) or {}
        if isinstance(names, Mapping):
            # What comes from elsewhere is not known.
            seen = names if kind == "env" else dict.fromkeys(names, "?")
            found += _grafana_settings.environment_findings(f"{variable}.{kind}", seen, unlocked)
    return found


def _opening(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            place = f"{path}.{key}" if path else str(key)
            if effect := _effect(path, str(key), inner):
                yield place, effect
            elif place != _INI:
                yield from _opening(place, inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _opening(f"{path}[{number}]", inner)
    elif isinstance(value, str):
        if _ADMIN_FLAG.search(value):
            yield path, _ADMIN
        elif _TEXT.search(value):
            yield path, _OUTSIDE
        else:
            yield from ((path, effect) for effect in _of_text(path, value))


def _of_text(path: str, text: str) -> list[str]:
    try:
        found = [effect for _place, effect in _opening(path, _parsed(text))]
    except RecursionError:
        return ["refers to itself; write it out"]
    # With templates in it, it may be no YAML before they are rendered.
    if not found and "{{" in text:
        found = [_KEYS[match[1]] for match in _KEY.finditer(text)]
    return found


def _parsed(text: str) -> list[Any]:
    """The YAML in a text, which is how charts take manifests and configuration; empty for plain text."""
    try:
        return (
            [part for part in _yaml.load_all(text, _yaml.KUBERNETES) if isinstance(part, Mapping | list)] if ":" in text else []
        )
    except MetricsError:
        return []


def _effect(path: str, key: str, value: Any) -> str:
    """What the entry opens; empty where it is nothing. A template takes every text for true that is not empty."""
    if key in _SWITCHES and value:
        return _SWITCHES[key]
    if key in _SELECTORS:
        return _TENANTS
    if key in ("type", "kind") and "{{" in str(value):
        return _TEMPLATE
    if (key == "type" and str(value).lower() in _SERVICE_TYPES) or (key == "kind" and _OBJECT.match(str(value))):
        return _OUTSIDE
    if key == "enabled" and value and _WAYS_IN.search(path):
        return _OUTSIDE
    if (key == "enabled" and value and path.endswith("networkPolicy")) or (key == "kind" and _POLICY_KIND.search(str(value))):
        return _POLICY
    if path.startswith("grafana.") and key == "mountPath" and _GRAFANA_SETTINGS.fullmatch(str(value)):
        return _SETTINGS
    if path.startswith("grafana.env") and key == "GF_PATHS_CONFIG":
        return _SETTINGS
    if path == "grafana" and key in _GRAFANA_OPAQUE and value:
        return _UNSEEN
    if path == "grafana" and key in _GRAFANA_ARGUMENTS and value:
        return _ARGUED
    if not value and (key == "arbitraryFSAccessThroughSMs" or (key == "deny" and path.endswith("arbitraryFSAccessThroughSMs"))):
        return _FILES
    return ""

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the hosts and paths of the role exposure."""

from __future__ import annotations

DOCUMENTATION = r"""
name: exposure_problems
short_description: Report hosts and paths of the role exposure that lead to no component
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Reports two components on one host and path, and a path that the component does not answer under.
  - An entry with C(annotations) may have any path, because they can make the controller rewrite it.
  - Reports an entry whose path is that of a page of another component, or of Grafana, on the same host.
options:
  _input:
    description: The entries of C(exposure_endpoints) of the role P(longterm.metrics.exposure#role).
    type: list
    elements: dict
    required: true
  prefixes:
    description: The path that a component answers under, by its name; empty for the root.
    type: dict
    required: true
  grafana:
    description: The host of Grafana's way in, and the path that Grafana answers under; empty without one.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Report a path that Alertmanager does not answer under
  ansible.builtin.debug:
    msg: >-
      {{ [{'component': 'alertmanager', 'method': 'ingress', 'host': 'metrics.example.com', 'path': '/alerts'}]
         | longterm.metrics.exposure_problems({}) }}
"""

RETURN = r"""
_value:
  description: What is wrong, in full sentences.
  type: list
  elements: str
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from ansible_collections.longterm.metrics.plugins.filter.exposure_endpoints import exposure_endpoints

# The variable that sets the path a component answers under.
# What controllers call annotations by which they change a path, or by which somebody else's rules do.
_REWRITES = re.compile(r"/.*(rewrite|strip|snippet|middleware|plugin|transform|backend-path)", re.IGNORECASE)
_VARIABLES = {
    "prometheus": "prometheus_route_prefix",
    "alertmanager": "alertmanager_route_prefix",
    "thanos-query": "thanos_query_route_prefix",
    "thanos-bucket-web": "thanos_bucket_web_external_prefix",
}
# What each cannot do without below its path.
_PAGES = {
    "grafana": re.compile(
        r"a|admin|alerting|apis?|avatar|connections|d|d-solo|dashboards?|datasources|explore|goto|healthz|invite|login|logout|metrics"
        r"|org|playlists|plugins|profile|public|render|robots\.txt|signup|user|verify"
    ),
    **dict.fromkeys(_VARIABLES, re.compile("-|api|assets|metrics|static")),
}


def exposure_problems(endpoints: list[Mapping[str, Any]], prefixes: Mapping[str, str], grafana: Sequence[str] = ()) -> list[str]:
    filled = [endpoint for endpoint in exposure_endpoints(endpoints, prefixes) if endpoint["method"] != "nodeport"]
    return [*_shared(filled), *_unanswered(filled), *_taken(filled), *(_of_grafana(filled, *grafana) if grafana else ())]


def _of_grafana(endpoints: list[dict[str, Any]], host: str, path: str) -> Iterator[str]:
    for endpoint in endpoints:
        # Of two paths the longer one wins, and Grafana's own is the root.
        above = f"{path}/".startswith(f"{endpoint['path'].rstrip('/')}/")
        if endpoint["host"] == host and (above or _is_page("grafana", path, endpoint["path"])):
            where = f"{endpoint['variable']} is on {endpoint['location']}"
            yield f"{where}; must have another host or path: Grafana answers there (grafana_host)."


def _taken(endpoints: list[dict[str, Any]]) -> Iterator[str]:
    for endpoint, other in permutations(endpoints, 2):
        if endpoint["host"] == other["host"] and _is_page(other["component"], other["path"].rstrip("/"), endpoint["path"]):
            where = f"{endpoint['variable']}.path is {endpoint['path']}"
            yield f"{where}; must be another path: {other['component']} answers there ({other['variable']})."


def _is_page(component: str, path: str, below: str) -> bool:
    """Whether a path is that of something that a component has below its own."""
    first = f"{below}/".removeprefix(f"{path}/").partition("/")[0]
    return below.startswith(f"{path}/") and _PAGES[component].fullmatch(first) is not None


def _shared(endpoints: list[dict[str, Any]]) -> Iterator[str]:
    first: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        other = first.setdefault(endpoint["location"], endpoint)
        if other is not endpoint:
            yield (
                f"{endpoint['variable']} is {endpoint['component']} on {endpoint['location']}; must have a host or a path "
                f"of its own: {other['component']} is there ({other['variable']})."
            )


def _is_rewritten(endpoint: dict[str, Any]) -> bool:
    """Whether an annotation makes the ingress controller change the path on the way."""
    return any(_REWRITES.search(name) for name in endpoint["annotations"])


def _unanswered(endpoints: list[dict[str, Any]]) -> Iterator[str]:
    for endpoint in endpoints:
        prefix = endpoint["prefix"] or "/"
        if not _is_rewritten(endpoint) and not f"{prefix}/".startswith(f"{endpoint['path'].rstrip('/')}/"):
            component = endpoint["component"]
            yield (
                f"{endpoint['variable']}.path is {endpoint['path']}; must be {prefix}, which {component} answers under, or set "
                f"{_VARIABLES[component]} to {endpoint['path']}."
            )


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"exposure_problems": exposure_problems}

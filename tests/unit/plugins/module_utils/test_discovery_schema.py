# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._discovery_schema import DISCOVERIES


@pytest.mark.parametrize(
    ("kind", "discovery"),
    [
        ("kubernetes", {"role": "pod", "namespaces": {"names": ["shop"]}, "selectors": [{"role": "node", "label": "a=b"}]}),
        (
            "kubernetes",
            {
                "role": "pod",
                "selectors": [
                    {
                        "role": "pod",
                        "label": "app in (a, b), !x/y,tier!=test , z",
                        "field": "spec.nodeName=node-1,metadata.name!=a",
                    }
                ],
            },
        ),
        ("kubernetes", {"role": "node", "api_server": "https://other:6443", "bearer_token_file": "/run/token"}),
        ("dns", {"names": ["_metrics._tcp.example.org"], "refresh_interval": "1m"}),
        ("dns", {"names": ["example.org"], "type": "a", "port": 9100}),
        ("file", {"files": ["/etc/targets/*.json", "targets.yml"]}),
        ("http", {"url": "https://inventory.example.org/targets", "basic_auth": {"username": "a"}}),
        ("ec2", {"region": "eu-central-1", "port": 9100, "filters": [{"name": "tag:a", "values": ["b"]}]}),
        ("consul", {"server": "consul:8500", "services": ["a"], "node_meta": {"rack": "1"}}),
        ("static", {"targets": ["a:9100"], "labels": {"team": "web"}}),
    ],
)
def test_a_discovery_that_prometheus_takes_has_no_findings(kind: str, discovery: dict[str, Any]) -> None:
    assert [*DISCOVERIES[kind].judge(discovery, "sd")] == []


@pytest.mark.parametrize(
    ("kind", "discovery", "finding"),
    [
        ("kubernetes", {}, "sd has no role; it is required."),
        (
            "kubernetes",
            {"role": "pods"},
            "sd.role is pods; must be pod, service, endpoints, endpointslice, node or ingress.",
        ),
        ("kubernetes", {"role": "pod", "namespaces": ["shop"]}, "sd.namespaces is a list; must be a dictionary."),
        (
            "kubernetes",
            {"role": "pod", "namespaces": {"name": ["shop"]}},
            "sd.namespaces has the unknown key name; did you mean names?",
        ),
        *(
            (
                "kubernetes",
                {"role": "pod", "selectors": [{"role": "pod", "label": selector}]},
                f"sd.selectors[0].label is {selector}; must be a selector such as app=shop,tier!=test.",
            )
            for selector in ("app=a b", "app in a", ",", "=a", "a b", "app=é")
        ),
        (
            "kubernetes",
            {"role": "pod", "selectors": [{"role": "pod", "field": "spec.nodeName"}]},
            "sd.selectors[0].field is spec.nodeName; must be a selector such as spec.nodeName=node-1.",
        ),
        (
            "kubernetes",
            {"role": "service", "selectors": [{"role": "pod"}]},
            "sd.selectors[0].role is pod; must be service with the role service.",
        ),
        (
            "kubernetes",
            {"role": "pod", "selectors": [{"role": "pod"}, {"role": "pod"}]},
            "sd.selectors[1].role is pod, as sd.selectors[0].role is; must be unique.",
        ),
        (
            "kubernetes",
            {"role": "pod", "tls_config": {"ca_file": "/a"}},
            "sd has tls_config, which is allowed only with api_server.",
        ),
        (
            "kubernetes",
            {"role": "pod", "api_server": "https://a", "namespaces": {"own_namespace": True}},
            "sd.namespaces.own_namespace is true; must be false with api_server or kubeconfig_file.",
        ),
        (
            "kubernetes",
            {"role": "pod", "api_server": "https://a", "kubeconfig_file": "/b"},
            "sd has api_server and kubeconfig_file; only one of them is allowed.",
        ),
        ("dns", {"names": []}, "sd.names has 0 entries; must have at least 1."),
        ("dns", {"names": ["a"], "type": "A"}, "sd has no port; it is required with the type A."),
        ("dns", {"names": ["a"], "type": "TXT"}, "sd.type is TXT; must be SRV, A, AAAA, MX or NS."),
        ("file", {"files": ["/a.txt"]}, "sd.files[0] is /a.txt; must be a path that ends in .json, .yml or .yaml."),
        ("http", {"url": "inventory"}, "sd.url is inventory; must be a URL such as https://example.org/path."),
        ("ec2", {"filters": [{"name": "a"}]}, "sd.filters[0] has no values; it is required."),
        ("hetzner", {"role": "cloud"}, "sd.role is cloud; must be hcloud or robot."),
        (
            "gce",
            {"project": "a", "zone": "b", "basic_auth": {}},
            "sd has the unknown key basic_auth; it takes filter, port, project, refresh_interval, tag_separator, zone.",
        ),
        ("vultr", {"port": 70000}, "sd.port is 70000; must be a whole number from 0 to 65535."),
        ("static", {"target": ["a"], "targets": []}, "sd has the unknown key target; did you mean targets?"),
        ("static", {"targets": "a:9100"}, "sd.targets is text; must be a list."),
        ("static", {"targets": [], "labels": {"rack": 1}}, "sd.labels.rack is the number 1; must be text, in quotes."),
    ],
)
def test_a_discovery_that_prometheus_refuses_is_named(kind: str, discovery: dict[str, Any], finding: str) -> None:
    assert [*DISCOVERIES[kind].judge(discovery, "sd")] == [finding]


@pytest.mark.parametrize("kind", sorted(DISCOVERIES))
def test_every_discovery_refuses_what_it_does_not_know(kind: str) -> None:
    findings = [*DISCOVERIES[kind].judge({"zone_of_nobody": 1}, "sd")]
    assert [finding for finding in findings if finding.startswith("sd has the unknown key zone_of_nobody; ")]

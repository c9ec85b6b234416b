# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who must reach whom, and by that who must not: of each component's ports, the components that use it.

The rendered NetworkPolicies are evaluated against it (tests/unit/test_network_policies.py), and so are running pods
(tests/connections.py).
"""

from __future__ import annotations

ELSEWHERE = "a pod of another namespace"

USERS = {
    ("alertmanager", 8080): {"prometheus"},
    ("alertmanager", 9093): {"exposure", "grafana", "prometheus", "thanos-ruler"},
    ("alertmanager", 9094): {"alertmanager"},
    ("blackbox-exporter", 9115): {"prometheus"},
    ("exposure", 8080): {"prometheus"},
    # It is what asks whoever comes from outside.
    ("exposure", 9090): {ELSEWHERE},
    ("grafana", 3000): {"prometheus"},
    ("kube-state-metrics", 8080): {"prometheus"},
    ("kube-state-metrics", 8081): {"prometheus"},
    ("object-store", 9000): {
        *(
            "object-store-bucket",
            "prometheus",
            "thanos-bucket-web",
            "thanos-compact",
            "thanos-receive",
            "thanos-ruler",
            "thanos-store",
        ),
    },
    ("prometheus", 8080): {"prometheus"},
    ("prometheus", 9090): {"exposure", "grafana", "prometheus", "prometheus-adapter"},
    ("prometheus", 10901): {"thanos-query"},
    ("prometheus", 10902): {"prometheus"},
    ("prometheus-alert", 8080): {"alertmanager", "prometheus"},
    # The API server calls it, from an address that no policy can name.
    ("prometheus-adapter", 6443): {ELSEWHERE},
    ("prometheus-operator", 8080): {"prometheus"},
    ("thanos-bucket-web", 10902): {"exposure", "prometheus"},
    ("thanos-compact", 10902): {"prometheus"},
    ("thanos-query", 10901): set(),
    ("thanos-query", 10902): {"prometheus", "prometheus-adapter", "thanos-query-frontend", "thanos-ruler"},
    ("thanos-query-frontend", 10902): {"exposure", "grafana", "prometheus"},
    ("thanos-receive", 10901): {"thanos-query", "thanos-receive-router"},
    ("thanos-receive", 10902): {"prometheus"},
    ("thanos-receive-router", 10902): {"prometheus"},
    ("thanos-receive-router", 19291): {"prometheus"},
    ("thanos-ruler", 10901): {"thanos-query"},
    ("thanos-ruler", 10902): {"prometheus"},
    ("thanos-store", 10901): {"thanos-query"},
    ("thanos-store", 10902): {"prometheus"},
}
# The same of what exposure_endpoints may add.
EXPOSED = {("exposure", 9093): {ELSEWHERE}, ("exposure", 10902): {ELSEWHERE}, ("exposure", 10903): {ELSEWHERE}}
# What only an operator's pods have, and the operator itself.
WITH_OPERATOR = {("alertmanager", 8080), ("prometheus", 8080), ("prometheus-operator", 8080)}
WITHOUT_OPERATOR = {at: users for at, users in USERS.items() if at not in WITH_OPERATOR}
TABLES = {"operator": USERS, "standalone": WITHOUT_OPERATOR, "helm": USERS}
CONSUMERS = sorted(set().union(*USERS.values()) - {ELSEWHERE})
COMPONENTS = sorted({name for name, _port in USERS} | set(CONSUMERS))

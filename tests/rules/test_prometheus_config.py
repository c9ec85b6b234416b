# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of a Prometheus without an operator, as promtool reads it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.configurations import HOSTS, by_host, program
from tests.playbooks import rendered

# All that the variables can say at once.
EVERYTHING: dict[str, Any] = {
    "metrics_control_plane": ["etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy"],
    "metrics_coredns": True,
    "metrics_cilium": True,
    "prometheus_kubelet_proxy": True,
    "prometheus_external_labels": {"region": "eu-1", "team": 'the "a" team'},
    "prometheus_alertmanagers": [
        {"name": "alertmanager", "port": 9093},
        {
            "name": "other",
            "namespace": "elsewhere",
            "port": "web",
            "scheme": "https",
            "pathPrefix": "/alerts",
            "apiVersion": "v2",
        },
    ],
    "prometheus_secrets": ["printer"],
    "prometheus_scrape_configs": [
        {
            "job_name": "printer",
            "basic_auth": {"username": "prometheus", "password_file": "/etc/prometheus/secrets/printer/password"},
            "static_configs": [{"targets": ["printer:9100"]}],
            "relabel_configs": [{"source_labels": ["__address__"], "regex": "(.+):.*", "target_label": "printer"}],
        }
    ],
    "thanos_mode": "both",
    "prometheus_receive_options": {"remoteTimeout": "1m", "queueConfig": {"maxShards": 10, "retryOnRateLimit": True}},
    "prometheus_remote_write": [
        {
            "name": "archive",
            "url": "https://archive.example.org/api/v1/write",
            "remoteTimeout": "20s",
            "messageVersion": "V2.0",
            "sendExemplars": True,
            "sendNativeHistograms": True,
            "roundRobinDNS": True,
            "headers": {"X-Scope-OrgID": "team-a"},
            "writeRelabelConfigs": [{"sourceLabels": ["__name__"], "regex": "up|job:.*", "action": "Keep"}],
            "queueConfig": {
                **{"capacity": 1000, "minShards": 1, "maxShards": 5, "maxSamplesPerSend": 500, "batchSendDeadline": "5s"},
                **{"minBackoff": "1s", "maxBackoff": "1m", "retryOnRateLimit": True, "sampleAgeLimit": "1h"},
            },
            "metadataConfig": {"send": True, "sendInterval": "1m", "maxSamplesPerSend": 100},
            "tlsConfig": {
                "ca": {"configMap": {"name": "archive", "key": "ca.crt"}},
                "cert": {"secret": {"name": "archive", "key": "tls.crt"}},
                "keySecret": {"name": "archive", "key": "tls.key"},
                "serverName": "archive",
                "minVersion": "TLS12",
            },
            "basicAuth": {"username": {"name": "archive", "key": "user"}, "password": {"name": "archive", "key": "password"}},
            "followRedirects": False,
            "enableHTTP2": False,
            "proxyUrl": "http://proxy:3128",
            "noProxy": "localhost",
        },
        {
            "name": "amazon",
            "url": "https://aps/",
            "sigv4": {"region": "eu-central-1", "roleArn": "a", "useFIPSSTSEndpoint": True},
        },
        {
            "name": "azure",
            "url": "https://azure/",
            "azureAd": {"cloud": "AzurePublic", "managedIdentity": {"clientId": "00000000-0000-0000-0000-000000000000"}},
        },
        {
            "name": "token",
            "url": "https://token/",
            "authorization": {"credentials": {"name": "archive", "key": "token"}},
            "proxyFromEnvironment": True,
        },
    ],
    "blackbox_exporter_targets": [
        {"name": "site", "module": "http_2xx", "targets": ["https://a/"], "interval": "1m", "labels": {"team": "web"}},
        {"name": "mail", "module": "tcp", "targets": ["b:25"]},
    ],
}


@pytest.fixture(scope="module")
def promtool() -> str:
    return program("promtool", of="Prometheus")


@pytest.fixture(scope="module")
def configurations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The configuration of each inventory, and of everything the variables can say."""
    roles = ["prometheus", "system_monitors"]
    folders = by_host(tmp_path_factory.mktemp("prometheus"), roles, EVERYTHING, prometheus_engine="standalone")
    found = {}
    for host, folder in folders.items():
        [item] = rendered(folder / "prometheus", "ConfigMap")
        found[host] = item["data"]["prometheus.yml"]
    return found


@pytest.mark.parametrize("host", HOSTS)
def test_prometheus_reads_the_configuration(host: str, configurations: dict[str, str], promtool: str, tmp_path: Path) -> None:
    file = tmp_path / "prometheus.yml"
    file.write_text(configurations[host])
    # The files it names are those of a pod.
    checked = subprocess.run([promtool, "check", "config", "--syntax-only", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_what_the_cluster_runs_is_scraped_by_one_job_alone(configurations: dict[str, str]) -> None:
    jobs = {job["job_name"]: job for job in yaml.safe_load(configurations["everything"])["scrape_configs"]}
    left_out = [rule["regex"] for job in jobs.values() for rule in job.get("relabel_configs", []) if rule.get("action") == "drop"]
    for name in (*EVERYTHING["metrics_control_plane"], "coredns", "cilium-agent", "cilium-operator", "hubble"):
        assert f"kube-system;metrics-{name};metrics" in [rule.get("regex") for rule in jobs[name]["relabel_configs"]]
    # Their pods may be annotated as well: for Services and for pods these are left out.
    for pods in ("etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy", "kube-dns", "cilium", "operator"):
        assert left_out.count(f"kube-system;{pods}") == 2

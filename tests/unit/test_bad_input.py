# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles refuse bad input in one error that names the variable and says what is allowed, before anything is touched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playbooks import ROOT, Outcome, play, run_roles

OIDC = {"grafana_oidc_client_id": "grafana", "grafana_root_url": "https://grafana.example.com"}
FEISHU = {"prometheus_alert_feishu_secret": {"name": "bots", "key": "feishu"}}
BASIC = {"type": "basic", "secret": "people"}
INGRESS = {"component": "prometheus", "method": "ingress", "host": "prometheus.example.com"}
SECRETS = ["hunter2"]
HELM = {"prometheus_engine": "helm", "alertmanager_enabled": True}
CHART = {
    "kube_prometheus_stack_chart_ref": str(ROOT / "tests/charts/kube-prometheus-stack"),
    "kube_prometheus_stack_chart_repo_url": "",
}

ALONE = {"prometheus_engine": "standalone"}

# By role: variables, and what the error says.
CASES: dict[str, list[tuple[dict[str, Any], tuple[str, ...]]]] = {
    "common": [
        ({"metrics_state": "gone"}, ("metrics_state", "present, absent, rendered")),
        ({"metrics_wait": "perhaps"}, ("metrics_wait", "bool")),
        ({"metrics_wait_timeout": 0}, ("metrics_wait_timeout is 0", "at least 1")),
        ({"metrics_namespace": "My_Metrics"}, ("metrics_namespace is My_Metrics", "lower-case")),
        ({"metrics_cluster": ""}, ("metrics_cluster is empty", "unique")),
        ({"metrics_cluster": 'a"b'}, ('metrics_cluster is a"b', "without quotes")),
        ({"metrics_storage_class": "Fast Disks"}, ("metrics_storage_class is Fast Disks", "empty for the default")),
        (
            {"metrics_image_registry": "https://mirror.example.com"},
            ("metrics_image_registry is https://mirror.example.com", "without scheme"),
        ),
        (
            {"metrics_image_digests": {"quay.io/thanos/thanos:v0.42.5": "v0.42.5"}},
            ("metrics_image_digests", "quay.io/thanos/thanos:v0.42.5", "64 hexadecimal digits"),
        ),
        ({"metrics_image_pull_secrets": ["my secret"]}, ("metrics_image_pull_secrets has my secret", "names of Secrets")),
        ({"metrics_labels": {"team": 5}}, ("metrics_labels", "team", "a text")),
        ({"metrics_labels": {"example.org/": "a"}}, ("metrics_labels has the malformed labels example.org/", "example.org/team")),
        ({"metrics_remove_kept": ["Secret"]}, ("metrics_remove_kept names Secret", "PersistentVolumeClaim")),
        (
            {"metrics_state": "absent", "metrics_remove_kept": ["Volume"]},
            ("metrics_remove_kept names Volume", "PersistentVolumeClaim"),
        ),
        ({"metrics_network_policy_from": {"thanos": []}}, ("metrics_network_policy_from names thanos", "thanos-query")),
        (
            {"metrics_network_policy_from": {"thanos-query": [{"podLabels": {"a": "b"}}]}},
            ("metrics_network_policy_from of thanos-query", "podSelector"),
        ),
        ({"metrics_objstore_config": "s3://hunter2"}, ("metrics_objstore_config", "dict")),
        (
            {"metrics_objstore_config": {"config": {"bucket": "b", "endpoint": "s3"}}},
            ("metrics_objstore_config has no type", "S3"),
        ),
        (
            {"metrics_objstore_config": {"type": "MINIO", "config": {"bucket": "b"}}},
            ("metrics_objstore_config has the type MINIO", "S3"),
        ),
        (
            {"metrics_objstore_config": {"type": "S3", "bucket": "b", "config": {"bucket": "b", "endpoint": "s3"}}},
            ("metrics_objstore_config has bucket", "type, config and prefix"),
        ),
        ({"metrics_objstore_config": {"type": "GCS", "config": "b"}}, ("metrics_objstore_config.config is no map",)),
        (
            {"metrics_objstore_config": {"type": "S3", "config": {"endpoint": "s3"}}},
            ("metrics_objstore_config.config has no bucket", "S3 needs bucket and endpoint"),
        ),
        (
            {"metrics_objstore_config": {"type": "S3", "config": {"bucket": "b", "endpoint": "http://s3"}}},
            ("metrics_objstore_config.config.endpoint is http://s3", "host:port", "insecure"),
        ),
        (
            {"metrics_objstore_config": {"type": "S3", "config": {"bucket": "b", "endpoint": "s3", "secret_key": "hunter2"}}},
            ("metrics_objstore_config holds secret_key", "metrics_objstore_credentials_secret"),
        ),
        (
            {
                "metrics_objstore_config": {
                    "type": "GCS",
                    "config": {"bucket": "b", "service_account": {"private_key": "hunter2"}},
                }
            },
            ("metrics_objstore_config holds service_account", "metrics_service_account_annotations"),
        ),
        (
            {"metrics_objstore_credentials_secret": "metrics/keys"},
            ("metrics_objstore_credentials_secret is metrics/keys", "cloud identity"),
        ),
    ],
    "preflight": [
        ({"preflight_capacity": "enough"}, ("preflight_capacity", "bool")),
        ({"preflight_kubernetes": "latest"}, ("preflight_kubernetes is latest", '"1.30"')),
        ({"preflight_kubernetes": 1.3}, ("preflight_kubernetes is 1.3", "in quotes")),
        ({"preflight_kubernetes": "1.24"}, ("preflight_kubernetes is 1.24", "at least 1.25")),
        (
            {"prometheus_version": "v3.15.0", "prometheus_thanos_version": "v0.36.1"},
            ("prometheus_thanos_version is v0.36.1", "v0.37.0 or later"),
        ),
        (
            {"prometheus_version": "v3.15.0", "prometheus_image": "quay.io/prometheus/prometheus:v2.55.1"},
            ("prometheus_image is quay.io/prometheus/prometheus:v2.55.1", "set both alike"),
        ),
    ],
    "namespace": [
        ({"namespace_pod_security": "strict"}, ("namespace_pod_security", "restricted, baseline, privileged")),
        (
            {"namespace_pod_security": "restricted", "prometheus_host_path": "/data/prometheus"},
            ("namespace_pod_security is restricted", "prometheus_host_path", "baseline"),
        ),
        ({"namespace_labels": ["team"]}, ("namespace_labels", "dict")),
        ({"namespace_labels": {"my team": "a"}}, ("namespace_labels", "my team", "example.org/team")),
        ({"namespace_labels": {"team": "a b"}}, ("namespace_labels", "team", "at most 63")),
        (
            {"namespace_labels": {"pod-security.kubernetes.io/enforce": "privileged"}},
            ("namespace_labels has pod-security.kubernetes.io/enforce", "namespace_pod_security"),
        ),
        (
            {"namespace_labels": {"kubernetes.io/metadata.name": "metrics"}},
            ("namespace_labels has kubernetes.io/metadata.name", "Kubernetes sets itself"),
        ),
        ({"namespace_annotations": {"owner": True}}, ("namespace_annotations", "owner", "a text")),
    ],
    "object_store": [
        ({"object_store_flavour": "ceph"}, ("object_store_flavour", "rustfs, minio, versitygw, none")),
        ({"object_store_bucket_method": "hand"}, ("object_store_bucket_method", "module, job, none")),
        ({"object_store_storage": "10 GB"}, ("object_store_storage is 10 GB", "10Gi")),
        ({"object_store_bucket_timeout": "soon"}, ("object_store_bucket_timeout", "int")),
        ({"object_store_bucket_timeout": 0}, ("object_store_bucket_timeout is 0", "at least 1")),
        ({"object_store_images": {"rustfs": "rustfs"}}, ("object_store_images", "rustfs", "tag")),
        (
            {"metrics_objstore_config": {"type": "GCS", "config": {"bucket": "b"}}},
            ("object_store_flavour is rustfs", "type GCS", "none"),
        ),
        (
            {"metrics_objstore_credentials_secret": ""},
            ("object_store_flavour is rustfs", "metrics_objstore_credentials_secret is empty"),
        ),
        ({"object_store_flavour": "none"}, ("object_store_flavour is none", "object-store.metrics.svc:9000", "choose a flavour")),
    ],
    "prometheus_operator": [
        ({"prometheus_operator_version": "latest"}, ("prometheus_operator_version is latest", "v0.93.1")),
        ({"prometheus_operator_existing": "theirs"}, ("prometheus_operator_existing", "bool")),
        ({"prometheus_operator_crds": "some"}, ("prometheus_operator_crds", "bool")),
        ({"prometheus_operator_crds_url": "bundle.yaml"}, ("prometheus_operator_crds_url is bundle.yaml", "https")),
        ({"prometheus_operator_crds_checksum": ""}, ("prometheus_operator_crds_checksum is empty", "sha256:")),
        (
            {"prometheus_operator_crds_checksum": "md5:d41d8cd98f00b204e9800998ecf8427e"},
            ("prometheus_operator_crds_checksum is md5:", "sha512:"),
        ),
        (
            {"prometheus_operator_crds_file": "/nowhere/bundle.yaml"},
            ("prometheus_operator_crds_file is /nowhere/bundle.yaml", "no such file"),
        ),
        (
            {"prometheus_operator_credential_namespaces": ["*"]},
            ("prometheus_operator_credential_namespaces has *", "without wildcards"),
        ),
    ],
    "prometheus": [
        ({"prometheus_replicas": "two"}, ("prometheus_replicas", "int")),
        ({"prometheus_replicas": 0}, ("prometheus_replicas is 0", "at least 1")),
        ({"prometheus_name": "Main"}, ("prometheus_name is Main", "lower-case")),
        ({"prometheus_scrape_interval": 30}, ("prometheus_scrape_interval is 30", "30s")),
        ({"prometheus_retention": "two weeks"}, ("prometheus_retention is two weeks", "15d")),
        ({"prometheus_retention_size": "40G"}, ("prometheus_retention_size is 40G", "40GB")),
        ({"prometheus_block_duration": "short"}, ("prometheus_block_duration is short", "1m")),
        ({"prometheus_storage": "50GB"}, ("prometheus_storage is 50GB", "50Gi")),
        ({"prometheus_external_labels": {"cluster": "a"}}, ("prometheus_external_labels sets cluster", "metrics_cluster")),
        (
            {"prometheus_external_labels": {"prometheus_replica": "a"}},
            ("prometheus_external_labels sets prometheus_replica", "apart"),
        ),
        (
            {"prometheus_external_labels": {"data-center": "a"}},
            ("prometheus_external_labels has data-center", "letters, digits and _"),
        ),
        ({"prometheus_route_prefix": "prometheus"}, ("prometheus_route_prefix is prometheus", "begins with /")),
        ({"prometheus_external_url": "metrics.example.com"}, ("prometheus_external_url is metrics.example.com", "https://")),
        (
            {"prometheus_route_prefix": "/prometheus", "prometheus_external_url": "https://metrics.example.com"},
            ("prometheus_external_url has the path /", "prometheus_route_prefix is /prometheus", "alike"),
        ),
        ({"prometheus_alertmanagers": [{"name": "a"}]}, ("prometheus_alertmanagers", "port")),
        (
            {"prometheus_kubelet": True, "prometheus_operator_kubelet": False},
            ("prometheus_kubelet is true", "prometheus_operator_kubelet is false"),
        ),
        ({"prometheus_engine": "docker"}, ("prometheus_engine", "operator, standalone, helm")),
        ({"prometheus_secrets": ["My_Key"]}, ("prometheus_secrets has My_Key", "names of Secrets")),
        ({"prometheus_host_path": "/data/prometheus"}, ("prometheus_host_path is set", "prometheus_engine standalone")),
        ({"prometheus_kubelet_proxy": True}, ("prometheus_kubelet_proxy is true", "prometheus_engine standalone")),
        ({"prometheus_scrape_configs": [{"job_name": "a"}]}, ("prometheus_scrape_configs is set", "ScrapeConfig")),
        ({**ALONE, "prometheus_version": "v3.11.3"}, ("prometheus_version is v3.11.3", "v3.12.0 or later")),
        (
            {**ALONE, "prometheus_host_path": "data", "prometheus_replicas": 1},
            ("prometheus_host_path is data", "a path like /data/prometheus"),
        ),
        (
            {**ALONE, "prometheus_host_path": "/data/../etc", "prometheus_replicas": 1},
            ("prometheus_host_path is /data/../etc", "a path like /data/prometheus"),
        ),
        (
            {**ALONE, "prometheus_host_path": "/data/prometheus", "prometheus_replicas": 2},
            ("prometheus_host_path is set, but prometheus_replicas is 2", "set prometheus_replicas to 1"),
        ),
        (
            {**ALONE, "prometheus_host_path_node": "node-3"},
            ("prometheus_host_path_node is node-3", "with prometheus_host_path"),
        ),
        ({**ALONE, "prometheus_external_labels": {"replica": "a"}}, ("prometheus_external_labels sets replica", "apart")),
        ({**ALONE, "prometheus_scrape_configs": "jobs.yml"}, ("prometheus_scrape_configs", "dict")),
        (
            {**ALONE, "prometheus_scrape_configs": [{"static_configs": []}]},
            ("prometheus_scrape_configs has 1 entries without job_name",),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": [{"job_name": "a", "basic_auth": {"password": "hunter2"}}]},
            ("prometheus_scrape_configs has [0].basic_auth.password in plain text", "prometheus_secrets"),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": [{"job_name": "a", "tls_config": {"cert": "public", "key": "hunter2"}}]},
            ("prometheus_scrape_configs has [0].tls_config.key in plain text", "prometheus_secrets"),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": [{"job_name": "a", "http_headers": {"X-Key": {"secrets": ["hunter2"]}}}]},
            ("prometheus_scrape_configs has [0].http_headers.X-Key.secrets[0] in plain text", "files of http_headers"),
        ),
        (
            {**ALONE, "prometheus_alertmanagers": [{"name": "a", "port": "http", "tlsConfig": {}}]},
            ("prometheus_alertmanagers has tlsConfig", "pathPrefix"),
        ),
    ],
    "thanos": [
        ({"thanos_query_replicas": "two"}, ("thanos_query_replicas", "int")),
        ({"thanos_query_replicas": 0}, ("thanos_query_replicas is 0", "at least 1")),
        ({"thanos_store_replicas": -1}, ("thanos_store_replicas is -1", "at least 1")),
        ({"thanos_compact_concurrency": 0}, ("thanos_compact_concurrency is 0", "at least 1")),
        ({"thanos_compact_storage": "100GB"}, ("thanos_compact_storage is 100GB", "10Gi")),
        ({"thanos_store_index_cache_size": "250"}, ("thanos_store_index_cache_size is 250", "250MB")),
        ({"thanos_query_external_prefix": "thanos"}, ("thanos_query_external_prefix is thanos", "begins with /")),
        ({"thanos_query_prefix_header": "X Prefix"}, ("thanos_query_prefix_header is X Prefix", "X-Forwarded-Prefix")),
        (
            {"thanos_query_replica_labels": ["prometheus-replica"]},
            ("thanos_query_replica_labels has prometheus-replica", "prometheus_replica"),
        ),
        ({"thanos_query_endpoints": ["http://other:10901"]}, ("thanos_query_endpoints has http://other:10901", "host:port")),
        ({"thanos_store_extra_args": ["--log.level", "debug"]}, ("thanos_store_extra_args has debug", "--log.level=debug")),
        ({"thanos_compact_wait_interval": "five minutes"}, ("thanos_compact_wait_interval is five minutes", "5m")),
        ({"thanos_compact_retention_raw": "91d"}, ("thanos_compact_retention_raw is 91d", "thanos_compact_retention_5m, 90d")),
        (
            {"thanos_compact_retention_1h": "80d12h"},
            ("thanos_compact_retention_5m is 90d", "thanos_compact_retention_1h, 80d12h"),
        ),
        ({"thanos_compact_retention_raw": "1d"}, ("thanos_compact_retention_raw is 1d", "at least 40h")),
        (
            {"thanos_compact_retention_raw": "2d", "thanos_compact_retention_5m": "1w"},
            ("thanos_compact_retention_5m is 1w", "at least 10d"),
        ),
        (
            {"thanos_store_ignore_deletion_marks_delay": "2d"},
            ("thanos_store_ignore_deletion_marks_delay is 2d", "shorter than thanos_compact_delete_delay, 48h"),
        ),
    ],
    "rules": [
        ({"rules_overrides": ["NodeDown"]}, ("rules_overrides", "dict")),
        ({"rules_overrides": {"NodeDwn": {"enabled": False}}}, ("rules_overrides", "NodeDwn", "did you mean NodeDown")),
        ({"rules_overrides": {"NodeDown": {"severity": "page"}}}, ("rules_overrides", "NodeDown", "critical")),
        ({"rules_overrides": {"NodeDown": {"for": "a while"}}}, ("rules_overrides", "NodeDown", "a while")),
        ({"rules_groups_disabled": ["cats"]}, ("rules_groups_disabled", "cats", "etcd")),
        ({"rules_labels": {"my-team": "a"}}, ("rules_labels", "my-team")),
        ({"rules_interval": "often"}, ("rules_interval", "often", "30s")),
        ({"rules_extra_files": ["/nowhere/rules.yml"]}, ("rules_extra_files names /nowhere/rules.yml", "no such file")),
        ({"rules_extra_files": [f"{ROOT}/Makefile"]}, ("rules_extra_files", "Makefile is no YAML")),
        ({"rules_extra_files": [f"{ROOT}/galaxy.yml"]}, ("rules_extra_files", "galaxy.yml is no Prometheus rule file")),
        ({"rules_runbook_base": "runbooks"}, ("rules_runbook_base is runbooks", "http")),
    ],
    "dashboards": [
        ({"dashboards_labels": "grafana_dashboard"}, ("dashboards_labels", "dict")),
        ({"dashboards_enabled": {"cats": True}}, ("dashboards_enabled", "cats", "workloads")),
        ({"dashboards_enabled": {"nodes": "perhaps"}}, ("nodes", "dashboards_enabled", "bool")),
        ({"dashboards_labels": {}}, ("dashboards_labels is empty", "grafana_dashboard")),
        ({"dashboards_labels": {"grafana_dashboard": 1}}, ("dashboards_labels", "grafana_dashboard", "a text")),
        ({"dashboards_folder": "/etc"}, ("dashboards_folder is /etc", "without /")),
        ({"dashboards_folder_annotation": "the folder"}, ("dashboards_folder_annotation is the folder", "grafana_folder")),
    ],
    "verify": [
        ({"verify_timeout": "long"}, ("verify_timeout", "int")),
        ({"verify_timeout": 0}, ("verify_timeout is 0", "at least 1")),
        ({"verify_restart_minutes": -1}, ("verify_restart_minutes is -1", "from 0")),
        ({"verify_block_minutes": 0}, ("verify_block_minutes is 0", "at least 1")),
        ({"verify_jobs": []}, ("verify_jobs is empty", "at least one")),
        ({"verify_monitors_allowed_empty": ["a/b/c"]}, ("verify_monitors_allowed_empty has a/b/c", "namespace/name")),
        (
            {"verify_panels_allowed_empty": [{"dashboard": "Nodes", "panel": "Pressure"}]},
            ("reason", "verify_panels_allowed_empty"),
        ),
        (
            {"verify_alert_webhook": {"service": "webhook"}, "alertmanager_test_webhook_url": "http://webhook"},
            ("verify_alert_webhook needs namespace and service",),
        ),
        (
            {"verify_alert_webhook": {"namespace": "a", "service": "b"}},
            ("verify_alert_webhook is set", "alertmanager_test_webhook_url is empty"),
        ),
    ],
    "alertmanager": [
        ({"alertmanager_replicas": "three"}, ("alertmanager_replicas", "int")),
        ({"alertmanager_replicas": 0}, ("alertmanager_replicas is 0", "at least 1")),
        ({"alertmanager_retention": "5d"}, ("alertmanager_retention is 5d", "120h")),
        ({"alertmanager_storage": "5 GB"}, ("alertmanager_storage is 5 GB", "5Gi")),
        ({"alertmanager_route": {"receiver": "pager"}}, ("alertmanager_route.receiver is pager", "null")),
        ({"alertmanager_routes": [{"matchers": ["severity"]}]}, ("alertmanager_routes[0].matchers", "malformed")),
        (
            {"alertmanager_receivers": [{"name": "a", "slack": [{"api_url": "https://hooks.slack.com/"}]}]},
            ("alertmanager_receivers[0] (a) slack[0].api_url", "api_url_secret"),
        ),
        ({"alertmanager_receivers": [{"name": "a"}, {"name": "a"}]}, ("alertmanager_receivers[1]", "name a")),
    ],
    "node_exporter": [
        ({"node_exporter_port": "http"}, ("node_exporter_port", "int")),
        ({"node_exporter_port": 80}, ("node_exporter_port is 80", "1024 to 65535")),
        ({"node_exporter_namespace": "metrics"}, ("node_exporter_namespace is metrics", "of its own")),
        ({"node_exporter_mount_propagation": "Both"}, ("node_exporter_mount_propagation", "HostToContainer, None")),
        (
            {"node_exporter_collectors": ["nfs", "wifi"], "node_exporter_disabled_collectors": ["nfs"]},
            ("node_exporter_collectors and node_exporter_disabled_collectors both name nfs",),
        ),
        ({"node_exporter_collectors": ["--collector.wifi"]}, ("node_exporter_collectors", "--collector.wifi")),
        ({"node_exporter_disabled_collectors": ["cpu"]}, ("node_exporter_disabled_collectors names cpu", "alerts")),
    ],
    "kube_state_metrics": [
        ({"kube_state_metrics_resources": []}, ("kube_state_metrics_resources is empty",)),
        ({"kube_state_metrics_resources": ["podz"]}, ("kube_state_metrics_resources has podz", "pods")),
        ({"kube_state_metrics_resources": ["pods", "pods"]}, ("kube_state_metrics_resources", "twice")),
        ({"kube_state_metrics_resources": {"pods": True}}, ("kube_state_metrics_resources", "list")),
        ({"kube_state_metrics_labels": {"secrets": ["a"]}}, ("kube_state_metrics_labels", "names secrets")),
        ({"kube_state_metrics_labels": {"pods": "app"}}, ("kube_state_metrics_labels", "lists", "pods")),
        ({"kube_state_metrics_enabled": "perhaps"}, ("kube_state_metrics_enabled", "bool")),
    ],
    "blackbox_exporter": [
        ({"blackbox_exporter_replicas": 0}, ("blackbox_exporter_replicas is 0", "at least 1")),
        ({"blackbox_exporter_modules": {"a": {"prober": "ftp"}}}, ("blackbox_exporter_modules has a", "http, tcp")),
        ({"blackbox_exporter_modules": {"a": {}}}, ("blackbox_exporter_modules has a without a prober",)),
        (
            {"blackbox_exporter_modules": {"a": {"prober": "http", "http": {"basic_auth": {"username": "u", "password": "p"}}}}},
            ("blackbox_exporter_modules has a.http.basic_auth.password in plain text", "blackbox_exporter_secrets"),
        ),
        (
            {
                "blackbox_exporter_modules": {
                    "a": {"prober": "http", "http": {"headers": {"Authorization": "b", "X-Api-Key": "c"}}}
                }
            },
            ("a.http.headers.Authorization, a.http.headers.X-Api-Key in plain text",),
        ),
        (
            {"blackbox_exporter_targets": [{"name": "a", "module": "ping", "targets": ["b"]}]},
            ("blackbox_exporter_targets names the modules ping", "grpc, http_2xx, icmp, tcp"),
        ),
        (
            {"blackbox_exporter_targets": [{"name": "My Site", "module": "tcp", "targets": ["b:1"]}]},
            ("blackbox_exporter_targets has the names My Site", "lower-case"),
        ),
        (
            {"blackbox_exporter_targets": [{"name": "a", "module": "tcp", "targets": ["b:1"]}] * 2},
            ("blackbox_exporter_targets has a name twice",),
        ),
        ({"blackbox_exporter_targets": [{"name": "a", "module": "tcp"}]}, ("targets", "blackbox_exporter_targets")),
        (
            {"blackbox_exporter_targets": [{"name": "a", "module": "tcp", "targets": ["b:1"], "interval": "often"}]},
            ("blackbox_exporter_targets has the intervals often", "30s"),
        ),
    ],
    "prometheus_adapter": [
        ({"prometheus_adapter_replicas": -1}, ("prometheus_adapter_replicas is -1", "at least 1")),
        ({"prometheus_adapter_url": "prometheus:9090"}, ("prometheus_adapter_url is prometheus:9090", "http")),
        ({"prometheus_adapter_resource_metrics": "maybe"}, ("prometheus_adapter_resource_metrics", "auto")),
        ({"prometheus_adapter_window": "a while"}, ("prometheus_adapter_window", "a while", "5m")),
        (
            {"prometheus_adapter_relist_interval": "5m", "prometheus_adapter_max_age": "1m"},
            ("prometheus_adapter_max_age is 1m", "prometheus_adapter_relist_interval", "5m"),
        ),
        ({"prometheus_adapter_rules": [{"seriesQuery": "a"}]}, ("prometheus_adapter_rules", "metricsQuery")),
        (
            {"prometheus_adapter_external_rules": [{"seriesQuery": "a", "metricsQuery": "b", "query": "c"}]},
            ("prometheus_adapter_external_rules has the unknown options query", "seriesFilters"),
        ),
        (
            {
                "prometheus_adapter_resource_metrics": "always",
                "__preflight_cluster": {
                    "api_services": [
                        {"name": "v1beta1.metrics.k8s.io", "service": "kube-system/metrics-server", "available": False}
                    ]
                },
            },
            ("prometheus_adapter_resource_metrics is always", "kube-system/metrics-server", "auto"),
        ),
    ],
    "grafana": [
        ({"grafana_expose": "loadbalancer"}, ("grafana_expose", "none, nodeport, ingress, gateway")),
        ({"grafana_node_port": "http"}, ("grafana_node_port", "int")),
        ({"grafana_expose": "nodeport", "grafana_node_port": 3000}, ("grafana_node_port is 3000", "30000 to 32767")),
        ({"grafana_expose": "ingress"}, ("grafana_expose is ingress", "grafana_host")),
        (
            {"grafana_expose": "ingress", "grafana_host": "https://grafana.example.com"},
            ("grafana_host is https://grafana.example.com", "without scheme"),
        ),
        ({"grafana_expose": "gateway", "grafana_host": "grafana.example.com"}, ("grafana_gateway_parent_refs",)),
        (
            {"grafana_expose": "nodeport", "grafana_config": {"auth.anonymous": {"enabled": True}}},
            ("grafana_config lifts the login",),
        ),
        (
            {"grafana_config": {"security": {"admin_password": "hunter2"}, "remote_cache": {"connstr": "password=hunter2"}}},
            ("grafana_config has remote_cache.connstr, security.admin_password in plain text", "$__file"),
        ),
        ({"grafana_sidecar_env": {"REQ_PASSWORD": "hunter2"}}, ("grafana_sidecar_env has REQ_PASSWORD in plain text",)),
        ({"grafana_config": {"root_url": "x"}}, ("grafana_config", "section", "root_url")),
        (
            {"grafana_datasources": [{"name": "Loki", "uid": "loki", "type": "loki", "isDefault": True}]},
            ("grafana_datasources makes Loki a default", "Thanos Query"),
        ),
        (
            {"grafana_datasources": [{"name": "Other", "uid": "thanos", "type": "prometheus"}]},
            ("grafana_datasources", "uid thanos"),
        ),
        ({"grafana_datasources": [{"name": "Loki", "uid": "loki"}]}, ("grafana_datasources needs name, uid and type",)),
        (
            {
                "grafana_datasources": [
                    {"name": "L", "uid": "l", "type": "loki", "secureJsonData": {"basicAuthPassword": "hunter2"}}
                ]
            },
            ("grafana_datasources holds a secret", "$__file"),
        ),
        ({**OIDC, "grafana_oidc_auth_url": "https://id.example.com/auth"}, ("grafana_oidc_token_url, grafana_oidc_api_url",)),
        ({"grafana_oidc_auth_url": "https://id.example.com/auth"}, ("grafana_oidc_client_id is empty",)),
        ({**OIDC, "grafana_oidc_client_secret": {"name": "oidc"}}, ("key", "grafana_oidc_client_secret")),
    ],
    "prometheus_alert": [
        ({"prometheus_alert_enabled": "maybe"}, ("prometheus_alert_enabled", "bool")),
        ({"prometheus_alert_enabled": True}, ("prometheus_alert_dingtalk_secret", "name, key")),
        (
            {"prometheus_alert_enabled": True, "prometheus_alert_wecom_secret": {"name": "bots"}},
            ("prometheus_alert_wecom_secret needs both name and key",),
        ),
        (
            {"prometheus_alert_enabled": True, "prometheus_alert_feishu_secret": "https://open.feishu.cn/hunter2"},
            ("prometheus_alert_feishu_secret", "dict"),
        ),
        (
            {"prometheus_alert_enabled": True, "prometheus_alert_dingtalk_signed": True, **FEISHU},
            ("prometheus_alert_dingtalk_signed", "prometheus_alert_dingtalk_secret"),
        ),
        (
            {"prometheus_alert_enabled": True, "prometheus_alert_config": {"ddurl": "https://x/hunter2"}, **FEISHU},
            ("prometheus_alert_config would put a secret", "ddurl"),
        ),
    ],
    "kube_prometheus_stack": [
        ({**HELM, "kube_prometheus_stack_environment": "staging"}, ("kube_prometheus_stack_environment", "local, cloud")),
        ({**HELM, "kube_prometheus_stack_chart_ref": ""}, ("kube_prometheus_stack_chart_ref is empty", "OCI reference")),
        (
            {**HELM, "kube_prometheus_stack_chart_ref": "oci://example.com/charts/stack"},
            ("kube_prometheus_stack_chart_repo_url is set too", "empty the URL"),
        ),
        (
            {**HELM, "kube_prometheus_stack_chart_ref": "/nowhere/stack", "kube_prometheus_stack_chart_repo_url": ""},
            ("/nowhere/stack", "no such file or folder"),
        ),
        (
            {**HELM, "kube_prometheus_stack_chart_repo_url": "charts.example.com"},
            ("chart_repo_url is charts.example.com", "https"),
        ),
        ({**HELM, "kube_prometheus_stack_chart_version": "latest"}, ("chart_version is latest", "88.5.3")),
        ({**HELM, **CHART, "kube_prometheus_stack_chart_version": "88.5.3"}, ("chart_version is 88.5.3", "is 0.1.0")),
        ({**HELM, **CHART, "kube_prometheus_stack_chart_version": "0.1.0"}, ("is a path, which Flux does not take",)),
        ({**HELM, "kube_prometheus_stack_release": "My Stack"}, ("kube_prometheus_stack_release is My Stack", "lower-case")),
        ({**HELM, "kube_prometheus_stack_values": "replicas: 2"}, ("kube_prometheus_stack_values", "dict")),
        (
            {**HELM, "kube_prometheus_stack_values": {"grafana": {"adminPassword": "hunter2"}}},
            ("kube_prometheus_stack_values has grafana.adminPassword in plain text", "a Secret"),
        ),
        (
            {**HELM, "kube_prometheus_stack_values": {"grafana": {"env": {"GF_SMTP_PASSWORD": "hunter2"}}}},
            ("kube_prometheus_stack_values has grafana.env.GF_SMTP_PASSWORD in plain text", "$__file{"),
        ),
        (
            {**HELM, "kube_prometheus_stack_values": {"nameOverride": "mine", "fullnameOverride": "mine"}},
            (
                "kube_prometheus_stack_values has nameOverride, by which",
                "leave it out",
                "has fullnameOverride; set prometheus_name",
            ),
        ),
        (
            {
                **HELM,
                "kube_prometheus_stack_values": {
                    "prometheus": {"prometheusSpec": {"replicas": 4}},
                    "alertmanager": {"alertmanagerSpec": {"replicas": 5}},
                },
            },
            ("prometheus.prometheusSpec.replicas; set prometheus_replicas", "replicas; set alertmanager_replicas"),
        ),
        (
            {**HELM, "kube_prometheus_stack_chart_repo_url": "file:///srv/charts"},
            ("chart_repo_url is file:///srv/charts", "an http or https URL"),
        ),
        ({**HELM, "prometheus_name": "a" * 27, "alertmanager_name": "a" * 27}, ("prometheus_name is aaa", "at most 26")),
        (
            {**HELM, "prometheus_name": "main", "alertmanager_name": "alerts"},
            ("alertmanager_name is alerts and prometheus_name is main", "set them alike"),
        ),
        (
            {**HELM, "metrics_state": "present", "kube_prometheus_stack_helm_binary": "helm-of-nowhere"},
            ("kube_prometheus_stack_helm_binary is helm-of-nowhere", "install helm 3"),
        ),
        ({**HELM, "metrics_state": "present"}, ("needs the collection kubernetes.core", "ansible-galaxy")),
    ],
    "exposure": [
        (
            {"exposure_endpoints": [INGRESS]},
            ("exposure_endpoints[0] (prometheus by ingress) has no auth", "type: basic", "type: forward"),
        ),
        (
            {
                "exposure_endpoints": [
                    {**INGRESS, "method": "gateway", "component": "thanos-query", "parent_refs": [{"name": "edge"}]}
                ]
            },
            ("exposure_endpoints[0] (thanos-query by gateway) has no auth",),
        ),
        (
            {"exposure_endpoints": [{"component": "alertmanager", "method": "nodeport", "auth": {}}]},
            ("exposure_endpoints[0] (alertmanager by nodeport) has no auth",),
        ),
        ({"exposure_endpoints": [{**INGRESS, "auth": {"type": "none"}}]}, ("auth.type is none", "basic or forward")),
        ({"exposure_endpoints": [{**INGRESS, "auth": {"type": "basic"}}]}, ("auth.secret",)),
        ({"exposure_endpoints": [{**INGRESS, "auth": {"type": "forward", "address": "oauth2-proxy"}}]}, ("auth.address", "http")),
        (
            {"exposure_endpoints": [{**INGRESS, "component": "kubelet", "auth": BASIC}]},
            ("prometheus, alertmanager, thanos-query", "exposure_endpoints"),
        ),
        ({"exposure_endpoints": [{**INGRESS, "hots": "x", "auth": BASIC}]}, ("exposure_endpoints", "hots")),
        (
            {
                "exposure_endpoints": [
                    {**INGRESS, "auth": BASIC},
                    {"component": "prometheus", "method": "nodeport", "auth": BASIC},
                ]
            },
            ("exposure_endpoints[1] (prometheus by nodeport)", "has an entry already"),
        ),
        (
            {"exposure_endpoints": [{**INGRESS, "auth": BASIC}, {**INGRESS, "component": "alertmanager", "auth": BASIC}]},
            ("exposure_endpoints[1] (alertmanager by ingress)", "prometheus.example.com/ is taken"),
        ),
        (
            {
                "prometheus_route_prefix": "/metrics",
                "exposure_endpoints": [
                    {**INGRESS, "auth": BASIC},
                    {**INGRESS, "component": "thanos-query", "path": "/metrics/", "auth": BASIC},
                ],
            },
            ("exposure_endpoints[1] (thanos-query by ingress)", "prometheus.example.com/metrics is taken"),
        ),
        (
            {"exposure_endpoints": [{**INGRESS, "path": "prometheus", "auth": BASIC}]},
            ("path is prometheus", "begins with /"),
        ),
        (
            {"exposure_endpoints": [{"component": "prometheus", "method": "nodeport", "node_port": 9090, "auth": BASIC}]},
            ("node_port is 9090", "30000 to 32767"),
        ),
    ],
    "gitops": [
        ({"gitops_secrets": "vault"}, ("gitops_secrets", "prerequisites, external_secrets, sops")),
        ({"gitops_secrets": "external_secrets"}, ("gitops_secret_store is empty", "the name of a ClusterSecretStore")),
        (
            {"gitops_secrets": "external_secrets", "gitops_secret_store": "My Vault"},
            ("gitops_secret_store is My Vault", "the name of a ClusterSecretStore"),
        ),
        ({"gitops_secret_store_kind": "Vault"}, ("gitops_secret_store_kind", "ClusterSecretStore, SecretStore")),
        ({"gitops_secret_prefix": "my keys/"}, ("gitops_secret_prefix is my keys/", "production/metrics/")),
        ({"gitops_sops_recipients": {"gpg": "ABC"}}, ("gitops_sops_recipients has gpg", "age, azure_keyvault")),
        ({"gitops_sops_recipients": {"age": "AGE-SECRET-KEY-hunter2"}}, ("gitops_sops_recipients has the private key", "age1")),
    ],
    "system_monitors": [
        (
            {**ALONE, "system_monitors_overrides": {"etcd": {"endpoint": {"tlsConfig": {}}}}},
            ("system_monitors_overrides of etcd", "prometheus_scrape_configs"),
        ),
        (
            {"metrics_control_plane": ["etcd", "scheduler"]},
            ("metrics_control_plane names scheduler", "etcd, kube-scheduler, kube-controller-manager, kube-proxy"),
        ),
        ({"metrics_control_plane": "automatic"}, ("metrics_control_plane names automatic", "auto")),
        ({"metrics_cilium": "maybe"}, ("metrics_cilium is maybe", "auto, true or false")),
        ({"system_monitors_overrides": {"kubelet": {"port": 1}}}, ("system_monitors_overrides names kubelet",)),
        ({"system_monitors_overrides": {"etcd": {"scheme": "tcp"}}}, ("system_monitors_overrides of etcd", "http or https")),
        ({"system_monitors_overrides": {"etcd": {"port": "metrics"}}}, ("system_monitors_overrides of etcd", "1 to 65535")),
    ],
}

# By role: variables that are no error.
GOOD: dict[str, dict[str, Any]] = {role: {} for role in CASES} | {"prometheus_operator": {"prometheus_operator_crds": False}}
# These apply nothing, or nothing unless asked for.
APPLY_NOTHING = {"common", "preflight", "prometheus_alert", "exposure", "kube_prometheus_stack"}
# One looks at a cluster, the other at all that was rendered.
del GOOD["verify"], GOOD["gitops"]
TABLE = {
    f"{role}: {', '.join(variables)} ({number})": (role, variables, words)
    for role, cases in CASES.items()
    for number, (variables, words) in enumerate(cases, 1)
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    bad = {name: (role, variables) for name, (role, variables, _words) in TABLE.items()}
    good = {role: (role, variables) for role, variables in GOOD.items()}
    further = {
        "off": ("alertmanager", {"alertmanager_enabled": "false", "alertmanager_replicas": 0}),
        "silent": ("prometheus", {"alertmanager_enabled": "false"}),
        "labelled": (
            "prometheus",
            {
                **ALONE,
                "prometheus_scrape_configs": [
                    {
                        "job_name": "a",
                        "tls_config": {"key_file": "/etc/prometheus/secrets/a/key"},
                        "static_configs": [{"targets": ["a"], "labels": {"token": "b"}}],
                        "relabel_configs": [{"source_labels": ["token"], "target_label": "secret"}],
                    }
                ],
            },
        ),
        "secrets by name": (
            "kube_prometheus_stack",
            {
                **HELM,
                "kube_prometheus_stack_values": {"grafana": {"smtp": {"existingSecret": "smtp", "passwordKey": "password"}}},
            },
        ),
        "for ever": ("thanos", {"thanos_compact_retention_1h": "0d"}),
    }
    # Those that go on first: they take longest.
    return run_roles(tmp_path_factory.mktemp("bad_input"), good | further | bad)


@pytest.mark.parametrize("name", TABLE)
def test_bad_input_is_one_clear_error_before_anything_is_touched(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    assert [word for word in TABLE[name][2] if word not in outcome.error] == [], outcome.error
    assert len(outcome.error.splitlines()) <= 2
    assert not [secret for secret in SECRETS if secret in outcome.error]
    assert not outcome.objects


@pytest.mark.parametrize("role", GOOD)
def test_a_role_goes_on_without_bad_input(role: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[role].error == ""
    assert bool(outcomes[role].objects) == (role not in APPLY_NOTHING)


def test_at_least_five_bad_inputs_are_tried_of_every_role_that_takes_variables() -> None:
    specs = {file.parts[-3]: yaml.safe_load(file.read_text()) for file in ROOT.glob("roles/*/meta/argument_specs.yml")}
    takes = {role for role, spec in specs.items() if spec["argument_specs"]["main"].get("options")}
    assert {role for role in takes if len(CASES.get(role, [])) < 5} == set()


def test_peers_can_be_added_to_every_component_that_has_a_policy() -> None:
    guarded = yaml.safe_load((ROOT / "roles/common/vars/main.yml").read_text())["__common_guarded"]
    templates = "".join(file.read_text() for file in ROOT.glob("roles/*/templates/*.yaml.j2"))
    assert set(guarded) == set(re.findall(r"m\.network_policy\('([a-z-]+)'", templates))


def test_the_site_names_the_bad_input_of_all_roles_before_anything_is_touched(tmp_path: Path) -> None:
    bad = {"metrics_wait_timeout": 0, "alertmanager_replicas": 0, "node_exporter_port": 80, "rules_overrides": {"NodeDwn": {}}}
    bad["prometheus_operator_crds"] = False
    ran = play(ROOT / "playbooks/render.yml", {"site": {"metrics_rendered_to": f"{tmp_path}/rendered", **bad}}, tmp_path)
    assert ran.returncode != 0
    assert "metrics_wait_timeout is 0" in ran.stdout
    assert "alertmanager_replicas is 0" in ran.stdout
    assert "node_exporter_port is 80" in ran.stdout
    assert "there is no alert 'NodeDwn'; did you mean NodeDown?" in ran.stdout
    assert not (tmp_path / "rendered").exists()


def test_the_site_names_wrong_types_of_all_roles_before_anything_is_touched(tmp_path: Path) -> None:
    bad = {"alertmanager_replicas": "x", "thanos_query_replicas": "y", "prometheus_operator_crds": False}
    ran = play(ROOT / "playbooks/render.yml", {"site": {"metrics_rendered_to": f"{tmp_path}/rendered", **bad}}, tmp_path)
    assert ran.returncode != 0
    assert "'alertmanager_replicas' is of type str" in ran.stdout
    assert "'thanos_query_replicas' is of type str" in ran.stdout
    assert not (tmp_path / "rendered").exists()


def test_what_is_turned_off_is_neither_judged_nor_rendered(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["off"] == Outcome("", {})


def test_prometheus_sends_no_alerts_where_alertmanager_is_turned_off(outcomes: dict[str, Outcome]) -> None:
    assert "alerting" not in outcomes["silent"].objects["Prometheus", "main"]["spec"]


def test_samples_kept_for_ever_are_not_too_long(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["for ever"].error == ""


@pytest.mark.parametrize("name", ["labelled", "secrets by name"])
def test_labels_files_and_names_of_secrets_are_no_secrets(name: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[name].error == ""

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
from tests.settings import judged

OIDC = {"grafana_oidc_client_id": "grafana", "grafana_root_url": "https://grafana.example.com"}
FEISHU = {"prometheus_alert_feishu_secret": {"name": "bots", "key": "feishu"}}
BASIC = {"type": "basic", "secret": "people"}
INGRESS = {"component": "prometheus", "method": "ingress", "host": "prometheus.example.com"}
GATEWAY = {**INGRESS, "method": "gateway", "auth": BASIC, "parent_refs": [{"name": "g"}]}
SECRETS = ["hunter2"]
HELM = {"prometheus_engine": "helm", "alertmanager_enabled": True}
CHART = {
    "kube_prometheus_stack_chart_ref": str(ROOT / "tests/charts/kube-prometheus-stack"),
    "kube_prometheus_stack_chart_repo_url": "",
}

ALONE = {"prometheus_engine": "standalone"}
REPLICAS = ["prometheus_replica", "thanos_ruler_replica"]
OTHER = {"name": "other", "port": "web"}
USER = {"name": "users", "key": "prometheus"}
LOKI = {"name": "Loki", "uid": "loki", "type": "loki"}

# By role: variables, and what the error says.
CASES: dict[str, list[tuple[dict[str, Any], tuple[str, ...]]]] = {
    "common": [
        ({"metrics_image_pull_secrets": ["a", "a"]}, ("metrics_image_pull_secrets", "twice")),
        (
            {"metrics_scheduling": {"thanos-stor": {}}},
            ("metrics_scheduling has the unknown key thanos-stor", "did you mean thanos-store?"),
        ),
        (
            {"metrics_scheduling": {"all": {"tolerations": [{"key": "a", "effect": "Never"}]}}},
            ("metrics_scheduling.all.tolerations[0].effect is Never", "NoSchedule"),
        ),
        ({"metrics_wait_timeout": 16**5000}, ("metrics_wait_timeout holds a number of more than 64 bits",)),
        ({"metrics_cluster": "prod$eu"}, ("metrics_cluster is prod$eu", "no $")),
        (
            {"metrics_network_policy_from": {"prometheus": [{"podSelector": {"matchLabels": {"a..b/c": "x"}}}]}},
            ("metrics_network_policy_from.prometheus[0].podSelector.matchLabels has a..b/c",),
        ),
        ({"metrics_wait_timeout": 5000 * "9"}, ("metrics_wait_timeout is 999", "a whole number")),
        ({"metrics_rollback_to": "rendered"}, ("metrics_rollback_to is rendered", "an absolute path")),
        ({"metrics_state": "gone"}, ("metrics_state", "present, absent, rendered")),
        ({"metrics_wait": "perhaps"}, ("metrics_wait is perhaps", "true or false")),
        ({"metrics_wait_timeout": 0}, ("metrics_wait_timeout is 0", "at least 1")),
        ({"metrics_namespace": "My_Metrics"}, ("metrics_namespace is My_Metrics", "lower-case")),
        ({"metrics_cluster": ""}, ("metrics_cluster is empty", "unique")),
        ({"metrics_cluster": 'a"b'}, ('metrics_cluster is a"b', "without quotes")),
        (
            {"metrics_storage_class": "Fast Disks"},
            ("metrics_storage_class is Fast Disks", "a DNS name: lower-case letters, digits, -"),
        ),
        (
            {"metrics_image_registry": "https://mirror.example.com"},
            ("metrics_image_registry is https://mirror.example.com", "without scheme"),
        ),
        (
            {"metrics_image_digests": {"quay.io/thanos/thanos:v0.42.5": "v0.42.5"}},
            ("metrics_image_digests", "quay.io/thanos/thanos:v0.42.5", "64 hexadecimal digits"),
        ),
        (
            {"metrics_image_pull_secrets": ["my secret"]},
            ("metrics_image_pull_secrets[0] must be a DNS name: lower-case letters, digits, -",),
        ),
        ({"metrics_labels": {"team": 5}}, ("metrics_labels.team is 5", "text of at most 63 letters, digits, -, _")),
        ({"metrics_labels": {"example.org/": "a"}}, ("metrics_labels has example.org/", "a name like team or example.org/team")),
        ({"metrics_remove_kept": ["Secret"]}, ("metrics_remove_kept[0] is Secret", "CustomResourceDefinition, Namespace,")),
        (
            {"metrics_state": "absent", "metrics_remove_kept": ["Volume"]},
            ("metrics_remove_kept[0] is Volume", "CustomResourceDefinition, Namespace,"),
        ),
        (
            {"metrics_network_policy_from": {"thanos": []}},
            ("metrics_network_policy_from names thanos", "alertmanager, blackbox-exporter, exposure,"),
        ),
        (
            {"metrics_network_policy_from": {"thanos-query": [{"podLabels": {"a": "b"}}]}},
            ("metrics_network_policy_from.thanos-query[0] has podLabels", "podSelector"),
        ),
        ({"metrics_objstore_config": "s3://hunter2"}, ("metrics_objstore_config", "dict")),
        (
            {"metrics_objstore_config": {"config": {"bucket": "b", "endpoint": "s3"}}},
            ("metrics_objstore_config has no type", "S3"),
        ),
        (
            {"metrics_objstore_config": {"type": "MINIO", "config": {"bucket": "b"}}},
            ("metrics_objstore_config.type is MINIO", "one of S3, GCS, AZURE, SWIFT, COS,"),
        ),
        (
            {"metrics_objstore_config": {"type": "S3", "bucket": "b", "config": {"bucket": "b", "endpoint": "s3"}}},
            ("metrics_objstore_config has bucket", "one of config, prefix, type"),
        ),
        (
            {"metrics_objstore_config": {"type": "GCS", "config": "b"}},
            ("metrics_objstore_config.config is b", "a dictionary of options"),
        ),
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
            ("metrics_objstore_config.config.secret_key holds a key in plain text", "put keys into the Secret that"),
        ),
        (
            {
                "metrics_objstore_config": {
                    "type": "GCS",
                    "config": {"bucket": "b", "service_account": {"private_key": "hunter2"}},
                }
            },
            ("metrics_objstore_config.config.service_account holds a key in plain text", "put keys into the Secret that"),
        ),
        (
            {"metrics_objstore_credentials_secret": "metrics/keys"},
            ("metrics_objstore_credentials_secret must be a DNS name: lower-case letters, digits, -",),
        ),
    ],
    "preflight": [
        ({"preflight_capacity": "enough"}, ("preflight_capacity is enough", "true or false")),
        ({"preflight_capacity": None}, ("preflight_capacity is null", "Leave it out for its default")),
        ({"preflight_kubernetes": ["1.30"]}, ("preflight_kubernetes must be text",)),
        ({"preflight_kubernetes": "latest"}, ("preflight_kubernetes is latest", '"1.30"')),
        ({"preflight_kubernetes": 1.3}, ("preflight_kubernetes is 1.3", "in quotes")),
        ({"preflight_kubernetes": "1.24"}, ("preflight_kubernetes is 1.24", "at least 1.25")),
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
            ("namespace_labels has kubernetes.io/metadata.name", "left out: Kubernetes sets it"),
        ),
        (
            {"namespace_annotations": {"owner": True}},
            ("namespace_annotations.owner is true", "text; put numbers, true and false in quotes"),
        ),
    ],
    "object_store": [
        ({"object_store_storage": "50m"}, ("object_store_storage is 50m", "at least 1Mi")),
        ({"object_store_flavour": "ceph"}, ("object_store_flavour", "rustfs, minio, versitygw, none")),
        ({"object_store_bucket_method": "hand"}, ("object_store_bucket_method", "module, job, none")),
        ({"object_store_storage": "10 GB"}, ("object_store_storage is 10 GB", "10Gi")),
        ({"object_store_bucket_timeout": "soon"}, ("object_store_bucket_timeout is soon", "a whole number")),
        ({"object_store_bucket_timeout": 0}, ("object_store_bucket_timeout is 0", "at least 1")),
        ({"object_store_images": {"rustfs": "rustfs"}}, ("object_store_images", "rustfs", "tag")),
        (
            {"metrics_objstore_config": {"type": "GCS", "config": {"bucket": "b"}}},
            ("object_store_flavour is rustfs", "none unless the type of"),
        ),
        (
            {"metrics_objstore_credentials_secret": ""},
            ("object_store_flavour is rustfs", "metrics_objstore_credentials_secret is empty"),
        ),
        ({"object_store_flavour": "none"}, ("object_store_flavour is none", "must name a server, or the endpoint in")),
        (
            {"metrics_objstore_config": {"type": "S3", "config": {"bucket": "thanos", "endpoint": "s3.amazonaws.com"}}},
            ("object_store_flavour is rustfs", "nothing would use its server"),
        ),
        (
            {
                "metrics_objstore_config": {
                    "type": "S3",
                    "config": {"bucket": "thanos", "endpoint": "object-store.metrics.svc:9000"},
                }
            },
            ("metrics_objstore_config", "insecure: true"),
        ),
        ({"metrics_objstore_config": {}}, ("metrics_objstore_config has no type",)),
    ],
    "prometheus_operator": [
        ({"prometheus_operator_version": "latest"}, ("prometheus_operator_version is latest", "a release like v1.2.3")),
        ({"prometheus_operator_existing": "theirs"}, ("prometheus_operator_existing is theirs", "true or false")),
        ({"prometheus_operator_crds": "some"}, ("prometheus_operator_crds is some", "true or false")),
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
            ("prometheus_operator_credential_namespaces[0] is *", "a DNS label: lower-case letters, digits and"),
        ),
    ],
    "prometheus": [
        ({"prometheus_version": "latest"}, ("prometheus_version is latest", "a release like v3.15.0")),
        ({"prometheus_version": "3.15.0"}, ("prometheus_version is 3.15.0", "with the v")),
        ({"prometheus_thanos_version": "main"}, ("prometheus_thanos_version is main", "a release like v0.42.5")),
        ({"prometheus_external_labels": {"zone": "a$(NOPE)"}}, ("prometheus_external_labels.zone is a$(NOPE)", "no $")),
        (
            {
                "alertmanager_enabled": True,
                "alertmanager_route_prefix": "",
                "alertmanager_external_url": "",
                "prometheus_alertmanagers": [{"name": "alertmanager", "port": 9999}],
            },
            ("prometheus_alertmanagers[0].port is 9999", "http or 9093"),
        ),
        (
            {
                "prometheus_alertmanagers": [
                    {
                        "name": "central",
                        "port": "web",
                        "alertRelabelings": [{"targetLabel": "longterm_metrics_test", "replacement": "true"}],
                    }
                ]
            },
            ("prometheus_alertmanagers[0].alertRelabelings[0].targetLabel is longterm_metrics_test", "the test alert"),
        ),
        (
            {"prometheus_engine": "standalone", "prometheus_alertmanagers": [{"name": "alertmanager-operated", "port": "web"}]},
            ("prometheus_alertmanagers[0]", "must be alertmanager with prometheus_engine standalone"),
        ),
        ({"prometheus_external_url": "https://x.example/a/../b"}, ("prometheus_external_url is https://x.example/a/../b",)),
        ({"prometheus_retention_size": "1MB"}, ("prometheus_retention_size is 1MB", "at least 256MB")),
        ({"prometheus_storage": "50m"}, ("prometheus_storage is 50m", "at least 1Mi")),
        ({"prometheus_route_prefix": "/a/../b"}, ("prometheus_route_prefix is /a/../b", "without . and ..")),
        (
            {
                "prometheus_engine": "standalone",
                "prometheus_scrape_configs": [
                    {"job_name": "j", "scrape_interval": "1h", "static_configs": [{"targets": ["a:1"]}]}
                ],
            },
            ("prometheus_scrape_configs[0].scrape_interval is 1h", "from 1s to 5m"),
        ),
        ({"prometheus_resources": {"requests": {"nvidia.com/gpu": 1}}}, ("prometheus_resources",)),
        (
            {
                "prometheus_engine": "standalone",
                "prometheus_scrape_configs": [
                    {
                        "job_name": "a",
                        "static_configs": [{"targets": ["a:80"]}],
                        "authorization": {"credentials_file": "/etc/prometheus/secrets/lost/token"},
                    }
                ],
            },
            ("prometheus_scrape_configs[0].authorization.credentials_file names a file of the Secret lost", "prometheus_secrets"),
        ),
        ({"prometheus_scrape_interval": "5m"}, ("prometheus_scrape_interval is 5m", "from 1s to 2m")),
        (
            {"prometheus_block_duration": "90s", "prometheus_retention": "12h"},
            ("prometheus_block_duration is 90s", "whole minutes"),
        ),
        ({"prometheus_external_labels": {"longterm_metrics_test": "true"}}, ("longterm_metrics_test", "another label")),
        ({"prometheus_storage": "1e999999999"}, ("prometheus_storage is 1e999999999", "a size like 10Gi")),
        ({"prometheus_retention": 5000 * "9" + "s"}, ("prometheus_retention is 999", "a duration")),
        ({"prometheus_resources": {"requests": None}}, ("prometheus_resources", "requests and limits")),
        ({"prometheus_secrets": ["a", "a"]}, ("prometheus_secrets", "twice")),
        ({"prometheus_alertmanagers": [{"name": "a", "port": "web", "namspace": "m"}]}, ("namspace", "namespace")),
        ({"prometheus_alertmanagers": [{"name": "a", "port": 99999}]}, ("prometheus_alertmanagers[0].port is 99999", "a port")),
        (
            {"prometheus_version": "v3.15.0", "prometheus_thanos_version": "v0.36.1"},
            ("prometheus_thanos_version is v0.36.1", "v0.37.0 or later"),
        ),
        (
            {"prometheus_version": "v3.15.0", "prometheus_image": "quay.io/prometheus/prometheus:v2.55.1"},
            ("prometheus_image is quay.io/prometheus/prometheus:v2.55.1", "the tag of prometheus_version, v3.15.0"),
        ),
        (
            {"prometheus_engine": "helm", "prometheus_name": "a" * 27},
            ("prometheus_name is aaa", "at most 26 characters with prometheus_engine helm"),
        ),
        ({"prometheus_replicas": "two"}, ("prometheus_replicas is two", "a whole number")),
        ({"prometheus_replicas": 0}, ("prometheus_replicas is 0", "at least 1")),
        ({"prometheus_name": "Main"}, ("prometheus_name is Main", "lower-case")),
        ({"prometheus_scrape_interval": 30}, ("prometheus_scrape_interval is 30", "30s")),
        ({"prometheus_retention": "two weeks"}, ("prometheus_retention is two weeks", "a duration like 30s, 5m or 90d")),
        (
            {"prometheus_retention_size": "49GB", "prometheus_storage": "50Gi"},
            ("prometheus_retention_size is 49GB", "nine tenths"),
        ),
        (
            {"prometheus_engine": "standalone", "prometheus_tenant_probes": True},
            ("prometheus_tenant_probes is true", "no Probes"),
        ),
        ({"prometheus_retention_size": "40G"}, ("prometheus_retention_size is 40G", "40GB")),
        (
            {"prometheus_block_duration": "short"},
            ("prometheus_block_duration is short", "a duration like 30s, 5m or 90d, or empty"),
        ),
        ({"prometheus_storage": "50GB"}, ("prometheus_storage is 50GB", "a size like 10Gi")),
        (
            {"prometheus_external_labels": {"cluster": "a"}},
            ("prometheus_external_labels has cluster", "another label: metrics_cluster sets"),
        ),
        (
            {"prometheus_external_labels": {"prometheus_replica": "a"}},
            ("prometheus_external_labels has prometheus_replica", "another label: metrics_cluster sets"),
        ),
        (
            {"prometheus_external_labels": {"data-center": "a"}},
            ("prometheus_external_labels has data-center", "letters, digits and _"),
        ),
        ({"prometheus_route_prefix": "prometheus"}, ("prometheus_route_prefix is prometheus", "begins with /")),
        ({"prometheus_external_url": "metrics.example.com"}, ("prometheus_external_url is metrics.example.com", "https://")),
        (
            {"prometheus_route_prefix": "/prometheus", "prometheus_external_url": "https://metrics.example.com"},
            ("prometheus_external_url is https://metrics.example.com", "the path of prometheus_route_prefix,"),
        ),
        ({"prometheus_alertmanagers": [{"name": "a"}]}, ("prometheus_alertmanagers", "port")),
        (
            {"prometheus_kubelet": True, "prometheus_operator_kubelet": False},
            ("prometheus_kubelet is true", "prometheus_operator_kubelet is false"),
        ),
        ({"prometheus_engine": "docker"}, ("prometheus_engine", "operator, standalone, helm")),
        ({"prometheus_secrets": ["My_Key"]}, ("prometheus_secrets[0] must be a DNS name: lower-case letters, digits, -",)),
        (
            {"prometheus_host_path": "/data/prometheus"},
            (
                "prometheus_host_path is /data/prometheus",
                "empty unless prometheus_engine is",
                "prometheus_replicas is 2",
                "1 with prometheus_host_path: several",
            ),
        ),
        ({"prometheus_kubelet_proxy": True}, ("prometheus_kubelet_proxy is true", "false unless prometheus_engine is")),
        ({"prometheus_scrape_configs": [{"job_name": "a"}]}, ("prometheus_scrape_configs", "empty unless prometheus_engine is")),
        ({**ALONE, "prometheus_version": "v3.11.3"}, ("prometheus_version is v3.11.3", "v3.12.0 or later")),
        (
            {**ALONE, "prometheus_host_path": "data", "prometheus_replicas": 1},
            ("prometheus_host_path is data", "an absolute path like /data/prometheus, or"),
        ),
        (
            {**ALONE, "prometheus_host_path": "/data/../etc", "prometheus_replicas": 1},
            ("prometheus_host_path is /data/../etc", "an absolute path like /data/prometheus, or"),
        ),
        (
            {**ALONE, "prometheus_host_path": "/data/prometheus", "prometheus_replicas": 2},
            ("prometheus_replicas is 2", "1 with prometheus_host_path: several"),
        ),
        (
            {**ALONE, "prometheus_host_path_node": "node-3"},
            ("prometheus_host_path_node is node-3", "empty unless prometheus_host_path is set"),
        ),
        (
            {**ALONE, "prometheus_external_labels": {"replica": "a"}},
            ("prometheus_external_labels has replica", "another label: metrics_cluster sets"),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": "jobs.yml"},
            ("prometheus_scrape_configs is text", 'a list; -e takes one as JSON: -e \'{"NAME":'),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": [{"static_configs": []}]},
            ("prometheus_scrape_configs[0] has no job_name; it is required.",),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": [{"job_name": "a", "relabel_config": []}]},
            ("prometheus_scrape_configs[0] has the unknown key relabel_config; did you mean relabel_configs?",),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": [{"job_name": "a", "scrape_timeout": "1m"}]},
            ("prometheus_scrape_configs[0].scrape_timeout is 1m", "not be longer than prometheus_scrape_interval, 30s"),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": [{"job_name": "kubernetes-nodes"}]},
            ("prometheus_scrape_configs[0].job_name is kubernetes-nodes", "a job of this collection"),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": [{"job_name": "a", "basic_auth": {"password": "hunter2"}}]},
            (
                "prometheus_scrape_configs[0].basic_auth.password holds a secret in plain text",
                "put it into a Secret, name the Secret in",
            ),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": [{"job_name": "a", "tls_config": {"cert": "public", "key": "hunter2"}}]},
            (
                "prometheus_scrape_configs[0].tls_config.key holds a secret in plain text",
                "put it into a Secret, name the Secret in",
            ),
        ),
        (
            {**ALONE, "prometheus_scrape_configs": [{"job_name": "a", "http_headers": {"X-Key": {"secrets": ["hunter2"]}}}]},
            (
                "prometheus_scrape_configs[0].http_headers.X-Key.secrets[0] holds a secret in plain text",
                "put it into a Secret, name the Secret in",
            ),
        ),
        (
            {**ALONE, "prometheus_alertmanagers": [{"name": "a", "port": "http", "tlsConfig": {}}]},
            ("prometheus_alertmanagers[0] has tlsConfig", "name, namespace, port, scheme, pathPrefix"),
        ),
        ({"prometheus_alertmanagers": [{**OTHER, "timeout": "never"}]}, ("prometheus_alertmanagers[0].timeout is never", "30s")),
        (
            {"prometheus_alertmanagers": [{**OTHER, "relabelings": [{"sourceLabel": ["a"], "action": "keep"}]}]},
            ("prometheus_alertmanagers[0].relabelings[0] has the unknown key sourceLabel; did you mean sourceLabels?",),
        ),
        (
            {"prometheus_alertmanagers": [{**OTHER, "tlsConfig": {"insecureSkipVerify": "yes"}}]},
            ("prometheus_alertmanagers[0].tlsConfig.insecureSkipVerify is the text yes; must be true or false",),
        ),
        (
            {"prometheus_alertmanagers": [{**OTHER, "basicAuth": {"username": USER, "password": "hunter2"}}]},
            (
                "prometheus_alertmanagers[0].basicAuth.password must name a key of a Secret",
                "prometheus_alertmanagers[0].basicAuth.password holds a secret in plain text",
            ),
        ),
        (
            {
                "prometheus_alertmanagers": [
                    {**OTHER, "basicAuth": {"username": USER, "password": USER}, "authorization": {"credentials": USER}}
                ]
            },
            ("prometheus_alertmanagers[0] has authorization and basicAuth; only one of authorization, basicAuth",),
        ),
        (
            {"prometheus_remote_write": [{"name": "a", "url": "http://thanos-receive-router.metrics.svc:19291/api/v1/receive"}]},
            ("prometheus_remote_write[0].url is http://thanos-receive-router", "only with thanos_mode both"),
        ),
        (
            {"prometheus_remote_write": [{"name": "a", "url": "https://a/", "queueconfig": {}}]},
            ("prometheus_remote_write[0] has the unknown key queueconfig; did you mean queueConfig?",),
        ),
        (
            {"prometheus_remote_write": [{"name": "a", "url": "https://a/", "headers": {"X-Api-Key": "hunter2"}}]},
            ("prometheus_remote_write[0].headers.X-Api-Key holds a secret in plain text",),
        ),
        (
            {
                "prometheus_remote_write": [
                    {"name": "a", "url": "https://a/", "tlsConfig": {"caFile": "/etc/prometheus/secrets/lost/ca"}}
                ]
            },
            ("prometheus_remote_write[0].tlsConfig.caFile names a file of the Secret lost", "prometheus_secrets"),
        ),
        (
            {
                **ALONE,
                "prometheus_remote_write": [{"name": "a", "url": "https://a/", "sigv4": {"accessKey": USER, "secretKey": USER}}],
            },
            ("prometheus_remote_write[0].sigv4.accessKey must be left out with prometheus_engine standalone",),
        ),
        (
            {"prometheus_alertmanagers": [{**OTHER, "bearerTokenFile": "/etc/prometheus/secrets/lost/token"}]},
            ("prometheus_alertmanagers[0].bearerTokenFile names a file of the Secret lost", "prometheus_secrets"),
        ),
        (
            {"alertmanager_enabled": False, "prometheus_alertmanagers": [{"name": "alertmanager-operated", "port": "web"}]},
            ("prometheus_alertmanagers[0] must be another Alertmanager: ours is left out by alertmanager_enabled false.",),
        ),
        (
            {
                "alertmanager_enabled": True,
                "alertmanager_route_prefix": "",
                "alertmanager_external_url": "https://metrics.example.com/alerts",
                "prometheus_alertmanagers": [{"name": "alertmanager", "port": "http", "pathPrefix": "/alertmanager"}],
            },
            ("prometheus_alertmanagers[0].pathPrefix is /alertmanager; must be /alerts, where our Alertmanager answers.",),
        ),
    ],
    "thanos": [
        ({"thanos_mode": "receive"}, ("thanos_mode", "sidecar, both")),
        (
            {"thanos_receive_hashrings": [{"name": "default", "replicas": 2}]},
            ("thanos_receive_hashrings[0].replicas is 2", "thanos_receive_replication_factor, 3"),
        ),
        (
            {
                "thanos_mode": "both",
                "thanos_query_replica_labels": ["prometheus_replica", "receive_replica", "thanos_ruler_replica"],
            },
            ("thanos_query_replica_labels", "thanos_receive_tenant_label, receive_tenant"),
        ),
        (
            {
                "thanos_mode": "both",
                "thanos_query_replica_labels": ["prometheus_replica", "receive_tenant", "thanos_ruler_replica"],
            },
            ("thanos_query_replica_labels", "must have receive_replica"),
        ),
        ({"thanos_receive_tenant_label": "cluster"}, ("thanos_receive_tenant_label is cluster", "no sender has")),
        ({"thanos_receive_default_tenant": "a/b"}, ("thanos_receive_default_tenant is a/b", "without slashes")),
        ({"thanos_receive_tenant_header": "Tenant:"}, ("thanos_receive_tenant_header is Tenant:", "the name of a header")),
        ({"thanos_receive_out_of_order_window": "2d"}, ("thanos_receive_out_of_order_window is 2d", "at most 24h")),
        ({"thanos_receive_future_window": "0s"}, ("thanos_receive_future_window is 0s", "from 1s to 1h")),
        ({"thanos_receive_retention": "2h"}, ("thanos_receive_retention is 2h", "at least three blocks")),
        ({"thanos_receive_block_duration": "10s"}, ("thanos_receive_block_duration is 10s", "at least 30s")),
        (
            {"thanos_receive_extra_args": ["--receive.hashrings-file=/a"]},
            ("thanos_receive_extra_args", "--receive.hashrings-file"),
        ),
        (
            {"thanos_receive_router_extra_args": ["--receive.replication-factor=1"]},
            ("thanos_receive_router_extra_args", "thanos_receive_replication_factor"),
        ),
        ({"thanos_version": "latest"}, ("thanos_version is latest", "a release like v0.42.5")),
        ({"thanos_version": "v0.38.0"}, ("thanos_version is v0.38.0", "v0.39.0 or later")),
        (
            {"thanos_query_autoscaling": {"min_replicas": 1, "max_replicas": 2, "cpu_percent": -5, "memory_percent": 50}},
            ("thanos_query_autoscaling", "none below 0"),
        ),
        (
            {"thanos_query_external_prefix": "/b", "thanos_query_route_prefix": "/a"},
            ("thanos_query_route_prefix is /a", "thanos_query_external_prefix, /b"),
        ),
        (
            {"thanos_query_endpoints": ["dnssrv+_grpc._tcp.thanos-query.metrics.svc"]},
            ("thanos_query_endpoints[0]", "this Query itself"),
        ),
        (
            {"thanos_query_strict_endpoints": ["thanos-query.metrics.svc:10901"]},
            ("thanos_query_strict_endpoints[0]", "Query itself"),
        ),
        (
            {"thanos_compact_retention_raw": "0d", "thanos_compact_retention_5m": "30d"},
            ("thanos_compact_retention_raw is 0d", "not be longer than thanos_compact_retention_5m, 30d"),
        ),
        (
            {"thanos_query_replica_labels": ["prometheus_replica", "cluster"]},
            ("thanos_query_replica_labels[1] is cluster", "different series for duplicates"),
        ),
        ({"thanos_store_index_cache_size": "100GB"}, ("thanos_store_index_cache_size is 100GB", "the memory limit")),
        ({"thanos_store_index_cache_size": "100MB"}, ("thanos_store_index_cache_size is 100MB; must be at least 125MiB",)),
        (
            {"thanos_store_bucket_cache": {"type": "IN-MEMORY", "config": {"max_size": "2500MB"}}},
            ("thanos_store_chunk_pool_size is", "with the caches in memory"),
        ),
        ({"thanos_image": "registry.example.org/thanos:v0.38.0"}, ("thanos_image is registry", "the tag of thanos_version")),
        ({"thanos_query_prefix_header": "Host"}, ("thanos_query_prefix_header is Host; must be another header than Host.",)),
        ({"thanos_receive_tenant_label": "tenant"}, ("thanos_receive_tenant_label is tenant", "a label that no sender has")),
        ({"thanos_receive_tenant_header": "Host"}, ("thanos_receive_tenant_header is Host", "sets for something else")),
        (
            {"thanos_query_endpoints": ["dnssrv+_grpc._tcp.thanos-receive.metrics.svc"]},
            ("thanos_query_endpoints[0] is", "there are no ingestors"),
        ),
        (
            {"thanos_ruler_enabled": False, "thanos_query_strict_endpoints": ["thanos-ruler.metrics.svc:10901"]},
            ("thanos_query_strict_endpoints[0] is", "thanos_ruler_enabled leaves the Ruler out"),
        ),
        (
            {"thanos_receive_router_extra_args": ["--receive.limits-config=write: {}"]},
            ("thanos_receive_router_extra_args[0]", "thanos_receive_limits"),
        ),
        (
            {
                "thanos_query_autoscaling": {"min_replicas": 2, "max_replicas": 4, "cpu_percent": 80},
                "thanos_query_resources": {"requests": {"cpu": 0}},
            },
            ("thanos_query_autoscaling", "unless thanos_query_resources requests cpu"),
        ),
        (
            {"thanos_receive_limits": {"global": {"meta_monitoring_limit_query": "sum("}}},
            ("thanos_receive_limits.global.meta_monitoring_limit_query is sum(",),
        ),
        ({"thanos_query_replicas": "two"}, ("thanos_query_replicas is two", "a whole number")),
        ({"thanos_query_replicas": 0}, ("thanos_query_replicas is 0", "at least 1")),
        ({"thanos_store_replicas": -1}, ("thanos_store_replicas is -1", "at least 1")),
        ({"thanos_compact_concurrency": 0}, ("thanos_compact_concurrency is 0", "at least 1")),
        ({"thanos_compact_storage": "100GB"}, ("thanos_compact_storage is 100GB", "10Gi")),
        ({"thanos_store_index_cache_size": "250"}, ("thanos_store_index_cache_size is 250", "250MB")),
        ({"thanos_query_external_prefix": "thanos"}, ("thanos_query_external_prefix is thanos", "begins with /")),
        ({"thanos_query_prefix_header": "X Prefix"}, ("thanos_query_prefix_header is X Prefix", "X-Forwarded-Prefix")),
        (
            {"thanos_query_replica_labels": ["prometheus-replica"]},
            ("thanos_query_replica_labels[0] is prometheus-replica", "a label name: letters, digits and _,"),
        ),
        (
            {"thanos_query_endpoints": ["http://other:10901"]},
            ("thanos_query_endpoints[0] is http://other:10901", "host:port, or a name to look up like"),
        ),
        (
            {"thanos_query_strict_endpoints": ["dns+leaf.example.com:443"]},
            ("thanos_query_strict_endpoints[0] is dns+leaf.example.com:443", "host:port"),
        ),
        ({"thanos_query_frontend_replicas": 0}, ("thanos_query_frontend_replicas is 0", "at least 1")),
        ({"thanos_query_frontend_split_interval": "0s"}, ("thanos_query_frontend_split_interval is 0s", "longer than 0s")),
        (
            {"thanos_query_frontend_min_split_interval": "2d"},
            ("thanos_query_frontend_max_split_interval is 24h", "thanos_query_frontend_min_split_interval, 2d"),
        ),
        ({"thanos_query_frontend_vertical_shards": 1}, ("thanos_query_frontend_vertical_shards is 1", "at least 2")),
        (
            {"thanos_query_frontend_cache": {"type": "IN-MEMORY", "config": {"max_size": "2GB"}}},
            ("thanos_query_frontend_cache must have a max_size below the memory limit",),
        ),
        (
            {"thanos_query_frontend_cache": {"type": "MEMCACHED", "config": {"adresses": ["a:1"]}}},
            ("thanos_query_frontend_cache.config has the unknown key adresses", "did you mean addresses?"),
        ),
        (
            {"thanos_query_frontend_cache": {"type": "REDIS", "config": {"addr": "redis:6379", "password": "hunter2"}}},
            ("thanos_query_frontend_cache.config.password", "thanos_query_frontend_cache_secret"),
        ),
        (
            {"thanos_query_frontend_cache_secret": {"name": "caches"}},
            ("thanos_query_frontend_cache_secret", "{name: SECRET, key: KEY}"),
        ),
        (
            {"thanos_query_frontend_cache_max_freshness": "1.5h"},
            ("thanos_query_frontend_cache_max_freshness is 1.5h", "a duration"),
        ),
        (
            {"thanos_query_frontend_forward_headers": ["X Team"]},
            ("thanos_query_frontend_forward_headers[0] is X Team", "a header"),
        ),
        (
            {"thanos_query_frontend_extra_args": ["--query-range.split-interval=1h"]},
            ("thanos_query_frontend_extra_args[0] sets --query-range.split-interval", "use thanos_query_frontend_split_interval"),
        ),
        (
            {"thanos_store_index_cache": {"type": "MEMCACHED", "config": {"addresses": ["a:1"]}, "tll": "1h"}},
            ("thanos_store_index_cache has the unknown key tll", "did you mean ttl?"),
        ),
        (
            {"thanos_store_bucket_cache": {"type": "REDIS", "config": {"addr": "redis"}}},
            ("thanos_store_bucket_cache.config.addr is redis", "host:port"),
        ),
        ({"thanos_query_mode": "distributed"}, ("thanos_query_mode is distributed", "thanos_query_engine is thanos")),
        ({"thanos_query_partition_labels": ["region"]}, ("thanos_query_partition_labels", "thanos_query_mode is distributed")),
        (
            {
                "thanos_query_engine": "thanos",
                "thanos_query_mode": "distributed",
                "thanos_query_partition_labels": ["replica"],
            },
            ("thanos_query_partition_labels[0] is replica", "thanos_query_replica_labels"),
        ),
        (
            {"thanos_query_store_response_timeout": "5m"},
            ("thanos_query_store_response_timeout is 5m", "shorter than thanos_query_timeout, 2m"),
        ),
        ({"thanos_query_max_concurrent": 0}, ("thanos_query_max_concurrent is 0", "at least 1")),
        ({"thanos_store_chunk_pool_size": "4GB"}, ("thanos_store_chunk_pool_size is 4GB", "the memory limit")),
        ({"thanos_store_shards": 2**62}, ("thanos_store_shards is 4611686018427387904", "at most 100")),
        (
            {"thanos_query_autoscaling": {"min_replicas": 3, "max_replicas": 2, "cpu_percent": 80}},
            ("thanos_query_autoscaling must have min_replicas and max_replicas",),
        ),
        (
            {"thanos_query_frontend_autoscaling": {"min_replicas": 1, "max_replicas": 2}},
            ("thanos_query_frontend_autoscaling must have cpu_percent or memory_percent",),
        ),
        (
            {
                "thanos_query_autoscaling": {"min_replicas": 1, "max_replicas": 2, "cpu_percent": 80},
                "thanos_query_resources": {"requests": {"memory": "1Gi"}},
            },
            ("thanos_query_autoscaling must have no cpu_percent unless",),
        ),
        ({"thanos_query_autoscaling": {"minReplicas": 1}}, ("thanos_query_autoscaling", "minReplicas", "min_replicas")),
        (
            {"thanos_compact_deduplication_labels": ["pod"]},
            ("thanos_compact_deduplication_labels[0] is pod", "one of thanos_query_replica_labels"),
        ),
        (
            {"thanos_compact_deduplication_labels": ["prometheus_replica"]},
            ("thanos_compact_deduplication_labels[0] is prometheus_replica", "penalty"),
        ),
        (
            {"thanos_compact_deduplication_func": "penalty"},
            ("thanos_compact_deduplication_func is penalty", "must be empty unless"),
        ),
        ({"thanos_store_boundaries": ["-2w", "-6w"]}, ("thanos_store_boundaries[1] is -6w", "must be later than -2w")),
        ({"thanos_store_boundaries": ["two weeks"]}, ("thanos_store_boundaries[0] is two weeks", "like -6w")),
        ({"thanos_store_shards": 40, "thanos_store_boundaries": ["-6w", "-2w"]}, ("thanos_store_shards is 40", "at most 100")),
        ({"thanos_store_shards": 0}, ("thanos_store_shards is 0", "at least 1")),
        ({"thanos_store_series_limit": -1}, ("thanos_store_series_limit is -1", "at least 0")),
        ({"thanos_query_replicas": 5_000_000_000}, ("thanos_query_replicas is 5000000000", "at most 1000")),
        ({"thanos_ruler_replicas": 0}, ("thanos_ruler_replicas is 0", "at least 1")),
        ({"thanos_ruler_evaluation_interval": "10m"}, ("thanos_ruler_evaluation_interval is 10m", "from 1s to 5m")),
        ({"thanos_ruler_resend_delay": "0s"}, ("thanos_ruler_resend_delay is 0s", "from 1s to 1h")),
        ({"thanos_ruler_retention": "2h"}, ("thanos_ruler_retention is 2h", "at least 6h")),
        ({"thanos_ruler_name": "Main"}, ("thanos_ruler_name is Main", "a DNS label")),
        (
            {"thanos_query_replica_labels": ["prometheus_replica"]},
            ("thanos_query_replica_labels must have thanos_ruler_replica",),
        ),
        (
            {"thanos_ruler_alertmanagers": ["alertmanager:9093"]},
            ("thanos_ruler_alertmanagers[0] is alertmanager:9093", "an http:// or https:// URL"),
        ),
        (
            {"thanos_ruler_alertmanagers": ["dns+http://alertmanager.metrics.svc:9094"]},
            ("thanos_ruler_alertmanagers[0] is dns+http://alertmanager.metrics.svc:9094", "a Service of Alertmanager"),
        ),
        (
            {"thanos_ruler_alertmanagers": ["https://user:hunter2@alerts.example.org"]},
            ("thanos_ruler_alertmanagers[0] has a password in the URL https://***@alerts.example.org",),
        ),
        (
            {"thanos_ruler_alertmanagers_secret": {"name": "a"}},
            ("thanos_ruler_alertmanagers_secret must be {name: SECRET, key: KEY}",),
        ),
        ({"thanos_ruler_secrets": ["tls", "tls"]}, ("thanos_ruler_secrets", "must not name a Secret twice")),
        (
            {"thanos_ruler_extra_args": ["--eval-interval=1m"]},
            ("thanos_ruler_extra_args[0] sets --eval-interval", "use thanos_ruler_evaluation_interval instead"),
        ),
        (
            {"thanos_ruler_extra_args": ["--web.route-prefix=/ruler"]},
            ("thanos_ruler_extra_args[0] sets --web.route-prefix", "leave it out"),
        ),
        (
            {"thanos_ruler_resources": {"limits": {"memory": "128Mi"}}},
            ("thanos_ruler_resources must have a memory request, or a memory limit of at least 200Mi",),
        ),
        ({"thanos_ruler_name": "a" * 39}, ("thanos_ruler_name is aaa", "at most 37 characters")),
        (
            {"alertmanager_replicas": 3, "thanos_ruler_alertmanagers": ["dns+http://alertmanager.metrics.svc:9093"]},
            ("thanos_ruler_alertmanagers[0] is dns+http://alertmanager.metrics.svc:9093", "must reach every replica"),
        ),
        ({"thanos_ruler_alert_query_url": "query"}, ("thanos_ruler_alert_query_url is query", "http")),
        ({"thanos_bucket_web_refresh": "0s"}, ("thanos_bucket_web_refresh is 0s", "longer than 0s")),
        ({"thanos_bucket_web_external_prefix": "bucket"}, ("thanos_bucket_web_external_prefix is bucket", "begins with /")),
        (
            {"thanos_store_extra_args": ["--log.level", "debug"]},
            ("thanos_store_extra_args[1] is no argument", "such as --log.level=debug, name and value in one"),
        ),
        (
            {"thanos_query_extra_args": ["--query.replica-label=a"]},
            ("thanos_query_extra_args[0] sets --query.replica-label", "use thanos_query_replica_labels instead"),
        ),
        (
            {"thanos_compact_extra_args": ["--tracing.token=hunter2"]},
            ("thanos_compact_extra_args[0] holds a secret in plain text", "process lists"),
        ),
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
        (
            {"rules_overrides": {"Watchdog": {"labels": {"longterm_metrics_test": "true"}}}},
            ("rules_overrides.Watchdog.labels has longterm_metrics_test", "the test alert"),
        ),
        ({"rules_labels": {"longterm_metrics_test": "true"}}, ("longterm_metrics_test", "the test alert")),
        ({"rules_interval": "2h"}, ("rules_interval is 2h", "from 1s to 5m")),
        ({"rules_overrides": ["NodeDown"]}, ("rules_overrides", "dict")),
        ({"rules_overrides": {"NodeDwn": {"enabled": False}}}, ("rules_overrides", "NodeDwn", "did you mean NodeDown")),
        ({"rules_overrides": {"NodeDown": {"severity": "page"}}}, ("rules_overrides", "NodeDown", "critical")),
        ({"rules_overrides": {"NodeDown": {"for": "a while"}}}, ("rules_overrides", "NodeDown", "a while")),
        ({"rules_groups_disabled": ["cats"]}, ("rules_groups_disabled", "cats", "etcd")),
        ({"rules_labels": {"my-team": "a"}}, ("rules_labels", "my-team")),
        ({"rules_interval": "often"}, ("rules_interval", "often", "30s")),
        (
            {"rules_extra_files": ["/nowhere/rules.yml"]},
            ("rules_extra_files[0] is /nowhere/rules.yml", "a file on the controller, but there is no"),
        ),
        ({"rules_extra_files": [f"{ROOT}/Makefile"]}, ("rules_extra_files", "Makefile is no YAML")),
        ({"rules_extra_files": [f"{ROOT}/galaxy.yml"]}, ("rules_extra_files", "galaxy.yml is no Prometheus rule file")),
        (
            {"rules_extra_files": [f"{ROOT}/roles/rules/files/nodes.yml"]},
            (f"rules_extra_files: {ROOT}/roles/rules/files/nodes.yml: groups[0].rules[0]", "is there already"),
        ),
        (
            {"rules_ruler_extra_files": ["/nowhere/rules.yml"]},
            ("rules_ruler_extra_files[0] is /nowhere/rules.yml", "a file on the controller, but there is no"),
        ),
        ({"rules_ruler_extra_files": [f"{ROOT}/Makefile"]}, ("rules_ruler_extra_files", "Makefile is no YAML")),
        (
            {"rules_ruler_extra_files": [f"{ROOT}/roles/rules/files/nodes.yml"]},
            (f"rules_ruler_extra_files: {ROOT}/roles/rules/files/nodes.yml: groups[0].rules[0]", "is there already"),
        ),
        (
            {"rules_extra_files": [f"{ROOT}/roles/rules/files/ruler/ruler.yml"]},
            ("rules_extra_files", "groups[1] has the unknown key partial_response_strategy"),
        ),
        (
            {"thanos_ruler_enabled": False, "rules_ruler_extra_files": [f"{ROOT}/roles/rules/files/nodes.yml"]},
            ("rules_ruler_extra_files must be empty when thanos_ruler_enabled is false",),
        ),
        (
            {"rules_groups_disabled": ["ruler-watchdog", "meta-monitoring"]},
            ("rules_groups_disabled must leave the Ruler a group of rules",),
        ),
        ({"rules_runbook_base": "runbooks"}, ("rules_runbook_base is runbooks", "http")),
    ],
    "dashboards": [
        ({"dashboards_labels": "grafana_dashboard"}, ("dashboards_labels", "dict")),
        ({"dashboards_enabled": {"cats": True}}, ("dashboards_enabled", "cats", "workloads")),
        ({"dashboards_enabled": {"nodes": "perhaps"}}, ("dashboards_enabled.nodes is perhaps", "true or false")),
        ({"dashboards_labels": {}}, ("dashboards_labels is empty", "grafana_dashboard")),
        (
            {"dashboards_labels": {"grafana_dashboard": 1}},
            ("dashboards_labels.grafana_dashboard is 1", "text of at most 63 letters, digits, -, _"),
        ),
        ({"dashboards_folder": "/etc"}, ("dashboards_folder is /etc", "without /")),
        (
            {"dashboards_folder_annotation": "the folder"},
            ("dashboards_folder_annotation is the folder", "a name like team or example.org/team"),
        ),
    ],
    "verify": [
        (
            {"thanos_compact_wait_interval": "3h", "verify_compactor_minutes": 60},
            ("verify_compactor_minutes is 60", "more than thanos_compact_wait_interval, 3h"),
        ),
        ({"verify_alert_webhook": {"namespace": "x", "service": "y", "prot": 1}}, ("prot", "port")),
        (
            {"verify_alert_webhook": {"namespace": "a", "service": "b"}},
            ("verify_alert_webhook must be empty when alertmanager_test_webhook_url is empty",),
        ),
        ({"verify_timeout": "long"}, ("verify_timeout is long", "a whole number")),
        ({"verify_timeout": 0}, ("verify_timeout is 0", "at least 1")),
        ({"verify_restart_minutes": -1}, ("verify_restart_minutes is -1", "at least 0")),
        (
            {"verify_block_minutes": 60},
            ("verify_block_minutes is 60", "the minutes of prometheus_block_duration, or 120"),
        ),
        ({"verify_block_minutes": 0}, ("verify_block_minutes is 0", "at least 1")),
        ({"verify_report": "proofs.txt"}, ("verify_report is proofs.txt", "an absolute path")),
        ({"verify_compactor_minutes": 0}, ("verify_compactor_minutes is 0", "at least 1")),
        ({"verify_compactor_trace_hours": -1}, ("verify_compactor_trace_hours is -1", "at least 0")),
        ({"verify_compactors_allowed": ["tidy"]}, ("verify_compactors_allowed[0] is tidy", "namespace/name")),
        ({"verify_jobs": []}, ("verify_jobs is an empty list", "must name at least one scrape job, which")),
        ({"verify_monitors_allowed_empty": ["a/b/c"]}, ("verify_monitors_allowed_empty[0] is a/b/c", "name or namespace/name")),
        (
            {"verify_panels_allowed_empty": [{"dashboard": "Nodes", "panel": "Pressure"}]},
            ("condition", "reason", "verify_panels_allowed_empty"),
        ),
        (
            {"verify_panels_allowed_empty": [{"dashboard": "Nodes", "panel": "Pressure", "reason": "old", "condition": " "}]},
            ("verify_panels_allowed_empty[0].condition is", "text, not empty"),
        ),
        (
            {"verify_alert_webhook": {"service": "webhook"}, "alertmanager_test_webhook_url": "http://webhook"},
            ("verify_alert_webhook", "namespace and service; port and path are"),
        ),
    ],
    "alertmanager": [
        ({"alertmanager_version": "latest"}, ("alertmanager_version is latest", "a release like v0.34.2")),
        (
            {"alertmanager_resources": {"limits": {"memory": "128Mi"}}},
            ("alertmanager_resources must have a memory request, or a memory limit of at least 200Mi",),
        ),
        ({"alertmanager_storage": "5m"}, ("alertmanager_storage is 5m", "at least 1Mi")),
        ({"alertmanager_receivers": [{"name": "a", "webhook": None}]}, ("alertmanager_receivers[0].webhook is null", "a list")),
        (
            {"alertmanager_routes": [{"receiver": "longterm-metrics-test", "matchers": ["a=b"], "routes": None}]},
            ("alertmanager_routes[0].routes is null", "a list"),
        ),
        (
            {"alertmanager_test_webhook_url": "https://hooks.slack.com/services/T0/B0/hunter2"},
            ("alertmanager_test_webhook_url has a password in the URL https://hooks.slack.com/***",),
        ),
        (
            {"alertmanager_external_url": "https://x.example?access_token=hunter2"},
            ("alertmanager_external_url has a password in the URL https://x.example?***",),
        ),
        ({"alertmanager_retention": "0s"}, ("alertmanager_retention is 0s", "longer than 0s")),
        (
            {
                "alertmanager_tenant_configs": True,
                "prometheus_operator_existing": False,
                "prometheus_operator_credential_namespaces": [],
            },
            ("alertmanager_tenant_configs is true", "unless prometheus_operator_credential_namespaces names"),
        ),
        ({"alertmanager_replicas": "three"}, ("alertmanager_replicas is three", "a whole number")),
        ({"alertmanager_replicas": 0}, ("alertmanager_replicas is 0", "at least 1")),
        (
            {"alertmanager_route_prefix": "/alerts", "alertmanager_external_url": "https://metrics.example.com"},
            ("alertmanager_external_url is https://metrics.example.com", "the path of alertmanager_route_prefix, /alerts,"),
        ),
        ({"alertmanager_retention": "5d"}, ("alertmanager_retention is 5d", "120h")),
        ({"alertmanager_storage": "5 GB"}, ("alertmanager_storage is 5 GB", "a size like 10Gi")),
        ({"alertmanager_route": {"receiver": "pager"}}, ("alertmanager_route.receiver is pager", "null")),
        (
            {"alertmanager_routes": [{"matchers": ["severity"]}]},
            ("alertmanager_routes[0].matchers[0] is severity", "a label, one of"),
        ),
        (
            {"alertmanager_receivers": [{"name": "a", "slack": [{"api_url": "https://hooks.slack.com/"}]}]},
            ("alertmanager_receivers[0].slack[0].api_url", "api_url_secret"),
        ),
        (
            {
                "alertmanager_receivers": [
                    {"name": "a", "telegram": [{"bot_token_secret": {"name": "a", "key": "b"}, "chat_id": "c"}]}
                ]
            },
            ("alertmanager_receivers[0].telegram[0].chat_id is c", "a whole number"),
        ),
        (
            {"alertmanager_receivers": [{"name": "a", "discord": [{"webhook_url_secret": {"name": "a", "key": "b"}}]}]},
            ("alertmanager_receivers[0].discord[0].webhook_url_secret needs prometheus_engine standalone", "AlertmanagerConfig"),
        ),
        ({"alertmanager_retention": "6h"}, ("alertmanager_route.repeat_interval is 12h", "at most alertmanager_retention")),
        ({"alertmanager_receivers": [{"name": "a"}, {"name": "a"}]}, ("alertmanager_receivers[1]", "name a")),
    ],
    "node_exporter": [
        ({"node_exporter_exclude_net_devices": [""]}, ("node_exporter_exclude_net_devices[0] is empty", "a regular expression")),
        ({"node_exporter_exclude_mount_points": ["/"]}, ("node_exporter_exclude_mount_points[0] is /", "no file system")),
        (
            {"node_exporter_extra_args": ["--collector.disable-defaults"]},
            ("disable-defaults", "node_exporter_disabled_collectors"),
        ),
        ({"node_exporter_tolerations": [{"key": "x", "operator": "Exits"}]}, ("node_exporter_tolerations", "Exists")),
        ({"node_exporter_tolerations": [{"ky": "x"}]}, ("node_exporter_tolerations", "ky")),
        ({"node_exporter_port": "http"}, ("node_exporter_port is http", "a whole number")),
        ({"node_exporter_port": 80}, ("node_exporter_port is 80", "1024 to 65535")),
        ({"node_exporter_namespace": "metrics"}, ("node_exporter_namespace is metrics", "of its own")),
        ({"node_exporter_mount_propagation": "Both"}, ("node_exporter_mount_propagation", "HostToContainer, None")),
        (
            {"node_exporter_collectors": ["nfs", "wifi"], "node_exporter_disabled_collectors": ["nfs"]},
            ("node_exporter_collectors[0] is nfs", "in node_exporter_disabled_collectors as"),
        ),
        ({"node_exporter_collectors": ["--collector.wifi"]}, ("node_exporter_collectors", "--collector.wifi")),
        ({"node_exporter_collectors": ["sytemd"]}, ("node_exporter_collectors[0] is sytemd", "did you mean systemd?")),
        ({"node_exporter_exclude_fs_types": ["(?!ext4)"]}, ("node_exporter_exclude_fs_types[0] is (?!ext4)", "RE2")),
        (
            {"node_exporter_extra_args": ["--no-collector.cpu"]},
            ("node_exporter_extra_args[0] sets --no-collector.cpu", "node_exporter_disabled_collectors"),
        ),
        (
            {"node_exporter_disabled_collectors": ["cpu"]},
            ("node_exporter_disabled_collectors[0] is cpu", "must stay on for the alerts on nodes"),
        ),
    ],
    "kube_state_metrics": [
        (
            {"kube_state_metrics_resources": []},
            ("kube_state_metrics_resources is an empty list", "at least one resource; or set"),
        ),
        (
            {"kube_state_metrics_resources": ["podz"]},
            ("kube_state_metrics_resources[0] is podz", "a resource that kube-state-metrics knows,"),
        ),
        ({"kube_state_metrics_resources": ["pods", "pods"]}, ("kube_state_metrics_resources", "twice")),
        ({"kube_state_metrics_resources": {"pods": True}}, ("kube_state_metrics_resources", "list")),
        (
            {"kube_state_metrics_labels": {"secrets": ["a"]}},
            ("kube_state_metrics_labels has secrets", "kube_state_metrics_resources does not have"),
        ),
        ({"kube_state_metrics_labels": {"pods": "app"}}, ("kube_state_metrics_labels.pods is text", "must be a list")),
        ({"kube_state_metrics_annotations": {"pods": ["a b"]}}, ("kube_state_metrics_annotations.pods[0] is a b", "a key such")),
        ({"kube_state_metrics_extra_args": ["--port=1"]}, ("kube_state_metrics_extra_args[0] sets --port", "leave it out")),
        ({"kube_state_metrics_enabled": "perhaps"}, ("kube_state_metrics_enabled is perhaps", "true or false")),
    ],
    "blackbox_exporter": [
        (
            {
                "blackbox_exporter_modules": {
                    "http_2xx": {"prober": "http", "http": {"bearer_token_file": "/etc/blackbox_exporter/secrets/lost/token"}}
                }
            },
            ("bearer_token_file names a file of the Secret lost", "add it to blackbox_exporter_secrets"),
        ),
        (
            {"blackbox_exporter_targets": [{"name": "a", "module": "http_2xx", "interval": "2h", "targets": ["a"]}]},
            ("blackbox_exporter_targets[0].interval is 2h", "from 1s to 5m"),
        ),
        ({"blackbox_exporter_replicas": 0}, ("blackbox_exporter_replicas is 0", "at least 1")),
        (
            {"blackbox_exporter_modules": {"a": {"prober": "ftp"}}},
            ("blackbox_exporter_modules.a.prober is ftp", "must be http, tcp, icmp, dns, grpc or unix"),
        ),
        (
            {"blackbox_exporter_modules": {"a": {}}},
            ("blackbox_exporter_modules.a has no prober; it is required.",),
        ),
        (
            {"blackbox_exporter_modules": {"a": {"prober": "http", "http": {"valid_status_code": [200]}}}},
            ("blackbox_exporter_modules.a.http has the unknown key valid_status_code; did you mean valid_status_codes?",),
        ),
        (
            {"blackbox_exporter_modules": {"a": {"prober": "http", "http": {"basic_auth": {"username": "u", "password": "p"}}}}},
            (
                "blackbox_exporter_modules.a.http.basic_auth.password holds a secret in plain text",
                "put it into a Secret, name the Secret in",
            ),
        ),
        (
            {
                "blackbox_exporter_modules": {
                    "a": {"prober": "http", "http": {"headers": {"Authorization": "b", "X-Api-Key": "c"}}}
                }
            },
            (
                "blackbox_exporter_modules.a.http.headers.Authorization holds a secret in plain text",
                "put it into a Secret, name the Secret in",
                "blackbox_exporter_modules.a.http.headers.X-Api-Key holds a secret in plain text",
                "put it into a Secret, name the Secret in",
            ),
        ),
        (
            {"blackbox_exporter_targets": [{"name": "a", "module": "ping", "targets": ["b"]}]},
            ("blackbox_exporter_targets[0].module is ping", "one of blackbox_exporter_modules"),
        ),
        (
            {"blackbox_exporter_targets": [{"name": "My Site", "module": "tcp", "targets": ["b:1"]}]},
            ("blackbox_exporter_targets[0].name is My Site", "a DNS label: lower-case letters, digits and"),
        ),
        (
            {"blackbox_exporter_targets": [{"name": "a", "module": "tcp", "targets": ["b:1"]}] * 2},
            ("blackbox_exporter_targets[0].name is a", "there twice", "blackbox_exporter_targets[1].name is a", "there twice"),
        ),
        ({"blackbox_exporter_targets": [{"name": "a", "module": "tcp"}]}, ("targets", "blackbox_exporter_targets")),
        (
            {"blackbox_exporter_targets": [{"name": "a", "module": "tcp", "targets": ["b:1"], "interval": "often"}]},
            ("blackbox_exporter_targets[0].interval is often", "a duration like 30s, 5m or 90d"),
        ),
    ],
    "prometheus_adapter": [
        (
            {"prometheus_adapter_url": "http://prometheus.metrics.svc:1"},
            ("prometheus_adapter_url is http://prometheus.metrics.svc:1", "with the port and the path"),
        ),
        (
            {"prometheus_adapter_url": "http://prometheus.metrics.svc:9090/", "prometheus_route_prefix": "/p"},
            ("prometheus_adapter_url", "the path that it answers under"),
        ),
        (
            {"prometheus_adapter_url": "http://alertmanager.metrics.svc:9093"},
            ("prometheus_adapter_url", "Prometheus or Thanos Query"),
        ),
        (
            {"prometheus_scrape_interval": "2m", "prometheus_adapter_window": "8m", "prometheus_adapter_max_age": "8m"},
            ("prometheus_adapter_rules[0].metricsQuery has the range 2m", "twice prometheus_scrape_interval, 2m"),
        ),
        (
            {
                "prometheus_scrape_interval": "30s",
                "prometheus_adapter_max_age": "45s",
                "prometheus_adapter_relist_interval": "30s",
            },
            ("prometheus_adapter_max_age is 45s", "at least twice prometheus_scrape_interval, 30s"),
        ),
        (
            {"prometheus_scrape_interval": "30s", "prometheus_adapter_window": "45s"},
            ("prometheus_adapter_window is 45s", "at least four times prometheus_scrape_interval, 30s"),
        ),
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
            ("prometheus_adapter_external_rules[0] has the unknown key query", "metricsQuery, name, resources,"),
        ),
        (
            {"prometheus_adapter_rules": [{"seriesQuery": "rate(a[5m])", "metricsQuery": "sum(<<.Series)"}]},
            (
                "prometheus_adapter_rules[0].seriesQuery is rate(a[5m])",
                "prometheus_adapter_rules[0].metricsQuery is sum(<<.Series)",
            ),
        ),
        (
            {"prometheus_adapter_matchers": "cluster=a"},
            ("prometheus_adapter_matchers is cluster=a", "a value in quotes make one"),
        ),
        (
            {"prometheus_adapter_extra_args": ["--config=/tmp/a"]},
            ("prometheus_adapter_extra_args[0] sets --config", "use prometheus_adapter_rules"),
        ),
    ],
    "grafana": [
        ({"grafana_sidecar_env": {"LABEL": "dash"}}, ("grafana_sidecar_env", "another variable")),
        ({"grafana_admin_secret": "hunter2!"}, ("grafana_admin_secret must be a DNS name",)),
        (
            {
                "grafana_expose": "gateway",
                "grafana_host": "g.example.com",
                "grafana_gateway_parent_refs": [{"name": "a"}, {"name": "a"}],
            },
            ("grafana_gateway_parent_refs", "a Gateway twice"),
        ),
        (
            {"grafana_config": {"auth": {"anonymous": {"a": 1}}}},
            ("grafana_config.auth.anonymous is a dictionary", "auth.anonymous."),
        ),
        ({"grafana_scrape_interval": "1h"}, ("grafana_scrape_interval is 1h", "at most 5m")),
        (
            {
                "grafana_datasources": [
                    {"name": "Loki", "uid": "loki", "type": "loki", "jsonData": {"derivedFields": [{"url": "${__value.raw}"}]}}
                ]
            },
            ("grafana_datasources[0].jsonData.derivedFields[0].url has a $; write $$",),
        ),
        ({"grafana_thanos_url": "http://thanos-query.metrics:10902"}, ("grafana_thanos_url", "must be the Query Frontend")),
        ({"grafana_prometheus_url": "https://prometheus:9090"}, ("grafana_prometheus_url", "must be http://")),
        ({"grafana_expose": "ingress", "grafana_host": "10.0.0.1"}, ("grafana_host is 10.0.0.1", "not an IP address")),
        (
            {
                "grafana_expose": "ingress",
                "grafana_host": "a.example",
                "grafana_ingress_annotations": {"kubernetes.io/ingress.class": "nginx"},
            },
            ("grafana_ingress_annotations", "must not have kubernetes.io/ingress.class"),
        ),
        (
            {"grafana_expose": "gateway", "grafana_host": "a.example", "grafana_gateway_parent_refs": [{"name": "G W"}]},
            ("grafana_gateway_parent_refs[0]", "{name: GATEWAY}"),
        ),
        (
            {"grafana_prometheus_url": "http://prometheus.metrics.svc:9090/wrong"},
            ("grafana_prometheus_url", "the path that Prometheus"),
        ),
        (
            {"grafana_thanos_url": "http://thanos-query.metrics.svc:10902", "thanos_query_external_prefix": "/t"},
            ("grafana_thanos_url", "the path that Query answers under"),
        ),
        (
            {"grafana_thanos_url": "http://thanos-query-frontend.metrics.svc:10902", "thanos_query_frontend_enabled": False},
            ("grafana_thanos_url", "where that is off, Thanos Query"),
        ),
        ({"grafana_thanos_url": "https://x.example/?client_secret=hunter2"}, ("grafana_thanos_url", "https://x.example/?***")),
        ({"grafana_config": {"auth.generic_oauth": {"client_secret": ["hunter2"]}}}, ("client_secret is a list",)),
        (
            {"grafana_config": {"smtp": {"password": "$__file{/etc/grafana/secrets/lost/password}"}}},
            ("grafana_config.smtp.password names a file of the Secret lost", "add it to grafana_secrets"),
        ),
        ({"grafana_scrape_interval": "0s"}, ("grafana_scrape_interval is 0s", "longer than 0s")),
        (
            {"grafana_alertmanager_url": "http://alertmanager.metrics.svc:9093", "alertmanager_enabled": False},
            ("grafana_alertmanager_url is http://alertmanager.metrics.svc:9093", "there is no Alertmanager"),
        ),
        ({"grafana_datasources": [{"name": "Thanos", "uid": "a", "type": "b"}]}, ("grafana_datasources[0]", "that one is taken")),
        ({"grafana_datasources": [{"name": "a", "uid": 41 * "a", "type": "b"}]}, ("grafana_datasources[0].uid", "at most 40")),
        (
            {"grafana_datasources": [{"name": "a", "uid": "a", "type": "b", "secureJsonData": "hunter2"}]},
            ("grafana_datasources[0].secureJsonData", "a dictionary"),
        ),
        ({"grafana_sidecar_env": {"A B": "c"}}, ("A B", "the name of an environment variable")),
        ({"grafana_expose": "loadbalancer"}, ("grafana_expose", "none, nodeport, ingress, gateway")),
        ({"grafana_node_port": "http"}, ("grafana_node_port is http", "a whole number")),
        ({"grafana_expose": "nodeport", "grafana_node_port": 3000}, ("grafana_node_port is 3000", "30000 to 32767")),
        ({"grafana_expose": "ingress"}, ("grafana_host is empty", "the host name that browsers use with")),
        (
            {"grafana_expose": "ingress", "grafana_host": "https://grafana.example.com"},
            ("grafana_host is https://grafana.example.com", "without scheme"),
        ),
        ({"grafana_expose": "gateway", "grafana_host": "grafana.example.com"}, ("grafana_gateway_parent_refs",)),
        (
            {"grafana_expose": "nodeport", "grafana_config": {"auth.anonymous": {"enabled": True}}},
            ("grafana_config sets auth.anonymous.enabled to True", "grafana_unlocked_settings"),
        ),
        (
            {"grafana_config": {"security": {"admin_password": "hunter2"}, "remote_cache": {"connstr": "password=hunter2"}}},
            (
                "grafana_config.security.admin_password holds a secret in plain text",
                "grafana_config.remote_cache.connstr holds a secret in plain text",
            ),
        ),
        (
            {"grafana_sidecar_env": {"REQ_PASSWORD": "hunter2"}},
            ("grafana_sidecar_env.REQ_PASSWORD holds a secret in plain text; leave it out",),
        ),
        ({"grafana_unlocked_settings": ["auth.anonymous"]}, ("grafana_unlocked_settings has auth.anonymous",)),
        ({"grafana_config": {"root_url": "x"}}, ("grafana_config", "section", "root_url")),
        (
            {"grafana_root_url": "https://a.example", "grafana_config": {"server": {"root_url": "https://b.example"}}},
            ("grafana_config must not set server.root_url beside grafana_root_url, https://a.example",),
        ),
        (
            {"grafana_datasources": [{"name": "Loki", "uid": "loki", "type": "loki", "isDefault": True}]},
            ("grafana_datasources[0]", "the default: Thanos Query is, and Grafana"),
        ),
        (
            {"grafana_datasources": [{"name": "Other", "uid": "thanos", "type": "prometheus"}]},
            ("grafana_datasources[0].uid is thanos", "another uid; thanos, prometheus and"),
        ),
        ({"grafana_datasources": [{"name": "Loki", "uid": "loki"}]}, ("grafana_datasources[0] has no type; it is required.",)),
        (
            {"grafana_datasources": [{**LOKI, "urll": "x"}]},
            ("grafana_datasources[0] has the unknown key urll; did you mean url?",),
        ),
        ({"grafana_datasources": [{**LOKI, "orgId": "two"}]}, ("grafana_datasources[0].orgId is text; must be a whole number",)),
        ({"grafana_datasources": [{**LOKI, "type": 5}]}, ("grafana_datasources[0].type is the number 5; must be text",)),
        (
            {"grafana_datasources": [{**LOKI, "basicAuthPassword": "hunter2"}]},
            (
                "grafana_datasources[0] has basicAuthPassword; Grafana reads it in secureJsonData alone.",
                "grafana_datasources[0].basicAuthPassword holds a secret in plain text",
            ),
        ),
        (
            {"grafana_datasources": [{**LOKI, "jsonData": {"httpHeaderName1": "X-Key", "httpHeaderValue1": "hunter2"}}]},
            ("grafana_datasources[0].jsonData has httpHeaderValue1; Grafana reads it in secureJsonData alone.",),
        ),
        (
            {
                "grafana_datasources": [
                    {"name": "L", "uid": "l", "type": "loki", "secureJsonData": {"basicAuthPassword": "hunter2"}}
                ]
            },
            ("grafana_datasources[0].secureJsonData.basicAuthPassword holds a secret in plain text; give it by file",),
        ),
        (
            {**OIDC, "grafana_oidc_auth_url": "https://id.example.com/auth"},
            (
                "grafana_oidc_token_url is empty",
                "set if grafana_oidc_client_id is set, and",
                "grafana_oidc_api_url is empty",
                "set if grafana_oidc_client_id is set, and",
            ),
        ),
        (
            {"grafana_oidc_auth_url": "https://id.example.com/auth"},
            ("grafana_oidc_auth_url is https://id.example.com/auth", "set if grafana_oidc_client_id is set, and"),
        ),
        ({"grafana_oidc_client_secret": {"name": "oidc"}}, ("key", "grafana_oidc_client_secret")),
    ],
    "prometheus_alert": [
        ({"prometheus_alert_enabled": "maybe"}, ("prometheus_alert_enabled is maybe", "true or false")),
        ({"prometheus_alert_enabled": True}, ("prometheus_alert_dingtalk_secret", "name, key")),
        (
            {"prometheus_alert_enabled": True, "prometheus_alert_wecom_secret": {"name": "bots"}},
            ("prometheus_alert_wecom_secret", "{name: SECRET, key: KEY}, or empty"),
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
            ("prometheus_alert_config has ddurl", "left out, for it would put a secret into a"),
        ),
    ],
    "kube_prometheus_stack": [
        *(
            ({**HELM, "kube_prometheus_stack_values": values}, (f"kube_prometheus_stack_values.{path}", said))
            for path, values, said in (
                ("prometheus", {"prometheus": None}, "must be a mapping"),
                ("prometheus.prometheusSpec", {"prometheus": {"prometheusSpec": "x"}}, "must be a mapping"),
                ("alertmanager.alertmanagerSpec", {"alertmanager": {"alertmanagerSpec": None}}, "must be a mapping"),
                ("kube-state-metrics", {"kube-state-metrics": []}, "must be a mapping"),
                ("prometheus.enabled", {"prometheus": {"enabled": False}}, "must be left out"),
                ("grafana.enabled", {"grafana": {"enabled": False}}, "set grafana_enabled"),
            )
        ),
        (
            {
                **HELM,
                "kube_prometheus_stack_values": {
                    "prometheus": {"prometheusSpec": {"additionalScrapeConfigs": [{"job_name": "a", "scrape_interval": "1h"}]}}
                },
            },
            (
                "kube_prometheus_stack_values.prometheus.prometheusSpec.additionalScrapeConfigs[0].scrape_interval is 1h",
                "from 1s to 5m",
            ),
        ),
        *(
            (
                {**HELM, "kube_prometheus_stack_values": {"prometheus": {"prometheusSpec": {name: [{"url": "https://a/"}]}}}},
                (f"kube_prometheus_stack_values.prometheus.prometheusSpec.{name}", "set prometheus_remote_write"),
            )
            for name in ("remoteWrite", "additionalRemoteWrite")
        ),
        (
            {**HELM, "kube_prometheus_stack_values": {"prometheus": {"prometheusSpec": {"externalLabels": {"zone": "a$b"}}}}},
            ("kube_prometheus_stack_values.prometheus.prometheusSpec.externalLabels", "set prometheus_external_labels"),
        ),
        (
            {**HELM, "kube_prometheus_stack_values": {"prometheus": {"prometheusSpec": {"retention": "1h", "thanos": None}}}},
            (
                "kube_prometheus_stack_values.prometheus.prometheusSpec.retention is 1h; must be left out",
                "kube_prometheus_stack_values.prometheus.prometheusSpec.thanos is null; must be a mapping",
            ),
        ),
        (
            {**HELM, "kube_prometheus_stack_values": {"prometheus": {"prometheusSpec": {"replicaExternalLabelNameClear": True}}}},
            ("kube_prometheus_stack_values.prometheus.prometheusSpec.replicaExternalLabelNameClear is true", "must be left out"),
        ),
        (
            {**HELM, "kube_prometheus_stack_values": {"grafana": {"args": ["cfg:auth.anonymous.enabled=true"]}}},
            ("kube_prometheus_stack_values has grafana.args", "may set whatever Grafana guards"),
        ),
        ({**HELM, "kube_prometheus_stack_environment": "staging"}, ("kube_prometheus_stack_environment", "local, cloud")),
        ({**HELM, "kube_prometheus_stack_chart_ref": ""}, ("kube_prometheus_stack_chart_ref is empty", "OCI reference")),
        (
            {**HELM, "kube_prometheus_stack_chart_ref": "oci://example.com/charts/stack"},
            ("kube_prometheus_stack_chart_ref is oci://example.com/charts/stack", "a plain name when"),
        ),
        (
            {**HELM, "kube_prometheus_stack_chart_ref": "/nowhere/stack", "kube_prometheus_stack_chart_repo_url": ""},
            (
                "kube_prometheus_stack_chart_ref is /nowhere/stack",
                "a file or a folder on the controller, but",
                "kube_prometheus_stack_chart_ref is /nowhere/stack",
                "a path with metrics_state rendered: Flux",
            ),
        ),
        (
            {**HELM, "kube_prometheus_stack_chart_repo_url": "charts.example.com"},
            ("chart_repo_url is charts.example.com", "https"),
        ),
        (
            {**HELM, "kube_prometheus_stack_chart_version": "latest"},
            ("kube_prometheus_stack_chart_version is latest", "a release like v1.2.3"),
        ),
        (
            {**HELM, **CHART, "kube_prometheus_stack_chart_version": "88.5.3"},
            (
                "kube_prometheus_stack_chart_version is 88.5.3",
                "the version of the chart in",
                "kube_prometheus_stack_chart_ref is ",
                "a path with metrics_state rendered: Flux",
            ),
        ),
        (
            {**HELM, **CHART, "kube_prometheus_stack_chart_version": "0.1.0"},
            (
                "kube_prometheus_stack_chart_ref is ",
                "a path with metrics_state rendered: Flux",
            ),
        ),
        ({**HELM, "kube_prometheus_stack_release": "My Stack"}, ("kube_prometheus_stack_release is My Stack", "lower-case")),
        ({**HELM, "kube_prometheus_stack_values": "replicas: 2"}, ("kube_prometheus_stack_values", "dict")),
        (
            {**HELM, "kube_prometheus_stack_values": {"grafana": {"adminPassword": "hunter2"}}},
            (
                "kube_prometheus_stack_values.grafana.adminPassword holds a secret in plain text",
                "put it into a Secret and name that, or its",
            ),
        ),
        (
            {**HELM, "kube_prometheus_stack_values": {"grafana": {"env": {"GF_SMTP_PASSWORD": "hunter2"}}}},
            (
                "kube_prometheus_stack_values.grafana.env.GF_SMTP_PASSWORD holds a secret in plain text",
                "put it into a Secret and name that, or its",
            ),
        ),
        (
            {**HELM, "kube_prometheus_stack_values": {"nameOverride": "mine", "fullnameOverride": "mine"}},
            (
                "kube_prometheus_stack_values.nameOverride is mine",
                "left out: the release is known as ours by",
                "kube_prometheus_stack_values.fullnameOverride is mine",
                "left out; set prometheus_name and",
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
            (
                "kube_prometheus_stack_values.prometheus.prometheusSpec.replicas is 4",
                "left out; set prometheus_replicas",
                "kube_prometheus_stack_values.alertmanager.alertmanagerSpec.replicas is 5",
                "left out; set alertmanager_replicas",
            ),
        ),
        (
            {
                **HELM,
                "kube_prometheus_stack_values": {
                    "prometheus": {"service": {"type": "NodePort"}},
                    "grafana": {"grafana.ini": {"users": {"Allow_Sign_Up": "yes"}}},
                },
            },
            (
                "kube_prometheus_stack_values has prometheus.service.type, which opens a way in",
                "kube_prometheus_stack_unlocked_values",
                "kube_prometheus_stack_values.grafana.grafana.ini sets users.allow_sign_up to yes",
            ),
        ),
        (
            {**HELM, "kube_prometheus_stack_chart_repo_url": "file:///srv/charts"},
            ("kube_prometheus_stack_chart_repo_url is file:///srv/charts", "an http:// or https:// URL without user,"),
        ),
        (
            {**HELM, "prometheus_name": "main", "alertmanager_name": "alerts"},
            ("alertmanager_name is alerts", "prometheus_name, main, with"),
        ),
    ],
    "exposure": [
        (
            {"exposure_endpoints": [{**GATEWAY, "annotations": {"a": "b"}}]},
            ("exposure_endpoints[0]", "no annotations unless its method is ingress"),
        ),
        (
            {"exposure_endpoints": [{**GATEWAY, "ingress_class": "a"}]},
            ("exposure_endpoints[0]", "no ingress_class unless its method is ingress"),
        ),
        (
            {"exposure_endpoints": [{**INGRESS, "auth": BASIC, "parent_refs": [{"name": "g"}]}]},
            ("exposure_endpoints[0]", "no parent_refs unless its method is gateway"),
        ),
        (
            {
                "exposure_endpoints": [
                    {**GATEWAY, "parent_refs": [{"name": "g"}, {"name": "g", "kind": "Gateway", "sectionName": "a"}]}
                ]
            },
            ("exposure_endpoints[0].parent_refs", "unless each time with another sectionName"),
        ),
        (
            {"exposure_endpoints": [{**INGRESS, "auth": BASIC, "annotations": {"kubernetes.io/ingress.class": "nginx"}}]},
            ("exposure_endpoints[0].annotations", "must not have kubernetes.io/ingress.class; set ingress_class."),
        ),
        (
            {"exposure_endpoints": [{**GATEWAY, "parent_refs": [{"name": "g"}, {"name": "g"}]}]},
            ("exposure_endpoints[0].parent_refs", "a Gateway twice"),
        ),
        (
            {"exposure_endpoints": [{**INGRESS, "auth": {"type": "basic", "secret": "people", "key": "hunter2!"}}]},
            ("exposure_endpoints[0].auth.key must be",),
        ),
        (
            {"exposure_endpoints": [{"component": "prometheus", "method": "ingress", "host": "10.0.0.3", "auth": BASIC}]},
            ("exposure_endpoints[0].host is 10.0.0.3", "not an IP address"),
        ),
        (
            {
                "exposure_endpoints": [
                    {
                        "component": "prometheus",
                        "method": "gateway",
                        "host": "a.example",
                        "auth": BASIC,
                        "parent_refs": [{"name": "edge", "namespace": "Bad NS"}],
                    }
                ]
            },
            ("exposure_endpoints[0].parent_refs[0]", "{name: GATEWAY}"),
        ),
        (
            {
                "grafana_enabled": True,
                "grafana_expose": "ingress",
                "grafana_host": "a.example",
                "grafana_root_url": "https://a.example/grafana",
                "prometheus_route_prefix": "/grafana",
                "exposure_endpoints": [
                    {"component": "prometheus", "method": "ingress", "host": "a.example", "path": "/grafana", "auth": BASIC}
                ],
            },
            ("exposure_endpoints[0] is on a.example/grafana", "Grafana answers there"),
        ),
        (
            {
                "thanos_bucket_web_enabled": False,
                "exposure_endpoints": [
                    {"component": "thanos-bucket-web", "method": "ingress", "host": "a.example", "auth": BASIC}
                ],
            },
            ("exposure_endpoints[0].component is thanos-bucket-web", "thanos_bucket_web_enabled is false"),
        ),
        ({"exposure_endpoints": [{**INGRESS, "node_port": 30900, "auth": BASIC}]}, ("exposure_endpoints[0]", "no node_port")),
        (
            {"exposure_endpoints": [{"component": "prometheus", "method": "nodeport", "host": "a.example", "auth": BASIC}]},
            ("exposure_endpoints[0]", "no host and no path"),
        ),
        (
            {"exposure_endpoints": [{**INGRESS, "auth": {"type": "basic", "secret": "X y"}}]},
            ("exposure_endpoints[0].auth.secret must be", "a DNS name"),
        ),
        (
            {"exposure_endpoints": [{**INGRESS, "auth": {**BASIC, "address": "http://a"}}]},
            ("exposure_endpoints[0].auth", "secret and key with type basic"),
        ),
        (
            {
                "exposure_endpoints": [{"component": "prometheus", "method": "nodeport", "auth": BASIC}],
                "grafana_enabled": True,
                "grafana_expose": "nodeport",
                "grafana_node_port": 30900,
            },
            ("exposure_endpoints", "leave grafana_node_port, 30900, to Grafana"),
        ),
        (
            {
                "exposure_endpoints": [
                    {**INGRESS, "method": "gateway", "parent_refs": [{"name": "a", "namspace": "b"}], "auth": BASIC}
                ]
            },
            ("namspace", "namespace"),
        ),
        (
            {"alertmanager_enabled": False, "exposure_endpoints": [{**INGRESS, "component": "alertmanager", "auth": BASIC}]},
            ("exposure_endpoints[0].component is alertmanager", "left out when alertmanager_enabled is false"),
        ),
        (
            {
                "grafana_enabled": True,
                "grafana_expose": "ingress",
                "grafana_host": INGRESS["host"],
                "exposure_endpoints": [{**INGRESS, "auth": BASIC}],
            },
            ("exposure_endpoints[0]", "another host or path: Grafana answers there"),
        ),
        ({"exposure_trusted_proxies": ["10.0.0.1/8"]}, ("exposure_trusted_proxies[0] is 10.0.0.1/8", "a network like")),
        ({"exposure_trusted_proxies": ["0.0.0.0/0"]}, ("exposure_trusted_proxies[0] is 0.0.0.0/0", "must not be everybody")),
        (
            {"exposure_endpoints": [INGRESS]},
            ("exposure_endpoints[0]", "auth: {type: basic, secret: NAME} or {type:"),
        ),
        (
            {
                "exposure_endpoints": [
                    {**INGRESS, "method": "gateway", "component": "thanos-query", "parent_refs": [{"name": "edge"}]}
                ]
            },
            ("exposure_endpoints[0]", "auth: {type: basic, secret: NAME} or {type:"),
        ),
        (
            {"exposure_endpoints": [{"component": "alertmanager", "method": "nodeport", "auth": {}}]},
            ("exposure_endpoints[0]", "auth: {type: basic, secret: NAME} or {type:"),
        ),
        ({"exposure_endpoints": [{**INGRESS, "auth": {"type": "none"}}]}, ("auth.type is none", "basic or forward")),
        (
            {"exposure_endpoints": [{**INGRESS, "auth": {"type": "basic"}}]},
            ("exposure_endpoints[0].auth", "a secret with type basic: the Secret with"),
        ),
        (
            {"exposure_endpoints": [{**INGRESS, "auth": {"type": "forward", "address": "oauth2-proxy"}}]},
            ("exposure_endpoints[0].auth", "an address with type forward: the URL of"),
        ),
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
            (
                "exposure_endpoints[0]",
                "a component of its own: a component has one",
                "exposure_endpoints[1]",
                "a component of its own: a component has one",
            ),
        ),
        (
            {"exposure_endpoints": [{**INGRESS, "auth": BASIC}, {**INGRESS, "component": "alertmanager", "auth": BASIC}]},
            ("exposure_endpoints[1] is", "must have a host or a path of its own: prometheus is there"),
        ),
        (
            {
                "prometheus_route_prefix": "/metrics",
                "exposure_endpoints": [
                    {**INGRESS, "auth": BASIC},
                    {**INGRESS, "component": "thanos-query", "path": "/metrics/", "auth": BASIC},
                ],
            },
            ("exposure_endpoints[1] is", "must have a host or a path of its own: prometheus is there"),
        ),
        (
            {"exposure_endpoints": [{**INGRESS, "component": "alertmanager", "path": "/alerts", "auth": BASIC}]},
            ("exposure_endpoints[0].path is /alerts", "set alertmanager_route_prefix to /alerts"),
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
            ("gitops_secret_store is My Vault", "a DNS name: lower-case letters, digits, -"),
        ),
        ({"gitops_secret_store_kind": "Vault"}, ("gitops_secret_store_kind", "ClusterSecretStore, SecretStore")),
        ({"gitops_secret_prefix": "my keys/"}, ("gitops_secret_prefix is my keys/", "production/metrics/")),
        ({"gitops_sops_recipients": {"age": "age1"}}, ("gitops_sops_recipients.age is age1", "recipients, like age1...")),
        ({"gitops_sops_recipients": {"pgp": "me"}}, ("gitops_sops_recipients.pgp is me", "fingerprints of keys")),
        ({"gitops_sops_recipients": {"gpg": "ABC"}}, ("gitops_sops_recipients has gpg", "age, azure_keyvault")),
        (
            {"gitops_sops_recipients": {"kms": "AGE-SECRET-KEY-hunter2"}},
            ("gitops_sops_recipients", "must hold recipients, like age1..., and has"),
        ),
    ],
    "system_monitors": [
        (
            {"system_monitors_overrides": {"etcd": {"selector": "a=b"}}},
            ("system_monitors_overrides.etcd.selector is text; must be a dictionary.",),
        ),
        ({"system_monitors_overrides": {"etcd": {"selector": {"a b": "c"}}}}, ("a b", "selector")),
        (
            {"system_monitors_overrides": {"etcd": {"endpoint": {"intervall": "5s"}}}},
            ("system_monitors_overrides.etcd.endpoint has the unknown key intervall; did you mean interval?",),
        ),
        ({"system_monitors_overrides": {"etcd": {"endpoint": {"interval": "5x"}}}}, ("endpoint.interval is 5x", "a duration")),
        (
            {**ALONE, "system_monitors_overrides": {"etcd": {"endpoint": {"tlsConfig": {}}}}},
            ("system_monitors_overrides.etcd.endpoint", "left out with prometheus_engine standalone,"),
        ),
        (
            {"metrics_control_plane": ["etcd", "scheduler"]},
            ("metrics_control_plane", "auto, or a list of etcd, kube-scheduler,"),
        ),
        (
            {"metrics_control_plane": "automatic"},
            ("metrics_control_plane is automatic", "auto, or a list of etcd, kube-scheduler,"),
        ),
        ({"metrics_cilium": "maybe"}, ("metrics_cilium is maybe", "auto, true or false")),
        (
            {"system_monitors_overrides": {"kubelet": {"port": 1}}},
            ("system_monitors_overrides has kubelet", "etcd, kube-scheduler,"),
        ),
        (
            {"system_monitors_overrides": {"etcd": {"scheme": "tcp"}}},
            ("system_monitors_overrides.etcd.scheme is tcp", "http or https"),
        ),
        (
            {"system_monitors_overrides": {"etcd": {"port": "metrics"}}},
            ("system_monitors_overrides.etcd.port is metrics", "a port from 1 to 65535"),
        ),
        (
            {"system_monitors_overrides": {"etcd": {"endpoint": {"metricRelabelings": "nope"}}}},
            ("system_monitors_overrides.etcd.endpoint.metricRelabelings is text; must be a list.",),
        ),
        (
            {"system_monitors_overrides": {"etcd": {"endpoint": {"tlsConfig": {"insecureSkipVerfy": True}}}}},
            ("endpoint.tlsConfig has the unknown key insecureSkipVerfy; did you mean insecureSkipVerify?",),
        ),
        (
            {"system_monitors_overrides": {"etcd": {"endpoint": {"tlsConfig": {"caFile": "/etc/x"}}}}},
            ("endpoint.tlsConfig has caFile", "names files of Prometheus (arbitraryFSAccessThroughSMs)"),
        ),
        (
            {"system_monitors_overrides": {"coredns": {"endpoint": {"interval": "10m"}}}},
            ("system_monitors_overrides.coredns.endpoint.interval is 10m", "from 1s to 5m"),
        ),
        (
            {"prometheus_scrape_interval": "30s", "system_monitors_overrides": {"etcd": {"endpoint": {"scrapeTimeout": "1m"}}}},
            ("endpoint.scrapeTimeout is 1m", "not be longer than prometheus_scrape_interval, 30s"),
        ),
        (
            {"system_monitors_overrides": {"etcd": {"endpoint": {"authorization": {"credentials": "hunter2"}}}}},
            (
                "endpoint.authorization.credentials must name a key of a Secret, as {name: NAME, key: KEY}.",
                "endpoint.authorization.credentials holds a secret in plain text; put it into a Secret",
            ),
        ),
        (
            {"system_monitors_overrides": {"etcd": {"endpoint": {"params": {"token": ["hunter2"]}}}}},
            ("endpoint.params.token[0] holds a secret in plain text",),
        ),
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
# What the settings do not fit on the cluster or the controller, which the roles themselves find.
SEEN: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "an API that is taken": (
        "prometheus_adapter",
        {
            "prometheus_adapter_resource_metrics": "always",
            "__preflight_cluster": {
                "api_services": [{"name": "v1beta1.metrics.k8s.io", "service": "kube-system/metrics-server", "available": False}]
            },
        },
        ("prometheus_adapter_resource_metrics is always", "kube-system/metrics-server", "auto"),
    ),
    "no helm": (
        "kube_prometheus_stack",
        {**HELM, "metrics_state": "present", "kube_prometheus_stack_helm_binary": "helm-of-nowhere"},
        ("kube_prometheus_stack_helm_binary is helm-of-nowhere", "install helm 3"),
    ),
    "no kubernetes.core": (
        "kube_prometheus_stack",
        {**HELM, "metrics_state": "present"},
        ("needs the collection kubernetes.core", "ansible-galaxy"),
    ),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    seen = {name: (role, variables) for name, (role, variables, _words) in SEEN.items()}
    # One bad input of each role, as a user meets it.
    bad = {f"bad {role}": (role, cases[0][0]) for role, cases in CASES.items()}
    good = {role: (role, variables) for role, variables in GOOD.items()}
    further = {
        "off": ("alertmanager", {"alertmanager_enabled": "false", "alertmanager_replicas": 0}),
        "silent": ("prometheus", {"alertmanager_enabled": "false"}),
        "numbers in text": ("thanos", {"thanos_query_replicas": "3"}),
    }
    # Those that go on first: they take longest.
    return run_roles(tmp_path_factory.mktemp("bad_input"), good | further | bad | seen)


def findings(role: str, variables: dict[str, Any]) -> list[str]:
    return judged([role], {"metrics_state": "rendered", "metrics_rendered_to": "/rendered", **variables}).findings


@pytest.mark.parametrize("name", TABLE)
def test_bad_input_is_a_clear_error(name: str) -> None:
    role, variables, words = TABLE[name]
    found = findings(role, variables)
    assert [word for word in words if word not in "\n".join(found)] == [], found
    assert len(found) <= 2
    assert not [secret for secret in SECRETS if secret in "\n".join(found)]


@pytest.mark.parametrize("role", CASES)
def test_bad_input_ends_a_role_before_anything_is_touched(role: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[f"bad {role}"]
    assert outcome.error.splitlines() == findings(role, CASES[role][0][0])
    assert not outcome.objects


@pytest.mark.parametrize("name", SEEN)
def test_what_a_role_finds_on_the_cluster_is_an_error_before_anything_is_touched(name: str, outcomes: dict[str, Outcome]) -> None:
    assert [word for word in SEEN[name][2] if word not in outcomes[name].error] == [], outcomes[name].error
    assert not outcomes[name].objects


@pytest.mark.parametrize("role", GOOD)
def test_a_role_goes_on_without_bad_input(role: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[role].error == ""
    assert bool(outcomes[role].objects) == (role not in APPLY_NOTHING)


def test_at_least_five_bad_inputs_are_tried_of_every_role_that_takes_variables() -> None:
    specs = {file.parts[-3]: yaml.safe_load(file.read_text()) for file in ROOT.glob("roles/*/meta/argument_specs.yml")}
    takes = {role for role, spec in specs.items() if spec["argument_specs"]["main"].get("options")}
    assert {role for role in takes if len(CASES.get(role, [])) < 5} == set()


def test_peers_can_be_added_to_every_component_that_has_a_policy() -> None:
    templates = "".join(file.read_text() for file in ROOT.glob("roles/*/templates/*.yaml.j2"))
    guarded = set(re.findall(r"m\.network_policy\('([a-z-]+)'", templates))
    assert findings("common", {"metrics_network_policy_from": {name: [{"podSelector": {}}] for name in guarded}}) == []


def test_the_site_names_the_bad_input_of_all_roles_before_anything_is_touched(tmp_path: Path) -> None:
    bad = {
        "metrics_wait_timeout": 0,
        "metrics_force_conflicts": "perhaps",
        "alertmanager_replicas": 0,
        "node_exporter_port": 80,
        "thanos_query_replicas": "y",
        "rules_overrides": {"NodeDwn": {}},
        "grafana_confg": {},
    }
    bad["prometheus_operator_crds"] = False
    ran = play(ROOT / "playbooks/render.yml", {"site": {"metrics_rendered_to": f"{tmp_path}/rendered", **bad}}, tmp_path)
    assert ran.returncode != 0
    assert "metrics_wait_timeout is 0" in ran.stdout
    assert "metrics_force_conflicts is perhaps; must be true or false." in ran.stdout
    assert "alertmanager_replicas is 0" in ran.stdout
    assert "node_exporter_port is 80" in ran.stdout
    assert "thanos_query_replicas is y; must be a whole number." in ran.stdout
    assert "there is no alert 'NodeDwn'; did you mean NodeDown?" in ran.stdout
    assert "grafana_confg is not a variable of any role; did you mean grafana_config?" in ran.stdout
    assert not (tmp_path / "rendered").exists()


def test_a_rule_that_stumbles_over_what_is_named_already_says_nothing() -> None:
    variables = {
        "metrics_state": "rendered",
        "metrics_rendered_to": "/rendered",
        "prometheus_receive_options": {"queueConfig": {"maxSamplesPerSend": "5000"}},
        "thanos_receive_limits": {"default": {"request": {"samples_limit": 9000}}},
    }
    (finding,) = judged(["thanos", "prometheus"], variables).findings
    assert finding.startswith("prometheus_receive_options.queueConfig.maxSamplesPerSend is the text 5000; must be a whole number")


@pytest.mark.parametrize("engine", ["operator", "standalone"])
@pytest.mark.parametrize("mode", ["sidecar", "both"])
def test_the_defaults_of_all_roles_together_are_right(engine: str, mode: str) -> None:
    variables = {
        "prometheus_engine": engine,
        "thanos_mode": mode,
        "metrics_state": "rendered",
        "metrics_rendered_to": "/rendered",
    }
    assert judged([role for role in GOOD if role != "kube_prometheus_stack"], variables).findings == []


@pytest.mark.parametrize(
    ("role", "variables"),
    [
        ("thanos", {"thanos_ruler_alertmanagers": ["dns+http://alertmanager-operated.metrics.svc"]}),
        ("thanos", {"thanos_ruler_alertmanagers": ["dnssrvnoa+http://_web._tcp.alertmanager.other.svc"]}),
        (
            "thanos",
            {
                "thanos_query_autoscaling": {"min_replicas": 2, "max_replicas": 4, "cpu_percent": 80},
                "thanos_query_resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
            },
        ),
        ("prometheus", {"prometheus_storage_class": 100 * "a"}),
    ],
)
def test_what_the_programs_take_is_no_bad_input(role: str, variables: dict[str, Any]) -> None:
    assert findings(role, variables) == []


def test_what_is_turned_off_is_neither_judged_nor_rendered(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["off"] == Outcome("", {})


def test_prometheus_sends_no_alerts_where_alertmanager_is_turned_off(outcomes: dict[str, Outcome]) -> None:
    assert "alerting" not in outcomes["silent"].objects["Prometheus", "main"]["spec"]


def test_a_number_given_as_text_is_rendered_as_a_number(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["numbers in text"].objects["Deployment", "thanos-query"]["spec"]["replicas"] == 3


def test_samples_kept_forever_are_not_too_long() -> None:
    assert findings("thanos", {"thanos_compact_retention_1h": "0d"}) == []


def test_labels_and_files_are_no_secrets() -> None:
    job = {
        "job_name": "a",
        "tls_config": {"key_file": "/etc/prometheus/secrets/a/key", "cert_file": "/etc/prometheus/secrets/a/cert"},
        "static_configs": [{"targets": ["a"], "labels": {"token": "b"}}],
        "relabel_configs": [{"source_labels": ["token"], "target_label": "secret"}],
    }
    assert findings("prometheus", {**ALONE, "prometheus_scrape_configs": [job], "prometheus_secrets": ["a"]}) == []


@pytest.mark.parametrize(
    ("role", "variables"),
    [
        ("object_store", {"metrics_objstore_config": {"type": "GCS"}, "object_store_flavour": "none"}),
        ("kube_prometheus_stack", {**HELM, "kube_prometheus_stack_values": {"grafana": {"env": {1: "y"}}}}),
        ("kube_prometheus_stack", {**HELM, "kube_prometheus_stack_values": {"extraManifests": ["a: &a [*a]"]}}),
        ("thanos", {"thanos_query_frontend_cache": {"type": "IN-MEMORY", "config": {"max_size": "512Mi"}}}),
        ("thanos", {"thanos_query_frontend_cache": {"type": "IN-MEMORY", "config": {"max_size": 268435456}}}),
        ("thanos", {"thanos_store_index_cache": {"type": "IN-MEMORY", "config": {"max_size": None}}}),
        ("prometheus_alert", {**FEISHU, "prometheus_alert_enabled": True, "prometheus_alert_config": {1: "x", "b": "y"}}),
        ("rules", {"rules_extra_files": ["/proc/self/mem"]}),
    ],
)
def test_no_finding_is_about_a_rule_that_cannot_be_evaluated(role: str, variables: dict[str, Any]) -> None:
    assert "cannot be evaluated" not in str(findings(role, variables))


@pytest.mark.parametrize(
    ("role", "variables"),
    [
        # Of another cluster, whose namespace has the same name.
        ("thanos", {"thanos_query_endpoints": ["thanos-query.metrics.eu.example.com:10901"]}),
        ("thanos", {"thanos_query_endpoints": ["dnssrv+_grpc._tcp.cluster2.thanos-query.metrics.svc.clusterset.local"]}),
        ("thanos", {"thanos_query_strict_endpoints": ["thanos-query.metrics.us.example.com:443"]}),
        ("grafana", {"grafana_enabled": True, "grafana_prometheus_url": "https://prometheus.metrics.example.com"}),
        (
            "grafana",
            {
                "grafana_enabled": True,
                "alertmanager_enabled": False,
                "grafana_alertmanager_url": "https://alertmanager.metrics.example.com",
            },
        ),
        ("prometheus_adapter", {"prometheus_adapter_url": "https://prometheus.metrics.example.com"}),
        ("prometheus", {"prometheus_external_url": "https://x.example/~ops/alerts+x/"}),
    ],
)
def test_what_is_elsewhere_is_not_taken_for_ours(role: str, variables: dict[str, Any]) -> None:
    assert findings(role, variables) == []


def test_names_of_secrets_are_no_secrets() -> None:
    smtp = {"grafana": {"smtp": {"existingSecret": "smtp", "passwordKey": "password"}}}
    assert findings("kube_prometheus_stack", {**HELM, "kube_prometheus_stack_values": smtp}) == []

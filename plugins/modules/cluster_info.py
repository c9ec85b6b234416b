# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_info
short_description: Tell what a Kubernetes cluster is and has
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Tells a cluster's distribution, versions, nodes, storage classes, custom resource definitions, API groups, APIServices, Helm
    releases, operators of Prometheus and capacity.
  - >-
    Needs to list nodes, pods, storage classes, custom resource definitions, APIServices, what operators of Prometheus run, and
    Services when O(node_ports) are asked for, of the whole cluster.
extends_documentation_fragment: [longterm.metrics.cluster, longterm.metrics.attributes]
options:
  crd_groups:
    description: The API groups whose custom resource definitions are returned; those of all groups when empty.
    type: list
    elements: str
    default: []
  node_ports:
    description: TCP ports whose Services are returned in RV(taken_ports). Without any, Services are not asked for.
    type: list
    elements: int
    default: []
  host_ports:
    description: TCP ports of the hosts whose pods are returned in RV(taken_ports).
    type: list
    elements: int
    default: []
  leave_out_namespaces:
    description: The namespaces whose pods take no room in RV(capacity), as when what runs there is about to be replaced.
    type: list
    elements: str
    default: []
  helm_release:
    description: >-
      Namespace and name of a Helm release, with a slash between, that is looked into: RV(helm_releases) tells what it is part of.
      Without it, what Helm's Secrets hold is not read.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Read what the cluster has
  longterm.metrics.cluster_info:
    crd_groups: [monitoring.coreos.com]
  register: found

- name: Refuse a cluster without a default storage class
  ansible.builtin.assert:
    that: found.default_storage_class is not none

- name: Refuse a cluster with less than 4 GiB of memory to spare
  ansible.builtin.assert:
    that: found.capacity.free.memory >= 4 * 1024 ** 3
"""

RETURN = r"""
server:
  description: URL of the API server.
  returned: success
  type: str
distribution:
  description:
    - V(talos), V(k3s), V(kind), V(eks), V(gke), V(aks), or V(plain) for any other.
    - Told by the nodes' versions, labels, images and provider ids, and by the API server's version.
  returned: success
  type: str
  sample: k3s
version:
  description: Version of the API server.
  returned: success
  type: str
  sample: v1.36.3
nodes:
  description: The nodes.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the node.
      type: str
    ready:
      description: Whether its condition Ready is true.
      type: bool
    kubelet_version:
      description: Version of its kubelet.
      type: str
    os_image:
      description: Its operating system.
      type: str
    container_runtime:
      description: Name and version of its container runtime.
      type: str
    architecture:
      description: Its architecture, in Go's terms.
      type: str
    provider_id:
      description: What the cloud provider calls it; empty without one.
      type: str
storage_classes:
  description: The storage classes.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the class.
      type: str
    provisioner:
      description: What makes its volumes.
      type: str
    default:
      description: Whether it is marked as default.
      type: bool
    allow_volume_expansion:
      description: Whether its volumes can grow.
      type: bool
    reclaim_policy:
      description: V(Delete) or V(Retain).
      type: str
    volume_binding_mode:
      description: V(Immediate) or V(WaitForFirstConsumer).
      type: str
default_storage_class:
  description: The class a claim without a class gets; of several marked as default the newest, null when there is none.
  returned: success
  type: str
crds:
  description: The custom resource definitions, by name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the definition.
      type: str
    group:
      description: Its API group.
      type: str
    kind:
      description: Its kind; empty while it is not served.
      type: str
    versions:
      description: The versions the cluster serves, the preferred first; empty while it is not served.
      type: list
      elements: str
    release:
      description: The annotation C(operator.prometheus.io/version); null without it.
      type: str
    owner:
      description: By what it says it is managed; each null where it says nothing.
      type: dict
      contains:
        applyset:
          description: The id of the ApplySet it belongs to (label C(applyset.kubernetes.io/part-of)).
          type: str
        helm_release:
          description: Namespace and name of the Helm release it belongs to.
          type: str
        managed_by:
          description: The label C(app.kubernetes.io/managed-by).
          type: str
        managers:
          description: The managers of its fields, without those of its status.
          type: list
          elements: str
  sample:
    - name: prometheuses.monitoring.coreos.com
      group: monitoring.coreos.com
      kind: Prometheus
      versions: [v1]
      release: 0.93.1
      owner: {"applyset": null, "helm_release": null, "managed_by": null, "managers": ["kubectl"]}
api_groups:
  description: The API groups and the versions they serve; left out are the core group and groups whose APIService is down.
  returned: success
  type: dict
  sample: {"apps": ["v1"], "metrics.k8s.io": ["v1beta1"]}
api_services:
  description: The APIServices that a Service of the cluster answers, by name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Version and group.
      type: str
    service:
      description: Namespace and name of that Service.
      type: str
    available:
      description: Whether it answers.
      type: bool
  sample: [{"name": "v1beta1.metrics.k8s.io", "service": "kube-system/metrics-server", "available": true}]
helm_releases:
  description: >-
    The releases that Helm keeps in Secrets, each in its newest revision, by namespace and name. Where the Secrets of all
    namespaces may not be listed, those in the namespace of O(helm_release); null where these may not either.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the release.
      type: str
    namespace:
      description: Namespace of the release.
      type: str
    revision:
      description: Its newest revision.
      type: int
    status:
      description: What became of that revision, such as V(deployed), V(failed) or V(pending-upgrade).
      type: str
    part_of:
      description: >-
        Of O(helm_release) its value C(nameOverride), or else the name of its chart, which charts say by the label
        C(app.kubernetes.io/part-of); null of all others.
      type: str
  sample:
    - name: kube-prometheus-stack
      namespace: monitoring
      revision: 4
      status: deployed
      part_of: kube-prometheus-stack
prometheus_operators:
  description: The Prometheus operators that run or start, by namespace and name, told by image and arguments of their pods.
  returned: success
  type: list
  elements: dict
  contains:
    namespace:
      description: Namespace of the operator.
      type: str
    name:
      description: Name of its Deployment, or of the pod where there is none.
      type: str
    part_of:
      description: The label C(app.kubernetes.io/part-of) of its pod; null without it.
      type: str
    version:
      description: The version in its image's tag; null where there is none.
      type: str
    namespaces:
      description: The namespaces whose Prometheus resources it takes; all when empty.
      type: list
      elements: str
    denied_namespaces:
      description: The namespaces that it leaves alone.
      type: list
      elements: str
    kubelet_service:
      description: Namespace and name of the Service behind which it lists the nodes; null where it does not.
      type: str
  sample:
    - name: prometheus-operator
      namespace: monitoring
      part_of: kube-prometheus
      version: v0.93.1
      namespaces: []
      denied_namespaces: []
      kubelet_service: kube-system/kubelet
prometheus_resources:
  description: The resources that such operators run, of the kinds Alertmanager, Prometheus, PrometheusAgent and ThanosRuler.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: Kind of the resource.
      type: str
    namespace:
      description: Namespace of the resource.
      type: str
    name:
      description: Name of the resource.
      type: str
    part_of:
      description: The label C(app.kubernetes.io/part-of); null without it.
      type: str
    owner:
      description: By what it says it is managed, as in RV(crds).
      type: dict
  sample:
    - kind: Prometheus
      name: k8s
      namespace: monitoring
      part_of: kube-prometheus
      owner: {"applyset": null, "helm_release": null, "managed_by": null, "managers": ["kubectl"]}
taken_ports:
  description: Who has one of O(node_ports) or O(host_ports), by port.
  returned: success
  type: list
  elements: dict
  contains:
    port:
      description: The port.
      type: int
    kind:
      description: V(Service) for a node port, V(Pod) for a port of the host.
      type: str
    namespace:
      description: Namespace of the holder.
      type: str
    name:
      description: Name of the holder.
      type: str
  sample: [{"port": 30300, "kind": "Service", "namespace": "monitoring", "name": "grafana"}]
system_metrics:
  description:
    - Of V(etcd), V(kube-scheduler), V(kube-controller-manager), V(kube-proxy), V(coredns), V(cilium-agent), V(cilium-operator)
      and V(hubble) those that run as pods in C(kube-system) and serve metrics to other pods.
    - Told by what the pods declare. What a configuration file says is not seen, such as the address of kube-proxy's metrics.
  returned: success
  type: list
  elements: str
  sample: [coredns]
capacity:
  description:
    - RV(capacity.allocatable), RV(capacity.requests) (taken by pods that run or start) and RV(capacity.free) (what is left), each
      with C(cpu) in cores, C(memory) in bytes and C(pods) as a number.
    - Summed over the nodes that take pods without tolerations; RV(capacity.nodes) has the same for each node, with C(name) and
      C(schedulable).
  returned: success
  type: dict
  contains:
    allocatable:
      description: What the nodes offer to pods.
      type: dict
    requests:
      description: What pods on them have requested.
      type: dict
    free:
      description: The difference.
      type: dict
    nodes:
      description: Each node.
      type: list
      elements: dict
  sample:
    allocatable: {"cpu": 2.0, "memory": 25171652608, "pods": 250}
    requests: {"cpu": 0.1, "memory": 73400320, "pods": 2}
    free: {"cpu": 1.9, "memory": 25098252288, "pods": 248}
    nodes:
      - name: node-1
        schedulable: true
        allocatable: {"cpu": 2.0, "memory": 25171652608, "pods": 250}
        requests: {"cpu": 0.1, "memory": 73400320, "pods": 2}
        free: {"cpu": 1.9, "memory": 25098252288, "pods": 248}
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _cluster_info
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "crd_groups": {"type": "list", "elements": "str", "default": []},
    "node_ports": {"type": "list", "elements": "int", "default": []},
    "host_ports": {"type": "list", "elements": "int", "default": []},
    "leave_out_namespaces": {"type": "list", "elements": "str", "default": []},
    "helm_release": {"type": "str", "default": ""},
}


def run(call: Call) -> dict[str, Any]:
    return _cluster_info.read(_cluster.connect(call.params), **{name: call.params[name] for name in OPTIONS})


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **OPTIONS})


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()

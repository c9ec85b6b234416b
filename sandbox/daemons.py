"""The node's daemons: their command lines and the configuration files they read."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import yaml

from .programs import Program

SERVICE_CIDR = "10.96.0.0/16"
SERVICE_IP = "10.96.0.1"
DNS_IP = "10.96.0.10"
POD_CIDR = "10.244.0.0/24"
# By default it is below /usr/libexec, which is the machine's.
VOLUME_PLUGINS = "/var/lib/kubelet/volume-plugins"
CONTAINERD_SOCKET = "/run/containerd/containerd.sock"
# Go collects garbage less often than by default: a few hundred MiB of memory for a good part of the control plane's CPU time.
ENVIRONMENT = ["env", "GOGC=200"]
SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"


def write(state: Path, node: str, node_ip: str, table: dict) -> None:
    """Write daemons.json, which process 1 of the node reads, and every configuration file."""
    config, pki = state / "config", state / "pki"
    config.mkdir()
    kubernetes = Program.from_table("kubernetes", table).bin
    containerd = Program.from_table("containerd", table).bin
    for user in ("admin", "kubelet", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kube-router"):
        (config / f"{user}.kubeconfig").write_text(json.dumps(kubeconfig(pki, user, node, f"https://{node_ip}:6443")))
    _dump(config / "containerd.toml", _containerd(state, table))
    _dump(config / "kubelet.yaml", _kubelet(config, pki, node))
    _dump(config / "kube-proxy.yaml", _kube_proxy(config))
    cni = config / "cni"
    cni.mkdir()
    (cni / "10-pods.conflist").write_text(json.dumps(_cni()))
    commands = {
        "etcd": [
            str(Program.from_table("etcd", table).bin / "server"),
            "--data-dir=/var/lib/etcd",
            "--listen-client-urls=http://127.0.0.1:2379",
            "--advertise-client-urls=http://127.0.0.1:2379",
            "--listen-peer-urls=http://127.0.0.1:2380",
            "--unsafe-no-fsync",
            "--quota-backend-bytes=1073741824",
        ],
        "kube-apiserver": [str(kubernetes / "kube-apiserver"), *_api_server(pki, node_ip)],
        "kube-controller-manager": [
            str(kubernetes / "kube-controller-manager"),
            f"--kubeconfig={config}/kube-controller-manager.kubeconfig",
            "--use-service-account-credentials",
            f"--service-account-private-key-file={pki}/service-account.key",
            f"--root-ca-file={pki}/ca.crt",
            f"--cluster-signing-cert-file={pki}/ca.crt",
            f"--cluster-signing-key-file={pki}/ca.key",
            f"--service-cluster-ip-range={SERVICE_CIDR}",
            f"--flex-volume-plugin-dir={VOLUME_PLUGINS}",
            "--leader-elect=false",
        ],
        "kube-scheduler": [
            str(kubernetes / "kube-scheduler"),
            f"--kubeconfig={config}/kube-scheduler.kubeconfig",
            "--leader-elect=false",
        ],
        "containerd": [
            "env",
            f"PATH={containerd}:{SYSTEM_PATH}",
            str(containerd / "containerd"),
            f"--config={config}/containerd.toml",
        ],
        "kubelet": [
            str(kubernetes / "kubelet"),
            f"--config={config}/kubelet.yaml",
            f"--kubeconfig={config}/kubelet.kubeconfig",
            f"--hostname-override={node}",
            f"--node-ip={node_ip}",
        ],
        "kube-proxy": [str(kubernetes / "kube-proxy"), f"--config={config}/kube-proxy.yaml", f"--hostname-override={node}"],
        # A firewall alone: kube-proxy serves the Services.
        "kube-router": [
            "env",
            f"PATH={SYSTEM_PATH}",
            str(Program.from_table("kube-router", table).bin / "kube-router"),
            "--run-firewall=true",
            "--run-router=false",
            "--run-service-proxy=false",
            f"--kubeconfig={config}/kube-router.kubeconfig",
            f"--hostname-override={node}",
            f"--service-cluster-ip-range={SERVICE_CIDR}",
            "--health-port=0",
            "--metrics-port=0",
        ],
    }
    (state / "daemons.json").write_text(json.dumps({name: [*ENVIRONMENT, *words] for name, words in commands.items()}, indent=1))


def kubeconfig(pki: Path, user: str, cluster: str, server: str) -> dict:
    def data(file: str) -> str:
        return base64.b64encode((pki / file).read_bytes()).decode()

    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": cluster, "cluster": {"server": server, "certificate-authority-data": data("ca.crt")}}],
        "users": [
            {"name": user, "user": {"client-certificate-data": data(f"{user}.crt"), "client-key-data": data(f"{user}.key")}}
        ],
        "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": user}}],
        "current-context": cluster,
    }


def _dump(path: Path, content: dict | str) -> None:
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))


def _api_server(pki: Path, node_ip: str) -> list[str]:
    return [
        f"--advertise-address={node_ip}",
        "--secure-port=6443",
        "--etcd-servers=http://127.0.0.1:2379",
        f"--service-cluster-ip-range={SERVICE_CIDR}",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--allow-privileged=true",
        "--enable-aggregator-routing=true",
        f"--client-ca-file={pki}/ca.crt",
        f"--tls-cert-file={pki}/kube-apiserver.crt",
        f"--tls-private-key-file={pki}/kube-apiserver.key",
        f"--kubelet-client-certificate={pki}/kube-apiserver-kubelet-client.crt",
        f"--kubelet-client-key={pki}/kube-apiserver-kubelet-client.key",
        f"--kubelet-certificate-authority={pki}/ca.crt",
        "--kubelet-preferred-address-types=InternalIP",
        f"--requestheader-client-ca-file={pki}/front-proxy-ca.crt",
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-username-headers=X-Remote-User",
        f"--proxy-client-cert-file={pki}/front-proxy-client.crt",
        f"--proxy-client-key-file={pki}/front-proxy-client.key",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        f"--service-account-key-file={pki}/service-account.pub",
        f"--service-account-signing-key-file={pki}/service-account.key",
    ]


def _containerd(state: Path, table: dict) -> str:
    # restrict_oom_score_adj: runc fails to start containers on a machine without CAP_SYS_RESOURCE.
    # stats_collect_period: by default containerd reads the usage of every container each second, which nothing here asks for.
    pause = f"localhost/pause:{table['images']['localhost/pause']['tag']}"
    return f"""version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
address = "{CONTAINERD_SOCKET}"
[plugins.'io.containerd.internal.v1.opt']
path = "/var/lib/containerd/opt"
[plugins.'io.containerd.cri.v1.runtime']
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
stats_collect_period = "1m"
[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ["/usr/lib/cni"]
conf_dir = "{state}/config/cni"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
SystemdCgroup = false
[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = "{pause}"
"""


def _kubelet(config: Path, pki: Path, node: str) -> dict:
    (config / "resolv.conf").write_text("")
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "containerRuntimeEndpoint": f"unix://{CONTAINERD_SOCKET}",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{node}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "maxPods": 250,
        "clusterDNS": [DNS_IP],
        "clusterDomain": "cluster.local",
        "volumePluginDir": VOLUME_PLUGINS,
        "resolvConf": f"{config}/resolv.conf",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": f"{pki}/ca.crt"},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": f"{pki}/kubelet-server.crt",
        "tlsPrivateKeyFile": f"{pki}/kubelet-server.key",
        # A fuller disk would otherwise delete the imported images, and no registry brings them back.
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1Gi", "imagefs.available": "1Gi"},
        "serializeImagePulls": False,
        "registerNode": True,
        "syncFrequency": "10s",
    }


def _kube_proxy(config: Path) -> dict:
    # The conntrack values keep kube-proxy from writing the machine's sysctls.
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "nftables",
        "clusterCIDR": POD_CIDR,
        "clientConnection": {"kubeconfig": f"{config}/kube-proxy.kubeconfig"},
        "conntrack": {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
    }


def _cni() -> dict:
    # Point-to-point links: traffic between pods is routed by the node, so Services work without br_netfilter.
    return {
        "cniVersion": "1.0.0",
        "name": "pods",
        "plugins": [
            {
                "type": "ptp",
                "ipam": {
                    "type": "host-local",
                    "ranges": [[{"subnet": POD_CIDR}]],
                    "routes": [{"dst": "0.0.0.0/0"}],
                    "dataDir": "/var/lib/cni/networks",
                },
            },
            {"type": "portmap", "capabilities": {"portMappings": True}},
        ],
    }

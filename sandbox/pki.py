"""The cluster's certificates: one authority for the API, one for the aggregation layer, and whoever they vouch for."""

from __future__ import annotations

import datetime
import ipaddress
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAYS = 3650


class Authority:
    """A certificate authority whose files live in one folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = _builder(self.subject, self.subject, self.key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        _write(folder / f"{name}.crt", builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        _write(folder / f"{name}.key", _private(self.key))

    def issue(self, file: str, common_name: str, groups: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> None:
        """Write `file`.crt and `file`.key; with `names` (DNS names or addresses) it serves too."""
        key = ec.generate_private_key(ec.SECP256R1())
        attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
        subject = x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        usages = [ExtendedKeyUsageOID.CLIENT_AUTH, *([ExtendedKeyUsageOID.SERVER_AUTH] if names else [])]
        builder = _builder(subject, self.subject, key.public_key()).add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        _write(self.folder / f"{file}.crt", builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        _write(self.folder / f"{file}.key", _private(key))


def create(folder: Path, node: str, node_ip: str, service_ip: str) -> None:
    """All files a cluster of one node needs."""
    folder.mkdir(parents=True)
    ca = Authority(folder, "ca")
    api_names = (
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
        "localhost",
    )
    ca.issue("kube-apiserver", "kube-apiserver", names=(*api_names, "127.0.0.1", node_ip, service_ip))
    ca.issue("kubelet-server", f"system:node:{node}", ("system:nodes",), names=(node, node_ip, "127.0.0.1"))
    ca.issue("kubelet", f"system:node:{node}", ("system:nodes",))
    ca.issue("kube-apiserver-kubelet-client", "kube-apiserver-kubelet-client", ("system:masters",))
    ca.issue("admin", "sandbox-admin", ("system:masters",))
    for component in ("kube-controller-manager", "kube-scheduler", "kube-proxy", "kube-router"):
        ca.issue(component, f"system:{component}")
    Authority(folder, "front-proxy-ca").issue("front-proxy-client", "front-proxy-client")
    service_account = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    _write(folder / "service-account.key", _private(service_account))
    public = service_account.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    _write(folder / "service-account.pub", public)


def _builder(subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=DAYS))
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.chmod(path, 0o600 if path.suffix == ".key" else 0o644)

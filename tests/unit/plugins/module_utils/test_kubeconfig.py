# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which cluster and as whom."""

from __future__ import annotations

import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils import _kubeconfig
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._kubeconfig import resolve


def written(path: Path, *names: str, user: dict[str, Any] | None = None, cluster: dict[str, Any] | None = None) -> str:
    """A kubeconfig with a context of each name; the first is the current one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    config = {
        "current-context": names[0],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in names],
        "clusters": [{"name": name, "cluster": {"server": f"https://{path.stem}-{name}", **(cluster or {})}} for name in names],
        "users": [{"name": name, "user": user or {"token": f"token-{name}"}} for name in names],
    }
    path.write_text(yaml.safe_dump(config))
    return str(path)


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the home nor the service account of whoever runs the tests."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(_kubeconfig, "SERVICE_ACCOUNT", tmp_path / "serviceaccount")


@pytest.mark.parametrize(("context", "server"), [(None, "https://c-one"), ("", "https://c-one"), ("two", "https://c-two")])
def test_the_context_is_the_named_one_or_the_current(tmp_path: Path, context: str | None, server: str) -> None:
    file = written(tmp_path / "c", "one", "two")
    assert resolve({"kubeconfig": file, "context": context}, {}).server == server


def test_a_named_kubeconfig_wins_over_the_environment_and_that_over_the_home(tmp_path: Path) -> None:
    written(tmp_path / "home" / ".kube" / "config", "x")
    environ = {"KUBECONFIG": written(tmp_path / "env", "x")}
    assert resolve({"kubeconfig": written(tmp_path / "named", "x")}, environ).server == "https://named-x"
    assert resolve({}, environ).server == "https://env-x"
    assert resolve({}, {}).server == "https://config-x"


def test_of_several_files_the_first_definition_of_a_name_wins_and_missing_files_do_not_matter(tmp_path: Path) -> None:
    files = [written(tmp_path / "a", "one"), str(tmp_path / "missing"), written(tmp_path / "b", "one", "two")]
    named = {"kubeconfig": ":".join(files)}
    assert resolve(named, {}).server == "https://a-one"
    assert resolve({**named, "context": "two"}, {}).server == "https://b-two"


def test_paths_in_a_kubeconfig_are_relative_to_the_file_they_stand_in(tmp_path: Path) -> None:
    first = written(tmp_path / "x" / "a", "one")
    user = {"client-certificate": "sub/tls.crt", "tokenFile": "token"}
    second = written(tmp_path / "y" / "b", "two", cluster={"certificate-authority": "ca.crt"}, user=user)
    (tmp_path / "y" / "sub").mkdir()
    (tmp_path / "y" / "sub" / "tls.crt").write_text("CERTIFICATE")
    (tmp_path / "y" / "ca.crt").write_text("AUTHORITY")
    found = resolve({"kubeconfig": f"{first}:{second}", "context": "two"}, {})
    assert (found.authority, found.certificate) == ("AUTHORITY", "CERTIFICATE")
    assert found.token_file == str(tmp_path / "y" / "token")


def test_what_a_kubeconfig_holds_itself_wins_over_the_path_beside_it(tmp_path: Path) -> None:
    cluster = {"certificate-authority": "/nowhere", "certificate-authority-data": b64encode(b"AUTHORITY").decode()}
    user = {"client-certificate-data": b64encode(b"CERTIFICATE").decode(), "client-key-data": b64encode(b"KEY").decode()}
    found = resolve({"kubeconfig": written(tmp_path / "c", "one", cluster=cluster, user=user)}, {})
    assert (found.authority, found.certificate, found.key) == ("AUTHORITY", "CERTIFICATE", "KEY")


@pytest.mark.parametrize(
    ("cluster", "user", "words"),
    [
        (
            {"certificate-authority": "/nowhere/ca.crt"},
            None,
            "/nowhere/ca.crt, which is to log in to the cluster, cannot be read",
        ),
        ({"certificate-authority-data": "%"}, None, "The certificate-authority-data of the kubeconfig is no base64"),
        (None, {"auth-provider": {"name": "oidc"}}, "context one has an auth-provider, which is not supported"),
    ],
)
def test_a_certificate_or_login_that_cannot_be_had_is_named(
    tmp_path: Path, cluster: dict[str, Any] | None, user: dict[str, Any] | None, words: str
) -> None:
    with pytest.raises(MetricsError, match=words):
        resolve({"kubeconfig": written(tmp_path / "c", "one", cluster=cluster, user=user)}, {})


def test_proxy_and_name_of_the_server_are_the_clusters_and_an_option_replaces_the_proxy(tmp_path: Path) -> None:
    file = written(tmp_path / "c", "one", cluster={"proxy-url": "http://proxy:3128", "tls-server-name": "kubernetes"})
    found = resolve({"kubeconfig": file}, {})
    assert (found.proxy, found.server_name) == ("http://proxy:3128", "kubernetes")
    assert resolve({"kubeconfig": file, "proxy": "http://other"}, {}).proxy == "http://other"


def test_host_and_api_key_need_no_kubeconfig(tmp_path: Path) -> None:
    (tmp_path / "ca").write_text("AUTHORITY")
    found = resolve({"host": "https://h", "api_key": "t", "ca_cert": f"{tmp_path}/ca"}, {"KUBECONFIG": "/nowhere"})
    assert (found.server, found.authority, found.token) == ("https://h", "AUTHORITY", "t")


def test_a_login_in_the_url_of_the_server_is_refused_and_not_shown(tmp_path: Path) -> None:
    url = "https://me:s3cret@one.example"
    for options in ({"host": url}, {"kubeconfig": written(tmp_path / "c", "one", cluster={"server": url})}):
        with pytest.raises(MetricsError, match=r"https://\*\*\*@one.example, has a login in it. Take it out") as raised:
            resolve(options, {})
        assert "s3cret" not in raised.value.message


@pytest.mark.parametrize(("option", "stated", "insecure"), [(False, False, True), (True, True, False), (None, True, True)])
def test_validate_certs_overrides_what_the_kubeconfig_says(
    tmp_path: Path, option: bool | None, stated: bool, insecure: bool
) -> None:
    file = written(tmp_path / "c", "one", cluster={"insecure-skip-tls-verify": stated})
    assert resolve({"kubeconfig": file, "validate_certs": option}, {}).insecure is insecure


def test_an_api_key_replaces_the_login_of_the_kubeconfig(tmp_path: Path) -> None:
    file = written(tmp_path / "c", "one", user={"exec": {"apiVersion": "v1", "command": "/nowhere"}})
    found = resolve({"kubeconfig": file, "api_key": "t"}, {})
    assert found.token == "t"


def plugin(tmp_path: Path, code: str, version: str = "v1") -> str:
    """A kubeconfig whose user has a credential plugin with this Python code."""
    script = tmp_path / "plugin.py"
    script.write_text(f"import json, os, sys\n{code}\n")
    arguments = {"command": sys.executable, "args": [str(script)], "env": [{"name": "WHO", "value": "me"}]}
    user = {"exec": {"apiVersion": f"client.authentication.k8s.io/{version}", "installHint": "Install it.", **arguments}}
    return written(tmp_path / "c", "one", user=user)


@pytest.mark.parametrize("version", ["v1", "v1beta1"])
def test_a_credential_plugin_gives_token_and_certificate(tmp_path: Path, version: str) -> None:
    code = """
information = json.loads(os.environ["KUBERNETES_EXEC_INFO"])
status = {"token": os.environ["WHO"], "clientCertificateData": "CERTIFICATE", "clientKeyData": "KEY"}
print(json.dumps({"apiVersion": information["apiVersion"], "kind": "ExecCredential", "status": status}))"""
    found = resolve({"kubeconfig": plugin(tmp_path, code, version)}, {})
    assert (found.token, found.certificate, found.key) == ("me", "CERTIFICATE", "KEY")


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("sys.exit('Log in first.')", "Log in first."),
        ("print('{}')", "KeyError"),
        ("print('[]')", "TypeError"),
        ("", "JSONDecodeError"),
    ],
)
def test_a_credential_plugin_that_fails_is_named_with_its_words_and_hint(tmp_path: Path, code: str, seen: str) -> None:
    with pytest.raises(MetricsError, match=f"plugin {sys.executable} of context one gave no credentials: .*{seen}.* Install it"):
        resolve({"kubeconfig": plugin(tmp_path, code)}, {})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"context": "three"}, "Context 'three' not found"),
        ({"context": "half"}, "names the cluster 'gone', which it does not define"),
        ({"kubeconfig": "/nowhere"}, "No kubeconfig at /nowhere, and this is not a pod"),
    ],
)
def test_an_error_names_the_option_at_fault(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(MetricsError, match=words):
        resolve({"kubeconfig": half_written(tmp_path / "c"), **options}, {})


def half_written(path: Path) -> str:
    """A kubeconfig with a context of a cluster that it does not define."""
    config = yaml.safe_load(Path(written(path, "one")).read_text())
    config["contexts"].append({"name": "half", "context": {"cluster": "gone", "user": "one"}})
    path.write_text(yaml.safe_dump(config))
    return str(path)


def test_without_kubeconfig_a_pods_service_account_serves(tmp_path: Path) -> None:
    with pytest.raises(MetricsError, match=r"No kubeconfig at ~/.kube/config.*K8S_AUTH_KUBECONFIG"):
        resolve({}, {})
    account = tmp_path / "serviceaccount"
    account.mkdir()
    for name in ("token", "namespace", "ca.crt"):
        (account / name).write_text(name)
    found = resolve({}, {"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"})
    assert (found.server, found.authority, found.token_file) == ("https://[fd00::1]:443", "ca.crt", str(account / "token"))


@pytest.mark.parametrize("text", ["", "just text", "clusters: 3", "clusters: [{name: a, cluster: {server: 1}}]\ncontexts: []"])
def test_a_file_that_is_no_kubeconfig_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "c"
    file.write_text(text)
    with pytest.raises(MetricsError, match=f"{file} is not a kubeconfig"):
        resolve({"kubeconfig": str(file)}, {})

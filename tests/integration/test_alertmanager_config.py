# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alertmanager's configuration, as the role renders it, against Alertmanager's own reading of it."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import HOSTS, by_host, program
from tests.playbooks import Unsafe, rendered

KEY = {"name": "keys", "key": "key"}
HTTP = {
    "authorization": {"credentials_secret": KEY},
    "tls_config": {"ca_secret": KEY, "server_name": "a"},
    "follow_redirects": False,
}
# Every way to say something, each with its keys.
EVERYTHING: dict[str, Any] = {
    "alertmanager_global": {
        "resolve_timeout": "5m",
        "smtp_from": "alerts@example.org",
        "smtp_smarthost": "mail.example.org:587",
        "smtp_auth_username": "alerts",
        "smtp_auth_password_secret": KEY,
        "http_config": {"basic_auth": {"username": "u", "password_secret": KEY}},
    },
    "alertmanager_receivers": [
        {
            "name": "chat",
            "slack": [{"channel": "#a", "api_url_secret": KEY, "title": Unsafe("{{ .Status }}"), "send_resolved": True}],
        },
        {"name": "app", "slack": [{"channel": "#a", "app_token_secret": KEY}]},
        {"name": "duty", "pagerduty": [{"routing_key_secret": KEY, "severity": "critical", "details": {"key": "shown"}}]},
        {
            "name": "hook",
            "webhook": [{"url": "https://example.org/", "http_config": HTTP}, {"url_secret": KEY, "max_alerts": 10}],
        },
        {"name": "mail", "email": [{"to": "team@example.org", "headers": {"Subject": "alert"}, "require_tls": True}]},
    ],
    "alertmanager_route": {"receiver": "mail", "group_by": ["..."], "group_wait": "10s"},
    "alertmanager_routes": [
        {
            "receiver": "duty",
            "matchers": ['severity="critical"', 'namespace=~"(a|b)\\\\.c"'],
            "continue": True,
            "mute_time_intervals": ["night"],
            "routes": [{"receiver": "hook", "matchers": ["team!=web"], "repeat_interval": "1d"}],
        }
    ],
    "alertmanager_time_intervals": [
        {"name": "night", "time_intervals": [{"times": [{"start_time": "22:00", "end_time": "24:00"}], "weekdays": ["saturday"]}]}
    ],
    "alertmanager_templates": {"slack.tmpl": Unsafe('{{ define "title" }}{{ .Status }}{{ end }}')},
    "alertmanager_test_webhook_url": "http://catcher.metrics.svc:8080/",
}


@pytest.fixture(scope="module")
def amtool() -> str:
    return program("amtool", of="Alertmanager")


@pytest.fixture(scope="module")
def configurations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The configuration of each inventory, and of everything the variables can say."""
    found = {}
    for host, folder in by_host(tmp_path_factory.mktemp("alertmanager"), ["alertmanager"], EVERYTHING).items():
        [secret] = rendered(folder, "Secret")
        found[host] = base64.b64decode(secret["data"]["alertmanager.yaml"]).decode()
    return found


@pytest.mark.parametrize("host", HOSTS)
def test_alertmanager_reads_the_configuration(host: str, configurations: dict[str, str], amtool: str, tmp_path: Path) -> None:
    file = tmp_path / "alertmanager.yaml"
    file.write_text(configurations[host])
    checked = subprocess.run([amtool, "check-config", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["alertname=A"], "mail"),
        (["alertname=A", "severity=critical", "namespace=a.c"], "hook"),
        (["alertname=Watchdog"], "null"),
        (["alertname=A", "longterm_metrics_test=true", "severity=critical", "namespace=a.c"], "longterm-metrics-test"),
    ],
)
def test_alerts_are_routed_as_the_variables_say(
    labels: list[str], receiver: str, configurations: dict[str, str], amtool: str, tmp_path: Path
) -> None:
    file = tmp_path / "alertmanager.yaml"
    file.write_text(configurations["everything"])
    asked = [amtool, "config", "routes", "test", f"--config.file={file}", *labels]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split() == [receiver]

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alertmanager's configuration, as the role renders it and the judge lets it pass, against Alertmanager's own reading of it."""

from __future__ import annotations

import base64
import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_config import RECEIVER, Configuration
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_rules import SLACK_API
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_section import FORMATS, Section

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


# A value of each format, and values that are bad for some.
SAMPLES: dict[str, Any] = {
    "text": "a", "flag": True, "count": 3, "integer": 5, "duration": "1d", "interval": "5m", "timeout": "1m30s",
    "url": "https://a.example.org/b", "proxy": "http://proxy:3128", "template_url": "https://a.example.org/{{ .Status }}",
    "host_port": "[::1]:25", "slack_url": SLACK_API, "addresses": "A <a@example.org>", "anything": {"a": ["{{ .Status }}"]},
    "group_by": ["a"], "texts": ["a"], "labels": ["a"], "matchers": ["a=b"], "text_map": {"a": "b"}, "any_map": {"a": [1]},
    "time": "09:00", "location": "UTC", "weekdays": ["monday:friday"], "days": ["1:-1"], "months": ["may", 6],
    "years": [2027], "tls_version": "TLS12",
}  # fmt: skip
HOSTILE: list[Any] = [
    None, True, 0, -1, 5, 1.5, "", "a", "0", "0s", "5m", "5m1h", "1d", "1.5h", "90000000000h", "https://a", "https://",
    "ftp://a", "http://a:b", "https://a/%zz", "http://[::1]", "mail:25", "mail", ":25", "a@b", "null", "{{", "{{ .a | b }}",
    "{{ .a }}", [], ["a"], [5], [None], ["..."], ["a=b"], ["a"], ['a=~"("'], ['a=~"(?=b)"'], ['a=~"b{2000}"'], ['a="\\d"'],
    {}, {"a": "b"}, {"a": 5}, {"a": None}, {"name": "keys", "key": "a"}, ["monday"], ["monday:friday"], ["friday:monday"],
    [1], [0], [13], ["1:5"], ["5:1"], ["-3:-1"], ["2026:2028"], "09:00", "24:00", "25:00", "UTC", "Mars/Phobos", "daily",
    "HTML", "cloud", "TLS12", "TLS14", "text", "team", "basic", "Bearer", "client_credentials",
]  # fmt: skip
CREDENTIALS = {"http_config": {"authorization": {"credentials_secret": KEY}}}
# What each receiver cannot do without.
RECEIVERS: dict[str, dict[str, Any]] = {
    "discord": {"webhook_url_secret": KEY},
    "email": {"to": "a@example.org", "from": "b@example.org", "smarthost": "mail:25"},
    "incidentio": {"url": "https://a", "alert_source_token_secret": KEY},
    "jira": {"project": "a", "issue_type": "b", "api_url": "https://a"},
    "mattermost": {"webhook_url_secret": KEY},
    "msteams": {"webhook_url_secret": KEY},
    "msteamsv2": {"webhook_url_secret": KEY},
    "opsgenie": {"api_key_secret": KEY},
    "pagerduty": {"routing_key_secret": KEY},
    "pushover": {"user_key_secret": KEY, "token_secret": KEY},
    "rocketchat": {"token_secret": KEY, "token_id_secret": KEY},
    "slack": {"api_url_secret": KEY},
    "sns": {"topic_arn": "a"},
    "telegram": {"bot_token_secret": KEY, "chat_id": 5},
    "victorops": {"api_key_secret": KEY, "routing_key": "a"},
    "webex": {"room_id": "a", **CREDENTIALS},
    "webhook": {"url": "https://a"},
    "wechat": {"api_secret_secret": KEY, "corp_id": "a"},
}
# What comes along with others only.
WITH: dict[tuple[str, str], dict[str, Any]] = {
    ("email", "auth_username"): {"auth_password_secret": KEY},
    ("email", "auth_password_secret"): {"auth_username": "a"},
    ("email", "auth_secret_secret"): {"auth_username": "a"},
    ("slack", "api_url"): CREDENTIALS,
    ("slack", "update_message"): {"api_url": SLACK_API, **CREDENTIALS},
}
# Which is the only way to authenticate there.
OF_OTHERS = [("webex", "http_config")]


def samples(section: Section) -> Iterator[tuple[str, Any]]:
    """Each option of a section with a value; a section below gets each of its own, one after another."""
    names = {judge: name for name, judge in FORMATS.items()}
    for option, judge in section.options.items():
        # One that is not in the table takes one of some words, which it tells.
        yield option, SAMPLES[names[judge]] if judge in names else judge(None).rpartition("one of ")[2].split(", ")[0]
    for option in section.keys:
        yield f"{option}_secret", KEY
    for option in section.key_lists:
        yield option, [KEY]
    for option, below in section.sections.items():
        yield from ((option, whole(below, name, value)) for name, value in samples(below))
    for option, below in section.lists.items():
        yield from ((option, [whole(below, name, value)]) for name, value in samples(below))
    for option, below in section.maps.items():
        yield from ((option, {"X-A": whole(below, name, value)}) for name, value in samples(below))


def whole(section: Section, name: str, value: Any) -> dict[str, Any]:
    """An option with all that has to stand beside it."""
    beside = {
        "type": "team", "text": "a", "title": "a", "value": "a", "url": "https://a", "thread_by_date": "none", "client_id": "a",
        "id": "a", "token_url": "https://a", "role_arn": "a", "proxy_url": "http://a", "cert_secret": KEY, "key_secret": KEY,
        "credentials_secret": KEY, "username": "a",
    }  # fmt: skip
    needed = {option: given for option, given in beside.items() if option in section.names() and section.rules}
    if name.startswith("proxy_") or name == "min_version":
        needed.pop("proxy_url", None)
    if name == "username_secret":
        needed.pop("username", None)
    return needed | {name: value} | ({"type": needed["type"]} if "type" in needed else {})


def configured(kind: str, options: dict[str, Any]) -> Configuration:
    return Configuration({"receivers": [{"name": "a", kind: [options]}]})


def accepted(amtool: str, folder: Path, configurations: list[dict[str, Any]]) -> None:
    """Alertmanager reads all of them."""
    files = [folder / f"{number}.json" for number in range(len(configurations))]
    for file, configuration in zip(files, configurations, strict=True):
        file.write_text(json.dumps(configuration))
    checked = subprocess.run([amtool, "check-config", *files], capture_output=True, text=True, check=False)
    refused = [line for line in checked.stdout.splitlines() if "FAILED" in line]
    told = [(line, Path(line.split("'")[1]).read_text() if "'" in line else "") for line in refused]
    assert (checked.returncode, told) == (0, []), checked.stderr


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


@pytest.mark.parametrize("kind", RECEIVER.lists)
def test_alertmanager_reads_every_option_of_every_receiver(kind: str, amtool: str, tmp_path: Path) -> None:
    base, made = RECEIVERS[kind], []
    for name, value in samples(RECEIVER.lists[kind]):
        if (kind, name) in OF_OTHERS:
            continue
        option = {name: value, **WITH.get((kind, name), {})}
        attempts = [base | option, *({k: v for k, v in base.items() if k != other} | option for other in base)]
        tried = [configured(kind, attempt) for attempt in attempts]
        good = [configuration.config for configuration in tried if not configuration.problems]
        assert good, (option, tried[0].problems)
        made.append(good[0])
    accepted(amtool, tmp_path, made)


@pytest.mark.parametrize("seed", range(2))
def test_alertmanager_refuses_nothing_that_the_judge_lets_pass(seed: int, amtool: str, tmp_path: Path) -> None:
    chance, made = random.Random(seed), []
    options = {kind: list(samples(section)) for kind, section in RECEIVER.lists.items()}
    for _ in range(2000):
        kind = chance.choice(list(options))
        given = {name: mutated(value, chance) for name, value in chance.sample(options[kind], 3)}
        variables = {
            "receivers": [{"name": "a", kind: [RECEIVERS[kind] | given]}],
            "route": {chance.choice(ROOT): chance.choice(HOSTILE)},
            "routes": [{"receiver": "a", chance.choice(CHILD): chance.choice(HOSTILE)}],
            "time_intervals": [{"name": "b", "time_intervals": [{chance.choice(TIMES): chance.choice(HOSTILE)}]}],
            "inhibit_rules": [
                {"source_matchers": ["a=b"], "target_matchers": ["c=d"], chance.choice(INHIBIT): chance.choice(HOSTILE)}
            ],
        }
        # One at a time can be bad, so that enough is let pass.
        kept = {name: value for name, value in variables.items() if name == "receivers" or chance.random() < 0.2}
        configuration = Configuration(kept)
        if not configuration.problems:
            made.append(configuration.config)
    assert len(made) > 300
    accepted(amtool, tmp_path, made)


ROOT = ["receiver", "group_by", "group_wait", "group_interval", "repeat_interval", "labels"]
CHILD = [*ROOT, "matchers", "continue", "mute_time_intervals", "routes"]
TIMES = ["times", "weekdays", "days_of_month", "months", "years", "location"]
INHIBIT = ["name", "source_matchers", "target_matchers", "equal"]


def mutated(value: Any, chance: random.Random) -> Any:
    """A value, or somewhere within it another one."""
    if chance.random() < 0.5:
        return value
    if isinstance(value, dict) and value and chance.random() < 0.7:
        name = chance.choice(list(value))
        return value | {name: mutated(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.7:
        return [mutated(value[0], chance), *value[1:]]
    return chance.choice(HOSTILE)

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""INI files, read back as ini.v1 and Beego read them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _ini
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

from tests.ini import read_by_beego, read_by_grafana

HOSTILE = [
    *[
        "",
        " lead",
        "trail ",
        "a\nb",
        "a\n[server]\nroot_url = x",
        "\n",
        "a\r",
        "a\\",
        "\\",
        "a;b",
        "; c",
        "# c",
        "a # b",
        "a = b",
        "[x]",
        "a]",
    ],
    *[
        "'q'",
        '"q"',
        "`q`",
        "`",
        '"""',
        '""""',
        'a"',
        '"a',
        "it's",
        "$__file{/etc/grafana/secrets/a/b}",
        "%(protocol)s",
        "${HOME}",
        "{{ x }}",
    ],
    *["contains(groups[*], 'admin') && 'Admin' || 'Viewer'", "`a`\nb", "a\n`b`", '`\n"""\nb', "\U0001f600", "\x00"],
]


def random_texts(seed: int, count: int) -> list[str]:
    source = random.Random(seed)
    return ["".join(source.choices('ab \t\n\r""\'``;#=%(x)s[]\\:é', k=source.randint(0, 8))) for _ in range(count)]


def refused(text: str, reader: str) -> bool:
    return bool(_ini.problems({"a": text}, "x", reader))


def test_grafana_reads_every_value_as_it_was() -> None:
    texts = [text for text in [*HOSTILE, *random_texts(seed=12, count=3000)] if not refused(text, "grafana")]
    settings = {"a": dict(zip((f"k{number}" for number in range(len(texts))), texts, strict=True)), "b.c": {"last": "1"}}
    found = list(read_by_grafana(_ini.write(settings, "grafana_config", "grafana")))
    assert {(section, name): value for section, name, value in found} == {
        (section, name): value for section, values in settings.items() for name, value in values.items()
    }
    assert len(found) == len(texts) + 1
    assert set(HOSTILE) - set(texts) == {'`\n"""\nb'}


def test_prometheus_alert_reads_every_value_as_it_was() -> None:
    texts = [text for text in [*HOSTILE, *random_texts(seed=12, count=3000)] if not refused(text, "prometheus_alert")]
    settings = {f"k{number}": text for number, text in enumerate(texts)}
    assert dict(read_by_beego(_ini.write(settings, "prometheus_alert_config", "prometheus_alert"))) == settings
    lost = set(HOSTILE) - set(texts)
    assert all("\n" in text or "\r" in text or text.startswith('"') for text in lost)


def test_grafanas_chart_gets_what_helm_makes_the_value_of() -> None:
    assert _ini.values({"a": {"b": "{{ x }};{{ y }}"}}, "grafana_config", "grafana_chart") == {
        "a": {"b": '`{{ "{{" }} x }};{{ "{{" }} y }}`'}
    }
    assert refused("a\nb", "grafana_chart")


def test_settings_without_a_section_come_before_all_sections() -> None:
    settings = {"b": {"y": 2, "x": True}, "app_mode": "development", "a": {"z": 1.5}}
    assert _ini.write(settings, "grafana_config", "grafana") == "app_mode = development\n[a]\nz = 1.5\n[b]\nx = true\ny = 2\n"


@pytest.mark.parametrize(
    ("settings", "reader", "message"),
    [
        (
            {"a\nb": {"c": 1}},
            "grafana",
            "grafana_config has the section 'a\\nb'; letters, digits and _.:/- are allowed in a name.",
        ),
        ({"a] x": {"c": 1}}, "grafana", "grafana_config has the section 'a] x'"),
        ({"a": {"b=c": 1}}, "grafana", "grafana_config.a has the setting 'b=c'; letters, digits and _.- are allowed in a name."),
        ({"a": {"-": 1}}, "grafana", "grafana_config.a has the setting '-'"),
        ({"a": {"": 1}}, "grafana", "grafana_config.a has the setting ''"),
        ({"a": {"b": None}}, "grafana", "grafana_config.a.b is null; it must be text, a number or a Boolean."),
        (
            {"auth": {"anonymous": {"enabled": True}}},
            "grafana",
            "grafana_config.auth.anonymous is a dictionary; a section holds none. Write it as a section of its own, auth",
        ),
        ({"a": {"b": [1]}}, "grafana", "grafana_config.a.b is a list; it must be text"),
        ({"a": {"b": '`\n"""\n'}}, "grafana", 'grafana_config.a.b has several lines, some with ` and some with """, which'),
        ({"a": '"b"'}, "prometheus_alert", 'grafana_config.a begins with ", which the file cannot hold.'),
        ({"a": ' b"'}, "prometheus_alert", 'grafana_config.a begins with a blank and ends with ", which the file cannot hold.'),
        ({"a": "b\nc"}, "prometheus_alert", "grafana_config.a has several lines, which the file cannot hold."),
        ({"Title": 1, "title": 2}, "prometheus_alert", "grafana_config has Title and title, which are one setting"),
    ],
)
def test_what_a_file_cannot_hold_is_told_by_its_variable(settings: dict[str, Any], reader: str, message: str) -> None:
    (problem,) = _ini.problems(settings, "grafana_config", reader)
    assert problem.startswith(message)
    with pytest.raises(MetricsError) as caught:
        _ini.write(settings, "grafana_config", reader)
    assert caught.value.message == problem

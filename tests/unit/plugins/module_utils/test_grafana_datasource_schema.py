# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Datasources of Grafana: what is right, and what is wrong before Grafana ignores it or does not start."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._grafana_datasource_schema import problems

LOKI = {"name": "Loki", "uid": "loki", "type": "loki"}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"url": "http://loki:3100", "access": "proxy", "orgId": 1, "version": 2, "editable": False, "readOnly": True},
        {"url": "postgres:5432", "user": "grafana", "database": "shop", "withCredentials": True},
        {"basicAuth": True, "basicAuthUser": "a", "secureJsonData": {"basicAuthPassword": "$__file{/etc/grafana/secrets/a/b}"}},
        {"jsonData": {"httpHeaderName1": "X-Key", "derivedFields": [{"name": "a"}], "maxLines": 5, "timeout": "30"}},
        {"correlations": [{"targetUID": "thanos", "config": {}}]},
    ],
)
def test_what_grafana_reads_is_right(options: dict[str, Any]) -> None:
    assert problems([{**LOKI, **options}]) == []


@pytest.mark.parametrize(
    ("options", "finding"),
    [
        ({"urll": "http://loki"}, " has the unknown key urll; did you mean url?"),
        ({"url": "http://loki 3100"}, ".url is http://loki 3100; must be a URL without blanks."),
        ({"orgId": "two"}, ".orgId is text; must be a whole number of at least 1."),
        ({"type": 5}, ".type is the number 5; must be text, in quotes."),
        ({"uid": "a b"}, ".uid is a b; must be letters, digits, - and _, at most 40."),
        ({"access": "server"}, ".access is server; must be proxy or direct."),
        ({"editable": "no"}, ".editable is the text no; must be true or false, without quotes."),
        ({"jsonData": []}, ".jsonData is a list; must be a dictionary."),
        (
            {"jsonData": {"tlsSkipVerify": "true"}},
            ".jsonData.tlsSkipVerify is the text true; must be true or false, without quotes.",
        ),
        ({"jsonData": {"timeout": "30s"}}, ".jsonData.timeout is 30s; must be whole seconds such as 30."),
        ({"jsonData": {"httpHeaderName1": 5}}, ".jsonData.httpHeaderName1 is the number 5; must be text, in quotes."),
        (
            {"jsonData": {"httpHeaderValue2": "hunter2"}},
            ".jsonData has httpHeaderValue2; Grafana reads it in secureJsonData alone.",
        ),
        ({"password": "hunter2"}, " has password; Grafana reads it in secureJsonData alone."),
        (
            {"secureJsonData": {"password": ["hunter2"]}},
            ".secureJsonData.password must be given by file, $__file{/etc/grafana/secrets/NAME/KEY}, with NAME in "
            "grafana_secrets: it would stand in a ConfigMap.",
        ),
        ({"correlations": ["a"]}, ".correlations[0] is text; must be a dictionary."),
    ],
)
def test_what_grafana_would_ignore_or_not_start_with_is_named(options: dict[str, Any], finding: str) -> None:
    assert problems([{**LOKI, **options}]) == [f"grafana_datasources[0]{finding}"]


def test_a_datasource_has_a_name_of_its_own_a_uid_and_a_type() -> None:
    assert problems([LOKI, {**LOKI, "uid": "b"}, {"name": "c"}]) == [
        "grafana_datasources[2] has no uid; it is required.",
        "grafana_datasources[2] has no type; it is required.",
        "grafana_datasources[1].name is Loki, as grafana_datasources[0].name is; must be unique.",
    ]

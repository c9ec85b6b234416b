# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Go templates, as Alertmanager parses them."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._go_template import OWN, parse, texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no action }} at all",
        "{{ .Status | toUpper }}",
        "{{- range $k, $v := .CommonLabels.SortedPairs -}}{{ $k }}={{ $v }}{{ else }}none{{ end -}}",
        '{{ if and (eq .Status "firing") (gt (len .Alerts.Firing) 0) }}a{{ else if .x }}b{{ else }}c{{ end }}',
        "{{ with $x := 1 }}{{ $x = 2 }}{{ end }}",
        '{{ define "a" }}{{ template "b" . }}{{ end }}',
        "{{/* a comment with {{ braces }} */}}x{{- /* and another */ -}}",
        "{{ printf `%s }}` (index .Alerts 0).Labels.alertname }}",
        "{{ .CommonAnnotations.summary   -}}",
        "{{ len .Alerts | eq 1 }}",
        "{{ range .Alerts }}{{ break }}{{ end }}",
    ],
)
def test_what_go_parses_has_no_problem(text: str) -> None:
    assert parse(text).problem == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{", "has {{ without }}"),
        ("{{ .a }", "has {{ without }}"),
        ('{{ "a }}', 'has " in an action'),
        ("{{ }}", "has an empty {{ }}"),
        ("{{ if .a }}", "has if without end"),
        ("{{ if }}a{{ end }}", "has a block without a condition"),
        ("{{ end }}", "has end without a block to which it belongs"),
        ('{{ define "a" }}{{ else }}{{ end }}', "has else without a block to which it belongs"),
        ("{{ define a }}{{ end }}", "has define without a name in quotes"),
        ('{{ if .a }}{{ define "a" }}{{ end }}{{ end }}', "has define within another block"),
        ("{{ .Status | upper }}", "calls upper, which is no function of Alertmanager"),
        ("{{ Status }}", "calls Status, which is no function of Alertmanager"),
        ("{{ (.a }}", "has an action that ends too early"),
        ("{{ .a | }}", "has an action that ends too early"),
        ("{{ .a ) }}", "has ) in an action where a value belongs"),
        ("{{ | .a }}", "has | in an action where a value belongs"),
        ("{{ .a | 2 }}", "pipes into 2, which is no function"),
        ("{{ .a & .b }}", "has & in an action"),
        ("{{ if .a }}{{ end .b }}", "has more than end in the action that ends a block"),
    ],
)
def test_what_go_does_not_parse_is_told(text: str, problem: str) -> None:
    assert parse(text).problem == problem


def test_the_templates_that_are_defined_and_called_are_known() -> None:
    found = parse('{{ define "a" }}{{ template "b" . }}{{ end }}{{ block "c" . }}{{ template "d" }}{{ end }}')
    assert (found.defines, found.calls) == ({"a", "c"}, {"b", "d"})


@pytest.mark.parametrize(("name", "own"), [("slack.default.title", True), ("__subject", True), ("slack.title", False)])
def test_alertmanager_s_own_templates_are_known_by_their_names(name: str, own: bool) -> None:
    assert bool(OWN.fullmatch(name)) is own


def test_texts_with_actions_are_found_at_every_depth() -> None:
    value = {"a": [{"b": "{{ .x }}"}, "plain"], "c": {"d": "{{ .y }}"}, "e": 5}
    assert dict(texts(value, "v")) == {"v.a[0].b": "{{ .x }}", "v.c.d": "{{ .y }}"}

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every text variable of every role, with text that could change the structure of what is rendered.

It is refused by an error that names the variable, or it stands in the objects as it is, where harmless text would stand.
"""

from __future__ import annotations

import base64
import os
import random
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import pytest
import yaml

from tests.ini import read_by_beego, read_by_grafana
from tests.playbooks import ROOT, Outcome, Unsafe, run_roles
from tests.settings import judged

pytestmark = pytest.mark.slow
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SEED = int(os.environ.get("LONGTERM_METRICS_SEED", "12"))
RANDOM = random.Random(SEED)
LETTERS = "ab01 .:-_=#;'\"`\\\n\t{}[]|>&*!%@,\U0001f525é"
HOSTILE = [
    "a\"\n- b: {c: 1}\n'd",
    "a' # {{ b }} %(c)s; d",
    "[a]: &b *c !d | > @ ` , }",
    " \U0001f525 é \\ud83d\\ude00 \\",
    *["1e3", "on", "0123", "~"],
    *("".join(RANDOM.choices(LETTERS, k=12)) for _ in range(2)),
]
# How often each role is rendered with hostile text; each time, each variable has another that it takes.
ROUNDS = 2

# What a role needs to render all that it can, and what it renders otherwise for another engine.
BASE: dict[str, list[dict[str, Any]]] = {
    "alertmanager": [{}, {"prometheus_engine": "standalone"}],
    "blackbox_exporter": [{}, {"prometheus_engine": "standalone"}],
    "grafana": [{"grafana_enabled": True, "grafana_expose": "ingress", "grafana_host": "grafana.example.com"}],
    "prometheus": [{}, {"prometheus_engine": "standalone"}],
    "prometheus_alert": [
        {"prometheus_alert_enabled": True, "prometheus_alert_feishu_secret": {"name": "bots", "key": "feishu"}},
    ],
    "prometheus_operator": [{"prometheus_operator_crds": False}],
    "rules": [{}, {"prometheus_engine": "standalone"}],
}
# Roles without objects of their own, or whose rendering takes more than the role.
WITHOUT_OBJECTS = {"common", "gitops", "kube_prometheus_stack", "preflight", "settings", "verify"}

TARGET = {"name": "shop", "module": "http_2xx", "targets": ["https://shop.example.com"]}
DATASOURCE = {"name": "Loki", "uid": "loki", "type": "loki"}
SLACK = {"channel": "#alerts", "api_url_secret": {"name": "slack", "key": "url"}}
# Values whose shape no argument spec tells: a variable, and what it is with a text in it.
SHAPES: dict[str, Callable[[str], Any]] = {
    "alertmanager_receivers": lambda text: [{"name": text, "slack": [{**SLACK, "title": text}]}],
    "alertmanager_routes": lambda text: [],
    "alertmanager_templates": lambda text: {"own.tmpl": text},
    "blackbox_exporter_modules": lambda text: {"http_2xx": {"prober": "http", "http": {"headers": {"X-Own": text}}}},
    "blackbox_exporter_targets": lambda text: [{**TARGET, "labels": {"team": text}}],
    "grafana_config": lambda text: {"users": {"login_hint": text}},
    "grafana_datasources": lambda text: [{**DATASOURCE, "jsonData": {"own": text}}],
    "prometheus_alert_config": lambda text: {"title": text},
    "prometheus_scrape_configs": lambda text: [{"job_name": text, "static_configs": [{"targets": [text]}]}],
    "rules_overrides": lambda text: {"Watchdog": {"labels": {"team": text}}},
}


class Variable(NamedTuple):
    """A text variable of a role, and its value with a text in it."""

    role: str
    name: str
    value: Callable[[str], Any]


@cache
def options(role: str) -> dict[str, Any]:
    spec = yaml.safe_load((ROOT / "roles" / role / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]
    return spec.get("options") or {}


def text_variables(role: str) -> Iterator[Variable]:
    for name, option in options(role).items():
        kind = option.get("type", "str")
        if name in SHAPES:
            yield Variable(role, name, SHAPES[name])
        elif kind == "str" and "choices" not in option:
            yield Variable(role, name, lambda text: text)
        elif kind == "list" and option.get("elements") == "str" and "choices" not in option:
            yield Variable(role, name, lambda text: [text])
        elif kind == "dict" and "options" not in option:
            yield Variable(role, name, lambda text: {"key": text})


# A folder on the controller, and what no object holds.
UNRENDERED = {"metrics_rendered_to", "metrics_kubeconfig", "metrics_context", "metrics_state"}
# DNS names by which volumes or names of Secrets are sorted: where each stands depends on the others.
SORTED = {"grafana_admin_secret", "grafana_secrets", "prometheus_alert_login_secret", "thanos_ruler_secrets"}
ROLES = sorted(path.parts[-3] for path in ROOT.glob("roles/*/meta/argument_specs.yml"))
VARIABLES = [variable for role in ROLES for variable in text_variables(role) if variable.name not in UNRENDERED]
SHARED = [variable for variable in VARIABLES if variable.role == "common"]


def findings(role: str, variables: Mapping[str, Any]) -> list[str]:
    return judged([role], {"metrics_state": "rendered", "metrics_rendered_to": "/nowhere", **variables}).findings


def base(role: str) -> list[dict[str, Any]]:
    return BASE.get(role, [{}])


@cache
def taken(variable: Variable, number: int) -> list[str]:
    """The texts that a variable takes; what is refused names it."""
    allowed = []
    for text in [mark(variable), *HOSTILE]:
        variables = {**base(variable.role)[number], variable.name: variable.value(text)}
        found = findings(variable.role if variable.role != "common" else "namespace", variables)
        if not found:
            allowed.append(text)
        else:
            assert any(variable.name in finding for finding in found), f"{variable.name} with {text!r} is refused by {found}"
    return allowed


def unsafe(value: Any) -> Any:
    """Braces in these texts are not for Ansible, which makes numbers of other text that is marked so."""
    if isinstance(value, str):
        return Unsafe(value) if re.search("{[{%#]", value) else value
    if isinstance(value, dict):
        return {key: unsafe(inner) for key, inner in value.items()}
    return [unsafe(inner) for inner in value] if isinstance(value, list) else value


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value in an object by its path, also those in files that are part of it."""
    if isinstance(value, dict):
        if value.get("kind") == "Secret":
            value = {**value, "data": {name: base64.b64decode(text).decode() for name, text in value.get("data", {}).items()}}
        for key, inner in value.items():
            yield from leaves(contents(str(key), inner), (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, str(number)))
    else:
        # Hashes of what else is there.
        yield path, re.sub(r"\b[0-9a-f]{10,64}\b", "HASH", value) if isinstance(value, str) else value


def contents(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name == "grafana.ini":
        return {f"{section}.{key}": entry for section, key, entry in read_by_grafana(value)}
    if name == "app.conf":
        return dict(read_by_beego(value))
    return yaml.load(value, Loader=LOADER) if name.endswith((".yml", ".yaml")) else value


class Round(NamedTuple):
    """A role with a text in each of its variables; `marks` are the harmless texts instead of them."""

    role: str
    base: dict[str, Any]
    texts: dict[Variable, str]

    def variables(self, *, harmless: bool) -> dict[str, Any]:
        given = {variable.name: variable.value(mark(variable) if harmless else text) for variable, text in self.texts.items()}
        return {**self.base, **unsafe(given)}


def mark(variable: Variable) -> str:
    return f"mark-of-{variable.name.replace('_', '-')}-end"


CASES = [
    (role, number, turn)
    for role in ROLES
    if role not in WITHOUT_OBJECTS
    for number in range(len(base(role)))
    for turn in range(ROUNDS)
]


def round_of(role: str, number: int, turn: int) -> Round:
    texts = {}
    variables = [variable for variable in VARIABLES if variable.role == role and variable.name not in SORTED]
    for place, variable in enumerate([*variables, *SHARED]):
        texts_taken = taken(variable, number if variable.role == role else 0)
        hostile = [text for text in texts_taken if text != mark(variable)]
        if hostile and mark(variable) in texts_taken:
            texts[variable] = hostile[(place + turn * 3) % len(hostile)]
    return Round(role, base(role)[number], texts)


@pytest.fixture(scope="module")
def rounds() -> dict[tuple[str, int, int], Round]:
    return {case: round_of(*case) for case in CASES}


@pytest.fixture(scope="module")
def outcomes(rounds: dict[tuple[str, int, int], Round], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    cases = {}
    for name, each in rounds.items():
        cases[f"{name} hostile"] = (each.role, each.variables(harmless=False))
        cases[f"{name} harmless"] = (each.role, each.variables(harmless=True))
    return run_roles(tmp_path_factory.mktemp("hostile"), cases)


def test_every_text_is_taken_or_refused_by_the_name_of_its_variable(capsys: pytest.CaptureFixture[str]) -> None:
    counted = [len(taken(variable, number)) for variable in VARIABLES for number in range(len(base(variable.role)))]
    tried = len(counted) * (len(HOSTILE) + 1)
    with capsys.disabled():
        print(
            f"\n{tried} texts in {len(VARIABLES)} variables, seed {SEED}: {sum(counted)} taken, {tried - sum(counted)} refused."
        )
    assert sum(counted) > len(VARIABLES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}-{case[2]}")
def test_text_that_is_taken_stands_where_harmless_text_does(
    case: tuple[str, int, int], rounds: dict[tuple[str, int, int], Round], outcomes: dict[str, Outcome]
) -> None:
    hostile, harmless = outcomes[f"{case} hostile"], outcomes[f"{case} harmless"]
    assert (hostile.error, harmless.error) == ("", "")
    texts = {mark(variable): text for variable, text in rounds[case].texts.items()}
    expected = {tuple(replaced(part, texts) for part in path): replaced(value, texts) for path, value in leaves(named(harmless))}
    assert dict(leaves(named(hostile))) == expected, f"seed {SEED}"


def named(outcome: Outcome) -> dict[str, Any]:
    return {f"{kind} {name}": item for (kind, name), item in outcome.objects.items()}


def replaced(value: Any, texts: Mapping[str, str]) -> Any:
    return re.sub(r"mark-of-[a-z0-9-]+?-end", lambda found: texts[found[0]], value) if isinstance(value, str) else value

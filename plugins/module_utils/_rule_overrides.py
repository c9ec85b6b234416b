# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prometheus rule files, changed as the variables of the role `rules` say."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.longterm.metrics.plugins.module_utils import _duration
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._rule_schema import (
    EXPRESSION,
    NOT_THAT_LABEL,
    TEMPLATE,
    TEST_LABEL,
)

Group = dict[str, Any]
Rule = dict[str, Any]

# Where the runbooks of the rule files stand.
RUNBOOKS = "https://github.com/longterm-metrics/longterm.metrics/blob/main/docs/runbooks"
# Stands for the name of the cluster in an expression of the Ruler.
CLUSTER = '"$cluster"'
SEVERITIES = ("critical", "warning", "info", "none")
_KEYS = ("enabled", "expr", "for", "labels", "severity")
_LABEL = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)


def override(
    files: dict[str, Any],
    *,
    overrides: Any = None,
    labels: Any = None,
    groups_disabled: Any = None,
    interval: str = "",
    runbook_base: str = RUNBOOKS,
) -> dict[str, list[Group]]:
    """The groups of each file that are left, changed; a file without any is left out. `files` were judged (_rule_files).

    Everything that is wrong is told by one MetricsError, a line each, by the names of the role's variables.
    """
    findings = [*_wrong_groups(groups_disabled or [], files)]
    findings += _wrong_overrides({} if overrides is None else overrides, files)
    findings += _wrong_labels("rules_labels", {} if labels is None else labels)
    if interval and _duration.seconds(interval) is None:
        findings.append(f"rules_interval: {interval!r} is no Prometheus duration, such as 30s or 1m.")
    if findings:
        raise MetricsError("\n".join(findings))
    changed = {
        name: [
            {"name": group["name"], **({"interval": interval} if interval else {}), **group, "rules": rules}
            for group in document["groups"]
            if group["name"] not in (groups_disabled or [])
            and (rules := [*_changed(group["rules"], overrides or {}, labels or {}, runbook_base.rstrip("/"))])
        ]
        for name, document in files.items()
    }
    return {name: groups for name, groups in changed.items() if groups}


def of_cluster(groups: list[Group], cluster: str) -> list[Group]:
    """Groups of the Ruler with the name of the cluster in its place."""
    name = json.dumps(cluster, ensure_ascii=False)
    return [
        {**group, "rules": [{**rule, "expr": str(rule["expr"]).replace(CLUSTER, name)} for rule in group["rules"]]}
        for group in groups
    ]


def _changed(rules: list[Rule], overrides: dict[str, Any], labels: dict[str, str], runbook_base: str) -> Iterator[Rule]:
    for original in rules:
        # Ansible's lazy containers carry all variables with them: a deep copy would take those, too.
        rule = {**original}
        if "alert" not in rule:
            yield rule
            continue
        change = overrides.get(rule["alert"], {})
        if not boolean(change.get("enabled", True)):
            continue
        rule.update({key: change[key] for key in ("expr", "for") if key in change})
        severity = {"severity": change["severity"]} if "severity" in change else {}
        if every := {**rule.get("labels", {}), **labels, **change.get("labels", {}), **severity}:
            rule["labels"] = every
        runbook = rule.get("annotations", {}).get("runbook_url", "")
        if runbook.startswith(f"{RUNBOOKS}/"):
            rule["annotations"] = {**rule["annotations"], "runbook_url": runbook_base + runbook.removeprefix(RUNBOOKS)}
        yield rule


def _wrong_groups(disabled: Any, files: dict[str, Any]) -> Iterator[str]:
    known = [group["name"] for document in files.values() for group in document["groups"]]
    if not isinstance(disabled, list):
        yield f"rules_groups_disabled: {disabled!r} is no list of groups."
        return
    for name in disabled:
        if name not in known:
            yield f"rules_groups_disabled: there is no group {name!r}; there are {', '.join(known)}."


def _wrong_overrides(overrides: Any, files: dict[str, Any]) -> Iterator[str]:
    groups = [group for document in files.values() for group in document["groups"]]
    known = [rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule]
    if not isinstance(overrides, dict):
        yield f"rules_overrides: {overrides!r} is no dictionary of alerts by their names."
        return
    for name, change in overrides.items():
        if name not in known:
            near = difflib.get_close_matches(str(name), known)
            hint = f"did you mean {' or '.join(near)}?" if near else "docs/runbooks lists all alerts."
            yield f"rules_overrides: there is no alert {name!r}; {hint}"
        elif not isinstance(change, dict):
            yield f"rules_overrides.{name}: {change!r} is no dictionary of {', '.join(_KEYS)}."
        else:
            yield from _wrong_change(f"rules_overrides.{name}", change)


def _wrong_change(where: str, change: dict[str, Any]) -> Iterator[str]:
    for key in change:
        if key not in _KEYS:
            yield f"{where}: {key!r} cannot be overridden; {', '.join(_KEYS)} can."
    if "enabled" in change:
        try:
            if not boolean(change["enabled"]) and len(change) > 1:
                others = ", ".join(key for key in change if key != "enabled")
                yield f"{where}: it is switched off by enabled, and changed by {others}; keep one."
        except TypeError:
            yield f"{where}.enabled: {change['enabled']!r} is neither true nor false."
    if "for" in change and _duration.seconds(change["for"]) is None:
        yield f"{where}.for: {change['for']!r} is no Prometheus duration, such as 90s, 5m or 1h30m."
    if "severity" in change and change["severity"] not in SEVERITIES:
        yield f"{where}.severity: {change['severity']!r} is none of {', '.join(SEVERITIES)}."
    if "expr" in change:
        yield from EXPRESSION.judge(change["expr"], f"{where}.expr")
    if "labels" in change:
        yield from _wrong_labels(f"{where}.labels", change["labels"])


def _wrong_labels(where: str, labels: Any) -> Iterator[str]:
    if not isinstance(labels, dict):
        yield f"{where}: {labels!r} is no dictionary of labels."
        return
    for name, value in labels.items():
        if name == "severity":
            yield f"{where}.severity: severities are set by the key severity of an alert in rules_overrides."
        elif name == "alertname" or not _LABEL.fullmatch(str(name)):
            yield f"{where}: {name!r} cannot be a label; letters, digits and underscores can, but neither alertname nor __*."
        elif name == TEST_LABEL:
            yield f"{where} has {name}; {NOT_THAT_LABEL}"
        elif not isinstance(value, str):
            yield f"{where}.{name}: {value!r} is no string; put it in quotes."
        else:
            yield from TEMPLATE.judge(value, f"{where}.{name}")

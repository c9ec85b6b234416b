# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rule files: read, judged, and written into the objects that bring them to Prometheus and to the Ruler of Thanos."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _yaml
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._rule_schema import RULE_FILE, RULER_FILE, STRATEGY
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Schema

# What the operator takes of one PrometheusRule, and Kubernetes of one ConfigMap.
LARGEST_RULE = 512 * 1024
LARGEST_CONFIG_MAP = 1024 * 1024
# The operator makes a file of a PrometheusRule, whose name has the namespace and a UID beside its own, at most 253 characters.
LONGEST_NAME = 147
_PART = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_NAME = re.compile(rf"{_PART}([.]{_PART})*", re.ASCII)


@dataclass(frozen=True)
class Evaluator:
    """Who evaluates rule files: the variable of the user's files, the prefix of their objects' names, and what they may hold."""

    variable: str
    prefix: str
    schema: Schema


PROMETHEUS = Evaluator("rules_extra_files", "extra-", RULE_FILE)
RULER = Evaluator("rules_ruler_extra_files", "ruler-extra-", RULER_FILE)


def load(
    own: Mapping[str, str],
    extra: Mapping[str, str],
    evaluator: Evaluator = PROMETHEUS,
    others: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The documents of our rule files and of the user's, texts by their paths, by the names of their objects.

    `others` are the documents of the other evaluator: a rule is evaluated in one place. One MetricsError reports everything that
    is wrong with the user's files, a line each.
    """
    documents = {object_name(path): read(text) for path, text in own.items()}
    findings = [*_names(extra, evaluator)]
    rules = [key for document in [*documents.values(), *(others or {}).values()] for key, _where in _rules(document)]
    for path, text in extra.items():
        try:
            document = _without_nulls(read(text))
        except MetricsError as error:
            findings.append(f"{evaluator.variable}: {path} is no YAML: {error.message}")
            continue
        wrong = [*_judge(path, document, evaluator)]
        mine = [*_rules(document)] if not wrong else []
        findings += [*wrong, *_twice(path, mine, rules, evaluator)]
        rules += [key for key, _where in mine]
        documents[object_name(path, evaluator.prefix)] = document
    if findings:
        raise MetricsError("\n".join(findings))
    return documents


def read(text: str) -> Any:
    """The document of a rule file; a value is the text that Prometheus takes it for, but for the number `limit`.

    MetricsError says why it is no YAML, in one line.
    """
    document = _yaml.load(str(text), _yaml.TEXT)
    groups = document.get("groups") if isinstance(document, dict) else None
    for group in groups if isinstance(groups, list) else ():
        if isinstance(group, dict) and str(group.get("limit", "")).isdecimal():
            group["limit"] = int(group["limit"])
    return document


def write(groups: list[dict[str, Any]]) -> str:
    """The text of a rule file."""
    # What comes from variables carries Ansible's tags, which JSON leaves out.
    return _yaml.dump(json.loads(json.dumps({"groups": groups})))


def for_promtool(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The groups without what only Thanos knows."""
    return [{key: value for key, value in group.items() if key != STRATEGY} for group in groups]


def object_name(path: str, prefix: str = "") -> str:
    """The name of the PrometheusRule, or of the file in the ConfigMap, that a file becomes."""
    return prefix + PurePath(path).stem.replace("_", "-")


def too_large(files: Mapping[str, list[dict[str, Any]]], together: bool, evaluator: Evaluator = PROMETHEUS) -> Iterator[str]:
    """What does not fit into its object: each file into one of its own, or all `together` into one ConfigMap."""
    # The shorter form tells of most files that they need no closer look.
    sizes = {name: len(json.dumps(groups)) for name, groups in files.items()}
    if together and sum(sizes.values()) * 2 > LARGEST_CONFIG_MAP:
        total = sum(len(write(groups).encode()) for groups in files.values())
        if total > LARGEST_CONFIG_MAP:
            yield (
                f"{evaluator.variable}: all rule files together have {total} bytes; must be at most {LARGEST_CONFIG_MAP}, which "
                "one ConfigMap holds. Leave out groups in rules_groups_disabled, or rules."
            )
    for name, size in sizes.items() if not together else ():
        if size * 2 > LARGEST_RULE and (exact := len(write(files[name]).encode())) > LARGEST_RULE:
            yield (
                f"{evaluator.variable}: the file of {name} has {exact} bytes; must be at most {LARGEST_RULE}, which the operator "
                "takes of one PrometheusRule. Make several files of it."
            )


def _names(paths: Mapping[str, str], evaluator: Evaluator) -> Iterator[str]:
    seen: dict[str, str] = {}
    for path in paths:
        name = object_name(path, evaluator.prefix)
        if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            yield (
                f"{evaluator.variable}: {path} would be the object {name}; must be a name of lower-case letters, digits, - "
                f"and ., of at most {LONGEST_NAME} characters. Rename the file."
            )
        if name in seen:
            yield f"{evaluator.variable}: {path} and {seen[name]} would both be the object {name}; rename one of the files."
        seen.setdefault(name, path)


def _judge(path: str, document: Any, evaluator: Evaluator) -> Iterator[str]:
    if not isinstance(document, dict) or not isinstance(document.get("groups"), list):
        yield f"{evaluator.variable}: {path} is no Prometheus rule file: a list `groups`, each with a `name` and a list `rules`."
        return
    for finding in evaluator.schema.judge(document, path):
        yield f"{evaluator.variable}: {finding.replace(f'{path}.groups', f'{path}: groups')}"


def _twice(path: str, mine: list[tuple[Any, str]], others: list[Any], evaluator: Evaluator) -> Iterator[str]:
    known = [*others, *(key for key, _where in mine)]
    places = [where for number, (key, where) in enumerate(mine) if key in known[: len(others) + number]]
    if places:
        more = f" The same holds for {len(places) - 1} more of its rules." if len(places) > 1 else ""
        yield f"{evaluator.variable}: {path}: {places[0]} is there already, with the same expression and labels; keep one.{more}"


def _without_nulls(value: Any) -> Any:
    """To Prometheus, a key without a value is not there."""
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


def _rules(document: Any) -> Iterator[tuple[Any, str]]:
    """What makes each rule of a file that is right one of its own, and where it is."""
    for number, group in enumerate(document["groups"]):
        for place, rule in enumerate(group["rules"]):
            kind = "alert" if "alert" in rule else "record"
            labels = sorted(rule.get("labels", {}).items())
            expression = " ".join(str(rule["expr"]).split())
            yield (kind, rule[kind], str(labels), expression), f"groups[{number}].rules[{place}], {kind} {rule[kind]},"

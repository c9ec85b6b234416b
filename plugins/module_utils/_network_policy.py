# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Peers and rules of NetworkPolicies (networking.k8s.io/v1)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Peer = dict[str, Any]
EVERYBODY = "all"

_FORM = "a peer has namespaceSelector, podSelector, or both, or else ipBlock"
_PART = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_LABEL = re.compile(rf"(?=.{{1,317}}$)({_PART}(\.{_PART})*/)?[A-Za-z0-9]([A-Za-z0-9_.-]{{0,61}}[A-Za-z0-9])?")
_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")
_WITH_VALUES, _WITHOUT = ("In", "NotIn"), ("Exists", "DoesNotExist")


def ingress(allowed: Mapping[str, str | Sequence[str]], further: Sequence[Peer] = ()) -> list[dict[str, Any]]:
    """The rules of a policy.

    `allowed` has for each port (`9094`, `9094/UDP`) the components that may reach it, by name, or `all`; `further` peers may
    reach all of these ports. A rule without peers would let everybody in, so there is none without.
    """
    ports = {port: _port(port) for port in allowed}
    rules: list[dict[str, Any]] = []
    for port, consumers in allowed.items():
        if consumers == EVERYBODY:
            rules.append({"ports": [ports[port]]})
        elif consumers:
            peers = [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": name}}} for name in consumers]
            rules.append({"ports": [ports[port]], "from": peers})
    if further:
        rules.append({"ports": list(ports.values()), "from": list(further)})
    return rules


def _port(port: str) -> dict[str, Any]:
    number, _slash, protocol = port.partition("/")
    return {"port": int(number), "protocol": protocol or "TCP"}


def peer_findings(variable: str, value: Any, components: Sequence[str]) -> list[str]:
    """What is wrong with a variable that has lists of peers by component, a sentence each."""
    if not isinstance(value, Mapping):
        return [f"{variable} is no dictionary; it has a list of peers for each of {', '.join(components)}."]
    strangers = [str(name) for name in value if name not in components]
    found = [f"{variable} names {', '.join(strangers)}; it takes {', '.join(components)}."] if strangers else []
    for name, peers in value.items():
        if not isinstance(peers, Sequence) or isinstance(peers, str):
            found.append(f"{variable}.{name} is no list of peers; {_FORM}.")
            continue
        for number, peer in enumerate(peers):
            found += [f"{variable}.{name}[{number}]{problem}" for problem in _of_peer(peer)]
    return found


def _of_peer(peer: Any) -> Iterator[str]:
    if not isinstance(peer, Mapping) or not peer:
        yield f" is {'empty' if peer in ({}, None, '') else 'no dictionary'}; {_FORM}."
        return
    if unknown := sorted(str(key) for key in peer if key not in ("namespaceSelector", "podSelector", "ipBlock")):
        yield f" has {', '.join(unknown)}; {_FORM}."
    if "ipBlock" in peer and len(peer) > 1:
        yield f" has ipBlock and {', '.join(sorted(set(map(str, peer)) - {'ipBlock'}))}; {_FORM}."
    for kind in ("namespaceSelector", "podSelector"):
        if kind in peer:
            yield from (f".{kind}{problem}" for problem in _of_selector(peer[kind]))
    if "ipBlock" in peer:
        yield from (f".ipBlock{problem}" for problem in _of_block(peer["ipBlock"]))


def _of_selector(selector: Any) -> Iterator[str]:
    if not isinstance(selector, Mapping):
        yield " is no dictionary; it has matchLabels, matchExpressions, or neither to take all."
        return
    if unknown := sorted(str(key) for key in selector if key not in ("matchLabels", "matchExpressions")):
        yield f" has {', '.join(unknown)}; matchLabels and matchExpressions are allowed."
    labels, expressions = selector.get("matchLabels", {}), selector.get("matchExpressions", [])
    if not isinstance(labels, Mapping):
        yield ".matchLabels is no dictionary of labels."
    else:
        for key, value in labels.items():
            if not _is_label(key) or not _is_value(value):
                form = "a label is a name like team, and a text of at most 63 letters, digits, -, _ and ."
                yield f".matchLabels has {key}: {value}; {form}"
    if not isinstance(expressions, list):
        yield ".matchExpressions is no list."
    else:
        for number, expression in enumerate(expressions):
            if not _is_expression(expression):
                form = f"it has key, operator ({', '.join((*_WITH_VALUES, *_WITHOUT))}), and values with the first two."
                yield f".matchExpressions[{number}] is malformed; {form}"


def _is_expression(expression: Any) -> bool:
    if (
        not isinstance(expression, Mapping)
        or set(expression) - {"key", "operator", "values"}
        or not _is_label(expression.get("key"))
    ):
        return False
    values = expression.get("values") or []
    if expression.get("operator") in _WITHOUT:
        return not values
    return (
        expression.get("operator") in _WITH_VALUES and isinstance(values, list) and bool(values) and all(map(_is_value, values))
    )


def _is_label(key: Any) -> bool:
    return isinstance(key, str) and _LABEL.fullmatch(key) is not None


def _is_value(value: Any) -> bool:
    return isinstance(value, str) and _VALUE.fullmatch(value) is not None


def _of_block(block: Any) -> Iterator[str]:
    if not isinstance(block, Mapping):
        yield " is no dictionary; it has cidr, and except for what is left out of it."
        return
    if unknown := sorted(str(key) for key in block if key not in ("cidr", "except")):
        yield f" has {', '.join(unknown)}; cidr and except are allowed."
    wrong = list(_of_cidr(block.get("cidr", "")))
    yield from (f".cidr is {problem}" for problem in wrong)
    left_out = block.get("except", [])
    if not isinstance(left_out, list):
        yield ".except is no list of CIDRs."
        return
    for number, inner in enumerate(left_out):
        if problems := list(_of_cidr(inner)):
            yield from (f".except[{number}] is {problem}" for problem in problems)
        elif not wrong and not _inside(inner, block["cidr"]):
            yield f".except[{number}] is {inner}; it must be a part of {block['cidr']}."


def _of_cidr(block: Any) -> Iterator[str]:
    try:
        if not isinstance(block, str) or not re.fullmatch(r"[0-9a-fA-F:.]+/(0|[1-9]\d*)", block, re.ASCII):
            raise ValueError
        network = ipaddress.ip_network(block, strict=False)
    except ValueError:
        yield f"{block if block not in ('', None) else 'empty'}; a CIDR such as 10.0.0.0/8 or fd00::/8 is needed."
        return
    if str(network.network_address) != str(ipaddress.ip_address(block.partition("/")[0])):
        yield f"{block}, whose address is not the first of its network; write {network}."


def _inside(inner: str, outer: str) -> bool:
    small, large = ipaddress.ip_network(inner), ipaddress.ip_network(outer)
    return small.version == large.version and small.prefixlen > large.prefixlen and small.subnet_of(large)  # type: ignore[arg-type]

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Formats of settings: what Kubernetes, Prometheus and Thanos accept as a duration, a size, a name, an address and so on.

A format is a name, or a name with an argument in parentheses: `quantity`, `at_least(1)`, `dns_label(alertmanager-{}-0)`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager_matchers, _duration, _quantity, _re2, _size
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.ASCII)
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?", re.ASCII)
_SERIES_LABEL = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
# Without . and .. as segments: servers redirect away from them.
# An escaped slash is refused by Ingresses.
_PATH = re.compile(r"(/(?!\.{1,2}(/|$))([A-Za-z0-9._~+@:,=-]|%(?!2[Ff])[0-9A-Fa-f]{2})+)*/?", re.ASCII)
_FOLDER = re.compile(r"(/[A-Za-z0-9_][A-Za-z0-9._-]*)+", re.ASCII)
_URL = re.compile(r"https?://([^/\s?#@]+)(/[^\s?#]*)?", re.ASCII)
# A reference as the container runtimes read it: Docker's short forms have no registry. Tag and digest as distribution/reference.
_IMAGE = re.compile(
    r"(?:(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9a-fA-F:]+\])(?::\d+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
    r"(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?",
    re.ASCII,
)
# Container runtimes read a first part without `.` or `:` as a folder of Docker Hub.
_REGISTRY = re.compile(r"(localhost|(?=[^/]*[.:])[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?)(/[a-z0-9]+([._-]+[a-z0-9]+)*)*", re.ASCII)
_RELEASE = re.compile(r"v?\d+\.\d+\.\d+([-+.][0-9A-Za-z.-]+)?", re.ASCII)
# What ends a line somewhere: C0, DEL, NEL, and the two separators of Unicode.
_CONTROL = r"\x00-\x1f\x7f\x85\u2028\u2029"
_BYTES = ("memory", "ephemeral-storage")
_HUGE_PAGES = "hugepages-"


def seconds(duration: str) -> float:
    """How long a duration of Prometheus is, in seconds."""
    length = _duration.seconds(duration)
    if length is None:
        raise MetricsError(f"{duration!r} is not a duration like 30s, 5m or 90d.")
    return length


def quantity(value: str | int | float) -> float:
    """What a quantity of Kubernetes is as a number: bytes, or cores."""
    return float(_quantity.parse(value))


def is_duration(value: Any) -> bool:
    return _duration.seconds(value) is not None


def is_quantity(value: Any) -> bool:
    """Of at least a mebibyte: 10m is a hundredth of a byte."""
    try:
        return quantity(value) >= 2**20
    except MetricsError:
        return False


def is_size(value: str) -> bool:
    try:
        return _size.parse(value) > 0
    except MetricsError:
        return False


def is_label(value: str, pattern: str = "{}") -> bool:
    """A DNS label (RFC 1123), also with what Kubernetes or a role puts around it."""
    return bool(_LABEL.fullmatch(value)) and len(pattern.replace("{}", value)) <= 63


def is_subdomain(value: str, pattern: str = "{}") -> bool:
    # Kubernetes limits the whole, not its parts.
    return len(pattern.replace("{}", value)) <= 253 and all(map(_LABEL.fullmatch, value.split(".")))


def is_label_key(value: Any) -> bool:
    prefix, slash, name = str(value).rpartition("/")
    return (
        isinstance(value, str)
        and 0 < len(name) <= 63
        and bool(_LABEL_VALUE.fullmatch(name))
        and (is_subdomain(prefix) or not slash)
    )


def is_label_value(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 63 and bool(_LABEL_VALUE.fullmatch(value))


def is_host(value: str) -> bool:
    return is_subdomain(value) or is_address(value)


def is_dns_name(value: str) -> bool:
    """A host name that is no address: Ingresses and routes take no other."""
    return is_subdomain(value) and not is_address(value)


def is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def is_host_port(value: str) -> bool:
    """`host:port`; IPv6 in brackets."""
    host, colon, number = value.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    return bool(colon) and is_port(number) and (is_address(host) if bracketed else ":" not in host and _is_name(host))


def is_endpoint(value: str) -> bool:
    """`host` or `host:port`."""
    return is_host_port(value) or (":" not in value and _is_name(value)) or (value.startswith("[") and is_address(value))


def is_store(value: str) -> bool:
    """An address of Thanos: host:port, or a name to look up behind dns+, dnssrv+ or dnssrvnoa+."""
    scheme, plus, name = value.rpartition("+")
    looked_up = scheme in ("dns", "dnssrv", "dnssrvnoa")
    return (looked_up or not plus) and (is_host_port(name) or (scheme.startswith("dnssrv") and _is_name(name)))


def _is_name(value: str) -> bool:
    """A name in the DNS: records of services have underscores."""
    return len(value) <= 253 and all(
        re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?", part) for part in value.split(".")
    )


def is_port(value: Any) -> bool:
    return bool(re.fullmatch(r"\d{1,5}", str(value), re.ASCII)) and 1 <= int(value) <= 65535


def is_url(value: str) -> bool:
    found = _URL.fullmatch(value)
    return found is not None and is_endpoint(found[1]) and not {".", ".."} & set((found[2] or "").split("/"))


def is_page_url(value: str) -> bool:
    """A URL whose path a program answers under."""
    found = _URL.fullmatch(value)
    return is_url(value) and found is not None and bool(_PATH.fullmatch(found[2] or ""))


def is_registry(value: str) -> bool:
    host = value.partition("/")[0]
    return bool(_REGISTRY.fullmatch(value)) and is_endpoint(host)


def is_lookup_url(value: str) -> bool:
    """A URL of Thanos: with dns+, dnssrv+ or dnssrvnoa+ before it, its name is looked up and stands for every address."""
    return is_url(re.sub(r"^dns(srv|srvnoa)?\+", "", value))


def is_image(value: str) -> bool:
    """With a tag or a digest: what a run brings must not depend on when it runs."""
    found = _IMAGE.fullmatch(value)
    return bool(found and (found[1] or found[2]))


def is_cidr(value: str) -> bool:
    """With the length of its prefix: Python takes a netmask and /08, too, which others do not."""
    try:
        ipaddress.ip_network(value)
    except ValueError:
        return False
    return bool(re.fullmatch(r"[^/]+/(0|[1-9]\d*)", value, re.ASCII))


def is_regex(value: str) -> bool:
    """Not the empty one, which matches everything."""
    return bool(value) and not _re2.problem(value)


def is_resources(value: Any) -> bool:
    """Requests and limits by resource, no request above its limit.

    Of what is counted in whole pieces, such as devices and huge pages, Kubernetes takes no request other than the limit.
    """
    if not isinstance(value, Mapping) or not set(value) <= {"requests", "limits"}:
        return False
    requests, limits = (value.get(part, {}) for part in ("requests", "limits"))
    if not all(isinstance(part, Mapping) for part in (requests, limits)):
        return False
    if not all(_is_amount(name, amount) for part in (requests, limits) for name, amount in part.items()):
        return False
    if any(name.startswith(_HUGE_PAGES) for name in limits) and not {"cpu", "memory"} & {*requests, *limits}:
        return False
    if any(_is_piece(name) and (name not in limits or quantity(limits[name]) != quantity(requests[name])) for name in requests):
        return False
    return all(quantity(requests[name]) <= quantity(limits[name]) for name in requests if name in limits)


def _is_amount(name: Any, amount: Any) -> bool:
    if isinstance(amount, bool) or not isinstance(amount, str | int | float) or not _is_resource(name):
        return False
    try:
        size = quantity(amount)
    except MetricsError:
        return False
    if name.startswith(_HUGE_PAGES):
        return size % quantity(name.removeprefix(_HUGE_PAGES)) == 0
    if name in _BYTES:
        # 128m of memory is an eighth of a byte.
        return size >= 2**20 or size == 0
    return size >= 0 and (size == int(size) or not _is_piece(name))


def _is_resource(name: Any) -> bool:
    if not isinstance(name, str):
        return False
    pages = name.removeprefix(_HUGE_PAGES)
    # Names of Kubernetes' own are none of a container.
    device = "/" in name and "kubernetes.io/" not in name and is_label_key(name)
    return name in ("cpu", *_BYTES) or (pages != name and is_quantity(pages)) or device


def _is_piece(name: str) -> bool:
    return "/" in name or name.startswith(_HUGE_PAGES)


def is_parent_ref(value: Any) -> bool:
    """A Gateway that a route belongs to (gateway.networking.k8s.io, ParentReference)."""
    parts = {
        "name": is_subdomain,
        "namespace": is_label,
        "sectionName": is_subdomain,
        "group": lambda text: not text or is_subdomain(text),
        "kind": lambda text: re.fullmatch("[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", text) is not None,
        "port": is_port,
    }
    return (
        isinstance(value, Mapping)
        and "name" in value
        and all(
            name in parts
            and isinstance(inner, int if name == "port" else str)
            and not isinstance(inner, bool)
            and parts[name](inner)
            for name, inner in value.items()
        )
    )


def is_config_key(value: str) -> bool:
    """A key of a Secret or ConfigMap: a file name that does not begin with two dots."""
    return bool(re.fullmatch(r"(?!\.\.)[A-Za-z0-9._-]{1,253}", value)) and value != "."


def is_secret_key(value: Any) -> bool:
    """A reference to one key of a Secret: name and key, nothing else."""
    return (
        isinstance(value, Mapping)
        and set(value) == {"name", "key"}
        and all(isinstance(text, str) for text in value.values())
        and is_subdomain(value["name"])
        and is_config_key(value["key"])
    )


@dataclass(frozen=True)
class Format:
    """`allowed` ends the sentence "X is V; must be ..."; `of` is the type that can have it."""

    holds: Callable[..., bool]
    allowed: str
    of: type | tuple[type, ...] = str

    def fits(self, value: Any, *arguments: Any) -> bool:
        return isinstance(value, self.of) and not isinstance(value, bool) and self.holds(value, *arguments)


FORMATS: dict[str, Format] = {
    "text": Format(lambda value: bool(value.strip()), "text, not empty"),
    "line": Format(lambda value: not re.search(f"[{_CONTROL}]", value), "text on one line"),
    "plain": Format(
        lambda value: not re.search(rf'[{_CONTROL}"\\]', value),
        "text without quotes, backslashes and line breaks",
    ),
    "duration": Format(is_duration, "a duration like 30s, 5m or 90d"),
    "go_duration": Format(
        lambda value: is_duration(value) and not _duration.has_days(value),
        "a duration in hours, minutes or seconds, like 120h or 1h30m",
    ),
    "quantity": Format(is_quantity, "a size like 10Gi, at least 1Mi"),
    "size": Format(is_size, "a size like 250MB or 40GB"),
    "dns_label": Format(is_label, "a DNS label: lower-case letters, digits and - in at most {length} characters"),
    "dns_subdomain": Format(is_subdomain, "a DNS name: lower-case letters, digits, - and . in at most {length} characters"),
    "host": Format(is_host, "a host name in lower case or an IP address, without scheme, port or path"),
    "dns_name": Format(is_dns_name, "a host name in lower case, not an IP address"),
    "host_port": Format(is_host_port, "host:port; IPv6 addresses in brackets"),
    "endpoint": Format(is_endpoint, "host or host:port, without scheme and path"),
    "store": Format(is_store, "host:port, or a name to look up like dnssrv+_grpc._tcp.thanos-query.other.svc"),
    "port": Format(is_port, "a port from 1 to 65535", int),
    "node_port": Format(lambda value: 30000 <= value <= 32767, "a NodePort, from 30000 to 32767", int),
    "cidr": Format(is_cidr, "a network like 10.0.0.0/8"),
    "path": Format(lambda value: bool(_PATH.fullmatch(value)), "a path that begins with /, without . and .. in it"),
    "folder": Format(lambda value: bool(_FOLDER.fullmatch(value)), "an absolute path like /data/prometheus"),
    "url_with_query": Format(
        lambda value: is_url(value.partition("?")[0]) and "#" not in value, "a URL like https://example.com/a?b=c"
    ),
    "url": Format(is_url, "an http:// or https:// URL without user, password, query and fragment"),
    "page_url": Format(is_page_url, "an http:// or https:// URL with a plain path, without user, password, query and fragment"),
    "absolute_path": Format(
        lambda value: bool(re.fullmatch(rf"~?/[^{_CONTROL}]*[^/{_CONTROL}][^{_CONTROL}]*", value)) and value == value.strip(),
        "an absolute path, and not /",
    ),
    "lookup_url": Format(
        is_lookup_url,
        "an http:// or https:// URL, also with dns+, dnssrv+ or dnssrvnoa+ before it, without user, password, query and fragment",
    ),
    "regex": Format(is_regex, "a regular expression that RE2 accepts"),
    "matcher": Format(_alertmanager_matchers.is_matcher, 'a matcher like severity="critical"'),
    "image": Format(is_image, "an image reference with a tag or a digest, like quay.io/thanos/thanos:v0.42.5"),
    "registry": Format(
        is_registry,
        "a registry like registry.example.org:5000/mirror, without scheme and without / at its end",
    ),
    "digest": Format(lambda value: bool(re.fullmatch("sha256:[0-9a-f]{64}", value)), "sha256: and 64 hexadecimal digits"),
    "release": Format(lambda value: bool(_RELEASE.fullmatch(value)), "a release like v1.2.3"),
    "series_label": Format(
        lambda value: bool(_SERIES_LABEL.fullmatch(value)),
        "a label name: letters, digits and _, beginning with a letter, not with __",
    ),
    "label_key": Format(is_label_key, "a name like team or example.org/team"),
    "label_value": Format(
        is_label_value, "text of at most 63 letters, digits, -, _ and ., beginning and ending with a letter or a digit", object
    ),
    "string": Format(lambda value: True, "text; put numbers, true and false in quotes"),
    "resources": Format(
        is_resources, "requests and limits of cpu and memory as quantities like 100m or 128Mi, no request above its limit", dict
    ),
    "parent_ref": Format(is_parent_ref, "{{name: GATEWAY}}, with namespace, sectionName, port, kind and group as it needs", dict),
    "secret_key": Format(is_secret_key, "{{name: SECRET, key: KEY}}", dict),
    "config_key": Format(is_config_key, "a key of a Secret: letters, digits, -, _ and ."),
    "environment_name": Format(
        lambda value: bool(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value, re.ASCII)), "the name of an environment variable"
    ),
    "header": Format(lambda value: bool(re.fullmatch(r"[A-Za-z0-9-]+", value)), "the name of a header like X-Forwarded-Prefix"),
    "tenant": Format(lambda value: bool(re.fullmatch(r"[^/\s]+", value)), "the name of a tenant, without slashes and blanks"),
    # It becomes a label of Kubernetes, too.
    "tag": Format(lambda value: bool(value and _LABEL_VALUE.fullmatch(value)) and len(value) <= 63, "a version like v1.2.3"),
    "v_tag": Format(
        lambda value: not value[:1].isdigit() and FORMATS["tag"].fits(value),
        "a version like v1.2.3, with the v of the image's tag",
    ),
    "adapter_duration": Format(
        lambda value: bool(re.fullmatch("[1-9][0-9]{0,8}[smh]", value)), "seconds, minutes or hours, like 30s or 5m"
    ),
    "replicas": Format(lambda value: 1 <= value <= 1000, "at least 1 and at most 1000", int),
    "at_least": Format(lambda value, least: value >= float(least), "at least {argument}", (int, float)),
    "at_most": Format(lambda value, most: value <= float(most), "at most {argument}", (int, float)),
}


@dataclass(frozen=True)
class FormatUse:
    """A format as a rule names it: `name`, `name(argument)`, and with ? where an empty value is allowed, too."""

    name: str
    argument: str | None = None
    optional: bool = False

    @classmethod
    def read(cls, text: str) -> FormatUse:
        found = re.fullmatch(r"(\w+)(?:\((.*)\))?(\?)?", text)
        if not found or found[1] not in FORMATS:
            raise MetricsError(f"There is no format {text!r}.")
        return cls(found[1], found[2], bool(found[3]))

    def fits(self, value: Any) -> bool:
        if self.optional and value in ("", {}, []):
            return True
        return FORMATS[self.name].fits(value, *([] if self.argument is None else [self.argument]))

    @property
    def allowed(self) -> str:
        around = len((self.argument or "{}").replace("{}", ""))
        length = (63 if self.name == "dns_label" else 253) - around
        allowed = FORMATS[self.name].allowed.format(argument=self.argument, length=length)
        return f"{allowed}, or empty" if self.optional else allowed

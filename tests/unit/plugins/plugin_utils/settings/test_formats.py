# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import formats
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.formats import FormatUse

DIGEST = "sha256:" + 64 * "a"

# By format: what fits, and what does not.
VALUES: dict[str, tuple[list[Any], list[Any]]] = {
    "duration": (
        ["30s", "1h30m", "0", "0d", "100ms", "1y2w3d4h5m6s7ms"],
        ["", "30", "1.5h", "30 s", "s", "1m2h", "-5m", 30, True, None],
    ),
    # The Prometheus Operator takes no fractions.
    "go_duration": (["120h", "1h30m", "100ms"], ["", "1.5h", "5d", "120", "h", 120]),
    "adapter_duration": (["30s", "5m", "2h"], ["0s", "1d", "1m30s", "5"]),
    "quantity": (["10Gi", "1e9", "1Mi", "1.5Ti"], ["0", "", "10GB", "10 Gi", "-1Gi", "ten", 10, "50m", "1023Ki"]),
    "size": (["250MB", "40GB", "1GiB", "512B"], ["40G", "40", "0B", "1.5GB", "", "40 GB"]),
    "dns_label": (["a", "metrics", "a-1", 63 * "a"], ["", "-a", "a-", "A", "a.b", "a_b", 64 * "a", "ä"]),
    "dns_label(prometheus-{}-1234567890)": ([41 * "a"], [42 * "a"]),
    "dns_subdomain": (
        ["a", "a.b-c", 64 * "a", ".".join(4 * [62 * "a"])],
        ["", "a..b", ".a", "a.", "A.b", "a_b", 254 * "a", ".".join(5 * [62 * "a"])],
    ),
    "host": (
        ["a.example.com", "10.0.0.1", "2001:db8::1", "[2001:db8::1]"],
        ["", "A.example.com", "https://a", "a:80", "a/b", "a b"],
    ),
    "dns_name": (["a.example.com", "a"], ["10.0.0.1", "2001:db8::1", "A.example.com", "", "a:80"]),
    "parent_ref": (
        [
            {"name": "edge"},
            {"name": "edge", "namespace": "gateways", "sectionName": "https", "port": 443, "kind": "Gateway", "group": ""},
        ],
        [
            {},
            {"namespace": "gateways"},
            {"name": "G W"},
            {"name": "edge", "namespace": "Bad NS"},
            {"name": "edge", "port": 0},
            {"name": "edge", "port": "443"},
            {"name": "edge", "sectionName": "***"},
            {"name": "edge", "hostname": "a"},
            {"name": None},
            "edge",
        ],
    ),
    "host_port": (
        ["a:1", "10.0.0.1:65535", "[::1]:9090", "a_b.c:80"],
        ["a", "a:", "a:0", "a:65536", "::1:9090", "[::1]", "http://a:1", "a b:1"],
    ),
    "endpoint": (
        ["s3.eu-1.amazonaws.com", "minio:9000", "[::1]:9000", "[::1]"],
        ["", "https://s3", "s3/bucket", "s3:port", "a b"],
    ),
    "store": (
        ["a:10901", "dns+a:10901", "dnssrv+_grpc._tcp.thanos-query.other.svc", "dnssrvnoa+_grpc._tcp.a.svc", "[::1]:10901"],
        ["a", "dns+a", "http://a:10901", "dnsx+a:1", "a:10901/b", "a, b"],
    ),
    "port": ([1, 65535], [0, 65536, "80", True, 80.5]),
    "node_port": ([30000, 32767], [29999, 32768, "30000", True]),
    "cidr": (["10.0.0.0/8", "2001:db8::/32"], ["10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "a/8", "10.0.0.0/08", "0.0.0.0/0.0.0.0"]),
    "path": (["/", "/a", "/a/b/", "/a-b_c.d~e"], ["a", "/a b", "//a", "/a?b", "/a#b", "/ä", "/a\n", "/a/../b", "/.", "/a/./"]),
    "folder": (["/data", "/data/prometheus"], ["data", "/", "/data/", "/data/..", "/data/../etc", "/data//a"]),
    "page_url": (
        ["https://a.example", "https://a.example/b/c/", "http://localhost:8080/prometheus"],
        ["https://a.example//a", "https://a.example/{x}", "https://a.example/a%2Fb", 'https://a.example/a"b', "a.example"],
    ),
    "absolute_path": (["/a", "~/a/b.html", "/a b/c"], ["", "/", "a", " ", "/a\n", "//", " /a"]),
    "replicas": ([1, 1000], [0, 1001, 5_000_000_000, True, "1"]),
    "lookup_url": (
        ["http://alertmanager:9093", "dns+http://alertmanager.metrics.svc:9093/alerts", "dnssrv+https://_web._tcp.a.svc"],
        ["alertmanager:9093", "dns+alertmanager:9093", "dns+dns+http://a", "tcp+http://a", "dns+http://u:p@a", "http://a?b=c"],
    ),
    "url": (
        ["http://a", "https://a.example.com:8443/b/c", "http://[::1]:9090", "https://a/"],
        [
            "a",
            "ftp://a",
            "https://",
            "https://user:pass@a",
            "https://user@a",
            "https://a?b=c",
            "https://a#b",
            "https://a b",
            "http://a:port",
            "http://a\n",
        ],
    ),
    "regex": (["a.*", "^(a|b)$", "(?P<a>b)[[:alpha:]]"], ["", "(", "a++", "a(?=b)", "(?!a)", "(?<=a)b", r"(a)\1", "*"]),
    "matcher": (['severity="critical"', "a=~b.*", "a!=b"], ["a", "a==b", "=b", 'a="b', "a=~("]),
    "image": (
        [
            "quay.io/thanos/thanos:v0.42.5",
            "nginx:1",
            "library/nginx:1.2-alpine",
            "localhost:5000/a/b:1",
            f"a@{DIGEST}",
            f"a:1@{DIGEST}",
        ],
        ["nginx", "quay.io/a", "Nginx:1", "a b:1", ":1", "a:", "a@sha256:1", "https://quay.io/a:1", "a:1\n"],
    ),
    "registry": (
        ["registry.example.org", "a:5000/mirror/b", "localhost/a"],
        ["https://a", "a.b/", "a.b/B", "", "a b", "mirror", "mirror/a.b"],
    ),
    "digest": ([DIGEST], ["sha256:1", DIGEST + "a", "md5:" + 32 * "a", ""]),
    "release": (["v1.2.3", "1.2.3", "v1.2.3-rc.1"], ["latest", "v1.2", "v1", ""]),
    "tenant": (["team-a", "default_tenant"], ["", "a/b", "a b"]),
    "v_tag": (["v1.2.3", "latest"], ["1.2.3", "", "-a"]),
    "tag": (["v1.2.3", "latest", "1_2"], ["", "-a", "a-", "a b", "a/b", 64 * "a"]),
    "series_label": (["cluster", "a_1", "_a"], ["__name__", "1a", "a-b", "", "a b", "ä"]),
    "label_key": (["team", "example.org/team", "a/" + 63 * "b"], ["", "/a", "a/", "a/b/c", "A.b/c d", "my team", 64 * "a", 5]),
    "label_value": (["", "a", "A.b_c-1", 63 * "a"], ["a b", "-a", "a-", 64 * "a", "ä", 5, True, None]),
    "string": (["", "a"], [1, True, None, [], {}]),
    "text": (["a"], ["", "  ", 1]),
    "line": (["", "a b"], ["a\nb", "a\tb", "a\u2028b"]),
    "plain": (["", "a b"], ['a"b', "a\\b", "a\nb"]),
    "resources": (
        [
            {},
            {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "1Gi"}},
            {"requests": {"cpu": 1}, "limits": {"cpu": 1.5, "example.com/gpu": 1}},
            {
                "requests": {"example.com/gpu": "2", "hugepages-2Mi": "4Mi"},
                "limits": {"example.com/gpu": 2, "hugepages-2Mi": "4Mi", "memory": "1Gi"},
            },
        ],
        [
            {"request": {}},
            {"requests": {"cpu": "much"}},
            {"requests": {"mem": "1Gi"}},
            {"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}},
            {"requests": ["cpu"]},
            {"requests": {"cpu": True}},
            {"requests": {"memory": "-1Gi"}},
            {"requests": {"memory": "128m"}},
            # Kubernetes takes no request for a device without a limit that is equal to it, and no part of one.
            {"requests": {"example.com/gpu": 1}},
            {"requests": {"example.com/gpu": 1}, "limits": {"example.com/gpu": 2}},
            {"limits": {"example.com/gpu": "0.5"}},
            {"limits": {"hugepages-banana": "4Mi"}},
            {"limits": {"hugepages-2Mi": "4Mi"}},
            {"limits": {"hugepages-2Mi": "3Mi", "memory": "1Gi"}},
            {"limits": {"kubernetes.io/foo": 1}},
            {"limits": {"a..b/c": "1"}},
            {"requests": None},
            {"limits": []},
            "cpu",
        ],
    ),
    "secret_key": (
        [{"name": "a.b", "key": "c_d.e"}],
        [{}, {"name": "a"}, {"name": "A", "key": "b"}, {"name": "a", "key": "b/c"}, {"name": "a", "key": 1}],
    ),
    "config_key": (["a", "users.htpasswd", ".data"], ["", ".", "..", "..a", "a b", "a/b"]),
    "environment_name": (["A", "_a1"], ["", "1A", "A B", "A=", "A-B"]),
    "url_with_query": (["https://a/b?x=1&y", "http://a"], ["a?b", "https://a#b", "https://a?b#c"]),
    "header": (["X-Forwarded-Prefix"], ["", "X Y", "X:Y"]),
    "at_least(1)": ([1, 1.5], [0, -1, True, "1"]),
    "at_most(3)": ([3, -1], [4, True, "1"]),
}


@pytest.mark.parametrize("use", VALUES)
def test_a_format_accepts_what_fits_and_nothing_else(use: str) -> None:
    fitting, other = VALUES[use]
    assert [value for value in fitting if not FormatUse.read(use).fits(value)] == []
    assert [value for value in other if FormatUse.read(use).fits(value)] == []


def test_every_format_is_tried() -> None:
    assert {FormatUse.read(use).name for use in VALUES} == set(formats.FORMATS)


def test_a_question_mark_allows_an_empty_value() -> None:
    assert [FormatUse.read("quantity?").fits(value) for value in ("", "1Gi", "0", None)] == [True, True, False, False]
    assert FormatUse.read("quantity?").allowed == "a size like 10Gi, at least 1Mi, or empty"


def test_what_is_put_around_a_name_makes_it_shorter() -> None:
    assert FormatUse.read("dns_label(alertmanager-{}-0)").allowed.endswith("at most 48 characters")


@pytest.mark.parametrize("use", ["sise", "at_least(1", "", "size()x"])
def test_a_format_that_is_unknown_is_an_error(use: str) -> None:
    with pytest.raises(MetricsError, match="There is no format"):
        FormatUse.read(use)


def test_durations_are_compared_in_seconds() -> None:
    assert [formats.seconds(text) for text in ("0", "100ms", "1h30m", "1y")] == [0, 0.1, 5400, 31536000]


@pytest.mark.parametrize("convert", [formats.seconds, formats.quantity])
def test_what_has_no_format_has_no_number(convert: Any) -> None:
    with pytest.raises(MetricsError):
        convert("much")

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Image references as container runtimes read them."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.filter.image_parts import image_parts

DIGEST = f"sha256:{64 * 'a'}"


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("quay.io/thanos/thanos:v0.42.5", ("quay.io", "thanos/thanos", "v0.42.5", "")),
        ("localhost:5000/a:1", ("localhost:5000", "a", "1", "")),
        ("localhost/a/b:1", ("localhost", "a/b", "1", "")),
        ("busybox:1", ("docker.io", "library/busybox", "1", "")),
        ("grafana/grafana:13.0.0", ("docker.io", "grafana/grafana", "13.0.0", "")),
        ("docker.io/busybox:1", ("docker.io", "library/busybox", "1", "")),
        (f"quay.io/a/b@{DIGEST}", ("quay.io", "a/b", "", DIGEST)),
        (f"quay.io/a/b:1@{DIGEST}", ("quay.io", "a/b", "1", DIGEST)),
        (f"a@{DIGEST}", ("docker.io", "library/a", "", DIGEST)),
    ],
)
def test_a_reference_has_four_parts(reference: str, parts: tuple[str, ...]) -> None:
    found = image_parts(reference)
    assert tuple(found[name] for name in ("registry", "repository", "tag", "digest")) == parts
    assert found["reference"] == reference


@pytest.mark.parametrize(
    ("reference", "moved"),
    [
        ("quay.io/thanos/thanos:v0.42.5", "mirror.example:5000/m/thanos/thanos:v0.42.5"),
        ("busybox:1", "mirror.example:5000/m/library/busybox:1"),
        ("grafana/grafana:13.0.0", "mirror.example:5000/m/grafana/grafana:13.0.0"),
        (f"quay.io/a/b@{DIGEST}", f"mirror.example:5000/m/a/b@{DIGEST}"),
    ],
)
def test_a_mirror_takes_the_place_of_the_registry_alone(reference: str, moved: str) -> None:
    assert image_parts(reference, "mirror.example:5000/m")["reference"] == moved


def test_a_digest_is_found_by_the_upstream_reference() -> None:
    found = image_parts("busybox:1", "mirror.example", {"busybox:1": DIGEST, "busybox:2": "other"})
    assert (found["digest"], found["reference"]) == (DIGEST, f"mirror.example/library/busybox:1@{DIGEST}")

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One block, as its meta.json describes it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._block import created, of_meta

ULID = "01KAG3E7Y0AAAAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    ("time", "uploaded"),
    [
        ("2025-11-20T05:10:16Z", 1_763_615_416_000),
        ("2025-11-20T05:10:16.163456789Z", 1_763_615_416_163),
        (None, created(ULID)),
        ("0001-01-01T00:00:00Z", created(ULID)),
        ("lately", created(ULID)),
    ],
)
def test_a_block_was_uploaded_when_it_says_or_else_when_it_was_made(time: Any, uploaded: int) -> None:
    block = of_meta(ULID, {"minTime": 0, "maxTime": 1, "thanos": {"upload_time": time}}, {})
    assert block is not None
    assert block.uploaded == uploaded


def test_a_block_without_its_times_is_none() -> None:
    assert of_meta(ULID, {"minTime": 0}, {}) is None

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about a bucket: complete, and no text of a block changes its structure."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _bucket_page
from ansible_collections.longterm.metrics.plugins.module_utils._bucket_report import report
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.tests.unit.plugins.module_utils.test_bucket_report import PRICES, block

HOSTILE = "</script><script>alert(1)</script>\"'&<b>"


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the texts of each kind."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.found[-1][0] if self.found else "", []).append(data)


def page_of(*blocks: Any, title: str = "Bucket b") -> str:
    return _bucket_page.page(title, report(blocks, [], PRICES), blocks)


def test_each_block_gap_and_overlap_is_drawn_in_its_place() -> None:
    shapes = [
        attributes
        for tag, attributes in Elements(page_of(block(0, 4), block(2, 6, deletion_mark=False), block(8, 10))).found
        if tag == "rect"
    ]
    drawn = [(shape["class"], float(shape["x"] or 0), float(shape["width"] or 0)) for shape in shapes]
    assert drawn == [
        ("block", 0, 400),
        ("block", 200, 400),
        ("block", 800, 200),
        ("gap", 600, 200),
        ("overlap", 200, 200),
    ]


def test_marked_blocks_are_pale_and_compacted_ones_darker() -> None:
    page = Elements(page_of(block(0, 2, deletion_mark=True), block(0, 4, compaction_level=4), block(4, 6, compaction_level=9)))
    shapes = [attributes for tag, attributes in page.found if tag == "rect"]
    assert [shape["class"] for shape in shapes] == ["marked", "block", "block"]
    assert [shape["fill"] for shape in shapes] == [_bucket_page.COLOURS[index] for index in (0, 3, 4)]


def test_the_page_holds_the_report_and_loads_nothing() -> None:
    page = page_of(block(0, 4), block(6, 8))
    elements = Elements(page)
    assert json.loads(elements.texts["script"][0])["streams"][0]["gaps"] == [[4 * 3_600_000, 6 * 3_600_000]]
    assert not [tag for tag, attributes in elements.found if {"src", "href"} & set(attributes)]
    assert "http" not in page
    assert page == page_of(block(0, 4), block(6, 8))


def test_no_text_of_a_block_changes_the_structure() -> None:
    plain, hostile = (
        Elements(page_of(block(0, 2, labels={"a": text}, source=text, ulid=text), title=text)) for text in ("text", HOSTILE)
    )
    assert [tag for tag, _attributes in plain.found] == [tag for tag, _attributes in hostile.found]
    assert json.loads(hostile.texts["script"][0])["streams"][0]["labels"] == {"a": HOSTILE}


def test_an_empty_bucket_has_a_page() -> None:
    assert "0 blocks in 0 streams take 0 B." in page_of()


def test_it_is_written_when_it_differs_and_never_in_a_check(tmp_path: Path) -> None:
    path = tmp_path / "blocks.html"
    assert _bucket_page.write(path, "a", check=True)
    assert not path.exists()
    assert _bucket_page.write(path, "a", check=False)
    assert not _bucket_page.write(path, "a", check=False)
    with pytest.raises(MetricsError, match=r"report_to is .*, which cannot be written"):
        _bucket_page.write(tmp_path / "none" / "blocks.html", "a", check=False)


@pytest.mark.parametrize(("number", "text"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 * 2**40, "5.0 TiB")])
def test_sizes_are_for_people(number: int, text: str) -> None:
    assert _bucket_page.size(number) == text

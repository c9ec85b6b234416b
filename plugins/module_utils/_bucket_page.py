# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report on a bucket as one page: a line of time for each stream, the numbers, and the report as JSON. It loads nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path

from ansible_collections.longterm.metrics.plugins.module_utils._block import Block, moment
from ansible_collections.longterm.metrics.plugins.module_utils._bucket_report import Report, Stream
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

WIDTH, HEIGHT = 1000, 22
TALL = f'y="2" height="{HEIGHT - 4}"'
COLUMNS = (
    *("Stream", "Blocks in time", "Blocks", "Size", "Growth a day"),
    *("Levels", "Gaps", "Overlaps", "Marks", "Newest upload"),
)
# By compaction level, the last one for all above; from one that is fresh to one that is compacted.
COLOURS = ("#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c")
STYLE = """
body { font: 14px system-ui, sans-serif; margin: 2em; color: #222; background: #fff }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3em .6em; border-bottom: 1px solid #ddd; vertical-align: top }
td.number { text-align: right; white-space: nowrap }
svg { background: #f4f4f4; display: block; width: 100%; height: 22px }
.gap { fill: #d62728 } .overlap { fill: none; stroke: #ff7f0e; stroke-width: 2 } .marked { opacity: .3 }
"""


def page(title: str, report: Report, blocks: Iterable[Block]) -> str:
    """The page as text."""
    of_stream: dict[str, list[Block]] = {}
    for block in blocks:
        of_stream.setdefault(_name(block.labels, block.resolution), []).append(block)
    begin = min((stream.min_time for stream in report.streams), default=0)
    end = max((stream.max_time for stream in report.streams), default=1)
    rows = "".join(_row(stream, of_stream[_name(stream.labels, stream.resolution)], begin, end) for stream in report.streams)
    # No text in it may end the element.
    data = json.dumps(report.as_result()).replace("<", "\\u003c")
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style></head>
<body>
<h1>{escape(title)}</h1>
<p>{escape(_summary(report))}</p>
<p>From {moment(begin)} to {moment(end)}. Darker blocks are compacted more often, pale ones are marked for deletion.
Gaps are red, overlaps orange.</p>
<table>
<tr>{"".join(f"<th>{name}</th>" for name in COLUMNS)}</tr>
{rows}</table>
<script type="application/json" id="report">{data}</script>
</body>
</html>
"""


def write(path: Path, text: str, *, check: bool) -> bool:
    """Whether the file is not the page yet; it is written then, unless this is a check. MetricsError when that fails."""
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return False
        if not check:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MetricsError(f"report_to is {path}, which cannot be written: {error.strerror}.") from error
    return True


def _summary(report: Report) -> str:
    told = [
        f"{report.blocks} blocks in {len(report.streams)} streams take {size(report.size)}.",
        f"They grow by {size(report.growth_per_day)} a day.",
        f"The Compactor needs a volume of about {size(report.compactor_disk)}.",
    ]
    if report.cost_per_month is not None:
        told.append(
            f"They cost {report.cost_per_month:.2f} a month, and {report.cost_per_month_in_a_year:.2f} in a year at this rate."
        )
    if report.partial:
        told.append(f"{len(report.partial)} folders have no readable meta.json.")
    return " ".join(told)


def _row(stream: Stream, blocks: list[Block], begin: int, end: int) -> str:
    marks = {
        "deletion": stream.deletion_marks,
        "no compaction": stream.no_compact_marks,
        "no downsampling": stream.no_downsample_marks,
    }
    numbers = (str(stream.blocks), size(stream.size), size(stream.growth_per_day))
    texts = (
        ", ".join(f"{number} of level {level}" for level, number in stream.levels.items()),
        _spans(stream.gaps),
        _spans(stream.overlaps),
        ", ".join(f"{number} {name}" for name, number in marks.items() if number),
        moment(stream.newest_upload),
    )
    cells = [f'<td class="number">{escape(text)}</td>' for text in numbers] + [f"<td>{escape(text)}</td>" for text in texts]
    name = escape(_name(stream.labels, stream.resolution))
    return f"<tr><td>{name}</td><td>{_timeline(stream, blocks, begin, end)}</td>{''.join(cells)}</tr>\n"


def _timeline(stream: Stream, blocks: list[Block], begin: int, end: int) -> str:
    def place(low: int, high: int) -> str:
        scale = WIDTH / max(end - begin, 1)
        return f'x="{(low - begin) * scale:.2f}" width="{max((high - low) * scale, 0.5):.2f}"'

    shapes = [
        f'<rect class="{"marked" if block.deletion_mark else "block"}" fill="{_colour(block)}" {TALL} '
        f"{place(block.min_time, block.max_time)}><title>{escape(_told(block))}</title></rect>"
        for block in blocks
    ]
    for kind, spans in (("gap", stream.gaps), ("overlap", stream.overlaps)):
        shapes += [f'<rect class="{kind}" {TALL} {place(*span)}><title>{kind}: {_span(span)}</title></rect>' for span in spans]
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">{"".join(shapes)}</svg>'


def _told(block: Block) -> str:
    times = _span((block.min_time, block.max_time))
    made = f"level {block.compaction_level}, by {block.source}"
    return f"{block.ulid}: {times}, {made}, {size(block.size)}, {block.num_samples} samples"


def _colour(block: Block) -> str:
    return COLOURS[min(max(block.compaction_level, 1), len(COLOURS)) - 1]


def _name(labels: dict[str, str], resolution: str) -> str:
    return f"{{{', '.join(f'{name}={json.dumps(value)}' for name, value in sorted(labels.items()))}}} {resolution}"


def _spans(spans: list[tuple[int, int]]) -> str:
    shown = "; ".join(map(_span, spans[:3]))
    return shown + (f"; {len(spans) - 3} more" if len(spans) > 3 else "")


def _span(span: tuple[int, int]) -> str:
    return f"{moment(span[0])} to {moment(span[1])}"


def size(number: float) -> str:
    """So many bytes, for people."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(number) < 1024:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} TiB"

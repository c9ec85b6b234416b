"""Thanos Compactor: joins, downsamples and deletes the blocks of the bucket."""

from __future__ import annotations

from dashboards.components import bucket, resources, targets
from dashboards.panels import Board, graph, number, variable
from dashboards.promql import scraped, series, total

JOB = "thanos-compact"
of = scraped(JOB)
TODO = {
    "compactions": "compactions",
    "blocks to compact": "compaction_blocks",
    "blocks to downsample": "downsample_blocks",
    "blocks to delete": "deletion_blocks",
}


def hourly(metric: str, *labels: str) -> str:
    return total(f"increase({of(metric)}[1h])", *labels)


BOARD = Board(
    title="Thanos Compactor",
    description="Whether the Compactor keeps up with the blocks that are uploaded, and what it does to them.",
    group="thanos",
    variables=[variable("pod", series("up", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB),
            number(
                "Halted",
                "1 where the Compactor runs and does nothing more; its log says why.",
                "short",
                total(of("thanos_compact_halted"), by="max"),
                thresholds=(1,),
            ),
            number("Blocks", "Blocks of the bucket.", "short", total(of("thanos_blocks_meta_synced", 'state="loaded"'))),
            number(
                "Retries in a day",
                "Rounds that failed and were tried again.",
                "short",
                total(f"increase({of('thanos_compact_retries_total')}[1d])"),
                thresholds=(1, 10),
            ),
        ],
        "Work": [
            graph(
                "To do",
                "What waits. A line that only rises is a Compactor that does not keep up.",
                "short",
                {what: total(of(f"thanos_compact_todo_{metric}")) for what, metric in TODO.items()},
            ),
            graph(
                "Compactions",
                "Groups of blocks that were joined, and those that failed, within an hour each.",
                "short",
                {
                    "resolution {{resolution}}": hourly("thanos_compact_group_compactions_total", "resolution"),
                    "failed, resolution {{resolution}}": hourly("thanos_compact_group_compactions_failures_total", "resolution"),
                },
            ),
            graph(
                "Downsampling",
                "Groups that were downsampled, and those that failed, within an hour each.",
                "short",
                {
                    "resolution {{resolution}}": hourly("thanos_compact_downsample_total", "resolution"),
                    "failed, resolution {{resolution}}": hourly("thanos_compact_downsample_failures_total", "resolution"),
                },
            ),
        ],
        "Blocks": [
            graph(
                "Blocks by state",
                "Blocks found in the bucket, and why some are left alone.",
                "short",
                {"{{state}}": total(of("thanos_blocks_meta_synced"), "state")},
            ),
            graph(
                "Marked blocks",
                "Blocks marked for deletion or to be left alone, within an hour each.",
                "short",
                {"{{marker}} {{reason}}": hourly("thanos_compact_blocks_marked_total", "marker", "reason")},
            ),
            graph(
                "Deleted blocks",
                "Blocks that were deleted, and deletions that failed, within an hour each.",
                "short",
                {
                    "deleted": hourly("thanos_compact_blocks_cleaned_total"),
                    "failed": hourly("thanos_compact_block_cleanup_failures_total"),
                },
            ),
        ],
        "Bucket": bucket(of),
        "Resources": resources(of),
    },
)

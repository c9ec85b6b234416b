# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a bucket shows of a second compactor.

No block names the compactor that made it. But one compactor marks the blocks that it has compacted for deletion, leaves out
marked ones and those contained in others, and so makes one new block of each. Two of them that start with the same list of
blocks make two.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from ansible_collections.longterm.metrics.plugins.module_utils._block import Block, created, moment

SOURCE = "compactor"
SHOWN = 3


def doubles(blocks: Iterable[Block]) -> list[tuple[Block, Block]]:
    """The pairs of blocks that compactors made of the same blocks, at the same resolution; oldest first."""
    groups: dict[tuple[object, ...], list[Block]] = {}
    for block in blocks:
        if block.source == SOURCE:
            groups.setdefault((block.resolution, *sorted(block.labels.items())), []).append(block)
    pairs = (
        pair
        for group in groups.values()
        for pair in combinations(sorted(group, key=lambda block: block.ulid), 2)
        if _of_the_same(*pair)
    )
    return sorted(pairs, key=lambda pair: pair[1].ulid)


def _of_the_same(one: Block, other: Block) -> bool:
    """Whether both were made of one block. A block that was not compacted before it was downsampled has no parents."""
    if set(one.parents) & set(other.parents):
        return True
    related = one.ulid in other.parents or other.ulid in one.parents
    return bool(one.sources) and set(one.sources) == set(other.sources) and not related


def describe(pairs: list[tuple[Block, Block]], where: str) -> str:
    """What is wrong with the bucket, in a sentence."""
    shown = [f"{one.ulid} and {other.ulid} ({moment(created(other.ulid))})" for one, other in pairs[:SHOWN]]
    more = [f"{len(pairs) - SHOWN} more pairs"] if len(pairs) > SHOWN else []
    return (
        f"{where}: two compactors work on it. They made two blocks each of the same blocks: {', '.join([*shown, *more])}. "
        "Find the one that is not in this cluster, stop it, and leave the copies to the compactor that stays."
    )

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The queries of proofs 13 and 14: what they count, and what they do not take for evidence."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import jinja2
import pytest
import yaml

from tests import promql
from tests.playbooks import ROOT

NAMES = {
    "__verify_ingestor_series": 'job="thanos-receive",cluster="eu"',
    # As if blocks were of five minutes.
    "__verify_receive_block_seconds": 300,
    "__verify_writers": 'job="prometheus",pod=~"prometheus-main-[0-9]+",cluster="eu",prometheus_replica!=""',
    "__verify_write_seconds": 60,
    "__verify_selector": 'job="apiserver",cluster="eu",prometheus_replica!=""',
    "__verify_tenant": "default-tenant",
    "thanos_receive_tenant_label": "receive_tenant",
    "prometheus_scrape_interval": "10s",
}


def query(task: str) -> str:
    """The query of the task that begins so."""
    environment = jinja2.Environment()
    environment.filters["longterm.metrics.seconds"] = lambda text: int(text.removesuffix("s"))
    blocks = yaml.safe_load((ROOT / "roles/verify/tasks/main.yml").read_text())
    (found,) = (
        each["longterm.metrics.promql"]["query"]
        for block in blocks
        for each in block.get("block", [])
        if each["name"].startswith(task)
    )
    return environment.from_string(found).render(NAMES)


# After half an hour of samples every 10 s.
check = partial(promql.check, interval="10s", at="30m")


def writer(cluster: str = "eu", **values: str) -> dict[str, str]:
    """What a Prometheus shows of a receiver called archive, every 10 s; it sends what it has, and nothing is refused."""
    shown = {
        "queue_highest_sent_timestamp_seconds": "0+10x180",
        "samples_total": "0+100x180",
        "samples_failed_total": "0x180",
        "histograms_failed_total": "0x180",
    } | values
    labels = f'job="prometheus",pod="prometheus-main-0",cluster="{cluster}",prometheus_replica="a",remote_name="archive"'
    return {f"prometheus_remote_storage_{name}{{{labels}}}": value for name, value in shown.items() if value}


@pytest.mark.parametrize(
    "series",
    [
        writer(queue_highest_sent_timestamp_seconds="0+10x100 1000x80"),
        writer(samples_failed_total="0+100x180"),
        writer(histograms_failed_total="0+1x180"),
        # Just started: nobody knows yet whether anything is refused.
        writer(samples_failed_total="_x180 0"),
        writer(samples_failed_total=""),
        writer(samples_total="5x180"),
        writer(cluster="us"),
        writer(queue_highest_sent_timestamp_seconds="0x180") | writer(cluster="us"),
    ],
    ids=[
        *("it lags", "samples are refused", "histograms are refused", "only one look", "no look", "nothing is sent"),
        *("another cluster's", "beside a healthy one of another cluster"),
    ],
)
def test_a_receiver_without_the_newest_samples_is_not_counted(series: dict[str, str], tmp_path: Path) -> None:
    check(f"count({query('14.')})", series, [], tmp_path)


def test_a_receiver_with_the_newest_samples_is_counted_for_each_replica(tmp_path: Path) -> None:
    check(f"count({query('14.')})", writer(), [{"labels": "{}", "value": 1}], tmp_path)


def copies(tenant: str, ingestors: int, values: str = "1x180") -> dict[str, str]:
    labels = f'job="apiserver",cluster="eu",prometheus_replica="a",receive_tenant="{tenant}"'
    return {f'up{{{labels},receive_replica="{number}"}}': values for number in range(ingestors)}


@pytest.mark.parametrize(
    ("series", "copies_seen"),
    [
        (copies("default-tenant", 3), 3),
        (copies("default-tenant", 2) | copies("team-a", 3), 2),
        (copies("default-tenant", 2) | {name: "1x170" for name in list(copies("default-tenant", 3))[2:]}, 2),
    ],
    ids=["all", "another tenant's are not counted", "an ingestor that is gone is not counted"],
)
def test_copies_are_counted_on_ingestors_with_fresh_samples_of_our_tenant(
    series: dict[str, str], copies_seen: int, tmp_path: Path
) -> None:
    labels = '{cluster="eu",job="apiserver",prometheus_replica="a",receive_tenant="default-tenant"}'
    check(query("13. Fresh"), series, [{"labels": labels, "value": copies_seen}], tmp_path)


def ingestor(uploaded: str, started: str = "0x180", series: str = "500x180") -> dict[str, str]:
    labels = 'job="thanos-receive",cluster="eu",pod="thanos-receive-default-0"'
    return {
        f"process_start_time_seconds{{{labels}}}": started,
        f'prometheus_tsdb_head_series{{{labels},tenant="a"}}': series,
        f"thanos_objstore_bucket_last_successful_upload_time{{{labels}}}": uploaded,
    }


@pytest.mark.parametrize(
    ("series", "counted"),
    [
        (ingestor("1500x180"), 1),
        (ingestor("1000x180"), 0),
        (ingestor("0x180"), 0),
        (ingestor("0x180", started="1200x180"), 1),
        (ingestor("0x180", series="0x180"), 1),
    ],
    ids=["uploads", "has stopped uploading", "never uploaded", "has just started", "has no samples"],
)
def test_an_ingestor_late_with_a_block_is_not_counted(series: dict[str, str], counted: int, tmp_path: Path) -> None:
    check(f"count({query('13. Every ingestor')})", series, [{"labels": "{}", "value": 1}] if counted else [], tmp_path)

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter remote_write: the configuration, the files it names and the Secrets that must be there."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.remote_write import remote_write

TOKEN = {"name": "cloud", "key": "token"}


def test_every_file_that_the_configuration_names_is_mounted() -> None:
    made = remote_write(
        [
            {"name": "cloud", "url": "https://cloud/", "authorization": {"credentials": TOKEN}},
            {
                "name": "again",
                "url": "https://again/",
                "authorization": {"credentials": TOKEN},
                "tlsConfig": {"ca": {"configMap": {"name": "authority", "key": "ca.crt"}}},
            },
        ]
    )
    assert made["config"][0]["authorization"] == {"credentials_file": "/etc/prometheus/remote-write/secret/cloud/token"}
    assert made["sources"] == [
        {"configMap": {"name": "authority", "items": [{"key": "ca.crt", "path": "configMap/authority/ca.crt"}]}},
        {"secret": {"name": "cloud", "items": [{"key": "token", "path": "secret/cloud/token"}]}},
    ]
    assert made["needed_secrets"] == [TOKEN]


def test_a_key_that_may_be_missing_keeps_no_pod_from_starting() -> None:
    made = remote_write([{"name": "a", "url": "https://a/", "authorization": {"credentials": {**TOKEN, "optional": True}}}])
    assert [source["secret"]["optional"] for source in made["sources"]] == [True]
    assert made["needed_secrets"] == []


def test_nothing_is_made_of_nothing() -> None:
    assert remote_write([]) == {"config": [], "sources": [], "needed_secrets": []}

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one exception of the collection."""

from __future__ import annotations

import sys

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, missing_library, one_by_one


def test_details_are_for_the_result_and_not_for_the_message() -> None:
    error = MetricsError("It failed.", status_code=500)
    assert (str(error), error.details) == ("It failed.", {"status_code": 500})


def test_neither_message_nor_details_show_the_login_of_a_url() -> None:
    error = MetricsError("No answer from http://me:s3cret@one.example/.", endpoints=[{"url": "http://s3cret@two.example"}])
    assert str(error) == error.message == "No answer from http://***@one.example/."
    assert error.details == {"endpoints": [{"url": "http://***@two.example"}]}


def test_a_missing_library_is_named_with_the_interpreter_that_lacks_it() -> None:
    words = missing_library("boto3", ImportError("No module named 'boto3'")).message
    assert "boto3" in words
    assert sys.executable in words
    assert "ansible_playbook_python" in words


def test_many_findings_are_cut_but_counted() -> None:
    assert one_by_one(map(str, range(4)), limit=2) == "- 0\n- 1\n- and 2 more"

# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the module_utils share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_s3 import stubbed
from botocore.stub import Stubber


@pytest.fixture
def s3() -> Iterator[Stubber]:
    with stubbed() as stub:
        yield stub

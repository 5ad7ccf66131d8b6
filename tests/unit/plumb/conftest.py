"""What several of these tests need."""

import pytest

from tests.integration.conftest import Pocket


@pytest.fixture
def pocket(tmp_path):
    """A small assignment on disk, to be changed before it is read."""
    return Pocket(tmp_path)

import pytest

from tests.verifier.running import Desk


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)

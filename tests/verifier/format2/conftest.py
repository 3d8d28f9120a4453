import functools

import pytest

from .kinds import KINDS
from .running import Desk
from .votes import Made, held


@functools.cache
def made(kind: str) -> Made:
    """A good vote of this kind, made once."""
    return held(KINDS[kind])


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)

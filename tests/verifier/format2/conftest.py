import functools

import pytest

from .kinds import KINDS as FORMAT_2
from .kinds_3 import KINDS_3
from .running import Desk
from .votes import Made, held


KINDS = FORMAT_2 | KINDS_3


@functools.cache
def made(kind: str) -> Made:
    """A good vote of this kind, made once."""
    return held(KINDS[kind])


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)

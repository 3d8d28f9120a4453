"""Hashes of passwords with the least parameters, so that tests of what people do are quick."""

import pytest
from argon2 import PasswordHasher

from civic_forum.accounts import passwords


@pytest.fixture(autouse=True)
def quick_hashes(request, monkeypatch):
    """Tests marked by the name `real_hashes` in their arguments get those of the site."""
    if "real_hashes" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    passwords._stand_in.cache_clear()
    yield
    passwords._stand_in.cache_clear()


@pytest.fixture
def real_hashes():
    """The parameters that the site uses."""

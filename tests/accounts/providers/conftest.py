import pytest

from civic_forum.accounts.providers import client

from . import servers


@pytest.fixture(scope="session")
def sample_issuer():
    """Address of the provider that a sample has."""
    with servers.sample_provider() as address:
        yield address


@pytest.fixture(autouse=True)
def nothing_known():
    client.forget()
    yield
    client.forget()

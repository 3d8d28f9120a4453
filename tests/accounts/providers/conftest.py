import pytest

from civic_forum.accounts.providers import client

from . import servers


@pytest.fixture(scope="session")
def sample_issuer():
    """Address of the provider that a sample has."""
    with servers.process("civic_forum.sample_data.provider") as address:
        yield address


@pytest.fixture(scope="session")
def hostile_process():
    with servers.process("tests.accounts.providers.hostile") as address:
        yield servers.Hostile(address)


@pytest.fixture
def hostile(hostile_process):
    """A provider that does what it is told."""
    hostile_process.behave()
    return hostile_process


@pytest.fixture(autouse=True)
def nothing_known():
    client.forget()
    yield
    client.forget()


@pytest.fixture
def site(app, served, sample_issuer, monkeypatch):
    """Address of a site that knows the provider of the sample."""
    monkeypatch.setitem(app.config, "URL", served)
    monkeypatch.setitem(app.config, "PROVIDERS", (servers.described(sample_issuer),))
    return served

"""Sites of their own, for tests that copy or break one."""

import pytest

from tests.migrations import newest
from tests.migrations.conftest import KINDS, address, open_site, revisions  # noqa: F401
from tests.servers import postgres as server


@pytest.fixture
def another_address(request, address, tmp_path):  # noqa: F811
    """The address of a second empty database of the same kind."""
    if address.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'second' / 'empty.db'}"
        return
    url = server.fresh_database(address)
    yield url
    server.drop_database(url)


@pytest.fixture
def settled(open_site, address):  # noqa: F811
    """A site at the newest revision; enter it with `app.app_context()`."""
    newest.put_into(address)
    return open_site(address)

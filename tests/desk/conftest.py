"""A clerk, a neighbourhood, and somebody whom the clerk verified."""

from datetime import date

import pytest

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.rules import AffiliationKind, Evidence
from civic_forum.accounts.services import residency

WHO = Identity("김서윤", date(1985, 4, 2))


@pytest.fixture
def clerk(town):
    return town.clerk(sign_in_name="clerk1", nickname="창구")


@pytest.fixture
def here(town):
    return str(town.neighbourhood().id)


@pytest.fixture
def verified(town, clerk, here):
    user = town.user(sign_in_name="seoyun85", nickname="이웃 서윤")
    residency.verify(user, WHO, affiliations={AffiliationKind.LIVE: int(here)}, evidence=Evidence.PASSPORT, by=clerk)
    return user

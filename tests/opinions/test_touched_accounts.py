"""An account that one clerk opened or verified answers nothing before a second one has seen the person."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.accounts.rules import AffiliationKind, Evidence
from civic_forum.accounts.services import codes, residency
from civic_forum.opinions import answering, queries
from civic_forum.opinions.rules import Audience, Basis
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied
from tests.accounts.people import PASSWORD, member, seen
from tests.ballots.people import verified as resident

from tests.common import commit, main_of
from .making import consultation, participants

pytestmark = pytest.mark.both
CARD = Evidence.RESIDENT_CARD
DAY = timedelta(days=1)
WHO = Identity("김하늘", date(1980, 1, 1))


def again(user: User) -> User:
    db.session.rollback()
    return db.session.get(User, user.id, populate_existing=True)


@pytest.fixture
def home(town):
    return {AffiliationKind.LIVE: town.neighbourhood().id}


def test_an_account_that_one_clerk_opened_answers_once_a_second_has_seen_the_person(town, home):
    asked = consultation(verified_only=True)
    account, slip = residency.open_account("haneul1234", "맑은 하늘", WHO, affiliations=home, evidence=CARD,
                                           by=town.clerk())
    codes.reset_with_desk_code("haneul1234", slip, PASSWORD)
    with pytest.raises(Denied, match="다른 담당자도 신분증을"):
        answering.respond(asked.id, 1, 1, by=again(account))
    assert participants() == []
    seen(town, WHO)
    answering.respond(asked.id, 1, 1, by=again(account))
    assert participants() == [(Basis.VERIFIED, 1)]


def test_answers_of_before_count_as_verified_once_a_second_clerk_has_seen_the_person(town, home):
    asked, user = consultation(verified_only=True), member(town)
    answering.respond(asked.id, 1, 1, by=user)
    residency.verify(again(user), WHO, affiliations=home, evidence=CARD, by=town.clerk())
    assert participants() == [(Basis.ACCOUNT, 1)]
    seen(town, WHO)
    assert participants() == [(Basis.VERIFIED, 1)]


@pytest.mark.parametrize("audience", Audience)
def test_a_code_of_one_clerk_changes_no_answer_of_its_owner(town, audience):
    owner = resident(town, WHO.name)
    asked = consultation(audience=audience)
    answering.respond(asked.id, 1, 1, by=owner)
    codes.issue(again(owner), WHO, evidence=CARD, by=town.clerk())
    for act in (lambda: answering.respond(asked.id, 1, -1, by=again(owner)),
                lambda: answering.withdraw(asked.id, by=again(owner)),
                lambda: answering.say_age(asked.id, "65+", by=again(owner))):
        with pytest.raises(Denied):
            act()
    assert participants() == [(Basis.VERIFIED, 1)]


def test_an_act_binds_where_it_is_announced_within_thirty_days(town):
    owner, asked = resident(town, WHO.name), consultation()
    for before, waits in ((30 * DAY, True), (30 * DAY + DAY, False)):
        commit(sa.update(User).where(User.id == owner.id).values(staff_act_at=asked.announced_at - before))
        assert again(owner).waits_for_second_clerk(asked.announced_at) is waits
    answering.respond(asked.id, 1, 1, by=again(owner))
    assert participants() == [(Basis.VERIFIED, 1)]


def test_a_code_of_the_desk_reads_no_answer_before_a_second_clerk_has_seen_the_owner(town, browse):
    owner, asked = resident(town, WHO.name), consultation()
    answering.respond(asked.id, 1, -1, by=owner)
    answering.say_age(asked.id, "65+", by=owner)
    here, answered = f"/consultations/{asked.slug}", "6개 가운데 1개에 답했어요"
    assert answered in main_of(browse(again(owner)).get(f"{here}/mine"))
    codes.issue(again(owner), WHO, evidence=CARD, by=town.clerk())
    page = browse(again(owner))
    shown = main_of(page.get(f"{here}/mine"))
    assert "다른 담당자도 신분증을 봐야 전에 한 답을 볼 수 있어요" in shown
    assert answered not in shown and "아니에요" not in shown and "내 자리 보기" not in main_of(page.get(here))
    assert page.get(f"{here}/mine/removal").status_code == 403
    collected = PERSONAL_DATA["consultations"].collect(again(owner))
    assert collected["ages"] == [] and [set(each) for each in collected["answers"]] == [{"consultation", "why_not"}]
    seen(town, WHO)
    assert answered in main_of(browse(again(owner)).get(f"{here}/mine"))
    assert PERSONAL_DATA["consultations"].collect(again(owner))["answers"][0]["answer"] == -1


def test_an_account_made_for_somebody_reads_nothing_of_what_that_person_answered(town, browse):
    owner, asked = resident(town, WHO.name), consultation()
    answering.respond(asked.id, 1, -1, by=owner)
    commit(sa.update(User).where(User.id == owner.id).values(staff_act_at=asked.announced_at))
    assert answering.position(asked, queries.draw(asked.id), by=again(owner)).answers == {}


def test_the_page_says_where_to_go(town, browse):
    owner, asked = resident(town, WHO.name), consultation()
    codes.issue(again(owner), WHO, evidence=CARD, by=town.clerk())
    page = browse(again(owner)).get(f"/consultations/{asked.slug}")
    assert "신분증을 가지고 동 주민센터로 와 주세요" in main_of(page)

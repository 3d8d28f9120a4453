"""Work that an office has not shown yet: it is named to those whose work it is, and only while it is."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant
from civic_forum.blocks.kinds import Ref
from civic_forum.platform import clock
from civic_forum.notifications.rules import Frequency, NoticeKind
from civic_forum.notifications import services as delivering
from civic_forum.outcomes import services as outcomes
from tests.common import commit, letters
from tests.notifications.outgoing import waiting
from tests.outcomes import making

from .told import last, reachable, steps

BEGUN, LATER = "석 달 동안 해 보기로 했어요", "은하수 골목은 하지 않기로 했어요"


@pytest.fixture
def written(town):
    """An outcome that waits for its second official, who was told of it."""
    official, second = town.official(), town.official()
    proposal = making.answered(town, official)
    draft = outcomes.submit(Ref("proposal", proposal.id), making.text(title=BEGUN), seen=0, by=official)
    assert steps(second) == ["duty_outcome"]
    return proposal, draft, official, second


def let_go(user, **put):
    """The rights of this user end, or become others."""
    change = sa.update(RoleGrant).where(RoleGrant.user_id == user.id)
    commit(change.values(**put or {"withdrawn_at": clock.now()}))


def test_an_approver_reads_its_title(written, browse):
    *_rest, second = written
    assert BEGUN in browse(second).get("/me/notices").text


@pytest.mark.parametrize("how", ["withdrawn", "elsewhere"])
def test_somebody_who_works_there_no_more_does_not_learn_of_later_texts(written, town, browse, how):
    proposal, draft, official, second = written
    let_go(second, **({} if how == "withdrawn" else {"department_id": town.department("공원녹지과").id}))
    back = outcomes.send_back(Ref("proposal", proposal.id), seen=draft.version, by=official)
    outcomes.save(Ref("proposal", proposal.id), making.text(title=LATER), seen=back.version, by=official)
    said = browse(second).get("/me/notices").text
    assert LATER not in said and BEGUN not in said


@pytest.mark.both
def test_once_it_is_public_everybody_who_was_told_reads_it(written, browse):
    proposal, draft, _official, second = written
    outcomes.approve(Ref("proposal", proposal.id), seen=draft.version, by=second)
    let_go(second)
    assert BEGUN in browse(second).get("/me/notices").text


def test_letters_say_that_it_waits_and_not_what_it_says(written):
    *_rest, second = written
    told = last(reachable(second))
    waiting(second, frequency=Frequency.AT_ONCE, kind=NoticeKind.DUTY, about=told.about, step="duty_outcome", title="",
            url=told.url, before=timedelta())
    let_go(second)
    assert delivering.write_at_once() == 1
    [letter] = letters()
    assert BEGUN not in letter.body + letter.subject and "지금은 볼 수 없는 글" not in letter.body + letter.subject
    assert "승인을 기다려요" in letter.body and told.url in letter.body

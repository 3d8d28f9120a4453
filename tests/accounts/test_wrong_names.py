"""Names and birth dates that staff get wrong at the desk: counted for clerk and person, each after a longer pause."""

from collections import Counter
from datetime import date, timedelta

import pytest

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import User
from civic_forum.accounts.services import codes, residency, staff_acts
from civic_forum.accounts.services import people as look_ups
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal, TooMany
from civic_forum.platform.i18n import local
from tests.accounts.people import CARD, WHO, code
from tests.ballots.people import verified
from tests.common import again, rows
from tests.racing import at_once

WRONG = Identity("김하늘", date(1980, 1, 2))


@pytest.fixture
def owner(town):
    return verified(town, neighbourhood_id=town.neighbourhood().id)


def wrongs(owner, by, many, shift=16 * 60):
    """So many wrong birth dates, each after the longest pause."""
    for number in range(many):
        clock.shift(clock.offset_seconds() + shift * bool(number))
        with pytest.raises(Refusal) as refusal:
            code(owner, by, WRONG)
        yield refusal.value


def test_five_wrong_birth_dates_a_day_by_a_clerk_and_for_a_person(town, owner, clerk):
    before = clock.offset_seconds()
    clock.shift(before + _to_morning())
    assert not any(isinstance(refusal, TooMany) for refusal in wrongs(owner, clerk, 5))
    with pytest.raises(TooMany):
        code(owner, clerk)
    with pytest.raises(TooMany):
        code(owner, town.clerk())
    other = verified(town, "이도윤", neighbourhood_id=town.neighbourhood().id)
    with pytest.raises(TooMany):
        codes.issue(other, Identity("이도윤", WHO.birth_date), evidence=CARD, by=again(clerk))
    clock.shift(clock.offset_seconds() + 24 * 3600)
    assert code(owner, clerk)
    details = repr([entry.details for entry in rows(AuditEntry)])
    assert "김하늘" not in details and "1980" not in details
    assert Counter(entry.action for entry in rows(AuditEntry))["accounts.wrong_name"] == 5


def _to_morning():
    """Seconds to the next morning, so that five tries are of one day."""
    now = local(clock.now())
    return int((now.replace(hour=6, minute=0) + timedelta(days=1) - now).total_seconds())


def test_the_pause_grows(town, owner, clerk):
    clock.shift(clock.offset_seconds() + _to_morning())
    for _first in range(2):
        with pytest.raises(Refusal):
            code(owner, clerk, WRONG)
    for wait in (60, 300, 900):
        with pytest.raises(TooMany) as early:
            code(owner, clerk)
        assert early.value.retry_after == wait
        clock.shift(clock.offset_seconds() + wait + 1)
        with pytest.raises(Refusal, match="아니에요"):
            code(owner, clerk, WRONG)
    with pytest.raises(TooMany, match="내일"):
        code(owner, clerk)


@pytest.mark.both
def test_wrong_ones_at_once_are_counted_one_after_the_other(app, town, owner, clerk):
    clock.shift(clock.offset_seconds() + _to_morning())
    owner_id, clerk_id = owner.id, clerk.id
    answers = at_once(app, 8, lambda _n: codes.issue(db.session.get(User, owner_id), WRONG, evidence=CARD,
                                                     by=db.session.get(User, clerk_id)))
    assert sum(not isinstance(answer, TooMany) for answer in answers) == 2
    assert sum(isinstance(answer, TooMany) for answer in answers) == 6


def every_question(town, owner, clerk):
    yield lambda: codes.issue(again(owner), WRONG, evidence=CARD, by=again(clerk))
    yield lambda: residency.recognise(again(owner).person_id, WRONG, evidence=CARD, by=again(clerk))
    yield lambda: residency.account_at_desk(again(owner).sign_in_name, WRONG, by=again(clerk))
    yield lambda: staff_acts.confirm_seen(WRONG, evidence=CARD, by=again(clerk))
    yield lambda: look_ups.look_up("nobody-here", "물어보러 왔어요", by=again(clerk))


def test_every_question_by_name_counts_and_is_refused_after_five(town, owner, clerk):
    clock.shift(clock.offset_seconds() + _to_morning())
    for ask in every_question(town, owner, clerk):
        try:
            ask()
        except TooMany as early:
            pytest.fail(str(early))
        except Refusal:
            pass
        clock.shift(clock.offset_seconds() + 16 * 60)
    for ask in every_question(town, owner, clerk):
        with pytest.raises(TooMany):
            ask()

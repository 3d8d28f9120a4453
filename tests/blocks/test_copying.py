"""Another poll or round after an earlier one: the same texts and rules, its days moved, seen by nobody yet."""

from datetime import date, timedelta

import pytest

from civic_forum.budgets import process as budgets
from civic_forum.budgets.models import BudgetRound
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import local
from civic_forum.polls import process as polls
from civic_forum.polls.models import Poll
from civic_forum.polls.parts import PARTS
from tests.budgets import making
from tests.polls.making import opened, poll

WEEKS = timedelta(days=364)


def test_a_poll_of_last_year_comes_again_with_its_days_moved(town, app):
    moderator = town.moderator()
    earlier = opened(town, by=moderator, quorum={
        "kind": "per_mille", "value": 20, "residents": 400, "source": "통계", "on": "2026-01-31", "missed": "advisory"})
    first = local(earlier.opens_at).date() + WEEKS
    made = polls.PROCESS.copy(earlier.id, "빈터를 올해는 무엇으로 쓸까요?", first, by=moderator)
    earlier = db.session.get(Poll, earlier.id)
    assert (made.announced_at, made.box, made.slug != earlier.slug) == (None, None, True)
    assert made.opens_at == earlier.opens_at + WEEKS and made.closes_at == earlier.closes_at + WEEKS
    assert made.quorum_on == earlier.quorum_on == date(2026, 1, 31), "as long as nobody counts them anew"
    assert made.roll_fixed_on == earlier.roll_fixed_on + WEEKS and made.roll_id != earlier.roll_id
    same = [column for part in PARTS.values() for column in part.columns()
            if not isinstance(getattr(earlier, column), date) and column not in ("title", "neighbourhoods")]
    assert {name: getattr(made, name) for name in same} == {name: getattr(earlier, name) for name in same}
    assert [(one.number, one.title, one.text, one.cost) for one in made.options] == [
        (one.number, one.title, one.text, one.cost) for one in earlier.options]


@pytest.mark.both
def test_a_round_of_last_year_comes_again_with_its_envelopes_and_without_its_projects(town, app):
    moderator = town.moderator()
    earlier = making.prepared(town, by=moderator)
    first = budgets._first_day(earlier)
    made = budgets.PROCESS.copy(earlier.id, "다음 해 주민참여예산", first + WEEKS, by=moderator)
    earlier = db.session.get(BudgetRound, earlier.id)
    assert made.announced_at is None and made.year == earlier.year + (first + WEEKS).year - first.year
    assert [(one.phase, one.starts_at) for one in made.phases] == [
        (one.phase, one.starts_at + WEEKS) for one in earlier.phases]
    assert [(one.slug, one.name, one.amount, one.max_choices, one.box_id) for one in made.envelopes] == [
        (one.slug, one.name, one.amount, one.max_choices, None) for one in earlier.envelopes]
    assert (made.counting, made.binding) == (earlier.counting, earlier.binding)


@pytest.mark.parametrize(("title", "field"), [("", "title"), ("가" * 201, "title"), ("900101-1234568", "title")])
def test_a_title_that_does_not_fit_leaves_nothing(town, app, title, field):
    moderator = town.moderator()
    earlier = poll(town, by=moderator)
    with pytest.raises(Refusal) as refused:
        polls.PROCESS.copy(earlier.id, title, date(2031, 1, 6), by=moderator)
    assert refused.value.field == field and db.session.query(Poll).count() == 1


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("make", "base"), [(poll, "/desk/polls"), (making.new_round, "/desk/budgets")])
def test_the_page_offers_the_same_weekday_of_a_year_to_come_and_leads_to_the_new_one(town, browse, make, base):
    made = make(town)
    page = browse(town.moderator())
    here = f"{base}/{made.slug}"
    assert f"{here}/copies" in page.get(here).text
    asks = page.get(f"{here}/copies")
    assert made.title in asks.text and 'name="first_day"' in asks.text
    wrong = page.post(f"{here}/copies", data={"title": made.title, "first_day": "soon"})
    assert wrong.status_code == 422 and "날짜를 적어 주세요" in wrong.text
    done = page.post(f"{here}/copies", data={"title": made.title, "first_day": "2031-01-06"})
    assert done.status_code == 303 and done.location.startswith(base) and done.location != here
    assert page.get(done.location).status_code == 200

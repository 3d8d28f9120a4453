"""All kinds of work in one list by the day they are due: days, instants and short lists side by side."""

import random
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots.models import ElectionSeason
from civic_forum.platform import paging, waiting
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import SEOUL, local
from civic_forum.platform.waiting import DeskLine, DeskWork, Due, Tally, WORK, Waiting
from tests import factories

TODAY = local(factories.MAY).date()
WITHIN = timedelta(days=3)


def lines(found):
    return [DeskLine(f"/thing/{one.ref}", one.title, (), one.note) for one in found]


def only(monkeypatch, work):
    """Let these be all kinds of work."""
    for name in list(WORK):
        monkeypatch.delitem(WORK, name)
    for name, one in work.items():
        monkeypatch.setitem(WORK, name, one)


@pytest.fixture
def kinds(town, monkeypatch):
    """One kind with days, one with instants, one that is a list."""
    given: list[Waiting] = []
    seasons = sa.select(ElectionSeason.id, ElectionSeason.first_day, sa.cast(ElectionSeason.id, sa.Text),
                        ElectionSeason.name, sa.null())
    entries = sa.select(AuditEntry.id, AuditEntry.at, AuditEntry.subject, AuditEntry.action, sa.null())
    only(monkeypatch, {
        "days": DeskWork("desk.enter", "날", lambda _user: seasons, lines),
        "few": DeskWork("desk.enter", "몇", lambda _user: list(given), lines),
        "instants": DeskWork("desk.enter", "때", lambda _user: entries, lines, within=WITHIN),
        "nobody": DeskWork("desk.enter", "없음", lambda _user: None, lines)})
    return given


def put(given, chosen, number):
    """So many things, due on days around today; returns (due, kind, moment, id) in the order of the desk."""
    order, expected = list(WORK), []
    for n in range(number):
        day = TODAY + timedelta(days=chosen.randint(-3, 9))
        kind = chosen.choice(("days", "few", "instants"))
        at = datetime.combine(day, time(chosen.choice((0, 12, 23)), chosen.choice((0, 59))), SEOUL) - WITHIN
        if kind == "few":
            given.append(Waiting(n, day, str(n), f"일 {n}"))
            expected.append((day, order.index(kind), 0, n))
            continue
        row = (ElectionSeason(name=f"일 {n}", first_day=day, last_day=day, set_at=factories.MAY) if kind == "days" else
               AuditEntry(at=at, action=f"일 {n}", subject=f"x:{n}", details={}))
        factories.saved(row)
        expected.append((day, order.index(kind), 0 if kind == "days" else at.timestamp(), row.id))
    return sorted(expected)


def walked(user, due, size):
    """The items that one sees who goes through all pages."""
    found, after = [], None
    while True:
        page = waiting.listed(waiting.sources(user, TODAY), due=due, today=TODAY, after=after, size=size)
        found += page.items
        if page.after is None:
            return found
        assert len(page.items) == size
        after = page.after


FITS = {Due.LATE: lambda day: day < TODAY, Due.TODAY: lambda day: day == TODAY, Due.ALL: lambda day: True,
        Due.WEEK: lambda day: TODAY <= day <= TODAY + timedelta(days=7)}


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("seed", range(4))
def test_pages_give_everything_once_in_order_and_the_counts_agree(town, kinds, seed):
    user = town.moderator()
    expected = put(kinds, random.Random(seed), 40)
    tallies = waiting.tallies(waiting.sources(user, TODAY), TODAY)
    assert list(tallies) == ["days", "few", "instants"]
    for due in Due:
        wanted = [one for one in expected if FITS[due](one[0])]
        for size in (1, 3, 100):
            seen = walked(user, due, size)
            assert [(item.due_on, item.kind) for item in seen] == [
                (day, list(WORK)[kind]) for day, kind, _at, _id in wanted]
        assert sum((tally for tally in tallies.values()), Tally()).of(due) == len(wanted)


@pytest.mark.both
def test_two_statements_however_much_waits(town, kinds, queries):
    user = town.moderator()
    put(kinds, random.Random(1), 60)
    own = waiting.sources(user, TODAY)
    with queries() as seen:
        waiting.tallies(own, TODAY)
        waiting.listed(own, due=Due.ALL, today=TODAY)
    assert len(seen) == 2


def test_nothing_waits_and_nobody_is_asked(town, kinds, monkeypatch):
    user = town.moderator()
    assert waiting.listed(waiting.sources(user, TODAY), due=Due.ALL, today=TODAY).items == []
    only(monkeypatch, {})
    assert waiting.tallies(waiting.sources(user, TODAY), TODAY) == {}
    assert waiting.listed([], due=Due.ALL, today=TODAY).items == []


def test_an_instant_is_due_by_the_day_in_seoul(town, kinds):
    midnight = datetime.combine(TODAY, time(), SEOUL) - WITHIN
    for at in (midnight - timedelta(microseconds=1), midnight, midnight + timedelta(hours=24, microseconds=-1)):
        factories.saved(AuditEntry(at=at, action="일", subject="x:1", details={}))
    assert waiting.tallies(waiting.sources(town.moderator(), TODAY), TODAY)["instants"] == Tally(1, 2, 2, 3)


def test_an_actor_without_the_right_has_none_of_it(town, kinds):
    put(kinds, random.Random(2), 5)
    assert waiting.sources(town.resident(), TODAY) == []


@pytest.mark.parametrize("parts", [
    ("2030-05-01", "unknown", 0, 1), ("2030-13-01", "days", 0, 1), ("x", "days", 0, 1),
    ("0001-01-01", "instants", 0, 1),
    ("9999-12-31", "instants", 0, 1), ("2030-05-01", "days", 0), (1, "days", 0, 1)])
def test_a_wrong_token_is_refused(town, kinds, parts):
    with pytest.raises(Invalid):
        waiting.listed(waiting.sources(town.moderator(), TODAY), due=Due.ALL, today=TODAY, after=paging.token(*parts))


@pytest.mark.both
def test_a_token_goes_on_where_its_thing_is_done(town, kinds):
    """Another one did the last thing of the page meanwhile: nothing is left out, nothing comes twice."""
    user = town.moderator()
    put(kinds, random.Random(3), 12)
    whole = walked(user, Due.ALL, 100)
    page = waiting.listed(waiting.sources(user, TODAY), due=Due.ALL, today=TODAY, size=5)
    last = page.items[-1]
    if last.kind == "few":
        kinds[:] = [one for one in kinds if f"/thing/{one.ref}" != last.line.url]
    else:
        table = ElectionSeason if last.kind == "days" else AuditEntry
        db.session.execute(sa.delete(table).where((table.name if last.kind == "days"
                                                   else table.action) == last.line.title))
        db.session.commit()
    rest = waiting.listed(waiting.sources(user, TODAY), due=Due.ALL, today=TODAY, after=page.after, size=100)
    assert [item.line.title for item in rest.items] == [item.line.title for item in whole[5:]]


def test_days_that_no_calendar_has_are_no_error(town, kinds):
    kinds.append(Waiting(1, date(2030, 5, 2), "1", "일"))
    after = paging.token("2030-05-01", "instants", 2**61, 2**61)
    assert [item.kind for item in waiting.listed(waiting.sources(town.moderator(), TODAY), due=Due.ALL, today=TODAY,
                                                 after=after).items] == ["few"]

"""Rolls by an imported list, and two people of one name and birthday in it."""

from datetime import date

import pytest
import sqlalchemy as sa

from civic_forum.ballots import identities
from civic_forum.ballots.models import RollEntry
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls import services
from civic_forum.ballots.rolls.rules import EntryState, Wrong
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from tests.ballots.desk_scene import WITHDRAWN_FOR, Vote
from tests.ballots.people import a_roll, person, verified
from tests.factories import MAY

from .test_rolls import HEADER, entries, state


def imported(town, data: bytes, **rule):
    return services.import_list(data, a_roll(RollSource.IMPORTED, **rule).id, by=town.moderator())


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
@pytest.mark.parametrize("table", [
    "name,birth_date,neighbourhood\n김하늘,1980-01-01,시흥1동\n박바다,19900203,가산동\n",
    "\ufeffname,birth_date,neighbourhood\r\n김하늘,1980-01-01,시흥1동\r\n\r\n박바다,1990. 2. 3.,가산동\r\n",
    "name;birth_date;neighbourhood\n김하늘;1980-01-01;시흥1동\n박바다;19900203;가산동\n",
    "name\tbirth_date\tneighbourhood\n김하늘\t1980-01-01 0:00:00\t시흥1동\n박바다\t19900203\t가산동\n",
    "name,birth_date,neighbourhood,\n김하늘,1980-01-01,시흥1동,\n박\u3164바다,19900203,가산동,\n",
    "연번,행정동,생년월일,성명\n1,시흥 1동,1980-01-01,김하늘\n2,가산동,1990-02-03,박바다\n",
    "Neighbourhood,Birth_Date,Name\r시흥1동,1980년 1월 1일,김 하늘\r가산동,1990-2-3,\"박바다\"\r",
])
def test_a_list_is_taken_whatever_the_spreadsheet_wrote(town, table, encoding):
    table = table if encoding == "utf-8" else table.translate({0x3164: None, 0xfeff: None})
    for name in ("시흥1동", "가산동"):
        town.neighbourhood(name)
    roll = imported(town, table.encode(encoding))
    assert roll.entries == 2 and roll.fixed_at is not None
    user = town.user(person_id=person().id)
    assert state(roll, user) is EntryState.IN
    assert state(roll, verified(town, "최솔")) is EntryState.NOT_ON_LIST
    assert state(roll, town.user()) is EntryState.NOT_VERIFIED


def problems(town, text, **rule):
    town.neighbourhood("시흥1동")
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(services.NotImported) as refused:
        imported(town, data, **rule)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RollEntry)) == 0
    return [tuple(problem) for problem in refused.value.problems]


def test_every_bad_line_is_named_by_its_number_and_nothing_is_imported(town):
    text = HEADER + "\n".join([
        "김하늘,1980-01-01,시흥1동", "...,1980-01-01,시흥1동", "박바다,1980-13-01,시흥1동", "박바다,1790-01-01,시흥1동",
        "이별,1990-01-01,달나라동", "최솔,1990-01-01", "", "김 하늘,19800101,시흥1동", "가" * 61 + ",1990-01-01,시흥1동",
        "최솔,1990-01-01, ", *(f"{name},1990-01-01,시흥1동" for name in ("김*람", "김○람", "김ㅇ람", "김O람", "김가람(金)"))])
    assert problems(town, text) == [
        (3, Wrong.NAME, 0), (4, Wrong.BIRTH_DATE, 0), (5, Wrong.BIRTH_DATE, 0), (6, Wrong.NEIGHBOURHOOD, 0),
        (7, Wrong.CELLS, 0), (9, Wrong.DUPLICATE, 2), (10, Wrong.NAME, 0), (11, Wrong.BLANK, 0),
        *((line, Wrong.MASKED, 0) for line in range(12, 17))]


def test_a_person_who_is_too_young_is_named_by_line(town):
    text = HEADER + "김하늘,1980-01-01,시흥1동\n박바다,2012-05-21,시흥1동\n"
    assert problems(town, text, min_age=18, age_on=date(2030, 5, 20)) == [(3, Wrong.TOO_YOUNG, 0)]


def test_lines_are_counted_as_an_editor_counts_them(town):
    text = HEADER + '"김\n하늘",1980-01-01,시흥1동\n박바다,x,시흥1동\n'
    assert problems(town, text) == [(4, Wrong.BIRTH_DATE, 0)]


@pytest.mark.parametrize(("data", "expected"), [
    (b"", (1, Wrong.NO_HEADER, 0)), (b"name;birth_date\n", (1, Wrong.NO_HEADER, 0)),
    (HEADER.encode(), (0, Wrong.EMPTY, 0)), ("이름".encode("cp949"), (1, Wrong.NO_HEADER, 0)),
    ("name".encode("utf-16"), (0, Wrong.ENCODING, 0)), (b"PK\3\4 a workbook", (0, Wrong.ENCODING, 0)),
    ("이름,성명,생년월일,동\n".encode(), (1, Wrong.NO_HEADER, 0)),
    (HEADER.encode() + b'"a,1980-01-01,x\n', (2, Wrong.NOT_A_TABLE, 0))])
def test_a_file_that_is_no_such_table_is_refused(town, data, expected):
    [found] = problems(town, data)
    assert found[1] is expected[1] and (found[0] == expected[0] or expected[1] is Wrong.NOT_A_TABLE)


def test_nobody_finds_a_name_or_birth_date_of_the_list_in_the_database(town, at):
    at(MAY)
    town.neighbourhood("시흥1동")
    imported(town, (HEADER + "남궁별하,1957-03-08,시흥1동\n").encode())
    for table in db.metadata.sorted_tables:
        kept = repr(db.session.execute(sa.select(table)).all())
        assert "남궁별하" not in kept and "1957-03" not in kept and "195703" not in kept, table.name


def test_a_roll_of_another_source_takes_no_list(town):
    town.neighbourhood("시흥1동")
    roll = a_roll()
    with pytest.raises(Conflict):
        services.import_list((HEADER + "김하늘,1980-01-01,시흥1동\n").encode(), roll.id, by=town.moderator())
    prepared = a_roll(RollSource.IMPORTED)
    services.import_list((HEADER + "김하늘,1980-01-01,시흥1동\n").encode(), prepared.id, by=town.moderator())
    with pytest.raises(Conflict):
        services.import_list((HEADER + "박바다,1980-01-01,시흥1동\n").encode(), prepared.id, by=town.moderator())
    assert rolls.size(prepared.id) == 1


PAIR = HEADER + "김하늘,1980-01-01,시흥5동\n김하늘,1980-01-01,독산4동\n박나래,1981-05-06,시흥5동\n"


def imported_pair(town, **facts):
    for place in ("시흥5동", "독산4동"):
        town.neighbourhood(place)
    return imported(town, PAIR.encode(), **facts)


@pytest.mark.both
def test_two_of_one_name_and_birthday_are_imported_and_the_desk_tells_them_apart(town):
    roll = imported_pair(town)
    assert roll.entries == 3 and len({entry.neighbourhood_id for entry in entries(roll).values()}) == 2
    for number, place in enumerate(("시흥5동", "독산4동")):
        user = verified(town, place=town.neighbourhood(place), distinguisher=number)
        assert state(roll, user) is EntryState.LISTED_TOGETHER
        assert not set(identities.candidates(user)) & set(entries(roll))
    assert state(roll, verified(town, "박나래", date(1981, 5, 6))) is EntryState.IN


@pytest.mark.both
def test_nobody_of_a_listed_pair_is_added_to_a_roll_that_grows(town):
    for place in ("시흥5동", "독산4동"):
        town.neighbourhood(place)
    growing = a_roll(RollSource.IMPORTED, grows=True)
    services.import_list(PAIR.encode(), growing.id, by=town.moderator())
    user = verified(town, place=town.neighbourhood("시흥5동"))
    assert state(growing, user) is EntryState.LISTED_TOGETHER
    assert not rolls.is_listed_together(growing, None)
    assert not rolls.is_listed_together(growing, verified(town, "박나래", date(1981, 5, 6)).person)


def test_the_same_person_in_one_neighbourhood_is_named_by_both_lines(town):
    town.neighbourhood("시흥5동")
    assert problems(town, PAIR + "김 하늘,19800101,독산4동\n") == [(3, Wrong.NEIGHBOURHOOD, 0), (5, Wrong.NEIGHBOURHOOD, 0)]
    town.neighbourhood("독산4동")
    assert problems(town, PAIR + "김 하늘,19800101,독산4동\n") == [(5, Wrong.DUPLICATE, 3)]


@pytest.mark.both
def test_the_clerk_of_a_neighbourhood_serves_its_one_of_a_pair(town):
    vote = Vote(town)
    here = vote.voter("김하늘", born=date(1980, 1, 1), place="시흥1동", distinguisher=identities.LISTED_TOGETHER)
    there = vote.voter("김하늘", born=date(1980, 1, 1), place="가산동", distinguisher=identities.LISTED_TOGETHER + 1)
    vote.verified(here)
    clerk = town.clerk(neighbourhood=town.neighbourhood("시흥1동"))
    mine, elsewhere = here.found_by(clerk)
    assert (mine.person, mine.why_not, mine.is_elsewhere) == (here.person, None, False)
    assert (elsewhere.person, elsewhere.is_elsewhere, elsewhere.visit) == (there.person, True, None)
    paper = papers.issue(vote.box_id, mine.visit, reason=WITHDRAWN_FOR, by=clerk)
    assert paper is not None


@pytest.mark.both
def test_a_clerk_of_a_pair_serves_neither(town):
    vote = Vote(town)
    here = vote.voter("김하늘", born=date(1980, 1, 1), place="시흥1동", distinguisher=identities.LISTED_TOGETHER)
    clerk = town.clerk(neighbourhood=town.neighbourhood("시흥1동"))
    clerk.person_id = vote.verified(here).id
    db.session.commit()
    [found] = here.found_by(clerk)
    assert "내 일" in found.why_not

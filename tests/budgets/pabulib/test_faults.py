"""Faults of a file: each is said with its line, and the file is not read."""

import random
from time import thread_time

import pytest

from civic_forum.budgets.formats.pabulib.faults import Fault, Trouble
from civic_forum.budgets.formats.pabulib.parsing import read

from .texts import PROJECTS, VOTES, line_of, text


def fault(data):
    with pytest.raises(Fault) as caught:
        read(data.encode() if isinstance(data, str) else data)
    return caught.value


HEADER = PROJECTS[0]

WRONG = {
    "a ballot over the limit": (Trouble.TOO_MANY, "c;1,2", dict(meta={"max_length": "2"})),
    "two for choose-1": (Trouble.TOO_MANY, "a;1,2", dict(meta={"vote_type": "choose-1"})),
    "a ballot over the sum": (Trouble.TOO_EXPENSIVE, "c;1,2", dict(meta={"max_sum_cost": "149.99"})),
    "too many points for one": (Trouble.TOO_MANY_POINTS, "b;1;4", dict(
        meta={"vote_type": "cumulative", "max_points": "3"},
        votes=("voter_id;vote;points", "a;1;3", "b;1;4", "c;;", "d;;"))),
    "too many points": (Trouble.TOO_MANY_POINTS, "b;1,2;3,3", dict(
        meta={"vote_type": "cumulative", "max_sum_points": "5"},
        votes=("voter_id;vote;points", "a;1,2;3,2", "b;1,2;3,3", "c;;", "d;;"))),
    "points for no project": (Trouble.POINTS_DIFFER, "b;1;3,1", dict(
        meta={"vote_type": "cumulative"}, votes=("voter_id;vote;points", "a;1;3", "b;1;3,1", "c;;", "d;;"))),
    "points below nothing": (Trouble.BAD_NUMBER, "b;1;-3", dict(
        meta={"vote_type": "ordinal"}, votes=("voter_id;vote;points", "a;1;3", "b;1;-3", "c;;", "d;;"))),
    "no column of points": (Trouble.COLUMN_MISSING, "voter_id;vote", dict(meta={"vote_type": "cumulative"})),
    "an unknown project": (Trouble.PROJECT_UNKNOWN, "b;4", dict(votes=("voter_id;vote", "a;1", "b;4", "c;", "d;"))),
    "a voter twice": (Trouble.VOTER_TWICE, " a ;2", dict(votes=("voter_id;vote", "a;1", "b;", "c;", " a ;2"))),
    "a voter without an id": (Trouble.VOTER_EMPTY, ";2", dict(votes=("voter_id;vote", "a;1", "b;", "c;", ";2"))),
    "a project twice": (Trouble.PROJECT_TWICE, "1;40",
                        dict(projects=(HEADER, "1;60;3;Bench", "1;40;2;Lamp", "3;1;1;x"))),
    "a project without an id": (Trouble.PROJECT_EMPTY, ";40",
                                dict(projects=(HEADER, "1;60;3;B", ";40;2;Lamp", "3;1;1;x"))),
    "a project with a comma": (Trouble.PROJECT_WITH_COMMA, "2,1;40", dict(
        projects=(HEADER, "1;60;3;B", "2,1;40;2;Lamp", "3;1;1;x"))),
    "a short project": (Trouble.SHORT_ROW, "2;40", dict(projects=(HEADER, "1;60;3;B", "2;40", "3;1;1;x"))),
    "a long project": (Trouble.LONG_ROW, "2;40;2;a;b", dict(projects=(HEADER, "1;60;3;B", "2;40;2;a;b", "3;1;1;x"))),
    "a short ballot": (Trouble.SHORT_ROW, "lonely", dict(votes=("voter_id;vote", "a;1", "lonely", "c;", "d;"))),
    "a short line of META": (Trouble.SHORT_ROW, "weather", dict(more=("weather",))),
    "a cost that is no number": (Trouble.BAD_NUMBER, "2;1e3",
                                 dict(projects=(HEADER, "1;6;3;B", "2;1e3;2;L", "3;1;1;x"))),
    "a cost below nothing": (Trouble.BAD_NUMBER, "2;-4", dict(projects=(HEADER, "1;6;3;B", "2;-4;2;L", "3;1;1;x"))),
    "no cost": (Trouble.BAD_NUMBER, "2;;", dict(projects=(HEADER, "1;6;3;B", "2;;2;L", "3;1;1;x"))),
    "a cost with a comma": (Trouble.BAD_NUMBER, "2;4,5", dict(projects=(HEADER, "1;6;3;B", "2;4,5;2;L", "3;1;1;x"))),
    "a cost in other digits": (Trouble.BAD_NUMBER, "2;４", dict(projects=(HEADER, "1;6;3;B", "2;４;2;L", "3;1;1;x"))),
    "a cost without end": (Trouble.BAD_NUMBER, "2;99",
                           dict(projects=(HEADER, "1;6;3;B", f"2;{'9' * 5000};2;L", "3;1;1;x"))),
    "a budget that is no number": (Trouble.BAD_NUMBER, "budget;", dict(meta={"budget": "much"})),
    "a limit that is no number": (Trouble.BAD_NUMBER, "max_length", dict(meta={"max_length": "few"})),
    "a number of votes that differs": (Trouble.WRONG_COUNT, "num_votes", dict(meta={"num_votes": "5"})),
    "a number of projects that differs": (Trouble.WRONG_COUNT, "num_projects", dict(meta={"num_projects": "2"})),
    "a day that is none": (Trouble.BAD_DATE, "date_end", dict(meta={"date_end": "31.02.2026"})),
    "a day in another form": (Trouble.BAD_DATE, "date_begin", dict(meta={"date_begin": "2026-09-01"})),
    "a type that is not known": (Trouble.VOTE_TYPE, "vote_type", dict(meta={"vote_type": "scoring"})),
    "a key twice": (Trouble.KEY_TWICE, "unit;again", dict(more=("unit;again",))),
    "a line without a key": (Trouble.KEY_EMPTY, ";again", dict(more=(";again",))),
    "no budget": (Trouble.KEY_MISSING, "date_end", dict(without=("budget",))),
    "a column twice": (Trouble.COLUMN_TWICE, "project_id",
                       dict(projects=("project_id;cost;cost", "1;1;1", "2;1;1", "3;1;1"))),
    "a column without a name": (Trouble.COLUMN_NAMELESS, "project_id", dict(projects=("project_id;;cost", "1;1;1"))),
    "no column of costs": (Trouble.COLUMN_MISSING, "project_id", dict(projects=("project_id;price", "1;1"))),
    "no column of voters": (Trouble.COLUMN_MISSING, "voter;vote", dict(votes=("voter;vote", "a;1"))),
    "a section twice": (Trouble.SECTION_TWICE, "votes", dict(votes=(*VOTES, "votes", *VOTES))),
    "NUL": (Trouble.NUL, "c;\0", dict(votes=("voter_id;vote", "a;1", "b;", "c;\0", "d;"))),
    "a quote that is not closed": (Trouble.QUOTE_NOT_CLOSED, "b;\"1",
                                   dict(votes=("voter_id;vote", "a;1", 'b;"1', "c;", "d;"))),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_fault_has_its_line(name):
    what, part, changes = WRONG[name]
    whole = text(**changes)
    found = fault(whole)
    assert (found.what, found.line) == (what, line_of(whole, part))
    with_mark = fault(b"\xef\xbb\xbf" + whole.replace("\n", "\r\n").encode())
    assert (with_mark.what, with_mark.line) == (found.what, found.line)


@pytest.mark.parametrize("name", ["META", "PROJECTS", "VOTES"])
def test_a_missing_section_is_told_in_the_last_line(name):
    meta, rest = text().split("PROJECTS\n")
    projects, votes = rest.split("VOTES\n")
    parts = {"META": meta, "PROJECTS": f"PROJECTS\n{projects}", "VOTES": f"VOTES\n{votes}"}
    whole = "".join(part for section, part in parts.items() if section != name)
    found = fault(whole)
    assert (found.what, found.given["section"]) == (Trouble.SECTION_MISSING, name)
    assert found.line == whole.count("\n")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t\n"])
def test_an_empty_file_is_told_so(data):
    assert (fault(data).what, fault(data).line) == (Trouble.EMPTY, 1)


def test_a_section_without_a_header_is_told_so():
    assert fault("META\nPROJECTS\nproject_id;cost\n").what is Trouble.HEADER_MISSING
    found = fault(text().split("voter_id")[0])
    assert (found.what, found.given["section"]) == (Trouble.HEADER_MISSING, "VOTES")


def test_something_else_is_told_in_its_first_line():
    assert (fault("\n\n<html>\nMETA").what, fault("\n\n<html>\nMETA").line) == (Trouble.NOT_PABULIB, 3)


def test_another_encoding_is_told_at_its_first_letter():
    whole = text(projects=(HEADER, "1;60;3;Bench", "2;40;2;의자", "P/3;50;1;Tree"))
    data = whole.replace("서울 금천구 주민참여예산", "Seoul").encode("cp949")
    assert (fault(data).what, fault(data).line) == (Trouble.NOT_UTF8, line_of(whole, "2;40;2;의자"))


NOISE = {
    "bytes": lambda: random.Random(7).randbytes(10_000_000),
    "letters": lambda: bytes(random.Random(7).choices(range(32, 127), k=10_000_000)),
    "separators": lambda: b";" * 10_000_000,
    "quotes": lambda: b'"' * 10_000_000,
    "lines": lambda: b"\r" * 5_000_000 + b"x\n" * 2_500_000,
    "a cell": lambda: text().encode() + b"x" * 10_000_000,
    "an open quote": lambda: text().encode() + b'e;"' + b"1,\n" * 3_300_000,
    "rows of ballots": lambda: text().encode() + b"".join(b"%d;9\n" % number for number in range(1_000_000)),
    "a long list": lambda: text().encode() + b"e;" + b"1," * 60_000 + b"x\n",
}


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("name", NOISE)
def test_ten_megabytes_of_noise_are_refused_at_once(name):
    data = NOISE[name]()
    begun = thread_time()
    assert fault(data).line >= 1
    assert thread_time() - begun < 20, "far more than it takes on a busy machine"

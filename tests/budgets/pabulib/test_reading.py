"""The content of a file, whatever its form."""

from fractions import Fraction

import pytest

from civic_forum.budgets.formats.pabulib import Remarkable, differences, remarks
from civic_forum.budgets.formats.pabulib.ballots import VoteType
from civic_forum.budgets.formats.pabulib.making import election_of
from civic_forum.budgets.formats.pabulib.parsing import read

from .texts import META, PROJECTS, VOTES, text


def said(**changes):
    return read(text(**changes).encode())


def test_a_file_says_its_money_its_projects_and_its_ballots():
    file = said()
    assert file.meta["unit"] == "Geumcheon" and list(file.meta) == [key for key, _value in META]
    assert file.budget == 100 and file.vote_type is VoteType.APPROVAL
    assert file.costs == {"1": 60, "2": 40, "P/3": 50}
    assert [ballot.projects for ballot in file.ballots] == [(0, 1), (0,), (0, 1, 2), ()]
    assert file.names() == {"1": "Bench", "2": "Lamp", "P/3": "Tree"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_change_nothing(end, mark):
    assert read(mark + text().replace("\n", end).encode()) == said()


def test_line_ends_may_be_mixed_and_lines_empty():
    lines = text().split("\n")
    mixed = "".join(line + ("\r\n", "\n", "\r", "\n\n \n")[number % 4] for number, line in enumerate(lines))
    assert read(mixed.encode()) == said()


def test_additions_of_a_spreadsheet_change_nothing():
    padded = "\n".join(f"{line};;" if line.strip() else line for line in text().split("\n"))
    assert read(padded.encode()) == said()


def test_columns_stand_in_any_order_and_unknown_ones_are_kept():
    file = said(projects=("colour;cost;name;project_id", "red;60;Bench;1", "blue;40;Lamp;2", ";50;Tree;P/3"),
                votes=("mood;vote;voter_id", "fine;1,2;a", ";1;b", "so;1,2,P/3;c", "so;;d"), more=("weather;rain",))
    assert file.costs == said().costs and file.ballots == said().ballots
    assert list(file.projects.column("colour")) == ["red", "blue", ""]
    assert list(file.votes.column("mood")) == ["fine", "", "so", "so"] and file.meta["weather"] == "rain"


def test_sections_may_stand_in_any_order():
    meta, projects = text().split("PROJECTS\n")
    projects, votes = projects.split("VOTES\n")
    assert read(f"VOTES\n{votes}PROJECTS\n{projects}{meta}".encode()) == said()


def test_money_is_exact():
    file = said(meta={"budget": "2532645.83"}, projects=("project_id;cost", "1;0.1", "2;0.2", "P/3;100000.0"))
    assert file.budget == Fraction("2532645.83")
    assert file.costs["1"] + file.costs["2"] == Fraction(3, 10) and file.costs["P/3"] == 100_000


def test_quotes_hold_separators_line_breaks_and_quotes():
    file = said(projects=("project_id;cost;votes;name", '1;60;3;"a;b"', '2;40;2;"say ""hi"""',
                          'P/3;50;1;"two\r\nlines"'))
    assert list(file.names().values()) == ["a;b", 'say "hi"', "two\nlines"]


def test_a_project_twice_on_a_ballot_counts_once():
    file = said(votes=("voter_id;vote", "a;1,1,2", "b; 1 , 1 ", "c;1,2,P/3", "d;2,"), meta={"max_length": "3"})
    assert [ballot.projects for ballot in file.ballots] == [(0, 1), (0,), (0, 1, 2), (1,)]
    assert {one.what: one.how_many for one in remarks(file)} == {Remarkable.NAMED_TWICE: 2, Remarkable.VOTES_DIFFER: 1}


def test_points_stand_beside_the_projects_and_the_first_counts():
    votes = ("voter_id;points;vote", "a;2,1;1,2", "b;0.5;P/3", "c;3,4;2,2", "d;;")
    file = said(meta={"vote_type": "cumulative"}, votes=votes)
    assert [ballot.points for ballot in file.ballots] == [(2, 1), (Fraction(1, 2),), (3,), ()]
    assert election_of(file).votes == (2, 4, Fraction(1, 2))


def test_a_ranking_without_points_counts_what_it_names():
    file = said(meta={"vote_type": "ordinal"}, votes=("voter_id;vote", "a;2,1", "b;1", "c;P/3,1,2", "d;"))
    assert file.ballots[0].projects == (1, 0)
    assert election_of(file).votes == (3, 2, 1)


def test_the_election_counts_every_row_as_a_ballot():
    election = election_of(said())
    assert election.budget == 100 and election.voters == 4 and election.votes == (3, 2, 1)
    assert [candidate.id for candidate in election.candidates] == ["1", "2", "P/3"]


def test_ballots_that_differ_only_in_their_order_are_one_group():
    election = election_of(said(votes=("voter_id;vote", "a;1,2", "b;2,1", "c;", "d;")))
    assert sorted((group.choices, group.how_many) for group in election.ballots) == [((), 2), ((0, 1), 2)]


def test_the_ballots_count_where_the_votes_column_says_something_else():
    file = said(projects=(PROJECTS[0], "1;60;7;Bench", "2;40;2;Lamp", "P/3;50;?;Tree"))
    assert [(one.project, one.said, one.counted) for one in differences(file)] == [("1", "7", 3), ("P/3", "?", 1)]
    assert differences(file)[0].line == text().split("\n").index(PROJECTS[1]) + 1
    assert election_of(file).votes == (3, 2, 1)


def test_a_withdrawn_project_and_blank_ballots_are_told():
    file = said(projects=(PROJECTS[0], "1;60;3;Bench", "2;40;2;Lamp", "P/3;999999999;1;<b>Tree"))
    assert [(one.what, one.how_many) for one in remarks(file)] == [(Remarkable.BLANK, 1), (Remarkable.BEYOND_BUDGET, 1)]
    assert file.names()["P/3"] == "<b>Tree"


def test_a_voter_may_have_the_name_of_a_section():
    file = said(votes=(*VOTES[:-1], "VOTES;"))
    assert list(file.votes.column("voter_id")) == ["a", "b", "c", "VOTES"]


def test_fewer_choices_than_asked_for_are_no_fault():
    assert said(meta={"min_length": "2", "min_sum_cost": "50"}).ballots == said().ballots

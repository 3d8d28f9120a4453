"""A file that is read and written is the same file, in its normal form."""

import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_forum.budgets.formats.pabulib.making import write
from civic_forum.budgets.formats.pabulib.parsing import read
from tests.running.turns import share

from .texts import META

IDS = st.text(string.ascii_letters + string.digits + "/._- 금천", min_size=1, max_size=8).map(str.strip).filter(
    lambda name: name and name.upper() not in ("META", "PROJECTS", "VOTES"))
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
COLUMNS = st.text(string.ascii_lowercase + "_;\" ", min_size=1, max_size=8).map(str.strip).filter(
    lambda name: name and name not in ("key", "value", "project_id", "cost", "votes", "voter_id", "vote", "points"))
MONEY = st.one_of(st.integers(0, 10**9).map(str), st.decimals(0, 10**7, places=2).map(str), st.just("999999999"))
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def quoted(cell, always):
    """Quotes may stand around any cell; around some they must."""
    if always or cell != cell.strip("\n\r") or any(sign in cell for sign in ';"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


@st.composite
def tables(draw, needed, rows):
    """Lines of a section: the needed columns and some that nobody knows, in any order."""
    columns = draw(st.permutations([*needed, *draw(st.lists(COLUMNS, unique=True, max_size=2))]))
    lines = [columns]
    for row in rows:
        lines.append([row[column] if column in row else draw(CELLS) for column in columns])
    return lines


@st.composite
def files(draw):
    vote_type = draw(st.sampled_from(["approval", "choose-1", "cumulative", "ordinal"]))
    projects = draw(st.lists(IDS, unique=True, min_size=1, max_size=5))
    voters = draw(st.lists(IDS, unique=True, max_size=6))
    ballots = []
    for voter in voters:
        most = 1 if vote_type == "choose-1" else 4
        chosen = draw(st.lists(st.sampled_from(projects), max_size=most))
        if chosen and draw(st.booleans()) and vote_type != "choose-1":
            chosen.append(chosen[0])
        points = [str(draw(st.integers(0, 9))) for _project in chosen]
        end = draw(st.sampled_from(["", ","])) if chosen else ""
        ballots.append({"voter_id": voter, "vote": ",".join(chosen) + end, "points": ",".join(points)})
    meta = dict(META) | {"num_projects": str(len(projects)), "num_votes": str(len(voters)), "vote_type": vote_type,
                         "budget": draw(MONEY), "date_end": draw(st.sampled_from(["2026", "1.2.2026"]))}
    meta |= draw(st.dictionaries(IDS.filter(lambda key: not key.startswith(("min", "max"))), CELLS, max_size=2))
    votes = ["voter_id", "vote"] + ["points"] * (vote_type in ("cumulative", "ordinal"))
    sections = {"META": draw(tables(["key", "value"], [{"key": key, "value": value} for key, value in meta.items()])),
                "PROJECTS": draw(tables(["project_id", "cost"], [{"project_id": project, "cost": draw(MONEY)}
                                                                 for project in projects])),
                "VOTES": draw(tables(votes, ballots))}
    text = ""
    for name in draw(st.permutations(list(sections))):
        text += name + draw(ENDS)
        for row in sections[name]:
            always = draw(st.booleans())
            text += ";".join(quoted(cell, always) for cell in row) + draw(ENDS) + draw(st.sampled_from(["", "\n"]))
    return (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + text.encode(), sections


def one_end(cell):
    return cell.replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=share(300), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(files())
def test_every_file_comes_back_with_each_of_its_cells(made):
    data, sections = made
    file = read(data)
    for name, table in (("META", file.meta_table), ("PROJECTS", file.projects), ("VOTES", file.votes)):
        header, *rows = sections[name]
        assert list(table.columns) == header
        assert [list(row) for row in table.rows] == [[one_end(cell) for cell in row] for row in rows]
    written = write(file)
    again = read(written)
    assert again == file and write(again) == written
    assert (again.budget, again.vote_type, again.costs, again.ballots) == (
        file.budget, file.vote_type, file.costs, file.ballots)
    assert b"\r" not in written and written.startswith(b"META\n")

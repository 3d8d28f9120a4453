"""Sums and counts of promises: the board, the figures, the files of both and the ledgers themselves say the same, also
after the site has made the ledgers of rounds that were entered long after them."""

import re
from collections import Counter
from datetime import date
from html import unescape

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.budgets.projects.models import Project
from civic_forum.commitments import labels
from civic_forum.commitments.models import Commitment, CommitmentEntry
from civic_forum.commitments.queries import board
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind, Status
from civic_forum.commitments.services import backlog
from civic_forum.commitments.standings import ELSEWHERE, Ending, Standing, ending
from civic_forum.platform.base import db
from civic_forum.platform.i18n import won
from tests.conftest import build
from tests.exports.making import rows
from tests.factories import signed_in

from .conftest import on_sqlite

SUMS = {"planned": "계획", "secured": "확보", "executed": "집행"}
PLAIN = {"planned": "쓰기로 한 돈", "secured": "마련한 돈", "executed": "쓴 돈"}
"""As pages call the same sums."""
COUNTED = re.compile(r"약속 ([0-9,]+)개 가운데 ([0-9,]+)개를 지켰")


@pytest.fixture(scope="module")
def caught_up(sample_copy, tmp_path_factory):
    """The district with a ledger for every project of every round."""
    with on_sqlite(sample_copy, tmp_path_factory) as (data, settings):
        app = build(data, SECRET_KEY="", **settings)
        with app.app_context():
            assert backlog.catch_up() == 87 and backlog.catch_up() == 0
            db.session.commit()
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module")
def commitments(caught_up):
    return list(db.session.scalars(sa.select(Commitment)))


@pytest.fixture(scope="module")
def counts(commitments):
    return Counter(map(board.standing_of, commitments))


@pytest.fixture(scope="module")
def sums(commitments):
    """Column → what all that know it come to, and how many do not."""
    known = {name: [getattr(one, name) for one in commitments if getattr(one, name) is not None] for name in SUMS}
    return {name: (sum(values), len(commitments) - len(values)) for name, values in known.items()}


@pytest.fixture(scope="module")
def pages(caught_up):
    db.session.rollback()
    client, office = caught_up.test_client(), caught_up.test_client()
    with office.session_transaction() as session:
        session["_user_id"] = signed_in(db.session.scalars(sa.select(User).filter_by(sign_in_name="official2")).one())
        session["_fresh"] = True
    return {path: (office if path.startswith("/desk") else client).get(path) for path in (
        "/commitments", "/figures", "/desk/figures", "/figures.csv", "/data/commitments.csv")}


def tables(page) -> list[list[list[str]]]:
    """Cells of the rows in each table."""
    cells = re.compile("<t[hd][^>]*>(.*?)</t[hd]>", re.S)
    return [[[unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in cells.findall(row)]
             for row in re.findall("<tr.*?</tr>", table, re.S)]
            for table in re.findall("<table.*?</table>", page, re.S)]


def test_the_ledgers_come_to_what_is_kept_of_them(commitments, sums):
    ledgers = queries.ledgers([one.id for one in commitments])
    for name in SUMS:
        known = [value for ledger in ledgers.values() if not ledger.facts.get("money_shared") and
                 (value := ledger.planned if name == "planned" else getattr(ledger.sums, name)) is not None]
        assert sums[name] == (sum(known), len(commitments) - len(known)), name


def test_the_file_of_the_ledger_has_the_same_sums_and_counts(pages, counts, sums):
    header, *lines = rows(pages["/data/commitments.csv"])
    found = [dict(zip(header, line, strict=True)) for line in lines]
    assert Counter(line["어떻게 되었나요"] for line in found) == {
        str(labels.STANDING[each]): count for each, count in counts.items()}
    for name, word in SUMS.items():
        known = [int(line[f"{word}(원)"]) for line in found if line[f"{word}(원)"]]
        assert (sum(known), len(found) - len(known)) == sums[name], name


def test_the_board_has_the_same_sums_and_counts_and_says_what_it_leaves_out(pages, counts, sums):
    page = unescape(pages["/commitments"].text)
    assert COUNTED.search(page).groups() == (str(counts.total()), str(counts[Standing.KEPT]))
    for each, count in counts.items():
        assert f"{labels.STANDING[each]} {count}개" in page
        assert re.search(rf'standing={each}"[^>]*>(?:(?!</a>).)*\b{count}\b', page, re.S), each
    table = next(table for table in tables(page) if [row[0] for row in table[1:]] == list(PLAIN.values()))
    assert [row[1] for row in table[1:]] == [won(sums[name][0]) for name in SUMS]
    assert "쓰기로 한 돈 {}개, 마련한 돈 {}개, 쓴 돈 {}개".format(*(sums[name][1] for name in SUMS)) in page


@pytest.mark.parametrize("path", ["/figures", "/desk/figures"])
def test_the_figures_have_the_same_counts(pages, counts, path):
    page = unescape(pages[path].text)
    assert COUNTED.search(page).groups() == (str(counts.total()), str(counts[Standing.KEPT]))
    names = [str(labels.STANDING[each]) for each in Standing]
    kept = [table for table in tables(page) if set(names) <= set(table[0])]
    assert len(kept) == 2
    for head, *lines in kept:
        for each in Standing:
            place = head.index(str(labels.STANDING[each]))
            assert sum(int(line[place].rstrip("개")) for line in lines) == counts[each], each


def test_the_file_of_the_figures_has_the_same_sums_and_counts(pages, counts, sums):
    found = {(of, what, how): number for of, what, how, number in rows(pages["/figures.csv"])}
    for each in Standing:
        assert found["약속", str(labels.STANDING[each]), "수"] == str(counts[each])
    for name, word in SUMS.items():
        assert (found["약속의 돈", f"{word}(원)", "아는 약속을 더한 것"],
                found["약속의 돈", f"{word}(원)", "알려지지 않은 약속의 수"]) == tuple(map(str, sums[name]))


def test_nothing_is_called_kept_that_nothing_shows(commitments, counts):
    for one in commitments:
        if board.standing_of(one) is Standing.KEPT:
            assert any(step.is_shown for step in queries.ledger(one.id).milestones), one.title
    assert counts[Standing.KEPT] == 13 and counts[Standing.WRITTEN] == 86


def test_the_whole_of_a_sheet_counts_as_its_plan(commitments, sums):
    cooperation = next(one for one in commitments if one.code == "소통행정-3")
    assert (cooperation.planned, cooperation.secured, cooperation.executed) == (1_194_000_000, 594_000_000, 265_000_000)


def test_a_pledge_that_ended_is_over_and_not_late(commitments):
    elsewhere = [one for one in commitments if one.origin in ELSEWHERE]
    assert len(elsewhere) >= 10 and {board.standing_of(one) for one in elsewhere} == {Standing.OVER}
    assert {ending(one) for one in elsewhere} == {Ending.NEVER_TOLD}


def test_each_late_one_is_so_by_a_day_that_has_passed(commitments):
    for one in commitments:
        if board.standing_of(one) is Standing.LATE:
            assert one.next_due_on < board.today() and one.first_due_on and one.origin not in ELSEWHERE


def test_a_project_of_long_ago_was_promised_when_its_round_was_decided(commitments):
    made = [one for one in commitments if board.standing_of(one) is Standing.WRITTEN]
    assert {one.promised_on for one in made} == {one.begins_on for one in made} == {
        date(2020, 1, 15), date(2021, 1, 1)}
    entries = list(db.session.scalars(sa.select(CommitmentEntry).where(
        CommitmentEntry.commitment_id.in_([one.id for one in made]))))
    done = {entry.on for entry in entries if entry.kind is EntryKind.STATUS and entry.content["status"] == Status.DONE}
    assert done == {date(2020, 12, 20), date(2021, 12, 31)}
    assert {entry.on for entry in entries} == {date(2020, 1, 15), date(2021, 1, 1), *done}
    assert all(entry.by_id is None for entry in entries) and {one.told_on for one in made} == {None}


@pytest.mark.parametrize("code", ["N01", "N25"])
def test_the_page_of_one_says_which_money_is_not_known(caught_up, code):
    project = db.session.scalars(sa.select(Project.id).where(Project.code == code, Project.round_id == 1)).one()
    page = caught_up.test_client().get(f"/commitments/{queries.made_of('project', project)}").text
    assert "쓴 돈은 알려지지 않았어요." in page and "남은 돈" not in page and "알려지지 않음" in page

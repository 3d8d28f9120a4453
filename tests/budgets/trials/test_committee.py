"""The votes of a committee in a trial election: from its file, or typed in for a file that has none."""

from io import BytesIO

import pytest
from lxml import html

from civic_forum.budgets.formats.pabulib.faults import Fault
from civic_forum.budgets.formats.pabulib.making import election_of, with_committee, write
from civic_forum.budgets.formats.pabulib.parsing import read
from civic_forum.budgets.trials import queries
from civic_forum.budgets.trials import services as trials
from civic_forum.budgets.trials.models import BudgetTrial
from civic_forum.budgets.counting.comparing import COMPARED, SideBySide, comparison
from civic_forum.budgets.counting.election import CommitteeVotes
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.budgets.pabulib.texts import line_of, text

WEIGHTED = ("weighted-marks", "weighted-ballots")
COLUMNS = ("committee_votes;project_id;cost;name", "1;1;60;Bench", "3;2;40;Lamp", "4;P/3;50;Tree")
WITH = text(meta={"committee_ballots": "4"}, projects=COLUMNS)
CHOSEN = CommitteeVotes({"1": 1, "2": 3, "P/3": 4}, 4)


def brought_in(town, whole=None, **given):
    by = town.official()
    made = trials.create((whole or text()).encode(), slug="with-committee", at_once=True, by=by, **given)
    trials.publish(made.id, by=by)
    db.session.rollback()
    return queries.by_slug("with-committee")


def test_a_file_tells_what_a_committee_chose_and_is_counted_by_the_weighted_rule():
    election = election_of(read(WITH.encode()))
    assert election.committee == CHOSEN
    assert set(comparison(election, 1)) == set(COMPARED)
    assert comparison(election, 1)["weighted-ballots"].selected == ("2", "P/3")


@pytest.mark.parametrize("whole", [text(), text(meta={"committee_ballots": "4"}), text(projects=COLUMNS),
                                   text(meta={"committee_ballots": ""}, projects=COLUMNS)])
def test_a_file_without_both_parts_has_no_committee_and_no_weighted_rule(whole):
    election = election_of(read(whole.encode()))
    assert election.committee is None and set(comparison(election, 1)) == set(COMPARED) - set(WEIGHTED)


@pytest.mark.parametrize("members, votes, line", [
    ("0", "0", "committee_ballots"), ("501", "1", "committee_ballots"), ("x", "1", "committee_ballots"),
    ("4", "5", "5;"), ("4", "-1", "-1;"), ("4", "1.5", "1.5;"), ("4", "", ";1"), ("4", "four", "four;"),
    ("4", "٣", "٣;")])
def test_a_committee_that_cannot_be_is_refused_with_its_line(members, votes, line):
    whole = text(meta={"committee_ballots": members}, projects=(COLUMNS[0], f"{votes};1;60;Bench", *COLUMNS[2:]))
    with pytest.raises(Fault) as refused:
        read(whole.encode())
    assert refused.value.line == line_of(whole, line)


@pytest.mark.parametrize("whole", [text(), text(meta={"num_votes": "1"}, votes=("vote;voter_id", '"1,2";"a;b"'))])
def test_votes_that_are_added_change_nothing_else_and_come_back(whole):
    file = read(whole.encode())
    found = read(write(with_committee(file, CommitteeVotes({"2": 3}, 4))))
    assert found.committee == CommitteeVotes({"1": 0, "2": 3, "P/3": 0}, 4)
    assert found.ballots == file.ballots and found.votes == file.votes and found.costs == file.costs
    assert list(found.meta.items())[:-1] == list(file.meta.items())


def test_typed_votes_become_part_of_the_file_that_everybody_takes(town, browse):
    trial = brought_in(town, committee=" P/3 | 4 \n\n2|3\r\n1 |1", committee_ballots="4")
    file = read(queries.file_of(trial.id))
    assert file.committee == CHOSEN and queries.file_of(trial.id) == browse().get(
        "/budgets/trials/with-committee/election.pb").data
    shown = SideBySide(trial.result)
    assert shown.committee == CHOSEN and shown.election.committee == CHOSEN
    assert [one.name for one in shown.rules] == list(COMPARED)


def test_the_worker_counts_what_was_typed(town):
    made = trials.create(text().encode(), slug="later", committee="2 | 3", committee_ballots="3", at_once=False,
                         by=town.official())
    assert trials.count(made.id)
    db.session.rollback()
    assert queries.by_slug("later").result["committee"] == {"ballots": 3, "votes": {"1": 0, "2": 3, "P/3": 0}}


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize("typed, members, field, said", [
    ("1 | 2", "", "committee_ballots", "3명부터 500명"), ("1 | 2", "2", "committee_ballots", "3명부터 500명"),
    ("1 | 2", "501", "committee_ballots", "3명부터 500명"), ("1 | 2", "네", "committee_ballots", "3명부터 500명"),
    ("", "4", "committee", "한 줄에 하나씩"), ("1 | 0", "4", "committee", "한 줄에 하나씩"),
    ("1 | 2\n9 | 1", "4", "committee", "2번째 줄(9 | 1): 파일에 없는"),
    ("1 | 2\n\n1 | 3", "4", "committee", "3번째 줄(1 | 3): 같은"),
    ("1 | 5", "4", "committee", "1번째 줄(1 | 5): 사업 번호와"), ("1 2", "4", "committee", "1번째 줄(1 2): 사업 번호와"),
    ("1 | -1", "4", "committee", "A01 | 24"), ("1 | ", "4", "committee", "A01 | 24"), ("| 2", "4", "committee", "없는")])
def test_a_choice_that_no_committee_can_have_made_is_refused_at_its_field(town, browse, typed, members, field, said):
    facts = {"file": (BytesIO(text().encode()), "last.pb"), "slug": "last", "committee": typed,
             "committee_ballots": members}
    answer = browse(town.moderator()).post("/desk/trials/new", data=facts)
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert said in page.xpath(f"string(//*[@id='{field}-error'])")
    assert page.xpath("string(//textarea[@name='committee'])").split() == typed.split()
    db.session.rollback()
    assert db.session.query(BudgetTrial).count() == 0


def test_votes_are_not_typed_over_those_of_a_file(town):
    for whole in (WITH, text(projects=COLUMNS)):
        with pytest.raises(Refusal, match="이미 적혀") as refused:
            brought_in(town, whole, committee="1 | 2", committee_ballots="4")
        assert refused.value.field == "committee"


def test_its_page_shows_the_weighted_rule_each_alone_and_reasons(town, browse):
    brought_in(town, WITH)
    page = html.fromstring(browse().get("/budgets/trials/with-committee").text)
    assert len(page.xpath("//*[contains(@class, 'rule-cards')]/li")) == len(COMPARED)
    assert "투표한 주민 4명, 위원 4명" in page.xpath("string(//section[@id='weighing'])")
    for rule in WEIGHTED:
        reasons = html.fromstring(browse().get(f"/budgets/trials/with-committee/{rule}").text).xpath("string(//main)")
        assert "주민" in reasons and "위원회" in reasons and "점" in reasons


def test_a_trial_without_a_committee_says_why_there_is_no_weighted_rule(town, browse):
    brought_in(town)
    said = browse().get("/budgets/trials/with-committee")
    assert "위원회의 표가 있어야 해서" in said.text and 'id="weighing"' not in said.text
    assert browse().get(f"/budgets/trials/with-committee/{WEIGHTED[0]}").status_code == 404

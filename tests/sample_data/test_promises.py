"""The promises of the sample district: everything that was promised is kept in a ledger, and the ledgers of those that
were printed come to the printed figures."""

import json
from collections import Counter, defaultdict
from datetime import date, datetime

import pytest
import sqlalchemy as sa

from civic_forum.answers.models import Answer
from civic_forum.answers.rules import PROMISES as ANSWERED_FOR
from civic_forum.answers.rules import AnswerKind
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import ProjectState
from civic_forum.commitments import faults, rules
from civic_forum.commitments.ledger import applied, fold
from civic_forum.commitments.models import Commitment, CommitmentEntry, CommitmentNews
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import Entry, EntryKind, EntryState, Fault, Ledger, Source, Status
from civic_forum.forums.record.models import Decision
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.rules import PROMISES
from civic_forum.plans.models import Plan
from civic_forum.plans.rules import differences
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL, local
from civic_forum.sample_data.ledgers import SaidOf
from civic_forum.sample_data.people import read
from civic_forum.sample_data.timeline import resolved

pytestmark = pytest.mark.usefixtures("district")
THOUSAND, MILLION = 1_000, 1_000_000
TOLD = {one["key"]: one for one in read("promises")}


def commitment(key: str) -> Commitment:
    return db.session.scalars(sa.select(Commitment).filter_by(title=TOLD[key]["title"])).one()


def ledger(key: str) -> Ledger:
    return queries.ledger(commitment(key).id)


def columns(found: Ledger, unit: int) -> dict[int, tuple]:
    """Year → planned, secured, executed in this unit."""
    return {one.year: tuple(None if won is None else won / unit for won in (one.planned, one.secured, one.executed))
            for one in found.lines}


def entries(key: str, kind: EntryKind) -> list[CommitmentEntry]:
    return [one for one in queries.entries(commitment(key).id) if one.kind is kind]


# Everything that was promised is there


@pytest.mark.parametrize(("kind", "model", "conditions"), [
    ("answer", Answer, (Answer.kind == AnswerKind.FINAL, Answer.outcome.in_(ANSWERED_FOR))),
    ("outcome", Outcome, (Outcome.decision.in_(PROMISES),)),
    ("project", Project, (Project.state == ProjectState.IN_BUDGET,)),
    ("forum_decision", Decision, (Decision.department_id.is_not(None), Decision.removed_at.is_(None))),
])
def test_everything_that_promises_has_a_commitment(kind, model, conditions):
    ids = db.session.scalars(sa.select(model.id).where(*conditions)).all()
    assert ids and all(queries.made_of(kind, one) for one in ids)


def test_every_promise_of_the_file_has_one_with_its_facts():
    assert len(TOLD) == 33
    for key, told in TOLD.items():
        found = commitment(key)
        assert (found.department.name_ko, found.goal.startswith(told["goal"]), found.field, found.code) == (
            told["department"], True, told["field"], told.get("code")), key
        assert Counter(one.name_ko for one in found.neighbourhoods) == Counter(told.get("neighbourhoods", ())), key


def test_each_has_come_as_far_as_its_text_says():
    words = {"정상추진": Status.ON_TRACK, "지연": Status.LATE, "완료": Status.DONE, "보류": Status.ON_HOLD, "폐기": Status.DROPPED}
    for key, told in TOLD.items():
        found, history = ledger(key), told.get("status_history")
        assert found.status == (words[history[-1]["to"]] if history else None), key
        stones = told.get("milestones", ()) if found.status is not Status.DROPPED else ()
        reached = sum(one["weight"] for one in stones if one["reached"]) if stones else None
        assert found.progress == (0 if found.status is Status.DROPPED else reached), key
        slips = [one.why for one in found.slips if one.milestone]
        assert slips == [one["reason"] for one in told.get("slips", ())], key
        assert len(found.quarters) == len(told.get("quarters", ())), key


def test_each_is_on_the_desk_of_a_department():
    for one in db.session.scalars(sa.select(Commitment)):
        assert one.department_id and not one.origin_lost and not one.waiting, one.title


def test_every_entry_was_written_on_its_day_and_could_be():
    """A day before the site opened is the only one that was told later."""
    opened = date(2019, 12, 9)
    for one in db.session.scalars(sa.select(CommitmentEntry)):
        assert one.state is EntryState.APPROVED and one.on <= local(one.at).date() and one.at <= clock.now()
        assert local(one.at).date() >= opened
    for one in db.session.scalars(sa.select(Commitment)):
        told = [queries.entry_as_said(row) for row in queries.entries(one.id)]
        for number in range(len(told)):
            assert faults.fault(fold(told[:number]), told[number]) is None, (one.title, told[number])


def test_nobody_hears_of_what_is_past():
    news = db.session.scalars(sa.select(CommitmentNews.told_at)).all()
    assert news and all(news)


def test_a_promise_of_a_forum_that_a_budget_pays_is_one_commitment():
    found = commitment("tree-benches")
    assert [one.ref.kind for one in queries.origins(found.id)] == ["forum_decision", "project"]
    assert (found.promised_on, found.first_due_on) == (date(2020, 11, 12), date(2021, 3, 31))
    project = queries.origins(found.id)[1].record
    assert project.state is ProjectState.IN_PROGRESS


@pytest.mark.parametrize("key", ["shared-parking", "grab-bars", "market-toilet", "outing-van"])
def test_a_promise_is_due_with_its_last_step(key):
    one, steps = commitment(key), ledger(key).milestones
    assert (one.first_due_on, one.ends_on) == (max(step.first_due_on for step in steps), None)
    assert one.done_on or one.due_on == max(step.due_on for step in steps)


# Printed figures


def test_cooperation_is_as_it_was_printed():
    found, one = ledger("cooperation"), commitment("cooperation")
    assert found.total == 1194 * MILLION and one.code == "소통행정-3" and one.due_on.year == 2022 and one.with_all
    assert columns(found, MILLION) == {2018: (None, 138, 131), 2019: (None, 156, 134), 2020: (None, 300, 0),
                                       2021: (300, None, 0), 2022: (300, None, 0)}
    assert {line.source for line in found.lines} == {Source.CITY}
    assert (found.sums.secured, found.sums.executed, found.sums.rest) == (594 * MILLION, 265 * MILLION, 329 * MILLION)
    assert found.status is Status.ON_TRACK and found.progress is None
    assert found.printed["percent"] == 22 == round(100 * found.printed["numerator"] / found.printed["denominator"])
    assert (found.printed["numerator"], found.printed["denominator"]) == (found.sums.executed, found.total)
    assert [one["target"] for one in found.targets] == [
        {"2018": 5, "2019": 7, "2020": 8, "2021": 10, "2022": 10},
        {"2018": 5, "2019": 5, "2020": 6, "2021": 6, "2022": 6}]
    log = entries("cooperation", EntryKind.LOG)
    days = sorted(one.on for one in log)
    assert len(log) == 26 and (days[0], days[-1]) == (date(2018, 7, 4), date(2019, 12, 23))


def test_village_democracy_adds_up_by_item_and_source():
    found = ledger("village-democracy")
    by_item, by_source = Counter(), Counter()
    for line in found.lines:
        by_item[line.item] += line.planned // MILLION
        by_source[line.source] += line.planned // MILLION
    assert by_source == {Source.CITY: 1070, Source.DISTRICT: 3035} and found.total == 4105 * MILLION
    assert by_item == {"주민자치사업 활성화": 1550, "동단위 공동체 활성화": 465, "동단위 시민참여예산 사업": 1380, "동특성화사업": 500, "찾아가는 동주민센터": 210}
    by_year = {year: sum(line.planned // MILLION for line in found.lines if line.year == year)
               for year in range(2018, 2023)}
    assert by_year == {2018: 875, 2019: 995, 2020: 745, 2021: 745, 2022: 745} and found.status is None


def test_welfare_hub_is_as_it_was_printed():
    found = ledger("welfare-hub")
    assert columns(found, MILLION) == {2014: (250, None, 250), 2015: (4000, None, 3750), 2016: (10250, None, 10220),
                                       2017: (2950, None, None)}
    assert (found.total, found.sums.planned, found.sums.executed) == (17450 * MILLION, 17450 * MILLION, 14220 * MILLION)
    assert (found.targets[0]["target"], found.targets[0]["achieved"]) == (
        {"2016": 204, "2017": 59}, {"2015": 79, "2016": 204})
    assert found.facts["code"] == "7-1-3"


def test_the_plan_of_2021_has_17_projects_for_900_000():
    found, one = ledger("innovation-2021"), commitment("innovation-2021")
    assert found.targets[0]["target"] == {"2021": 17} and found.total == found.sums.planned == 900_000 * THOUSAND
    assert {line.source for line in found.lines} == {Source.CITY}
    assert found.milestone("m1").reached_on == date(2020, 9, 17)
    of_plan = Counter(db.session.scalars(sa.select(Plan.slug).join(Commitment, Commitment.plan_id == Plan.id)))
    assert of_plan == {"innovation-2021": 1, "department-2021": 7} and one.plan_id
    plans = {plan.slug: plan for plan in db.session.scalars(sa.select(Plan))}
    assert {slug: [(version.count, version.total // THOUSAND) for version in plan.versions]
            for slug, plan in plans.items()} == {
        "innovation-2021": [(17, 900_000)] * 2, "sister-2021": [(8, 1_000_000), (7, 850_000)],
        "department-2021": [(15, 6_763_492)], "siheung5-2021": [(5, 37_300), (5, 36_700)]}
    told = differences(*(version.facts for version in plans["sister-2021"].versions))
    assert told.percent == "-15" and [(change.action.key, change.by // THOUSAND) for change in told.changes] == [
        ("s1", -10_000), ("s4", 5_000), ("s5", -5_000), ("s8", -140_000)]
    assert all(version.printed in (None, sum(action.total for action in version.facts))
               for plan in plans.values() for version in plan.versions)
    assert plans["innovation-2021"].versions[0].about.kind == "meeting_item"
    assert ledger("living-lab").total == 60_000 * THOUSAND
    assert ledger("platform").targets[0]["achieved"] == {"2020": 44}


# The file


@pytest.mark.parametrize("loaded", ["2026-11-26T09:00", "2027-01-01T00:05", "2028-02-29T12:00", "2030-10-03T23:50"])
def test_whenever_it_is_loaded_every_entry_can_follow_the_ones_before(loaded):
    moment = datetime.fromisoformat(loaded).replace(tzinfo=SEOUL)
    for told in read("promises"):
        said = SaidOf(resolved(told, moment), defaultdict(int))
        facts = {"due_on": "2021-03-31"} if "also_from" in told else said.facts  # promised at a forum before
        found = fold([Entry(1, EntryKind.FACTS, said.begun, facts)])
        for number, (on, kind, content) in enumerate(said.in_order(), 2):
            entry = Entry(number, kind, on, json.loads(json.dumps(content)))
            assert faults.fault(found, entry) in (None, Fault.SAME_STATUS, Fault.OVER), (told["key"], entry)
            found = applied(found, entry)
        assert found.is_over or found.progress != rules.WHOLE, told["key"]

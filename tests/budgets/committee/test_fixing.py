"""The remains of the committee's marks: sums, public from one moment on and never changed after."""

import json
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from threading import Barrier

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.ballots.models import VoteNotice
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.officials import services as confirmations
from civic_forum.budgets.committee import services
from civic_forum.budgets.committee import queries as committee
from civic_forum.budgets.committee.models import CommitteeMark
from civic_forum.budgets.models import BudgetRound, Envelope
from civic_forum.budgets.rules import Counting, Phase, ProjectState
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.counting.settings import CountingRules, Share
from civic_forum.budgets.process import PROCESS
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.budgets import making

from .weighted import RULES, seated, weighted


def votes_of(budget_round) -> dict[str, int | None]:
    return dict(db.session.execute(sa.select(Project.code,
                                             Project.committee_votes).filter_by(round_id=budget_round.id)).all())


def round_again(budget_round) -> BudgetRound:
    return db.session.get(BudgetRound, budget_round.id, populate_existing=True)


def marks_left() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(CommitteeMark))


def finish(budget_round, codes, members) -> None:
    for _member, user in members:
        services.recommend(budget_round.id, codes, finished=True, by=user)


def test_once_all_finished_the_sums_stay_and_the_marks_are_gone(town):
    budget_round = weighted(town)
    a, b, other = making.project(town, budget_round), making.project(town, budget_round), making.project(
        town, budget_round, state=ProjectState.NOT_ELIGIBLE)
    (_one, first), (_two, second), (_three, third) = seated(town, budget_round, 3)
    services.recommend(budget_round.id, {a.code, b.code}, finished=True, by=first)
    services.recommend(budget_round.id, {a.code}, finished=True, by=second)
    services.recommend(budget_round.id, set(), finished=True, by=third)
    services.fix(budget_round.id, by=town.moderator())
    assert votes_of(budget_round) == {a.code: 2, b.code: 1, other.code: None}
    fixed = round_again(budget_round)
    assert fixed.committee_size == 3 and fixed.committee_fixed_at and fixed.committee_note is None
    assert marks_left() == 0 and len(committee.members(budget_round.id)) == 3


def test_nothing_is_added_up_while_the_phase_goes_on_and_somebody_has_not_finished(town):
    budget_round = weighted(town)
    a = making.project(town, budget_round)
    *others, (_member, last) = seated(town, budget_round, 4)
    finish(budget_round, {a.code}, others)
    services.recommend(budget_round.id, {a.code}, by=last)
    with pytest.raises(Conflict, match="모두 마치거나"):
        services.fix(budget_round.id, by=town.moderator())
    assert votes_of(budget_round) == {a.code: None} and marks_left() == 4


def test_after_the_phase_those_who_finished_are_counted(town):
    budget_round = weighted(town)
    a = making.project(town, budget_round)
    *others, (_member, last) = seated(town, budget_round, 4)
    finish(budget_round, {a.code}, others)
    services.recommend(budget_round.id, {a.code}, by=last)
    making.moved_to(budget_round, Phase.VOTING)
    services.fix(budget_round.id, by=town.moderator())
    assert votes_of(budget_round) == {a.code: 3} and round_again(budget_round).committee_size == 3


@pytest.mark.parametrize("phase", [Phase.COMMITTEE, Phase.VOTING])
@pytest.mark.parametrize("how_many", [1, 2])
def test_so_few_that_the_sums_tell_who_recommends_what_are_never_fixed(town, phase, how_many):
    budget_round = weighted(town)
    a = making.project(town, budget_round)
    finish(budget_round, {a.code}, seated(town, budget_round, how_many))
    making.moved_to(budget_round, phase)
    with pytest.raises(Conflict, match="마친 위원이 3명보다 적어서"):
        services.fix(budget_round.id, by=town.moderator())
    with pytest.raises(Refusal, match="위원 3명 이상") as refused:
        services.enter(budget_round.id, how_many, {a.code: 1}, "회의", by=town.moderator())
    assert refused.value.field == "members"
    assert votes_of(budget_round) == {a.code: None} and marks_left() == how_many
    assert round_again(budget_round).committee_fixed_at is None


def test_nobody_fixes_what_nobody_finished(town):
    budget_round = weighted(town, phase=Phase.VOTING)
    making.project(town, budget_round)
    seated(town, budget_round, 2)
    with pytest.raises(Conflict):
        services.fix(budget_round.id, by=town.moderator())


def test_sums_of_a_meeting_on_paper_take_the_place_of_marks(town):
    budget_round = weighted(town)
    a, b = making.project(town, budget_round), making.project(town, budget_round)
    (_one, first), = seated(town, budget_round, 1)
    services.recommend(budget_round.id, {b.code}, by=first)
    services.enter(budget_round.id, 40, {a.code: 23, b.code: 0}, " 9월 3일 대강당 ", by=town.moderator())
    fixed = round_again(budget_round)
    assert votes_of(budget_round) == {a.code: 23, b.code: 0} and (fixed.committee_size, fixed.committee_note) == (
        40, "9월 3일 대강당")
    assert marks_left() == 0


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("members", "given", "note", "field"), [
    (0, {"A01": 0}, "회의", "members"), (501, {"A01": 0}, "회의", "members"), (3, {"A01": 4}, "회의", "members"),
    (3, {"A01": -1}, "회의", "members"), (3, {"A01": 1}, "  ", "note"), (3, {"A01": 1}, "가" * 301, "note"),
    (3, {}, "회의", None), (3, {"A01": 1, "B01": 1}, "회의", None),
    (3, {"A01": 1}, "주민등록번호 900101-1234568", "note"),
])
def test_sums_that_cannot_be_are_refused_and_leave_nothing(town, members, given, note, field):
    budget_round = weighted(town)
    making.project(town, budget_round)
    with pytest.raises(Refusal) as refused:
        services.enter(budget_round.id, members, given, note, by=town.moderator())
    assert refused.value.field == field
    assert votes_of(budget_round) == {"A01": None} and round_again(budget_round).committee_fixed_at is None
    assert round_again(budget_round).committee_note is None


@pytest.mark.both
def test_a_fixed_committee_is_not_fixed_again_named_or_recommended(town):
    budget_round = weighted(town)
    a = making.project(town, budget_round)
    (member, first), *others = seated(town, budget_round, 3)
    moderator = town.moderator()
    finish(budget_round, {a.code}, [(member, first), *others])
    services.fix(budget_round.id, by=moderator)
    for asked in (lambda: services.fix(budget_round.id, by=moderator),
                  lambda: services.enter(budget_round.id, 3, {a.code: 0}, "회의", by=moderator),
                  lambda: services.name(budget_round.id, town.user().id, by=moderator),
                  lambda: services.take_out(budget_round.id, member.id, by=moderator),
                  lambda: services.reopen(budget_round.id, by=first),
                  lambda: services.recommend(budget_round.id, set(), by=first)):
        with pytest.raises(Denied):
            asked()
    assert votes_of(budget_round) == {a.code: 3} and round_again(budget_round).committee_size == 3


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("rules, may", [
    (RULES, True), (RULES.with_(skips=False), True), (RULES.with_(weights={"residents": 2, "committee": 2}), True),
    (RULES.with_(share=Share.BALLOTS), False), (CountingRules(), False),
    (RULES.with_(weights={"residents": Fraction(9, 10), "committee": Fraction(1, 10)}), False),
    (RULES.with_(weights={"residents": Fraction(1)}), False)])
def test_once_the_committee_is_fixed_its_weight_and_share_stay(town, rules, may):
    budget_round = weighted(town)
    finish(budget_round, {making.project(town, budget_round).code}, seated(town, budget_round, 3))
    services.fix(budget_round.id, by=town.moderator())
    before, moderator = round_again(budget_round), town.moderator()
    version, counting = before.version, before.counting
    if may:
        PROCESS.write(budget_round.id, Counting(rules), version=version, by=moderator)
    else:
        with pytest.raises(Conflict, match="비중이 얼마인지") as refused:
            PROCESS.write(budget_round.id, Counting(rules), version=version, by=moderator)
        assert refused.value.field == "rule"
    db.session.rollback()
    assert (round_again(budget_round).version != version) is may
    assert may or round_again(budget_round).counting == counting


def test_before_that_they_may_be_said_anew(town):
    budget_round = weighted(town)
    PROCESS.write(budget_round.id, Counting(RULES.with_(share=Share.BALLOTS)), version=budget_round.version,
                 by=town.moderator())
    assert round_again(budget_round).counting["share"] == "ballots"


def test_a_project_that_became_fit_later_gets_its_sum_from_the_same_members(town):
    budget_round, moderator = weighted(town), town.moderator()
    a = making.project(town, budget_round)
    services.enter(budget_round.id, 5, {a.code: 4}, "회의", by=moderator)
    late = making.project(town, budget_round)
    assert [one.code for one in committee.undecided(budget_round.id)] == [late.code]
    for votes, wrong in (({late.code: 6}, Refusal), ({a.code: 1}, Conflict), ({}, Conflict),
                         ({a.code: 1, late.code: 1}, Conflict)):
        with pytest.raises(wrong):
            services.complete(budget_round.id, votes, by=moderator)
    with pytest.raises(Denied):
        services.complete(budget_round.id, {late.code: 1}, by=town.official())
    services.complete(budget_round.id, {late.code: 5}, by=moderator)
    assert votes_of(budget_round) == {a.code: 4, late.code: 5} and round_again(budget_round).committee_size == 5
    with pytest.raises(Conflict):
        services.complete(budget_round.id, {late.code: 5}, by=moderator)


def test_fixed_votes_are_annulled_with_a_public_reason_and_the_committee_begins_anew(town):
    budget_round, moderator = weighted(town), town.moderator()
    a = making.project(town, budget_round)
    members = seated(town, budget_round, 3)
    with pytest.raises(Denied):
        services.annul(budget_round.id, "아직 없어요", by=moderator)
    finish(budget_round, {a.code}, members)
    services.fix(budget_round.id, by=moderator)
    for reason in ("", " ", "가" * 301, "주민등록번호 900101-1234568"):
        with pytest.raises(Refusal):
            services.annul(budget_round.id, reason, by=moderator)
    services.annul(budget_round.id, "한 사업의 금액이 잘못 적혀 있었어요.", by=moderator)
    again = round_again(budget_round)
    assert (again.committee_size, again.committee_fixed_at, again.committee_note) == (0, None, None)
    assert votes_of(budget_round) == {a.code: None}
    notice = db.session.scalar(sa.select(VoteNotice))
    assert notice.subject == f"budget_round:{budget_round.id}" and notice.text == "한 사업의 금액이 잘못 적혀 있었어요."
    finish(budget_round, set(), members)
    services.fix(budget_round.id, by=moderator)
    assert votes_of(budget_round) == {a.code: 0}


def test_a_box_that_is_prepared_says_what_the_committee_says_now(town):
    budget_round, moderator = weighted(town, phase=Phase.VOTING, envelopes=0), town.moderator()
    making.envelope(budget_round, max_choices=1)
    a, b = making.project(town, budget_round), making.project(town, budget_round)
    services.enter(budget_round.id, 5, {a.code: 4, b.code: 1}, "회의", by=moderator)
    made = making.prepared(town, budget_round=budget_round, by=moderator)
    assert json.loads(made.envelopes[0].box.definition)["budget"]["committee"] == {"ballots": 5, "votes": [4, 1]}
    services.annul(budget_round.id, "다시 세어 보니 달랐어요.", by=moderator)
    with pytest.raises(Refusal):
        confirmations.propose(ConfirmedAction.OPEN, made.envelopes[0].box_id, by=town.official())
    services.enter(budget_round.id, 6, {a.code: 2, b.code: 3}, "회의", by=moderator)
    box = db.session.get(Envelope, made.envelopes[0].id, populate_existing=True).box
    assert json.loads(box.definition)["budget"]["committee"] == {"ballots": 6, "votes": [2, 3]}


def test_a_mark_and_a_fixing_at_the_same_moment_leave_no_mark_behind(town, app):
    """Whichever comes second: the mark is counted before, or refused after."""
    budget_round = weighted(town)
    a = making.project(town, budget_round)
    *others, (_member, second) = seated(town, budget_round, 3)
    finish(budget_round, {a.code}, others)
    round_id, code, user_id, moderator_id = budget_round.id, a.code, second.id, town.moderator().id
    db.session.rollback()
    start = Barrier(2)

    def act(what, who):
        with app.app_context():
            start.wait()
            try:
                return what(db.session.get(User, who))
            except Refusal as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        marking = pool.submit(act, lambda by: services.recommend(round_id, {code}, finished=True, by=by), user_id)
        fixing = pool.submit(act, lambda by: services.fix(round_id, by=by), moderator_id)
        marked, fixed = marking.result(), fixing.result()
    assert not isinstance(marked, Refusal), "nobody fixes before all have finished"
    if isinstance(fixed, Refusal):
        services.fix(round_id, by=db.session.get(User, moderator_id))
    assert votes_of(budget_round) == {code: 3} and marks_left() == 0

"""Versions of a plan from a table to commitments, over the pages and by two people."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.blocks import kinds
from civic_forum.commitments.models import Commitment, CommitmentEntry
from civic_forum.commitments.queries import records
from civic_forum.commitments.rules import EntryKind, EntryState
from civic_forum.plans import queries as known
from civic_forum.plans import services
from civic_forum.plans.models import PlanAction
from civic_forum.plans.rules import VersionState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import local

from .making import in_force, many, passed, plan, table, written

SEVENTEEN = many(17) + "\n합계,,,,\"17,500\",\n※ 시비 100%,,,,,"


def today():
    return local(clock.now()).date()


@pytest.mark.both
def test_a_table_is_asked_decided_and_every_action_becomes_a_commitment(town, pair, browse):
    first, second = pair
    council, thing = passed(town, town.user())
    desk, visitor = browse(first), browse()
    made = plan(first, body_id=council.id)
    here, public = f"/desk/plans/{made.slug}/1", f"/plans/{made.slug}"
    assert visitor.get(public).status_code == 404 and visitor.get(f"{public}/1.csv").status_code == 404
    page = desk.post(f"{here}/table", data={"pasted": SEVENTEEN}).text
    assert "달라지는 것 17개" in page and "적힌 합 1,750만 원, 세어 본 합 1,700만 원" in page and "※ 시비 100%" in page
    assert desk.post(f"{here}/table", data={"pasted": many(1) + "\n,,,,5," * 4_500}).status_code == 422
    sent = {"pasted": SEVENTEEN, "act": "write", "seen": str(known.plan(made.slug).version)}
    assert desk.post(f"{here}/table", data=sent).status_code == 303
    assert desk.post(f"{here}/table", data=sent).status_code == 409  # somebody wrote since
    assert "달라지는 것 0개" in desk.post(f"{here}/table", data={"pasted": SEVENTEEN}).text
    assert desk.get(f"{public}/1.csv").text.count("교통행정과") == 17
    assert desk.post(here, data={"act": "ask"}).status_code == 303
    page = visitor.get(public).text
    assert "묻는 중" in page and "세어 본 합 1,700만 원" in page and "함께 하는 일 17번째" in page
    assert desk.post(here, data={"act": "decide", "about": "poll:1", "on": str(today())}).status_code == 422
    assert desk.post(here, data={"act": "decide", "about": thing, "on": str(today())}).status_code == 303
    assert desk.post(here, data={"act": "send", "document": "자치과-17", "on": str(today())}).status_code == 303
    assert desk.post(here, data={"act": "force"}).status_code == 303
    db.session.rollback()
    version = known.version_of(known.plan(made.slug), 1)
    seen = services.FORCE.pending(services.subject_of(version)).fingerprint.hex()
    assert desk.post(here, data={"act": "confirm", "seen": seen}).status_code == 403
    assert here in browse(second).get("/desk").text
    page = browse(second).get(here).text
    assert page.count("새 약속이에요") == 17 and "2031. 11. 30." in page and seen in page
    assert browse(second).post(here, data={"act": "confirm", "seen": seen}).status_code == 303
    db.session.rollback()
    promised = db.session.scalars(sa.select(Commitment).order_by(Commitment.id)).all()
    assert len(promised) == 17 and {each.plan_id for each in promised} == {made.id}
    assert {(each.planned, each.due_on, each.department_id) for each in promised} == {
        (1_000_000, date(2031, 11, 30), min(first.department_ids()))}
    page = visitor.get(public).text
    assert "실행 계획" in page and "자치과-17" in page and page.count('href="/commitments/') == 17
    assert "계획을 정해요" in page and made.title in visitor.get("/plans").text
    assert f'href="{public}"' in visitor.get(f"/commitments/{promised[0].id}").text
    _next_version(made, thing, pair, promised, visitor)


def _next_version(made, thing, pair, promised, visitor):
    """Differences from commitments that are there wait by themselves; those of dropped actions say so."""
    first, second = pair
    services.next_version(made.slug, "줄인 안", by=first)
    assert not written(made.slug, 2, many(17), first)  # the same table changes nothing
    lines = many(17).splitlines()[1:]
    lines[0] = lines[0].replace('"1,000"', "700").replace("11", "12")
    written(made.slug, 2, table(*lines[:16]), first)
    in_force(made.slug, 2, thing, first, second, today())
    db.session.rollback()
    waiting = db.session.scalars(sa.select(CommitmentEntry).filter_by(state=EntryState.WAITING)).all()
    assert {(each.commitment_id, each.kind) for each in waiting} == {
        (promised[0].id, EntryKind.MONEY), (promised[0].id, EntryKind.SLIP)}
    assert records.ledger(promised[0].id).planned == 1_000_000
    assert db.session.get(Commitment, promised[16].id).origin_lost
    third = services.next_version(made.slug, "", by=first).number
    services.decide(made.slug, third, thing, today(), by=first)
    services.next_version(made.slug, "", by=first)
    in_force(made.slug, third + 1, thing, first, second, today())
    with pytest.raises(Denied):  # a newer one is in force
        services.propose_force(made.slug, third, by=first)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Commitment)) == 17
    plan_now = known.plan(made.slug)
    assert [version.state for version in plan_now.versions] == [
        VersionState.REPLACED, VersionState.REPLACED, VersionState.DECIDED, VersionState.IN_FORCE]
    page = visitor.get(f"/plans/{made.slug}/changes?from=1&to=2").text
    assert '<p class="num">' not in page, "a sum with its difference breaks on a phone"
    assert "앞선 판보다 7.6% 줄었어요" in page and "함께 하는 일 17번째" in page and "그대로인 과제 15개" in page
    for wrong in ("?from=9", "?from=x&to=1"):
        assert visitor.get(f"/plans/{made.slug}/changes{wrong}").status_code in (404, 422)
    rolled = services.roll_over(made.slug, by=first)
    assert (rolled.year, rolled.title) == (2032, "2032년 지역사회혁신계획")
    version = known.plan(rolled.slug).versions[0]
    assert version.count == 16 and version.actions[0].facts.money[0].year == 2032 and version.total == 15_700_000
    with pytest.raises(Conflict):
        services.roll_over(made.slug, by=first)


@pytest.mark.both
def test_one_version_is_asked_at_a_time_and_others_have_no_say(town, pair):
    first, second = pair
    _council, thing = passed(town, town.user())
    made = plan(first, text=table("1,기반,함께 해요,교통행정과,5,"))
    other = town.official(department=town.department("도로과"))
    for stranger in (other, town.resident(), town.clerk()):
        with pytest.raises(Denied):
            services.ask(made.slug, 1, by=stranger)
    with pytest.raises(Refusal):
        services.decide(made.slug, 1, thing, today() + timedelta(days=1), by=first)
    services.ask(made.slug, 1, by=first)
    with pytest.raises(Conflict):
        written(made.slug, 1, table("1,기반,다른 일,교통행정과,5,"), first)
    services.next_version(made.slug, "", by=first)
    for act in (lambda: services.ask(made.slug, 2, by=first),
                lambda: services.decide(made.slug, 2, thing, today(), by=first)):
        with pytest.raises(Conflict):
            act()
    services.decide(made.slug, 1, thing, today(), by=first)
    version = services.propose_force(made.slug, 1, by=first)
    subject = services.subject_of(version)
    with pytest.raises(Denied):
        services.FORCE.confirm(subject, by=other)
    row = db.session.scalars(sa.select(PlanAction)).first()
    draft = db.session.scalars(sa.select(PlanAction).order_by(PlanAction.id.desc())).first()
    reads = kinds.of("plan_action").why_not_read
    assert reads(town.resident(), row) is None and reads(town.resident(), draft) and reads(first, draft) is None
    row.department_id = min(other.department_ids())
    db.session.commit()
    with pytest.raises(Conflict):  # a row differs from what was shown
        services.FORCE.confirm(subject, by=second)


def test_pages_of_many_actions_ask_no_more_than_those_of_few(town, pair, browse, queries):
    first, _second = pair
    counts = []
    for number in (3, 60):
        made = plan(first, text=many(number), title=f"2031년 계획 {number}")
        services.ask(made.slug, 1, by=first)
        browse().get(f"/plans/{made.slug}")
        with queries() as sent:
            assert browse().get(f"/plans/{made.slug}/1").status_code == 200
            assert browse().get("/plans").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 15

"""Plans of the sample district out of their tables: sums as they are printed, promises, and a second reading."""

from collections import Counter

import sqlalchemy as sa

from civic_forum.commitments.models import Commitment, CommitmentEntry
from civic_forum.commitments.rules import EntryState, Source
from civic_forum.plans import queries as known
from civic_forum.plans import services
from civic_forum.plans.rules import ChangeKind, differences
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.csv_tables import rows
from civic_forum.platform.i18n import local

from .making import in_force, passed, plan, sample, written

THOUSAND = 1_000


def test_seventeen_actions_are_promised_in_one_approval_and_other_departments_take_theirs(town, pair, browse):
    first, second = pair
    leads = {lead: town.department(lead).id for lead in ("복지정책과", "도로과", "청소과")}
    _council, thing = passed(town, town.user())
    made = plan(first, title="2021년 지역사회혁신계획", year=2021, text=sample("innovation-2021", 1))
    services.ask(made.slug, 1, by=first)
    services.decide(made.slug, 1, thing, local(clock.now()).date(), by=first)
    services.next_version(made.slug, "마지막 안", by=first)
    assert written(made.slug, 2, sample("innovation-2021", 2), first)
    assert not written(made.slug, 2, sample("innovation-2021", 2), first), "the same table changes nothing"
    in_force(made.slug, 2, thing, first, second, local(clock.now()).date())
    db.session.rollback()
    promised = db.session.scalars(sa.select(Commitment)).all()
    assert len(promised) == 17 and sum(each.planned for each in promised) == 900_000 * THOUSAND
    assert {each.department_id for each in promised} == {made.department_id}, "nobody gives another one a duty"
    waiting = Counter(entry.content["department"] for entry in db.session.scalars(
        sa.select(CommitmentEntry).filter_by(state=EntryState.WAITING)))
    assert waiting == {leads["복지정책과"]: 2, leads["도로과"]: 2, leads["청소과"]: 2}
    page = browse().get(f"/plans/{made.slug}").text
    assert "과제 17개, 2021년 돈 9억 원" in page and page.count('href="/commitments/') == 17
    assert "앞선 판과 달라진 점" in page and "15,000천원" in browse().get(f"/plans/{made.slug}/changes").text


def test_a_neighbouring_district_cuts_a_road_and_moves_its_money(town, pair, browse):
    first, _second = pair
    made = plan(first, title="이웃 구의 계획", year=2021, text=sample("sister-2021", 1))
    services.ask(made.slug, 1, by=first)
    version = known.version_of(known.plan(made.slug), 1)
    assert {action.lead for action in version.facts} == {
        "자치행정과", "복지정책과", "청소과", "문화체육과", "비전협력과", "사회적경제과"}
    services.take_back(made.slug, 1, by=first)
    before = known.version_of(known.plan(made.slug), 1).facts
    written(made.slug, 1, sample("sister-2021", 2), first)
    after = known.version_of(known.plan(made.slug), 1).facts
    told = differences(before, after)
    assert (len(before), len(after), told.percent) == (8, 7, "-15")
    assert [(change.kind, change.action.title, change.by // THOUSAND) for change in told.changes][1:] == [
        (ChangeKind.MORE, "당산골 걷고 싶은 거리 조성", 5_000),
        (ChangeKind.LESS, "탁트인 문화예술 거점 문래창작촌 활성화", -5_000),
        (ChangeKind.DROPPED, "당산골 도로정비", -140_000)]
    assert Counter(action.section for action in after) == {"기반조성": 1, "전략사업": 2, "일반사업": 4}


def test_fifteen_items_by_year_and_source_with_what_was_printed_beside(town, pair, browse):
    first, _second = pair
    text = sample("department-2021", 1) + "\n합계,,,,,,2021,,,\"6,763,493\",,,"
    made = plan(first, title="주요업무계획", year=2021, text=text)
    services.ask(made.slug, 1, by=first)
    version = known.version_of(known.plan(made.slug), 1)
    sums = Counter()
    for action in version.facts:
        for line in action.money:
            sums[line.year, line.source] += line.amount // THOUSAND
    assert version.count == 15 and version.total == 6_763_492 * THOUSAND
    assert (sums[2021, Source.DISTRICT], sums[2021, Source.CITY]) == (5_168_628, 1_594_864)
    assert (sums[0, Source.STATE], sums[9999, Source.DISTRICT], sums[2023, Source.CITY]) == (
        1_500_000, 372_600, 1_340_000)
    page = " ".join(browse().get(f"/plans/{made.slug}").text.split())
    assert "해와 재원마다 얼마인지" in page and "앞서 쓴 돈" in page and "3억 7,260만 원" in page
    assert "적힌 합 67억 6,349만 3,000원, 세어 본 합" in page
    answer = browse(first).get(f"/plans/{made.slug}/1.csv")
    assert not differences(version.facts, services.read_table(
        made.slug, 1, list(rows(answer.text)), {}, by=first)[1].actions).changes

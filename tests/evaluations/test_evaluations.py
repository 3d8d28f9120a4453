"""Evaluations from the opening to the release: who grades, who reads, and what stands on the pages."""

from datetime import timedelta
from fractions import Fraction

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.bodies.models import Membership
from civic_forum.commitments import operations as commitments
from civic_forum.commitments.rules import EntryKind
from civic_forum.evaluations import queries, services
from civic_forum.evaluations.models import Evaluation, EvaluationConflict, Grade
from civic_forum.evaluations.rules import EvaluationStage
from civic_forum.forums.models import Forum
from civic_forum.meetings import services as meetings
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import today
from civic_forum.platform.work import use_case
from tests.common import form_of
from tests.factories import count
from tests.meetings.making import record
from tests.racing import all_at_once, on_postgresql

from .making import Evaluated

NOTE = "한쪽을 비운 날이 눈에 보여 좋아요."


@pytest.mark.both
def test_grades_are_their_givers_alone_until_two_release_them(town, browse):
    made = Evaluated(town, least=7)
    page, others = "/evaluations/pledges", "/evaluations/pledges/grades"
    one = f"{others}/{made.pledges[0].id}"
    for number, member in enumerate(made.members):
        made.grade(member, points=(20 + number, 40), note=NOTE if number == 0 else "")
    made.grade(made.members[1], points=(21, 40), note="가장 먼저 보이는 말이에요.")
    made.grade(made.members[0], points=(30, 50), note=NOTE)
    made.grade(made.members[0], pledge=1, points=(1, 2))
    assert count(Grade) == 7
    for points in ((41, 0), (None, 5), (5,)):
        with pytest.raises(Refusal):
            made.grade(made.members[1], points=points)
    for stranger in (town.resident(), made.official, town.moderator(), town.administrator()):
        assert browse(stranger).get(one).status_code == 403
        with pytest.raises(Denied):
            made.grade(stranger)
    assert NOTE in browse(made.members[0]).get(one).text
    seen = [browse(reader).get(address).text for reader, address in (
        (None, page), (made.official, page), (made.official, "/desk/evaluations"),
        (made.official, "/desk/evaluations/pledges"), (made.members[1], one), (made.members[1], page),
        (None, f"/commitments/{made.pledges[0].id}"))]
    assert not any(NOTE in text or "매김" in text for text in seen)
    assert NOTE not in str(db.session.scalars(sa.select(AuditEntry.details)).all())
    with pytest.raises(Denied, match="지난 뒤"):
        services.RELEASE.propose(made.subject, by=made.official)

    made.close()
    with pytest.raises(Denied, match="지났어요"):
        made.grade(made.members[1])
    services.RELEASE.propose(made.subject, by=made.official)
    with pytest.raises(Denied, match="다른 사람"):
        services.RELEASE.confirm(made.subject, by=made.official)
    with pytest.raises(Denied):
        services.RELEASE.confirm(made.subject, by=made.keepers[0])
    assert "정한 7명보다 적은 6명" in browse(made.second).get("/desk/evaluations/pledges").text
    assert browse(made.second).post("/desk/evaluations/pledges/releases").status_code == 303
    db.session.rollback()
    evaluation = queries.by_slug("pledges")
    scores = queries.scores(evaluation)
    first, few = (scores[item.id] for item in queries.items(evaluation.id))
    assert (first.graders, first.mean, sum(first.spread)) == (6, Fraction(30 + 21 + 22 + 23 + 24 + 25, 6) + Fraction(
        50 + 5 * 40, 6), 6)
    assert (few.graders, few.mean) == (1, None)
    assert first.notes == ("가장 먼저 보이는 말이에요.", NOTE), "by their words: not when they were given"
    text = browse().get(page).text
    assert NOTE in text and "정한 7명보다 적은 6명이 매긴 점수예요" in text and "1명이 매겼어요. 5명보다 적어" in text
    assert "주민이 매긴 점수" in browse().get(f"/commitments/{made.pledges[0].id}").text
    with pytest.raises(Denied):
        made.grade(made.members[0])
    own = PERSONAL_DATA["grades"].collect(made.members[0])
    assert [(grade["commitment"], grade["points"]) for grade in own["grades"]] == [
        (made.pledges[0].id, [30, 50]), (made.pledges[1].id, [1, 2])]
    assert set(db.session.scalars(sa.select(Notice.user_id).filter_by(kind="duty"))) >= {
        member.id for member in made.members}


def reseated(user):
    """Let the seat of a member have ended yesterday, and give them a new one."""
    number = count(Membership) + 1
    before = db.session.scalars(sa.select(Membership).filter_by(user_id=user.id, until=None)).one()
    before.until = today() - timedelta(days=1)
    db.session.add(Membership(seat_id=before.seat_id, about_kind="body", user_id=user.id, serial=number,
                              begins=today() - timedelta(days=20 - number), way=before.way, consent=True))
    db.session.commit()


@pytest.mark.both
def test_only_members_in_office_without_a_conflict_grade(town, browse):
    made = Evaluated(town)
    gone, keeper, related = made.members[0], made.keepers[0], made.members[1]
    db.session.execute(sa.update(Membership).where(Membership.user_id == gone.id).values(
        until=today() - timedelta(days=1)))
    db.session.execute(sa.update(Membership).where(Membership.user_id == made.members[2].id).values(user_id=keeper.id))
    db.session.commit()
    with pytest.raises(Denied):
        made.grade(gone)
    with pytest.raises(Denied, match="맡은 부서"):
        made.grade(keeper)
    made.grade(related, note=NOTE)
    page = browse(related)
    here = f"/evaluations/pledges/grades/{made.pledges[0].id}"
    assert page.post(f"{here}/conflicts", data={"conflict": ""}).status_code == 422
    assert page.post(f"{here}/conflicts", data={"conflict": "남편이 이 일을 맡았어요."}).status_code == 303
    assert count(Grade) == 0 and PERSONAL_DATA["grades"].collect(related)["evaluation_conflicts"]
    with pytest.raises(Denied, match="이해관계"):
        made.grade(related)
    assert "빠짐" in page.get("/evaluations/pledges/grades").text
    db.session.rollback()
    reseated(related)
    with pytest.raises(Denied, match="이해관계"):
        made.grade(related)
    made.grade(related, pledge=1)
    reseated(related)
    made.grade(related, pledge=1, points=(1, 1))
    assert db.session.scalars(sa.select(Grade.points)).all() == [[1, 1]], "once, whatever seat it is"
    db.session.execute(sa.delete(Grade))
    PERSONAL_DATA["grades"].erase(related, db.session)
    db.session.commit()
    assert db.session.scalars(sa.select(EvaluationConflict.reason)).all() == [""]
    made.close()
    services.RELEASE.propose(made.subject, by=made.official)
    with pytest.raises(Conflict, match="아무도"):
        services.RELEASE.confirm(made.subject, by=made.second)


@pytest.mark.both
def test_points_are_given_in_five_steps_where_it_says_so(town, browse):
    made = Evaluated(town, in_steps=True)
    page, here = browse(made.members[0]), f"/evaluations/pledges/grades/{made.pledges[0].id}"
    assert page.post(here, data={"points_0": "24", "points_1": "7"}).status_code == 422
    sent = form_of(page, here) | {"points_0": "24", "points_1": "60", "note": NOTE}
    assert page.post(here, data=sent).status_code == 303
    assert db.session.scalar(sa.select(Grade.points)) == [24, 60]
    assert form_of(page, here)["points_0"] == "24"


@pytest.mark.both
def test_one_is_made_at_the_desk_and_opened_with_what_a_meeting_chose(town, browse):
    made = Evaluated(town, slug="earlier")
    desk, page = browse(made.official), "/desk/evaluations/new"
    end = clock.now() + timedelta(days=3)
    pledge = made.pledges[0].id
    sent = {"title": "새 평가", "body_id": str(made.body.id), "department_id": str(town.department().id),
            "begins_on": str(today() - timedelta(days=9)), "ends_on": str(today() + timedelta(days=9)),
            "grades_until": end.strftime("%Y-%m-%dT%H:%M"), "least": "3", "version": "0",
            "criteria": "약속대로 했는가 40\n쓸모가 있었는가 60", "commitments": f"/commitments/{pledge}\n{made.pledges[1].id} 골목"}
    for wrong in ({"criteria": "점수가 없음"}, {"criteria": "많음 999"}, {"commitments": "없는 약속"}, {"commitments": "99999"},
                  {"ends_on": "2020-01-01"}, {"in_steps": "y", "criteria": "가 42"}, {"title": ""}):
        assert desk.post(page, data=sent | wrong).status_code == 422, wrong
    assert count(Evaluation) == 1
    db.session.rollback()
    stranger, own = browse(made.keepers[0]), str(town.department("청소과").id)
    assert stranger.post(page, data=sent | {"department_id": own}).status_code == 422, "not for a body of others"
    db.session.rollback()
    answer = desk.post(page, data=sent)
    slug = answer.location.rsplit("/", 1)[1]
    assert browse().get(f"/evaluations/{slug}").status_code == 404
    db.session.rollback()
    for address in (f"/evaluations/{slug}/grades", f"/evaluations/{slug}/grades/{pledge}"):
        assert browse(made.members[0]).get(address).status_code == 404, "not before the opening"
    assert browse(made.keepers[0]).get(f"/desk/evaluations/{slug}").status_code == 403
    facts = form_of(desk, f"/desk/evaluations/{slug}/facts")
    assert facts["commitments"].split()[0] == str(pledge)
    assert desk.post(f"/desk/evaluations/{slug}/facts", data=facts | {"title": "새 평가 둘"}).status_code == 303
    assert desk.post(f"/desk/evaluations/{slug}/facts", data=facts | {"title": "늦은 평가"}).status_code == 409
    assert desk.post(f"/desk/evaluations/{slug}/openings", data={"meeting": ""}).status_code == 422
    db.session.rollback()
    meeting = meetings.keep(made.body.id, record(), by=town.administrator())
    opening = {"meeting": str(meeting.id)}
    assert desk.post(f"/desk/evaluations/{slug}/openings", data=opening).status_code == 303
    assert desk.post(f"/desk/evaluations/{slug}/openings", data=opening).status_code == 403
    db.session.rollback()
    evaluation = queries.by_slug(slug)
    assert (evaluation.stage, evaluation.title, evaluation.points) == (EvaluationStage.GRADING, "새 평가 둘", 100)
    assert "이 회의에서 약속을 골랐어요" in browse().get(f"/evaluations/{slug}").text
    db.session.execute(sa.update(Forum).where(Forum.id == meeting.forum_id).values(announced_at=None))
    db.session.commit()
    assert "이 회의에서" not in browse().get(f"/evaluations/{slug}").text, "of a closed body"
    db.session.rollback()
    assert "새 평가 둘" in browse().get("/evaluations").text and slug in browse(made.members[0]).get("/me").text


def test_a_commitment_of_which_the_origin_is_merged_keeps_its_grade(town, browse):
    made = Evaluated(town)
    for member in made.members:
        made.grade(member)
    with use_case(None) as work:
        commitments.put(work, made.pledges[0], EntryKind.ORIGIN, today(), {"step": "merged"})
    made.close()
    made.release()
    text = browse().get(f"/commitments/{made.pledges[0].id}").text
    assert "80.0" in text and "6명이 매김" in text


@on_postgresql
def test_a_grade_at_the_close_counts_or_is_refused_and_one_of_two_releases_wins(town, app):
    made = Evaluated(town)
    for member in made.members[:5]:
        made.grade(member)
    made.close()
    services.RELEASE.propose(made.subject, by=made.official)
    third, last, subject = town.official(), made.members[5], made.subject
    evaluation_id, pledge = made.evaluation.id, made.pledges[0].id

    def close_and_confirm(by):
        return services.RELEASE.confirm(subject, by=by)

    def grade():
        services.grade("pledges", pledge, (40, 60), "", by=last)
        return "graded"

    second = made.second
    answers = all_at_once(app, lambda: close_and_confirm(second), lambda: close_and_confirm(third), grade)
    db.session.rollback()
    assert isinstance(answers[2], Denied) and count(Grade) == 5
    assert sorted(isinstance(answer, Refusal) for answer in answers[:2]) == [False, True]
    assert queries.number_of_graders(evaluation_id) == 5
    assert queries.by_slug("pledges").stage is EvaluationStage.RELEASED


def test_two_grade_at_once_and_who_sends_twice_has_one(town, app):
    made = Evaluated(town)
    pledge, (first, second) = made.pledges[0].id, (member.id for member in made.members[:2])
    answers = all_at_once(app, *(lambda id_=id_: services.grade(
        "pledges", pledge, (1, 1), "", by=db.session.get_one(User, id_)) for id_ in (first, first, second)))
    assert answers == [None, None, None] and count(Grade) == 2


def test_addresses_of_nothing_are_not_found(town, browse):
    made = Evaluated(town)
    for address in ("/evaluations/nothing", "/evaluations/nothing/grades", "/desk/evaluations/nothing",
                    f"/evaluations/pledges/grades/{10**9}", "/desk/evaluations/pledges/changes/9",
                    f"/desk/evaluations/pledges/changes/{10**30}"):
        assert browse(made.official if "desk" in address else made.members[0]).get(address).status_code == 404, address
    assert browse(town.resident()).get("/desk/evaluations").status_code == 403

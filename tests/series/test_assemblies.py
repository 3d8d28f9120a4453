"""Assemblies of neighbourhoods: made for next year in one act, told to everybody, their results counted."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.answers.models import Duty
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.parts import EnvelopeParts, Wording as RoundWording
from civic_forum.budgets.policy import may_prepare as may_prepare_round
from civic_forum.budgets.queries import by_slug as round_at
from civic_forum.budgets.rounds import history
from civic_forum.budgets.rounds import services as rounds
from civic_forum.budgets.rules import ProjectState
from civic_forum.commitments import operations as commitments
from civic_forum.commitments.rules import EntryKind
from civic_forum.district.models import Neighbourhood
from civic_forum.forums.models import Forum
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import today
from civic_forum.polls.policy import may_prepare as may_prepare_poll
from civic_forum.series import policy, queries, services
from civic_forum.series.models import Series, SeriesStep
from civic_forum.platform.work import use_case
from civic_forum.series.operations import move_assembly
from civic_forum.series.parts import Beginning, Step, Wording
from civic_forum.series.process import STEPS
from civic_forum.series.rules import SeriesKind
from tests.budgets.history.test_entering import past, project
from tests.common import form_of
from tests.forums.scene import announced_forum
from tests.opinions.making import words
from tests.polls.making import poll as made_poll
from tests.racing import all_at_once

NAMES = ("가산동", "독산1동", "시흥5동")
TEN = (NAMES[0], *(f"독산{n}동" for n in range(1, 5)), *(f"시흥{n}동" for n in range(1, 6)))
YEAR = today().year - 1
DAY = date(YEAR, 6, 15)


def assembly(town, name="가산동", by=None, day=DAY, **facts) -> Series:
    place = town.neighbourhood(name)
    department = facts.pop("department", None) or town.department()
    return services.begin(Beginning(SeriesKind.ASSEMBLY, day.year, place.id),
                          Wording(f"{day.year} {name} 주민총회", department_id=department.id), day,
                          by=by or town.moderator())


def made_commitment(town, *targets) -> int:
    """Id of one of the department of officials, with these yearly targets."""
    with use_case(None) as work:
        made = commitments.begin(work, "plan", DAY, {"title": "공론장을 열어요", "department": town.department().id},
                                 by_id=None)
        commitments.put(work, made, EntryKind.TARGETS, DAY, {"targets": list(targets)}, by_id=None)
        return made.id


def again(series: Series) -> Series:
    return again_at(series.slug)


def again_at(slug: str) -> Series:
    db.session.rollback()
    return queries.by_slug(slug)


@pytest.mark.both
def test_ten_are_made_out_of_last_years_in_one_act_and_told_in_another(town, browse):
    official = town.official()
    earlier = [assembly(town, name) for name in TEN]
    hall = announced_forum(town, department_id=town.department().id, title=f"{YEAR} 가산동 총회")
    services.link(earlier[0].id, 6, "forum", hall.slug, version=1, by=official)
    desk = browse(official)
    typed = form_of(desk, f"/desk/series/next?year={YEAR}")
    assert typed["table"].strip() == "\n".join(f"{name}\t{DAY + timedelta(days=364)}" for name in TEN)
    page = f"/desk/series/next?year={YEAR}"
    for table, status in (("가산동", 422), ("", 422), (f"가산동 {YEAR + 2}-06-01", 422)):
        assert desk.post(page, data={"table": table}).status_code == status
    assert db.session.scalar(sa.select(sa.func.count(Series.id)).where(Series.year > YEAR)) == 0
    assert browse(town.resident()).get(page).status_code == 403
    with pytest.raises(Denied):
        services.prepare_next(YEAR, {earlier[0].neighbourhood_id: date(YEAR + 1, 6, 1)}, by=town.clerk(
            neighbourhood=town.neighbourhood("독산1동")))

    assert desk.post(page, data=typed).status_code == 303
    made = queries.of_year(SeriesKind.ASSEMBLY, YEAR + 1, announced=False)
    assert [(series.title, series.after_id, len(series.steps)) for series in made] == [
        (f"{YEAR + 1} {name} 주민총회", before.id, 8) for name, before in zip(TEN, earlier, strict=True)]
    assert made[0].steps[3].starts_on == DAY + timedelta(days=350)
    [thing] = made[0].steps[5].things
    copy = db.session.get_one(Forum, thing.record_id)
    assert (copy.title, copy.announced_at, copy.id == hall.id) == (f"{YEAR + 1} 가산동 총회", None, False)
    assert desk.post(page, data=typed).status_code == 409

    url = made[0].url
    assert browse().get(url).status_code == 404
    assert desk.post("/desk/series/announcements", data={"year": YEAR + 1}).status_code == 303
    assert f"{YEAR + 1} 가산동 주민총회" in words(browse().get(url))
    assert "10개 동이 함께해요" in words(browse().get("/assemblies")) and "가산동" in words(browse().get("/search?q=가산동 공고"))


@pytest.mark.both
def test_choices_are_counted_out_of_the_things_and_their_ledgers(town, browse):
    moderator = town.moderator()
    here, there = assembly(town), assembly(town, "독산1동")
    places = [{"neighbourhood_id": series.neighbourhood_id} for series in (here, there)]
    office = {"department_id": town.department().id}
    for slug, name, projects in (
            ("activities", "주민자치활동", [project("A1", **places[0]), project("A2", **places[1], **office), project(
                "A3", state=ProjectState.IN_PROGRESS, **places[1], **office)]),
            ("budget", "주민참여예산", [project("N1", state=ProjectState.DROPPED, **places[0])])):
        history.enter(past(*projects, slug=slug, wording=RoundWording(name, YEAR + 1),
                           envelopes=[("n01", EnvelopeParts("가산동", 90_000_000))]), by=moderator)
        for series in (here, there):
            services.link(series.id, 5, "budget_round", slug, version=again(series).version, by=moderator)
    chosen = queries.chosen([here.id, there.id])
    assert queries.groups(chosen) == ["주민자치활동", "주민참여예산"]
    assert queries.counts(chosen) == {
        (here.id, "주민자치활동"): 1, (there.id, "주민자치활동"): 2, (here.id, "주민참여예산"): 1}
    assert not any(row.is_done for row in chosen)
    assert [row.is_written for row in chosen] == [True, True, False, False]
    db.session.rollback()
    services.announce_year(YEAR, by=moderator)
    desk = browse(moderator)
    assert desk.post(f"/desk/series/{there.slug}/answers", data={"days": "5"}).status_code == 422
    assert desk.post(f"/desk/series/{there.slug}/answers", data={"days": "14"}).status_code == 303
    assert services.ask_departments(there.id, 14, by=moderator) == 0 and db.session.query(Duty).count() == 2
    assert "까지 답하기로 했어요" in words(browse().get(again(there).url))
    assert "A2 골목 등" in words(browse(town.official()).get("/desk"))
    assert "고른 4가지는 이렇게 됐어요 2가지는 마쳤다고 적었지만" in words(browse().get("/assemblies"))
    assert "고른 2가지는 이렇게 됐어요" in words(browse().get(again(there).url))


@pytest.mark.both
def test_a_postponed_one_moves_its_later_steps_only_when_asked(town):
    series, clerk = assembly(town), town.clerk(neighbourhood=town.neighbourhood("가산동"))
    day = DAY + timedelta(days=7)

    def move(moves_rest):
        step = again(series).steps[5]
        services.edit_step(series.id, 6, Step(step.name, day, note="비가 와서 미뤘어요."), moves_rest=moves_rest,
                           version=again(series).version, by=clerk)
        return [(step.starts_on, step.until_on) for step in again(series).steps]

    before = [(step.starts_on, step.until_on) for step in again(series).steps]
    after = move(False)
    assert after[5] == (day, None) and after[:5] + after[6:] == before[:5] + before[6:]
    day += timedelta(days=1)
    assert move(True)[6] == (before[6][0] + timedelta(days=1), None)
    assert again(series).steps[0].starts_on == before[0][0]


def test_a_short_notice_is_refused(town):
    series, moderator = assembly(town), town.moderator()
    step = again(series).steps[3]
    day, late = step.starts_on, step.starts_on + timedelta(days=1)
    services.edit_step(series.id, 4, Step(step.name, late), moves_rest=False, version=1,
                       by=moderator)
    for announce in (lambda: services.PROCESS.announce(series.id, by=moderator),
                     lambda: services.announce_year(YEAR, by=moderator)):
        with pytest.raises(Conflict, match="7일 전까지 공고"):
            announce()
    with pytest.raises(Conflict):
        services.edit_step(series.id, 4, Step("공고", DAY), moves_rest=False, version=1, by=moderator)
    services.edit_step(series.id, 4, Step(step.name, day), moves_rest=False, version=2, by=moderator)
    services.PROCESS.announce(series.id, by=moderator)
    with pytest.raises(Conflict, match="7일 전까지 공고"):  # nor afterwards
        services.edit_step(series.id, 4, Step(step.name, late), moves_rest=False,
                           version=again(series).version, by=moderator)


@pytest.mark.both
def test_preparing_a_series_lets_prepare_its_things_and_nobody_gives_that_to_themselves(town):
    place, department = town.neighbourhood("가산동"), town.department()
    clerk, other = town.clerk(neighbourhood=place), town.clerk(neighbourhood=town.neighbourhood("독산1동"))
    series, poll = assembly(town), made_poll(town)
    poll.department_id = department.id
    db.session.commit()
    assert may_prepare_poll(clerk, poll)
    with pytest.raises(Denied):
        services.link(series.id, 5, "poll", poll.slug, version=1, by=clerk)
    for kind, name in (("user", "1"), ("poll", "nowhere")):
        with pytest.raises(Refusal):
            services.link(series.id, 5, kind, name, version=1, by=clerk)
    thing = services.link(series.id, 5, "poll", poll.slug, version=1, by=town.official())
    assert may_prepare_poll(clerk, poll) is None and may_prepare_poll(other, poll)
    with pytest.raises(Conflict):
        services.link(series.id, 5, "poll", poll.slug, version=2, by=town.official())
    with pytest.raises(Denied):  # the poll would be theirs too
        services.PROCESS.write(series.id, Wording("총회", department_id=town.department("도로과").id), version=2, by=clerk)
    # A vote of two neighbourhoods is neither clerk's.
    both = assembly(town, "독산1동")
    services.link(both.id, 5, "poll", poll.slug, version=1, by=town.official())
    assert may_prepare_poll(clerk, poll) and may_prepare_poll(other, poll)
    services.unlink(both.id, 5, again(both).steps[4].things[0].id, version=2, by=other)
    assert may_prepare_poll(clerk, poll) is None
    services.unlink(series.id, 5, thing.id, version=2, by=clerk)
    assert may_prepare_poll(clerk, poll) and policy.may_prepare(other, again(series))


@pytest.mark.both
@pytest.mark.in_turns(of=10)
def test_of_two_who_make_next_year_at_once_one_does(app, town):
    series, ids = assembly(town), [town.official().id, town.moderator().id]
    place, day = series.neighbourhood_id, DAY + timedelta(days=364)
    db.session.rollback()
    results = all_at_once(app, *(lambda id_=id_: services.prepare_next(
        YEAR, {place: day}, by=db.session.get_one(User, id_)) for id_ in ids))
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
    assert db.session.scalar(sa.select(sa.func.count(SeriesStep.id))) == 16


@pytest.mark.both
def test_a_series_counts_what_was_held_against_what_was_promised(town, browse):
    official, department = town.official(), town.department()
    desk = browse(official)
    first = {"kind": "yearly", "year": str(YEAR), "title": "정책공론장", "department_id": str(department.id)}
    here = desk.post("/desk/series/new", data=first).location
    slug = here.rpartition("/")[2]
    assert "단계를 하나 이상" in words(desk.get(here)) and desk.post(f"{here}/announcements").status_code == 409
    assert desk.post(f"{here}/wording", data={"version": "1", "promised": "0", **first}).status_code == 422
    assert desk.post(f"{here}/wording", data={"version": "1", "promised": "6", **first}).status_code == 303
    begun = clock.now() - timedelta(days=40)
    for number, moments in enumerate(({"opened_at": begun, "closed_at": begun}, {"closed_at": begun},
                                      {"opened_at": begun}, {}), 1):
        forum = announced_forum(town, department_id=department.id, **moments)
        step = {"name": f"{number}회", "starts_on": f"{YEAR}-0{number}-10"}
        assert desk.post(f"{here}/steps", data=step | {"version": str(again_at(slug).version)}).status_code == 303
        services.link(again_at(slug).id, number, "forum", forum.slug, version=again_at(slug).version, by=official)
    assert browse().get(f"/series/{slug}").status_code == 404
    assert desk.post(f"{here}/announcements").status_code == 303
    page = words(browse().get(f"/series/{slug}"))
    assert "6회 이상 가운데 1회 했어요" in page and "모두 마쳤어요" not in page


@pytest.mark.both
def test_gatherings_of_a_series_stand_beside_the_yearly_target_of_a_commitment(town, browse):
    official, department = town.official(), town.department()
    promise = made_commitment(town, {"label": "공론장(회 이상)", "target": {str(YEAR): 5}, "achieved": {str(YEAR): 3}})
    assert "알린 한 해 사업이 없어요" in words(browse().get("/series"))
    wording = Wording("공론장", department_id=department.id)
    series = services.begin(Beginning(SeriesKind.YEARLY, YEAR), wording, by=official)
    page, target = f"/desk/series/{series.slug}/target", f"{promise}:공론장(회 이상)"
    STEPS.add(series.id, Step("1분기", date(YEAR, 1, 1), date(YEAR, 3, 31)), version=1, by=official)
    desk, typed = browse(official), form_of(browse(official), page)
    for wrong in ("0:없는 목표", f"{promise}:다른 목표"):
        assert desk.post(page, data=typed | {"target": wrong}).status_code == 422
    other = browse(town.official(department=town.department("도로과")))
    assert other.post(page, data=typed | {"target": target}).status_code == 403
    assert again(series).commitment_id is None
    assert desk.post(page, data=typed | {"target": target}).status_code == 303
    services.PROCESS.announce(series.id, by=official)
    assert "5회 이상 하기로 했어요. 언제 열었는지는" in words(browse().get(again(series).url))
    begun = clock.now() - timedelta(days=40)
    for moments in ({"opened_at": begun, "closed_at": begun}, {"closed_at": begun}):
        forum = announced_forum(town, department_id=department.id, **moments)
        services.link(series.id, 1, "forum", forum.slug, version=again(series).version, by=official)
    assert "5회 이상 가운데 1회 했어요" in words(browse().get("/series"))
    there = words(browse().get(f"/commitments/{promise}"))
    assert "5회 이상 가운데 1회 했어요" in there and "적은 수는 3, 연 날을 센 수는 1" in there


@pytest.mark.both
def test_an_assembly_is_begun_by_those_of_its_neighbourhood_and_the_department_that_has_had_it(town):
    first, second = (town.official(department=town.department(name)) for name in ("마을자치과", "도로과"))
    clerk = town.clerk(neighbourhood=town.neighbourhood("가산동"))
    for actor, name in ((first, "가산동"), (clerk, "독산1동")):
        with pytest.raises(Denied):
            assembly(town, name, by=actor, department=town.department("마을자치과"))
    assembly(town, "가산동", by=clerk, department=town.department("마을자치과"))
    assembly(town, "독산1동", by=first, department=town.department("마을자치과"))  # new: none has had it
    with pytest.raises(Denied):
        assembly(town, "독산1동", by=second, department=town.department("도로과"), day=DAY + timedelta(days=364))


@pytest.mark.both
def test_a_round_of_two_neighbourhoods_is_no_single_clerks_and_becomes_one_copy_in_two_acts(town, browse):
    official, moderator, names = town.official(), town.moderator(), ("가산동", "독산1동")
    here, there = (assembly(town, name) for name in names)
    clerk = town.clerk(neighbourhood=town.neighbourhood("가산동"))
    shared = rounds.begin("shared", RoundWording(f"{YEAR}년 주민자치활동", YEAR + 1, department_id=town.department().id),
                          by=official)
    for name in names:
        rounds.add(shared.id, None, EnvelopeParts(name, 9_000_000, neighbourhood_id=town.neighbourhood(name).id),
                      version=round_at("shared").version, by=official)
    services.link(here.id, 5, "budget_round", "shared", version=1, by=official)
    assert may_prepare_round(clerk, round_at("shared")) and browse(clerk).get("/desk/budgets/shared").status_code == 403
    assert may_prepare_round(town.official(), round_at("shared")) is None
    services.link(there.id, 5, "budget_round", "shared", version=1, by=official)
    for series in (here, there):
        services.prepare_next(YEAR, {series.neighbourhood_id: DAY + timedelta(days=364)}, by=moderator)
    made = [again_at(f"{YEAR + 1}-{name}") for name in ("gasandong", "doksan1dong")]
    assert len({thing.record_id for series in made for thing in series.steps[4].things}) == 1
    assert db.session.scalar(sa.select(sa.func.count(BudgetRound.id))) == 2


@pytest.mark.both
def test_a_clerk_prepares_a_vote_of_the_assembly_from_its_first_page_at_the_desk(town, browse):
    place = town.neighbourhood("가산동")
    series, poll, clerk = assembly(town), made_poll(town), town.clerk(neighbourhood=place)
    poll.department_id = town.department().id
    db.session.commit()
    desk, pages = browse(clerk), [f"/desk/polls/{poll.slug}{end}" for end in ("", "/wording", "/options", "/preview")]
    assert {desk.get(page).status_code for page in pages} == {403}
    services.link(series.id, 5, "poll", poll.slug, version=1, by=town.official())
    assert {desk.get(page).status_code for page in pages} == {200}
    assert desk.get("/desk/polls").status_code == 403 and desk.get("/desk/polls/new").status_code == 403
    assert f"/desk/polls/{poll.slug}" in desk.get(f"/desk/series/{series.slug}").text


@pytest.mark.both
@pytest.mark.in_turns(of=10)
def test_of_two_who_prepare_one_series_at_once_the_later_is_told(app, town):
    series, ids = assembly(town), [town.official().id, town.moderator().id]
    step = again(series).steps[0]
    parts = [Step(f"{step.name} {name}", step.starts_on, step.until_on) for name in "가나"]
    number = series.id
    db.session.rollback()
    results = all_at_once(app, *(lambda id_=id_, part=part: services.edit_step(
        number, 1, part, moves_rest=True, version=1, by=db.session.get_one(User, id_))
        for id_, part in zip(ids, parts)))
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
    assert again_at(f"{YEAR}-gasandong").version == 2


@pytest.mark.both
def test_only_days_that_clash_are_shown_and_each_is_moved_in_one_press(town, browse):
    year = today().year + 1
    holiday = date(year, 5, 5) if date(year, 5, 5).weekday() < 5 else date(year, 8, 15)
    day = holiday + timedelta(days=14)  # its notice (공고) is on the holiday
    first, second = (assembly(town, name, day=day) for name in NAMES[:2])
    desk = browse(town.official())
    services.edit_step(
        second.id, 4, Step("공고", day - timedelta(days=15)), moves_rest=False, version=1, by=town.moderator())
    for series in (first, second):
        step = again(series).steps[5]
        services.edit_step(series.id, 6, Step(step.name, day, note="시흥 체육관"), moves_rest=False,
                           version=again(series).version, by=town.moderator())
    shown = words(desk.get("/desk/series"))
    assert "16개 가운데" in shown and "공휴일이에요" in shown and "같은 때 이곳이에요" in shown
    page = f"/desk/series/{second.slug}/steps/6/days"
    for sent, status in (({"to": "내일"}, 422), ({"to": str(day + timedelta(days=1))}, 409)):
        assert desk.post(page, data=sent).status_code == status
    sent = {"to": str(day + timedelta(days=1)), "version": str(again(second).version)}
    assert desk.post(page, data=sent).status_code == 303
    assert again(second).steps[5].starts_on == day + timedelta(days=1) and again(second).steps[5].note == "시흥 체육관"
    assert "같은 때 이곳이에요" not in words(desk.get("/desk/series"))
    assert browse(town.clerk()).post(page, data=sent).status_code == 403


@pytest.mark.both
def test_a_neighbourhood_that_became_part_of_another_takes_page_results_and_rights_along(town, browse):
    old, new, moderator = town.neighbourhood("가산동"), town.neighbourhood("독산1동"), town.moderator()
    series, old_id, clerk = assembly(town), old.id, town.clerk(neighbourhood=new)
    history.enter(past(project("A1", neighbourhood_id=old.id), slug="activities", wording=RoundWording("활동", YEAR + 1),
                       envelopes=[("n01", EnvelopeParts("가산동", 90_000_000, neighbourhood_id=old.id))]), by=moderator)
    services.link(series.id, 5, "budget_round", "activities", version=1, by=moderator)
    services.announce_year(YEAR, by=moderator)
    assert policy.may_prepare(clerk, again(series))
    with use_case(None) as work:
        closed = work.session.get_one(Neighbourhood, old_id)
        closed.closed_at, closed.successor_id = work.at, new.id
        move_assembly(work, queries.locked(series.id), new.id)
        work.record("tests.closed", closed)
    assert policy.may_prepare(clerk, again(series)) is None and may_prepare_round(clerk, round_at("activities")) is None
    assert "고른 1가지는" in words(browse().get(series.url))

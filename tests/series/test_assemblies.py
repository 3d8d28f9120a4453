"""Assemblies of neighbourhoods: made for next year in one act, told to everybody, their results counted."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.answers.models import Duty
from civic_forum.budgets.parts import EnvelopeParts, Wording as RoundWording
from civic_forum.budgets.rounds import history
from civic_forum.budgets.rules import ProjectState
from civic_forum.forums.models import Forum
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import today
from civic_forum.polls.policy import may_prepare as may_prepare_poll
from civic_forum.series import policy, queries, services
from civic_forum.series.models import Series, SeriesStep
from civic_forum.series.parts import Beginning, Step, Wording
from civic_forum.series.rules import SeriesKind
from tests.budgets.history.test_entering import past, project
from tests.common import form_of
from tests.forums.scene import announced_forum
from tests.opinions.making import words
from tests.polls.making import poll as made_poll
from tests.racing import all_at_once

NAMES = ("가산동", "독산1동", "시흥5동")
YEAR = today().year - 1
DAY = date(YEAR, 6, 15)


def assembly(town, name="가산동", by=None, day=DAY, **facts) -> Series:
    place = town.neighbourhood(name)
    department = facts.pop("department", None) or town.department()
    return services.begin(Beginning(SeriesKind.ASSEMBLY, day.year, place.id),
                          Wording(f"{day.year} {name} 주민총회", department_id=department.id), day,
                          by=by or town.moderator())


def again(series: Series) -> Series:
    return again_at(series.slug)


def again_at(slug: str) -> Series:
    db.session.rollback()
    return queries.by_slug(slug)


@pytest.mark.both
def test_ten_are_made_out_of_last_years_in_one_act_and_told_in_another(town, browse):
    official = town.official()
    earlier = [assembly(town, name) for name in NAMES]
    hall = announced_forum(town, department_id=town.department().id, title=f"{YEAR} 가산동 총회")
    services.link(earlier[0].id, 6, "forum", hall.slug, version=1, by=official)
    desk = browse(official)
    typed = form_of(desk, f"/desk/series/next?year={YEAR}")
    assert typed["table"].strip() == "\n".join(f"{name}\t{DAY + timedelta(days=364)}" for name in NAMES)
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
        (f"{YEAR + 1} {name} 주민총회", before.id, 8) for name, before in zip(NAMES, earlier, strict=True)]
    assert made[0].steps[3].starts_on == DAY + timedelta(days=350)
    [thing] = made[0].steps[5].things
    copy = db.session.get_one(Forum, thing.record_id)
    assert (copy.title, copy.announced_at, copy.id == hall.id) == (f"{YEAR + 1} 가산동 총회", None, False)
    assert desk.post(page, data=typed).status_code == 409

    url = made[0].url
    assert browse().get(url).status_code == 404
    assert desk.post("/desk/series/announcements", data={"year": YEAR + 1}).status_code == 303
    assert f"{YEAR + 1} 가산동 주민총회" in words(browse().get(url))
    assert "3동이 함께해요" in words(browse().get("/assemblies")) and "가산동" in words(browse().get("/search?q=가산동 공고"))


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
    chosen = queries.chosen([here, there])
    assert queries.groups(chosen) == ["주민자치활동", "주민참여예산"]
    assert queries.counts(chosen) == {(here.id, "주민자치활동"): 1, (there.id, "주민자치활동"): 2, (here.id, "주민참여예산"): 1}
    assert [row.is_done for row in chosen] == [True, True, False, False]
    db.session.rollback()
    services.announce_year(YEAR, by=moderator)
    desk = browse(moderator)
    assert desk.post(f"/desk/series/{there.slug}/answers", data={"days": "5"}).status_code == 422
    assert desk.post(f"/desk/series/{there.slug}/answers", data={"days": "14"}).status_code == 303
    assert services.ask_departments(there.id, 14, by=moderator) == 0 and db.session.query(Duty).count() == 2
    assert "까지 답하기로 했어요" in words(browse().get(again(there).url))
    assert "A2 골목 등" in words(browse(town.official()).get("/desk"))
    assert "고른 4가지 가운데 2가지를 했어요" in words(browse().get("/assemblies"))
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
    assert "6회 이상 가운데 1회 했어요" in page and "모두 마쳤어요" in page

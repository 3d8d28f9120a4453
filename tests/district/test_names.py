"""Making, renaming and ordering neighbourhoods, departments and audiences."""

import json
import os
import signal
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.desk.services import district as services
from civic_forum.desk.services.district import Decision
from civic_forum.district import cli, operations, queries
from civic_forum.district.models import DistrictChange
from civic_forum.district.rules import DistrictList
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.polls import process
from civic_forum.polls.models import Poll
from tests.common import day, let_go
from tests.polls import making
from tests.racing import at_once

PLACES, DEPARTMENTS, AUDIENCES, *_OTHERS = DistrictList
WHY = "간판과 조례에 맞춰요."
pytestmark = pytest.mark.both


def decision(name, english="New name", why=WHY):
    return Decision(name_ko=name, words={"en": english}, why=why)


def rename(entry, name, by, of=PLACES, from_day=None, seen=0):
    return services.rename(of, entry.id, decision(name), from_day=from_day or day(), seen=seen, by=by)


@pytest.fixture
def boss(town):
    return town.administrator()


def test_a_new_name_is_in_force_from_its_day_on_and_once(town, boss, later):
    place = town.neighbourhood("독산일동")
    change = rename(place, "독산1동", boss)
    assert services.apply_due() == 0 and queries.neighbourhoods()[0].name_ko == "독산일동"
    assert later(1) == 1 and services.apply_due() == 0
    place = queries.neighbourhoods()[0]
    assert (place.name_ko, place.words["en"]) == ("독산1동", "New name")
    assert place.name_at(change.made_at) == "독산일동" and place.name_at(None) == "독산1동"
    kept = queries.history(PLACES, place.id)[0]
    assert (kept.by_id, kept.why, kept.fields["name_ko"]) == (boss.id, WHY, ["독산일동", "독산1동"])
    assert list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id))) == [
        "district.rename_decided", "district.renamed"]


def test_a_department_is_found_by_its_old_name_and_no_second_one_is_made(town, boss, later, app, tmp_path):
    department = town.department("주민참여협치과")
    rename(department, "주민참여협치담당관", boss, DEPARTMENTS)
    later(1)
    path = tmp_path / "district.json"
    path.write_text(json.dumps({"departments": [{"name_ko": "주민참여협치과", "name_en": "Old"}]}), "utf-8")
    app.test_cli_runner().invoke(cli.district, ["add", str(path)])
    db.session.rollback()
    assert [(each.name_ko, each.words["en"]) for each in queries.departments()] == [("주민참여협치담당관", "New name")]
    assert queries.ids_by_name(queries.departments())["주민참여협치과"] == department.id


def test_one_is_made_at_the_end_of_its_list_at_once(town, boss):
    town.audience("어르신")
    [made] = services.make(AUDIENCES, " 청년 ", why=WHY, by=boss)
    assert [(each.name_ko, each.position > 0) for each in queries.audiences()] == [("어르신", True), ("청년", True)]
    assert queries.history(AUDIENCES, made.id)[0].fields["name_ko"] == [None, "청년"]


def test_several_are_made_at_once_of_lines_or_of_two_columns(town, boss):
    town.department("민원과")
    made = services.make(DEPARTMENTS, '교통과\n\n청소과, Cleaning, parks\n"길, 물"\tRoads\n 살림과 | Finance,', why=WHY, by=boss)
    assert [(each.name_ko, each.words.get("en", each.name_ko)) for each in made] == [
        ("교통과", "교통과"), ("청소과", "Cleaning, parks"), ("길, 물", "Roads"), ("살림과", "Finance,")]
    assert queries.departments()[1:] == made
    assert {change.why for change in queries.history(DEPARTMENTS)} == {WHY} and len(queries.history(DEPARTMENTS)) == 4


@pytest.mark.parametrize("text, sentences", [
    ("가동\n독산1동\n가동\n나동", ["2번째 줄: “독산1동”은(는) 이미", "3번째 줄: “가동”을(를) 위에도"]),
    ("가동\n\n, Nothing\n" + "가" * 61 + "\n나동\t" + "n" * 81, ["3번째 줄: 한국어", "4번째 줄: 한국어", "5번째 줄: 한국어"]),
    ("\n".join(f"새{n}동" for n in range(101)), ["100개까지"]), (" \n", ["한 줄에 하나씩"]), ("가" * 140_000, ["1번째 줄"])])
def test_wrong_lines_are_each_named_and_nothing_is_made(town, boss, text, sentences):
    town.neighbourhood("독산1동")
    with pytest.raises(Refusal) as refused:
        services.make(PLACES, text, why=WHY, by=boss)
    told = str(refused.value).split("\n")
    assert len(told) == len(sentences) and all(part in line for part, line in zip(sentences, told, strict=True))
    db.session.rollback()
    assert [place.name_ko for place in queries.neighbourhoods()] == ["독산1동"] and queries.history(PLACES) == []


def test_a_list_is_made_in_the_browser_and_a_wrong_line_keeps_what_was_typed(town, boss, browse):
    browser, form = browse(boss), {"names": "가람동\nNuri-dong\n가람동", "why": WHY}
    wrong = browser.post("/desk/district/neighbourhoods", data=form)
    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422 and "3번째 줄" in page and "Nuri-dong\n가람동" in page.replace("\r", "")
    made = browser.post("/desk/district/neighbourhoods", data=form | {"names": "가람동,Garam-dong\n누리동"})
    assert (made.status_code, made.headers["Location"]) == (303, "/desk/district#neighbourhoods")
    db.session.rollback()
    assert [place.words.get("en", place.name_ko) for place in queries.neighbourhoods()] == ["Garam-dong", "누리동"]


@pytest.mark.parametrize("name, english, why, days, kind, sentence", [
    ("", "New", WHY, 1, Refusal, "60자"), ("가" * 61, "New", WHY, 1, Refusal, "60자"), ("가", " ", WHY, 1, Refusal, "80자"),
    ("가", "New", "왜", 1, Refusal, "5자부터"), ("가", "New", "가" * 301, 1, Refusal, "300자"),
    ("가", "New", WHY, 0, Refusal, "내일부터"), ("가", "New", WHY, -1, Refusal, "내일부터"),
    ("가", "New", WHY, 800, Refusal, "2년"), ("독산1동", "독산1동 (en)", WHY, 1, Refusal, "같아요"),
    ("시흥1동", "New", WHY, 1, Conflict, "다른 이름")])
def test_bad_input_changes_nothing(town, boss, name, english, why, days, kind, sentence):
    place = town.neighbourhood("독산1동")
    town.neighbourhood("시흥1동")
    with pytest.raises(kind, match=sentence):
        services.rename(PLACES, place.id, decision(name, english, why), from_day=day(days), seen=0, by=boss)
    db.session.rollback()
    assert queries.history(PLACES) == [] and db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


def test_no_two_share_a_name_that_one_had_or_will_have(town, boss, later):
    first, second = town.neighbourhood("독산1동"), town.neighbourhood("시흥1동")
    change = rename(first, "독산가동", boss)
    with pytest.raises(Conflict, match="다른 이름"):
        rename(second, "독산가동", boss)
    for name in ("독산가동", "독산1동"):
        with pytest.raises(Refusal, match=f"1번째 줄: “{name}”은.는. 이미"):
            services.make(PLACES, name, why=WHY, by=boss)
        later(1)
    assert rename(first, "독산1동", boss, from_day=day(), seen=change.id).waits, "its own name from before may come back"


def test_nobody_but_administrators(town):
    place = town.neighbourhood()
    for actor in (town.moderator(), town.official(), town.clerk(), town.resident()):
        for act in (lambda: rename(place, "새동", actor), lambda: services.make(PLACES, "새동", why=WHY, by=actor),
                    lambda: services.move(PLACES, place.id, seen=1, to=1, by=actor)):
            with pytest.raises(Denied):
                act()
    with pytest.raises(NotFound):
        rename(type("Gone", (), {"id": 999}), "새동", town.administrator())


def test_of_two_administrators_one_changes_it(app, town, boss):
    place, other = town.neighbourhood(), town.administrator()
    answers = at_once(app, 2, lambda number: rename(place, f"새{number}동", (boss, other)[number]))
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    db.session.rollback()
    waiting = queries.waiting(PLACES)[place.id]
    services.withdraw(waiting.id, by=other)
    with pytest.raises(Conflict, match="거둔"):
        services.withdraw(waiting.id, by=other)
    with pytest.raises(Conflict, match="다른 관리자"):
        rename(place, "새동", boss)
    assert rename(place, "새동", boss, seen=waiting.id).waits


def test_order_follows_the_place_that_the_page_showed(town, boss):
    places = [town.neighbourhood(name) for name in ("가동", "나동", "다동")]
    services.move(PLACES, places[2].id, seen=3, to=1, by=boss)
    assert [place.name_ko for place in queries.neighbourhoods()] == ["다동", "가동", "나동"]
    with pytest.raises(Conflict, match="순서"):
        services.move(PLACES, places[2].id, seen=3, to=2, by=boss)
    with pytest.raises(Refusal, match="자리"):
        services.move(PLACES, places[2].id, seen=1, to=4, by=boss)


def test_twenty_are_renamed_in_the_order_in_which_they_were_decided(town, boss, later):
    places = [town.neighbourhood(f"옛{number}동") for number in range(20)]
    for number, place in enumerate(places):
        rename(place, f"새{number}동", boss)
    assert later(1) == 20
    assert [place.name_ko for place in queries.neighbourhoods()] == [f"새{number}동" for number in range(20)]


def test_a_worker_that_is_killed_renames_once(town, boss, later, monkeypatch):
    places = [town.neighbourhood(name) for name in ("가동", "나동")]
    for number, place in enumerate(places):
        rename(place, f"새{number}동", boss)
    clock_at = clock.now() + timedelta(days=1)
    db.session.rollback()
    let_go()
    child = os.fork()
    if child == 0:  # dies when the second one is written and not committed
        monkeypatch.setattr(clock, "read", lambda: clock_at)
        apply, done = operations.apply, []

        def deadly(*given):
            apply(*given)
            done.append(given)
            if len(done) == 2:
                os.kill(os.getpid(), signal.SIGKILL)

        monkeypatch.setattr(operations, "apply", deadly)
        services.apply_due()
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert [place.name_ko for place in queries.neighbourhoods()] == ["새0동", "나동"]
    assert later(1) == 1
    assert [(place.name_ko, len(place.earlier)) for place in queries.neighbourhoods()] == [("새0동", 1), ("새1동", 1)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DistrictChange).where(
        DistrictChange.applied_at.is_not(None))) == 2


def of_one_place():
    return {"who": ["구민"], "neighbourhoods": ["시흥1동"], "roll_fixed_on": day(-7).isoformat()}


def test_an_open_vote_keeps_the_names_with_which_it_was_fixed(town, boss, later):
    place = town.neighbourhood()
    made = making.opened(town, eligibility=of_one_place())
    rename(place, "시흥가동", boss)
    written, rule, roll = made.box.definition, made.roll.rule, made.roll_id
    assert later(1) == 1
    made = db.session.get(Poll, made.id)
    assert (made.box.definition, made.roll.rule, made.roll_id) == (written, rule, roll)
    assert "시흥1동" in written and "시흥1동" in rule


def test_a_prepared_vote_can_be_opened_after_the_day_of_a_new_name(town, boss, later):
    place = town.neighbourhood()
    made = making.prepared(town, eligibility=of_one_place())
    rename(place, "시흥가동", boss)
    assert later(1) == 1
    fingerprint, roll = made.box.fingerprint, made.roll_id
    made = process.prepare(made.id, by=town.moderator())
    assert (made.box.fingerprint, made.roll_id) == (fingerprint, roll), "confirmations stand"
    proposed = making.confirmations.propose(making.ConfirmedAction.OPEN, made.box_id, by=town.official())
    making.confirmations.confirm(proposed.id, by=town.moderator())
    assert db.session.get(Poll, made.id, populate_existing=True).box.opened_at


def test_an_announced_vote_whose_roll_was_not_fixed_says_the_new_name(town, boss, later):
    place = town.neighbourhood()
    made = making.poll(town, eligibility=of_one_place() | {"roll_fixed_on": day(5).isoformat()},
                       opens_at={"days": 9, "time": "09:00"}, closes_at={"days": 12, "time": "18:00"})
    assert making.voter(town) is not None and "시흥1동" in made.roll.rule
    rename(place, "시흥가동", boss)
    assert later(1) == 1
    made = db.session.get(Poll, made.id, populate_existing=True)
    assert "시흥가동" in made.roll.rule and "시흥1동" not in made.roll.rule

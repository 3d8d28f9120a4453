"""Settings of a district: from a day on, by one or two people, read everywhere."""

import json
import logging
import os
import signal
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from civic_forum.answers.models import Duty
from civic_forum.answers.rules import DutyKind
from civic_forum.desk import reactions
from civic_forum.desk.services import district as lists
from civic_forum.desk.services import settings as services
from civic_forum.desk.services.settings import Decision
from civic_forum.district import queries
from civic_forum.district.models import DistrictChange
from civic_forum.district.rules import DistrictList
from civic_forum.platform import clock, i18n, settings
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.i18n import Language, local
from civic_forum.platform.settings import SETTINGS
from civic_forum.platform.work import use_case
from civic_forum.polls.definition import definition
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import publication
from civic_forum.proposals.settings import title_is_locked
from tests.common import day, let_go
from tests.polls import making
from tests.racing import all_at_once

WHY = "작은 동에서는 20명이 모이기 어려워요."
pytestmark = pytest.mark.both


def last(name):
    row = services.rows().get(name)
    return row and queries.last_change(DistrictList.SETTINGS, row.id) or 0


def decide(name, text, by, **facts):
    seen = facts.pop("seen", None)
    from_day = facts.pop("from_day", None) or day()
    return services.decide(name, Decision(**{"text": text, "why": WHY} | facts), from_day=from_day,
                           seen=last(name) if seen is None else seen, by=by)


def confirm(change, by):
    services.BOTH.confirm(lists.subject_of(change.id), by=by)


def gathering(town, supports, threshold=20):
    return town.proposal(support_count=supports, threshold=threshold,
                         gathering_ends_at=clock.now() + timedelta(days=20))


def test_a_change_is_in_force_from_its_day_on_and_its_history_stays(app, town, two, later):
    assert settings.value("TITLE_LOCK_SUPPORTS") == app.config["TITLE_LOCK_SUPPORTS"] == 10
    change = decide("TITLE_LOCK_SUPPORTS", "15", two[0])
    decided = clock.now()
    assert lists.apply_due() == 0 and settings.value("TITLE_LOCK_SUPPORTS") == 10
    assert later(1) == 1 and lists.apply_due() == 0
    assert settings.value("TITLE_LOCK_SUPPORTS") == 15 and settings.value_at("TITLE_LOCK_SUPPORTS", decided) == 10
    kept = queries.history(DistrictList.SETTINGS)[0]
    assert (kept.id, kept.by_id, kept.why, kept.fields) == (change.id, two[0].id, WHY, {"value": [10, 15]})


def test_the_file_counts_no_more_once_something_was_decided(app, town, two, later, monkeypatch):
    monkeypatch.setitem(app.config, "CONTACT_PHONE", "02-111-1111")
    assert settings.value("CONTACT_PHONE") == "02-111-1111"
    decide("CONTACT_PHONE", "02-222-2222", two[0])
    later(1)
    monkeypatch.setitem(app.config, "CONTACT_PHONE", "02-333-3333")
    assert settings.value("CONTACT_PHONE") == "02-222-2222"


def test_a_change_that_takes_two_waits_for_another_administrator(town, two, later):
    change = decide("SUPPORT_DAYS", "30", two[0])
    with pytest.raises(Denied, match="다른 사람"):
        confirm(change, two[0])
    assert later(1) == 0 and settings.value("SUPPORT_DAYS") == 20
    with pytest.raises(Conflict, match="지났"):
        confirm(change, two[1])
    lists.withdraw(change.id, by=two[1])
    confirm(decide("SUPPORT_DAYS", "40", two[0]), two[1])
    assert later(2) == 1 and settings.value("SUPPORT_DAYS") == 40


def test_nobody_but_administrators(town, two):
    change = decide("SUPPORT_DAYS", "30", two[0])
    for actor in (town.moderator(), town.official(), town.resident()):
        for act in (lambda: decide("TITLE_LOCK_SUPPORTS", "15", actor), lambda: confirm(change, actor),
                    lambda: lists.withdraw(change.id, by=actor)):
            with pytest.raises(Denied):
                act()
    with pytest.raises(NotFound):
        decide("SECRET_KEY", "15", two[0], seen=0)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("name, text, facts, sentence", [
    ("SUPPORT_THRESHOLD", "0", {}, "1부터"), ("SUPPORT_THRESHOLD", "많이", {}, "1부터"),
    ("SUPPORT_THRESHOLD", "20", {}, "같아요"),
    ("SUPPORT_THRESHOLD", "9", {}, "작을 수 없어요"), ("TITLE_LOCK_SUPPORTS", "21", {}, "클 수 없어요"),
    ("SUPPORT_DAYS", "366", {}, "365"), ("SUPPORT_DAYS", "30", {"from_day": day(0)}, "내일부터"),
    ("SUPPORT_DAYS", "30", {"why": "왜"}, "5자부터"), ("WHO_MAY_PROPOSE", "nobody", {}, "골라"),
    ("HOLD_PROPOSALS", "", {}, "골라"), ("SITE_NAME", "", {"words": {"en": "Name"}}, "1자부터"),
    ("SITE_NAME", "이름", {"words": {"en": ""}}, "1자부터"), ("SITE_NAME", "가" * 41, {"words": {"en": "Name"}}, "40자"),
    ("HOLIDAYS", "2026-13-01", {}, "2026-06-02처럼"), ("HOLIDAYS", "2026-01-02", {}, "전의 날"),
    ("CONTACT_EMAIL", "nobody", {}, "메일 주소"), ("CONTACT_PHONE", "없음", {}, "전화번호"),
    ("RESIDENTS", "출처", {}, "영어 출처"), ("RESIDENTS", "출처\nSource\n가산동 많음", {}, "가산동"),
    ("PROCESSORS", "\n".join(["회사"] * 61), {}, "60줄"),
    ("PROGRAMME_FORUMS", "결과·실행", {"words": {"en": "Halls"}}, "다른 메뉴")])
def test_bad_input_changes_nothing(town, two, name, text, facts, sentence):
    with pytest.raises(Refusal, match=sentence):
        decide(name, text, two[0], **facts)
    db.session.rollback()
    assert services.rows() == {} and queries.history(DistrictList.SETTINGS) == []


def test_a_change_that_waits_counts_where_two_settings_must_agree(town, two):
    confirm(decide("SUPPORT_THRESHOLD", "50", two[0]), two[1])
    with pytest.raises(Refusal, match="클 수 없어요"):  # the higher threshold may still be withdrawn
        decide("TITLE_LOCK_SUPPORTS", "30", two[0])
    decide("TITLE_LOCK_SUPPORTS", "18", two[0])
    waiting = queries.waiting(DistrictList.SETTINGS)
    lists.withdraw(next(change.id for change in waiting.values() if change.fields["value"][1] == 50), by=two[0])
    with pytest.raises(Refusal, match="작을 수 없어요"):
        decide("SUPPORT_THRESHOLD", "17", two[0])


def test_of_two_administrators_one_changes_it(app, town, two):
    answers = all_at_once(app, *(lambda person=person, text=text: decide("CONTACT_PHONE", text, person, seen=0)
                                 for person, text in zip(two, ("02-222-2222", "02-333-3333"), strict=True)))
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    db.session.rollback()
    assert len(queries.waiting(DistrictList.SETTINGS)) == 1
    with pytest.raises(Conflict, match="기다리고"):
        decide("CONTACT_PHONE", "02-444-4444", two[0])


def test_two_that_contradict_each_other_are_never_decided_at_once(app, town, two):
    all_at_once(app, lambda: decide("TITLE_LOCK_SUPPORTS", "20", two[0], seen=0),
                lambda: decide("SUPPORT_THRESHOLD", "15", two[1], seen=0))
    db.session.rollback()
    assert len(queries.waiting(DistrictList.SETTINGS)) == 1


def test_a_proposal_keeps_its_threshold_unless_a_lower_one_is_given_to_it(town, two, later):
    near, far = gathering(town, 17), gathering(town, 5)
    confirm(decide("SUPPORT_THRESHOLD", "18", two[0]), two[1])
    later(1)
    assert (near.threshold, near.state) == (20, State.GATHERING)
    assert "1개" in services.effect("SUPPORT_THRESHOLD", Decision(text="15", why=WHY))
    change = decide("SUPPORT_THRESHOLD", "15", two[0], standing=True)
    assert change.fields == {"value": [18, 15], "standing": [False, True]}
    confirm(change, two[1])
    assert later(2) == 1
    db.session.expire_all()
    assert (near.threshold, near.state, far.threshold, far.state) == (15, State.ANSWER_DUE, 15, State.GATHERING)
    duty = db.session.scalar(sa.select(Duty).filter_by(proposal_id=near.id))
    assert duty.kind is DutyKind.THRESHOLD and local(duty.started_at).date() == day(0)
    assert duty.days == settings.value("ANSWER_DAYS")


def test_a_higher_threshold_is_given_to_nothing_that_stands(town, two, later):
    near = gathering(town, 17)
    change = decide("SUPPORT_THRESHOLD", "30", two[0], standing=True)
    assert "standing" not in change.fields
    confirm(change, two[1])
    later(1)
    db.session.expire_all()
    assert near.threshold == 20


@examples(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counts=st.lists(st.integers(0, 25), max_size=6), after=st.integers(10, 19))
def test_a_lower_threshold_changes_what_it_reaches_and_only_that(town, counts, after):
    standing = [gathering(town, supports) for supports in counts if supports < 20]
    with use_case(None) as work:
        SETTINGS["SUPPORT_THRESHOLD"].carry_out(work, {"value": [20, after], "standing": [False, True]})
    db.session.expire_all()
    assert [(each.threshold, each.state is State.ANSWER_DUE) for each in standing] == [
        (after, each.support_count >= after) for each in standing]


def test_a_title_stays_locked_by_what_was_decided_when_it_was_published(town, two, later):
    old = gathering(town, 12)
    assert title_is_locked(old)
    decide("TITLE_LOCK_SUPPORTS", "15", two[0])
    later(1)
    assert title_is_locked(old) and not title_is_locked(gathering(town, 12))
    assert title_is_locked(gathering(town, 15))


def test_a_day_off_moves_running_clocks_in_the_same_transaction(app, town, two, later, monkeypatch):
    monkeypatch.setitem(app.config, "ANSWER_WORKING_DAYS", True)
    proposal = town.proposal(support_count=20, threshold=20, gathering_ends_at=clock.now() + timedelta(days=9))
    with use_case(None) as work:
        proposals.look_at_threshold(work, proposal)
    before = db.session.scalar(sa.select(Duty.due_on))
    decide("HOLIDAYS", before.isoformat(), two[0])
    later(1)
    assert db.session.scalar(sa.select(Duty.due_on)) > before


def test_a_box_that_was_made_keeps_the_name_of_the_district(town, two, later):
    made = making.prepared(town)
    before = made.box.fingerprint
    confirm(decide("DISTRICT_NAME", "한빛구", two[0], words={"en": "Hanbit-gu"}), two[1])
    later(1)
    db.session.expire_all()
    assert "한빛구" not in json.dumps(definition(made), ensure_ascii=False)
    assert "한빛구" in json.dumps(definition(making.poll(town)), ensure_ascii=False)
    assert made.box.fingerprint == before


def test_a_worker_that_is_killed_changes_all_or_nothing(town, two, later, monkeypatch):
    standing = [gathering(town, 17) for _number in range(3)]
    confirm(decide("SUPPORT_THRESHOLD", "15", two[0], standing=True), two[1])
    tomorrow = clock.now() + timedelta(days=1)
    db.session.rollback()
    let_go()
    child = os.fork()
    if child == 0:  # dies with two of three given to their department
        monkeypatch.setattr(clock, "read", lambda: tomorrow)
        look, seen = proposals.look_at_threshold, []

        def deadly(*facts):
            look(*facts)
            seen.append(facts)
            if len(seen) == 2:
                os.kill(os.getpid(), signal.SIGKILL)

        monkeypatch.setattr(proposals, "look_at_threshold", deadly)
        lists.apply_due()
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert settings.value("SUPPORT_THRESHOLD") == 20 and not db.session.scalar(sa.select(sa.func.count(Duty.id)))
    assert later(1) == 1 and lists.apply_due() == 0
    assert settings.value("SUPPORT_THRESHOLD") == 15
    assert db.session.scalar(sa.select(sa.func.count(Duty.id))) == len(standing)


def test_another_process_sees_a_change(app, town, two, later):
    decide("CONTACT_PHONE", "02-222-2222", two[0])
    reading, writing = os.pipe()
    answering, telling = os.pipe()
    db.session.rollback()
    let_go()
    child = os.fork()
    if child == 0:
        before = settings.value("CONTACT_PHONE")
        db.session.rollback()
        os.write(telling, b"1")
        os.read(reading, 1)
        os.write(telling, json.dumps([before, settings.value("CONTACT_PHONE")]).encode())
        os._exit(0)
    os.read(answering, 1)
    later(1)
    os.write(writing, b"1")
    os.waitpid(child, 0)
    assert json.loads(os.read(answering, 200)) == [app.config["CONTACT_PHONE"], "02-222-2222"]


def test_a_setting_of_the_file_becomes_data_once(app, town, two, later, monkeypatch, caplog):
    monkeypatch.setitem(app.config, "GIVEN", frozenset(("SUPPORT_THRESHOLD", "SITE_NAME", "HOLIDAYS", "DATA")))
    monkeypatch.setitem(app.config, "SUPPORT_THRESHOLD", 50)
    monkeypatch.setitem(app.config, "SITE_NAME", "한빛마을")
    monkeypatch.setitem(app.config, "HOLIDAYS", (date(2026, 6, 2),))
    reactions.take_over_settings()
    assert not caplog.records
    assert {name: row.value for name, row in services.rows().items()} == {
        "SUPPORT_THRESHOLD": 50, "HOLIDAYS": ["2026-06-02"],
        "SITE_NAME": {"ko": "한빛마을", "en": app.config["SITE_NAME_EN"], "zh": app.config["SITE_NAME_ZH"]}}
    assert {change.why for change in queries.history(DistrictList.SETTINGS)} == {services.FROM_FILE}
    assert settings.value("HOLIDAYS") == (date(2026, 6, 2),)
    monkeypatch.setitem(app.config, "SUPPORT_THRESHOLD", 70)
    with caplog.at_level(logging.WARNING):
        reactions.take_over_settings()
    assert settings.value("SUPPORT_THRESHOLD") == 50 and len(services.rows()) == 3
    assert sorted(record.getMessage().split()[0] for record in caplog.records) == [
        "CIVIC_FORUM_HOLIDAYS", "CIVIC_FORUM_SITE_NAME", "CIVIC_FORUM_SUPPORT_THRESHOLD"]


def test_a_name_without_words_in_a_language_is_the_korean_one_there(app, town, two, later, browse):
    """Not that of the machine: a district decided on it before the site spoke that language."""
    decide("SITE_NAME", "한빛마을", two[0], words={"en": "Hanbit Town"})
    later(1)
    for language, name in (("ko", "한빛마을"), ("en", "Hanbit Town"), ("zh", "한빛마을")):
        reader = browse()
        reader.set_cookie("language", language)
        page = reader.get("/help").text
        assert name in page and app.config["SITE_NAME_ZH"] not in page


def test_each_shape_reads_what_it_typed(app, town):
    samples = {"RESIDENTS": {"source": "통계", "source_en": "Statistics", "neighbourhoods": {"가산 1동": 12},
                             "ages": {"65+": 3}},
               "PROCESSORS": ["가 회사 (메일)", "나 회사"], "HOLIDAYS": ["2026-06-02"], "PRIVACY_OFFICER": "감사담당관",
               "PRIVACY_DESK": "감사과"}
    for name, setting in SETTINGS.items():
        kept = samples.get(name, setting.machine_value)
        if name != "CONTACT_EMAIL":  # the default leads nowhere and is refused
            typed = setting.shape.typed(kept)
            words = {code: text for code, text in typed.items() if code != "ko"} if isinstance(typed, dict) else {}
            assert setting.shape.check(typed["ko"] if words else typed, words) == kept, name
        assert setting.shape.shown(kept)


def test_a_programme_is_called_as_the_district_calls_it(app, town, two, later, browse):
    decide("PROGRAMME_CONSULTATIONS", "금나래가 묻습니다", two[0], words={"en": "Geumnarae asks"})
    browser = browse()
    assert "구청이 묻습니다" in browser.get("/").get_data(as_text=True)
    later(1)
    for path in ("/", "/consultations", "/help", "/outcomes"):
        page = browser.get(path).get_data(as_text=True)
        assert "금나래가 묻습니다" in page and "구청이 묻습니다" not in page, path
    with i18n.speaking(Language.EN):
        assert i18n._("구청이 묻습니다") == "Geumnarae asks"


def test_pages_of_administrators(app, town, two, browse, later):
    first, second, moderator = browse(two[0]), browse(two[1]), browse(town.moderator())
    page = first.get("/desk/district/settings").get_data(as_text=True)
    for setting in SETTINGS.values():
        assert str(setting.label) in page
    address = "/desk/district/settings/SUPPORT_THRESHOLD"
    gathering(town, 17)
    sent = {"text": "15", "from_day": day().isoformat(), "why": WHY, "standing": "y", "seen": "0"}
    preview = first.post(f"{address}/changes", data=sent | {"preview": "1"})
    assert preview.status_code == 200 and "제안 1개" in preview.get_data(as_text=True) and services.rows() == {}
    assert first.post(f"{address}/changes", data=sent | {"text": "0"}).status_code == 422
    assert first.post(f"{address}/changes", data=sent).status_code == 303
    assert first.post(f"{address}/changes", data=sent).status_code == 409
    assert "승인하기" not in first.get(address).get_data(as_text=True)
    assert WHY not in browse().get("/district").get_data(as_text=True)
    assert "승인을 기다리는 변경 1개" in second.get("/desk/district/settings").get_data(as_text=True)
    waits = second.get(address).get_data(as_text=True)
    assert "승인하기" in waits and "제안 1개" in waits
    token = waits.split('name="seen" type="hidden" value="')[1].split('"')[0]
    assert second.post(f"{address}/confirmations", data={"seen": "00"}).status_code == 409
    assert second.post(f"{address}/confirmations", data={"seen": token}).status_code == 303
    public = browse().get("/district").get_data(as_text=True)
    assert WHY in public and "15명" in public and two[0].nickname not in public
    db.session.rollback()
    change = db.session.scalar(sa.select(DistrictChange.id).where(DistrictChange.withdrawn_at.is_(None)))
    assert first.post(f"/desk/district/changes/{change}/withdrawals").status_code == 303
    assert moderator.get(address).status_code == 403
    assert first.get("/desk/district/settings/NOTHING").status_code == 404


def test_a_setting_of_long_ago_is_changed_on_its_page(town, two, later, browse, monkeypatch):
    monkeypatch.setattr(queries, "MOST_SHOWN", 2)
    decide("CONTACT_PHONE", "02-222-2222", two[0])
    for number in range(1, 4):
        later(number)
        decide("TITLE_LOCK_SUPPORTS", f"{11 + number}", two[0])
    browser, address = browse(two[0]), "/desk/district/settings/CONTACT_PHONE"
    page = browser.get(address).get_data(as_text=True)
    assert "02-222-2222" in page and WHY in page
    seen = page.split('name="seen" type="hidden" value="')[1].split('"')[0]
    sent = {"text": "02-333-3333", "why": WHY, "seen": seen, "from_day": day().isoformat()}
    assert browser.post(f"{address}/changes", data=sent).status_code == 303
    assert queries.waiting(DistrictList.SETTINGS).keys() == {services.rows()[name].id for name in (
        "CONTACT_PHONE", "TITLE_LOCK_SUPPORTS")}
    assert browser.get("/desk/district/settings").get_data(as_text=True).count(">보기<span") == 2


def test_warm_pages_send_no_statement_more(app, town, two, later, browse, queries):
    decide("CONTACT_PHONE", "02-222-2222", two[0])
    later(1)
    for browser in (browse(), browse(town.resident())):
        for path in ("/", "/proposals", "/help"):
            browser.get(path)
            with queries() as seen:
                browser.get(path)
            assert not [statement for statement in seen if "district_setting" in statement], path
            assert len([statement for statement in seen if "FROM site_version" in statement]) <= 1, path


def test_a_proposal_is_registered_with_what_is_decided_now(town, two, later):
    confirm(decide("SUPPORT_THRESHOLD", "30", two[0]), two[1])
    later(1)
    held = town.proposal(published_at=None, state=State.HELD)
    approved = publication.approve(held.id, by=town.moderator())
    assert approved.threshold == 30

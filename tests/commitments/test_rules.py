"""Rules of the ledger, against a second reckoning and by example."""

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.commitments import amounts, days, faults, rules, standings
from civic_forum.commitments.days import day_meant
from civic_forum.commitments.ledger import applied, fold
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.rows import Row
from civic_forum.commitments.rules import Entry, EntryKind, Fault, Ledger, Line, Source, Status, Unit
from civic_forum.commitments.standings import Ending, Standing
from tests.running.turns import share

from . import reckoning
from .reckoning import ATTEMPTS, TODAY, reached, said, step


def iso(day: date | None) -> str | None:
    return day and day.isoformat()


def written(attempts) -> list[Entry]:
    """The history that the rules let happen."""
    history: list[Entry] = []
    for (kind, content), corrects in attempts:
        entry = reckoning.entry_of(history, kind, content, corrects)
        if faults.fault(fold(history), entry) is None:
            history.append(entry)
    return history


@pytest.mark.in_turns(of=5)
@settings(max_examples=share(600))
@given(ATTEMPTS)
def test_a_ledger_is_what_a_second_reckoning_finds(attempts):
    history = written(attempts)
    ledger, book = fold(history), reckoning.counting(history)
    assert ledger.progress == reckoning.progress(book)
    assert ledger.status == reckoning.status(book) and ledger.is_over is reckoning.is_over(book)
    assert bool(ledger.origin_lost) is reckoning.lost(book)
    sums = ledger.sums
    assert [sums.planned, sums.secured, sums.executed] == [reckoning.column(book, number) for number in range(3)]
    assert sums.rest == reckoning.rest(book)
    assert ledger.planned == reckoning.planned(book)
    assert iso(ledger.next_days[0]) == reckoning.next_day(book)
    assert iso(ledger.told_on) == reckoning.told(history) and ledger.reported is reckoning.is_reported(history)
    assert [(one.milestone, iso(one.before), iso(one.after)) for one in ledger.slips] == reckoning.slips(book)
    for key in ("", *(row["key"] for row in reckoning.steps(book))):
        found = ledger.milestone(key) or ledger
        days = reckoning.days_of(book, key)
        assert [iso(found.first_due_on), iso(found.due_on)] == ([days[0], days[-1]] if days else [None, None])


@pytest.mark.in_turns(of=5)
@settings(max_examples=share(600))
@given(ATTEMPTS)
def test_nothing_is_refused_but_for_a_reason(attempts):
    history: list[Entry] = []
    for (kind, content), corrects in attempts:
        entry = reckoning.entry_of(history, kind, content, corrects)
        found = faults.fault(fold(history), entry)
        if entry.corrects is None:
            assert (found is not None) is reckoning.impossible(reckoning.counting(history), kind, content)
        elif found is None:
            _stands(reckoning.counting([*history, entry]))
        if found is None:
            history.append(entry)


def _stands(book) -> None:
    """A history that was corrected is one that could have been written so, but for what was taken back."""
    for at, (kind, _on, content) in enumerate(book):
        if kind in (EntryKind.STATUS, EntryKind.SLIP):
            continue
        assert not reckoning.impossible(book[:at], kind, content), (at, kind)
    if reckoning.status(book) == "done":
        assert all(reckoning.is_reached(book, row["key"]) for row in reckoning.steps(book))


@settings(max_examples=share(300))
@given(ATTEMPTS)
def test_no_day_that_was_set_is_lost(attempts):
    """Every day of the whole is the first one or one of a slip, each of which begins where the one before ended."""
    ledger = Ledger()
    for entry in written(attempts):
        before, ledger = ledger, applied(ledger, entry)
        if before.first_due_on is not None and entry.kind is not EntryKind.SLIP:
            assert (ledger.first_due_on, ledger.due_on) == (before.first_due_on, before.due_on)
    own = [one for one in ledger.slips if not one.milestone]
    assert all(one.after == following.before for one, following in zip(own, own[1:], strict=False))
    assert not own or (own[-1].after == ledger.due_on and (own[0].before or own[0].after) == ledger.first_due_on)


@pytest.mark.in_turns(of=5)
@settings(max_examples=share(300))
@given(ATTEMPTS)
def test_saying_the_same_once_more_in_its_place_changes_nothing(attempts):
    history = written(attempts)
    ledger = fold(history)
    for one in history:
        again = Entry(len(history) + 1, one.kind, one.on, one.content, one.number)
        latest = [other for other in history if other.number == one.number or other.corrects == one.number]
        if len(latest) == 1 and one.corrects is None:
            assert faults.fault(ledger, again) is None
            assert fold([*history, again]).sums == ledger.sums
            assert fold([*history, again]).milestones == ledger.milestones


def next_one(kind: str, content: dict, corrects: int | None = None) -> Entry:
    return Entry(99, EntryKind(kind), TODAY, content, corrects)


STEPS = ("milestones", {"milestones": [step("m1", 40, "2026-12-31"), step("m2", 60, "2027-03-31")]})


def test_a_correction_of_a_correction_stands_where_the_first_stood():
    ledger = said(("money", {"total": None, "lines": [[2026, "city", "", 1, None, None]]}),
                  ("quarter", {"quarter": "2026-1", "text": "", "executed": [[2026, "city", "", 1]]}),
                  ("money", {"total": None, "lines": [[2026, "city", "", 2, None, None]]}, 1),
                  ("money", {"total": None, "lines": [[2026, "city", "", 3, None, None]]}, 3))
    assert (ledger.sums.planned, ledger.sums.executed) == (3, 1)


def test_a_corrected_day_is_the_old_one_until_it_is_moved():
    ledger = said(("facts", {"title": "의자", "due_on": "2026-12-31"}), STEPS,
                  ("facts", {"title": "의자 셋", "due_on": "2029-12-31"}, 1),
                  ("milestones", {"milestones": [step("m1", 40, "2029-12-31"), step("m2", 60, None)]}, 2))
    assert ledger.facts["title"] == "의자 셋" and iso(ledger.first_due_on) == iso(ledger.due_on) == "2026-12-31"
    assert [iso(one.due_on) for one in ledger.milestones] == ["2026-12-31", "2027-03-31"]


def test_a_correction_keeps_the_printed_facts_for_which_no_form_asks():
    printed = {"notes": [["한 해", ["주민총회 5월"]]], "money_shared": True}
    ledger = said(("facts", {"title": "의자", "due_on": None, **printed}),
                  ("facts", {"title": "의자 셋", "due_on": None}, 1))
    assert ledger.facts == {"title": "의자 셋", "due_on": None, **printed}


@given(st.lists(st.tuples(st.dates(date(2018, 1, 1), date(2019, 12, 31)),
                          st.lists(st.sampled_from("가나다"), max_size=2))))
def test_events_of_all_quarters_are_all_events_that_say_their_kind(events):
    quarters = {days.quarter_of(on) for on, _kinds in events}
    assert sum((days.counted(events, quarter) for quarter in quarters), Counter()) == Counter(
        kind for _on, kinds in events for kind in kinds)


@pytest.mark.parametrize("entry, expected", [
    (next_one("slip", {"milestone": "m1", "to": "2027-01-31", "why": "다른 이유"}, 2), None),
    (next_one(*reached("m1", text="다시 세었어요"), 3), None),
    (next_one(*reached("m1", text=""), 3), Fault.NO_EVIDENCE),
    (next_one(*reached("m2"), 3), Fault.ALREADY_REACHED),
    (next_one("milestones", {"milestones": [step("m1", 40), step("m3", 60)]}, 1), Fault.UNKNOWN_MILESTONE),
    (next_one("milestones", {"milestones": [step("m1", 30), step("m2", 60), step("m3", 10)]}, 1),
     Fault.NOT_ALL_REACHED),
    (next_one("milestones", {"milestones": [step("m1", 30), step("m2", 70)]}, 1), None),
    (next_one("withdrawn", {"milestone": "m1", "why": "다른 곳"}), Fault.OVER),
    (next_one(*reached("m1")), Fault.OVER),
    (next_one("slip", {"milestone": "", "to": "2028-01-31", "why": "이유"}), Fault.OVER),
    (next_one("milestones", {"milestones": [step("m1", 100)]}), Fault.OVER),
    (next_one("status", {"status": "done", "why": "이유"}), Fault.SAME_STATUS),
    (next_one("log", {"text": "잔치를 했어요."}), None)], ids=str)
def test_of_one_that_is_kept(entry, expected):
    ledger = said(STEPS, ("slip", {"milestone": "m1", "to": "2027-01-31", "why": "비"}), reached("m1"), reached("m2"),
                  ("status", {"status": "done", "why": ""}))
    assert faults.fault(ledger, entry) is expected


def test_a_status_that_was_said_may_be_said_again_once_the_origin_is_gone():
    ledger = said(("status", {"status": "on_track", "why": ""}), ("origin", {"step": "declined"}))
    again = next_one("status", {"status": "on_track", "why": "그래도 해요."})
    assert faults.fault(ledger, again) is None and not applied(ledger, again).origin_lost


def test_a_quarter_without_a_sum_leaves_what_was_spent():
    ledger = said(("money", {"total": None, "lines": [[2026, "city", "", None, 9, 5]]}),
                  ("quarter", {"quarter": "2026-1", "text": "", "executed": [[2026, "city", "", None]]}))
    assert ledger.sums.executed == 5


def test_money_that_nobody_secured_leaves_nothing_less_of_what_was():
    lines = [Line(2026, Source.CITY, "", None, 100, 30), Line(2025, Source.CITY, "", 200, None, 200)]
    assert rules.sums(lines).rest == 70


def test_of_money_of_which_nobody_told_what_was_spent_nothing_is_left():
    lines = [Line(2026, Source.CITY, "", None, 100, 30), Line(2025, Source.CITY, "", 200, 200, None)]
    assert rules.sums(lines).rest is None and rules.sums(lines).executed == 30


# Standing


def course(**columns) -> SimpleNamespace:
    """Columns of a commitment that was promised here on a day of 2024."""
    facts = {"status": None, "steps": 0, "reached": 0, "reported": False, "next_due_on": None, "term_ends_on": None,
             "told_on": None, "promised_on": date(2024, 3, 2)} | columns
    return SimpleNamespace(**facts, heard_on=facts["told_on"] or facts["promised_on"])


LONG_AGO, LATELY, ENDED = date(2025, 9, 30), date(2025, 10, 1), date(2022, 12, 31)


@pytest.mark.parametrize("columns, expected", [
    ({"status": Status.DONE}, Standing.WRITTEN),
    ({"status": Status.DONE, "steps": 2, "reached": 1}, Standing.KEPT),
    ({"status": Status.DONE, "reported": True}, Standing.KEPT),
    ({"status": Status.DONE, "told_on": LONG_AGO, "next_due_on": ENDED}, Standing.WRITTEN),
    ({"status": Status.DROPPED, "term_ends_on": ENDED}, Standing.STOPPED),
    ({"told_on": LATELY}, Standing.GOING), ({"told_on": LONG_AGO}, Standing.SILENT), ({}, Standing.SILENT),
    ({"told_on": LATELY, "status": Status.LATE}, Standing.GOING),
    ({"told_on": LATELY, "status": Status.LATE, "next_due_on": TODAY}, Standing.GOING),
    ({"told_on": LATELY, "status": Status.ON_TRACK, "next_due_on": TODAY - timedelta(days=1)}, Standing.LATE),
    ({"told_on": LONG_AGO, "next_due_on": date(2025, 12, 31)}, Standing.SILENT),
    ({"told_on": LONG_AGO, "next_due_on": LONG_AGO}, Standing.SILENT),
    ({"told_on": LONG_AGO, "next_due_on": date(2025, 6, 30)}, Standing.LATE),
    ({"told_on": LONG_AGO, "next_due_on": date(2027, 6, 30)}, Standing.SILENT),
    ({"term_ends_on": ENDED, "next_due_on": ENDED, "status": Status.ON_TRACK}, Standing.OVER),
    ({"term_ends_on": ENDED, "steps": 2, "reached": 2}, Standing.KEPT),
    ({"term_ends_on": TODAY, "next_due_on": TODAY, "told_on": LATELY}, Standing.GOING)], ids=str)
def test_standing(columns, expected):
    assert standings.standing(course(**columns), TODAY) is expected


@pytest.mark.parametrize("columns, expected", [
    ({}, Ending.NEVER_TOLD), ({"told_on": ENDED}, Ending.NEVER_TOLD),
    ({"told_on": ENDED + timedelta(days=1)}, Ending.NOT_SHOWN), ({"steps": 2, "reached": 1}, Ending.PARTLY)], ids=str)
def test_the_end_of_a_term(columns, expected):
    assert standings.ending(course(term_ends_on=ENDED, **columns)) is expected


def test_entries_of_the_site_are_no_news_and_no_report():
    by_site, by_official = (fold([Entry(1, EntryKind.STATUS, TODAY, {"status": "done", "why": "다 했어요"}, None, by,
                                        7)]) for by in (None, 3))
    assert (by_site.told_on, by_site.reported) == (None, False)
    assert (by_official.told_on, by_official.reported) == (TODAY, True)


@pytest.mark.parametrize("of, moved, expected", [
    (88_000, 36_400, None), (115_000, 36_400, Fault.MORE_THAN_THERE), (88_001, 1, Fault.MORE_THAN_THERE),
    (36_400, 36_401, Fault.MORE_MOVED)])
def test_no_more_is_moved_than_there_is(of, moved, expected):
    whole = said(("money", {"total": None, "lines": [[2026, "district", "", 88_000, None, None]]}))
    shift = next_one("shift", {"item_from": "행사운영비", "item_to": "사무관리비", "of": of, "moved": moved, "why": "의결"})
    assert faults.fault(whole, shift) is expected
    once = said(("money", {"total": None, "lines": [[2026, "district", "", 88_000, None, None]]}),
                ("shift", {**shift.content, "of": 80_000, "moved": 80_000}))
    for names, much in ((("행사운영비", "여비"), 8_001), (("시설비", "여비"), 8_001), (("사무관리비", "여비"), 88_001)):
        again = {"item_from": names[0], "item_to": names[1], "moved": 1}
        assert [faults.fault(once, next_one("shift", {**again, "of": won})) for won in (much, much - 1)] == [
            Fault.MORE_THAN_THERE, None]
    same = next_one("shift", {**shift.content, "item_to": "행사운영비"})
    assert faults.fault(whole, same) is Fault.SAME_ITEM
    nobody_knows = next_one("shift", {**shift.content, "of": 10**9, "moved": 10**9})
    assert faults.fault(said(), nobody_knows) is None


def test_money_that_was_moved_is_not_moved_again():
    lines = [[2026, "district", "행사", 60, None, None], [2026, "district", "사무", 40, None, None]]
    shift = {"item_from": "행사", "item_to": "사무", "of": 60, "moved": 50, "why": "의결"}
    ledger = said(("money", {"total": None, "lines": lines}), ("shift", shift))
    assert faults.fault(ledger, next_one("shift", shift)) is Fault.MORE_THAN_THERE
    assert faults.fault(ledger, next_one("shift", {**shift, "of": 10, "moved": 10})) is None
    assert faults.fault(ledger, next_one("shift", {"item_from": "사무", "item_to": "행사", "of": 90, "moved": 90})) is None


@pytest.mark.parametrize("kind, content", [
    ("slip", {"milestone": "", "to": "2026-11-19", "why": "이유"}), ("facts", {"due_on": "2026-11-19"}),
    ("milestones", {"milestones": [step("m3", 100, "2026-11-19")]})])
def test_no_day_is_promised_that_has_passed(kind, content):
    assert faults.fault(said(("facts", {"title": "의자 놓기"})), next_one(kind, content)) is Fault.PASSED


# Money as it is typed


@given(st.integers(-rules.MOST_WON, rules.MOST_WON), st.sampled_from(Unit))
def test_won_in_a_unit_are_the_same_won(won, unit):
    shown = amounts.in_unit(abs(won), unit)
    assert amounts.won_of(shown, unit) == abs(won) and amounts.won_of(shown.replace(",", ""), unit) == abs(won)
    assert amounts.in_unit(-abs(won), unit) == (f"-{shown}" if won else shown)


@pytest.mark.parametrize("text, unit, won", [
    ("36,400", Unit.THOUSAND, 36_400_000), ("1.6", Unit.MILLION, 1_600_000), ("1,194백만원", Unit.THOUSAND, 1_194_000_000),
    ("9억원", Unit.WON, 900_000_000), ("3 만 원", Unit.MILLION, 30_000), ("3천\u00a0원", Unit.WON, 3_000),
    ("3백만\t원", Unit.WON, 3_000_000), (" 0 ", Unit.WON, 0),
    ("0.5", Unit.WON, None), ("1.0001", Unit.THOUSAND, None), ("-5", Unit.WON, None), ("1,00", Unit.WON, None),
    ("오천원", Unit.WON, None), ("", Unit.WON, None), ("1e5", Unit.WON, None), ("１００", Unit.WON, None),
    ("100,000,001백만원", Unit.WON, None), ("100,000,000백만원", Unit.WON, rules.MOST_WON)])
def test_typed_sums(text, unit, won):
    assert amounts.won_of(text, unit) == won


def line(planned, secured=None, executed=None) -> Line:
    return Line(2026, Source.CITY, "", planned, secured, executed)


@pytest.mark.parametrize("before, after, meant", [
    (line(36_400), line(36_400_000), ("planned", 36_400)), (line(36_400_000), line(36_400), ("planned", 36_400_000)),
    (line(100, 100), line(100, 90_000), ("secured", 90)),
    (line(1, None, 1_000), line(1, None, 1_000_000), ("executed", 1_000)),
    (line(100), line(29_999), None), (line(100), line(30_000), ("planned", 30)), (line(100), line(300_001), None),
    (line(100), line(None), None), (line(None), line(100_000), None), (line(0), line(1_000), None)], ids=str)
def test_a_factor_of_a_thousand_is_noticed(before, after, meant):
    found = amounts.thousandfold([before], [after])
    assert (found and found[1:]) == meant


# Days in words


@pytest.mark.parametrize("text, day", [
    ("2027년 3월까지", "2027-03-31"), ("2027. 6. 30.", "2027-06-30"), ("2027-06-30", "2027-06-30"),
    ("2027.6", "2027-06-30"), ("2027년 상반기", "2027-06-30"), ("2027년 하반기 안에", "2027-12-31"),
    ("2027년 3분기", "2027-09-30"), ("2027.3분기", "2027-09-30"), ("2027년 6월(2분기)", "2027-06-30"),
    ("2027년", "2027-12-31"), ("2027년 말", "2027-12-31"), ("2028년 2월", "2028-02-29"), ("2027-02-31", "2027-02-28"),
    ("2027년 3개소 설치", "2027-12-31"), ("2027년 12월 2차", "2027-12-31"),
    ("2027년 1월부터 6월까지", "2027-06-30"), ("2026년 11월부터 2027년 3월까지", "2027-03-31"),
    ("2026. 11. ~ 2027. 3.", "2027-03-31"), ("2027년 상반기부터 하반기까지", "2027-12-31"),
    ("2027년 3월까지 (4월부터 운영)", "2027-03-31"), ("2027년 4월부터", "2027-04-30"),
    ("2027-13-01", None), ("내년 봄", None), ("", None), (None, None)])
def test_a_day_in_words(text, day):
    assert iso(day_meant(text)) == day


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_written_day_is_that_day(day):
    for text in (f"{day.year}년 {day.month}월 {day.day}일까지", f"{day.year}. {day.month}. {day.day}.", day.isoformat()):
        assert day_meant(text) == day
    last = day_meant(f"{day.year}년 {day.month}월")
    assert (last.year, last.month) == (day.year, day.month) and (last + timedelta(days=1)).day == 1


@given(st.dates(date(2000, 2, 1), date(2099, 12, 31)))
def test_quarters_follow_each_other(day):
    quarter, before = days.quarter_of(day), days.quarter_before(day)
    assert days.QUARTER.fullmatch(quarter) and before < quarter
    assert days.quarter_end(before) < day <= days.quarter_end(quarter)
    assert days.quarter_of(days.quarter_end(quarter)) == quarter
    assert days.quarter_of(days.quarter_end(before) + timedelta(days=1)) == quarter


@given(st.dates(date(2000, 2, 1), date(2099, 12, 31)))
def test_four_quarters_are_over(day):
    begins = days.four_quarters_before(day)
    quarters = {days.quarter_of(begins + timedelta(days=number)) for number in range((day - begins).days)}
    assert len(quarters - {days.quarter_of(day)}) == 4 and days.quarter_before(begins) not in quarters


def test_a_step_of_a_moved_day_has_the_first_day_of_the_whole():
    ledger = said(("facts", {"title": "의자", "due_on": "2026-12-31"}), ("slip", {"to": "2027-01-31", "why": "비"}),
                  ("milestones", {"milestones": [step("m1", 100, "2027-01-31")]}))
    assert iso(ledger.milestones[0].first_due_on) == "2026-12-31"


@pytest.mark.parametrize("facts, said", [
    ({"next_first_on": date(2026, 11, 3), "next_due_on": date(2026, 12, 26)},
     "미뤘어요 55일 · 2027. 2. 11.(목)까지 · 다음 단계 2026. 12. 26.(토)까지(53일 미룸)"),
    ({"next_due_on": date(2027, 2, 11)}, "미뤘어요 55일 · 2027. 2. 11.(목)까지"),
    ({"next_due_on": date(2026, 11, 10)}, "다음 단계 10일"),
    ({"status": Status.DONE, "done_on": date(2026, 12, 18), "reported": True}, "정한 날에 · 글로만 알렸어요")])
def test_the_head_says_what_is_of_the_whole_and_what_of_a_step(app, facts, said):
    known = {"origin": "answer", "promised_on": TODAY, "status": Status.ON_TRACK, "reached": 0, "steps": 3,
             "first_due_on": date(2026, 12, 18), "due_on": date(2027, 2, 11)}
    with app.test_request_context():
        assert Row.of(Commitment(**known | facts), TODAY).when == said


@pytest.mark.parametrize("year, missed", [("2025", False), ("2026", True), ("2027", False), ("2028", False)])
def test_a_goal_is_missed_in_a_year_that_is_over_alone(year, missed):
    target = {"target": {"2025": 4, "2026": 5, "2028": 9}, "achieved": {"2025": 4, "2026": 4, "2027": 1, "2028": 3}}
    assert rules.is_missed(target, year, date(2028, 1, 1)) is missed


def test_codes_are_read_in_a_text():
    assert rules.codes_in("소통행정-3과 A-1-2는 되고, 2026-01-01-x와 -5는 아니에요.") == ["소통행정-3", "A-1-2"]

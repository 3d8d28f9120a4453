"""A week of items, typed by one person, is read and sorted by another in two hundred presses at most."""

import pytest

from civic_forum.intake import labels, services
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.rules import Became, ItemForm, ItemRecord, ItemState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.sample_data.people import read
from tests.blocks.test_nothing_by_a_word import agenda
from tests.opinions.making import consultation
from tests.servers import in_process

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.in_turns(of=10)]
MOST = 200
ENDS = {"noted_for": Became.JOINED, "support_sheet": Became.COUNTED, "hidden": None, "withdrawn": None}


class Sorter:
    """A moderator at a browser; every click, tick, choice and address that is opened is a press."""

    def __init__(self, page, address):
        self.page, self.address, self.presses = page, address, 0

    def open(self, path):
        self.presses += 1
        self.page.goto(self.address + path)

    def press(self, *locators):
        for locator in locators:
            self.presses += 1
            locator.click()
            self.page.wait_for_load_state()

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def row(self, text):
        return self.page.locator("main .rows > li", has=self.page.get_by_text(text, exact=True))

    def texts(self):
        return self.page.locator("main .rows .words").all_inner_texts()


@pytest.fixture
def week(town):
    """Entries of the sample, typed at a desk, with what they are brought to."""
    typist, entries = town.moderator(), read("intake")
    for entry in entries:
        if office := entry.get("sorting", {}).get("department"):
            town.department(office)
    things = {tuple(entry["sorting"]["into"]) for entry in entries if entry.get("sorting", {}).get("into")}
    names = {("proposal", key): town.proposal(title=key).number for kind, key in sorted(things) if kind == "proposal"}
    for kind, key in sorted(things):
        if kind == "consultation":
            consultation([f"{place}번째 의견이에요" for place in range(1, 31)], slug=key)
        elif kind == "agenda":
            agenda(town, typist, key, "골목을 함께 쓰려면 무엇부터 할까요?")
    services.take([ItemRecord(text=entry["text"], key=entry["key"], form=ItemForm(entry["form"]), category="safety")
                   for entry in entries if "names" not in entry], by=typist)
    db.session.rollback()
    return typist, entries, names


def expected(entry):
    return ENDS.get(entry["ends"]) if entry["ends"] in ENDS else Became(entry["ends"])


def line(sorting, names, numbers):
    """Words beside an item; none for a new proposal."""
    match Became(sorting["became"]):
        case Became.DUTY:
            return f"{sorting['department']} {sorting['days']}"
        case Became.STATEMENT:
            return f"질문 {sorting['into'][1]} {sorting['number']}"
        case Became.AGENDA:
            return f"의제 {sorting['into'][1]}"
        case Became.JOINED:
            return numbers[sorting["to"]] if "to" in sorting else names[tuple(sorting["into"])]
        case Became.PROPOSAL:
            return ""
        case end:
            return f"{labels.BECAME[end]} {sorting.get('replied_by', '')}: {sorting['reply']}"


def read_all(sorter, entries):
    """Read what was typed, sheet by sheet; what is about a person is hidden first."""
    hidden = {entry["text"]: entry["hidden"] for entry in entries if "hidden" in entry}
    sorter.open("/desk/intake/checks")
    while texts := sorter.texts():
        if about_people := [text for text in texts if text in hidden]:
            rule, why = hidden[about_people[0]]
            sorter.press(sorter.row(about_people[0]).get_by_role("link"), sorter.page.get_by_role("link", name="가리기"))
            sorter.press(sorter.page.locator("#text-1"), sorter.page.locator(f"[value={rule}]"))
            sorter.page.locator("#reason").fill(why)
            sorter.press(sorter.button("이대로 하기"))
            sorter.open("/desk/intake/checks")
        else:
            sorter.press(sorter.button("고른 것 말고는 맞아요"))


def sort_all(sorter, entries, names, numbers):
    """Everything but new proposals by what is written beside it, then those, each with its own words."""
    sortings = {entry["text"]: entry["sorting"] for entry in entries if "sorting" in entry}
    sorter.open("/desk/intake/sorting")
    while any(line(sortings[text], names, numbers) for text in sorter.texts()):
        sorter.page.evaluate("""lines => document.querySelectorAll("main .rows > li").forEach(row => {
            row.querySelector("input.in").value = lines[row.querySelector(".words").textContent]; })""",
                             {text: line(sortings[text], names, numbers) for text in sorter.texts()})
        sorter.press(sorter.button("글 옆에 적은 대로 나누기"))
    for text in sorter.texts():
        sorter.press(sorter.row(text).get_by_label("고르기"), sorter.page.get_by_text("새 제안으로", exact=True))
        for label, name in (("제목", "title"), ("무엇이 문제인가요", "problem"), ("무엇을 바라나요", "wish")):
            sorter.page.get_by_label(label, exact=True).fill(sortings[text][name])
        sorter.press(sorter.button("새 제안으로 올리기"))
        if sorter.row(text).count():
            sorter.press(sorter.button("그래도 새 제안으로"))


def count_names(first, second, entries, number):
    """Sheets with names, counted by one and again by the other."""
    counted = [entry["names"] for entry in entries if "names" in entry]
    first.open("/desk/window/sheets")
    for names in counted:
        first.page.locator("[name=proposal]").fill(number)
        first.page.locator("[name=names]").fill(str(names))
        first.press(first.button("적기"))
        first.open("/desk/window/sheets")
    db.session.rollback()
    numbers = {item.names: item.number for item in db.session.query(IntakeItem).filter(IntakeItem.names.is_not(None))}
    for names in counted:
        second.open("/desk/window/sheets")
        second.press(second.page.get_by_role("link", name=numbers[names]))
        second.page.locator("[name=names]").fill(str(names))
        second.press(second.button("적기"))


def test_a_week_is_sorted_by_two_people_in_few_presses(week, town, app, window, browse, csrf, monkeypatch):
    typist, entries, names = week
    person = town.moderator()
    monkeypatch.setitem(app.config, "LIMIT_POSTS_USER", MOST)  # nobody is as quick as this test
    withdrawn, = (entry["key"] for entry in entries if entry["ends"] == "withdrawn")
    numbers = {item.row_key: item.number for item in db.session.query(IntakeItem)}
    db.session.query(IntakeItem).filter_by(row_key=withdrawn).one().submission.withdrawn_at = clock.now()
    db.session.commit()
    with in_process.served(app) as address:
        first, second = (Sorter(in_process.sign_in(window(), app, address, user), address) for user in (typist, person))
        read_all(second, entries)
        sort_all(second, entries, names, numbers)
        count_names(first, second, entries, next(iter(names.values())))
    assert 50 < first.presses + second.presses <= MOST
    db.session.rollback()
    items = {item.row_key: item for item in db.session.query(IntakeItem)}
    assert len(items) == len(entries) == 160
    ends = {entry["key"]: expected(entry) for entry in entries if "names" not in entry}
    assert {key: items[key].became for key in ends} == ends
    assert [item.names for key, item in items.items() if key not in ends and item.became is Became.COUNTED] == [
        entry["names"] for entry in entries if "names" in entry]
    site = browse()
    public = site.get("/data/intake.csv").text + site.get("/intake").text
    for entry in entries:
        if "hidden" in entry:
            page = site.get(f"/intake/{numbers[entry['key']]}").text
            assert items[entry["key"]].state is ItemState.HIDDEN and entry["text"] not in page + public
    for end in Became:
        for key in [key for key, became in ends.items() if became is end][:1]:
            assert str(labels.BECAME[end]) in site.get(f"/intake/{numbers[key]}").text

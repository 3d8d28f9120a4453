"""Changes of a commitment, told to whoever approves them and then to everybody: old beside new."""

from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.commitments import changes, rules
from civic_forum.commitments.ledger import applied, fold
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import Entry, EntryKind, EntryState
from civic_forum.commitments.services import entries as services
from civic_forum.notifications.models import Notice
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.work import use_case
from tests.common import today
from tests.running.turns import share

from .making import MILESTONES, accepted, planned, reached, told
from .reckoning import TODAY

FACTS = {"title": ("의자 놓기", "의자 셋 놓기"), "goal": ("", "쉬어 가요"), "department": (1, 2), "kinds": ([], ["new"]),
         "cooperating": ([], [1, 2], [2, 1]), "with_all": (False, True), "due_on": (None, "2031-01-31", "2031-03-31"),
         "unit": ("thousand", "won"), "person": (None, 7)}
SAID = st.fixed_dictionaries({"title": st.sampled_from(FACTS["title"])}, optional={
    name: st.sampled_from(values) for name, values in FACTS.items() if name != "title"})


def said(ledger: rules.Ledger, name: str):
    return ledger.due_on if name == "due_on" else changes.fact(ledger.facts, name)


@settings(max_examples=share(200))
@given(st.lists(SAID, min_size=1, max_size=8))
def test_the_changes_lead_from_the_first_words_to_the_last(contents):
    history = [Entry(number, EntryKind.FACTS, TODAY, content) for number, content in enumerate(contents, 1)]
    first, last = fold(history[:1]), fold(history)
    known = {name: said(first, name) for name in changes.FACTS}
    for changed in changes.by_entry(history).values():
        for name, (before, after) in changed.items():
            assert known[name] == before != after
            known[name] = after
    assert known == {name: said(last, name) for name in changes.FACTS}


@settings(max_examples=share(200))
@given(st.lists(SAID, min_size=1, max_size=4), SAID)
def test_an_entry_that_changes_nothing_is_known(contents, content):
    ledger = fold(Entry(number, EntryKind.FACTS, TODAY, said) for number, said in enumerate(contents, 1))
    entry = Entry(0, EntryKind.FACTS, TODAY, content)
    assert changes.is_unchanged(ledger, entry) is not bool(changes.changes(ledger, applied(ledger, entry)))


@pytest.fixture
def one(town, pair) -> Commitment:
    return accepted(town, *pair, title="보도 1.5미터를 사람에게")


def facts(one: Commitment, **changed):
    """The form as it is read, with these changes."""
    known = queries.ledger(one.id).facts
    return {name: known.get(name) for name in changes.FACTS if name != "person"} | {"kinds": list(one.kinds)} | changed


def waiting(one: Commitment):
    return queries.entries(one.id, EntryState.WAITING)


def test_the_approver_and_then_everybody_read_old_and_new(town, pair, one, browse):
    first, second = pair
    told(one, EntryKind.FACTS, facts(one, title="보도 조금 넓히기", field="환경"), first)
    client = browse(second)
    desk = client.get(f"/desk/commitments/{one.id}").get_data(as_text=True)
    assert "약속: 보도 1.5미터를 사람에게 → 보도 조금 넓히기" in desk and "→ 환경" in desk
    assert "보도 조금 넓히기" not in client.get(f"/commitments/{one.id}").get_data(as_text=True)
    services.approve(one.id, waiting(one)[0].number, seen=queries.commitment(one.id).version, by=second)
    page = client.get(f"/commitments/{one.id}").get_data(as_text=True)
    assert "약속을 고쳤어요" in page and "약속: 보도 1.5미터를 사람에게 → 보도 조금 넓히기" in page
    feed = client.get("/feeds/commitments.atom").get_data(as_text=True)
    assert "약속을 고쳤어요" in feed and "보도 1.5미터를 사람에게 → 보도 조금 넓히기" in feed


@pytest.mark.in_turns(of=5)
def test_steps_and_money_are_read_old_beside_new(pair, one, browse):
    first, second = pair
    one = reached(planned(one, *pair), "m1", *pair)
    changed = [{**MILESTONES[0], "title": "첫 자리만", "weight": 90}, {**MILESTONES[1], "weight": 10}]
    told(one, EntryKind.MILESTONES, {"milestones": changed}, first)
    told(one, EntryKind.MONEY, {"total": None, "lines": [[2031, "district", "", 5_000_000, None, None]]}, first)
    [steps, _money] = waiting(one)
    desk = browse(second).get(f"/desk/commitments/{one.id}").get_data(as_text=True)
    old_and_new = "마친 단계: 자리 고르기 (몫 40%, 2031. 1. 31.(금)) → 첫 자리만 (몫 90%, 2031. 1. 31.(금))"
    assert old_and_new in desk and "→ 2031 구비: 계획 500만 원" in desk
    services.approve(one.id, steps.number, seen=queries.commitment(one.id).version, by=second)
    assert old_and_new in browse().get(f"/commitments/{one.id}").get_data(as_text=True).partition("적고 고친 기록")[0]


def test_a_day_that_waits_to_be_moved_stands_beside_the_one_that_is_set(pair, one, browse):
    told(planned(one, *pair), EntryKind.SLIP, {"milestone": "m1", "to": "2031-05-01", "why": "비가 많이 왔어요."}, pair[0])
    desk = browse(pair[1]).get(f"/desk/commitments/{one.id}").get_data(as_text=True)
    assert "2031. 1. 31.(금) → 2031. 5. 1.(목)" in desk


def test_nothing_is_written_where_nothing_changes(pair, one):
    with pytest.raises(Refusal, match="바뀐 것이 없어요"):
        told(one, EntryKind.FACTS, facts(one), pair[0])
    assert waiting(one) == [] and queries.commitment(one.id).version == one.version


def test_a_day_is_moved_by_a_slip_alone(pair, one, browse):
    assert one.due_on is not None
    with pytest.raises(Refusal, match="날 옮기기") as refused:
        told(one, EntryKind.FACTS, facts(one, due_on="2031-12-31"), pair[0])
    assert refused.value.field == "due_on" and waiting(one) == []
    client = browse(pair[0])
    assert 'name="due_on"' not in client.get(f"/desk/commitments/{one.id}/facts").get_data(as_text=True)
    one = told(one, EntryKind.SLIP, {"milestone": "", "to": "2031-12-31", "why": "비가 많이 왔어요."}, *pair)
    one = told(one, EntryKind.FACTS, facts(one, goal="모두가 걸어요"), *pair)
    assert one.due_on == date(2031, 12, 31) and one.goal == "모두가 걸어요"


def test_an_entry_overwrites_nothing_that_its_writer_did_not_change(pair, one):
    told(one, EntryKind.FACTS, facts(one, title="보도 조금 넓히기"), pair[0])
    services.name_person(one.id, pair[1].id, seen=queries.commitment(one.id).version, by=pair[0])
    told(one, EntryKind.FACTS, facts(one, goal="모두가 걸어요"), pair[1])
    for entry, by in zip(waiting(one), reversed(pair), strict=True):
        services.approve(one.id, entry.number, seen=queries.commitment(one.id).version, by=by)
    db.session.expire_all()
    one = queries.commitment(one.id)
    assert (one.title, one.goal, one.person_id) == ("보도 조금 넓히기", "모두가 걸어요", pair[1].id)


def test_a_correction_takes_the_place_with_what_it_does_not_change(pair, one):
    one = told(one, EntryKind.FACTS, facts(one, title="보도 조금 넓히기"), *pair)
    [_first, changed] = [row for row in queries.entries(one.id) if row.kind is EntryKind.FACTS]
    one = told(one, EntryKind.FACTS, facts(one, goal="모두가 걸어요"), *pair, corrects=changed.number, why="빠뜨렸어요.")
    assert (one.title, one.goal) == ("보도 조금 넓히기", "모두가 걸어요")
    with pytest.raises(Refusal, match="바뀐 것이 없어요"):
        told(one, EntryKind.FACTS, facts(one), pair[0], corrects=changed.number, why="다시 보냈어요.")


def test_an_entry_of_before_that_changes_nothing_can_only_be_sent_back(pair, one):
    with use_case(pair[0]) as work:
        commitment = queries.locked(one.id)
        services.operations.put(work, commitment, EntryKind.FACTS, today(), facts(one), by_id=pair[0].id, waits=True)
    [entry] = waiting(one)
    with pytest.raises(Refusal, match="바뀐 것이 없어요"):
        services.approve(one.id, entry.number, seen=queries.commitment(one.id).version, by=pair[1])
    services.send_back(one.id, entry.number, "바뀐 것이 없어요.", by=pair[1])
    assert queries.commitment(one.id).waiting == 0


# Who is in charge


@pytest.mark.both
def test_one_select_names_who_is_in_charge(town, pair, one, browse):
    first, second = pair
    client = browse(first)
    page = client.get(f"/desk/commitments/{one.id}").get_data(as_text=True)
    assert f'action="/desk/commitments/{one.id}/person"' in page
    assert 'name="person"' not in client.get(f"/desk/commitments/{one.id}/facts").get_data(as_text=True)
    sent = client.post(f"/desk/commitments/{one.id}/person", data={"person": str(second.id), "seen": str(one.version)})
    assert sent.status_code == 303
    db.session.rollback()
    named = queries.commitment(one.id)
    assert (named.person_id, named.waiting) == (second.id, 0)
    notice = db.session.scalars(sa.select(Notice).where(Notice.step == "duty_in_charge")).one()
    assert notice.user_id == second.id
    public = client.get(f"/commitments/{one.id}").get_data(as_text=True)
    assert "담당자를 정했어요" in public and second.name not in public
    assert f"담당자: 없음 → {second.name}" in client.get(f"/desk/commitments/{one.id}").get_data(as_text=True)


@pytest.mark.in_turns(of=5)
def test_a_day_has_one_entry_of_who_is_in_charge_and_a_full_ledger_none(pair, one, monkeypatch):
    number = queries.next_number(one.id)
    for person in (pair[0].id, pair[1].id, None):
        services.name_person(one.id, person, seen=queries.commitment(one.id).version, by=pair[0])
        db.session.expire_all()
        assert queries.commitment(one.id).person_id == person and queries.next_number(one.id) == number + 1
    monkeypatch.setattr(rules, "MOST_ENTRIES", number + 1)
    one = told(one, EntryKind.LOG, {"text": "의자를 골랐어요."}, *pair)
    with pytest.raises(Conflict, match="기록이 너무 많아요"):
        services.name_person(one.id, pair[0].id, seen=one.version, by=pair[0])


def test_only_an_official_of_the_department_is_in_charge(town, pair, one):
    stranger = town.official(department=town.department("청소과"))
    with pytest.raises(Refusal, match="목록에 있는 것을"):
        services.name_person(one.id, stranger.id, seen=one.version, by=pair[0])
    with pytest.raises(Denied):
        services.name_person(one.id, pair[0].id, seen=one.version, by=stranger)
    with pytest.raises(Conflict):
        services.name_person(one.id, pair[0].id, seen=one.version - 1, by=pair[0])
    with pytest.raises(Refusal, match="바뀐 것이 없어요"):
        services.name_person(one.id, None, seen=one.version, by=pair[0])
    assert queries.commitment(one.id).version == one.version


def test_an_approver_reads_the_day_that_is_moved(town, pair, browse):
    one = told(accepted(town, *pair), EntryKind.LOG, {"text": "자리를 봤어요."}, *pair, on=date(2010, 1, 1))
    assert one.told_on == one.promised_on, "what was told before it was promised makes nobody silent"
    told(one, EntryKind.SLIP, {"milestone": "", "to": "2032-01-31", "why": "비가 왔어요."}, pair[0])
    assert "2031. 3. 31.(월) → 2032. 1. 31.(토)" in browse(pair[1]).get(f"/desk/commitments/{one.id}").text

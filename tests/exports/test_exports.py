"""Tables for the office and for everybody: who gets them, what is in them, what stays behind."""

import gzip
import tracemalloc
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import AccessRecord, Affiliation, Person, RoleGrant
from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import branching, grouping, making as agendas
from civic_forum.agendas.labels import RELATION
from civic_forum.answers.services import cases, texts
from civic_forum.blocks import tables as batches
from civic_forum.exports import services
from civic_forum.exports.rules import Format
from civic_forum.exports.tables import TABLES, open_tables
from civic_forum.moderation.models import Appeal, ModerationAction
from civic_forum.platform import clock, spreadsheets
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import SEOUL
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from civic_forum.proposals.labels import STATE
from tests.answers.making import on_the_table, owed, published, text
from tests.factories import MAY, saved
from tests.platform.test_spreadsheets import cells_of_xlsx

from .making import CONTACT, NAME, everything, outcome, rows

pytestmark = pytest.mark.both

REASON = "9월 주민총회 안내 우편을 보내요"


def table(browse, name, **chosen):
    return rows(browse().get(f"/data/{name}.csv", query_string=chosen))


def many(town, count):
    """As many proposals, written at once."""
    first = town.proposal()
    facts = {column.name: getattr(first, column.name) for column in Proposal.__table__.columns
             if column.name not in ("id", "thread_id", "journey_id", "attachment_set_id")}
    db.session.execute(sa.insert(Proposal), [
        facts | {"number": f"2031-{n:06d}", "year": 2031, "serial": n} for n in range(1, count)])
    db.session.commit()


def test_everybody_gets_the_open_tables_with_a_page_that_explains_them(town, browse):
    everything(town)
    page = browse().get("/data").text
    for one in open_tables():
        header, *found = table(browse, one.name)
        assert header == [str(column.label) for column in one.columns] and found, one.name
        assert f"/data/{one.name}.csv" in page and all(str(column.about) in page for column in one.columns)
        assert NAME not in str(found) and CONTACT not in str(found)
    for name in ("formal", "residents", "nothing"):
        assert browse().get(f"/data/{name}.csv").status_code == 404 and f"/data/{name}" not in page


def test_proposals_say_where_they_stand_and_by_when_an_answer_is_due(town, browse):
    _official, filed = everything(town)
    header, *found = table(browse, "proposals")
    line = dict(zip(header, next(row for row in found if row[0] == filed.number), strict=True))
    assert line["담당 부서"] == "교통행정과" and line["단계"] == "답변 준비 중" and line["공감"] == "1"
    assert line["답변 기한"] > line["답변 의무가 생긴 날"] and line["답변 의무가 끝난 날"] == ""


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("upheld, said", [(None, "기다리고 있어요"), (True, "받아들였어요"), (False, "받아들이지 않았어요")])
def test_the_ledger_of_moderation_says_what_became_of_an_appeal(town, browse, upheld, said):
    everything(town)
    act = db.session.scalars(sa.select(ModerationAction)).first()
    saved(Appeal(action_id=act.id, by_id=town.user().id, text="욕이 아니에요.", at=clock.now(), upheld=upheld))
    header, *found = table(browse, "moderation")
    assert [dict(zip(header, row, strict=True))["이의 신청"] for row in found if row[0] == str(act.id)] == [said]


def test_days_are_those_of_seoul(town, browse, at):
    official, second = town.official(), town.official()
    early = datetime(2030, 5, 2, 0, 30, tzinfo=SEOUL)
    at(early)
    published(on_the_table(town, official, published_at=early), official, second)
    header, row = table(browse, "proposals")
    line = dict(zip(header, row, strict=True))
    assert {line[name] for name in ("접수한 날", "답변 의무가 생긴 날", "답변 의무가 끝난 날")} == {"2030-05-02"}


def test_texts_that_are_not_public_are_in_no_open_table(town, browse):
    official, filed = everything(town)
    draft, held = town.proposal(state=State.DRAFT, title="쓰는 중인 글이에요"), town.proposal(
        state=State.HELD, title="확인 중인 글이에요")
    filed.hidden_at, filed.hidden_rule = clock.now(), "abuse"
    db.session.commit()
    told = str([table(browse, one.name) for one in open_tables()])
    assert draft.title not in told and held.title not in told and filed.title not in told
    assert official.nickname not in told


def test_texts_that_the_office_still_prepares_are_in_no_open_table(town, browse):
    official, filed = everything(town)
    moderator = town.moderator()
    texts.save(filed.id, text(text="아직 우리 부서만 보는 답변이에요."), seen=0, by=official)
    prepared = agendas.begin("prepared", agendas.Wording("아직 준비하는 질문인가요?"), by=moderator)
    grouping.group(prepared.id, [town.proposal().id], Relation.CORE, "같은 골목의 이야기예요.", by=moderator)
    outcome(official, subject_id=filed.id, title="아직 정하지 않은 결과예요", state="draft", published_at=None)
    assert "아직" not in str([table(browse, one.name) for one in open_tables()])


def test_a_proposal_whose_days_are_over_is_said_to_have_lapsed_without_any_job(town, browse, at):
    at(MAY)
    town.proposal(gathering_ends_at=MAY + timedelta(days=1))
    at(MAY + timedelta(days=2))
    [line] = table(browse, "proposals")[1:]
    assert line[2] == str(STATE[State.LAPSED])


def test_a_proposal_that_two_agendas_held_before_they_were_merged_stands_once(town, browse):
    moderator, shared = town.moderator(), town.proposal()
    one, other = (agendas.begin(slug, agendas.Wording("골목을 함께 쓰려면 무엇부터 할까요?"), by=moderator)
                  for slug in ("one-alley", "other-alley"))
    for agenda, relation in ((one, Relation.RELATED), (other, Relation.CORE)):
        grouping.group(agenda.id, [shared.id], relation, "같은 골목의 이야기예요.", by=moderator)
        agendas.publish(agenda.id, by=moderator)
    assert len(table(browse, "agendas")[1:]) == 2
    branching.merge(one.id, other.id, "같은 질문이에요.", by=moderator)
    [line] = table(browse, "agendas")[1:]
    assert (line[0], line[5]) == ("other-alley", str(RELATION[Relation.CORE]))


def test_filters_are_those_of_the_page(town, browse):
    everything(town)
    town.proposal(state=State.DONE, title="다 된 제안이에요")
    assert [row[1] for row in table(browse, "proposals", state="done")[1:]] == ["다 된 제안이에요"]
    place = town.neighbourhood().id
    assert {row[4] for row in table(browse, "proposals", neighbourhood=place)[1:]} == {"시흥1동"}
    assert "시흥1동" not in {row[4] for row in table(browse, "proposals", neighbourhood="0")[1:]}
    for chosen in ({"state": "draft"}, {"neighbourhood": "999999"}, {"year": "x"}, {"category": "=1"}):
        assert browse().get("/data/proposals.csv", query_string=chosen).status_code == 400
    assert table(browse, "proposals", nonsense="x") == table(browse, "proposals")


def test_duties_are_counted_by_department(town, browse):
    everything(town)
    owed(town)
    found = {row[0]: row[1:] for row in table(browse, "duties")[1:]}
    assert found == {"교통행정과": ["1", "0", "0", "1", "1", "0"], "부서를 정하고 있어요": ["1", "0", "0", "0", "0", "0"]}


def test_duties_say_what_is_late_what_stands_still_and_what_was_answered_in_time(town, browse, at):
    at(MAY)
    official, second = town.official(), town.official()
    in_time, too_late, stopped, _open = (on_the_table(town, official) for _ in range(4))
    cases.ask_completion(stopped.id, asked="어느 골목인지 알려 주세요.", by=official)
    published(in_time, official, second)
    at(MAY + timedelta(days=60))
    published(too_late, official, second)
    assert table(browse, "duties")[1:] == [["교통행정과", "2", "1", "1", "2", "1", "0"]]


def test_staff_get_both_formats_and_it_is_in_the_audit_log(town, browse):
    everything(town)
    moderator = town.moderator()
    csv_file, sheet = (browse(moderator).post("/desk/exports/proposals", buffered=True, data={
        "format": kind.value, "state": "answered"}) for kind in Format)
    assert len(rows(csv_file)) == 2 and "골목길 보도블록을 고쳐 주세요" in cells_of_xlsx(sheet.data)[0]
    assert sheet.headers["Content-Disposition"].endswith(".xlsx") and "no-store" in sheet.headers["Cache-Control"]
    entries = db.session.scalars(sa.select(AuditEntry).filter_by(action="exports.taken")).all()
    assert [one.details for one in entries] == [{"table": "proposals", "rows": 1, "state": "answered"}] * 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AccessRecord)) == 0


def test_personal_data_needs_a_reason(town, browse):
    official, _filed = everything(town)
    answer = browse(official).post("/desk/exports/formal", buffered=True, data={"format": "csv", "reason": "일"})
    assert answer.status_code == 422 and "무엇에 쓰려는지" in answer.text and CONTACT not in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).filter_by(action="exports.taken")) == 0


@pytest.mark.parametrize("kind", Format)
def test_personal_data_says_what_it_is_for_and_when_it_goes_and_is_logged(town, browse, kind):
    official, filed = everything(town)
    answer = browse(official).post("/desk/exports/formal", buffered=True, data={"format": kind.value, "reason": REASON})
    told = str(rows(answer)) if kind is Format.CSV else str(cells_of_xlsx(answer.data)[0])
    assert NAME in told and CONTACT in told and filed.number in told and REASON in told and "지울 날" in told
    assert "-delete-by-" in answer.headers["Content-Disposition"]
    [record] = db.session.scalars(sa.select(AccessRecord).where(AccessRecord.what.is_not(None))).all()
    assert (record.by_id, record.what, record.how_many, record.reason) == (official.id, "formal", 1, REASON)
    log = browse(town.administrator()).get("/desk/access-log").text
    assert "정식 제안한 사람 명단 1명" in log and REASON in log


def test_an_official_gets_the_names_of_the_own_department_only(town, browse):
    everything(town)
    other = town.official(department=town.department("청소과"))
    answer = browse(other).post("/desk/exports/formal", buffered=True, data={"format": "csv", "reason": REASON})
    assert NAME not in answer.text and rows(answer)[-1][0] == "접수번호"


def test_a_department_that_has_it_no_more_gets_its_names_no_more(town, browse):
    official, filed = everything(town)
    other = town.official(department=town.department("청소과"))
    cases.assign(filed.id, min(other.department_ids()), by=town.moderator())
    form = {"format": "csv", "reason": REASON}
    assert NAME not in browse(official).post("/desk/exports/formal", buffered=True, data=form).text
    assert NAME in browse(other).post("/desk/exports/formal", buffered=True, data=form).text


def test_people_who_only_say_to_work_somewhere_are_in_no_list(town, browse):
    everything(town)
    there = town.neighbourhood("독산1동")
    saved(Affiliation(person_id=db.session.scalar(sa.select(Person.id)), kind=AffiliationKind.WORK,
                      how=Verification.DECLARED, neighbourhood_id=there.id, at=clock.now()))
    answer = browse(town.clerk(neighbourhood=there)).post(
        "/desk/exports/residents", buffered=True, data={"format": "csv", "reason": REASON})
    assert answer.status_code == 200 and NAME not in answer.text


def test_a_clerk_gets_the_residents_of_the_own_neighbourhood_only(town, browse):
    everything(town)
    here, there = town.clerk(), town.clerk(neighbourhood=town.neighbourhood("독산1동"))
    form = {"format": "csv", "reason": REASON}
    assert NAME in browse(here).post("/desk/exports/residents", buffered=True, data=form).text
    assert NAME in browse(town.administrator()).post("/desk/exports/residents", buffered=True, data=form).text
    assert NAME not in browse(there).post("/desk/exports/residents", buffered=True, data=form).text


@pytest.mark.parametrize("how, error", [("withdrawn", Denied), ("of another department", Conflict)])
def test_a_right_that_was_taken_away_while_the_file_was_written_gives_no_file(town, how, error):
    official, _filed = everything(town)
    now = {"withdrawn_at": clock.now()} if how == "withdrawn" else {"department_id": town.department("청소과").id}

    def taken_away(chosen, by, read=TABLES["formal"].rows):
        yield from read(chosen, by)
        db.session.execute(sa.update(RoleGrant).where(RoleGrant.user_id == official.id).values(**now))
        db.session.commit()

    table = TABLES["formal"]
    object.__setattr__(table, "rows", taken_away)
    try:
        with pytest.raises(error):
            services.take(table, {}, Format.CSV, reason=REASON, by=official)
    finally:
        object.__delattr__(table, "rows")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AccessRecord)) == 0


def test_an_unknown_format_or_condition_is_refused(town, browse):
    moderator = town.moderator()
    for form in ({"format": "exe"}, {"format": "csv", "state": "nothing"}):
        answer = browse(moderator).post("/desk/exports/proposals", buffered=True, data=form)
        assert answer.status_code in (400, 422) and "골라 주세요" in answer.text
    assert browse(moderator).get("/desk/exports/proposals?state=x").status_code == 400
    assert browse(moderator).get("/desk/exports/nothing").status_code == 404


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("kind", Format)
def test_a_long_table_takes_few_statements_and_no_more_memory(town, queries, monkeypatch, kind):
    many(town, 1_000)
    monkeypatch.setattr(batches, "BATCH", 250)
    moderator, peaks = town.moderator(), []
    for more in (1, 4):
        if more > 1:
            db.session.execute(sa.insert(Proposal), [
                {column.name: value for column, value in zip(Proposal.__table__.columns, row, strict=True)
                 if column.name not in ("id", "thread_id", "journey_id", "attachment_set_id")}
                | {"number": f"20{32 + lap}-{place:06d}", "year": 2032 + lap, "serial": place}
                for lap in range(3) for place, row in enumerate(db.session.execute(
                    sa.select(*Proposal.__table__.columns).where(Proposal.year == 2031)).all())])
            db.session.commit()
        tracemalloc.start()
        with queries() as seen:
            taken = services.take(TABLES["proposals"], {}, kind, by=moderator)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert taken.count >= 999 * more and len(seen) <= 16 + taken.count // 250
        taken.file.close()
    assert peaks[1] < 1.5 * peaks[0]


def test_a_table_for_everybody_is_sent_while_it_is_read(town, browse, queries, monkeypatch):
    many(town, 600)
    monkeypatch.setattr(batches, "BATCH", 100)
    monkeypatch.setattr(spreadsheets, "CHUNK", 2_000)
    with queries() as seen:
        answer = browse().get("/data/proposals.csv")
        before = len(seen)
        assert answer.is_streamed and len(rows(answer)) == 601
        zipped = browse().get("/data/proposals.csv", headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(zipped.data) == answer.data and zipped.headers["Content-Encoding"] == "gzip"
    assert before < 3 and len(seen) <= 2 * 8


def test_a_reason_that_is_too_long_is_refused(town):
    official, _filed = everything(town)
    with pytest.raises(Refusal):
        services.take(TABLES["formal"], {}, Format.CSV, reason="긴" * 201, by=official)

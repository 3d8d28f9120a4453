"""The inside matters of an office: on no page, list, feed, search, export or notice of anybody else."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant
from civic_forum.answers.services import author, cases, texts
from civic_forum.platform.base import db
from civic_forum.proposals.rules import State

from .making import on_the_table, published, text

DRAFT, WAITING, CORRECTION = "초안에만 적은 얼음골 예산", "승인 전에 적은 들꽃길 공사", "고치는 중에 적은 물레방아 다리"
ASKED, RETURNED, REPLY = "물으며 적은 참나무숲 이야기", "돌려주며 적은 은하수 공원", "보태며 적은 우리 집 초인종 이야기"
NAME, CONTACT = "남궁하늘바다", "skysea-formal@example.org"
INSIDE = {"draft": DRAFT, "waiting": WAITING, "correction": CORRECTION, "asked": ASKED, "returned": RETURNED,
          "reply": REPLY, "name": NAME, "contact": CONTACT}
TEXT = ("text/", "application/json", "application/xml", "application/atom")
ACTS = ("assignment", "question", "return", "referral", "completion", "carrying", "formal", "second-review")


@pytest.fixture
def office(town):
    """Proposals of one department with everything that stays inside, on each stage of their way."""
    official, second = town.official(), town.official()
    cleaning, parks = town.department("청소과"), town.department("공원녹지과")
    cleaner = town.official(department=cleaning)
    drafted = on_the_table(town, official)
    texts.save(drafted.id, text(text=DRAFT, reason=DRAFT, team=DRAFT[:20]), seen=0, by=official)
    cases.ask_department(drafted.id, cleaning.id, note=ASKED, by=official)
    waiting = on_the_table(town, official)
    texts.submit(waiting.id, text(text=WAITING, reason=WAITING), seen=0, by=official)
    corrected = on_the_table(town, official)
    answer = published(corrected, official, second)
    texts.correct(answer.id, text(text=CORRECTION), why="물레방아 다리를 더해요", seen=1, by=official)
    returned = on_the_table(town, cleaner)
    cases.give_back(returned.id, note=RETURNED, by=cleaner)
    replied = on_the_table(town, official)
    cases.ask_completion(replied.id, asked="어느 집 앞인지 알려 주세요.", by=official)
    author.complete(replied.id, reply=REPLY, by=replied.author)
    filed = town.proposal()
    author.file(filed.id, name=NAME, contact=CONTACT, by=filed.author)
    cases.take(filed.id, by=official)
    readers = {
        "visitor": None, "resident": town.resident(), "another author": returned.author,
        "official elsewhere": town.official(department=parks), "asked department": cleaner, "clerk": town.clerk(),
        "administrator": town.administrator(), "moderator": town.moderator(), "own department": second}
    db.session.commit()
    return [drafted, waiting, corrected, returned, replied, filed], answer, readers


def addresses(app, proposals, answer):
    """Every address that answers a GET, those of these proposals filled in."""
    found = {f"/search?q={word}" for secret in INSIDE.values() for word in (secret.split()[-1], secret)}
    found |= {f"/desk/answers?job={job}" for job in ("triage", "write", "approve", "wait")}
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        if not rule.arguments:
            found.add(rule.rule)
        for proposal in proposals:
            values = {"number": proposal.number, "answer_id": answer.id, "thread_id": proposal.thread_id,
                      "proposal_id": proposal.id}
            if rule.arguments and rule.arguments <= set(values):
                found.add(rule.build(values)[1])
            elif rule.arguments == {"number", "act"}:
                found |= {f"/desk/answers/{proposal.number}/{act}" for act in ACTS}
                found |= {f"/proposals/{proposal.number}/{act}" for act in ACTS}
    return sorted(one for one in found if not one.startswith(("/sign-out", "/metrics")))


MAY_SEE = {"asked department": {"asked", "returned"}, "moderator": {"asked", "returned", "reply"},
           "own department": {"draft", "waiting", "correction", "asked", "reply"}}


@pytest.mark.in_turns(of=10)
def test_nobody_else_reads_what_an_office_keeps_inside(office, app, browse):
    proposals, answer, readers = office
    everywhere = addresses(app, proposals, answer)
    assert len(everywhere) > 80
    for who, user in readers.items():
        client, seen = browse(user), set()
        for address in everywhere:
            with client.get(address) as page:
                said = page.text if page.status_code == 200 and page.mimetype.startswith(TEXT) else ""
            seen |= {name for name, secret in INSIDE.items() if secret in said and f"q={secret}" not in address}
        assert seen == MAY_SEE.get(who, set()), who


@pytest.mark.in_turns(of=5)
def test_nobody_else_changes_it_either(office, browse, town):
    proposals, answer, readers = office
    drafted, waiting, *_rest = proposals
    for who in ("visitor", "resident", "official elsewhere", "asked department", "clerk", "administrator", "moderator"):
        client = browse(readers[who])
        for path, form in ((f"{drafted.number}", {"do": "draft", "text": "바꿔 써요", "seen": "1"}),
                           (f"{waiting.number}/approvals", {"seen": "1"}), (f"{waiting.number}/send-backs", {}),
                           (f"corrections/{answer.id}/approvals", {"seen": answer.correction["at"]}),
                           (f"corrections/{answer.id}/send-backs", {}),
                           (f"{proposals[-1].number}/contact", {"why-reason": "전화로 물어보려고요"}),
                           (f"{drafted.number}/completion", {"asked": "무엇을 더 알려 주세요."}),
                           (f"{drafted.number}/question", {"department": "1", "note": "어때요?"})):
            refused = client.post(f"/desk/answers/{path}", data=form)
            assert refused.status_code in (401, 403), (who, path, refused.status_code)
            assert not [secret for secret in INSIDE.values() if secret in refused.text]


@pytest.mark.in_turns(of=5)
def test_inside_texts_are_in_no_log_event_or_notice(office):
    holds = {}
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            said = str(connection.execute(sa.select(table)).all())
            holds[table.name] = {name for name, secret in INSIDE.items() if secret in said}
    assert {name for name, held in holds.items() if held} == {"answer", "assignment", "duty_pause"}


@pytest.mark.both
def test_rights_withdrawn_while_the_page_is_open(town, browse):
    official = town.official()
    proposal = on_the_table(town, official)
    desk = browse(official)
    assert desk.get(f"/desk/answers/{proposal.number}").status_code == 200
    db.session.execute(sa.delete(RoleGrant).where(RoleGrant.user_id == official.id))
    db.session.commit()
    refused = desk.post(f"/desk/answers/{proposal.number}", data={"do": "draft", "text": "답변을 써요", "seen": "0"})
    assert refused.status_code == 403 and "운영자와 부서 담당자만" in refused.text


def test_a_text_that_nobody_may_read_yet_is_on_no_desk_of_officials(town, browse):
    """A proposal that waits for moderators has a number already, and numbers are easily guessed."""
    held = town.proposal(state=State.HELD, published_at=None, title="아직 아무도 못 읽는 산수유길 이야기")
    official, moderator = browse(town.official()), browse(town.moderator())
    for path in ("", *(f"/{act}" for act in ACTS[:6])):
        page = official.get(f"/desk/answers/{held.number}{path}")
        assert page.status_code == 404 and "산수유길" not in page.text, path
    assert official.post(f"/desk/answers/{held.number}/takings").status_code == 404
    assert "산수유길" in moderator.get(f"/desk/answers/{held.number}").text

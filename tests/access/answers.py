"""Proposals on the tables of departments. The official's own is 교통행정과; another official of it is the second."""

from civic_forum.answers import operations
from civic_forum.answers.queries import records as queries
from civic_forum.answers.models import SecondReview
from civic_forum.answers.services import author as answer_author
from civic_forum.answers.rules import LaterText
from civic_forum.answers.services import cases, later, texts
from civic_forum.forums.questions.models import Question
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.proposals.rules import State
from tests.answers import making
from tests.factories import saved

from tests.forums.scene import announced_forum

from .things import Thing

ACTS = ("assignment", "question", "return", "referral", "referral-undo", "completion", "carrying")
ASKED = "어느 정류장인지 사진과 함께 알려 주세요."


def add(scene) -> None:
    _add_duties(scene)
    town, people = scene.town, scene.people
    official, second, author = people["official"], town.official(), people["author"]
    town.department("공원녹지과")
    cleaner = town.official(department=town.department("청소과"))

    def thing(name: str, proposal) -> None:
        answers = queries.answers_of(proposal.id)
        path = {"number": proposal.number, "answer_id": answers[-1].id if answers else 999_999}
        last = answers[-1] if answers else None
        form = {"seen": _seen(last)}
        scene.things[name] = Thing(path, form=form)
        for act in ACTS:
            scene.things[f"{act}_{name}"] = Thing(path | {"act": act})
        for act in ("formal", "completion", "second-review"):
            scene.things[f"own_{act}_{name}"] = Thing(path | {"act": act})

    owed = making.owed(town, author=author)
    elsewhere = making.on_the_table(town, cleaner, author=author)
    texts.submit(elsewhere.id, making.text(), seen=0, by=cleaner)
    filed = town.proposal(author=author)
    answer_author.file(filed.id, name="김하늘", contact="010-0000-0000", by=author)
    cases.take(filed.id, by=official)
    awaiting = making.on_the_table(town, official, author=author)
    texts.submit(awaiting.id, making.text(), seen=0, by=second)
    paused = making.on_the_table(town, official, author=author)
    cases.ask_completion(paused.id, asked=ASKED, by=official)
    declined = making.on_the_table(town, official, author=author)
    making.published(declined, official, second, making.declined())
    corrected = making.on_the_table(town, official, author=author)
    answer = making.published(corrected, official, second)
    texts.correct(answer.id, making.text(cost=1), why="드는 돈을 잘못 적었어요", seen=1, by=second)
    saved(SecondReview(proposal_id=corrected.id, reason="한 번 더 봐 주세요.", at=clock.now()))
    decided = town.proposal(author=author, state=State.DECIDED)
    cases.take(decided.id, by=official)
    referred = making.on_the_table(town, official, author=author)
    cases.refer(referred.id, to="서울교통공사", note="지하철 출입구라서 교통공사가 답해요.", as_complaint=False, by=second)
    thing("referred", referred)
    for name, proposal in (("owed", owed), ("elsewhere", elsewhere), ("filed", filed), ("awaiting", awaiting),
                           ("paused", paused), ("declined", declined), ("corrected", corrected), ("to_do", decided)):
        thing(name, proposal)
    for act in ACTS:
        scene.things[f"{act}_unknown"] = Thing({"number": "2031-9999", "act": act})
    for name in ("gathering", "held", "withdrawn", "hidden"):
        number = scene.things[name].path["number"]
        scene.things[f"own_formal_{name}"] = Thing({"number": number, "act": "formal"})
    scene.things["own_formal_unknown"] = Thing({"number": "2031-9999", "act": "formal"})
    scene.things["no_answer"] = Thing({"answer_id": 999_999, "number": "2031-9999"})
    db.session.commit()


def _seen(answer) -> str:
    if answer is None:
        return "0"
    return answer.correction["at"] if answer.correction else str(answer.version)


def _add_duties(scene) -> None:
    """Questions of a forum that is over, which the official's department answers later, and one of another."""
    town, official, second = scene.town, scene.people["official"], scene.town.official()
    now = clock.now()
    forum = announced_forum(town, slug="forum-later", starts_at=now, opened_at=now, closed_at=now)
    cleaning = town.department("청소과")
    scene.things["no_duty"] = Thing({"duty_id": 999_999, "later_id": 999_999})
    for name in ("open", "awaiting", "answered", "corrected", "elsewhere"):
        question = saved(Question(forum_id=forum.id, user_id=scene.people["author"].id, asked_at=now,
                                  text="보안등은 언제 다나요?"))
        with use_case(second) as work:
            department = cleaning if name == "elsewhere" else town.department()
            duty = operations.owe(work, question.ref, department.id, 14)
        answer, text = None, LaterText("보안등 12개를 9월까지 달아요.")
        if name in ("awaiting", "answered", "corrected"):
            answer = later.APPROVAL.submit(duty.id, text, seen=0, by=second)
        if name in ("answered", "corrected"):
            later.APPROVAL.approve(duty.id, seen=1, by=official)
        if name == "corrected":
            later.APPROVAL.correct(answer.id, text, why="날을 잘못 적었어요", seen=1, by=second)
        form = {} if answer is None else {"seen": answer.correction["at"] if answer.correction else str(answer.version)}
        scene.things[f"duty_{name}"] = Thing({"duty_id": duty.id, "later_id": answer.id if answer else 999_999},
                                             form=form or {"seen": "0"})

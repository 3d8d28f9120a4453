"""Parts of a petition, its process, and the reply that another official approves."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from civic_forum.blocks.approval import Approval, declare
from civic_forum.blocks.parts import Day, Part, line, paragraphs, said_by
from civic_forum.blocks.process import Gap, Move, PartPage, Process
from civic_forum.comments import operations as comments
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .events import PetitionAnnounced, PetitionEdited
from .models import Petition, Reply, ReplyVersion
from .policy import RIGHTS, may_close, may_edit, may_make, may_reply


@dataclass(frozen=True)
class Wording(Part):
    title: str = line("제목", 100, needed=True)
    demand: str = paragraphs("바라는 것", 3_000, 5, markdown=True)


@dataclass(frozen=True)
class Why(Part):
    reason: str = paragraphs("이유", 3_000, 5)


@dataclass(frozen=True)
class Place(Part):
    place: str | None = line("곳", 100, empty=None, optional=True)


@dataclass(frozen=True)
class Until(Part):
    until: date | None = said_by(Day(label="언제까지", optional=True))


@dataclass(frozen=True)
class Contact(Part):
    contact: str | None = line("물어볼 곳", 200, empty=None, optional=True, public=False)


def find(slug: str) -> Petition:
    if (found := db.session.scalar(sa.select(Petition).filter_by(slug=slug))) is None:
        raise NotFound("이런 청원은 없어요.")
    return found


def locked(petition_id: int) -> Petition:
    return db.session.get_one(Petition, petition_id, with_for_update=True, populate_existing=True)


def gaps(petition, _at):
    said = {"wording": petition.demand, "reason": petition.reason}
    return [Gap(part, "여기를 채워 주세요.", part) for part, text in said.items() if not text]


def begin(slug: str, wording: Wording, *, by) -> Petition:
    with use_case(by) as work:
        require(by, may_make)
        petition = Petition(slug=slug, author_id=by.id)
        wording.write(petition)
        work.session.add(petition)
        work.session.flush()
        petition.thread_id = comments.open_thread(work.session, "petition", petition.id).id
        work.record("petitions.made", petition)
        return petition


def close(petition_id: int, *, by) -> Petition:
    with use_case(by) as work:
        petition = locked(petition_id)
        require(by, may_close, petition)
        petition.closed_at = work.at
        work.record("petitions.closed", petition)
        return petition


PROCESS = Process(
    area="petitions", model=Petition, stages={"preparing": "준비 중", "open": "진행 중", "closed": "닫음"},
    parts={name: PartPage(part, label, may_edit) for name, part, label in (
        ("wording", Wording, "글"), ("reason", Why, "이유"), ("place", Place, "곳"), ("until", Until, "때"),
        ("contact", Contact, "물어볼 곳"))},
    locked=locked, gaps=gaps, keep_in_step=lambda _work, _petition: None, may_announce=may_edit,
    edited=PetitionEdited, announced=PetitionAnnounced, outdated="그 사이에 바뀌었어요.",
    moves=(Move("announce", "announcements", frozenset(("preparing",)), "open",
                lambda *given, by: PROCESS.announce(*given, by=by), "알렸어요."),
           Move("close", "closings", frozenset(("open",)), "closed", close, "닫았어요.")))


@dataclass(frozen=True)
class ReplyText:
    text: str


def _complete(given: ReplyText, _petition):
    if not given.text.strip():
        raise Refusal("답을 적어 주세요.", field="text")


REPLY = declare(Approval(
    rights=RIGHTS, may_write=may_reply, model=Reply, text=ReplyText, versions=ReplyVersion, details="details",
    kept=("text",), rendered=("text",), why_least=5, why_most=300, sent_back_most=300, locked=locked,
    held=lambda id_: ((one := db.session.get_one(Reply, id_, with_for_update=True)).petition, one),
    begin=lambda _work, petition: Reply(petition=petition), check_complete=_complete,
    changed="그 사이에 다른 담당자가 바꿨어요."))

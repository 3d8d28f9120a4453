"""SELECTs of consultations."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.models import Affiliation
from civic_forum.accounts.rules import Verification
from civic_forum.attachments.queries import first_picture
from civic_forum.blocks import listing
from civic_forum.blocks.filters import NOW, Filter
from civic_forum.blocks.first_page import MOST_AHEAD, open_among
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.orders import MOMENT, NUMBER, Order
from civic_forum.blocks.slugs import SLUG
from civic_forum.comments import kinds as comment_kinds
from civic_forum.comments.queries import records as comments
from civic_forum.platform import clock, rich_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.statements import made_once
from civic_forum.platform.waiting import DeskLine, Waiting
from civic_forum.proposals.queries import records as proposals

from . import extensions, keyring, labels, results, rules
from .models import AnswerTally, Consultation, OpinionMap, Participant, Statement
from .policy import stage_of
from .results import Tally
from .rules import Became, Stage, StatementState
from .sealing import Content, Keys, Point


def missing() -> NotFound:
    return NotFound(_("이런 질문은 없어요. 주소를 다시 확인하거나 목록에서 찾아보세요."))


def slugged(slug: str) -> Consultation | None:
    if not SLUG.fullmatch(slug):
        return None
    return db.session.scalar(_by_slug(), {"slug": slug})


@made_once
def _by_slug() -> sa.Select[Any]:
    return sa.select(Consultation).where(Consultation.slug == sa.bindparam("slug"))


def by_slug(slug: str) -> Consultation:
    """Raises NotFound."""
    if (consultation := slugged(slug)) is None:
        raise missing()
    return consultation


def locked(consultation_id: int, *, read: bool = False) -> Consultation:
    """Read again, and locked until the transaction ends; `read`: others may do so too. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Consultation).filter_by(id=consultation_id).with_for_update(
        read=read, of=Consultation).execution_options(populate_existing=True)), missing)


def no_such_statement() -> NotFound:
    return NotFound(_("이런 의견은 없어요."))


def statement(consultation_id: int, number: int) -> Statement:
    """Raises NotFound."""
    key = {"consultation": consultation_id, "number": number}
    return existing(db.session.scalar(_statement(), key) if number <= rules.STATEMENTS_MOST else None,
                    no_such_statement)


@made_once
def _statement() -> sa.Select[Any]:
    return sa.select(Statement).where(
        Statement.consultation_id == sa.bindparam("consultation"), Statement.number == sa.bindparam("number"))


def statements(consultation_id: int) -> list[Statement]:
    """All of them, in their order."""
    return list(db.session.scalars(
        sa.select(Statement).filter_by(consultation_id=consultation_id).order_by(Statement.number)))


def taken_out(consultation_id: int) -> list[Statement]:
    """Those that people could answer and are asked no more, in their order."""
    return list(db.session.scalars(sa.select(Statement).filter_by(consultation_id=consultation_id).where(
        Statement.published_at.is_not(None),
        sa.or_(Statement.hidden_at.is_not(None), Statement.same_as_id.is_not(None))).order_by(Statement.number)))


def highest_number(consultation_id: int) -> int:
    """The highest number of a statement."""
    return db.session.scalar(sa.select(sa.func.max(Statement.number)).filter_by(consultation_id=consultation_id)) or 0


def asked() -> sa.ColumnElement[bool]:
    """True for statements that people are asked now (`Statement.is_asked`)."""
    return sa.and_(Statement.state == StatementState.PUBLISHED, Statement.hidden_at.is_(None),
                   Statement.same_as_id.is_(None))


def affiliated_with(user_id: int) -> frozenset[int]:
    """Neighbourhoods where somebody is verified to live, work or study."""
    return frozenset(db.session.connection().execute(_affiliated(), {"user": user_id}).scalars())


@made_once
def _affiliated() -> sa.Select[Any]:
    return sa.select(Affiliation.neighbourhood_id).where(
        Affiliation.user_id == sa.bindparam("user"), Affiliation.how != Verification.DECLARED)


def with_key(*conditions: sa.ColumnElement[bool]) -> list[Consultation]:
    """Consultations whose answers can be opened here."""
    return [consultation for consultation in db.session.scalars(sa.select(Consultation).where(
        Consultation.announced_at.is_not(None), *conditions).order_by(Consultation.id))
        if keyring.is_there(consultation.id)]


def participant(consultation_id: int, marks: Collection[bytes]) -> dict[bytes, Participant]:
    """Those behind these marks who have answered; nobody where the key is not there."""
    if not keyring.is_there(consultation_id):
        return {}
    keys = keyring.keys(consultation_id)
    names = {keys.row_key(mark): mark for mark in marks}
    rows = db.session.scalars(sa.select(Participant).where(
        Participant.consultation_id == consultation_id, Participant.row_key.in_(names), ~Participant.is_empty))
    return {names[participant.row_key]: participant for participant in rows}


class Opened(NamedTuple):
    """A row as whoever has the key reads it."""

    row: Any
    content: Content
    point: Point


def opened(keys: Keys, row: Any) -> Opened | None:
    """None for a damaged one."""
    content = keys.open_row(row)
    return content and Opened(row, content, keys.open_point(row))


def everybody(keys: Keys, condition: sa.ColumnElement[bool]) -> tuple[list[Opened], int]:
    """Rows of a consultation, in the order of their keys, and how many more are damaged."""
    rows = db.session.execute(sa.select(Participant.__table__).where(condition).order_by(Participant.row_key)).all()
    there = [person for row in rows if (person := opened(keys, row))]
    return there, len(rows) - len(there)


def kept(result: OpinionMap | sa.Row) -> dict[str, Any]:
    """The part of a result that the next one needs; nothing where the key is not there."""
    if not (result.kept and keyring.is_there(result.consultation_id)):
        return {}
    return json.loads(keyring.keys(result.consultation_id).open("kept", result.kept, result.number) or "{}")


class Draw(NamedTuple):
    """Statements that people are asked now, of which the next one is drawn."""

    numbers: tuple[int, ...]
    weights: Mapping[int, float]
    """By the latest result."""


def draw(consultation_id: int) -> Draw:
    """The same for everybody (`blocks.sections`)."""
    numbers = db.session.scalars(sa.select(Statement.number).where(
        Statement.consultation_id == consultation_id, asked()).order_by(Statement.number))
    last = db.session.execute(
        sa.select(OpinionMap.consultation_id, OpinionMap.number, OpinionMap.kept).filter_by(
            consultation_id=consultation_id).order_by(OpinionMap.number.desc()).limit(1)).one_or_none()
    weights = kept(last).get("priority") or {} if last else {}
    return Draw(tuple(numbers), {int(number): weight for number, weight in weights.items()})


def latest_participants(consultation_id: int) -> int | None:
    """People in the last result; None before there is one."""
    return db.session.scalar(sa.select(OpinionMap.participants).filter_by(consultation_id=consultation_id)
                             .order_by(OpinionMap.number.desc()).limit(1))


def latest_map(consultation_id: int) -> OpinionMap | None:
    return db.session.scalar(sa.select(OpinionMap).filter_by(consultation_id=consultation_id)
                             .order_by(OpinionMap.number.desc()).limit(1))


def answers(consultation_id: int) -> int:
    """Answers that were given so far."""
    return db.session.scalar(sa.select(answers_of_all(consultation_id))) or 0


def answers_of_all(consultation_id: int) -> sa.ScalarSelect[int]:
    return sa.select(AnswerTally.answers).filter_by(consultation_id=consultation_id).scalar_subquery()


def own_statements(consultation_id: int, user_id: int) -> list[Statement]:
    """Statements that somebody wrote, the newest first."""
    return list(db.session.scalars(sa.select(Statement).filter_by(
        consultation_id=consultation_id, author_id=user_id).order_by(Statement.number.desc())))


def waiting(consultation_id: int) -> list[Statement]:
    """Statements that wait for a moderator, the oldest first."""
    return list(db.session.scalars(sa.select(Statement).filter_by(
        consultation_id=consultation_id, state=StatementState.WAITING).order_by(Statement.number)))


def all_waiting(_user: Any) -> sa.Select:
    """Statements that wait for a moderator, for the desk. What they say stands on the page of moderation alone."""
    return sa.select(
        Statement.id, sa.func.coalesce(Statement.decided_at, Statement.created_at), Consultation.slug,
        Consultation.title, sa.null()).join(Consultation, Consultation.id == Statement.consultation_id).where(
        sa.or_(Statement.state == StatementState.WAITING, Statement.out_until.is_not(None)))


def waiting_lines(waits: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/consultations/{wait.ref}/moderation", wait.title or "", (),
                     _("한 줄 의견이 공개나 확인을 기다려요.")) for wait in waits]


def quoted(source: str) -> str | None:
    """Text of a proposal, a comment or a note of a forum that everybody may read, `proposal:12`, for a statement taken
    from it."""
    ref = Ref.read(source)
    if ref is not None and ref.kind == "proposal":
        return next((proposal.title for proposal in proposals.readable([ref.id])), None)
    if ref is not None and ref.kind == "comment" and comment_kinds.shown_in_search([ref.id]):
        [comment] = comments.shown_of([ref.id])
        return rich_text.text_of(comment.html)
    if ref is not None and ref.kind == "note":
        return next(iter(extensions.NOTE.ask(ref.id)), None)
    return None


def notes(forum: str) -> list[extensions.Note]:
    """Notes of the forum with this address that everybody may read."""
    return [note for answer in extensions.NOTES.ask(forum) for note in answer] if SLUG.fullmatch(forum) else []


def tallied(consultation_id: int, latest: OpinionMap | None) -> list[tuple[Statement, Tally | None]]:
    """All statements in their order, as the last result tells of them: live numbers would show single answers."""
    told = results.told(latest.published) if latest else {}
    return [(statement, told.get(statement.number)) for statement in statements(consultation_id)]


class FirstLine(NamedTuple):
    """First thing that a result says: a statement, the answer, and the least percent of any group that gave it."""

    text: str
    answer: int
    percent: int
    of_every_group: bool


def first_line(consultation_id: int) -> FirstLine | None:
    """Of the last result; None while there is none, or where it has nothing to begin with."""
    published = db.session.scalar(sa.select(OpinionMap.published).filter_by(
        consultation_id=consultation_id, is_last=True))
    if published is None:
        return None
    texts = dict(db.session.execute(sa.select(Statement.number, Statement.text).where(
        Statement.consultation_id == consultation_id, asked())).all())
    read = results.read(published, texts.keys())
    for line in read.shared():
        if (answer := line.shared_by) is not None and (percent := line.lowest(answer)) is not None:
            return FirstLine(texts[line.number], answer, percent, True)
    for number in () if read.groups else read.most_agree:
        if (total := read.by_number[number].total) is not None:
            return FirstLine(texts[number], rules.AGREE, total.percent(), False)
    return None


def shared_statements(consultation_id: int) -> list[Statement]:
    """Those of the last result that are still asked, for an agenda."""
    latest = latest_map(consultation_id)
    if latest is None or not latest.is_last:
        return []
    there = {statement.number: statement for statement in statements(consultation_id) if statement.is_asked}
    read = results.read(latest.published, there.keys())
    agreed = [line.number for line in read.shared() if line.shared_by == rules.AGREE]
    return [there[number] for number in (agreed if read.groups else read.most_agree)[:rules.AGENDA_MOST]]


def of_agenda(agenda_id: int) -> Consultation | None:
    """The consultation that an agenda was made of."""
    return db.session.scalar(sa.select(Consultation).filter_by(agenda_id=agenda_id))


def carried_on(agenda_id: int) -> list[Statement]:
    """Statements that became this agenda."""
    return list(db.session.scalars(sa.select(Statement).join(Statement.consultation).where(
        Consultation.agenda_id == agenda_id, Statement.became == Became.AGENDA)))


@dataclass(frozen=True)
class Card:
    """A consultation as a list shows it."""

    consultation: Consultation
    stage: Stage
    statements: int
    answerers: int
    """In the last result: a live number would tell when somebody answers."""
    waiting: int = 0
    """Statements that wait for a moderator; counted for the desk alone."""
    picture: str | None = None
    """Key of its first picture."""


def _base() -> sa.Select[Any]:
    count = sa.select(sa.func.count()).select_from(Statement).where(
        Statement.consultation_id == Consultation.id, asked()).correlate(Consultation).scalar_subquery()
    people = sa.select(OpinionMap.participants).where(OpinionMap.consultation_id == Consultation.id).order_by(
        OpinionMap.number.desc()).limit(1).correlate(Consultation).scalar_subquery()
    return sa.select(Consultation, count, people, first_picture(Consultation.attachment_set_id).label("picture"))


def _of_stage(stage: Stage, now: Any) -> sa.ColumnElement[bool]:
    """`rules.stage` as a condition."""
    return {
        Stage.ANNOUNCED: Consultation.opens_at > now,
        Stage.OPEN: sa.and_(Consultation.opens_at <= now, Consultation.closes_at > now),
        Stage.CLOSED: Consultation.closes_at <= now,
    }[stage]


MOST_OPEN = 5
PUBLIC = (Stage.OPEN, Stage.ANNOUNCED, Stage.CLOSED)
_RANK = sa.case((_of_stage(Stage.OPEN, NOW), 0), (_of_stage(Stage.ANNOUNCED, NOW), 1), else_=2).label("rank")
CONSULTATIONS = listing.declare(Listing(
    "consultations", lambda: _base().where(Consultation.announced_at.is_not(None)).add_columns(_RANK),
    endpoint="opinions.show_list",
    filters=(Filter("stage", _l("단계"), None, {stage: labels.STAGE[stage] for stage in PUBLIC},
                    cases={stage: _of_stage(stage, NOW) for stage in PUBLIC}),),
    orders=(Order("stage", None, (_RANK.element, Consultation.closes_at.desc(), Consultation.id.desc()),
                  (NUMBER, MOMENT, NUMBER),
                  lambda row: (row.rank, row.Consultation.closes_at, row.Consultation.id)),),
    moments=(Consultation.opens_at, Consultation.closes_at)))
_WAITING = sa.select(sa.func.count()).select_from(Statement).where(
    Statement.consultation_id == Consultation.id, Statement.state == StatementState.WAITING).correlate(
    Consultation).scalar_subquery().label("waiting")
EVERYTHING = listing.declare(Listing(
    "desk consultations", lambda: _base().add_columns(_WAITING),
    (Order("closes", None, (Consultation.closes_at.desc(), Consultation.id.desc())),)))
"""For the desk: also those in preparation."""


def cards(rows: Iterable[Any], now: datetime) -> list[Card]:
    return [Card(row[0], stage_of(row[0], now), row[1], row[2] or 0, getattr(row, "waiting", 0), row.picture)
            for row in rows]


def of_ids(ids: Collection[int]) -> Mapping[int, Card]:
    """Those of these that everybody sees."""
    rows = db.session.execute(_base().where(Consultation.id.in_(ids), Consultation.announced_at.is_not(None)))
    return {card.consultation.id: card for card in cards(rows, clock.now())}


def open_now(now: datetime) -> list[Card]:
    """Those that one can answer now, the one that closes first in front."""
    there = db.session.execute(_not_over(), {"now": clock.plain(now)}).all()
    return cards(open_among(there, now, itemgetter(0))[:MOST_OPEN], now)


@made_once
def _not_over() -> sa.Select[Any]:
    return _base().where(Consultation.closes_at > NOW, Consultation.announced_at.is_not(None)).order_by(
        Consultation.closes_at, Consultation.id).limit(MOST_AHEAD)

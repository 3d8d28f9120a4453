"""Minutes and their corrections, the whole record in one statement as plain rows (for its page, its minutes, and
searching it), and forums whose minutes wait at the desk.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from civic_forum.accounts.models import User
from civic_forum.district.models import Department
from civic_forum.platform.base import Instant, Number, db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once
from civic_forum.platform.waiting import DeskLine, Waiting

from ..floor.models import Turn
from ..models import Forum, ProgrammeItem
from ..pulses.models import Pulse
from ..questions.models import Question
from ..record.models import Caption, Decision
from ..registration.models import Registration
from ..rules import CorrectionState, Place, Stage, Way
from ..tables.models import ForumTable, Note, NoteGroup
from .models import Correction, Minutes
from .rules.drafting import (AtTable, Felt, Noted, Record, RecordedDecision, RecordedGroup, RecordedItem,
                             RecordedQuestion, RecordedTurn, Said, Who, corrections_until)


@dataclass(frozen=True)
class MinutesState:
    """Progress of the minutes of a forum."""

    latest: Minutes | None
    drafted_at: datetime | None
    """When the first version was published: the week of corrections began."""
    open_corrections: int

    @property
    def corrections_until(self) -> datetime | None:
        return self.drafted_at and corrections_until(self.drafted_at)


NONE = MinutesState(None, None, 0)


def missing() -> NotFound:
    return NotFound(_("아직 회의록이 없어요. 마친 뒤에 만들어요."))


def standing(forum_id: int) -> MinutesState:
    first = sa.select(sa.func.min(Minutes.published_at)).filter_by(forum_id=forum_id).scalar_subquery()
    waiting = (sa.select(sa.func.count()).select_from(Correction)
               .filter_by(forum_id=forum_id, state=CorrectionState.OPEN).scalar_subquery())
    row = db.session.execute(sa.select(Minutes, first, waiting).filter_by(forum_id=forum_id)
                             .order_by(Minutes.version.desc()).limit(1)).one_or_none()
    return MinutesState(*row) if row else NONE


def newest(forum_id: int) -> sa.Row[tuple[int, datetime]] | None:
    """Number of the newest version, and since when people could read it."""
    return db.session.execute(_newest(), {"forum": forum_id}).one_or_none()


@made_once
def _newest() -> sa.Select[tuple[int, datetime]]:
    return sa.select(Minutes.version, sa.func.coalesce(Minutes.published_at, Minutes.made_at).label("at")).where(
        Minutes.forum_id == sa.bindparam("forum")).order_by(Minutes.version.desc()).limit(1)


def versions(forum_id: int) -> list[Minutes]:
    """All versions, oldest first, without their text."""
    return list(db.session.scalars(sa.select(Minutes).filter_by(forum_id=forum_id).order_by(Minutes.version)
                                   .options(defer(Minutes.sections))))


def version(forum_id: int, number: int) -> Minutes:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(Minutes).filter_by(forum_id=forum_id, version=number)), missing)


def corrections(forum_id: int) -> list[Correction]:
    """Wishes for correction, oldest first, with their names."""
    return list(db.session.scalars(sa.select(Correction).filter_by(forum_id=forum_id).order_by(Correction.id)
                                   .options(joinedload(Correction.user))))


def accepted(forum_id: int) -> list[tuple[str, str, str]]:
    """Place, words and what becomes of them, in the order in which they were accepted."""
    rows = db.session.execute(
        sa.select(Correction.place, Correction.was, Correction.becomes)
        .filter_by(forum_id=forum_id, state=CorrectionState.ACCEPTED).order_by(Correction.replied_at, Correction.id))
    return [tuple(row) for row in rows]


def correction(forum_id: int, correction_id: int) -> Correction:
    """Raises NotFound."""
    correction = db.session.scalar(sa.select(Correction).filter_by(forum_id=forum_id, id=correction_id))
    return existing(correction, lambda: NotFound(_("이 회의록에 그런 고칠 곳이 없어요.")))


@dataclass(frozen=True)
class Beside:
    """Facts that the text of minutes does not hold itself."""

    names: dict[int, str]
    """What people are called by now; who left has no name any more."""
    withheld: frozenset[str]
    """Refs of what is hidden or was taken away by now: no version shows it any more."""


def beside(forum: Forum, user_ids: Iterable[int | None]) -> Beside:
    wanted = sorted({user_id for user_id in user_ids if user_id is not None})
    called = sa.select(sa.literal("user").label("what"), User.id.label("id"), User.nickname.label("name")).where(
        User.id.in_(wanted))
    hidden = sa.select(sa.literal("question"), Question.id, sa.null()).where(
        Question.forum_id == forum.id, Question.hidden_at.is_not(None))
    removed = (sa.select(sa.literal("note"), Note.id, sa.null()).join(ForumTable, ForumTable.id == Note.table_id)
               .where(ForumTable.forum_id == forum.id, Note.removed_at.is_not(None)))
    names, refs = {}, set()
    for what, row_id, name in db.session.execute(sa.union_all(called, hidden, removed)):
        if what == "user":
            names[row_id] = name or _("탈퇴한 회원")
        else:
            refs |= {f"{what}:{row_id}", f"{'answer' if what == 'question' else what}:{row_id}"}
    return Beside(names, frozenset(refs))


COLUMNS = {"what": sa.String(), "id": Number, "at": Instant(), "until": Instant(), "day": sa.Date(), "parent": Number,
           "other": Number, "user_id": Number, "name": sa.String(), "text": sa.Text(), "more": sa.Text(),
           "word": sa.String(), "extra": sa.String(), "number": Number, "flag": sa.Boolean()}
"""Of every row, whatever it is of; those that it does not have are NULL."""


def record(forum: Forum) -> Record:
    """The record as it may be read now: nothing hidden or taken away, and while it runs no table before it handed
    in."""
    rows: dict[str, list[sa.Row]] = defaultdict(list)
    for row in db.session.execute(sa.union_all(*_statements(forum))):
        rows[row.what].append(row)
    made = {what: [make(row) for row in rows[what]] for what, make in _MADE.items()}
    return Record(facts=_facts(forum, rows["came"], len({(turn.who.user_id, turn.who.name) for turn in made["turn"]})),
                  items=made["item"], turns=made["turn"], captions=made["caption"], pulses=made["pulse"],
                  questions=made["question"], tables=made["table"], groups=made["group"], notes=made["note"],
                  decisions=made["decision"])


def _select(what: str, **columns: sa.ColumnElement) -> sa.Select:
    return sa.select(*(sa.literal(what, sa.String()).label("what") if name == "what"
                       else columns.get(name, sa.cast(sa.null(), kind)).label(name)
                       for name, kind in COLUMNS.items()))


def _statements(forum: Forum) -> list[sa.Select]:
    shown = sa.true() if forum.stage is Stage.FINISHED else ForumTable.handed_at.is_not(None)
    return [*_of_programme(forum), *_of_floor(forum), *_of_tables(forum, shown), _came(forum)]


def _of_programme(forum: Forum) -> list[sa.Select]:
    return [
        _select("item", id=ProgrammeItem.id, at=ProgrammeItem.started_at, until=ProgrammeItem.ended_at,
                text=_text(ProgrammeItem.title), number=ProgrammeItem.number,
                other=ProgrammeItem.minutes + ProgrammeItem.extra_minutes).where(ProgrammeItem.forum_id == forum.id),
        _select("turn", id=Turn.id, at=Turn.started_at, until=Turn.ended_at, parent=Turn.item_id, user_id=Turn.user_id,
                name=Turn.name, text=_text(Turn.topic), more=_text(Turn.about), word=Turn.role,
                extra=Turn.for_group).where(Turn.forum_id == forum.id),
    ]


def _of_floor(forum: Forum) -> list[sa.Select]:
    decided_by = sa.select(Department.name_ko).where(Department.id == Decision.department_id).scalar_subquery()
    return [
        _select("caption", id=Caption.id, at=Caption.at, parent=Caption.turn_id, user_id=Caption.user_id,
                name=Caption.speaker, text=_text(Caption.text)).where(Caption.forum_id == forum.id),
        _select("question", id=Question.id, at=Question.asked_at, parent=Question.grouped_under_id,
                user_id=Question.user_id, name=Question.name, text=_text(Question.text), more=_text(Question.answer),
                word=Question.answered_by, number=Question.support_count)
        .where(Question.forum_id == forum.id, Question.hidden_at.is_(None)),
        _select("pulse", id=Pulse.id, at=Pulse.opened_at, text=_text(Pulse.text), more=_text(Pulse.counts),
                word=_word(Pulse.kind)).where(Pulse.forum_id == forum.id),
        _select("decision", id=Decision.id, at=Decision.at, day=Decision.due_on, text=_text(Decision.text),
                word=sa.func.coalesce(decided_by, Decision.department_name))
        .where(Decision.forum_id == forum.id, Decision.removed_at.is_(None)),
    ]


def _of_tables(forum: Forum, shown: sa.ColumnElement[bool]) -> list[sa.Select]:
    return [
        _select("table", id=ForumTable.id, number=ForumTable.number, user_id=ForumTable.host_id,
                name=ForumTable.host_name, text=_text(ForumTable.name), more=_text(ForumTable.result))
        .where(ForumTable.forum_id == forum.id, shown),
        _select("group", id=NoteGroup.id, parent=NoteGroup.table_id, text=_text(NoteGroup.title))
        .join(ForumTable, ForumTable.id == NoteGroup.table_id)
        .where(ForumTable.forum_id == forum.id, NoteGroup.removed_at.is_(None), shown),
        _select("note", id=Note.id, at=Note.at, parent=Note.table_id, other=Note.group_id, user_id=Note.user_id,
                text=_text(Note.text), number=sa.case((Note.on_paper, 1), else_=0), flag=Note.strongest)
        .join(ForumTable, ForumTable.id == Note.table_id)
        .where(ForumTable.forum_id == forum.id, Note.removed_at.is_(None), shown),
    ]


def _came(forum: Forum) -> sa.Select:
    """Numbers of those who had a place and of those who were there."""
    return (_select("came", word=_word(Registration.way), number=sa.func.count(),
                    other=sa.func.count(Registration.came_at))
            .where(Registration.forum_id == forum.id, Registration.place == Place.HELD).group_by(Registration.way))


def _text(column: sa.ColumnElement) -> sa.ColumnElement:
    return sa.cast(column, sa.Text())


def _word(column: sa.ColumnElement) -> sa.ColumnElement:
    return sa.cast(column, sa.String())


def _who(row: sa.Row) -> Who:
    return Who(row.user_id, None if row.user_id else row.name)


_MADE: dict[str, Callable[[sa.Row], object]] = {
    "item": lambda row: RecordedItem(row.id, row.number, row.text, row.other, row.at, row.until),
    "turn": lambda row: RecordedTurn(row.id, _who(row), row.at, _seconds(row), row.word, row.parent, row.more, row.text,
                               row.extra),
    "caption": lambda row: Said(row.id, row.text, row.at, _who(row), row.parent),
    "question": lambda row: RecordedQuestion(row.id, row.text, row.at, _who(row), row.number, row.parent, row.more,
                                             row.word),
    "pulse": lambda row: Felt(row.id, row.text, row.word, row.at, _counts(row)),
    "table": lambda row: AtTable(row.id, row.number, row.text, _who(row), row.more),
    "group": lambda row: RecordedGroup(row.id, row.parent, row.text),
    "note": lambda row: Noted(row.id, row.parent, row.text, _who(row), row.other, bool(row.number), row.flag),
    "decision": lambda row: RecordedDecision(row.id, row.text, row.at, row.word, row.day),
}


def _seconds(row: sa.Row) -> int:
    """Seconds of a turn; one that runs has taken nothing yet."""
    return int((row.until - row.at).total_seconds()) if row.until else 0


def _counts(row: sa.Row) -> dict[str, int]:
    return json.loads(row.more) if row.more and row.more != "null" else {}


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """Names of these people by now; who left has no name any more."""
    wanted = sorted({user_id for user_id in ids if user_id is not None})
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(User.id, User.nickname).where(User.id.in_(wanted)))
    return {user_id: nickname or _("탈퇴한 회원") for user_id, nickname in rows}


def _facts(forum: Forum, came: list[sa.Row], spoke: int) -> dict[str, object]:
    """Days, place and numbers, ready for JSON. Of a forum from before this site its own figures."""
    by_way = {row.word: row for row in came}
    counted = {"registered": sum(row.number for row in came), "spoke": spoke,
               **{way.value: by_way[way.value].other if way.value in by_way else 0 for way in Way}}
    moments = {name: at and at.isoformat() for name,
               at in (("opened_at", forum.opened_at), ("closed_at", forum.closed_at))}
    return {"title": forum.title, "question": forum.question, "place": forum.place, **moments,
            "came": dict(forum.came) if forum.came else counted}


def is_recorded(forum: Forum) -> bool:
    """True if what was held there at that moment is written down already."""
    same = sa.select(Forum.id).filter_by(form=forum.form, starts_at=forum.starts_at, place=forum.place)
    return db.session.scalar(same.where(Forum.recorded_at.is_not(None)).limit(1)) is not None


DRAFTED_WITHIN = timedelta(days=3)
SIGNED_WITHIN = timedelta(days=14)
"""Since the draft: a week of corrections, and a week to answer them and sign."""


def to_draft(_staff) -> sa.Select:
    none = ~sa.exists().where(Minutes.forum_id == Forum.id)
    return sa.select(Forum.id, Forum.closed_at, Forum.slug, Forum.title, sa.null()).where(
        Forum.closed_at.is_not(None), Forum.signed_version.is_(None), Forum.is_closed.is_(False), none)


def to_sign(_staff) -> sa.Select:
    return (sa.select(Forum.id, Minutes.published_at, Forum.slug, Forum.title, sa.null())
            .join(Minutes, sa.and_(Minutes.forum_id == Forum.id, Minutes.version == 1))
            .where(Forum.closed_at.is_not(None), Forum.signed_version.is_(None), Forum.is_closed.is_(False)))


def draft_lines(waiting: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/forums/{forum.ref}/minutes", forum.title or "", (), _("기록으로 회의록 초안을 만들어 주세요."))
            for forum in waiting]


def sign_lines(waiting: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/forums/{forum.ref}/minutes", forum.title or "", (),
                     _("고칠 곳에 답하고, 이레가 지나면 진행자가 서명하도록 알려 주세요.")) for forum in waiting]

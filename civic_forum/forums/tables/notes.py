"""Notes of a table: written, typed from paper, put together, marked, taken away; and what people at it say.

Of a note or a message there is the event and no audit entry beside it; taking away somebody else's leaves one.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.errors import Conflict, Refusal, TooMany
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import operations
from ..models import Forum
from ..policy import ForumContext
from ..rules import ForumEventKind
from . import policy, queries, rules
from .models import ForumTable, Note, NoteGroup, TableMessage


def _entered(work: Work, forum_id: int, number: int, by: User, predicate) -> ForumContext:
    return operations.entered(work, forum_id, by, predicate, lambda forum: queries.numbered(forum.id, number))


def _tell(work: Work, at: ForumContext, kind: ForumEventKind, subject_id: int, key: str | None = None,
          **details) -> None:
    """In full only for the table, until it has handed its result to the hall."""
    operations.add_event(work, at.forum, kind, subject_id, key=key, number=at.thing.number, **details,
                          table_id=at.thing.id if at.thing.handed_at is None else None)


def write(forum_id: int, number: int, text: str, key: str, *, by: User) -> Note:
    """Put up a note with one thing on it. Raises NotFound, Denied and Refusal."""
    text = operations.checked_text(text, rules.LONGEST_NOTE, "text")
    with use_case(by) as work:
        at = _entered(work, forum_id, number, by, policy.may_write_at)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.NOTE_WRITTEN):
            return work.session.get_one(Note, seen.subject_id)
        if queries.written_by(at.forum.id, by.id) >= rules.MOST_NOTES_EACH:
            raise Refusal(_("한 사람이 쪽지를 %(most)s장까지 쓸 수 있어요.", most=rules.MOST_NOTES_EACH), field="text")
        return _put_up(work, at, key, Note(user_id=by.id, text=text))


def type_note(forum_id: int, number: int, text: str, key: str, *, by: User) -> Note:
    """Type a note as it stood on paper, its spelling kept."""
    text = operations.checked_text(text, rules.LONGEST_NOTE, "text")
    with use_case(by) as work:
        at = _entered(work, forum_id, number, by, policy.may_type)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.NOTE_WRITTEN):
            return work.session.get_one(Note, seen.subject_id)
        if queries.on_paper(at.thing.id) >= rules.MOST_NOTES_EACH:
            raise Refusal(_("한 테이블에 종이 쪽지를 %(most)s장까지 옮겨 적을 수 있어요.", most=rules.MOST_NOTES_EACH), field="text")
        return _put_up(work, at, key, Note(on_paper=True, typed_by_id=by.id, text=text))


def _put_up(work: Work, at: ForumContext, key: str, note: Note) -> Note:
    note.table_id, note.at = at.thing.id, work.at
    work.store(note)
    _tell(work, at, ForumEventKind.NOTE_WRITTEN, note.id, key)
    return note


def take_away(forum_id: int, number: int, note_ids: Sequence[int], *, by: User) -> None:
    """Take down one's own notes while the table writes; as whoever leads it, anybody's, with an audit entry."""
    with use_case(by) as work:
        at = _entered(work, forum_id, number, by, policy.may_see_table)
        notes = queries.chosen(at.thing.id, _some(note_ids))
        own = all(note.user_id == by.id for note in notes)
        require(by, policy.may_write_at if own else policy.may_take_away, at)
        for note in notes:
            was, note.group_id, note.strongest, note.removed_at = note.group_id, None, False, work.at
            _tell(work, at, ForumEventKind.NOTE_CHANGED, note.id, removed=True, was=was)
            if note.user_id != by.id:
                work.record("forums.note_taken_away", note)


def make_group(forum_id: int, number: int, title: str, key: str, note_ids: Sequence[int] = (), *,
               by: User) -> NoteGroup:
    """Make a group, and put these notes into it."""
    title = operations.checked_text(title, rules.LONGEST_GROUP, "title")
    with use_case(by) as work:
        at = _entered(work, forum_id, number, by, policy.may_arrange)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.NOTE_GROUPED):
            return work.session.get_one(NoteGroup, seen.subject_id)
        last, there = queries.number_of_groups(at.thing.id)
        if there >= rules.MOST_GROUPS:
            raise Refusal(_("묶음은 %(most)s개까지 만들 수 있어요.", most=rules.MOST_GROUPS), field="title")
        group = work.store(NoteGroup(table_id=at.thing.id, number=last + 1, title=title))
        _tell(work, at, ForumEventKind.NOTE_GROUPED, group.id, key)
        _into(work, at, queries.chosen(at.thing.id, _some(note_ids)) if note_ids else [], group)
        return group


def rename_group(forum_id: int, number: int, group_id: int, title: str, *, by: User) -> None:
    title = operations.checked_text(title, rules.LONGEST_GROUP, "title")
    with use_case(by) as work:
        at = _entered(work, forum_id, number, by, policy.may_arrange)
        group = queries.group(at.thing.id, group_id)
        if group.title != title:
            group.title = title
            _tell(work, at, ForumEventKind.NOTE_GROUPED, group.id)


def take_group_away(forum_id: int, number: int, group_id: int, *, by: User) -> None:
    """Its notes are in no group then."""
    with use_case(by) as work:
        at = _entered(work, forum_id, number, by, policy.may_arrange)
        group = queries.group(at.thing.id, group_id)
        for grouped in queries.board(at.thing):
            if grouped.group is group:
                _into(work, at, grouped.notes, None)
        group.removed_at = work.at
        _tell(work, at, ForumEventKind.NOTE_GROUPED, group.id, removed=True)


def put_into(forum_id: int, number: int, note_ids: Sequence[int], group_id: int | None, *, by: User) -> None:
    """Put notes into a group of the table, or out of theirs. Raises NotFound for what is another table's."""
    with use_case(by) as work:
        at = _entered(work, forum_id, number, by, policy.may_arrange)
        group = queries.group(at.thing.id, group_id) if group_id is not None else None
        _into(work, at, queries.chosen(at.thing.id, _some(note_ids)), group)


def _into(work: Work, at: ForumContext, notes: Sequence[Note], group: NoteGroup | None) -> None:
    for note in notes:
        was, note.group_id = note.group_id, group and group.id
        if was != note.group_id:
            _tell(work, at, ForumEventKind.NOTE_CHANGED, note.id, was=was, group=note.group_id)


def mark(forum_id: int, number: int, note_ids: Sequence[int], strongest: bool, *, by: User) -> None:
    """Write down which notes the table finds strongest: three at most. What is marked already stays so."""
    with use_case(by) as work:
        at = _entered(work, forum_id, number, by, policy.may_mark)
        turned = [note for note in queries.chosen(at.thing.id, _some(note_ids)) if note.strongest is not strongest]
        if strongest and queries.strongest(at.thing.id) + len(turned) > rules.MOST_STRONGEST:
            raise Conflict(_("가장 중요한 쪽지는 %(most)s장까지 고를 수 있어요. 먼저 다른 쪽지의 표시를 지워 주세요.",
                             most=rules.MOST_STRONGEST))
        for note in turned:
            note.strongest = strongest
            _tell(work, at, ForumEventKind.NOTE_CHANGED, note.id, strongest=strongest)


def _some(note_ids: Sequence[int]) -> list[int]:
    ids = sorted(set(note_ids))
    if not ids:
        raise Refusal(_("먼저 쪽지를 골라 주세요."))
    if len(ids) > rules.MOST_AT_ONCE:
        raise Refusal(_("한 번에 %(most)s장까지 고를 수 있어요.", most=rules.MOST_AT_ONCE))
    return ids


def say(forum_id: int, number: int, text: str, key: str, *, by: User) -> TableMessage:
    """Say something to those at the table; slow and short, and forgotten after the forum. Raises TooMany."""
    text = operations.checked_text(text, rules.LONGEST_MESSAGE, "text")
    with use_case(by) as work:
        at = _entered(work, forum_id, number, by, policy.may_write_at)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.TABLE_SAID):
            return work.session.get_one(TableMessage, seen.subject_id)
        last = queries.last_message_at(at.thing.id, by.id)
        if last is not None and work.at - last < rules.BETWEEN_MESSAGES:
            raise TooMany(_("조금 천천히 이야기해 주세요. 3초에 한 번 보낼 수 있어요."),
                          retry_after=rules.BETWEEN_MESSAGES.seconds)
        message = work.store(TableMessage(table_id=at.thing.id, user_id=by.id, text=text, at=work.at))
        operations.add_event(work, at.forum, ForumEventKind.TABLE_SAID, message.id, key=key, table_id=at.thing.id,
                              number=at.thing.number)
        return message


def forget_conversations() -> int:
    """Delete what was said at tables of forums that ended a day ago. Returns how many messages went."""
    with use_case(None) as work:
        over = (sa.select(ForumTable.id).join(Forum, Forum.id == ForumTable.forum_id)
                .where(Forum.closed_at < work.at - rules.MESSAGES_KEPT))
        gone = work.session.execute(sa.delete(TableMessage).where(TableMessage.table_id.in_(over))).rowcount
        if gone:
            work.record("forums.table_conversations_forgotten", "forum", messages=gone)
        return gone

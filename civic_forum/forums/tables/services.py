"""Tables of a forum: made, named and asked one question; opened, closed; their results handed over and shown."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work, use_case

from .. import operations
from ..models import Forum
from ..policy import may_run
from ..rules import ForumEventKind, Way
from . import policy, queries, rules
from .models import ForumTable


def ask_tables(forum_id: int, question: str, key: str | None = None, *, by: User) -> None:
    """Set the one question that all tables write notes on."""
    question = operations.checked_text(question, rules.LONGEST_QUESTION, "question")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_set_tables)
        if operations.known_event(work, at.forum, key):
            return
        at.forum.table_question = question
        operations.add_event(work, at.forum, ForumEventKind.TABLES_SEATED, key=key, question=True)
        work.record("forums.tables_asked", at.forum)


def make_tables(forum_id: int, size: int, key: str | None = None, *, who_came: bool = True, by: User) -> int:
    """Make as many tables as the people need when about `size` sit at each: for people on site and for people online
    apart, numbered after those that are there. Returns how many."""
    if not rules.LEAST_SEATED <= size <= rules.MOST_SEATED:
        raise Refusal(_("한 테이블은 6명에서 10명 사이로 정해 주세요."), field="size")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_seat)
        if operations.known_event(work, at.forum, key):
            return 0
        there = queries.of(at.forum.id)
        people = queries.to_be_seated(at.forum.id, who_came=who_came)
        ways = rules.to_be_made(
            {way: sum(person.way is way for person in people) for way in Way}, size,
            [(table.way, table.places - table.without_device - (table.host_id is not None)) for table in there])
        if not ways:
            raise Refusal(_("테이블이 이미 넉넉하거나 앉을 사람이 없어요."), field="size")
        _refuse_too_many(len(there) + len(ways))
        first = max((table.number for table in there), default=0) + 1
        work.session.add_all(ForumTable(forum_id=at.forum.id, number=first + n, places=rules.MOST_SEATED, way=way)
                             for n, way in enumerate(ways))
        operations.add_event(work, at.forum, ForumEventKind.TABLES_SEATED, key=key, tables=len(ways))
        work.record("forums.tables_made", at.forum, tables=len(ways), size=size)
        return len(ways)


def set_table(forum_id: int, number: int | None, key: str | None = None, *, name: str = "", places: int = 8,
              way: Way | None = None, host_account: str = "", host_name: str = "", by: User) -> ForumTable:
    """Make a table by hand, or change the one of this number: its name, its places, who leads it.

    `host_account` is a sign-in name; `host_name` calls a host without an account. Raises NotFound and Refusal.
    """
    name, host_name = (operations.checked_text(text, rules.LONGEST_NAME, field) if text.strip() else None
                       for text, field in ((name, "name"), (host_name, "host_name")))
    if not 1 <= places <= rules.MOST_SEATED + rules.LEAST_SEATED:
        raise Refusal(_("자리는 1개에서 16개 사이로 정해 주세요."), field="places")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_set_tables)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.TABLES_SEATED):
            return work.session.get_one(ForumTable, seen.subject_id)
        host = _host(host_account)
        table = queries.numbered(at.forum.id, number) if number is not None else _new(work, at.forum)
        if host is not None and any(other.host_id == host.id and other is not table
                                    for other in queries.of(at.forum.id)):
            raise Refusal(_("이미 다른 테이블의 이끔이예요."), field="host_account")
        if host is not None and (seat := queries.seat_of(at.forum.id, host.id)):
            work.session.delete(seat)
        table.name, table.places, table.way = name, places, way
        table.host_id, table.host_name = host and host.id, None if host else host_name
        work.session.flush()
        operations.add_event(work, at.forum, ForumEventKind.TABLES_SEATED, table.id, key=key)
        work.record("forums.table_set", table)
        return table


def _new(work: Work, forum: Forum) -> ForumTable:
    there = queries.of(forum.id)
    _refuse_too_many(len(there) + 1)
    table = ForumTable(forum_id=forum.id, number=max((table.number for table in there), default=0) + 1)
    work.session.add(table)
    return table


def _host(account: str) -> User | None:
    if not account.strip():
        return None
    host = users.by_name(account)
    if host is None or not host.is_active:
        raise Refusal(_("그런 로그인 이름을 쓰는 분이 없어요. 계정이 없는 분은 이름만 적어 주세요."), field="host_account")
    return host


def _refuse_too_many(number: int) -> None:
    if number > rules.MOST_TABLES:
        raise Refusal(_("테이블은 %(most)s개까지 만들 수 있어요.", most=rules.MOST_TABLES))


def remove_table(forum_id: int, number: int, *, by: User) -> None:
    """Take away a table where nobody sits and nothing was written."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_seat, lambda forum: queries.numbered(forum.id, number))
        card = queries.cards(at.forum.id, [at.thing.id])[0]
        if card.members or card.notes:
            raise Conflict(_("앉은 사람이나 쪽지가 있어서 없앨 수 없어요. 사람을 먼저 옮겨 주세요."))
        operations.add_event(work, at.forum, ForumEventKind.TABLES_SEATED, at.thing.id, removed=True)
        work.record("forums.table_removed", at.thing)
        work.session.delete(at.thing)


def open_tables(forum_id: int, minutes: int, key: str | None = None, *, by: User) -> None:
    """Let all tables write, for so many minutes as everybody's clock shows. Opened again, their clock begins anew."""
    if not 1 <= minutes <= rules.MOST_MINUTES:
        raise Refusal(_("1분에서 240분 사이로 정해 주세요."), field="minutes")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_run)
        if operations.known_event(work, at.forum, key):
            return
        if queries.are_open(at.forum):
            raise Conflict(_("이미 모둠 시간이에요."))
        if at.forum.table_question is None:
            raise Refusal(_("먼저 모둠에 물어볼 질문을 정해 주세요."), field="minutes")
        if not queries.of(at.forum.id):
            raise Refusal(_("먼저 테이블을 만들어 주세요."), field="minutes")
        at.forum.tables_opened_at, at.forum.tables_closed_at, at.forum.tables_minutes = work.at, None, minutes
        operations.add_event(work, at.forum, ForumEventKind.TABLES_OPENED, key=key, minutes=minutes)
        work.record("forums.tables_opened", at.forum, minutes=minutes)


def close_tables(forum_id: int, *, by: User) -> None:
    """Nothing is written any more; tables that did not hand their result in still can."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_run)
        if not queries.are_open(at.forum):
            raise Conflict(_("지금은 모둠 시간이 아니에요."))
        _close(work, at.forum)
        work.record("forums.tables_closed", at.forum)


def _close(work: Work, forum: Forum) -> None:
    forum.tables_closed_at = work.at
    operations.add_event(work, forum, ForumEventKind.TABLES_CLOSED)


@operations.ends
def end_tables(work: Work, forum: Forum) -> None:
    if queries.are_open(forum):
        _close(work, forum)


def count_without_device(forum_id: int, number: int, people: int, *, by: User) -> None:
    """Write how many sit at the table whom its host represents."""
    if not 0 <= people <= rules.MOST_WITHOUT_DEVICE:
        raise Refusal(_("0명에서 10명 사이로 적어 주세요."), field="people")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_lead, lambda forum: queries.numbered(forum.id, number))
        if at.thing.without_device == people:
            return
        at.thing.without_device = people
        operations.add_event(work, at.forum, ForumEventKind.TABLE_MOVED, at.thing.id, without_device=people)
        work.record("forums.without_device_counted", at.thing, people=people)


def hand_in(forum_id: int, number: int, result: str, key: str | None = None, *, by: User) -> None:
    """Give the result of the table to the hall: from then on everybody reads it, and all of its notes."""
    result = operations.checked_text(result, rules.LONGEST_RESULT, "result", lines=True)
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_hand_in,
                                lambda forum: queries.numbered(forum.id, number))
        if operations.known_event(work, at.forum, key):
            return
        again = at.thing.handed_at is not None
        at.thing.result, at.thing.handed_at = result, work.at
        operations.add_event(work, at.forum, ForumEventKind.TABLE_HANDED, at.thing.id, key=key, number=number,
                             again=again)
        work.record("forums.table_handed", at.thing, again=again)


def project(forum_id: int, number: int | None, *, by: User) -> None:
    """Bring this table's result on the projector in place of another's; None: take it off."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_project,
                                lambda forum: queries.numbered(forum.id, number) if number is not None else None)
        work.session.execute(sa.update(ForumTable).filter_by(forum_id=at.forum.id, projected=True)
                             .values(projected=False))
        if at.thing is not None:
            at.thing.projected = True
            work.session.flush()
        operations.add_event(work, at.forum, ForumEventKind.TABLE_PROJECTED, at.thing and at.thing.id)
        work.record("forums.table_projected", at.thing or at.forum)

"""Permissions to set tables up, to sit at them, to write there and to see what they write. `at.thing` is the table."""

from civic_forum.accounts.policy import account_permission, needs_account, why_muted
from civic_forum.accounts.rules import Role
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from ..models import Forum
from ..policy import ForumContext, is_moderator, may_run, may_take_part, may_write, runs, why_not_live
from ..rules import Seating, Stage
from . import rules


def why_closed(forum: Forum) -> str | None:
    """Reason that keeps tables from writing, beside who asks."""
    if rules.are_open(forum.tables_opened_at, forum.tables_closed_at):
        return None
    if forum.tables_closed_at is not None:
        return _("모둠 시간을 마쳤어요. 쓴 쪽지는 그대로 남아 있어요.")
    return _("아직 모둠 시간을 시작하지 않았어요.")


def sits_at(at: ForumContext) -> bool:
    """At this table, and still taking part; or as its host."""
    return (at.thing.id == at.standing.table_id and at.standing.takes_part
            or at.thing.id in at.standing.hosted_table_ids)


def leads(actor, at: ForumContext) -> bool:
    """The host of this table, and whoever runs the forum."""
    return at.thing.id in at.standing.hosted_table_ids or runs(actor, at)


def is_clerk(actor) -> bool:
    return actor.is_authenticated and actor.has(Role.CLERK)


@account_permission("forums.set_tables")
def may_set_tables(actor, at: ForumContext) -> str | None:
    """Make tables and name their hosts, before the forum or while it is live."""
    if not runs(actor, at):
        return _("진행자와 운영자만 할 수 있어요.")
    return why_not_live(at) if at.forum.stage is Stage.FINISHED else None


@permission("forums.seat")
def may_seat(actor, at: ForumContext) -> str | None:
    """Seat everybody anew: until the tables begin to write; later if that was forgotten, for nobody could sit down."""
    if reason := may_set_tables(actor, at):
        return reason
    if at.forum.tables_opened_at is None or at.forum.seating is None and at.forum.tables_closed_at is None:
        return None
    return too_late_to_seat()


def too_late_to_seat() -> str:
    return _("모둠 시간을 시작해서 모두 다시 앉힐 수는 없어요. 한 사람씩 옮길 수 있어요.")


@permission("forums.take_seat")
def may_take_seat(actor, at: ForumContext) -> str | None:
    """Sit down by oneself: anywhere while tables are chosen, else where there is room, for whoever came late."""
    if reason := may_take_part(actor, at):
        return reason
    if at.standing.way is None:
        return _("참여 신청을 한 분만 앉을 수 있어요.")
    if at.forum.seating is None:
        return _("아직 자리를 나누지 않았어요. 진행자가 곧 나눌 거예요.")
    if at.forum.tables_closed_at is not None:
        return why_closed(at.forum)
    if at.standing.table_id is None or at.forum.seating is Seating.CHOSEN:
        return None
    return _("이미 앉은 자리가 있어요. 옮기고 싶으면 진행자에게 말해 주세요.")


@permission("forums.move_person")
def may_move(actor, at: ForumContext) -> str | None:
    return may_run(actor, at)


@permission("forums.leave_table")
def may_leave_table(actor, at: ForumContext) -> str | None:
    if reason := may_take_part(actor, at):
        return reason
    return None if at.standing.table_id is not None else _("앉아 있는 테이블이 없어요.")


@permission("forums.see_table")
def may_see_table(actor, at: ForumContext) -> str | None:
    """Read what a table writes: everybody once it handed its result to the hall, or the forum is over and the notes
    stand in its record; before that those who sit there, its host, who runs the forum, and clerks, who type paper
    notes."""
    if at.thing.handed_at is not None or at.forum.stage is Stage.FINISHED:
        return None
    if sits_at(at) or runs(actor, at) or is_clerk(actor):
        return None
    return _("이 테이블에 앉은 분만 볼 수 있어요. 테이블이 결과를 내면 모두가 볼 수 있어요.")


@permission("forums.hear_table")
def may_hear_table(actor, at: ForumContext) -> str | None:
    """Read the conversation at a table, which is never handed to anybody else."""
    if sits_at(at) or runs(actor, at):
        return None
    return _("테이블에서 나눈 이야기는 함께 앉은 분만 볼 수 있어요.")


@permission("forums.write_at_table")
def may_write_at(actor, at: ForumContext) -> str | None:
    """Write notes and messages, and arrange what is there: who sits at the table and is not muted, while tables are
    open."""
    if reason := may_write(actor, at) or why_closed(at.forum):
        return reason
    return None if sits_at(at) else _("이 테이블에 앉은 분만 쓸 수 있어요.")


@permission("forums.arrange_notes")
def may_arrange(actor, at: ForumContext) -> str | None:
    """Make groups, sort notes and mark the strongest: everybody at the table, and who runs the forum."""
    if reason := may_write(actor, at) or why_closed(at.forum):
        return reason
    return None if sits_at(at) or runs(actor, at) else _("이 테이블에 앉은 분만 정리할 수 있어요.")


@permission("forums.mark_strongest")
def may_mark(actor, at: ForumContext) -> str | None:
    """Write down what the table decided: its host."""
    if reason := may_lead(actor, at):
        return reason
    return why_closed(at.forum)


@permission("forums.lead_table")
def may_lead(actor, at: ForumContext) -> str | None:
    """Count who has no device, and hand the result over. Whoever is muted does not."""
    if reason := may_write(actor, at):
        return reason
    return None if leads(actor, at) else _("이 테이블의 이끔이와 진행자만 할 수 있어요.")


@permission("forums.hand_in")
def may_hand_in(actor, at: ForumContext) -> str | None:
    """Hand the result to the hall: once until the forum ends, again as long as the tables are open."""
    if reason := may_lead(actor, at):
        return reason
    if at.forum.tables_opened_at is None or at.thing.handed_at is not None:
        return why_closed(at.forum)
    return None


@permission("forums.type_note")
def may_type(actor, at: ForumContext) -> str | None:
    """Type notes from paper: the table's host, a clerk, who runs the forum. As long as it is live: paper comes late."""
    if reason := needs_account(actor) or why_not_live(at):
        return reason
    if not leads(actor, at) and not is_clerk(actor):
        return _("종이 쪽지는 이끔이, 접수 담당자, 진행자가 옮겨 적어요.")
    if reason := why_muted(actor) if is_clerk(actor) else may_write(actor, at):
        return reason
    return why_closed(at.forum) if at.forum.tables_opened_at is None else None


@permission("forums.take_notes_away")
def may_take_away(actor, at: ForumContext) -> str | None:
    """Take away a note that is not one's own: whoever leads the table, moderators also when the forum is over."""
    if is_moderator(actor) and at.forum.stage is Stage.FINISHED:
        return needs_account(actor)
    return may_lead(actor, at)


@permission("forums.project_table")
def may_project(actor, at: ForumContext) -> str | None:
    """Bring the result of a table back on the projector."""
    if reason := may_run(actor, at):
        return reason
    if at.thing is None or at.thing.handed_at is not None:
        return None
    return _("아직 결과를 내지 않은 테이블이에요.")

"""Permissions to open, answer, count and close pulses."""

from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from ..policy import ForumContext, may_run, may_take_part, runs


@permission("forums.open_pulse")
def may_open(actor, at: ForumContext) -> str | None:
    """Ask the hall something, close it, and take a word out: whoever runs the forum."""
    return may_run(actor, at)


@permission("forums.answer_pulse")
def may_answer(actor, at: ForumContext) -> str | None:
    """`thing` is the pulse. Who may write nothing for a time answers too, but with no word of their own."""
    if reason := may_take_part(actor, at):
        return reason
    if at.thing.closed_at is not None:
        return _("이 설문은 마쳤어요. 결과를 볼 수 있어요.")
    return None


@permission("forums.count_hands")
def may_count_hands(actor, at: ForumContext) -> str | None:
    """Of people without a device: in the hall whoever runs the forum, at a table (`thing`) its host."""
    if reason := may_take_part(actor, at):
        return reason
    if at.thing is None and runs(actor, at) or at.thing in at.standing.hosted_table_ids:
        return None
    return _("진행자와 모둠 이끔이만 손 든 사람을 셀 수 있어요.")

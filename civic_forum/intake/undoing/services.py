"""Bringing back items that were sorted, with what was made of them, as long as nobody took that up."""

from collections.abc import Callable, Mapping

from civic_forum.accounts.models import User
from civic_forum.answers import operations as duties
from civic_forum.answers.rules import DutyEnd
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Decidable, Ref
from civic_forum.journeys import operations as journeys
from civic_forum.opinions import operations as opinions
from civic_forum.opinions.models import Statement
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.rules import State

from .. import queries, rules
from ..events import ItemSorted
from ..models import IntakeItem
from ..policy import may_undo
from ..rules import Became, ItemState


def undo(item_id: int, *, by: User) -> IntakeItem:
    """Bring an item back to what waits to be sorted. Raises Denied, and Conflict where that is not possible."""
    with use_case(by) as work:
        item, = queries.held([item_id])
        require(by, may_undo, item)
        if item.state not in (ItemState.REPLYING, ItemState.SORTED) or item.became in rules.FINAL:
            raise Conflict(_("이미 답했거나, 아직 나누지 않았거나, 거둔 것이라 되돌릴 수 없어요."))
        was_told = item.became is not None
        if item.became in UNDOING:
            UNDOING[item.became](work, item)
        item.became = item.about = item.typed_reply = item.answering_department_id = item.replied_by = None
        item.sorted_by_id, item.sorted_at, item.reply = None, None, ""
        work.record("intake.undone", item)
        if was_told:
            work.emit(ItemSorted(item.id))
        return item


def _withdraw(work: Work, item: IntakeItem) -> None:
    """The proposal, if it is still nobody's and nothing else was joined to it."""
    proposal = proposals.locked(work.session, [item.about_id or 0])[item.about_id or 0]
    if queries.is_shared(item):
        raise Conflict(_("이 제안에 이은 다른 말을 먼저 되돌려 주세요."))
    is_taken_up = proposal.support_count or proposal.paper_count or proposal.comment_count
    is_of_somebody = proposal.author_id != proposals.nobody(work.session, at=work.at).id
    if is_taken_up or is_of_somebody or proposal.state is not State.GATHERING or item.checked_at == item.sorted_at:
        raise Conflict(_("공감이나 댓글을 받았거나, 제안한 사람이 있거나, 창구에서 받은 제안이라 되돌릴 수 없어요."))
    proposals.give_up(work, proposal, _("현장에서 들은 말을 다시 나눠요."))


def _untie(work: Work, item: IntakeItem) -> None:
    if item.about is not None and item.about.kind != rules.ITEM:
        record = kinds.with_capability(item.about.kind, Decidable).locked(item.about.id)
        journeys.take_back(work.session, record.journey_id, f"heard:{item.number}")


def _take_away(work: Work, item: IntakeItem) -> None:
    """The statement, if it was made of this item alone."""
    statement = work.session.get_one(Statement, item.about_id)
    if statement.source == f"{rules.KIND}:{item.id}" and not queries.is_shared(item):
        opinions.take_away(work, statement, _("현장에서 들은 말을 다시 나눠요."))


UNDOING: Mapping[Became, Callable[[Work, IntakeItem], None]] = {
    Became.PROPOSAL: _withdraw, Became.JOINED: _untie, Became.AGENDA: _untie, Became.STATEMENT: _take_away,
    Became.DUTY: lambda work, item: duties.owe_no_more(work, Ref(rules.ITEM, item.id), DutyEnd.WITHDRAWN)}
"""Of what is kept or was asked of another office there is nothing to end."""

"""The last quarter of several commitments, told at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import days, operations, policy
from ..models import CommitmentEntry
from ..queries import desk as desk_queries
from ..queries import records as queries
from ..rules import EntryKind
from .entries import Given, checked, proposed

UNCHANGED = _l("지난 분기와 달라진 것이 없어요.")
"""Text of a quarter in which nothing changed."""


@dataclass(frozen=True)
class QuarterText:
    """The words of a quarter for a commitment; None: nothing changed."""

    commitment_id: int
    seen: int
    """The version of the commitment that was read."""
    text: str | None


def tell(texts: Sequence[QuarterText], *, by: User) -> list[CommitmentEntry]:
    """Tell the last quarter of all of these commitments or of none; what a quarter carries on from the one before stays
    as it was. Raises Denied, Conflict where one was changed meanwhile, and Refusal, both with the title."""
    if not texts:
        raise Refusal(_("글을 적거나 ‘달라진 것 없음’을 하나는 골라 주세요."))
    today, made = local(clock.now()).date(), []
    chosen = sorted(texts, key=lambda text: text.commitment_id)
    with use_case(by) as work:
        require(by, policy.may_see_desk)
        queries.hold_origins(*(text.commitment_id for text in chosen))
        for text in chosen:
            commitment = queries.locked(text.commitment_id)
            require(by, policy.may_keep, commitment)
            draft = Given(EntryKind.QUARTER, today, queries.ledger(commitment.id).carried() | {
                "quarter": days.quarter_before(today), "next": "", "executed": [],
                "text": operations.in_korean(UNCHANGED) if text.text is None else text.text})
            try:
                if desk_queries.awaiting([commitment.id], EntryKind.QUARTER):
                    raise Conflict(_("승인을 기다리는 분기 실적이 있어요. 먼저 승인하거나 되돌려 주세요."))
                made.append(proposed(work, commitment, draft, checked(draft), seen=text.seen, by=by))
            except (Conflict, Refusal) as refused:
                raise type(refused)(_("%(title)s: %(why)s", title=commitment.title, why=str(refused))) from refused
    return made

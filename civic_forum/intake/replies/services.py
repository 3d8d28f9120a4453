"""Replies that somebody gave on the spot: one moderator types them, a second person lets everybody read them."""

from collections.abc import Mapping
from hashlib import sha256

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role, marks_of
from civic_forum.blocks.two_people import Strength, why_not_second
from civic_forum.platform.errors import Conflict, Denied
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import queries
from ..events import ItemSorted
from ..models import IntakeItem
from ..policy import may_confirm_replies
from ..rules import Became, ItemState

TYPES, CONFIRM = (Role.MODERATOR,), (Role.MODERATOR, Role.OFFICIAL)


def shown(item: IntakeItem) -> str:
    """Mark of what a second person reads of it."""
    read = (item.number, item.text, item.typed_reply, item.answering_department_id)
    return sha256(repr(read).encode()).hexdigest()[:16]


def confirm(seen: Mapping[int, str], *, by: User) -> list[IntakeItem]:
    """Let everybody read these replies, all or none, as a second person. `seen`: marks of what was read, by the ids of
    the items. Raises Denied, Conflict for what was changed or taken back meanwhile."""
    known = queries.of_ids(seen)
    signers = {by.id}.union(*((item.submission.owner_id, item.sorted_by_id) for item in known)) - {None}
    with use_case(by) as work:
        held = people.held(*signers)
        items = queries.held(seen)
        for item in items:
            require(held[by.id], may_confirm_replies, item)
            if item.state is not ItemState.REPLYING or shown(item) != seen[item.id] or item.sorted_by_id not in held:
                raise Conflict(_("%(number)s: 그 사이에 바뀌었어요. 지금 글을 읽고 다시 골라 주세요.", number=item.number))
            owner = held.get(item.submission.owner_id or 0)
            if why := why_not_second(
                    people.signatory(held[item.sorted_by_id], TYPES), people.signatory(held[by.id], CONFIRM),
                    [marks_of(owner)] if owner else (), strength=Strength.PLAIN, now=work.at,
                    held_for=people.held_for()):
                raise Denied(why)
            reply = item.typed_reply or {}
            item.became, item.reply, item.replied_by = Became.ANSWERED, reply["reply"], reply["replied_by"]
            item.typed_reply, item.sorted_at = None, work.at
            work.record("intake.reply_confirmed", item, begun_by=item.sorted_by_id)
            work.emit(ItemSorted(item.id))
        return items

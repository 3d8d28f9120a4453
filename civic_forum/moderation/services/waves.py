"""Waves: many texts hidden at once, and all of it taken back."""

from collections.abc import Collection

from civic_forum.accounts.models import User
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, moment
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import operations, rules
from ..events import BulkTaken, BulkUndone
from ..models import BulkAction
from ..operations import hold_texts, subjects
from ..policy import may_moderate, may_take_back
from ..queries import actions, waves
from ..rules import ActionKind, Decision, Ended, MOST_AT_ONCE
from .cases import reason_given


def act_on_wave(things: Collection[tuple[str, int]], decision: Decision, *, by: User) -> BulkAction:
    """Hide all these texts and, if the decision says so, mute or block their authors, in one transaction.

    What cannot be hidden any more (deleted, hidden by somebody else meanwhile, one's own, an administrator's) is left
    out. Raises Conflict where nothing is left.
    """
    wanted = {kind: {id_ for of, id_ in things if of == kind} for kind in waves.TEXTS}
    if not any(wanted.values()):
        raise Refusal(_("가릴 글을 하나 이상 골라 주세요."), field="things")
    if sum(map(len, wanted.values())) > MOST_AT_ONCE:
        raise Refusal(_("한 번에 %(most)s개까지 가릴 수 있어요. 나누어 가려 주세요.", most=f"{MOST_AT_ONCE:,}"), field="things")
    reason = reason_given(decision)
    with use_case(by) as work:
        authors = {kind: subjects()[kind].authors(work.session, ids) for kind, ids in wanted.items() if ids}
        held = operations.hold(work, {author_id for some in authors.values() for author_id in some.values()})
        require(held.actor, may_moderate)
        bulk = work.store(BulkAction(rule=decision.rule, reason=reason, by_id=by.id, at=work.at))
        fields = {"rule": decision.rule, "reason": reason, "bulk_id": bulk.id}
        hold_texts(work.session, wanted["comment"], wanted["proposal"])
        hit = _hide_all(work, authors, held, fields)
        if decision.account:
            _act_on_authors(work, hit, held, decision, fields)
        work.record("moderation.bulk_acted", bulk, texts=len(hit), rule=decision.rule)
        work.emit(BulkTaken(bulk.id))
        return bulk


def undo(bulk_id: int, *, by: User) -> int:
    """Take everything back that still stands of a wave; returns how many acts ended. Never whom it hit: that would be
    an act on oneself."""
    with use_case(by) as work:
        standing = actions.standing_of_bulk(bulk_id)
        held = operations.hold(work, {action.user_id for action in standing})
        require(held.actor, may_moderate)
        for action in standing:
            require(held.actor, may_take_back, action)
        bulk = actions.bulk(bulk_id, lock=True)
        if bulk.undone_at:
            raise Conflict(_("%(when)s에 다른 운영자가 이미 되돌렸어요.", when=moment(bulk.undone_at)))
        still = [action.id for action in actions.standing_of_bulk(bulk_id)]
        if still:
            operations.end_all(work, still, Ended.TAKEN_BACK)
        bulk.undone_at, bulk.undone_by_id = work.at, by.id
        work.record("moderation.bulk_undone", bulk, acts=len(still))
        work.emit(BulkUndone(bulk.id))
        return len(still)


def _hide_all(work: Work, authors: dict[str, dict[int, int]], held: operations.HeldAuthors, fields: dict) -> list[int]:
    """Hide what can be hidden; returns whose texts they were, one for each text."""
    hit = []
    for kind, whose in authors.items():
        allowed = [id_ for id_, author in whose.items() if held.may(ActionKind.HIDE, author)]
        left = waves.still_shown(kind, allowed)
        if left:
            operations.act_on_all(work, ActionKind.HIDE, kind, {id_: whose[id_] for id_ in left}, held, **fields)
            hit += [whose[id_] for id_ in left]
    if not hit:
        raise Conflict(_("고른 글 가운데 가릴 수 있는 글이 없어요. 지웠거나 다른 운영자가 먼저 가렸어요."))
    return hit


def _act_on_authors(work: Work, hit: list[int], held: operations.HeldAuthors, decision: Decision, fields: dict) -> None:
    there = {user_id for user_id in hit if held.people[user_id].left_at is None}
    free = there - actions.users_under(decision.account, there, work.at)
    if free:
        until = rules.until(decision.account, decision.length, work.at)
        operations.act_on_all(work, decision.account, "user", {id_: id_ for id_ in free}, held, until=until, **fields)

"""Acts and their ends. Locks are taken in one order: accounts, appeals, requests, rounds, threads, comments, proposals,
tally, acts.

Acts of one effect (a text may be hidden and taken down besides) lie on each other: each remembers what the thing was
before it. Where the last one ends, that comes back; where an earlier one ends, the next takes over what it remembers.
So any order of ends gives back what was before the first.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role
from civic_forum.blocks.kinds import Ref
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.platform.i18n import _, moment

from .. import queries, labels
from ..events import ActionEnded, ActionTaken
from ..models import ModerationAction
from ..rules import HIDING, ActionKind, Ended, effect
from .closing import close_reports
from .holding import Held, hold
from .subjects import put, state, subjects
from .tallying import tally
from .texts import hold_texts


def act(work, kind: ActionKind, subject_kind: str, subject_id: int, *, rule: str, reason: str,
        until: datetime | None = None, takedown_id: int | None = None, bulk_id: int | None = None) -> ModerationAction:
    """Hide a text, or warn, mute or block an account, and tell of it.

    Raises NotFound, Denied, and Conflict where the same act stands already: it says what the other one did.
    """
    whose = subjects()[subject_kind].authors(work.session, [subject_id])
    if not whose:
        raise NotFound(_("없는 글이나 계정이에요. 새로 고친 뒤 다시 확인해 주세요."))
    held = hold(work, whose.values())
    hold_texts(work.session, *([subject_id] if subject_kind == one else () for one in ("comment", "proposal")))
    made, = act_on_all(work, kind, subject_kind, whose, held, rule=rule, reason=reason, until=until,
                       takedown_id=takedown_id, bulk_id=bulk_id)
    work.record("moderation.acted", made, kind=kind.value, about=str(Ref(subject_kind, subject_id)), rule=rule)
    work.emit(ActionTaken(made.id))
    return made


def act_on_all(work, kind: ActionKind, subject_kind: str, whose: Mapping[int, int], held: Held, *, rule: str,
               reason: str, until: datetime | None = None, takedown_id: int | None = None,
               bulk_id: int | None = None) -> list[ModerationAction]:
    """As `act` on several things of one kind, in a few statements; the caller records it and tells of it.

    `whose` says of each thing whose it is, `held` has these accounts locked; texts are held already (`hold_texts`).
    """
    ids = sorted(whose)
    for author in set(whose.values()):
        held.require(kind, author)
    records = held.people if subject_kind == "user" else subjects()[subject_kind].locked(work.session, ids)
    tally(work.session, work.at, rule, len(ids))
    _nothing_stands(work, kind, subject_kind, ids)
    said = {"kind": kind, "subject_kind": subject_kind, "rule": rule, "reason": reason, "role": _role(held.actor),
            "by_id": held.actor and held.actor.id, "at": work.at, "until": until, "bulk_id": bulk_id,
            "takedown_id": takedown_id}
    made = list(work.session.scalars(sa.insert(ModerationAction).returning(ModerationAction), [
        said | {"subject_id": one, "user_id": whose[one], "before": {"state": state(kind, records[one])}}
        for one in ids]))
    after = {ActionKind.MUTE: {"until": until and until.isoformat()},
             ActionKind.BLOCK: {"at": work.at.isoformat(), "until": until and until.isoformat()}}.get(
                 kind, {"at": work.at.isoformat(), "rule": rule})
    put(work, subject_kind, kind, {records[one]: after for one in ids})
    if kind in HIDING:
        close_reports(work, subject_kind, ids, "acted")
    return made


def end(work, action: ModerationAction, how: Ended | str) -> None:
    """Let an act stand no more, give back what it took, and tell of it. Raises Conflict where it has ended already.

    Who may do so is for the caller to check.
    """
    end_all(work, [action.id], how)
    work.record("moderation.ended", action, how=str(how))
    work.emit(ActionEnded(action.id))


def end_all(work, action_ids: Collection[int], how: Ended | str) -> list[ModerationAction]:
    """As `end` of several acts, in a few statements; the caller records it and tells of it."""
    known = queries.actions.of_ids(action_ids)
    people.held_rows({one.user_id for one in known if one.subject_kind == "user"})
    queries.takedowns.hold({one.takedown_id for one in known} - {None})  # what ends here closes its request
    by_kind = defaultdict(list)
    for one in known:
        by_kind[one.subject_kind].append(one.subject_id)
    hold_texts(work.session, *(by_kind.get(kind, ()) for kind in ("comment", "proposal", "project")))
    records = {(kind, one): record for kind in subjects() if kind in by_kind
               for one, record in subjects()[kind].locked(work.session, by_kind[kind]).items()}
    ending = queries.actions.locked(action_ids)
    for one in ending:
        if one.ended_at is not None:
            raise Conflict(_("이미 끝난 조치예요: %(how)s, %(when)s", how=labels.ENDED[Ended(one.ended_how)],
                             when=moment(one.ended_at)))
        one.ended_at, one.ended_how = work.at, str(how)
        one.ended_by_id = getattr(work.actor, "id", None)
    work.session.flush()
    states = _given_back(ending, queries.actions.standing_on(by_kind))
    for (subject_kind, kind), given in states.items():
        put(work, subject_kind, kind, {records[subject_kind, one]: before for one, before in given.items()})
    work.session.flush()
    return ending


def end_over(work) -> list[int]:
    """End what has lasted until its moment; returns which."""
    over = queries.actions.over(work.at)
    if over:
        end_all(work, over, Ended.OVER)
        for one in over:
            work.emit(ActionEnded(one))
    return over


def _given_back(ending: Sequence[ModerationAction], standing: Sequence[ModerationAction]) -> dict:
    """States that have to come back of these: {(kind of subject, kind of act): {subject_id: state}}."""
    above = defaultdict(list)
    for one in standing:
        above[one.subject_kind, one.subject_id, effect(one.kind)].append(one)
    states = defaultdict(dict)
    for one in sorted(ending, key=lambda one: one.id, reverse=True):
        later = [other for other in above[one.subject_kind, one.subject_id, effect(one.kind)] if other.id > one.id]
        if later:
            min(later, key=lambda other: other.id).before = one.before
        else:
            states[one.subject_kind, effect(one.kind)][one.subject_id] = one.before["state"]
    return states


def _nothing_stands(work, kind: ActionKind, subject_kind: str, ids: Sequence[int]) -> None:
    """End what is over; raise Conflict where another act of this kind stands."""
    standing = [one for one in queries.actions.standing_on({subject_kind: ids}) if one.kind is kind]
    over = [one for one in standing if one.until is not None and one.until <= work.at]
    for one in standing:
        if one not in over:
            raise Conflict(_("다른 운영자가 먼저 했어요: %(what)s, 원칙 「%(rule)s」, %(when)s", what=labels.KIND[one.kind],
                             rule=labels.rule(one.rule), when=moment(one.at)))
    if over:
        end_all(work, [one.id for one in over], Ended.OVER)
        for one in over:
            work.emit(ActionEnded(one.id))


def _role(actor) -> str:
    if actor is None:
        return "site"
    return Role.MODERATOR if actor.has(Role.MODERATOR) else min(actor.roles, default=Role.MODERATOR)

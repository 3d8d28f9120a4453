"""Acts of moderation inside the caller's transaction: held, tallied, ended, told."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import sqlalchemy as sa

from civic_forum.accounts import operations as limits
from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role
from civic_forum.blocks.kinds import Ref
from civic_forum.budgets.projects import hiding as projects
from civic_forum.comments.models import Comment, Thread
from civic_forum.platform.base import upsert
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.platform.i18n import _, local, moment
from civic_forum.platform.policy import require
from civic_forum.proposals.models import Proposal

from . import labels, queries
from .events import ActionEnded, ActionTaken, ReportsClosed
from .models import ModerationAction, ModerationTally, Report, Signal
from .policy import Acted, may_act
from .queries.actions import month
from .queries.texts import texts
from .rules import ActionKind, Ended, HIDING, SignalKind, effect


def hold_texts(session, comment_ids: Collection[int], proposal_ids: Collection[int],
               project_ids: Collection[int] = ()) -> None:
    """The rounds of projects, then threads, then comments, then the proposals themselves and those that the comments
    are about."""
    if project_ids:
        projects.hold_rounds(session, project_ids)
    threads = sa.select(Comment.thread_id).where(Comment.id.in_(comment_ids))
    wanted = ((Thread, Thread.id.in_(threads)), (Comment, Comment.id.in_(comment_ids)),
              (Proposal, sa.or_(Proposal.id.in_(proposal_ids), Proposal.thread_id.in_(threads))))
    for table, which in wanted if comment_ids else wanted[2:] if proposal_ids else ():
        session.execute(sa.select(table.id).where(which).order_by(table.id).with_for_update(key_share=True)).all()


@dataclass(frozen=True)
class Subject:
    """One kind of thing that moderators act on."""

    authors: Callable
    """(session, ids) → {id: whose it is, None: nobody's}, nothing locked"""
    locked: Callable
    """(session, ids) → {id: record}, locked in one order"""


def _accounts(_session, ids: Collection[int]) -> dict:
    return people.held_rows(ids)


def subjects() -> dict[str, Subject]:
    """Texts in the order in which they are locked, then accounts."""
    by_name = {name: Subject(moderated.authors, moderated.held) for name, (_kind, moderated) in texts().items()}
    return by_name | {"user": Subject(lambda _session, ids: {id_: id_ for id_ in people.users(ids)}, _accounts)}


def state(kind: ActionKind, record) -> dict | None:
    """State in which this kind of act finds the thing."""
    if kind is ActionKind.WARN:
        return None
    if kind is ActionKind.MUTE:
        return record.muted_until and {"until": _text(record.muted_until)}
    if kind is ActionKind.BLOCK:
        return record.blocked_at and {"at": _text(record.blocked_at), "until": _text(record.blocked_until)}
    return record.hidden_at and {"at": _text(record.hidden_at), "rule": record.hidden_rule}


def put(work, subject_kind: str, kind: ActionKind, states: dict) -> None:
    """Bring records into these states: {record: state}. The transaction has locked them."""
    if kind is ActionKind.WARN:
        return
    if kind is ActionKind.MUTE:
        limits.put_muted({record: state and _moment(state["until"]) for record, state in states.items()})
    elif kind is ActionKind.BLOCK:
        limits.put_blocked(work.session, {record: state and (_moment(state["at"]), _moment(state["until"]))
                                          for record, state in states.items()})
    else:
        _kind, moderated = texts()[subject_kind]
        moderated.put_hidden(work, {record: state and (_moment(state["at"]), state["rule"])
                                    for record, state in states.items()})


def _text(moment: datetime | None) -> str | None:
    return moment and moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True)
class HeldAuthors:
    actor: User | None
    """None for the site itself."""
    people: dict[int, User]
    administrators: frozenset[int]

    def require(self, kind: ActionKind, author_id: int | None) -> None:
        """Raise Denied unless the actor may do so to this author."""
        if self.actor is not None:
            require(self.actor, may_act, self._acted(kind, author_id))

    def may(self, kind: ActionKind, author_id: int | None) -> bool:
        return self.actor is None or may_act(self.actor, self._acted(kind, author_id)) is None

    def _acted(self, kind: ActionKind, author_id: int | None) -> Acted:
        return Acted(kind, author_id, author_id in self.administrators)


def hold(work, author_ids: Iterable[int]) -> HeldAuthors:
    """The accounts of these authors and of who acts, locked until the transaction ends."""
    actor_id, authors = getattr(work.actor, "id", None), set(author_ids)
    rows = people.held_rows(authors | {actor_id} - {None})
    actor = rows.get(actor_id)
    if actor is not None:
        work.session.expire(actor, ["grants"])
    return HeldAuthors(actor, rows, people.administrators_among(authors))


def close_reports(work, subject_kind: str, subject_ids: Collection[int], how: str, *, seen: int | None = None) -> int:
    """Close the open reports on these things, those up to the number `seen` if one is given; returns how many."""
    which = [Report.subject_kind == subject_kind, Report.subject_id.in_(subject_ids), Report.closed_at.is_(None)]
    if seen is not None:
        which.append(Report.id <= seen)
    closing = sa.update(Report).where(*which).values(closed_at=work.at, closed_how=how,
                                                     closed_by_id=getattr(work.actor, "id", None))
    closed = tuple(sorted(work.session.scalars(closing.returning(Report.id))))
    if closed:
        work.emit(ReportsClosed(closed))
    return len(closed)


def notice(session, subject_kind: str, texts: Mapping[int, str], kinds: Iterable[SignalKind], *, at: datetime) -> int:
    """`texts` says by id in which text it was noticed (none: in an account). Returns how many are to be looked at that
    were not before: what a moderator has seen comes back where the text is another one by now."""
    wanted = sorted(set(kinds))
    if not texts or not wanted:
        return 0
    known = {(signal.subject_id, signal.kind): signal for signal in session.scalars(sa.select(Signal).where(
        Signal.subject_kind == subject_kind, Signal.subject_id.in_(sorted(texts)), Signal.kind.in_(wanted))
        .order_by(Signal.id).with_for_update().execution_options(populate_existing=True))}
    return sum(_noticed(session, known.get((id_, kind)), Signal(
        kind=kind, subject_kind=subject_kind, subject_id=id_, at=at, text_hash=_hash(texts[id_])))
        for id_ in sorted(texts) for kind in wanted)


def _noticed(session, before: Signal | None, now: Signal) -> bool:
    if before is None:
        session.add(now)
        return True
    is_back = before.seen_at is not None and before.text_hash != now.text_hash
    if is_back:
        before.seen_at, before.at = None, now.at
    before.text_hash = now.text_hash
    return is_back


def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest() if text else ""


def tally(session, at: datetime, rule: str, change: int) -> None:
    """So many acts by this rule more, or fewer, in the month of this moment: numbers outlive the acts."""
    insert = upsert(ModerationTally).values(month=f"{local(at):%Y-%m}", rule=rule, total=change)
    session.execute(insert.on_conflict_do_update(
        index_elements=[ModerationTally.month, ModerationTally.rule],
        set_={"total": ModerationTally.total + change}))


def tally_again(session) -> None:
    """Count all acts anew, after rows were added past `act` (loading data in bulk)."""
    session.execute(sa.delete(ModerationTally))
    first, last = session.execute(sa.select(sa.func.min(ModerationAction.at), sa.func.max(ModerationAction.at))).one()
    year, number = (local(first).year, local(first).month) if first else (0, 0)
    while first and (period := month(year, number)).start <= last:
        session.execute(sa.insert(ModerationTally).from_select(["month", "rule", "total"], sa.select(
            sa.literal(period.name), ModerationAction.rule, sa.func.count()).where(
                ModerationAction.at >= period.start, ModerationAction.at < period.end).group_by(ModerationAction.rule)))
        year, number = year + number // 12, number % 12 + 1


def act(work, kind: ActionKind, subject_kind: str, subject_id: int, *, rule: str, reason: str,
        until: datetime | None = None, takedown_id: int | None = None, bulk_id: int | None = None) -> ModerationAction:
    """Hide a text, or warn, mute or block an account, and tell of it.

    Raises NotFound, Denied, and Conflict where the same act stands already: it says what the other one did.
    """
    whose = subjects()[subject_kind].authors(work.session, [subject_id])
    if not whose:
        raise NotFound(_("없는 글이나 계정이에요. 새로 고친 뒤 다시 확인해 주세요."))
    held = hold(work, set(whose.values()) - {None})
    hold_texts(work.session, *([subject_id] if subject_kind == name else () for name in ("comment", "proposal")))
    made, = act_on_all(work, kind, subject_kind, whose, held, rule=rule, reason=reason, until=until,
                       takedown_id=takedown_id, bulk_id=bulk_id)
    work.record("moderation.acted", made, kind=kind.value, about=str(Ref(subject_kind, subject_id)), rule=rule)
    work.emit(ActionTaken(made.id))
    return made


def act_on_all(work, kind: ActionKind, subject_kind: str, whose: Mapping[int, int | None], held: HeldAuthors, *,
               rule: str, reason: str, until: datetime | None = None, takedown_id: int | None = None,
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
    columns = {"kind": kind, "subject_kind": subject_kind, "rule": rule, "reason": reason, "role": _role(held.actor),
               "by_id": held.actor and held.actor.id, "at": work.at, "until": until, "bulk_id": bulk_id,
               "takedown_id": takedown_id}
    made = list(work.session.scalars(sa.insert(ModerationAction).returning(ModerationAction), [
        columns | {"subject_id": id_, "user_id": whose[id_], "before": {"state": state(kind, records[id_])}}
        for id_ in ids]))
    after = {ActionKind.MUTE: {"until": until and until.isoformat()},
             ActionKind.BLOCK: {"at": work.at.isoformat(), "until": until and until.isoformat()}}.get(
                 kind, {"at": work.at.isoformat(), "rule": rule})
    put(work, subject_kind, kind, {records[id_]: after for id_ in ids})
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
    people.held_rows({action.user_id for action in known if action.subject_kind == "user"})
    queries.takedowns.hold({action.takedown_id for action in known} - {None})  # what ends here closes its request
    by_kind = defaultdict(list)
    for action in known:
        by_kind[action.subject_kind].append(action.subject_id)
    hold_texts(work.session, *(by_kind.get(kind, ()) for kind in ("comment", "proposal", "project")))
    records = {(kind, id_): record for kind in subjects() if kind in by_kind
               for id_, record in subjects()[kind].locked(work.session, by_kind[kind]).items()}
    ending = queries.actions.locked(action_ids)
    for action in ending:
        if action.ended_at is not None:
            raise Conflict(_("이미 끝난 조치예요: %(how)s, %(when)s", how=labels.ENDED[Ended(action.ended_how)],
                             when=moment(action.ended_at)))
        action.ended_at, action.ended_how = work.at, str(how)
        action.ended_by_id = getattr(work.actor, "id", None)
    work.session.flush()
    states = _given_back(ending, queries.actions.standing_on(by_kind))
    for (subject_kind, kind), by_subject in states.items():
        put(work, subject_kind, kind, {records[subject_kind, id_]: before for id_, before in by_subject.items()})
    work.session.flush()
    return ending


def end_over(work) -> list[int]:
    """End what has lasted until its moment; returns which."""
    over = queries.actions.over(work.at)
    if over:
        end_all(work, over, Ended.OVER)
        for action_id in over:
            work.emit(ActionEnded(action_id))
    return over


def _given_back(ending: Sequence[ModerationAction], standing: Sequence[ModerationAction]) -> dict:
    """States that have to come back of these: {(kind of subject, kind of act): {subject_id: state}}."""
    above = defaultdict(list)
    for action in standing:
        above[action.subject_kind, action.subject_id, effect(action.kind)].append(action)
    states = defaultdict(dict)
    for action in sorted(ending, key=lambda action: action.id, reverse=True):
        later = [other for other in above[action.subject_kind, action.subject_id, effect(action.kind)]
                 if other.id > action.id]
        if later:
            min(later, key=lambda other: other.id).before = action.before
        else:
            states[action.subject_kind, effect(action.kind)][action.subject_id] = action.before["state"]
    return states


def _nothing_stands(work, kind: ActionKind, subject_kind: str, ids: Sequence[int]) -> None:
    """End what is over; raise Conflict where another act of this kind stands."""
    standing = [action for action in queries.actions.standing_on({subject_kind: ids}) if action.kind is kind]
    over = [action for action in standing if action.until is not None and action.until <= work.at]
    for action in standing:
        if action not in over:
            raise Conflict(_("다른 운영자가 먼저 했어요: %(what)s, 원칙 「%(rule)s」, %(when)s",
                             what=labels.KIND[action.kind], rule=labels.rule(action.rule), when=moment(action.at)))
    if over:
        end_all(work, [action.id for action in over], Ended.OVER)
        for action in over:
            work.emit(ActionEnded(action.id))


def _role(actor) -> str:
    if actor is None:
        return "site"
    return Role.MODERATOR if actor.has(Role.MODERATOR) else min(actor.roles, default=Role.MODERATOR)

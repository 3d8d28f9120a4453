"""Use-cases of waves and signals."""

from collections.abc import Collection

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _, moment
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import noticing, rules, operations
from ..events import BulkTaken, BulkUndone
from ..models import BulkAction, Signal, WatchedWord
from ..operations import hold_texts, notice, subjects
from ..policy import may_moderate, may_take_back
from ..queries import actions, waves
from ..rules import ActionKind, Decision, Ended, MOST_AT_ONCE, SignalKind
from .deciding import reason_given


def act_on_wave(things: Collection[tuple[str, int]], decision: Decision, *, by: User) -> BulkAction:
    """Hide all these texts and, if the decision says so, mute or block their authors, in one transaction.

    What cannot be hidden any more (deleted, hidden by somebody else meanwhile, one's own, an administrator's) is left
    out. Raises Conflict where nothing is left.
    """
    wanted = {kind: {one for of, one in things if of == kind} for kind in waves.TEXTS}
    if not any(wanted.values()):
        raise Refusal(_("가릴 글을 하나 이상 골라 주세요."), field="things")
    if sum(map(len, wanted.values())) > MOST_AT_ONCE:
        raise Refusal(_("한 번에 %(most)s개까지 가릴 수 있어요. 나누어 가려 주세요.", most=f"{MOST_AT_ONCE:,}"),
                      field="things")
    reason = reason_given(decision)
    with use_case(by) as work:
        authors = {kind: subjects()[kind].authors(work.session, ids) for kind, ids in wanted.items() if ids}
        held = operations.hold(work, {one for some in authors.values() for one in some.values()})
        require(held.actor, may_moderate)
        bulk = BulkAction(rule=decision.rule, reason=reason, by_id=by.id, at=work.at)
        work.session.add(bulk)
        work.session.flush()
        said = {"rule": decision.rule, "reason": reason, "bulk_id": bulk.id}
        hold_texts(work.session, wanted["comment"], wanted["proposal"])
        hit = _hide_all(work, authors, held, said)
        if decision.account:
            _act_on_authors(work, hit, held, decision, said)
        work.record("moderation.bulk_acted", bulk, texts=len(hit), rule=decision.rule)
        work.emit(BulkTaken(bulk.id))
        return bulk


def undo(bulk_id: int, *, by: User) -> int:
    """Take everything back that still stands of a wave; returns how many acts ended. Never whom it hit: that would be
    an act on oneself."""
    with use_case(by) as work:
        standing = actions.standing_of_bulk(bulk_id)
        held = operations.hold(work, {one.user_id for one in standing})
        require(held.actor, may_moderate)
        for one in standing:
            require(held.actor, may_take_back, one)
        bulk = actions.locked_bulk(bulk_id)
        if bulk.undone_at:
            raise Conflict(_("%(when)s에 다른 운영자가 이미 되돌렸어요.", when=moment(bulk.undone_at)))
        still = [one.id for one in actions.standing_of_bulk(bulk_id)]
        if still:
            operations.end_all(work, still, Ended.TAKEN_BACK)
        bulk.undone_at, bulk.undone_by_id = work.at, by.id
        work.record("moderation.bulk_undone", bulk, acts=len(still))
        work.emit(BulkUndone(bulk.id))
        return len(still)


def _hide_all(work: Work, authors: dict[str, dict[int, int]], held: operations.Held, said: dict) -> list[int]:
    """Hide what can be hidden; returns whose texts they were, one for each text."""
    hit = []
    for kind, whose in authors.items():
        allowed = [one for one, author in whose.items() if held.may(ActionKind.HIDE, author)]
        left = waves.still_shown(kind, allowed)
        if left:
            operations.act_on_all(work, ActionKind.HIDE, kind, {one: whose[one] for one in left}, held, **said)
            hit += [whose[one] for one in left]
    if not hit:
        raise Conflict(_("고른 글 가운데 가릴 수 있는 글이 없어요. 지웠거나 다른 운영자가 먼저 가렸어요."))
    return hit


def _act_on_authors(work: Work, hit: list[int], held: operations.Held, decision: Decision, said: dict) -> None:
    there = {one for one in hit if held.people[one].left_at is None}
    free = there - actions.users_under(decision.account, there, work.at)
    if free:
        until = rules.until(decision.account, decision.length, work.at)
        operations.act_on_all(work, decision.account, "user", {one: one for one in free}, held, until=until, **said)


def see_signal(signal_id: int, *, by: User) -> Signal:
    """It was looked at; a second time changes nothing."""
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_moderate)
        signal = waves.locked(signal_id)
        if signal.seen_at is None:
            signal.seen_at = work.at
            work.record("moderation.signal_seen", signal)
        return signal


def add_word(word: str, *, by: User) -> WatchedWord:
    """Watch for a word from now on. Raises Conflict where the list has it."""
    word = words_given(plain_text.clean(word), rules.WORD_LEAST, rules.WORD_MOST, "word")
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_moderate)
        if plain_text.key(word) in waves.word_keys():
            raise Conflict(_("이미 목록에 있는 낱말이에요."), field="word")
        made = WatchedWord(word=word, added_by_id=by.id, added_at=work.at)
        work.session.add(made)
        work.record("moderation.word_added", made)
        return made


def remove_word(word_id: int, *, by: User) -> None:
    """Watch for it no longer; signals that were written stay. Raises NotFound."""
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_moderate)
        known = work.session.get(WatchedWord, word_id)
        if known is None:
            raise NotFound(_("이미 목록에서 뺀 낱말이에요."))
        work.record("moderation.word_removed", known)
        work.session.delete(known)


def look_around() -> int:
    """Notice what repeats among the latest comments, and bursts of new accounts; returns how many signals are new."""
    latest = waves.latest_comments()
    repeated = noticing.repeated(latest)
    same = {id_: text for id_, text in latest if id_ in repeated}
    firsts = noticing.bursts(waves.latest_accounts())
    if not same and not firsts:
        return 0
    with use_case(None) as work:
        return (notice(work.session, "comment", same, [SignalKind.SAME_TEXT], at=work.at)
                + notice(work.session, "user", dict.fromkeys(firsts, ""), [SignalKind.NEW_ACCOUNTS], at=work.at))

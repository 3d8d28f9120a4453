"""Signals: noticed, looked at, and the words that make them."""

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.platform import folding, plain_text
from civic_forum.platform.errors import Conflict, NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import use_case

from .. import noticing, rules
from ..models import Signal, WatchedWord
from ..operations import notice
from ..policy import may_moderate
from ..queries import waves
from ..rules import SignalKind


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
        if folding.folded(word) in waves.word_keys():
            raise Conflict(_("이미 목록에 있는 낱말이에요."), field="word")
        made = work.store(WatchedWord(word=word, added_by_id=by.id, added_at=work.at))
        work.record("moderation.word_added", made)
        return made


def remove_word(word_id: int, *, by: User) -> None:
    """Watch for it no longer; signals that were written stay. Raises NotFound."""
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_moderate)
        known = existing(work.session.get(WatchedWord, word_id), lambda: NotFound(_("이미 목록에서 뺀 낱말이에요.")))
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

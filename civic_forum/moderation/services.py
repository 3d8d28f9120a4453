"""Every change of moderation."""

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.accounts.models import AccessRecord, User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST
from civic_forum.blocks.kinds import Ref
from civic_forum.platform import folding, keys, plain_text
from civic_forum.platform.errors import Conflict, NotFound, Refusal, TooMany
from civic_forum.platform.i18n import _, moment
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from . import labels, noticing, operations, queries, rules
from .events import AppealDecided, AppealMade, BulkTaken, BulkUndone, ReportMade, TakedownAsked, TakedownDecided
from .models import Appeal, BulkAction, ModerationAction, Report, Signal, TakedownRequest, WatchedWord
from .operations import hold_texts, notice, subjects
from .policy import may_appeal, may_decide, may_keep, may_moderate, may_report, may_take_back
from .queries import actions, appeals, cases, takedowns, waves
from .queries import queue as reports
from .rules import ActionKind, Decision, Ended, Ground, MOST_AT_ONCE, Rule, SENTENCE_MOST, SignalKind, needs_sentence


# Use-cases of reports, decisions and appeals


def decide(subject_kind: str, subject_id: int, decision: Decision, *, seen: int = 0,
           by: User) -> list[ModerationAction]:
    """Hide a text or keep it, warn, mute or block its author, and close the reports that the page showed.

    `seen` is the number of the newest report on the page, 0 where there was none. Raises Conflict where another
    moderator has closed those meanwhile: it says how.
    """
    reason = reason_given(decision)
    with use_case(by) as work:
        cases.require_report(subject_kind, subject_id, by)
        author_id = cases.author_of(subject_kind, subject_id)
        held = operations.hold(work, {author_id} - {None})
        require(held.actor, may_keep, author_id)
        if seen and not reports.is_open(subject_kind, subject_id, seen):
            raise _handled(subject_kind, subject_id)
        if decision.keeps:
            if not operations.close_reports(work, subject_kind, [subject_id], "kept", seen=seen):
                raise _handled(subject_kind, subject_id)
            work.record("moderation.kept", str(Ref(subject_kind, subject_id)))
            return []
        made = [_hide(work, decision, subject_kind, subject_id, reason)] if decision.hide else []
        if decision.account:
            if author_id is None or held.people[author_id].left_at:
                raise Refusal(_("탈퇴한 회원이에요. 글만 가릴 수 있어요."), field="account")
            made.append(operations.act(work, decision.account, "user", author_id, rule=decision.rule, reason=reason,
                                       until=rules.until(decision.account, decision.length, work.at)))
        operations.close_reports(work, subject_kind, [subject_id], "acted", seen=seen)
        return made


def take_back(action_id: int, *, by: User) -> ModerationAction:
    """End an act before its time: what it took comes back. Raises Conflict where it has ended already."""
    with use_case(by) as work:
        action = actions.action(action_id)
        held = operations.hold(work, {action.user_id} - {None})
        require(held.actor, may_take_back, action)
        if action.kind is ActionKind.TAKEDOWN:
            raise Refusal(_("게시중단은 요청을 살펴보는 곳에서 결정해요."))
        operations.end(work, action, Ended.TAKEN_BACK)
        return action


def end_over() -> int:
    """End what has lasted until its moment; returns how many. None where somebody else is just writing that down."""
    try:
        with use_case(None) as work:
            return len(operations.end_over(work))
    except Conflict:
        return 0


def reason_given(decision: Decision) -> str:
    """The reason, cleaned; nothing for a text that is kept. Raises Refusal for what is missing of the decision."""
    if decision.keeps:
        return ""
    if decision.rule is None:
        raise Refusal(_("어긴 원칙을 하나 골라 주세요."), field="rule")
    reason = words_given(decision.reason, rules.REASON_LEAST, rules.REASON_MOST, "reason")
    if decision.account in rules.TIMED and decision.length is None:
        raise Refusal(_("얼마 동안인지 골라 주세요."), field="length")
    if decision.account is ActionKind.MUTE and decision.length is rules.Length.OPEN:
        raise Refusal(_("글쓰기 멈춤은 끝나는 날이 있어야 해요. 기간을 골라 주세요."), field="length")
    return reason


def _hide(work: Work, decision: Decision, subject_kind: str, subject_id: int, reason: str) -> ModerationAction:
    if reports.is_gone(subject_kind, subject_id):
        raise Conflict(_("글쓴이가 이미 지운 글이에요. 그대로 두기로 신고를 마쳐 주세요."))
    return operations.act(work, ActionKind.HIDE, subject_kind, subject_id, rule=decision.rule, reason=reason)


def _handled(subject_kind: str, subject_id: int) -> Conflict:
    """Sentence on what another moderator did first."""
    last = reports.last_closed(subject_kind, subject_id)
    if last is None:
        return Conflict(_("살펴볼 신고가 없어요. 새로 고친 뒤 확인해 주세요."))
    return Conflict(_("다른 운영자가 먼저 살펴봤어요. %(how)s. 아래에서 확인해 주세요.", how=labels.CLOSED[last.closed_how]))


def report(kind: str, subject_id: int, *, rule: Rule, sentence: str = "", by: User) -> Report:
    """Tell the moderators that a thing of a registered kind breaks a rule; once for each user and thing."""
    sentence = plain_text.clean(sentence)
    if len(sentence) > SENTENCE_MOST:
        raise Refusal(_("300자까지 적을 수 있어요. 짧게 줄여 주세요."), field="sentence")
    if needs_sentence(rule) and not sentence:
        raise Refusal(_("어떤 점이 문제인지 한 문장으로 적어 주세요."), field="sentence")
    refuse_secret(sentence=sentence)
    with use_case(by) as work:
        thing = reports.reported(kind, subject_id, by)
        require(by, may_report, thing)
        if reports.report_of(thing, by):
            raise Conflict(_("이미 신고한 글이에요. 운영자가 살펴보고 있으니 기다려 주세요."))
        made = Report(subject_kind=thing.kind, subject_id=thing.id, rule=rule, sentence=sentence, by_id=by.id,
                      at=work.at)
        work.session.add(made)
        work.record("moderation.reported", made, rule=rule)
        work.emit(ReportMade(made.id))
        return made


def appeal(action_id: int, *, text: str, by: User) -> Appeal:
    """Say once why an act on one's own text or account is wrong."""
    text = words_given(text, rules.APPEAL_LEAST, rules.APPEAL_MOST, "text")
    with use_case(by) as work:
        acts = queries.actions.locked([action_id])
        if not acts:
            raise queries.actions.missing()
        if appeals.of_action(action_id) is not None and acts[0].user_id == by.id:
            raise Conflict(_("이미 이의를 신청했어요. 다른 운영자의 답을 기다려 주세요."))
        require(by, may_appeal, acts[0])
        made = Appeal(action_id=action_id, by_id=by.id, text=text, at=work.at)
        work.session.add(made)
        work.record("moderation.appealed", made, act=action_id)
        work.emit(AppealMade(made.id))
        return made


def decide_appeal(appeal_id: int, *, upheld: bool, decision: str, by: User) -> Appeal:
    """Uphold it, so that everything is as before the act, or keep the act; the reason goes to whom it concerns."""
    decision = words_given(decision, rules.DECISION_LEAST, rules.DECISION_MOST, "decision")
    with use_case(by) as work:
        held = operations.hold(work, {appeals.case(appeal_id).action.user_id} - {None})
        case = appeals.locked(appeal_id)
        require(held.actor, may_moderate)
        if case.appeal.decided_at is not None:
            raise Conflict(_("다른 운영자가 먼저 정했어요. 새로 고친 뒤 확인해 주세요."))
        require(held.actor, may_decide, case.decided)
        if case.action.ended_at is not None:
            raise Conflict(_("이미 끝난 조치예요. 이의를 더 살펴보지 않아도 돼요."))
        made = case.appeal
        made.upheld, made.decision, made.decided_by_id, made.decided_at = upheld, decision, by.id, work.at
        work.session.flush()
        if upheld:
            operations.end(work, case.action, Ended.APPEAL_UPHELD)
        work.record("moderation.appeal_decided", made, upheld=upheld)
        work.emit(AppealDecided(made.id))
        return made


# Asking for a text to be taken down, blocking it for a time, and deciding about it: always two persons


CONTACT = "moderation.contact"
"""The purpose under which contacts are sealed."""


def ask_takedown(form_key: str, kind: str, subject_id: int, *, ground: Ground, text: str,
                 contact: str) -> TakedownRequest:
    """Ask without an account; the same `form_key` again gives the request of the first time.

    Raises NotFound for a text that not everybody can read, TooMany where enough have asked about it already.
    """
    text = words_given(text, rules.REQUEST_LEAST, rules.REQUEST_MOST, "text")
    contact = words_given(contact, rules.CONTACT_LEAST, rules.CONTACT_MOST, "contact", sealed=True)
    sealed = keys.seal(CONTACT, contact)
    with use_case(None) as work:
        if known := takedowns.by_form_key(form_key):
            return known
        thing = queries.reported(kind, subject_id, AnonymousUserMixin())
        if takedowns.open_about(kind, subject_id) >= rules.OPEN_REQUESTS:
            raise TooMany(_("이 글에 대한 요청이 이미 여럿 있어 살펴보고 있어요. 급하면 화면 아래의 연락처로 알려 주세요."))
        made = TakedownRequest(form_key=form_key, subject_kind=thing.kind, subject_id=thing.id, ground=ground,
                               text=text, contact_sealed=sealed, at=work.at)
        work.session.add(made)
        work.record("moderation.takedown_asked", made, about=thing.about, ground=ground.value)
        work.emit(TakedownAsked(made.id))
        return made


def see_takedown_contact(takedown_id: int, *, reason: str, by: User) -> str:
    """Contact of who asked; that it was looked at, and why, is in the log. Never for whoever wrote the text."""
    reason = words_given(reason, LOOK_UP_LEAST, LOOK_UP_MOST, "reason")
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_moderate)
        case = takedowns.locked(takedown_id)
        require(actor, may_keep, case.author_id)
        request = case.request
        if request.contact_sealed is None:
            raise Conflict(_("연락처를 지운 요청이에요."))
        work.session.add(AccessRecord(by_id=by.id, user_id=None, reason=reason, at=work.at))
        work.record("moderation.contact_seen", request)
        return keys.unseal(CONTACT, request.contact_sealed)


def block_takedown(takedown_id: int, *, reason: str, by: User) -> TakedownRequest:
    """Hide the text until a second person has decided, for 30 days at most; its author is told."""
    reason = words_given(reason, rules.REASON_LEAST, rules.REASON_MOST, "reason")
    with use_case(by) as work:
        held, case = _held(work, takedown_id)
        request = case.request
        require(held.actor, may_keep, case.author_id)
        _refuse_decided(case)
        if request.blocked_until is not None:
            raise Conflict(_("다른 운영자가 먼저 글을 가렸어요. 이제 다른 사람이 정해 주세요."))
        until = work.at + timedelta(days=rules.BLOCK_DAYS)
        request.blocked_by_id, request.blocked_until = by.id, until
        operations.act(work, ActionKind.TAKEDOWN, request.subject_kind, request.subject_id, rule=_rule(request.ground),
                       reason=reason, until=until, takedown_id=request.id)
        work.record("moderation.takedown_blocked", request)
        return request


def decide_takedown(takedown_id: int, *, granted: bool, decision: str, by: User) -> TakedownRequest:
    """Keep the text hidden for good, or show it again; never the one who hid it.

    A request that nobody has hidden a text for can only be refused: granting takes two.
    """
    decision = words_given(decision, rules.DECISION_LEAST, rules.DECISION_MOST, "decision")
    with use_case(by) as work:
        held, case = _held(work, takedown_id)
        require(held.actor, may_moderate)
        _refuse_decided(case)
        require(held.actor, may_decide, case.decided)
        request, action = case.request, case.action
        if granted and (action is None or request.blocked_until <= work.at):
            raise Refusal(_("먼저 글을 가려 주세요. 가린 사람이 아닌 다른 운영자가 받아들일 수 있어요."), field="granted")
        request.granted, request.decision, request.decided_by_id = granted, decision, by.id
        request.decided_at = work.at
        work.session.flush()
        if granted:
            queries.actions.locked([action.id])[0].until = None
        elif action is not None:
            operations.end(work, action, Ended.TAKEN_BACK)
        work.record("moderation.takedown_decided", request, granted=granted)
        work.emit(TakedownDecided(request.id))
        return request


def forget_contacts(days: int) -> int:
    """Throw away how to reach those whose requests were decided so many days ago; returns how many."""
    with use_case(None) as work:
        return work.session.execute(sa.update(TakedownRequest).where(
            TakedownRequest.decided_at < work.at - timedelta(days=days), TakedownRequest.contact_sealed.is_not(None)
        ).values(contact_sealed=None)).rowcount


def _held(work, takedown_id: int) -> tuple[operations.Held, takedowns.TakedownCase]:
    """Accounts before requests, as everywhere."""
    held = operations.hold(work, {takedowns.case(takedown_id).author_id} - {None})
    return held, takedowns.locked(takedown_id)


def _refuse_decided(case: takedowns.TakedownCase) -> None:
    if case.request.decided_at is not None:
        raise Conflict(_("이미 정한 요청이에요. 다시 정할 수 없어요."))


def _rule(ground: Ground) -> rules.Rule:
    """Under which rule of the house a text is hidden that somebody asked to take down."""
    return {Ground.PRIVACY: rules.Rule.PRIVACY, Ground.DEFAMATION: rules.Rule.ABUSE}.get(ground, rules.Rule.OTHER)


# Use-cases of waves and signals


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
        bulk = BulkAction(rule=decision.rule, reason=reason, by_id=by.id, at=work.at)
        work.session.add(bulk)
        work.session.flush()
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
        bulk = actions.locked_bulk(bulk_id)
        if bulk.undone_at:
            raise Conflict(_("%(when)s에 다른 운영자가 이미 되돌렸어요.", when=moment(bulk.undone_at)))
        still = [action.id for action in actions.standing_of_bulk(bulk_id)]
        if still:
            operations.end_all(work, still, Ended.TAKEN_BACK)
        bulk.undone_at, bulk.undone_by_id = work.at, by.id
        work.record("moderation.bulk_undone", bulk, acts=len(still))
        work.emit(BulkUndone(bulk.id))
        return len(still)


def _hide_all(work: Work, authors: dict[str, dict[int, int]], held: operations.Held, fields: dict) -> list[int]:
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


def _act_on_authors(work: Work, hit: list[int], held: operations.Held, decision: Decision, fields: dict) -> None:
    there = {user_id for user_id in hit if held.people[user_id].left_at is None}
    free = there - actions.users_under(decision.account, there, work.at)
    if free:
        until = rules.until(decision.account, decision.length, work.at)
        operations.act_on_all(work, decision.account, "user", {id_: id_ for id_ in free}, held, until=until, **fields)


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

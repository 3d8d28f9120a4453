"""The minutes: drafted from the record, corrected by those who took part, signed by the host. No version changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from civic_forum.accounts.models import User
from civic_forum.answers import operations as duties
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import operations
from .. import queries as forums
from ..events import ForumClosed, ForumEdited, MinutesPublished
from ..models import Forum
from ..preparing import queries as preparing
from ..preparing.parts import Holder, Times, Visiting, Wording
from ..preparing.policy import may_arrange
from ..preparing.process import new
from ..questions import rules as questions
from ..questions.models import Question
from ..rules import CorrectionState, Form, MinutesKind
from . import queries
from .rules import drafting as rules
from .rules.drafting import NOTE_MOST, PLACE_MOST, REPLY_MOST, WORDS_MOST
from .models import Correction, Minutes
from .policy import may_correct, may_keep, may_sign


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Words that were said there, and the answer; `later`: id of the department that answers, and within how many
    days."""

    text: str
    answer: str = ""
    later: tuple[int, int] | None = None


def write_down(parts: tuple[Holder, Wording, Times] | tuple[Holder, Wording, Times, Visiting],
               heard: Sequence[Heard], came: int | None = None, *, by: User) -> Forum:
    """Write down a gathering that was held without a live hall: it is over at once, with minutes of version 1. Raises
    Refusal naming the field, Conflict where that is done, Denied."""
    with use_case(by) as work:
        return _hold(work, new(work, None, *parts), heard, came)


def write_down_announced(forum_id: int, heard: Sequence[Heard], came: int | None = None,
                         visiting: Visiting = Visiting(), *, by: User) -> Forum:
    """The same of one that was prepared or announced here, with who went and why it was moved. Raises Denied where it
    is live or over."""
    with use_case(by) as work:
        forum = forums.locked(forum_id)
        require(by, may_arrange, forum)
        replace(Visiting.of_record(forum), went=visiting.went, moved_because=visiting.moved_because).write(forum)
        return _hold(work, forum, heard, came)


def _hold(work: Work, forum: Forum, heard: Sequence[Heard], came: int | None) -> Forum:
    if forum.form is Form.MEETING:
        raise Refusal(_("회의는 그 위원회의 화면에서 적어 두세요."), field="form")
    if work.at < forum.ends_at:
        raise Refusal(_("아직 끝나지 않았어요. 마친 뒤에 적어 주세요."), field="ends_at")
    if queries.is_recorded(forum):
        raise Conflict(_("그때 그곳에서 연 것은 이미 적어 두었어요."), field="starts_at")
    if forum.is_closed and any(entry.later for entry in heard):
        raise Refusal(_("안에서만 보는 날에는 나중에 답할 부서를 정할 수 없어요."), field="heard")
    if len(heard) > questions.MOST_HEARD or not heard and forum.form is not Form.VISIT:
        raise Refusal(_("들은 말을 하나 이상 %(most)s개 이하로 적어 주세요.", most=questions.MOST_HEARD), field="heard")
    forum.announced_at = None if forum.is_closed else forum.announced_at or work.at
    forum.recorded_at = work.at
    forum.opened_at, forum.closed_at, forum.chat_open = forum.starts_at, forum.ends_at, False
    forum.came = {"on_site": came} if came is not None else None
    answers = " · ".join(preparing.holders(forum)) or work.actor.name
    for entry in heard:
        _write_heard(work, forum, entry, answers[:questions.NAME_MOST])
    work.session.flush()
    _publish(work, forum, queries.NONE, MinutesKind.DRAFT, rules.draft(queries.record(forum)))
    work.record("forums.written_down", forum, heard=len(heard))
    work.emit(ForumEdited(forum.id))
    if not forum.is_closed:
        work.emit(ForumClosed(forum.id))
    return forum


def _write_heard(work: Work, forum: Forum, heard: Heard, answers: str) -> None:
    """As a question of the hall; what a department answers later is owed from that day on."""
    text = operations.checked_text(heard.text, questions.MOST, "heard")
    answer = heard.answer or (_("나중에 답하기로 했어요.") if heard.later else "")
    question = Question(forum_id=forum.id, text=text, asked_at=forum.starts_at, typed_by_id=work.actor.id)
    if answer:
        question.answer = operations.checked_text(answer, questions.ANSWER_MOST, "heard", lines=True)
        question.answered_by, question.answered_at = answers, forum.ends_at
    work.store(question)
    if heard.later:
        duties.owe(work, question.ref, *heard.later, since=forum.ends_at)


def draft(forum_id: int, *, by: User) -> Minutes:
    """Make the first version from the record and publish it: the week of corrections begins. A second press gets what
    the first one made."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_keep, _standing)
        if at.thing.latest is not None:
            return at.thing.latest
        return _publish(work, at.forum, at.thing, MinutesKind.DRAFT, rules.draft(queries.record(at.forum)))


def ask(forum_id: int, place: str, was: str, becomes: str, *, by: User) -> Correction:
    """Say what the minutes have wrong: where, what it says and what it should say. Raises Refusal for words that the
    minutes do not have there, or have in more than one place."""
    place = operations.checked_text(place, PLACE_MOST, "place")
    was, becomes = (operations.checked_text(text, WORDS_MOST, name, lines=True) for text,
                    name in ((was, "was"), (becomes, "becomes")))
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_correct, _standing)
        _refuse_unfound(at.thing.latest.sections, place, was)
        correction = Correction(forum_id=at.forum.id, version=at.thing.latest.version, user_id=by.id, place=place,
                                was=was, becomes=becomes, at=work.at, state=CorrectionState.OPEN)
        work.session.add(correction)
        work.record("forums.correction_asked", correction)
        return correction


def answer(forum_id: int, correction_id: int, accepted: bool, reply: str, *, by: User) -> Correction:
    """Accept or decline a correction, and say why. Raises Conflict for one that is answered, Refusal for one that
    cannot be made any more."""
    reply = operations.checked_text(reply, REPLY_MOST, "reply", lines=True)
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_keep)
        correction = queries.correction(at.forum.id, correction_id)
        if correction.state is not CorrectionState.OPEN:
            raise Conflict(_("이미 답한 고칠 곳이에요. 새로 고친 뒤 확인해 주세요."))
        if accepted:
            _refuse_unfound(_as_it_is(at.forum), correction.place, correction.was)
        correction.state = CorrectionState.ACCEPTED if accepted else CorrectionState.DECLINED
        correction.reply, correction.replied_at, correction.replied_by_id = reply, work.at, by.id
        work.record(f"forums.correction_{correction.state.value}", correction)
        return correction


def revise(forum_id: int, note: str, *, by: User) -> Minutes:
    """Publish a version with what was accepted, and with what the record says by now. Raises Conflict where nothing
    has changed."""
    note = operations.checked_text(note, NOTE_MOST, "note")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_keep, _standing)
        if at.thing.latest is None:
            raise queries.missing()
        sections = _as_it_is(at.forum)
        if sections == at.thing.latest.sections:
            raise Conflict(_("앞의 회의록과 달라진 것이 없어요."))
        return _publish(work, at.forum, at.thing, MinutesKind.CORRECTED, sections, note=note)


def sign(forum_id: int, seen: int, *, by: User) -> Minutes:
    """Sign the version that was read. The page confirms the password before. Raises Conflict when another version came
    meanwhile, or the record says something else by now."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_sign, _standing)
        if at.thing.latest.version != seen:
            raise Conflict(_("그 사이에 새 회의록이 나왔어요. 읽은 뒤에 서명해 주세요."))
        if at.thing.latest.sections != _as_it_is(at.forum):
            raise Conflict(_("받아들인 고칠 곳이나 달라진 기록이 아직 회의록에 없어요. 고친 회의록을 먼저 내 주세요."))
        signed = _publish(work, at.forum, at.thing, MinutesKind.SIGNED, at.thing.latest.sections, signed_at=work.at,
                          signed_by_id=by.id)
        at.forum.signed_version = signed.version
        return signed


def _standing(forum: Forum) -> queries.MinutesState:
    return queries.standing(forum.id)


def _as_it_is(forum: Forum) -> list[rules.Row]:
    """Text of the minutes if they are made now: the record as it is, with every correction that was accepted."""
    return rules.corrected(rules.draft(queries.record(forum)), queries.accepted(forum.id))


def _refuse_unfound(sections: list[rules.Row], place: str, was: str) -> None:
    count = len(rules.places(sections, place, was))
    if count == 0:
        raise Refusal(_("회의록의 그 자리에 이런 글이 없어요. 회의록에 있는 그대로 옮겨 적어 주세요."), field="was")
    if count > 1:
        raise Refusal(_("회의록에 이 글이 여러 번 나와요. 앞뒤의 글을 함께 적어 주세요."), field="was")


def _publish(work: Work, forum: Forum, before: queries.MinutesState, kind: MinutesKind, sections: list[rules.Row],
             **facts: object) -> Minutes:
    version = before.latest.version + 1 if before.latest else 1
    minutes = work.store(Minutes(forum_id=forum.id, version=version, kind=kind, sections=sections, made_at=work.at,
                                 made_by_id=work.actor.id, published_at=work.at, **facts))
    work.record("forums.minutes_published", minutes, version=version, kind=kind.value)
    work.emit(MinutesPublished(forum.id, version, minutes.signed_at))
    return minutes

"""Use-cases of observers, and of objections."""

import json
from collections.abc import Iterable, Sequence
from secrets import token_bytes

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.district.models import Department
from civic_forum.platform import plain_text, storage
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import operations as opening
from .. import queries as boxes
from ..box import locking
from ..box.locking import acting, take_lock
from ..events import VoteObjected, VoteObjectionAnswered
from ..models import BallotBox
from .models import Objection, ObserverAsk
from ..policy import may_answer, may_object, may_observe, may_officiate, may_withhold
from ..published import records
from ..rules import signing
from . import queries
from .rules import LONGEST_NAME, Observer, Statement, why_not

MOST_BYTES = 100_000
"""Of a file with statements."""
WRONG = {
    "many": lambda: _("참관인은 100명까지 적을 수 있어요."),
    "twice": lambda: _("참관인의 이름과 열쇠는 서로 달라야 해요."),
    "key": lambda: _("참관인마다 이름과, verify.py keygen이 알려 준 열쇠(16진수 64자)를 적어 주세요."),
    "few": lambda: _("합계만 공개하는 투표에는 참관인이 두 명은 있어야 해요."),
    "signatures": lambda: _("서명해야 하는 수가 맞지 않아요. 합계만 공개하는 투표에서는 1부터 참관인 수보다 하나 적은 수까지예요."),
}


def ask(box_id: bytes, name: str, key: str, *, by: User) -> ObserverAsk:
    """Ask to observe a vote that nobody has opened, under this name and with this public key; asking again replaces
    both until then. Raises Refusal for no name and for what is no key, Conflict after the opening."""
    with use_case(by) as work:
        require(work.actor, may_observe)
        box = boxes.held(box_id)
        if box.opened_at is not None:
            raise Conflict(_("이미 연 투표예요. 참관인은 투표를 열기 전에 정해요."))
        name = plain_text.clean(name)
        if not 1 <= len(name) <= LONGEST_NAME:
            raise Refusal(_("모두에게 보일 이름을 100자까지 적어 주세요. 별명도 괜찮아요."), field="name")
        public_key = key_in(key)
        asked = queries.ask_of(box_id, work.actor.id)
        if asked is None:
            asked = ObserverAsk(box_id=box_id, user_id=work.actor.id)
            work.session.add(asked)
        asked.name, asked.public_key, asked.at = name, public_key, work.at
        work.record("ballots.observer_asked", box)
        return asked


def key_in(text: str) -> bytes:
    """The public key that somebody handed over. Raises Refusal for anything that can verify no signature."""
    try:
        key = bytes.fromhex("".join(text.split()))
    except ValueError:
        key = b""
    if not signing.is_public_key(key):
        raise Refusal(_("열쇠가 맞지 않아요. 열쇠를 만들 때 나온 공개 열쇠(16진수 64자)를 그대로 적어 주세요."), field="key")
    return key


def name_observers(box_id: bytes, observers: Sequence[Observer], signatures: int, *, by: User | None) -> BallotBox:
    """Write observers, and how many of them have to agree, into the definition of a box that nobody has opened. What
    was confirmed of the box before is void by it. `by` is an official; None for the sample and for commands of whoever
    runs the server. Raises Refusal for observers with whom no vote could be held, Conflict after the opening."""
    with use_case(by) as work:
        if by is not None:
            require(work.actor, may_officiate)
        locking.take_lock_alone(box_id)
        box = boxes.held(box_id)
        if wrong := why_not(observers, signatures, box.publishes, rehearsal=box.rehearsal):
            raise Refusal(WRONG[wrong]())
        if not all(signing.is_public_key(observer.key) for observer in observers):
            raise Refusal(WRONG["key"]())
        named = {"observers": [{"name": observer.name, "key": observer.key.hex()} for observer in observers],
                 "signatures": signatures}
        opening.refresh(box, opening.parts_of(box) | named, roll_id=box.roll_id)
        work.record("ballots.observers_named", box, observers=len(observers), signatures=signatures)
    return box


def take(box_id: bytes, file: bytes, *, by: User | None) -> list[Statement]:
    """Keep what an observer signed beside the record, unchanged, for everybody; returns what was not there before.
    `file` is what `verify.py sign` printed: one statement or a list. `by` is the observer who sends it; None for the
    command. Raises Refusal for anything that is not signed by an observer of this vote, on this result and this
    edition, Denied for what another account has to send, Conflict before the record is written."""
    new = _read(file)
    if boxes.required(box_id).recorded_at is None:
        raise Conflict(_("아직 기록을 만들지 않은 투표예요. 참관인은 기록을 다시 센 뒤에 서명해요."))
    with records.turn(box_id), use_case(by) as work:
        box = boxes.held(box_id)
        for statement in new:
            _check(box, statement)
        if by is not None:
            require(work.actor, may_observe, box)
            _refuse_another_s(box, new, work.actor)
        kept = queries.statements(box)
        added = [statement for statement in dict.fromkeys(new) if statement not in kept]
        if added:
            storage.write(records.observed(box), json.dumps(
                [statement.to_json() for statement in (*kept, *added)], ensure_ascii=False, indent=1).encode())
            for statement in added:
                work.record("ballots.observed", box, observer=statement.public_key, agrees=statement.agrees)
    return added


def _read(file: bytes) -> list[Statement]:
    if len(file) > MOST_BYTES:
        raise Refusal(_("파일이 너무 커요. verify.py sign이 쓴 파일만 올려 주세요."), field="file")
    try:
        content = json.loads(file)
        return [Statement.from_json(statement) for statement in (content if isinstance(content, list) else [content])]
    except (ValueError, RecursionError) as wrong:
        raise Refusal(_("참관인의 서명 파일이 아니에요. verify.py sign이 쓴 파일을 그대로 올려 주세요."), field="file") from wrong


def _check(box: BallotBox, statement: Statement) -> None:
    if bytes.fromhex(statement.public_key) not in {observer.key for observer in queries.observers(box)}:
        raise Refusal(_("투표 전에 정한 참관인의 열쇠로 한 서명이 아니에요."), field="file")
    if bytes.fromhex(statement.fingerprint) != box.fingerprint:
        raise Refusal(_("다른 투표의 서명이에요."), field="file")
    if bytes.fromhex(statement.result_sha256) != queries.result_sha256(box):
        raise Refusal(_("이 투표의 결과가 아닌 것에 한 서명이에요. 참관인용 기록을 다시 받아 세어 주세요."), field="file")
    if bytes.fromhex(statement.edition_sha256) != box.observers_sha256:
        raise Refusal(_("지금의 참관인용 기록이 아닌 것에 한 서명이에요. 다시 받아 세어 주세요."), field="file")
    if not statement.holds():
        raise Refusal(_("서명이 맞지 않아요. 파일의 글자가 바뀌었는지 확인해 주세요."), field="file")


def _refuse_another_s(box: BallotBox, statements: Iterable[Statement], actor: User) -> None:
    """A key that was named because an account asked with it is used by that account; any other, by any observer."""
    accounts = queries.accounts(box)
    if any(actor.id not in accounts.get(bytes.fromhex(statement.public_key), {actor.id}) for statement in statements):
        raise Denied(_("다른 참관인의 열쇠로 한 서명이에요. 그 참관인이 로그인해서 보내야 해요."))


LENGTHS = {"title": (5, 200), "text": (10, 3_000), "answer": (10, 3_000), "outcome": (2, 200), "reason": (5, 300)}
MOST_EACH = 30
"""Of one observer to one vote."""
N_BYTES = 32


def lodge(box_id: bytes, title: str, text: str, *, by) -> Objection:
    """Object to a vote that was opened. Before the final head it becomes a leaf; later it stands on the page only.
    Nobody but its author and those who answer sees it before the close."""
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        at = take_lock(box_id)
        box = boxes.required(box_id)
        db.session.refresh(box)
        require(actor, may_object, box)
        _check_objection("title", title, _("제목을 5자부터 200자까지 적어 주세요."))
        _check_objection("text", text, _("무엇이 왜 잘못됐는지 10자부터 3,000자까지 적어 주세요."))
        if queries.number_of(box_id, actor.id) >= MOST_EACH:
            raise Conflict(_("한 투표에 이의를 %(most)s건까지 제기할 수 있어요. 앞서 낸 이의의 답변을 기다려 주세요.",
                             most=MOST_EACH))
        objection = work.store(Objection(box_id=box_id, by_id=actor.id, title=title, text=text, lodged_at=at,
                                         n=token_bytes(N_BYTES) if box.finished_at is None else None))
        work.record("ballots.objection_lodged", objection)
        work.emit(VoteObjected(objection.id))
        return objection


def answer(box_id: bytes, objection_id: int, outcome: str, text: str, *, department_id: int, by) -> None:
    """Answer in the name of one's department; answering again replaces what was said, and the log keeps both acts."""
    with use_case(by) as work:
        actor = acting(by, may_answer, department_id)
        objection = _found(box_id, objection_id)
        _check_objection("outcome", outcome, _("어떻게 하기로 했는지 2자부터 200자까지 적어 주세요."))
        _check_objection("answer", text, _("답변을 10자부터 3,000자까지 적어 주세요."))
        again = objection.answered_at is not None
        objection.outcome, objection.answer = outcome, text
        objection.answered_at, objection.answered_by_id = work.at, actor.id
        objection.answered_for = db.session.get_one(Department, department_id).name_ko
        work.record("ballots.objection_answered", objection, department=department_id, again=again)
        work.emit(VoteObjectionAnswered(objection.id))


def withhold(box_id: bytes, objection_id: int, reason: str, *, by) -> None:
    """Keep the words of an objection from the public; that it was lodged, and the reason, everybody sees."""
    with use_case(by) as work:
        acting(by, may_withhold)
        objection = _not_in_a_record(box_id, objection_id)
        _check_objection("reason", reason, _("왜 가리는지 5자부터 300자까지 적어 주세요."))
        objection.withheld = reason
        work.record("ballots.objection_withheld", objection)


def show_again(box_id: bytes, objection_id: int, *, by) -> None:
    """The words were withheld in error."""
    with use_case(by) as work:
        acting(by, may_withhold)
        objection = _not_in_a_record(box_id, objection_id)
        if objection.withheld is None:
            raise Conflict(_("가려진 글이 아니에요."))
        objection.withheld = None
        work.record("ballots.objection_shown_again", objection)


def _found(box_id: bytes, objection_id: int) -> Objection:
    return existing(queries.by_id(box_id, objection_id, lock=True),
                    lambda: NotFound(_("그런 이의가 없어요. 목록을 새로 열어 확인해 주세요.")))


def _not_in_a_record(box_id: bytes, objection_id: int) -> Objection:
    """From the count on the record is written, and what it says of a leaf cannot be changed any more. The box is locked
    first, as finishing the log and counting do."""
    box = boxes.held(box_id)
    objection = _found(box_id, objection_id)
    if objection.leaf_number is not None and box.counted_at is not None:
        raise Conflict(_("이 글은 이미 공개 기록에 들어갔어요. 이제 가리거나 다시 보일 수 없어요."))
    return objection


def _check_objection(field: str, text: str, sentence: str) -> None:
    least, most = LENGTHS[field]
    if not least <= len(plain_text.clean(text, lines=True)) <= most:
        raise Refusal(sentence, field=field)
    refuse_secret(**{field: text})

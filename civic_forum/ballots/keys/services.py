"""Copies of K: one official proposes with a pass phrase, another confirms with their own and gets the sealed file. The
backup that is made beside it before an opening.

Boxes that are voted on together are copied in one act, into one file.
"""

from collections.abc import Sequence
from secrets import token_bytes
from typing import NamedTuple

from civic_forum.accounts import passwords
from civic_forum.accounts.easy_passwords import is_easy
from civic_forum.accounts.models import User
from civic_forum.platform import last_backup, plain_text
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work, use_case

from .. import voted
from .. import queries as boxes
from ..box import locking
from ..counting import publication
from ..models import BallotBox, Confirmation
from ..officers import queries as officers
from ..officials import queries as confirmations
from ..officials import services as four_eyes
from ..policy import may_officiate
from ..rules.boxes import ConfirmationState, ConfirmedAction, confirmation_state
from ..rules.log import canonical_json, digest, parse_canonical, stamp
from . import copies, keyring
from .copies import KeyCopy, Lock, SealedKey

EXPORT = ConfirmedAction.EXPORT_KEY
PHRASE_LEAST, PHRASE_MOST = 12, 200
MOST_BYTES = 200_000
"""Of a file that somebody brings."""


class CopyOffer(NamedTuple):
    """The copying as an official sees it."""

    boxes: list[BallotBox]
    fingerprint: bytes
    pending: Confirmation | None
    """Proposal that can still be confirmed."""
    why_not: str | None


def offer(box: BallotBox) -> CopyOffer:
    together, now = _together(box), database_now()
    waiting = [confirmations.pending(box.id, EXPORT) for box in together]
    return CopyOffer(together, _fingerprint(together), waiting[0] if _are_one_act(waiting, together, now) else None,
                 next((why for box in together if (why := four_eyes.why_not(EXPORT, box, now))), None))


def propose(box_id: bytes, phrase: str, *, seen: bytes | None = None, by: User) -> None:
    """Propose to copy K of this box and of those that are voted on with it. Of the phrase nothing is kept but a public
    key. Raises Refusal for a short or easy phrase, Denied, and Conflict as `confirmations.propose` does."""
    lock = _locked_with(phrase)
    with use_case(by) as work:
        actor = locking.acting(by, may_officiate)
        together = _held(box_id, seen)
        officers.required(actor, *together)
        _refuse_impossible(together)
        waiting = [confirmations.pending(box.id, EXPORT, lock=True) for box in together]
        if _are_one_act(waiting, together, work.at):
            raise Conflict(_("이미 제안했어요. 다른 담당관의 확인을 기다리고 있어요."))
        _end(work, waiting)
        work.session.flush()
        for box in together:
            proposed = work.store(Confirmation(box_id=box.id, action=EXPORT, proposed_by_id=by.id, proposed_at=work.at,
                                               fingerprint=confirmations.fingerprint(EXPORT, box),
                                               note=canonical_json(lock.to_json()).decode()))
            work.record("ballots.export_key_proposed", proposed)


def confirm(box_id: bytes, phrase: str, *, seen: bytes | None = None, by: User) -> KeyCopy:
    """Confirm the copying that another official proposed, and get the sealed copy. All boxes of the act or none. Raises
    as `propose`, and as `confirmations.confirm`."""
    _refuse_phrase(phrase)
    db.session.rollback()
    salt = token_bytes(copies.SALT_BYTES)
    secret = passwords.stretched(phrase, salt)
    with use_case(by) as work:
        actor = locking.acting(by, may_officiate)
        together = _held(box_id, seen)
        officers.required(actor, *together)
        waiting = [confirmations.pending(box.id, EXPORT, lock=True) for box in together]
        if waiting[0] is None:
            raise Conflict(_("기다리는 제안이 없어요. 다른 담당관이 이미 확인했거나 거뒀어요."))
        lock = waiting[0].note
        if any(proposal is None or proposal.note != lock for proposal in waiting):
            raise Conflict(_("제안한 뒤에 내용이 바뀌었어요. 다시 제안해 주세요."))
        for box, proposed in zip(together, waiting, strict=True):
            four_eyes.settle(work, proposed, box, actor)
            proposed.note = None
        return copies.seal([(SealedKey(box.id, boxes.title(box), box.key_sha256), keyring.exported(box.id))
                            for box in together], Lock.from_json(parse_canonical(lock.encode())), secret, salt,
                           at=stamp(work.at))


def withdraw(box_id: bytes, *, by: User) -> None:
    """Take the proposal back: who made it, or any other official."""
    with use_case(by) as work:
        actor, together = locking.acting(by, may_officiate), _held(box_id)
        officers.required(actor, *together)
        waiting = [confirmations.pending(box.id, EXPORT, lock=True) for box in together]
        if not any(waiting):
            raise Conflict(_("이미 끝난 제안이에요."))
        _end(work, waiting)
        for proposal in filter(None, waiting):
            work.record("ballots.export_key_withdrawn", proposal)


def restore(data: bytes, first_phrase: str, second_phrase: str, *, box_id: bytes | None = None,
            by: User) -> list[BallotBox]:
    """Put back every K of the file that is lost here; returns the boxes. `box_id`: it has to be one of them. Raises
    Refusal for another file or a wrong phrase, Conflict where nothing is lost or the key was destroyed."""
    if box_id is not None:
        publication.require_official(by, box_id)
    try:
        copy = copies.parsed(data)
    except ValueError as wrong:
        raise Refusal(_("열쇠 복사본 파일이 아니거나 망가진 파일이에요."), field="file") from wrong
    if box_id is not None and box_id not in {key.box_id for key in copy.keys}:
        raise Refusal(_("이 투표의 열쇠가 들어 있지 않은 파일이에요. 다른 복사본을 찾아 주세요."), field="file")
    db.session.rollback()
    secrets = [passwords.stretched(plain_text.secret(phrase)[:PHRASE_MOST], salt)
               for phrase, salt in zip((first_phrase, second_phrase), copy.salts, strict=True)]
    try:
        keys = copies.unseal(copy, *secrets)
    except ValueError as wrong:
        raise Refusal(_("문구가 맞지 않아요. 제안한 사람의 문구와 확인한 사람의 문구를 바꿔 적지 않았는지도 봐 주세요."), field="first") from wrong
    known = {known_id: box for known_id in keys if (box := boxes.by_id(known_id)) is not None}
    lost = [known_id for known_id, box in known.items() if not _is_in_place(box)] or [box_id or next(iter(keys))]
    for lost_id in lost:
        publication.put_key_back(lost_id, keys[lost_id], by=by)
    return [boxes.by_id(lost_id) for lost_id in lost]


def ask_for_backup(box_id: bytes, *, by: User) -> None:
    """Have the worker make a backup of the site. Raises Denied, and Conflict while one is being made."""
    with use_case(by) as work:
        actor, box = locking.acting(by, may_officiate), boxes.held(box_id)
        officers.required(actor, box)
        if (asked := last_backup.asked()) is not None and not (asked.failed or asked.is_late):
            raise Conflict(_("백업을 만들고 있어요. 다 되면 이 화면에 나와요."))
        work.record("ballots.backup_asked", box)
    last_backup.ask()


def _is_in_place(box: BallotBox) -> bool:
    """True also where nothing may be put back any more."""
    return keyring.tombstone_of(box.id) is not None or keyring.holds(box.id, box.key_sha256)


def _together(box: BallotBox) -> list[BallotBox]:
    """The boxes whose keys are copied with this one's, in the order of their ids; an opened one by itself."""
    others = {other.id: other for _name, other in voted.together(box)
              if other.opened_at is None} if not box.opened_at else {}
    return [member for _id, member in sorted((others | {box.id: box}).items())]


def _held(box_id: bytes, seen: bytes | None = None) -> list[BallotBox]:
    """Those of one act, locked, as the official saw them."""
    together = [boxes.held(box.id) for box in _together(boxes.required(box_id))]
    if seen is not None and seen != _fingerprint(together):
        raise Conflict(_("화면을 연 뒤에 내용이 바뀌었어요. 다시 읽고 결정해 주세요."))
    return together


def _fingerprint(together: Sequence[BallotBox]) -> bytes:
    prints = confirmations.fingerprints(EXPORT, together)
    return digest("copies/1", *(prints[box.id] for box in together))


def _are_one_act(waiting: Sequence[Confirmation | None], together: Sequence[BallotBox], now) -> bool:
    """True if one proposal for just these boxes can still be confirmed."""
    prints = confirmations.fingerprints(EXPORT, together)
    return all(proposal is not None and proposal.note == waiting[0].note
               and confirmation_state(proposal, prints[proposal.box_id], now) is ConfirmationState.PENDING
               for proposal in waiting)


def _end(work: Work, waiting: Sequence[Confirmation | None]) -> None:
    for proposal in filter(None, waiting):
        proposal.ended_at, proposal.note = work.at, None


def _refuse_impossible(together: Sequence[BallotBox]) -> None:
    now = database_now()
    for box in together:
        if reason := four_eyes.why_not(EXPORT, box, now):
            raise Conflict(reason)


def _locked_with(phrase: str) -> Lock:
    _refuse_phrase(phrase)
    db.session.rollback()
    salt = token_bytes(copies.SALT_BYTES)
    return copies.lock(passwords.stretched(phrase, salt), salt)


def _refuse_phrase(phrase: str) -> None:
    if not PHRASE_LEAST <= len(plain_text.secret(phrase)) <= PHRASE_MOST:
        raise Refusal(_("문구는 12자부터 200자까지 적어 주세요."), field="phrase")
    if is_easy(phrase):
        raise Refusal(_("알아맞히기 쉬운 문구예요. 서로 상관없는 낱말을 여러 개 이어 주세요."), field="phrase")

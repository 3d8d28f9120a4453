"""Letters: printed by one person and posted by another, taken up in one browser each, given back, claimed.

Whose a letter is stands nowhere.
"""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.platform import keys, typed_codes
from civic_forum.platform.base import insert_all
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import unlogged_transaction, use_case

from .. import holding, identities, keyring, operations, rows
from .. import queries as consultations
from ..identities import Guest
from ..models import Consultation, Letter, LetterRun
from ..policy import ASKS, Asked, may_answer, may_send_letters
from ..rules import Basis
from . import queries

LENGTH = 16
"""Signs of a code: 80 bits."""
LETTERS_MOST = 500
"""Printed at once."""
WAITING_MOST = 10
"""Printings that wait to be posted."""


class TakenUp(Conflict):
    """A letter that another browser took up; of no field: its reader can say so."""


def print_letters(consultation_id: int, count: int, *, by: User) -> list[str]:
    """So many more letters: their codes, which are kept nowhere. Raises Refusal at `count`, and Conflict while as many
    printings wait to be posted as may."""
    if not 1 <= count <= LETTERS_MOST:
        raise Refusal(_("한 번에 1장에서 %(most)s장까지 인쇄해요.", most=LETTERS_MOST), field="count")
    codes = [typed_codes.fresh(LENGTH) for _letter in range(count)]
    with use_case(by) as work:
        consultation = operations.held(consultation_id, by, may_send_letters)
        last = queries.runs(consultation_id, WAITING_MOST)
        if sum(run.posted is None and not run.is_withdrawn for run in last) == WAITING_MOST:
            raise Conflict(_("보내지 않은 묶음이 %(most)s개 있어요. 먼저 보내거나 거둬 주세요.", most=WAITING_MOST),
                           field="count")
        number = last[0].run + 1 if last else 1
        work.session.add(LetterRun(consultation_id=consultation.id, run=number, printed=count, printed_by_id=by.id))
        insert_all(Letter, ("hash", "holder", "consultation_id", "run", "is_withdrawn", "is_claimed"), sorted(
            (holding.hashes(consultation.id, code)[0], holding.holders(consultation.id, code)[0], consultation.id,
             number, False, False) for code in codes))
        work.record("opinions.letters_printed", consultation, run=number, count=count)
    return codes


def post(consultation_id: int, number: int, count: int, *, by: User) -> None:
    """Say that the letters of a printing left the house; from then on they open. Raises Denied for who is not the
    second person, Conflict for what was posted or withdrawn, and Refusal at `posted` for another number."""
    with use_case(by) as work:
        consultation, run = _run(consultation_id, number, by)
        if run.posted is not None:
            raise Conflict(_("이미 보냈다고 적은 묶음이에요."))
        _require_another(run.printed_by_id, by)
        letters = queries.letters(consultation_id, number)
        if count != letters:
            raise Refusal(_("이 묶음의 편지는 %(count)s장이에요. 보내지 않을 편지는 먼저 그 코드를 적어 빼 주세요.",
                            count=letters), field="posted")
        run.posted, run.posted_by_id = count, by.id
        work.record("opinions.letters_posted", consultation, run=number, count=count)


def withdraw(consultation_id: int, number: int, *, by: User) -> None:
    """Let the letters of a printing open nothing any more, but for those with answers; how many these are is told to
    nobody. Raises NotFound, and Conflict for what was withdrawn before."""
    with use_case(by) as work:
        consultation, run = _run(consultation_id, number, by)
        run.is_withdrawn = True
        work.session.execute(sa.update(Letter).values(is_withdrawn=True).where(
            Letter.consultation_id == consultation_id, Letter.run == number))
        work.record("opinions.letters_withdrawn", consultation, run=number)


def take_back(consultation_id: int, typed: str, *, by: User) -> bool:
    """Let one letter open nothing any more that came back, was never sent, or that somebody else used before its
    reader: then a second person, with the letter at hand, has to say so too, and those answers go. False for the first
    of two. Raises NotFound and Conflict at `code`, Denied for the first one again."""
    with use_case(by) as work:
        consultation = operations.held(consultation_id, by, may_send_letters)
        letter, code, run = _letter(consultation_id, typed)
        if letter.is_withdrawn:
            raise Conflict(_("이미 뺀 편지예요."), field="code")
        reader = holding.reader(letter, code)
        if reader is None:
            run.returned += run.posted is not None
        elif letter.apart_by is None or not letter.apart_by.roles & ASKS:
            _note_claim(letter, run)
            letter.apart_by_id = by.id
        else:
            _require_another(letter.apart_by_id, by)
            run.set_apart += 1
            rows.clear(keyring.keys(consultation_id), [identities.made(consultation_id, *reader)], consultation.room)
        letter.is_withdrawn = reader is None or letter.apart_by_id != by.id
        work.record("opinions.letter_taken_back", consultation, run=letter.run, used=reader is not None)
        return letter.is_withdrawn


def claim(consultation_id: int, typed: str, secret: str) -> None:
    """Note that somebody else used a letter before its reader. Raises NotFound, and Conflict at `code` for a letter
    that nobody used yet, or this browser itself."""
    with use_case(None):
        consultations.locked(consultation_id)
        letter, code, run = _letter(consultation_id, typed)
        if holding.reader(letter, code) is None or _is_reader(letter, code, secret):
            raise Conflict(_("다른 기기에서 쓴 편지가 아니에요. 이 편지로 답할 수 있어요."), field="code")
        _note_claim(letter, run)


def _require_another(first_id: int | None, by: User) -> None:
    """Raise Denied unless this is the second person, both read again."""
    held = people.held(by.id, first_id or by.id)
    if reason := people.why_not_another(held.get(first_id), held[by.id], ASKS):
        raise Denied(reason)


def _note_claim(letter: Letter, run: LetterRun) -> None:
    run.claimed += not letter.is_claimed
    letter.is_claimed = True


def _run(consultation_id: int, number: int, by: User) -> tuple[Consultation, LetterRun]:
    """A printing that was not withdrawn, held. Raises NotFound and Conflict."""
    consultation = operations.held(consultation_id, by, may_send_letters)
    run = existing(queries.run(consultation_id, number), lambda: NotFound(_("이런 번호로 인쇄한 편지가 없어요.")))
    if run.is_withdrawn:
        raise Conflict(_("이미 거둔 편지예요."))
    return consultation, run


def _letter(consultation_id: int, typed: str) -> tuple[Letter, str, LetterRun]:
    """A letter by its code, held with its printing. Raises NotFound at `code`."""
    code = typed_codes.normalised(typed)[:100]
    letter = holding.letter(consultation_id, code)
    if letter is None:
        raise _missing()
    return letter, code, queries.run(consultation_id, letter.run)


def _missing() -> NotFound:
    return NotFound(_("이 코드로 답할 수 있는 편지가 없어요. 편지에 적힌 글자를 다시 확인해 주세요."), field="code")


def why_not_signed_in(consultation: Consultation, by) -> str | None:
    """Reason against a letter for somebody who is signed in: one person counts once."""
    if not by.is_authenticated:
        return None
    if consultation.verified_only and by.person_id is None:
        return _("계정으로 한 답은 주민 확인을 받은 뒤에 세어요. 지금 편지로 답하려면 로그아웃해 주세요.")
    marks = identities.of_account(consultation.id, by)
    if consultations.participant(consultation.id, [mark.value for mark in marks]):
        return _("이 계정으로 이미 답했어요. 편지는 계정이 없는 분을 위한 것이고, 두 번 답하면 두 사람으로 세게 돼요.")
    return _("로그인해 있어서 계정으로 답해요. 편지는 계정이 없는 분을 위한 것이에요. 계정으로 답할 수 없으면 로그아웃한 뒤 편지로 답해 주세요.")


def take_up(consultation_id: int, typed: str, secret: str, *, by, before: Guest | None = None) -> Guest:
    """Whoever has the letter with this code in the browser with this secret, to which it belongs from then on;
    `before`: as whom the browser answers already. Raises Denied while nobody answers by letter, Conflict for somebody
    who is signed in and for a letter that is not posted yet, TakenUp in another browser, NotFound at `code`."""
    with unlogged_transaction() as session:
        consultation = consultations.locked(consultation_id, read=True)
        require(by, may_answer, Asked(consultation, guest=Basis.LINK))
        if reason := why_not_signed_in(consultation, by):
            raise Conflict(reason)
        letter, code, run = _letter(consultation_id, typed)
        if run.posted is None:
            raise Conflict(_("아직 보내지 않은 편지예요. 구청에 물어봐 주세요."), field="code")
        reader = holding.reader(letter, code)
        if reader is not None and reader != before and not _is_reader(letter, code, secret):
            raise TakenUp(_("이 편지는 다른 기기에서 이미 시작했어요. 시작한 기기의 같은 브라우저에서 이어서 답해 주세요."))
        if reader is None and not letter.is_withdrawn:
            letter.holder, run.taken_up = holding.holders(consultation_id, code, secret)[0], run.taken_up + 1
            session.flush()
            reader = Guest(Basis.LINK, letter.holder.hex())
        if reader is None or not holding.holds(consultation_id, reader):
            raise _missing()
        return reader


def _is_reader(letter: Letter, code: str, secret: str) -> bool:
    return letter.holder is not None and keys.is_one_of(
        letter.holder, holding.holders(letter.consultation_id, code, secret))

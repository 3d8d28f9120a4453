"""Letters: printed with a code each, taken up in a browser, withdrawn. Whose a letter is stands nowhere."""

import sqlalchemy as sa

from civic_forum.accounts import letter_codes
from civic_forum.accounts.models import User
from civic_forum.platform.base import insert_all
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import identities, operations, queries
from ..identities import Guest
from ..models import Consultation, Letter
from ..policy import Asked, may_answer, may_send_letters
from ..rules import Basis

LENGTH = 16
"""Signs of a code: 80 bits."""
LETTERS_MOST = 500
"""Printed at once."""


def print_letters(consultation_id: int, count: int, *, by: User) -> list[str]:
    """So many more letters: their codes, which are kept nowhere. Raises Refusal at `count`."""
    if not 1 <= count <= LETTERS_MOST:
        raise Refusal(_("한 번에 1장에서 %(most)s장까지 인쇄해요.", most=LETTERS_MOST), field="count")
    codes = [letter_codes.fresh(LENGTH) for _letter in range(count)]
    with use_case(by) as work:
        consultation = operations.held(consultation_id, by, may_send_letters)
        run = 1 + (work.session.scalar(sa.select(sa.func.max(Letter.run)).filter_by(
            consultation_id=consultation.id)) or 0)
        insert_all(Letter, ("consultation_id", "run", "hash", "is_withdrawn"), [
            (consultation.id, run, queries.letter_hashes(consultation.id, code)[0], False) for code in codes])
        work.record("opinions.letters_printed", consultation, run=run, count=count)
    return codes


def withdraw(consultation_id: int, run: int, *, by: User) -> None:
    """Let the letters of a printing open nothing any more, but for those with answers; how many these are is told to
    nobody. Raises NotFound, and Conflict for what was withdrawn before."""
    with use_case(by) as work:
        consultation = operations.held(consultation_id, by, may_send_letters)
        letters = list(work.session.scalars(sa.select(Letter).filter_by(consultation_id=consultation.id, run=run)))
        if not letters:
            raise NotFound(_("이런 번호로 인쇄한 편지가 없어요."))
        if letters[0].is_withdrawn:
            raise Conflict(_("이미 거둔 편지예요."))
        for one in letters:
            one.is_withdrawn = True
        work.record("opinions.letters_withdrawn", consultation, run=run)


def why_not_signed_in(consultation: Consultation, by) -> str | None:
    """Reason against a letter for somebody who is signed in: one person counts once."""
    if not by.is_authenticated:
        return None
    if consultation.verified_only and by.person_id is None:
        return _("계정으로 한 답은 주민 확인을 받은 뒤에 세어요. 지금 편지로 답하려면 로그아웃해 주세요.")
    marks = identities.of_account(consultation.id, by)
    if queries.participant(consultation.id, [mark.value for mark in marks]):
        return _("이 계정으로 이미 답했어요. 편지는 계정이 없는 분을 위한 것이고, 두 번 답하면 두 사람으로 세게 돼요.")
    return _("로그인해 있어서 계정으로 답해요. 편지는 계정이 없는 분을 위한 것이에요. 계정으로 답할 수 없으면 로그아웃한 뒤 편지로 답해 주세요.")


def guest(consultation: Consultation, typed: str, *, by) -> Guest:
    """Whoever has the letter with this code. Raises Denied while nobody answers by letter, Conflict for somebody who is
    signed in, NotFound at `code`."""
    require(by, may_answer, Asked(consultation, guest=Basis.LINK))
    if reason := why_not_signed_in(consultation, by):
        raise Conflict(reason)
    found = Guest(Basis.LINK, letter_codes.normalised(typed)[:100])
    if not queries.holds(consultation.id, found):
        raise NotFound(_("이 코드로 답할 수 있는 편지가 없어요. 편지에 적힌 글자를 다시 확인해 주세요."), field="code")
    return found

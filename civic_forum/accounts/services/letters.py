"""Being verified by post: a code that only reaches the address, for one person, five tries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from civic_forum.district import queries as district
from civic_forum.district.models import Neighbourhood
from civic_forum.platform import keys, typed_codes
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import letter_codes
from ..identity import Identity, SEALED_NAME
from ..models import DeskCheck, Letter, User
from ..operations import SamePerson, check_age, verify_person
from ..policy import Visit, may_print_letters, may_see_account
from ..queries import people
from ..rules import TRIES, AffiliationKind, Role, StaffAct, Verification, marks_of, same_person
from . import once

BATCH = 50
SEALED = ("name_sealed", "birth_date_sealed", "address_sealed", "identity_hash", "code_hash")
"""What is thrown away when a letter ends."""
A_MONTH, LETTERS_A_MONTH = timedelta(days=30), 3


@dataclass(frozen=True)
class PrintedLetter:
    """Text of the paper, which is nowhere else. That of a notice has neither address nor code, but acts of staff."""

    id: int
    name: str
    address: str
    neighbourhood: str
    sign_in_name: str
    code: str = field(repr=False)
    acts: Sequence[DeskCheck] = ()


def request(who: Identity, address: str, neighbourhood_id: int, *, by: User) -> Letter:
    """Ask for a letter to one's address. Raises Refusal for somebody under 14, verified already, or waiting."""
    with use_case(by) as work:
        user = people.held(by.id)[by.id]
        check_age(who, work.at)
        if AffiliationKind.LIVE in people.verified_kinds(user.id):
            raise Refusal(_("이미 사는 곳을 확인했어요. 이사했다면 새 동 주민센터로 와 주세요."))
        if people.open_letter(user.id):
            raise Conflict(_("이미 신청한 우편이 있어요. 새로 신청하려면 먼저 그 신청을 거둬 주세요."))
        if people.letters_since(user.id, work.at - A_MONTH) >= LETTERS_A_MONTH:
            raise Refusal(_("우편은 한 달에 세 번까지 신청할 수 있어요. 급하면 동 주민센터로 와 주세요."))
        if district.open_neighbourhood(neighbourhood_id) is None:
            raise Refusal(_("동을 골라 주세요."), field="neighbourhood")
        letter = work.store(Letter(user_id=user.id, neighbourhood_id=neighbourhood_id, requested_at=work.at, tries=0,
                                   name_sealed=keys.seal("letter.name", who.name), identity_hash=who.hash,
                                   birth_date_sealed=keys.seal("letter.birth_date", who.birth_date.isoformat()),
                                   address_sealed=keys.seal("letter.address", address)))
        work.record("accounts.letter_requested", user, neighbourhood=neighbourhood_id)
        return letter


def cancel(*, by: User) -> None:
    """Take back one's request; a letter on its way no longer works."""
    with use_case(by) as work:
        letter = existing(people.open_letter(by.id, lock=True), lambda: NotFound(_("신청한 우편이 없어요. 화면을 새로 열어 확인해 주세요.")))
        end(letter, "cancelled", work.at)
        work.record("accounts.letter_cancelled", letter)


def print_batch(ids: Collection[int], *, by: User) -> list[PrintedLetter]:
    """Give each of these letters a code, new also for one that was printed before, and return what goes on paper.

    Raises NotFound when one of them is no longer open, Denied for one's own, for another neighbourhood's unless it is a
    notice, and for a notice of one's own act.
    """
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        wanted = sorted(set(ids))[:BATCH]
        letters = people.held_letters(wanted)
        own = any(letter.user_id == actor.id for letter in letters)
        require(actor, may_print_letters, Visit(actor if own else None,
                                                frozenset(letter.neighbourhood_id for letter in letters
                                                          if not letter.is_notice)))
        if not wanted or len(letters) != len(wanted) or any(letter.ended_at for letter in letters):
            raise NotFound(_("그 사이에 처리된 우편이 있어요. 목록을 새로 열어 다시 골라 주세요."))
        if any(same_person(user, actor) for letter in letters for user in people.who_acted(letter)):
            raise Denied(_("내가 다룬 계정의 알림은 다른 담당자가 인쇄하고 부쳐요."))
        return [_printed(letter, work) for letter in letters]


def _printed(letter: Letter, work) -> PrintedLetter:
    letter.printed_at, letter.printed_by_id, letter.tries = work.at, work.actor.id, 0
    letter.posted_at = letter.posted_by_id = None
    work.record("accounts.letter_printed", letter)
    user, place = db.session.get_one(User, letter.user_id), db.session.get_one(Neighbourhood, letter.neighbourhood_id)
    if letter.is_notice:
        return PrintedLetter(letter.id, keys.unseal(SEALED_NAME, user.person.name_sealed), "", place.name_ko,
                             user.sign_in_name or "", "", people.desk_checks(user.id))
    code = typed_codes.fresh()
    letter.code_hash = letter_codes.keyed(letter.id, letter.identity_hash, code)
    return PrintedLetter(letter.id, keys.unseal("letter.name", letter.name_sealed),
                         keys.unseal("letter.address", letter.address_sealed), place.name_ko,
                         user.sign_in_name or "", typed_codes.grouped(code))


def post_batch(ids: Collection[int], *, by: User) -> int:
    """Note that these printed letters were given to the post, which another person does than printed them; returns how
    many. Raises Denied for who is not the second person, NotFound when one of them was dealt with."""
    with use_case(by) as work:
        wanted = sorted(set(ids))[:BATCH]
        known = db.session.execute(sa.select(Letter.user_id, Letter.printed_by_id).where(Letter.id.in_(wanted))).all()
        held = people.held(by.id, *(number for row in known for number in row if number))
        require(held[by.id], may_see_account)
        letters = people.held_letters(wanted)
        if not wanted or len(letters) != len(wanted) or any(
                letter.ended_at or letter.posted_at or letter.printed_by_id not in held for letter in letters):
            raise NotFound(_("그 사이에 처리된 우편이 있어요. 목록을 새로 열어 다시 골라 주세요."))
        for letter in letters:
            about = [marks_of(user) for user in (held[letter.user_id], *people.who_acted(letter))]
            if reason := people.why_not_another(held[letter.printed_by_id], held[by.id], (Role.CLERK,), about):
                raise Denied(reason)
            letter.posted_at, letter.posted_by_id = work.at, by.id
            if letter.is_notice:
                end(letter, "posted", work.at)
            work.session.add(DeskCheck(person_id=held[letter.user_id].person_id, user_id=letter.user_id, clerk_id=by.id,
                                       neighbourhood_id=letter.neighbourhood_id, purpose=StaffAct.POSTED, at=work.at))
            work.record("accounts.letter_posted", letter)
        return len(letters)


def confirm(code: str, *, by: User) -> None:
    """Enter the code of one's letter: verified as living at that address.

    Raises Refusal for a wrong code and after five of them; Conflict (`SamePerson`) where the desk must decide.
    """
    with use_case(by) as work:
        asked_for = people.open_letter(by.id)
        namesakes = people.held(by.id, *(people.accounts_as(_person(asked_for)) if asked_for else ()))
        user = namesakes.pop(by.id)
        letter = people.open_letter(user.id, lock=True)
        if letter is None or letter.posted_at is None or letter.code_hash is None or letter != asked_for:
            raise NotFound(_("아직 보낸 우편이 없어요. 우편을 받은 뒤에 번호를 넣어 주세요."))
        refusal = _tried(user, letter, code, work, namesakes.values())
    if refusal:
        raise refusal


def _person(letter: Letter) -> Identity:
    return Identity(keys.unseal("letter.name", letter.name_sealed),
                    date.fromisoformat(keys.unseal("letter.birth_date", letter.birth_date_sealed)))


def _tried(user: User, letter: Letter, code: str, work, namesakes: Collection[User]) -> Refusal | None:
    """Result of one try; a wrong one is kept, so the refusal is raised only after the commit."""
    if not letter_codes.fits(letter.code_hash, letter.id, letter.identity_hash, typed_codes.normalised(code)):
        letter.tries += 1
        if letter.tries < TRIES:
            return Refusal(_("번호가 맞지 않아요. %(left)s번 더 넣을 수 있어요.", left=TRIES - letter.tries), field="code")
        end(letter, "used_up", work.at)
        work.record("accounts.letter_voided", letter)
        return Refusal(_("번호를 다섯 번 잘못 넣어서 이 우편은 쓸 수 없어요. 우편을 다시 신청하거나 동 주민센터로 와 주세요."))
    place = letter.neighbourhood_id
    if user.person_id is None:
        once.make_way(work, namesakes, place)
    try:
        verify_person(user, _person(letter), how=Verification.LETTER, at=work.at,
                      affiliations={AffiliationKind.LIVE: place})
    except Refusal as refusal:
        end(letter, "desk", work.at)
        work.record("accounts.letter_sent_to_desk", letter)
        return refusal if not isinstance(refusal, SamePerson) else SamePerson(_(
            "우편으로는 확인을 마칠 수 없어요. 신분증을 가지고 동 주민센터로 와 주세요. 창구에서 바로 도와 드려요."))
    end(letter, "confirmed", work.at)
    work.record("accounts.letter_confirmed", letter)
    work.record("accounts.verified", user, how=Verification.LETTER, kinds=[AffiliationKind.LIVE])
    return None


def end(letter: Letter, outcome: str, at) -> None:
    """Close a letter and throw away what was sealed."""
    letter.ended_at, letter.outcome = at, outcome
    for column in SEALED:
        setattr(letter, column, None)


def forget(days: int) -> int:
    """End letters that nobody confirmed in time, and delete those that ended as long ago; returns how many."""
    with use_case(None) as work:
        moment = work.at - timedelta(days=days)
        late = db.session.execute(sa.update(Letter).where(Letter.ended_at.is_(None), sa.func.coalesce(
            Letter.printed_at, Letter.requested_at) < moment).values(
            ended_at=work.at, outcome="expired", **dict.fromkeys(SEALED)))
        gone = db.session.execute(sa.delete(Letter).where(Letter.ended_at < moment))
        return late.rowcount + gone.rowcount

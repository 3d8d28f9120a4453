"""Verifying people at the desk, namesakes, and what people say of work and study here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from civic_forum.district import queries as district
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.i18n import Language, _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import desk_numbers
from .. import operations as codes
from ..documents import Document, REQUIRED
from ..identity import Identity
from ..models import AccessRecord, Person, User
from ..operations import Affiliations, ToldApart, count_residency, put_affiliation, verify_person
from ..policy import Visit, may_change_own, may_open_account, may_verify
from ..queries import people
from ..queries.users import by_name
from ..rules import (AffiliationKind, Evidence, Purpose, StaffAct, Verification, may_be_chosen, nickname_fits,
                     sign_in_key)
from ..wrong_names import note_wrong_name, refuse_guessing
from . import staff_acts

DECLARED = (AffiliationKind.WORK, AffiliationKind.STUDY)
SECOND_CLICK = timedelta(minutes=10)


def account_at_desk(typed: str, who: Identity, *, by: User) -> User:
    """The account of somebody at the desk, by the desk number that it shows to whoever is signed in to it.

    The sign-in name alone serves only where the account was verified as this very person before, or a clerk could be
    led to verify the account of somebody else. Raises Refusal for anything else; a number that does not hold is
    audited.
    """
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_verify, None)
        refuse_guessing(work, actor)
        meant = db.session.get(User, desk_numbers.account_in(typed) or 0)
        named = by_name(typed)
        if meant is not None and desk_numbers.holds(typed, work.at):
            return meant
        if named is not None and named.person is not None and who.fits(named.person):
            return named
        if named is not None and named.person is not None:
            note_wrong_name(work, named)
        elif meant is not None:
            work.record("accounts.desk_number_refused", meant)
    raise Refusal(_("창구 번호가 맞지 않거나 시간이 지났어요. 본인이 로그인해서 내 정보의 주민 확인 화면을 새로 열고, 거기 나온 "
                    "번호를 보여 달라고 해 주세요. 로그인 이름은 전에 확인한 분만 쓸 수 있어요."), field="desk_number")


def verify(user: User, who: Identity, *, affiliations: Affiliations, evidence: Evidence,
           told_apart: ToldApart | None = None, by: User) -> Person:
    """A clerk has seen who the holder of this account is, and where they live, work or study.

    Raises SamePerson (`operations.verify_person`) when the clerk has to tell people apart first.
    """
    with use_case(by) as work:
        held = people.held(by.id, user.id)
        actor, user = held[by.id], held[user.id]
        require(actor, may_verify, Visit(user, _places(affiliations)))
        if not user.is_active:
            raise Refusal(_("쓸 수 없는 계정이에요. 로그인 이름이나 창구 번호를 다시 확인해 주세요."), field="desk_number")
        staff_acts.bind(work, user)
        person = verify_person(user, who, how=Verification.DESK, affiliations=affiliations, at=work.at,
                               told_apart=told_apart)
        _note(work, person, user, StaffAct.VERIFY, evidence, affiliations, told_apart)
        return person


def open_account(sign_in_name: str, nickname: str, who: Identity, *, affiliations: Affiliations, evidence: Evidence,
                 told_apart: ToldApart | None = None, language: Language = Language.KO, by: User) -> tuple[User, str]:
    """Open an account for somebody at the desk; returns it with the one-time starting code.

    A second click within ten minutes gives the same account a fresh code. Raises Conflict for a
    name in use, SamePerson as `verify` does.
    """
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_open_account, Visit(None, _places(affiliations)))
        _check_names(sign_in_name, nickname)
        user = by_name(sign_in_name)
        if user is not None and not _just_opened(user, who, work):
            raise Conflict(_("이 로그인 이름은 쓸 수 없어요. 다른 이름을 넣어 주세요."), field="new_name")
        if user is None:
            user = codes.add_user(work.session, name=sign_in_name, password_hash=None, nickname=nickname, at=work.at,
                                  language=language, opened_by_id=actor.id)
            for document in (Document.AGE, *REQUIRED):
                codes.note_consent(user, document, agreed=True, at=work.at)
            person = verify_person(user, who, how=Verification.DESK, affiliations=affiliations, at=work.at,
                                   told_apart=told_apart)
            _note(work, person, user, StaffAct.OPEN_ACCOUNT, evidence, affiliations, told_apart)
        elif user.staff_act_confirmed:
            raise Conflict(_("다른 담당자가 이미 확인한 계정이에요. 새 비밀번호 코드는 비밀번호 코드 화면에서 드려 주세요."), field="new_name")
        return user, codes.issue_code(work.session, user.id, Purpose.DESK_RESET, at=work.at, by_id=actor.id)


def recognise(person_id: int, who: Identity, *, evidence: Evidence, by: User) -> AccessRecord:
    """The clerk found that somebody at the desk already has a verified account; leads to that account."""
    with use_case(by) as work:
        user = people.account_of(person_id)
        actor = people.held(*{by.id, user.id if user else by.id})[by.id]
        require(actor, may_verify, None)
        if user is not None and user.id == actor.id:
            raise Denied(_("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요."))
        refuse_guessing(work, actor, user)
        if user is not None and user.person is not None and who.fits(user.person):
            staff_acts.note(work, user, StaffAct.TOLD_APART, place=people.home(user), evidence=evidence)
            record = work.store(AccessRecord(by_id=actor.id, user_id=user.id, reason=_("창구에서 같은 사람임을 확인"), at=work.at))
            work.record("accounts.recognised", user)
            return record
        note_wrong_name(work, user)
    raise NotFound(_("그런 분을 찾지 못했어요. 처음부터 다시 해 주세요."))


def declare(kind: AffiliationKind, neighbourhood_id: int, *, by: User) -> None:
    """Say that one works or studies in a neighbourhood; a verified place is replaced only by another one."""
    with use_case(by) as work:
        user = people.held(by.id)[by.id]
        require(by, may_change_own, user)
        if kind not in DECLARED:
            raise Refusal(_("사는 곳은 동 주민센터나 우편으로 확인해요."), field="kind")
        if district.open_neighbourhood(neighbourhood_id) is None:
            raise Refusal(_("동을 골라 주세요."), field="neighbourhood")
        known = {affiliation.kind: affiliation for affiliation in people.affiliations(user.id)}.get(kind)
        if known and known.neighbourhood_id == neighbourhood_id:
            return
        put_affiliation(user, kind, neighbourhood_id, how=Verification.DECLARED, at=work.at)
        count_residency(user)
        work.record("accounts.affiliation_declared", user, kind=kind)


def withdraw(kind: AffiliationKind, *, by: User) -> None:
    """No longer work or study here. Where one lives is changed at the desk."""
    with use_case(by) as work:
        user = people.held(by.id)[by.id]
        require(by, may_change_own, user)
        known = {affiliation.kind: affiliation for affiliation in people.affiliations(user.id)}.get(kind)
        if known is None or kind not in DECLARED:
            raise NotFound(_("지울 내용이 없어요. 화면을 새로 열어 확인해 주세요."))
        db.session.delete(known)
        db.session.flush()
        count_residency(user)
        work.record("accounts.affiliation_withdrawn", user, kind=kind)


def _check_names(sign_in_name: str, nickname: str) -> None:
    key = sign_in_key(sign_in_name)
    if key is None or not may_be_chosen(key):
        raise Refusal(_("로그인 이름은 영어 소문자와 숫자로 4자부터 30자까지 쓸 수 있어요."), field="new_name")
    if not nickname_fits(nickname):
        raise Refusal(_("별명은 2자부터 20자까지 쓸 수 있어요. 구청이나 운영자로 보이는 말은 쓸 수 없어요."), field="nickname")


def _places(affiliations: Affiliations) -> frozenset[int]:
    if not affiliations:
        raise Refusal(_("사는 곳, 일하는 곳, 다니는 학교 가운데 하나는 골라 주세요."), field="kinds")
    return frozenset(affiliations.values())


def _just_opened(user: User, who: Identity, work: Work) -> bool:
    return (user.opened_by_id == work.actor.id and user.password_hash is None and user.person is not None
            and who.fits(user.person) and work.at - user.created_at <= SECOND_CLICK)


def _note(work: Work, person: Person, user: User, act: StaffAct, evidence: Evidence, affiliations: Affiliations,
          told_apart: ToldApart | None) -> None:
    """Write the desk check and the audit entry; a second look is one more of each."""
    acts = [act] if told_apart is None else [act, StaffAct.TOLD_APART]
    staff_acts.note(work, user, *acts, place=next(iter(affiliations.values())), evidence=evidence)
    if told_apart is not None:
        work.record("accounts.told_apart", f"person:{person.id}", among=told_apart.among,
                    same=told_apart.same_as is not None)
    if act is StaffAct.OPEN_ACCOUNT:
        work.record("accounts.account_opened", user)
    work.record("accounts.verified", user, how=Verification.DESK, kinds=sorted(affiliations))


@dataclass(frozen=True)
class Namesake:
    """As much of a verified person as telling apart needs."""

    person_id: int
    verified_at: datetime
    neighbourhood: str | None
    sign_in_name: str | None
    """Its beginning and end only; None for a person without an account."""


def compare(who: Identity, *, by: User) -> list[Namesake]:
    """Everybody of this name and birthday; that the clerk saw them goes into the access log first. Raises TooMany for
    who asked for nobody too often today."""
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_verify)
        refuse_guessing(work, actor)
        persons = people.namesakes(who)
        if not persons:
            note_wrong_name(work)
        accounts = people.accounts_of([person.id for person in persons])
        for account in accounts.values():
            work.session.add(AccessRecord(by_id=actor.id, user_id=account.id, at=work.at,
                                          reason=_("창구에서 같은 이름과 생년월일을 견줌")))
        work.record("accounts.namesakes_compared", f"user:{actor.id}", found=len(persons))
        return [_namesake(person, accounts.get(person.id)) for person in persons]


def _namesake(person, account: User | None) -> Namesake:
    place = account.neighbourhood if account else None
    return Namesake(person.id, person.created_at, place.name if place else None,
                    masked(account.sign_in_name) if account and account.sign_in_name else None)


def masked(name: str) -> str:
    """`ha***21`."""
    return f"{name[:2]}***{name[-2:]}"

"""Items become somebody's by number and code; what somebody has already, or what won, by two clerks. At the window they
are found by name."""

from datetime import timedelta

from civic_forum.accounts.identity import opened as identity_of
from civic_forum.accounts.models import AccessRecord, User
from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST, Role, same_person
from civic_forum.blocks import submissions
from civic_forum.blocks.submissions import Submission
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.forums import queries as forums
from civic_forum.forums.registration import operations as registrations
from civic_forum.platform.errors import Conflict, Denied
from civic_forum.platform.folding import folded
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals import operations as proposals

from .. import queries, rules, services
from ..events import ClaimBegun, ClaimSettled
from ..models import IntakeItem
from ..policy import may_claim, may_settle_claims
from ..rules import KIND, Became, WindowAct
from .models import Claim

NAME_LEAST, NAME_MOST = 2, 60


def claim(number: str, code: str, *, by: User) -> Claim:
    """Say with the code on its slip that an item is one's own: at once where it is nobody's, else it waits for two
    clerks and its owner is told. Raises Refusal, Denied."""
    item_id = services.opened(number, code).id
    with use_case(by) as work:
        user = people.held(by.id)[by.id]
        item = queries.locked(item_id)
        require(user, may_claim)
        submission = _standing(work, item)
        if not submissions.opens(submission, code):
            raise queries.missing()
        if (known := queries.claim_of(item.id, user.id)) is not None:
            if submission.owner_id == user.id and item.became is Became.PROPOSAL and not queries.has_won(item):
                _grant(work, known)
            return known
        made = Claim(item=item, user=user, at=work.at, is_granted=False)
        work.session.add(made)
        work.session.flush()
        work.record("intake.claimed", item)
        if submission.owner_id is None and _fits(submission, user) and not queries.has_won(item) \
                and not _handled(work, item, user):
            _grant(work, made)
        elif submission.owner_id is not None:
            work.emit(ClaimBegun(made.id))
        return made


def _standing(work: Work, item: IntakeItem) -> Submission:
    submission = submissions.held(work.session, KIND, item.number)
    if submission is None or not submission.stands:
        raise Conflict(_("이미 거둔 것이에요."))
    return submission


def _fits(submission: Submission, user: User) -> bool:
    """True where no name was ever left with it, or that of this person."""
    contact = submissions.contact(submission)
    if contact is None:
        return submission.forget_on is None
    return user.person is not None and folded(identity_of(user.person).name) in folded(
        rules.name_in(contact))


def _handled(work: Work, item: IntakeItem, user: User) -> bool:
    """True for who typed it, read it or sorted it: they may know the code of somebody else."""
    known = {item.typed_by_id, item.checked_by_id, item.sorted_by_id} - {None}
    return any(same_person(work.session.get_one(User, user_id), user) for user_id in known)


def _grant(work: Work, claim: Claim) -> None:
    """It is theirs; of the proposal that it became they are the author."""
    item, submission = claim.item, _standing(work, claim.item)
    submission.owner_id, claim.ended_at, claim.is_granted = claim.user_id, work.at, True
    if item.became is Became.PROPOSAL and item.about is not None:
        proposals.hand_to(work, item.about.id, claim.user_id)
    if item.act is WindowAct.REGISTRATION and item.about is not None:
        forums.locked(item.about.id)
        registrations.hand_to(submission.id, claim.user_id)
    work.record("intake.claim_granted", item)
    work.emit(ClaimSettled(claim.id))


def _held(subject: str, signers: frozenset[int]) -> Claim:
    people.held(*signers)
    waiting = queries.claim(int(subject.removeprefix("intake_claim:")))
    queries.locked(waiting.item_id)
    return queries.claim(waiting.id)


SETTLING: TwoPeople[Claim] = TwoPeople(
    name="intake.settling", strength=Strength.PLAIN, lasts=timedelta(days=14), held=_held,
    may=may_settle_claims,
    shown=lambda claim: [claim.item.number, claim.item.text, claim.item.submission.owner_id, claim.user_id],
    about=lambda claim: [people.marks_of(claim.user)], held_for=people.held_for, carry_out=_grant,
    signatory=people.signatory_of(Role.MODERATOR, Role.CLERK))


def subject_of(claim_id: int) -> str:
    return f"intake_claim:{claim_id}"


def decline(subject: str, *, by: User) -> Claim:
    """It stays as it was. Raises Denied, NotFound."""
    with use_case(by) as work:
        claim = _held(subject, frozenset((by.id,)))
        require(by, may_settle_claims, claim)
        owner = work.session.get(User, claim.item.submission.owner_id or 0)
        if any(user and same_person(user, by) for user in (owner, claim.user)):
            raise Denied(_("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요."))
        claim.ended_at = work.at
        if (act := SETTLING.pending(subject, lock=True)) is not None:
            act.ended_at = work.at
        work.record("intake.claim_declined", claim.item)
        work.emit(ClaimSettled(claim.id))
        return claim


def look_up(name: str, reason: str, *, by: User) -> list[IntakeItem]:
    """Items with which somebody of this name left how to reach them, as long as that is kept; who looked is on record
    with the reason. Raises Refusal, Denied."""
    name, reason = words_given(name, NAME_LEAST, NAME_MOST, "name"), words_given(
        reason, LOOK_UP_LEAST, LOOK_UP_MOST, "reason")
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_settle_claims)
        require_proof(by, work.at)
        items = [item for item in queries.with_contacts() if folded(name) in folded(
            rules.name_in(submissions.contact(item.submission) or ""))]
        work.session.add(AccessRecord(by_id=by.id, reason=reason, at=work.at, what="intake", how_many=len(items)))
        work.record("intake.looked_up", "submission", count=len(items))
        return items

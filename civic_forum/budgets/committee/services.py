"""The committee (참여예산위원회): who sits on it, whom each member recommends, and what stays of that: the sums.

Nobody reads how many recommend a project before the votes are fixed, and nobody ever reads who recommends it.
"""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.ballots.box.watching import announce
from civic_forum.blocks.seats import SeatFault
from civic_forum.bodies import operations as seats
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.plain_text import clean
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..events import RoundEdited
from .. import queries as budgets
from ..models import BudgetRound
from ..operations import keep_in_step
from ..policy import barred_from, may_decide
from ..projects.models import Project
from . import operations, queries
from .models import CommitteeMark, CommitteeMember
from .policy import OWN_ENVELOPE, is_over, may_correct, may_fix, may_name, may_recommend
from .rules import LEAST_BALLOTS, MOST_MEMBERS, MOST_NOTE, Sums, added_up, enough, may_be_fixed, most_votes_fit


def look_up(round_id: int, sign_in_name: str, *, by: User) -> int | None:
    """The id of the account with this sign-in name, or None. That somebody looked is written down either way."""
    with use_case(by) as work:
        budget_round = budgets.locked(round_id)
        require(by, may_name, budget_round)
        user = users.by_name(sign_in_name) if sign_in_name else None
        is_known = user is not None and user.is_active
        work.record("budgets.committee_looked_up", budget_round, found=is_known)
        return user.id if is_known else None


def name(round_id: int, user_id: int, *, by: User) -> CommitteeMember:
    """Somebody sits on the committee from now on. Raises Conflict for somebody who already does."""
    with use_case(by) as work:
        budget_round = budgets.locked(round_id)
        require(by, may_name, budget_round)
        member = seats.appoint(work, CommitteeMember, budget_round.id, user_id, field="name", faults={
            SeatFault.TWICE: _("이미 위원이에요."),
            SeatFault.FULL: _("위원은 %(most)s명까지 둘 수 있어요.", most=MOST_MEMBERS)})
        work.record("budgets.committee_named", budget_round, user=user_id)
        return member


def take_out(round_id: int, member_id: int, *, by: User) -> None:
    """Somebody leaves the committee with all they marked. Raises NotFound where they are gone already."""
    with use_case(by) as work:
        budget_round = budgets.locked(round_id)
        require(by, may_name, budget_round)
        member = queries.member(budget_round.id, member_id)
        work.record("budgets.committee_taken_out", budget_round, user=member.user_id)
        operations.forget(work.session, member)


def recommend(round_id: int, codes: Collection[str], *, finished: bool = False, by: User) -> CommitteeMember:
    """Replace the member's marks by these; with `finished` they are counted when the votes are fixed.

    Raises Refusal for a project that does not stand to choice, Conflict for somebody who has finished.
    """
    with use_case(by) as work:
        budget_round, member = _of(round_id, by)
        if member.finished_at is not None:
            raise Conflict(_("이미 마쳤어요. 고치려면 먼저 다시 열어 주세요."))
        fit = queries.fit(budget_round.id)
        known = {project.code: project.id for project in fit}
        if not set(codes) <= set(known):
            raise Refusal(_("고른 사업 가운데 지금은 심사 대상이 아닌 것이 있어요. 화면을 새로 열고 다시 골라 주세요."))
        barred = barred_from(by, budgets.by_envelope(budget_round.id))
        if any(project.envelope_id in barred for project in fit if project.code in codes):
            raise Refusal(OWN_ENVELOPE)
        work.session.execute(sa.delete(CommitteeMark).filter_by(member_id=member.id))
        work.session.add_all(CommitteeMark(member_id=member.id, project_id=known[code]) for code in sorted(set(codes)))
        if finished:
            member.finished_at = work.at
            work.record("budgets.committee_finished", member)
        return member


def reopen(round_id: int, *, by: User) -> CommitteeMember:
    """The member goes on marking; until they finish again they do not count."""
    with use_case(by) as work:
        _round, member = _of(round_id, by)
        if member.finished_at is None:
            raise Conflict(_("아직 마치지 않았어요. 그대로 고칠 수 있어요."))
        member.finished_at = None
        work.record("budgets.committee_reopened", member)
        return member


def fix(round_id: int, *, by: User) -> Sums:
    """Add up what the members who finished recommend, write down the sums and delete the marks.

    Raises Conflict while the phase goes on and somebody has not finished, and for fewer than `LEAST_BALLOTS`.
    """
    with use_case(by) as work:
        budget_round = budgets.locked(round_id)
        require(by, may_fix, budget_round)
        members = queries.members(budget_round.id)
        finished = {member.id for member in members if member.finished_at is not None}
        over = is_over(budget_round, work.at)
        if not enough(len(finished)) and (over or len(finished) == len(members)):
            raise Conflict(_("마친 위원이 %(least)s명보다 적어서 확정할 수 없어요. 그보다 적으면 누가 무엇을 권했는지 드러나요. "
                             "위원을 더 올려 심사하거나, 모임에서 종이로 심사한 결과를 적어 주세요.", least=LEAST_BALLOTS))
        if not may_be_fixed(len(members), len(finished), over=over):
            raise Conflict(_("위원이 모두 마치거나 심사 기간이 끝난 뒤에 확정할 수 있어요."))
        projects = queries.locked_fit(budget_round.id)
        marks = _counted_marks(budget_round, [member for member in members if member.id in finished], projects)
        sums = added_up((project.id for project in projects), finished, marks)
        _write(work, budget_round, projects, sums)
        return sums


def _counted_marks(budget_round: BudgetRound, finished: list[CommitteeMember],
                   projects: list[Project]) -> list[tuple[int, int]]:
    """Without those of members in an envelope in which a project of their own competes. Raises Conflict for an envelope
    in which too few are left."""
    proposers = budgets.by_envelope(budget_round.id)
    envelope_of = {project.id: project.envelope_id for project in projects}
    barred = {member.id: barred_from(member.user, proposers) for member in finished}
    for envelope in budget_round.envelopes:
        free = sum(envelope.id not in barred[member.id] for member in finished)
        if envelope.id in envelope_of.values() and not enough(free):
            raise Conflict(_("%(name)s: 그 배정 예산에 자기 사업이 없는 위원 %(least)s명 이상이 마쳐야 확정할 수 있어요.", name=envelope.name,
                             least=LEAST_BALLOTS))
    return [(member, project) for member, project in queries.marks(budget_round.id)
            if member in barred and envelope_of.get(project) not in barred[member]]


def enter(round_id: int, members: int, votes: Mapping[str, int], note: str, *, by: User) -> Sums:
    """Write down the sums of a meeting on paper: members who voted, and by code how many recommend each project.

    Raises Refusal, with the field, for what cannot be: votes of more than all members, a project without a sum.
    """
    with use_case(by) as work:
        budget_round = budgets.locked(round_id)
        require(by, may_fix, budget_round)
        _refuse_own(budget_round, by)
        if not 1 <= members <= MOST_MEMBERS:
            raise Refusal(_("1명부터 %(most)s명까지 적어 주세요.", most=MOST_MEMBERS), field="members")
        if not enough(members):
            raise Refusal(_("위원 %(least)s명 이상이 표를 낸 심사만 적을 수 있어요. 그보다 적으면 누가 무엇을 권했는지 드러나요.",
                            least=LEAST_BALLOTS), field="members")
        note = clean(note)
        if not note or len(note) > MOST_NOTE:
            raise Refusal(_("언제 어디에서 모였는지 300자 안으로 적어 주세요."), field="note")
        refuse_secret(note=note)
        projects = queries.locked_fit(budget_round.id)
        if set(votes) != {project.code for project in projects}:
            raise Conflict(_("그 사이에 심사 대상이 바뀌었어요. 화면을 새로 열고 다시 적어 주세요."))
        if not most_votes_fit(members, votes.values()):
            raise Refusal(_("어느 사업도 위원 수보다 많은 표를 받을 수 없어요."), field="members")
        sums = Sums(members, {project.id: votes[project.code] for project in projects})
        budget_round.committee_note = note
        _write(work, budget_round, projects, sums)
        return sums


def complete(round_id: int, votes: Mapping[str, int], *, by: User) -> BudgetRound:
    """Write down how many of the same members recommend the projects that became fit only after the votes were fixed.

    `votes` names all of them by code. Raises Conflict where none is missing, Refusal for more than all members.
    """
    with use_case(by) as work:
        budget_round = budgets.locked(round_id)
        require(by, may_correct, budget_round)
        _refuse_own(budget_round, by)
        projects = [project for project in queries.locked_fit(budget_round.id) if project.committee_votes is None]
        if not projects or set(votes) != {project.code for project in projects}:
            raise Conflict(_("그 사이에 심사 대상이 바뀌었어요. 화면을 새로 열고 다시 적어 주세요."))
        if not most_votes_fit(budget_round.committee_size, votes.values()):
            raise Refusal(_("어느 사업도 위원 수보다 많은 표를 받을 수 없어요."))
        for project in projects:
            project.committee_votes = votes[project.code]
        _told(work, budget_round, "budgets.committee_completed", projects=len(projects))
        return budget_round


def annul(round_id: int, reason: str, *, by: User) -> BudgetRound:
    """Take fixed votes back, so that the committee begins anew: its members, or a meeting on paper.

    The reason becomes a public notice.
    """
    with use_case(by) as work:
        budget_round = budgets.locked(round_id)
        require(by, may_correct, budget_round)
        _refuse_own(budget_round, by)
        reason = clean(reason)
        if not reason or len(reason) > MOST_NOTE:
            raise Refusal(_("이유를 300자 안으로 적어 주세요. 모두에게 알려요."), field="reason")
        refuse_secret(reason=reason)
        for project in queries.locked_decided(budget_round.id):
            project.committee_votes = None
        for member in queries.members(budget_round.id):
            member.finished_at = None
        budget_round.committee_size, budget_round.committee_fixed_at, budget_round.committee_note = 0, None, None
        announce(work, budgets.subject(budget_round.id), kind="notice", title=_("위원회 심사를 다시 해요"), text=reason)
        _told(work, budget_round, "budgets.committee_annulled")
        return budget_round


def _refuse_own(budget_round: BudgetRound, by: User) -> None:
    """Refuse somebody whose own project it is about to type the committee's votes in."""
    require(by, may_decide, budgets.proposers([envelope.id for envelope in budget_round.envelopes]))


def _of(round_id: int, by: User) -> tuple[BudgetRound, CommitteeMember]:
    """The round, locked, and the member who acts."""
    budget_round = budgets.locked(round_id)
    member = queries.member_of(budget_round.id, by.id)
    require(by, may_recommend, (budget_round, member))
    return budget_round, member


def _write(work: Work, budget_round: BudgetRound, projects: list[Project], sums: Sums) -> None:
    """The sums stay; who gave them does not."""
    if not projects:
        raise Conflict(_("아직 심사할 사업이 없어요."))
    for project in projects:
        project.committee_votes = sums.votes[project.id]
    budget_round.committee_size, budget_round.committee_fixed_at = sums.members, work.at
    work.session.execute(sa.delete(CommitteeMark).where(CommitteeMark.member_id.in_(
        sa.select(CommitteeMember.id).filter_by(round_id=budget_round.id))))
    _told(work, budget_round, "budgets.committee_fixed", members=sums.members, projects=len(projects),
          on_paper=budget_round.committee_note is not None)


def _told(work: Work, budget_round: BudgetRound, action: str, **details) -> None:
    """Boxes that are prepared say what the committee says now."""
    budget_round.version += 1
    keep_in_step(work.session, budget_round)
    work.record(action, budget_round, **details)
    work.emit(RoundEdited(budget_round.id))

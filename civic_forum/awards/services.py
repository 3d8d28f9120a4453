"""A round of awards from its beginning to its publication."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.agendas import operations as agendas
from civic_forum.blocks.seats import SeatFault
from civic_forum.bodies import operations as seats
from civic_forum.journeys import operations as journeys
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case
from civic_forum.proposals.queries import records as proposals

from . import policy, queries, rules
from .events import AwardPublished, ProposalNominated
from .models import AwardJuror, AwardNominee, AwardRound, AwardScore
from .rules import RoundState


def begin(year: int | None, name: str, criteria: Sequence[str], winners: int | None, scores_until: date, *,
          by: User) -> AwardRound:
    """Open a round for nominations."""
    name = words_given(name, rules.NAME_LEAST, rules.NAME_MOST, "name")
    if year not in rules.YEARS:
        raise Refusal(_("연도를 2026처럼 적어 주세요."), field="year")
    if winners is None or not 1 <= winners <= rules.MOST_WINNERS:
        raise Refusal(_("몇 위까지 상을 줄지 1부터 %(most)s까지 적어 주세요.", most=rules.MOST_WINNERS), field="winners")
    if not 1 <= len(criteria) <= rules.MOST_CRITERIA or len(set(criteria)) < len(criteria):
        raise Refusal(_("심사 기준을 한 줄에 하나씩 %(most)s개까지 서로 다르게 적어 주세요.", most=rules.MOST_CRITERIA), field="criteria")
    criteria = [words_given(criterion, rules.CRITERION_LEAST, rules.CRITERION_MOST, "criteria")
                for criterion in criteria]
    if scores_until < local(clock.now()).date():
        raise Refusal(_("심사 기한은 오늘이나 그 뒤로 정해 주세요."), field="scores_until")
    with use_case(by) as work:
        require(by, policy.may_manage)
        if work.session.scalar(sa.select(AwardRound.id).filter_by(year=year, name=name)):
            raise Conflict(_("같은 해에 이름이 같은 포상이 있어요."), field="name")
        made = AwardRound(year=year, name=name, criteria=criteria, winners=winners, scores_until=scores_until,
                          state=RoundState.NOMINATING, created_by_id=by.id, created_at=work.at)
        work.session.add(made)
        work.record("awards.begun", made)
        return made


def nominate(round_id: int, number: str, why: str, *, by: User) -> AwardNominee:
    """Put a proposal up that the office answered well; its journey says so, and the author may decline."""
    why = words_given(why, rules.WHY_LEAST, rules.WHY_MOST, "why")
    with use_case(by) as work:
        panel = queries.panel(round_id, lock=True)
        require(by, policy.may_nominate, panel.round)
        known = proposals.numbered(number)
        if known is None:
            raise Refusal(_("이런 접수번호의 제안이 없어요. 2026-0412처럼 적어 주세요."), field="number")
        proposal = proposals.locked(known.id)
        if reason := policy.why_not_worth(by, proposal, queries.last_outcome(proposal.id)):
            raise Refusal(reason, field="number")
        if proposal.id in {case.proposal.id for case in panel.cases}:
            raise Conflict(_("이미 후보에 오른 제안이에요."), field="number")
        if len(panel.cases) >= rules.MOST_NOMINEES:
            raise Refusal(_("후보는 %(most)s개까지예요.", most=rules.MOST_NOMINEES), field="number")
        nominee = AwardNominee(round_id=round_id, proposal_id=proposal.id, why=why, by_id=by.id, at=work.at)
        work.session.add(nominee)
        journeys.add(work.session, proposal.journey_id, "nominated", at=work.at, evidence=_called(panel.round))
        work.record("awards.nominated", nominee)
        work.emit(ProposalNominated(nominee.id, proposal.id))
        return nominee


def choose_juror(round_id: int, user_id: int | None, *, by: User) -> None:
    """Take somebody with a role into the jury."""
    with use_case(by) as work:
        panel = queries.panel(round_id, lock=True)
        require(by, policy.may_prepare, panel.round)
        user = people.held(user_id).get(user_id) if user_id else None
        if user is None or not user.is_active or not user.roles:
            raise Refusal(_("심사위원은 역할이 있는 회원 가운데서 골라 주세요."), field="juror")
        seats.appoint(work, AwardJuror, round_id, user.id, field="juror", faults={
            SeatFault.TWICE: _("이미 심사위원이에요."),
            SeatFault.FULL: _("심사위원은 %(most)s명까지예요.", most=rules.MOST_JURY)})
        work.record("awards.juror_chosen", panel.round, user=user.id)


def begin_scoring(round_id: int, *, by: User) -> None:
    """From here on nominees and jury stay as they are."""
    with use_case(by) as work:
        panel = queries.panel(round_id, lock=True)
        require(by, policy.may_prepare, panel.round)
        if len(panel.jury) < rules.LEAST_JURY or not panel.standing:
            raise Conflict(_("심사위원 %(least)s명과 후보 하나가 있어야 심사를 시작할 수 있어요.", least=rules.LEAST_JURY))
        panel.round.state = RoundState.SCORING
        work.record("awards.scoring_begun", panel.round)


def score(nominee_id: int, points: Sequence[int | None], *, by: User) -> None:
    """Hand a sheet in, once."""
    with use_case(by) as work:
        case = _locked(nominee_id)
        actor = people.held(by.id)[by.id]
        require(actor, policy.may_score, case)
        if not rules.points_fit(points, len(case.round.criteria)):
            raise Refusal(_("기준마다 0점부터 %(most)s점까지 적어 주세요.", most=rules.MOST_POINTS))
        work.session.add(AwardScore(nominee_id=nominee_id, juror_id=actor.id, points=list(points), at=work.at))
        work.record("awards.scored", case.nominee)


def decline(nominee_id: int, *, by: User) -> None:
    """The author does not want to be considered."""
    with use_case(by) as work:
        case = _locked(nominee_id)
        require(by, policy.may_decline, case)
        case.nominee.declined_at = work.at
        work.record("awards.declined", case.nominee)


def publish(round_id: int, reasons: Mapping[int, str], *, by: User) -> AwardRound:
    """Fix the places and show them with a reason for each that is awarded, and the scores without names."""
    with use_case(by) as work:
        panel = queries.panel(round_id, lock=True)
        require(by, policy.may_publish, panel)
        agendas.locked(case.proposal.id for case in panel.cases)
        panel = queries.panel(round_id, lock=True)
        places, winners = panel.places, [case for case in panel.ranked if panel.is_awarded(case)]
        if not winners:
            raise Conflict(_("심사를 마친 후보가 없어서 발표할 수 없어요."))
        for case in winners:
            field = f"reason_{case.nominee.id}"
            case.nominee.reason = words_given(reasons.get(case.nominee.id), rules.WHY_LEAST, rules.WHY_MOST, field)
        for case in panel.cases:
            case.nominee.place = places.get(case.nominee.id)
        panel.round.state, panel.round.published_at = RoundState.PUBLISHED, work.at
        for case in winners:
            evidence = _("%(round)s %(place)s위", round=_called(panel.round), place=case.nominee.place)
            journeys.add(work.session, case.proposal.journey_id, "awarded", at=work.at, evidence=evidence,
                         link=f"/awards/{round_id}")
        work.record("awards.published", panel.round, awarded=len(winners))
        work.emit(AwardPublished(round_id, tuple(case.proposal.id for case in winners)))
        return panel.round


def _called(round_: AwardRound) -> str:
    return _("%(year)s년 %(name)s", year=round_.year, name=round_.name)


def _locked(nominee_id: int) -> queries.AwardCase:
    """The round first, as everywhere, then what is in it as it is now."""
    queries.panel(queries.case(nominee_id).round.id, lock=True)
    return queries.case(nominee_id)

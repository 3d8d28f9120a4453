"""Choice groups, and groups of which only one project can win."""

from collections.abc import Collection

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform import text_checks
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..models import BudgetRound, ChoiceGroup, Envelope, ExclusionGroup
from ..projects.models import Project
from ..policy.acting import may_edit
from ..policy.interests import may_decide
from ..queries import interests
from ..queries import preparing as queries
from ..process import PROCESS
from ..queries import records
from ..rules import parts
from ..rules.parts import LONGEST, Grouping


def group(round_id: int, slug: str, part: Grouping, *, group_id: int | None = None, version: int,
          by: User) -> ChoiceGroup:
    """Make a choice group of an envelope (`group_id` None), or say one anew. A project stands in one at most.

    Raises Refusal at the field, NotFound for a group that is gone.
    """
    with use_case(by) as work:
        budget_round = PROCESS.held(round_id, version, may_edit, by)
        envelope = records.envelope(budget_round, slug)
        require(by, may_decide, interests.proposers({envelope.id}))
        _check(envelope, part, group_id)
        row = _of(envelope, group_id) if group_id else ChoiceGroup(
            envelope_id=envelope.id, position=max((one.position for one in envelope.groups), default=0) + 1)
        row.name, row.min_choices, row.max_choices = part.name.strip(), part.min_choices, part.max_choices
        work.session.add(row)
        work.session.flush()
        _fill(budget_round, [envelope.id], "group_id", row.id, part.codes)
        work.session.expire(envelope, ["groups"])
        PROCESS.finish(work, budget_round, part="group", group=row.id)
        return row


def ungroup(round_id: int, slug: str, group_id: int, *, version: int, by: User) -> None:
    """Take a choice group away; its projects stay in the envelope."""
    with use_case(by) as work:
        budget_round = PROCESS.held(round_id, version, may_edit, by)
        envelope = records.envelope(budget_round, slug)
        require(by, may_decide, interests.proposers({envelope.id}))
        row = _of(envelope, group_id)
        _fill(budget_round, [envelope.id], "group_id", row.id, ())
        work.session.delete(row)
        work.session.flush()
        work.session.expire(envelope, ["groups"])
        PROCESS.finish(work, budget_round, part="group_removed", group=group_id)


def exclude(round_id: int, why: str, codes: Collection[str], *, exclusion_id: int | None = None, version: int,
            by: User) -> ExclusionGroup:
    """Say of which projects of one envelope only one can win, and why; or say it anew.

    Raises Refusal at the field, NotFound for a group that is gone.
    """
    with use_case(by) as work:
        budget_round = PROCESS.held(round_id, version, may_edit, by)
        why = text_checks.words_given(why, 5, LONGEST["why"], "why")
        if len(set(codes)) < 2:
            raise Refusal(_("두 개 이상을 골라 주세요."), field="codes")
        envelopes = {one.envelope_id for one in _named(budget_round, codes)}
        if len(envelopes) != 1:
            raise Refusal(_("같은 배정 예산의 사업만 함께 묶을 수 있어요."), field="codes")
        row = _excluding(budget_round, exclusion_id) if exclusion_id else ExclusionGroup()
        if row.id is None and sum(len(one.exclusions) for one in budget_round.envelopes) >= parts.MOST_EXCLUSIONS:
            raise Conflict(_("묶음은 %(most)s개까지 둘 수 있어요.", most=parts.MOST_EXCLUSIONS))
        require(by, may_decide, interests.proposers(envelopes | ({row.envelope_id} if row.envelope_id else set())))
        row.envelope_id, row.why = envelopes.pop(), why
        work.session.add(row)
        work.session.flush()
        _fill(budget_round, [one.id for one in budget_round.envelopes], "exclusion_id", row.id, codes)
        _expire(work.session, budget_round)
        PROCESS.finish(work, budget_round, part="exclusion", exclusion=row.id)
        return row


def include(round_id: int, exclusion_id: int, *, version: int, by: User) -> None:
    """Take such a group away: all of its projects can win."""
    with use_case(by) as work:
        budget_round = PROCESS.held(round_id, version, may_edit, by)
        row = _excluding(budget_round, exclusion_id)
        require(by, may_decide, interests.proposers({row.envelope_id}))
        _fill(budget_round, [row.envelope_id], "exclusion_id", row.id, ())
        work.session.delete(row)
        work.session.flush()
        _expire(work.session, budget_round)
        PROCESS.finish(work, budget_round, part="exclusion_removed", exclusion=exclusion_id)


def _check(envelope: Envelope, part: Grouping, group_id: int | None) -> None:
    text_checks.check_lengths(part, {"name": LONGEST["name"]})
    text_checks.check_filled(part, "name")
    if any(one.name == part.name.strip() and one.id != group_id for one in envelope.groups):
        raise Refusal(_("같은 이름의 묶음이 있어요."), field="name")
    if group_id is None and len(envelope.groups) >= parts.MOST_GROUPS:
        raise Conflict(_("묶음은 %(most)s개까지 둘 수 있어요.", most=parts.MOST_GROUPS))
    if not 0 <= part.min_choices <= part.max_choices or not 1 <= part.max_choices <= parts.MOST_ON_A_BALLOT:
        raise Refusal(_("가장 적게 고르는 수는 가장 많이 고르는 수보다 클 수 없어요."), field="max_choices")


def _of(envelope: Envelope, group_id: int) -> ChoiceGroup:
    row = queries.group(envelope.id, group_id)
    if row is None:
        raise NotFound(_("이런 묶음은 없어요."))
    return row


def _excluding(budget_round: BudgetRound, exclusion_id: int) -> ExclusionGroup:
    row = queries.exclusion(budget_round.id, exclusion_id)
    if row is None:
        raise NotFound(_("이런 묶음은 없어요."))
    return row


def _named(budget_round: BudgetRound, codes: Collection[str]) -> list[Project]:
    """Raises Refusal for a code that is none of this round."""
    found = queries.held_projects([Project.round_id == budget_round.id, Project.code.in_(set(codes))])
    if len(found) != len(set(codes)):
        raise Refusal(_("고른 사업 가운데 이 주민참여예산에 없는 것이 있어요."), field="codes")
    return found


def _fill(budget_round: BudgetRound, envelope_ids: Collection[int], name: str, group_id: int,
          codes: Collection[str]) -> None:
    """Exactly these projects stand in the group; they leave the one in which they stood before."""
    column = getattr(Project, name)
    held = queries.held_projects([Project.round_id == budget_round.id,
                                  sa.or_(Project.code.in_(set(codes)), column == group_id)])
    if not set(codes) <= {one.code for one in held if one.envelope_id in envelope_ids}:
        raise Refusal(_("고른 사업 가운데 이 배정 예산에 없는 것이 있어요."), field="codes")
    for project in held:
        setattr(project, name, group_id if project.code in codes else None)


def _expire(session, budget_round: BudgetRound) -> None:
    session.flush()
    for envelope in budget_round.envelopes:
        session.expire(envelope, ["exclusions"])

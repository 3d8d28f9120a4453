"""Use-cases of making a round: its first form, envelopes, choice groups, exclusions, notices."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.ballots.box import watching as alarms
from civic_forum.ballots.models import VoteNotice
from civic_forum.blocks import slugs
from civic_forum.blocks.ordered import refuse_twice, renumber
from civic_forum.blocks.process import Edit
from civic_forum.district.queries import neighbourhoods
from civic_forum.platform import text_checks
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..counting.settings import CountingRules
from .. import queries
from .. import rules as parts
from ..models import BudgetRound, ChoiceGroup, Envelope, ExclusionGroup
from ..policy import may_decide, may_edit, may_notify, may_prepare
from ..rules import Grouping, LONGEST
from ..parts import EnvelopeParts, Wording
from ..process import PROCESS
from ..projects.models import Project
from ..readiness import is_weighted


def begin(slug: str | None, wording: Wording, *, by: User) -> BudgetRound:
    """A round that only those who prepare it see; everything else is filled in afterwards. Without a slug its address
    is made from its title.

    Raises Refusal naming the field, Conflict for an address that is taken.
    """
    if slug is not None and not parts.slug_fits(slug):
        raise Refusal(_("주소는 영어 소문자, 숫자, 붙임표(-)로 60자까지 적어 주세요."), field="slug")
    with use_case(by) as work:
        require(by, may_prepare, wording)
        if slug is None:
            slug = slugs.proposed(wording.title, lambda end: queries.slugged(end) is not None, on=local(work.at).date(),
                                  reserved=parts.RESERVED)
        if queries.slugged(slug) is not None:
            raise Conflict(_("이 주소를 쓰는 주민참여예산이 이미 있어요. 다른 주소를 적어 주세요."), field="slug")
        budget_round = BudgetRound(slug=slug, created_by_id=by.id, created_at=work.at, binding="")
        wording.write(budget_round)
        work.session.add(budget_round)
        work.record("budgets.made", budget_round)
        return budget_round


def add(round_id: int, slug: str | None, part: EnvelopeParts, *, version: int, by: User) -> Envelope:
    """One more at the end; without a slug its part of an address is made from its name. Raises Refusal naming the
    field, Conflict for an address that is taken.
    """
    if slug is not None and not parts.envelope_slug_fits(slug):
        raise Refusal(_("주소는 영어 소문자, 숫자, 붙임표(-)로 40자까지 적어 주세요."), field="slug")
    with PROCESS.editing(round_id, version, may_edit, by) as edit:
        envelope = _one_more(edit, slug, part)
        edit.details |= {"part": "envelope", "envelope": envelope.id}
        return envelope


def add_all(round_id: int, several: Sequence[EnvelopeParts], *, version: int, by: User) -> list[Envelope]:
    """Several at the end, all or none."""
    with PROCESS.editing(round_id, version, may_edit, by) as edit:
        refuse_twice(queries.envelopes(edit.record.id), several)
        made = [_one_more(edit, None, part) for part in several]
        edit.details |= {"part": "envelope", "added": len(made)}
        return made


def told_apart(several: Sequence[EnvelopeParts]) -> list[EnvelopeParts]:
    """The same, those of one name each with its neighbourhood before it."""
    names, places = Counter(part.name for part in several), {place.id: place.name for place in neighbourhoods()}
    return [replace(part, name=f"{places[part.neighbourhood_id]} {part.name}")
            if names[part.name] > 1 and part.neighbourhood_id in places else part for part in several]


def _one_more(edit: Edit[BudgetRound], slug: str | None, part: EnvelopeParts) -> Envelope:
    work, there = edit.work, queries.envelopes(edit.record.id)
    taken = {envelope.slug for envelope in there}
    if slug is None:
        slug = slugs.proposed(part.name, taken.__contains__, on=local(work.at).date(),
                              most=parts.LONGEST_SLUG_OF_ENVELOPES, reserved=parts.RESERVED_OF_ENVELOPES)
    if slug in taken:
        raise Conflict(_("이 주소를 쓰는 배정 예산이 이미 있어요. 다른 주소를 적어 주세요."), field="slug")
    if len(there) >= parts.MOST_ENVELOPES:
        raise Conflict(_("배정 예산은 %(most)s개까지 둘 수 있어요.", most=parts.MOST_ENVELOPES))
    envelope = Envelope(round_id=edit.record.id, slug=slug, position=len(there) + 1)
    with work.session.no_autoflush:
        part.write(envelope)
    return work.store(envelope)


def edit(round_id: int, slug: str, part: EnvelopeParts, *, version: int, by: User) -> Envelope:
    """Say its money, its limits and who votes in it anew."""
    with PROCESS.editing(round_id, version, may_edit, by) as edit:
        envelope = queries.envelope(edit.record, slug)
        part.write(envelope)
        edit.details |= {"part": "envelope", "envelope": envelope.id}
        return envelope


def count_by(round_id: int, slug: str, rules: CountingRules | None, *, version: int, by: User) -> Envelope:
    """Count it by rules of its own, or by the round's again (None).

    Raises Refusal for a rule that weighs a committee: that one is the round's. Raises Conflict where the committee's
    votes are fixed and would begin or cease to count in it.
    """
    if rules is not None and rules.weighing is not None:
        raise Refusal(_("위원회와 함께 세는 것은 주민참여예산 전체에만 정할 수 있어요."), field="rule")
    with use_case(by) as work:
        budget_round = PROCESS.held(round_id, version, may_edit, by)
        envelope = queries.envelope(budget_round, slug)
        moves = (rules is None) != (envelope.counting is None)
        if moves and budget_round.committee_fixed_at is not None and is_weighted(budget_round):
            raise Conflict(_("위원회 심사를 확정한 뒤에는 이 배정 예산에서 위원회를 세는지 바꿀 수 없어요."), field="rule")
        envelope.counting = rules.with_(threshold=0).to_json() if rules is not None else None
        PROCESS.finish(work, budget_round, part="envelope_counting", envelope=envelope.id)
        return envelope


def remove(round_id: int, slug: str, *, version: int, by: User) -> None:
    """Take one out in which no project stands and no vote was prepared. Raises Conflict else."""
    with use_case(by) as work:
        budget_round = PROCESS.held(round_id, version, may_edit, by)
        envelope = queries.envelope(budget_round, slug)
        if envelope.box_id is not None or queries.has_projects(envelope.id):
            raise Conflict(_("사업이 있는 배정 예산은 뺄 수 없어요. 사업을 먼저 다른 배정 예산으로 옮겨 주세요."))
        for group in (*envelope.groups, *envelope.exclusions):
            work.session.delete(group)
        work.session.flush()
        work.session.delete(envelope)
        work.session.flush()
        renumber(work.session, queries.envelopes(budget_round.id), "position")
        PROCESS.finish(work, budget_round, part="envelope_removed", slug=slug)


def group(round_id: int, slug: str, part: Grouping, *, group_id: int | None = None, version: int,
          by: User) -> ChoiceGroup:
    """Make a choice group of an envelope (`group_id` None), or say one anew. A project stands in one at most.

    Raises Refusal at the field, NotFound for a group that is gone.
    """
    with use_case(by) as work:
        budget_round = PROCESS.held(round_id, version, may_edit, by)
        envelope = queries.envelope(budget_round, slug)
        require(by, may_decide, queries.proposers({envelope.id}))
        _check(envelope, part, group_id)
        group = queries.group(envelope.id, group_id) if group_id else ChoiceGroup(
            envelope_id=envelope.id, position=max((other.position for other in envelope.groups), default=0) + 1)
        group.name, group.min_choices, group.max_choices = part.name.strip(), part.min_choices, part.max_choices
        work.store(group)
        _fill(budget_round, [envelope.id], "group_id", group.id, part.codes)
        work.session.expire(envelope, ["groups"])
        PROCESS.finish(work, budget_round, part="group", group=group.id)
        return group


def ungroup(round_id: int, slug: str, group_id: int, *, version: int, by: User) -> None:
    """Take a choice group away; its projects stay in the envelope."""
    with use_case(by) as work:
        budget_round = PROCESS.held(round_id, version, may_edit, by)
        envelope = queries.envelope(budget_round, slug)
        require(by, may_decide, queries.proposers({envelope.id}))
        group = queries.group(envelope.id, group_id)
        _fill(budget_round, [envelope.id], "group_id", group.id, ())
        work.session.delete(group)
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
        envelopes = {project.envelope_id for project in _named(budget_round, codes)}
        if len(envelopes) != 1:
            raise Refusal(_("같은 배정 예산의 사업만 함께 묶을 수 있어요."), field="codes")
        exclusion = queries.exclusion(budget_round.id, exclusion_id) if exclusion_id else ExclusionGroup()
        if exclusion.id is None and sum(
                len(envelope.exclusions) for envelope in budget_round.envelopes) >= parts.MOST_EXCLUSIONS:
            raise Conflict(_("묶음은 %(most)s개까지 둘 수 있어요.", most=parts.MOST_EXCLUSIONS))
        require(by, may_decide, queries.proposers(envelopes | {exclusion.envelope_id} - {None}))
        exclusion.envelope_id, exclusion.why = envelopes.pop(), why
        work.store(exclusion)
        _fill(budget_round, [envelope.id for envelope in budget_round.envelopes], "exclusion_id", exclusion.id, codes)
        _expire(work.session, budget_round)
        PROCESS.finish(work, budget_round, part="exclusion", exclusion=exclusion.id)
        return exclusion


def include(round_id: int, exclusion_id: int, *, version: int, by: User) -> None:
    """Take such a group away: all of its projects can win."""
    with use_case(by) as work:
        budget_round = PROCESS.held(round_id, version, may_edit, by)
        exclusion = queries.exclusion(budget_round.id, exclusion_id)
        require(by, may_decide, queries.proposers({exclusion.envelope_id}))
        _fill(budget_round, [exclusion.envelope_id], "exclusion_id", exclusion.id, ())
        work.session.delete(exclusion)
        work.session.flush()
        _expire(work.session, budget_round)
        PROCESS.finish(work, budget_round, part="exclusion_removed", exclusion=exclusion_id)


def _check(envelope: Envelope, part: Grouping, group_id: int | None) -> None:
    text_checks.check_lengths(part, {"name": LONGEST["name"]})
    text_checks.check_filled(part, "name")
    if any(group.name == part.name.strip() and group.id != group_id for group in envelope.groups):
        raise Refusal(_("같은 이름의 묶음이 있어요."), field="name")
    if group_id is None and len(envelope.groups) >= parts.MOST_GROUPS:
        raise Conflict(_("묶음은 %(most)s개까지 둘 수 있어요.", most=parts.MOST_GROUPS))
    if not 0 <= part.min_choices <= part.max_choices or not 1 <= part.max_choices <= parts.MOST_ON_A_BALLOT:
        raise Refusal(_("가장 적게 고르는 수는 가장 많이 고르는 수보다 클 수 없어요."), field="max_choices")


def _named(budget_round: BudgetRound, codes: Collection[str]) -> list[Project]:
    """Raises Refusal for a code that is none of this round."""
    projects = queries.held_projects([Project.round_id == budget_round.id, Project.code.in_(set(codes))])
    if len(projects) != len(set(codes)):
        raise Refusal(_("고른 사업 가운데 이 주민참여예산에 없는 것이 있어요."), field="codes")
    return projects


def _fill(budget_round: BudgetRound, envelope_ids: Collection[int], name: str, group_id: int,
          codes: Collection[str]) -> None:
    """Exactly these projects stand in the group; they leave the one in which they stood before."""
    column = getattr(Project, name)
    held = queries.held_projects([Project.round_id == budget_round.id,
                                  sa.or_(Project.code.in_(set(codes)), column == group_id)])
    if not set(codes) <= {project.code for project in held if project.envelope_id in envelope_ids}:
        raise Refusal(_("고른 사업 가운데 이 배정 예산에 없는 것이 있어요."), field="codes")
    for project in held:
        setattr(project, name, group_id if project.code in codes else None)


def _expire(session, budget_round: BudgetRound) -> None:
    session.flush()
    for envelope in budget_round.envelopes:
        session.expire(envelope, ["exclusions"])


MOST_TITLE, MOST_TEXT = 200, 3_000


def notify(round_id: int, title: str, text: str, *, by: User) -> VoteNotice:
    """Write a public notice. After the opening it is the only way to correct something, and says so."""
    with use_case(by) as work:
        budget_round = queries.locked(round_id)
        require(by, may_notify, budget_round)
        title = text_checks.words_given(title, 1, MOST_TITLE, "title")
        text = text_checks.words_given(text, 1, MOST_TEXT, "text")
        kind = "notice" if budget_round.opened_at is None else "correction"
        notice = alarms.announce(work, queries.subject(budget_round.id), kind=kind, title=title, text=text)
        work.record("budgets.notified", budget_round, notice=notice.id)
        return notice

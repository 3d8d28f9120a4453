"""The envelopes of a round: add, say anew, take out."""

from collections.abc import Sequence

from civic_forum.accounts.models import User
from civic_forum.blocks import slugs
from civic_forum.blocks.ordered import renumber
from civic_forum.blocks.process import Edit
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.work import use_case

from ..models import BudgetRound, Envelope
from ..parts import EnvelopeParts
from ..policy.acting import may_edit
from ..queries import preparing as queries
from ..process import PROCESS
from ..queries import records
from ..readiness import is_weighted
from ..rules import parts
from ..counting.settings import CountingRules


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
        made = [_one_more(edit, None, part) for part in several]
        edit.details |= {"part": "envelope", "added": len(made)}
        return made


def _one_more(edit: Edit[BudgetRound], slug: str | None, part: EnvelopeParts) -> Envelope:
    work, there = edit.work, queries.envelopes(edit.record.id)
    taken = {one.slug for one in there}
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
    work.session.add(envelope)
    work.session.flush()
    return envelope


def edit(round_id: int, slug: str, part: EnvelopeParts, *, version: int, by: User) -> Envelope:
    """Say its money, its limits and who votes in it anew."""
    with PROCESS.editing(round_id, version, may_edit, by) as edit:
        envelope = records.envelope(edit.record, slug)
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
        envelope = records.envelope(budget_round, slug)
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
        envelope = records.envelope(budget_round, slug)
        if envelope.box_id is not None or queries.has_projects(envelope.id):
            raise Conflict(_("사업이 있는 배정 예산은 뺄 수 없어요. 사업을 먼저 다른 배정 예산으로 옮겨 주세요."))
        for row in (*envelope.groups, *envelope.exclusions):
            work.session.delete(row)
        work.session.flush()
        work.session.delete(envelope)
        work.session.flush()
        renumber(work.session, queries.envelopes(budget_round.id), "position")
        PROCESS.finish(work, budget_round, part="envelope_removed", slug=slug)

"""Writing the parts of a round, inside the caller's transaction; the caller holds the lock of the round."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from civic_forum.kernel import text_checks, rich_text
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Conflict, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.personal_numbers import refuse_secret

from ..models import BudgetPhase, BudgetRound, Envelope, ExclusionReason, ProjectKind
from ..queries import preparing as queries
from ..rules import parts, preparing
from ..rules.counting.settings import CountingRules
from ..rules.parts import (LONGEST, YEARS, Calendar, Counting, Electorate, ProjectLimits, ListEntry, EnvelopeParts,
                           Terms, Wording)
from ..rules.phases import Phase, span_of
from ..labels.preparing import AT_THE_END, BAD_CALENDAR


def write_wording(budget_round: BudgetRound, part: Wording) -> None:
    """Raises Refusal naming the field that is empty or too long, as all of these do."""
    check_texts(part)
    text_checks.check_filled(part, "title")
    if part.year not in YEARS:
        raise Refusal(_("연도를 다시 확인해 주세요."), field="year")
    budget_round.title, budget_round.year, budget_round.programme = (
        part.title.strip(),
        part.year,
        part.programme or None,
    )
    budget_round.description, budget_round.description_html = part.description, rich_text.render(part.description)
    budget_round.texts = text_checks.english(part.texts, LONGEST)


def write_calendar(budget_round: BudgetRound, part: Calendar) -> None:
    """The phases that are named stay or come, the others go."""
    check_calendar(part)
    known = {one.phase: one for one in budget_round.phases}
    for stretch in part.phases:
        text_checks.words_given(stretch.note, 0, LONGEST["note"], f"{stretch.phase}_note")
        row = known.pop(stretch.phase, None)
        if row is None:
            row = BudgetPhase(round_id=budget_round.id, phase=stretch.phase)
            db.session.add(row)
        row.starts_at, row.ends_at, row.note = stretch.starts_at, stretch.ends_at, stretch.note or None
    for row in known.values():
        db.session.delete(row)
    budget_round.paper_until = part.paper_until
    db.session.flush()
    db.session.expire(budget_round, ["phases"])


def check_calendar(part: Calendar) -> None:
    """Raises Refusal at the phase that does not follow the one before it."""
    wrong = preparing.why_not_calendar(part)
    if wrong is not None:
        what, phase = wrong
        side = "ends" if what in AT_THE_END else "starts"
        raise Refusal(BAD_CALENDAR[what], field=f"{phase}_{side}" if phase else "paper_until")


def write_limits(budget_round: BudgetRound, part: ProjectLimits) -> None:
    """Caps are won, terms are days. Raises Refusal at the field, also where a kind or reason in use is left out."""
    if part.project_cap is not None and not 1 <= part.project_cap <= parts.MOST_WON:
        raise Refusal(_("금액을 다시 확인해 주세요."), field="project_cap")
    for name in ("review_due_days", "second_look_days"):
        if getattr(part, name) not in parts.DAYS_OF_A_TASK:
            raise Refusal(_("1일에서 365일 사이로 적어 주세요."), field=name)
    _check_lines(part.kinds, "kinds")
    _check_lines(part.reasons, "reasons")
    budget_round.project_cap = part.project_cap
    budget_round.review_due_days, budget_round.second_look_days = part.review_due_days, part.second_look_days
    _write_lines(budget_round, ProjectKind, budget_round.kinds, part.kinds, ("cap",),
                 queries.kinds_in_use(budget_round.id), "kinds")
    _write_lines(budget_round, ExclusionReason, budget_round.reasons, part.reasons, ("text",),
                 queries.reasons_in_use(budget_round.id),
                 "reasons")
    db.session.expire(budget_round, ["kinds", "reasons"])


def _check_lines(lines: Sequence[ListEntry], field: str) -> None:
    if len(lines) > parts.MOST_LINES:
        raise Refusal(_("%(most)s줄까지 적을 수 있어요.", most=parts.MOST_LINES), field=field)
    if len({line.name for line in lines}) != len(lines):
        raise Refusal(_("같은 이름이 두 번 있어요."), field=field)
    for line in lines:
        if not line.name or len(line.name) > LONGEST["name"] or len(line.text) > LONGEST["text"]:
            raise Refusal(_("이름은 100자, 설명은 500자 안으로 적어 주세요."), field=field)
        if line.cap is not None and not 1 <= line.cap <= parts.MOST_WON:
            raise Refusal(_("금액을 다시 확인해 주세요."), field=field)
        refuse_secret(**{field: f"{line.name} {line.text}"})


def _write_lines(budget_round: BudgetRound, model, rows: Iterable, lines: Sequence[ListEntry], names: tuple[str, ...],
                 in_use: set[int], field: str) -> None:
    """Rows keep their id under the same name: projects and reviews point at them. Past the unique constraints."""
    known = {row.name: row for row in rows}
    for name in set(known) - {line.name for line in lines}:
        row = known.pop(name)
        if row.id in in_use:
            raise Conflict(_("%(name)s: 이미 쓰고 있어서 뺄 수 없어요.", name=name), field=field)
        db.session.delete(row)
    for position, row in enumerate(known.values(), start=1):
        row.position = -position
    db.session.flush()
    for position, line in enumerate(lines, start=1):
        row = known.get(line.name)
        if row is None:
            row = model(round_id=budget_round.id, name=line.name)
            db.session.add(row)
        row.position = position
        for name in names:
            setattr(row, name, getattr(line, name))
    db.session.flush()


def write_electorate(budget_round: BudgetRound, part: Electorate) -> None:
    """Write who votes and when the roll is made and looked into. Raises Refusal at the field."""
    check_texts(part)
    if not part.admits_residents and not part.admits_members:
        raise Refusal(_("구민이나 생활권자 가운데 적어도 하나를 골라 주세요."), field="who")
    if part.min_age is not None and not parts.LEAST_AGE <= part.min_age <= parts.MOST_AGE:
        raise Refusal(_("나이는 14세에서 99세 사이로 적어 주세요. 14세보다 어린 사람은 회원이 될 수 없어요."), field="min_age")
    first, last = part.roll_check_from, part.roll_check_to
    if first and last and first >= last:
        raise Refusal(_("명부 확인이 끝나는 때는 시작하는 때보다 뒤여야 해요."), field="roll_check_to")
    voting = span_of(budget_round.phases, Phase.VOTING)
    if last and voting and last > voting.starts_at:
        raise Refusal(_("명부 확인은 투표를 시작하기 전에 끝나야 해요."), field="roll_check_to")
    for name, value in vars(part).items():
        setattr(budget_round, name, value)


def write_counting(budget_round: BudgetRound, part: Counting) -> None:
    """The least votes are said for each envelope, so that none stand here."""
    check_texts(part)
    counting = part.rules.with_(threshold=0).to_json()
    fixed = budget_round.committee_fixed_at is not None and CountingRules.from_json(budget_round.counting).weighing
    if fixed and part.rules.weighing != fixed:
        raise Conflict(_("위원회 심사를 확정한 뒤에는 위원회를 세는지, 비중이 얼마인지, 무엇으로 나누는지 바꿀 수 없어요."), field="rule")
    budget_round.counting, budget_round.draw = counting, part.draw
    budget_round.counting_note = part.counting_note


def write_terms(budget_round: BudgetRound, part: Terms) -> None:
    """Write how far the vote binds and what is published of it. Raises Refusal at the field."""
    check_texts(part)
    if part.publishes not in ("totals", "ballots"):
        raise Refusal(_("하나를 골라 주세요."), field="publishes")
    budget_round.binding, budget_round.publishes = part.binding, part.publishes


def write_purse(envelope: Envelope, part: EnvelopeParts) -> None:
    """Raises Refusal at the field; what only its projects tell is asked before the opening."""
    check_texts(part)
    text_checks.check_filled(part, "name")
    if not 1 <= part.amount <= parts.MOST_WON:
        raise Refusal(_("배정 예산을 원 단위로 적어 주세요."), field="amount")
    if not 1 <= part.max_choices <= parts.MOST_ON_A_BALLOT:
        raise Refusal(_("몇 개를 고르는지 1에서 %(most)s 사이로 적어 주세요.", most=parts.MOST_ON_A_BALLOT),
                      field="max_choices")
    if not 0 <= part.min_votes <= 10_000_000:
        raise Refusal(_("숫자를 다시 확인해 주세요."), field="min_votes")
    places = queries.neighbourhoods_of({*part.voters_of, *([part.neighbourhood_id] if part.neighbourhood_id else ())})
    known = {place.id: place for place in places}
    if part.neighbourhood_id and part.neighbourhood_id not in known or not set(part.voters_of) <= set(known):
        raise Refusal(_("목록에 있는 동만 고를 수 있어요."), field="voters_of")
    for name in ("name", "amount", "max_choices", "exactly", "within_money", "min_votes", "neighbourhood_id"):
        setattr(envelope, name, getattr(part, name))
    envelope.theme, envelope.texts = part.theme or None, text_checks.english(part.texts, LONGEST)
    envelope.voters_of = [place for place in places if place.id in set(part.voters_of)]


def renumber_envelopes(budget_round: BudgetRound) -> None:
    """1, 2, 3 … in the order in which they stand, past the unique constraint."""
    rows = list(db.session.scalars(sa.select(Envelope).filter_by(round_id=budget_round.id).order_by(Envelope.position)))
    for position, row in enumerate(rows, start=1):
        row.position = -position
    db.session.flush()
    for position, row in enumerate(rows, start=1):
        row.position = position
    db.session.flush()


def check_texts(part) -> None:
    """Raises Refusal for the first text that is too long or holds a number nobody may publish, naming its field."""
    text_checks.check_lengths(part, LONGEST)
    refuse_secret(**{f"{name}_en": text for name, text in (getattr(part, "texts", {}).get("en") or {}).items()})

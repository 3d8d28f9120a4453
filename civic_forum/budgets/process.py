"""Preparing a round: what it misses, its days and its rules, what follows a change, letting everybody see it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from civic_forum.accounts.models import User
from civic_forum.ballots.models import ElectionSeason
from civic_forum.ballots.queries import seasons
from civic_forum.blocks import slugs
from civic_forum.blocks.process import Copying, Gap, Move, PartPage, Process, Season, forget_season
from civic_forum.platform import text_checks
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.work import Work, use_case

from . import readiness
from .events import RoundAnnounced, RoundEdited
from . import operations, queries, rules
from .labels import AT_THE_END, BAD_CALENDAR, MISSING, MISSING_PART
from .models import BudgetPhase, BudgetRound, Envelope
from .policy import may_announce, may_edit, may_make, may_prepare_opening, may_reschedule, why_frozen
from .rules import Calendar, Counting, LONGEST, PhaseParts, RESERVED, only_later_days
from .parts import Electorate, EnvelopeParts, ProjectLimits, Terms, Wording
from .counting.settings import CountingRules
from .reviews import operations as reviews


def gaps(budget_round: BudgetRound, _at: datetime | None = None) -> list[Gap]:
    """Gaps of the vote, the envelopes' ballots aside."""
    stand = readiness.stand(queries.on_ballots(budget_round))
    return [_gap(missing) for missing in readiness.missing(budget_round, stand)]


def _gap(missing: rules.Missing) -> Gap:
    return Gap(missing, MISSING[missing], MISSING_PART[missing])


def _to_announce(budget_round: BudgetRound, _at: datetime) -> list[Gap]:
    return [_gap(missing) for missing in readiness.missing_to_announce(budget_round)]


def season_of(budget_round: BudgetRound) -> ElectionSeason | None:
    """The election season in which its vote would be held."""
    return readiness.season_of(budget_round, seasons())


def write_calendar(budget_round: BudgetRound, part: Calendar) -> None:
    """The phases that are named stay or come, the others go. Raises Refusal at the phase that does not follow the one
    before it."""
    if wrong := rules.why_not_calendar(part):
        fault, phase = wrong
        side = "ends" if fault in AT_THE_END else "starts"
        raise Refusal(BAD_CALENDAR[fault], field=f"{phase}_{side}" if phase else "paper_until")
    known = {span.phase: span for span in budget_round.phases}
    for stretch in part.phases:
        text_checks.words_given(stretch.note, 0, LONGEST["note"], f"{stretch.phase}_note")
        span = known.pop(stretch.phase, None)
        if span is None:
            span = BudgetPhase(round_id=budget_round.id, phase=stretch.phase)
            db.session.add(span)
        span.starts_at, span.ends_at, span.note = stretch.starts_at, stretch.ends_at, stretch.note or None
    for span in known.values():
        db.session.delete(span)
    budget_round.paper_until = part.paper_until
    db.session.flush()
    db.session.expire(budget_round, ["phases"])


def write_counting(budget_round: BudgetRound, part: Counting) -> None:
    """The least votes are said for each envelope, so that none stand here."""
    text_checks.check_lengths(part, {"counting_note": LONGEST["counting_note"]})
    refuse_secret(counting_note=part.counting_note)
    counting = part.rules.with_(threshold=0).to_json()
    fixed = budget_round.committee_fixed_at is not None and CountingRules.from_json(budget_round.counting).weighing
    if fixed and part.rules.weighing != fixed:
        raise Conflict(_("위원회 심사를 확정한 뒤에는 위원회를 세는지, 비중이 얼마인지, 무엇으로 나누는지 바꿀 수 없어요."), field="rule")
    budget_round.counting, budget_round.draw = counting, part.draw
    budget_round.counting_note = part.counting_note


def _changed(work: Work, budget_round: BudgetRound, part: Any) -> None:
    if isinstance(part, Calendar):
        forget_season(budget_round)
    if isinstance(part, Calendar | ProjectLimits):
        reviews.keep_due(work.session, budget_round)


class RoundProcess(Process[BudgetRound]):
    """A process in which the days after the vote may still move once it is open."""

    def write(self, record_id: int, part: Any, *, version: int, by: User) -> BudgetRound:
        """Say one part anew; of the calendar, once the vote is open, only the days after it. Raises Conflict for
        anything else that differs, and where somebody was faster."""
        if isinstance(part, Calendar) and queries.is_opened(record_id):
            return self._reschedule(record_id, part, version, by)
        return super().write(record_id, part, version=version, by=by)

    def _reschedule(self, record_id: int, part: Calendar, version: int, by: User) -> BudgetRound:
        with use_case(by) as work:
            budget_round = self.held(record_id, version, may_reschedule, by)
            if not only_later_days(budget_round.phases, budget_round.paper_until, part):
                raise Conflict(why_frozen(budget_round) or _("투표 뒤의 일정만 옮길 수 있어요."))
            write_calendar(budget_round, part)
            budget_round.version += 1
            work.record("budgets.rescheduled", budget_round, version=budget_round.version)
            work.emit(RoundEdited(budget_round.id))
            return budget_round


def _first_day(budget_round: BudgetRound) -> date:
    """The day on which its first phase begins; the day on which it was made where it has none."""
    return local(min((span.starts_at for span in budget_round.phases), default=budget_round.created_at)).date()


def _after(work: Work, earlier: BudgetRound, title: str, days: int) -> BudgetRound:
    """Another round with the parts, the calendar and the envelopes of an earlier one, so many days later."""
    slug = slugs.proposed(title, lambda end: queries.slugged(end) is not None, on=local(work.at).date(),
                          reserved=RESERVED)
    later = timedelta(days=days)
    budget_round = BudgetRound(slug=slug, created_by_id=work.actor.id, created_at=work.at, counting=earlier.counting,
                               draw=earlier.draw, counting_note=earlier.counting_note, binding="")
    years = (_first_day(earlier) + later).year - _first_day(earlier).year
    replace(Wording.of_record(earlier), title=title, year=earlier.year + years).write(budget_round)
    work.store(budget_round)
    write_calendar(budget_round, Calendar(
        tuple(PhaseParts(span.phase, span.starts_at + later, span.ends_at and span.ends_at + later, span.note)
              for span in earlier.phases), earlier.paper_until and earlier.paper_until + later))
    for part in (ProjectLimits, Electorate, Terms):
        part.of_record(earlier, days).write(budget_round)
    for purse in earlier.envelopes:
        envelope = Envelope(round_id=budget_round.id, slug=purse.slug, position=purse.position, counting=purse.counting)
        with work.session.no_autoflush:
            EnvelopeParts.of_record(purse).write(envelope)
        work.session.add(envelope)
    return budget_round


PROCESS = RoundProcess(
    area="budgets", model=BudgetRound, locked=queries.locked, gaps=gaps, edited=RoundEdited, announced=RoundAnnounced,
    stages={"preparing": _l("준비 중"), "announced": _l("알림"), "opened": _l("투표")},
    parts={"wording": PartPage(Wording, _l("글"), may_edit),
           "phases": PartPage(Calendar, _l("일정"), may_edit, write_calendar),
           "limits": PartPage(ProjectLimits, _l("사업의 한도와 제외 사유"), may_edit),
           "electorate": PartPage(Electorate, _l("누가 투표하나요"), may_edit),
           "counting": PartPage(Counting, _l("셈 방법"), may_edit, write_counting),
           "terms": PartPage(Terms, _l("반영 방식과 공개"), may_edit)},
    keep_in_step=lambda work, record: operations.keep_in_step(work.session, record), may_announce=may_announce,
    outdated=_l("그 사이에 다른 사람이 이 주민참여예산을 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."),
    season=Season(
        season_of, may_prepare_opening, _l("선거 기간과 겹치지 않는 투표예요."), _l("이미 확인한 투표예요."),
        _l("선거 기간(%(name)s)과 겹쳐요. 그래도 열려면 투표 준비 화면에서 한 번 더 확인해 주세요."),
        _l("선거 기간인데 이 투표를 열까요?"),
        _l("%(name)s: %(first)s부터 %(last)s까지. 투표 기간이 이 선거 기간과 겹쳐요."),
        _l("선거 기간에는 공직선거법이 지방자치단체의 행사와 홍보를 제한해요. 선거관리위원회에 먼저 물어보고, 열지 않아도 되면 기간을 옮겨 주세요. "
           "누가 그래도 열기로 했는지는 이 투표의 화면에 이름(별명)과 함께 모두에게 보여요."),
        _l("확인했어요. 누가 확인했는지는 모두에게 보여요.")),
    moves=(Move("announce", "announcements", frozenset(("preparing",)), "announced",
                lambda *arguments, by: PROCESS.announce(*arguments, by=by), _l("모두에게 알렸어요.")),),
    to_announce=_to_announce, changed=_changed, copying=Copying(may_make, _first_day, _after))

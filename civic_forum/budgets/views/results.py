"""Public results of a round: all envelopes on one page, one envelope with its figures, one project with its rounds."""

from io import BytesIO

from flask import Response, redirect, render_template, url_for

from civic_forum.ballots.queries import answered, confirmations, objections, observed
from civic_forum.ballots.record.outcomes import met_a_tie
from civic_forum.ballots.rules.boxes import BoxStage, close_is_due, stage_of
from civic_forum.ballots.services import closing
from civic_forum.ballots.labels import drawn
from civic_forum.platform import clock, spreadsheets
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.web import never_cached, visitor

from ..models import BudgetRound, Envelope
from ..policy.acting import may_read
from ..queries import council, records
from ..queries import results as queries
from ..queries.results import Result
from ..rules import fates, phases
from ..labels import counting, explanations
from ..labels import results as labels
from ..labels import rounds as round_words
from .blueprint import bp
from .result_tables import header, rows

SANDBOX = "sandbox; default-src 'none'"


@bp.get("/<slug>/results")
def show_results(slug: str):
    """All envelopes of a round, as far as they are published."""
    budget_round, now = _closed(slug), clock.now()
    parts = queries.of_round(budget_round)
    if not any(part.result or part.few or part.elsewhere for part in parts):
        return _counting(budget_round)
    lines = [line for part in parts if part.result or part.few for line in (part.result or part.few).funded]
    becomes_another(*(one.starts_at for one in budget_round.phases))
    return render_template(
        "budgets/results/round.html", round=budget_round, parts=parts, council=council.council_of(lines), labels=labels,
        round_words=round_words, phase=phases.current(budget_round.phases, now))


@bp.get("/<slug>/<envelope>/results")
def show_envelope(slug: str, envelope: str):
    budget_round, found = _found(slug, envelope)
    if few := queries.few_of(found):
        return _few(budget_round, few)
    result = queries.of_envelope(found)
    if result is None:
        return _counting(budget_round, found)
    return render_template(
        "budgets/results/envelope.html", round=budget_round, envelope=found, r=result, labels=labels,
        round_words=round_words,
        shorts=explanations.SHORT, cells=observed.cells(result.figures),
        signed=observed.signed(found.box), watched=answered.told(found.box),
        objections=objections.public(found.box),
        council=council.council_of(result.funded))


@bp.get("/<slug>/<envelope>/results/<code>")
def show_fate(slug: str, envelope: str, code: str):
    """One project's way through the count, step by step; not shown of few ballots."""
    budget_round, found = _found(slug, envelope)
    if queries.is_few(found):
        return redirect(url_for(".show_envelope", slug=slug, envelope=envelope))
    result = _published(found)
    line = result.line(code)
    if line is None:
        raise records.no_project()
    return render_template(
        "budgets/results/project.html", round=budget_round, envelope=found, r=result, line=line, labels=labels,
        round_words=round_words, shorts=explanations.SHORT, turns=fates.turns(result.count),
        account=fates.account(result.count, line.said),
        ties=[explanations.of_tie(tie, result.titles) for tie in result.ties_of(code)])


@bp.get("/<slug>/<envelope>/results/recount")
def show_recount(slug: str, envelope: str):
    """Page on how it was counted, and how anybody counts it again."""
    budget_round, found = _found(slug, envelope)
    if queries.is_few(found):
        return redirect(url_for(".show_envelope", slug=slug, envelope=envelope))
    result = _published(found)
    return render_template(
        "budgets/results/recount.html", round=budget_round, envelope=found, r=result, labels=labels,
        shorts=explanations.SHORT, turns=fates.turns(result.count), signed=observed.signed(found.box),
        told=counting.sentences(result.rules, budget_round.draw),
        ties=[explanations.of_tie(tie, result.titles) for tie in result.count.ties],
        draw=confirmations.draw_of(found.box.id) if met_a_tie(result.figures["outcome"]) else {}, drawn=drawn)


@bp.get("/<slug>/<envelope>/results/ways")
def show_ways(slug: str, envelope: str):
    """Outcomes of the same ballots by other rules."""
    budget_round, found = _found(slug, envelope)
    if queries.is_few(found):
        return redirect(url_for(".show_envelope", slug=slug, envelope=envelope))
    return render_template("budgets/results/ways.html", round=budget_round, envelope=found, r=_published(found),
                           labels=labels,
                           gist=counting.gist)


@bp.get("/<slug>/<envelope>/result.csv")
@never_cached
def result_csv(slug: str, envelope: str):
    _round, found = _found(slug, envelope)
    result = _published(found)
    return _file(Response(spreadsheets.as_csv(header(result), rows(result)), mimetype=spreadsheets.CSV),
                 f"{slug}-{envelope}-result.csv")


@bp.get("/<slug>/<envelope>/result.xlsx")
@never_cached
def result_xlsx(slug: str, envelope: str):
    _round, found = _found(slug, envelope)
    result, book = _published(found), BytesIO()
    spreadsheets.write_xlsx(book, [], header(result), rows(result))
    return _file(Response(book.getvalue(), mimetype=spreadsheets.XLSX), f"{slug}-{envelope}-result.xlsx")


def _readable(slug: str) -> BudgetRound:
    """Closed first where its time is over. Raises NotFound, also for one that this viewer may not see yet."""
    budget_round, now = records.by_slug(slug), clock.now()
    due = [one.box.id for one in budget_round.envelopes if one.box is not None and close_is_due(one.box, now)]
    if any([closing.close_if_due(box_id) for box_id in due]):
        budget_round = records.by_slug(slug)
    if may_read(visitor(), budget_round):
        raise records.missing()
    return budget_round


def _closed(slug: str) -> BudgetRound:
    """Raises NotFound while nobody's voting is over and nothing was decided elsewhere."""
    budget_round = _readable(slug)
    if budget_round.decided_in is None and not any(_is_closed(one) for one in budget_round.envelopes):
        raise _too_early()
    return budget_round


def _found(slug: str, envelope: str) -> tuple[BudgetRound, Envelope]:
    budget_round = _readable(slug)
    found = records.envelope(budget_round, envelope)
    if not _is_closed(found):
        raise _too_early()
    return budget_round, found


def _is_closed(envelope: Envelope) -> bool:
    return envelope.box is not None and stage_of(envelope.box, clock.now()).reached(BoxStage.CLOSED)


def _too_early() -> NotFound:
    return NotFound(_("아직 결과가 없어요. 투표가 끝나고 담당관 두 명이 확인하면 이 주소에서 결과를 볼 수 있어요."))


def _published(envelope: Envelope) -> Result:
    """Raises NotFound before it is published, and where so few voted that no numbers are."""
    if queries.is_few(envelope):
        raise NotFound(_("투표한 사람이 10명보다 적어서 표 수를 공개하지 않아요. 무엇이 선정됐는지는 결과 화면에 있어요."))
    result = queries.of_envelope(envelope)
    if result is None:
        raise NotFound(_("아직 세는 중이에요. 담당관 두 명이 확인하면 이 주소에서 결과를 볼 수 있어요."))
    return result


def _counting(budget_round: BudgetRound, envelope: Envelope | None = None):
    """Closed and not published: what happens now, without a figure."""
    return render_template("budgets/results/counting.html", round=budget_round, envelope=envelope)


def _few(budget_round: BudgetRound, few: queries.Few):
    return render_template(
        "budgets/results/few.html", round=budget_round, envelope=few.envelope, r=few, round_words=round_words,
        signed=observed.signed(few.box), watched=answered.told(few.box), objections=objections.public(few.box),
        council=council.council_of(few.funded))


def _file(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer

"""Pages of applications at the desk, of a juror, of the decision and of the results."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from civic_forum.blocks import questions, sections
from civic_forum.blocks.charts import share_of
from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.several import act_on_several
from civic_forum.platform import plain_text
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.i18n import _, _n, won
from civic_forum.platform.policy import require, why_not
from civic_forum.platform.question_rows import Reader
from civic_forum.platform.web import by_user, never_cached, shown_to, visitor

from .. import labels, rules
from .. import queries as calls
from ..applying.queries import files_of, is_verified, own_results
from ..extensions import RESULTS
from ..models import Call, CallApplication
from ..rules import ApplicationState, ScoresShown, Step
from ..views.blueprint import bp, desk
from . import forms, operations, policy, queries, services
from .rules import Shown, shown

MOST_BARS = 9
TONES = ("strong", "good", "", "warm", "soft")
WITHOUT_SEAL = {Reader.PUBLIC, Reader.OFFICE}


def held(slug: str) -> Call:
    """The call, for those who handle it."""
    call = calls.slugged(slug)
    require(visitor(), policy.may_handle, call)
    operations.refuse_applicants(visitor(), call)
    return call


def trail(call: Call) -> list[tuple[str, str]]:
    return [(_("업무 화면"), "/desk"), (_("모집·공모"), "/desk/calls"), (call.title, f"/desk/calls/{call.slug}")]


# Applications


@desk.get("/<slug>/applications")
@shown_to(policy.may_handle)
def applications(slug: str) -> ResponseReturnValue:
    call, form = held(slug), forms.StepForm(formdata=None)
    wanted = queries.APPLICATIONS.read(request.args, slug=slug)
    page = wanted.page(request.args.get("after"), call=call.id)
    return render_template(
        "calls/review.html", call=call, trail=trail(call), wanted=wanted, page=page, form=form, labels=labels,
        handed_in=queries.standing(call.id, ApplicationState.DRAFT), judges=_may("judge", call), rules=rules,
        after_url=page.after and wanted.address(after=page.after))


@desk.post("/<slug>/applications")
@shown_to(policy.may_handle)
@by_user
def note_several(slug: str) -> ResponseReturnValue:
    """Results at a step of those that were ticked."""
    step, passed, reason = forms.StepForm().facts
    return act_on_several(
        lambda number: services.note_step(slug, number, step, passed, reason, by=visitor()),
        lambda done: _n("신청 %(num)s건을 적었어요.", "신청 %(num)s건을 적었어요.", done), url_for(".applications", slug=slug))


@desk.get("/<slug>/applications/<number>")
@shown_to(policy.may_handle)
def application(slug: str, number: str) -> ResponseReturnValue:
    return _application(held(slug), number)


def _application(call: Call, number: str, **forms_sent: Any) -> str:
    record = queries.application(call, number)
    sheet, result, asked = queries.sheet_of(record), queries.result_of(record), calls.questions_of(call)
    forms_sent = {"step_form": forms.StepForm(formdata=None), "sealed": None,
                  "result_form": forms.ResultForm.of(record, result)} | forms_sent
    forms_sent["result_form"].prize.choices = [(prize["name"], prize["name"]) for prize in call.prizes]
    return render_template(
        "calls/review_application.html", call=call, record=record, trail=trail(call), labels=labels, rules=rules,
        answers=questions.answers(sheet, asked, WITHOUT_SEAL) if sheet else [], result=result,
        files=files_of(sheet, asked) if sheet else {}, is_verified=is_verified(record), mean=record.mean,
        has_sealed=record.submission.contact_sealed is not None or any(row.reader is Reader.SEALED for row in asked),
        judges=_may("judge", call),
        decides=_may("decide", call) and record.state is ApplicationState.RECEIVED,
        pending=services.giving_way(record) if record.state is ApplicationState.CHOSEN else None, **forms_sent)


def _may(name: str, call: Call) -> bool:
    return why_not(visitor(), f"calls.{name}", call) is None


def _posted(slug: str, number: str, form: Any, name: str, act: Callable[[], object], told: str) -> ResponseReturnValue:
    call = held(slug)
    return handle(form, act, lambda: _application(call, number, **{name: form}), lambda _made: saved(
        told, url_for(".application", slug=slug, number=number)), through=NotFound)


@desk.post("/<slug>/applications/<number>/steps")
@shown_to(policy.may_handle)
@by_user
def note_step(slug: str, number: str) -> ResponseReturnValue:
    form = forms.StepForm()
    return _posted(slug, number, form, "step_form", lambda: services.note_step(
        slug, number, *form.facts, by=visitor()), _("적었어요."))


@desk.post("/<slug>/applications/<number>/result")
@shown_to(policy.may_handle)
@by_user
def propose(slug: str, number: str) -> ResponseReturnValue:
    form = forms.ResultForm()
    of_budget = calls.slugged(slug).budget is not None
    return _posted(slug, number, form, "result_form", lambda: services.propose(
        slug, number, form.proposed(of_budget=of_budget), form.why(), by=visitor()), _("적었어요."))


@desk.post("/<slug>/applications/<number>/sealed")
@shown_to(policy.may_handle)
@by_user
def unseal(slug: str, number: str) -> ResponseReturnValue:
    """The page with its sealed answers; who looked is on record."""
    held(slug)
    sealed = services.unseal(slug, number, by=visitor())
    return _application(held(slug), number, sealed=sealed)


@desk.post("/<slug>/applications/<number>/withdrawal")
@shown_to(policy.may_handle)
@by_user
def give_way(slug: str, number: str) -> ResponseReturnValue:
    is_done = services.give_way(slug, number, by=visitor())
    return saved(_("물러난 것으로 적었어요. 예비가 있으면 올라왔어요.") if is_done else _("적었어요. 다른 담당자의 확인을 기다려요."),
                 url_for(".application", slug=slug, number=number))


# Release and decision


@desk.get("/<slug>/decision")
@shown_to(policy.may_handle)
def decision(slug: str) -> ResponseReturnValue:
    return _decision(held(slug), forms.ActForm(formdata=None))


def _decision(call: Call, form: forms.ActForm) -> str:
    acts = services.RELEASE if call.has_scores and call.released_at is None else services.DECISION
    pending = acts.pending(services.subject_of(call))
    is_decided, tally = call.decided_at is not None, queries.tally(call.id)
    jury = queries.panel(call, None if call.released_at else queries.EVERYBODY).jury if (
        call.scoring_at and not is_decided) else {}
    return render_template(
        "calls/decide.html", call=call, trail=trail(call), form=form, labels=labels, tally=tally, jury=jury,
        pending=pending,
        seen=pending and acts.fingerprint(call).hex(), why_not={
            name: why_not(visitor(), f"calls.{name}", call) for name in (
                "judge", "begin_scoring", "release", "decide", "follow")},
        waiting={step: queries.number_waiting(call.id, step) for step in call.steps
                 if not call.scoring_at and not is_decided},
        sent=queries.number_waiting(call.id, Step.REVIEW, sent=True) if call.has_review and not is_decided else 0,
        first=queries.those(call.id, *queries.OVER) if tally["chosen"] or tally["reserve"] else (),
        promises=is_decided and call.kind in services.PROMISED)


@desk.post("/<slug>/decision")
@shown_to(policy.may_handle)
@by_user
def decide(slug: str) -> ResponseReturnValue:
    """One of the acts of the whole call: each begins, proposes or confirms something."""
    call, form = held(slug), forms.ActForm()
    subject, me = services.subject_of(call), visitor()
    seen = form.fingerprint
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "pass_complete": (partial(services.pass_rest, slug, Step.COMPLETE, by=me), _("남은 신청을 통과로 적었어요.")),
        "pass_review": (partial(services.pass_rest, slug, Step.REVIEW, by=me), _("남은 신청을 통과로 적었어요.")),
        "begin_scoring": (partial(services.begin_scoring, slug, by=me), _("심사를 시작했어요. 위원들이 이제 볼 수 있어요.")),
        "release": (partial(services.RELEASE.propose, subject, by=me), _("다른 담당자가 확인하면 점수가 열려요.")),
        "confirm_release": (partial(services.RELEASE.confirm, subject, seen=seen, by=me), _("점수를 함께 열었어요.")),
        "fill": (partial(services.fill_by_rule, slug, by=me), _("점수대로 채웠어요. 이유를 적어 주세요.")),
        "propose": (partial(services.propose_decision, slug, by=me), _("다른 담당자가 확인하면 결과를 알려요.")),
        "confirm": (partial(services.DECISION.confirm, subject, seen=seen, by=me), _("결과를 알렸어요.")),
        "promise": (partial(services.promise, slug, by=me), _("뽑힌 것을 약속으로 이었어요."))}
    act, told = acts.get(form.act.data or "", (None, ""))
    if act is None:
        raise Refusal(_("하나를 골라 주세요."))
    return handle(form, act, lambda: _decision(calls.slugged(slug), form),
                  lambda _made: saved(told, url_for(".decision", slug=slug)))


# A juror


def _panel(slug: str) -> queries.Panel:
    panel = queries.panel(calls.slugged(slug), visitor().id)
    require(visitor(), policy.may_sit, panel)
    return panel


@desk.get("/<slug>/scores")
@never_cached
@login_required
def scores(slug: str) -> ResponseReturnValue:
    """Applications of a juror: before they are opened, who applied; then which are still to be scored."""
    panel, juror = _panel(slug), visitor().id
    wanted = queries.SCORES.read(request.args, slug=slug)
    page = wanted.page(request.args.get("after"), call=panel.call.id, juror=juror)
    return render_template(
        "calls/score_list.html", call=panel.call, wanted=wanted, page=page,
        opened=queries.opened(panel.call.id, juror) is not None, own=panel.jury[juror],
        total=queries.standing(panel.call.id),
        why_not=why_not(visitor(), "calls.score", panel), after_url=page.after and wanted.address(after=page.after))


@desk.post("/<slug>/scores")
@never_cached
@login_required
@by_user
def open_applications(slug: str) -> ResponseReturnValue:
    services.open_applications(slug, by=visitor())
    return saved(_("신청서를 열었어요."), url_for(".scores", slug=slug))


@desk.route("/<slug>/scores/<number>", methods=["GET", "POST"])
@never_cached
@login_required
@by_user
def score(slug: str, number: str) -> ResponseReturnValue:
    panel, juror = _panel(slug), visitor().id
    call, record = panel.call, queries.application(panel.call, number)
    require(visitor(), policy.may_read_to_score, queries.reading(record, juror))
    if request.method == "GET":
        own = queries.own_score(record.id, juror)
        data = {f"points_{place}": points for place, points in enumerate(own.points)} if own else {}
        return _score(panel, record, forms.score_form(call.criteria, formdata=None, data=data | {
            "note": own.note if own else ""}))
    form = forms.score_form(call.criteria)
    return handle(form, lambda: services.score(
        slug, number, form.points, form.note.data or "", by=visitor()),
        lambda: _score(panel, record, form), lambda _made: saved(
            _("점수를 냈어요."), _next(call, juror) or url_for(".scores", slug=slug)))


def _next(call: Call, juror: int) -> str | None:
    """Address of the next application that this juror has not scored."""
    owed = queries.SCORES.of({"mine": "owed"}).rows(None, 1, call=call.id, juror=juror)
    return url_for(".score", slug=call.slug, number=owed[0].number) if owed else None


def _score(panel: queries.Panel, record: CallApplication, form: Any) -> str:
    call, sheet = panel.call, queries.sheet_of(record)
    scored, conflicts = queries.numbers_of(record.id)
    return render_template(
        "calls/score.html", call=call, record=record, form=form, labels=labels,
        conflict=forms.ConflictForm(formdata=None),
        answers=questions.answers(sheet, calls.questions_of(call), WITHOUT_SEAL) if sheet else [], scored=scored,
        conflicts=conflicts, jury=len(panel.jury),
        why_not=why_not(visitor(), "calls.score", panel), most=rules.REASON_MOST)


@desk.post("/<slug>/scores/<number>/conflicts")
@never_cached
@login_required
@by_user
def note_conflict(slug: str, number: str) -> ResponseReturnValue:
    services.note_conflict(slug, number, forms.ConflictForm().conflict.data or "", by=visitor())
    return saved(_("이 신청에서 빠졌어요."), url_for(".scores", slug=slug))


# Results


@bp.get("/<slug>/results")
def results(slug: str) -> ResponseReturnValue:
    """Everybody reads what was decided; those who applied what became of theirs."""
    start = plain_text.number(request.args.get("from"), digits=5) or 0
    if not visitor().is_authenticated or not (mine := own_results(calls.slugged(slug), visitor())):
        return sections.page(_results, slug, start)
    template, facts = _results(slug, start)
    return render_template(template, **facts | {"mine": mine})


@dataclass(frozen=True)
class Card:
    """An application of the results, kept as it is written until something of it changes."""

    row: Any
    how: ScoresShown
    asked: Sequence[Any] = field(compare=False)

    @property
    def answers(self) -> list[questions.Answer]:
        answers: Any = SimpleNamespace(answers=json.loads(self.row.answers or "{}"))
        return [each for each in questions.answers(answers, self.asked, {Reader.PUBLIC}) if each.text]

    @property
    def scores(self) -> Shown:
        return shown(json.loads(f"[{self.row.sheets or ''}]"), self.how)


def _results(slug: str, start: int) -> tuple[str, dict[str, Any]]:
    call = calls.slugged(slug)
    added = sections.parts_of(RESULTS.ask(call))
    if call.decided_at is None and added:
        return "calls/results_waiting.html", {"call": call, "sections": added}
    if call.decided_at is None:
        raise NotFound(_("아직 결과가 나오지 않았어요."))
    of_prize = (ApplicationState.NOT_CHOSEN,) if call.prizes else ()  # everybody heard who was nominated
    tally, first = queries.tally(call.id), queries.those(
        call.id, *queries.OVER, *of_prize, start=start, published=True)
    asked, jury = calls.public_questions(call.id), queries.panel(call).jury if call.has_scores else {}
    return "calls/results.html", {
        "call": call, "tally": tally, "labels": labels, "mine": (), "sections": added,
        "cards": [Card(each, call.scores_shown, asked) for each in first],
        "asked": tuple(question.label for question in asked),
        "criteria": tuple((each["text"], each["points"]) for each in call.criteria),
        "names": tuple(jury.items()) if call.scores_shown is ScoresShown.NAMES else (), "jury": jury,
        "others": queries.late_and_others(call.id) if call.has_scores else (0, 0),
        "money": None if start else _money(call, first, tally), "after_url": url_for(
            ".results", slug=slug, **{"from": start + len(first)}) if len(first) == queries.MOST_SHOWN else None}


def _money(call: Call, first: Sequence[Any], tally: queries.Tally) -> Any:
    """A bar of what each gets and what is left; None where there are too many to be told apart."""
    parts = [(each.title, each.won, won(each.won or 0), TONES[place % len(TONES)])
             for place, each in enumerate(first) if each.state is ApplicationState.CHOSEN and each.won]
    if not call.budget or not 1 < len(parts) <= MOST_BARS:
        return None
    left = call.budget - tally.won
    return share_of(*parts, *([(_("남은 돈"), left, won(left), "quiet")] if left else []))

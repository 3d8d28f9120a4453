"""Desk pages of surveys: parts, questions, letters, paper, results."""

from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_forum.accounts.rules import same_person
from civic_forum.blocks import question_pages
from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.process_pages import Desk
from civic_forum.blocks.questions import TYPES
from civic_forum.opinions import labels as stages
from civic_forum.opinions.rules import Stage
from civic_forum.platform import clock, typed_codes
from civic_forum.platform.forms import ConfirmForm
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import never_cached, shown_to, visitor

from .. import forms, labels, policy, queries, services
from ..models import Survey, SurveyAnswer, SurveyLetter
from ..parts import Findings, part_of
from ..policy import may_prepare, may_see_desk
from ..process import PROCESS, QUESTIONS
from .blueprint import desk

HOME = "/desk/surveys"
DESK: Desk[Survey] = Desk(
    process=PROCESS, bp=desk, rule="/<slug>", home=lambda survey: f"{HOME}/{survey.slug}",
    title=lambda survey: survey.title, above=lambda: [(_("업무 화면"), "/desk"), (_("설문조사"), HOME)],
    find=queries.by_slug, may_see=may_see_desk, may_make=may_prepare, may_work=may_prepare)


@desk.get("")
@shown_to(may_see_desk)
def surveys():
    page = queries.EVERYTHING.read(request.args).page(request.args.get("after"))
    there = [row.Survey for row in page.items]
    return render_template("surveys/desk_list.html", surveys=there, stages=stages, desk=DESK,
                           after_url=page.after and url_for(".surveys", after=page.after))


@desk.route("/new", methods=["GET", "POST"])
@shown_to(may_prepare)
def new():
    return DESK.begin(forms.NewSurveyForm, lambda form: services.begin(*form.parts(), by=visitor()), _("새 설문 만들기"))


@desk.get("/<slug>")
@shown_to(may_see_desk)
def survey(slug: str):
    return _page(queries.by_slug(slug))


def _page(survey: Survey, prints: Any = None):
    return render_template(
        "surveys/desk_show.html", survey=survey, stage=survey.stage, stages=stages, desk=DESK,
        missing=DESK.gaps(survey) if survey.stage is Stage.PREPARING else [], types=TYPES,
        why_not_announce=policy.may_announce(visitor(), survey), prints=prints or forms.PrintForm(formdata=None),
        letters=queries.number_of(SurveyLetter, survey.id), answers=queries.number_of(SurveyAnswer, survey.id))


DESK.mount()
question_pages.mount(desk=DESK, asked=QUESTIONS, part_of=part_of)


# Letters and paper


@desk.post("/<slug>/letters")
@shown_to(may_prepare)
@never_cached
def print_letters(slug: str):
    """The letters, with codes that stand on this answer alone."""
    survey, form = queries.by_slug(slug), forms.PrintForm()
    return handle(form, lambda: services.print_letters(survey.id, form.count.number or 0, by=visitor()),
                  lambda: _page(survey, form), lambda codes: render_template(
                      "surveys/desk_letters.html", survey=survey, desk=DESK, codes=map(typed_codes.grouped, codes),
                      site=str(current_app.config["URL"]).rstrip("/")))


@desk.route("/<slug>/paper", methods=["GET", "POST"])
@shown_to(may_see_desk)
def paper(slug: str):
    survey = queries.by_slug(slug)
    require(visitor(), policy.may_type_paper, survey)
    form_type = forms.on_paper(queries.questions_of(survey))
    form = form_type() if request.method == "POST" else form_type(formdata=None)

    def page():
        waiting = [each.paper for each in queries.typed_once(survey.id) if not same_person(visitor(), each.typed_by)]
        return render_template("surveys/desk_paper.html", desk=DESK, record=survey, form=form, why_not=None,
                               name=_("종이로 받은 답 적기"), waiting=waiting)

    def told(differing: list[int] | None) -> ResponseReturnValue:
        sheet = form.sheet.number
        if differing:
            return saved(_("%(questions)s번 질문이 먼저 적은 것과 달라요. 다른 담당자가 %(sheet)s번 종이를 한 번 더 적어야 해요.",
                           questions=", ".join(map(str, differing)), sheet=sheet), request.path)
        return saved(_("%(sheet)s번 종이를 적었어요. 다른 담당자가 똑같이 적으면 결과에 들어가요.", sheet=sheet) if differing is None else
                     _("%(sheet)s번 종이를 두 사람이 똑같이 적었어요.", sheet=sheet), request.path)

    return page() if request.method != "POST" else handle(
        form, lambda: services.type_paper(survey.id, form.part(), form.sheet.number, by=visitor()), page,
        told)


# Results


@desk.route("/<slug>/results", methods=["GET", "POST"])
@shown_to(may_prepare)
def results(slug: str):
    """Counts and texts, and the words beside them that another person publishes."""
    survey = queries.by_slug(slug)
    require(visitor(), policy.may_publish, survey)
    if request.method != "POST":
        return _results(survey, Findings.form().of(survey))
    form = Findings.form()()
    return handle(form, lambda: services.propose(survey.id, form.part(), by=visitor()),
                  lambda: _results(survey, form),
                  lambda _made: saved(_("다른 담당자가 확인하면 공개돼요."), request.path))


def _results(survey: Survey, form: Any):
    subject = services.subject_of(survey)
    act = services.PUBLISHING.pending(subject)
    counts = survey.results or services.count(survey)
    waits = act is not None and services.PUBLISHING.why_void(act, survey, clock.now()) is None
    return render_template(
        "surveys/desk_results.html", survey=survey, desk=DESK, form=form, counts=counts, labels=labels,
        written=services.written(survey), waits=waits, own=waits and act.by_id == visitor().id,
        seen=services.PUBLISHING.fingerprint(survey).hex())


@desk.post("/<slug>/results/confirmations")
@shown_to(may_prepare)
def publish(slug: str):
    survey = queries.by_slug(slug)
    services.PUBLISHING.confirm(services.subject_of(survey), seen=ConfirmForm().fingerprint, by=visitor())
    return saved(_("결과를 공개했어요."), f"/surveys/{survey.slug}")

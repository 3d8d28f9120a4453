"""The desk after the result: what the district council did, put right where it was wrong, and carried out."""

from flask import render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock
from civic_forum.platform.errors import NotFound, Refusal, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import shown_to, visitor

from .. import labels
from .. import queries as records
from ..models import BudgetRound
from ..pages import desk
from ..projects.models import Project
from . import council, forms
from .policy import may_carry_out, may_correct, may_decide, may_see_council

COUNCIL = "/budgets/<slug>/council"


@desk.get(COUNCIL, endpoint="council")
@shown_to(may_see_council)
def show_council(slug: str):
    budget_round = records.by_slug(slug)
    waiting = [choice.project for choice in council.chosen(budget_round.id) if choice.waits]
    return _page(budget_round, forms.several(waiting, formdata=None, data={"on": local(clock.now()).date()}))


@desk.post(COUNCIL, endpoint="enter_council")
@shown_to(may_see_council)
def enter(slug: str):
    budget_round = records.by_slug(slug)
    waiting = [choice.project for choice in council.chosen(budget_round.id) if choice.waits]
    form = forms.several(waiting)
    return handle(form, lambda: council.decide(budget_round.id, forms.decisions(form, waiting), on=form.on.needed,
                                               by=visitor()), lambda: _page(records.by_slug(slug), form),
                  lambda entered: saved(_("사업 %(count)s개의 구의회 결과를 적었어요. 모두에게 보여요.", count=len(entered)),
                                        url_for(".council", slug=slug)), public=True)


@desk.route(f"{COUNCIL}/<code>", methods=["GET", "POST"])
@shown_to(may_see_council)
def correct_council(slug: str, code: str):
    budget_round = records.by_slug(slug)
    choice = council.decided(budget_round.id, code)
    if request.method != "POST":
        return _correction(budget_round, choice.project, forms.correction(
            choice.project, choice.step, formdata=None, data=forms.filled(choice.project, choice.step)))
    form = forms.correction(choice.project, choice.step)

    def correct() -> None:
        form.refuse_personal_numbers()
        decisions = forms.decisions(form, [choice.project])
        if not decisions:
            raise Refusal(_("보기 가운데에서 골라 주세요."), field=f"decision-{code}")
        council.correct(budget_round.id, decisions[0], on=form.on.needed, seen=forms.seen(form), by=visitor())

    return handle(form, correct,
                  lambda: _correction(records.by_slug(slug), council.decided(budget_round.id, code).project, form),
                  lambda _made: saved(_("바로잡았어요. 처리 과정에 바로잡았다고 적혀요."), url_for(".council", slug=slug)))


def _correction(budget_round: BudgetRound, project: Project, form) -> str:
    return render_template("budgets/desk/council_correction.html", round=budget_round, project=project, form=form,
                           why_not=may_correct(visitor(), budget_round))


@desk.route(f"{COUNCIL}/<code>/progress", methods=["GET", "POST"])
@shown_to(may_see_council)
def carry_out(slug: str, code: str):
    budget_round = records.by_slug(slug)
    choice = existing(next((choice for choice in council.chosen(budget_round.id) if choice.project.code == code), None),
                      lambda: NotFound(_("선정한 사업만 실행 상황을 적을 수 있어요.")))

    def page(now: BudgetRound, form: forms.CarryOutForm) -> str:
        project = records.project(now.id, code)
        return render_template("budgets/desk/carry_out.html", round=now, project=project, form=form, labels=labels,
                               why_not=may_carry_out(visitor(), project))

    if request.method != "POST":
        return page(budget_round, forms.CarryOutForm(formdata=None, data={"after": choice.carried_on}))
    form = forms.CarryOutForm()
    return handle(form, lambda: council.carry_out(choice.project.id, form.state, note=form.note.data or "",
                                                  by=visitor()), lambda: page(records.by_slug(slug), form),
                  lambda _made: saved(_("적었어요. 사업의 처리 과정에 보여요."), url_for(".council", slug=slug)), public=True)


def _page(budget_round: BudgetRound, form):
    chosen = council.chosen(budget_round.id)
    return render_template(
        "budgets/desk/council.html", round=budget_round, form=form, chosen=chosen, labels=labels,
        waiting=[choice for choice in chosen if choice.waits], done=[choice for choice in chosen if not choice.waits],
        names={envelope.id: envelope.name for envelope in budget_round.envelopes},
        why_not=may_decide(visitor(), budget_round), may_correct=may_correct(visitor(), budget_round) is None,
        may_carry_out={choice.project.id for choice in chosen if may_carry_out(visitor(), choice.project) is None})

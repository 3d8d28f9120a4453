"""The projects of a round: their list, the page of each, and what people do with them."""

from typing import Any

from flask import render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks import moderated, sections
from civic_forum.blocks.about import SECTIONS
from civic_forum.blocks.listing import Given
from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.comments.queries import sections as comments
from civic_forum.district.queries import category_names
from civic_forum.platform import clock
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.i18n import _, _l, language, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_address, by_user, sign_in_for, visitor
from civic_forum.proposals import differences
from civic_forum.proposals.queries import records as proposals

from .. import extensions
from ..kinds import PROJECT
from .. import labels
from .. import policy as acting
from .. import queries as budgets
from ..models import BudgetRound
from ..pages import bp, found
from ..policy import may_decide
from ..rules import FIT_FOR_BALLOT
from ..reviews import policy as review_policy
from ..reviews import queries as review_queries
from ..reviews import rules as review_rules
from ..reviews import services as second_looks
from . import policy, queries, rules, services
from . import labels as project_words
from .forms import MergeForm, ProjectForm, SecondLookForm, WithdrawalForm
from .models import Project
from .operations import address
from .queries import ProjectDetail
from .rules import Hand


@bp.get("/<slug>/projects")
def show_projects(slug: str):
    return sections.page(_projects, slug, queries.PROJECTS.given(request.args))


@sections.asks_again
def _projects(slug: str, given: Given) -> tuple[str, dict[str, Any]]:
    budget_round, spoken = found(slug), str(language())
    envelopes = {purse.slug: (purse.texts.get(spoken) or {}).get("name") or purse.name
                 for purse in budget_round.envelopes}
    wanted = queries.PROJECTS.read(given, {"envelope": envelopes}, slug=slug)
    cards = queries.listed(budget_round, wanted, given.get("after"))
    return "budgets/projects/list.html", {
        "round": budget_round, "wanted": wanted, "page": cards, "pickers": [*wanted.pickers()],
        "names": wanted.choices("neighbourhood"), "labels": labels, "categories": category_names(),
        "pictures": {card.id: card.picture for card in cards.items}, "after": given.get("after"),
        "conditions": review_queries.conditions_of(card for card in cards.items if not card.is_hidden),
        "collecting": policy.why_not_collecting(budget_round) is None,
        "after_url": cards.after and wanted.address(after=cards.after)}


def _found(slug: str, code: str) -> ProjectDetail:
    detail = queries.detail(slug, code)
    if policy.may_read_project(visitor(), detail.project):
        raise budgets.no_project()
    return detail


@bp.get("/<slug>/projects/<code>")
def show_project(slug: str, code: str):
    detail, viewer = _found(slug, code), visitor()
    project = detail.project
    becomes_another(*(span.starts_at for span in project.round.phases),
                    *(span.ends_at for span in project.round.phases if span.ends_at))
    if policy.may_read_hidden(viewer, project):
        return render_template("budgets/projects/hidden.html", found=detail, project=project, labels=labels,
                               rule=_rule(project))
    reviews = review_queries.of_project(project.id)
    section = None if not project.thread_id else comments.section(
        project.thread_id, viewer, request.args.get("order"), request.args.get("after"), request.args.get("stance"))
    looked = review_queries.looked_among(project, reviews, [look.at for look in detail.looks])
    return render_template(
        "budgets/projects/show.html", condition=_condition(project, reviews, detail.entries), found=detail,
        project=project, reviews=reviews, section=section, labels=labels,
        sections=extensions.PROJECT.ask(project) + SECTIONS.ask(PROJECT.name, [project.id]),
        category=category_names().get(project.category), rule=_rule(project), local=local,
        today=local(clock.now()).date(), next_words=project_words.NEXT,
        may_edit=_may_edit(project),
        may_withdraw=policy.may_withdraw(viewer, project) is None,
        may_merge=policy.may_merge(viewer, project) is None and _may_decide(project),
        may_ask=review_policy.may_ask_second_look(viewer, looked) is None,
        may_assign=viewer.is_authenticated and review_policy.may_assign(viewer, project) is None,
        look_until=looked.decided_at and review_rules.look_until(looked.decided_at, project.round.second_look_days))


def _condition(project: Project, reviews, entries) -> str | None:
    """Condition of which nobody said that it was met, also once it stands on a ballot."""
    last = [entry.step for entry in entries
            if entry.step in ("project_eligible", "project_eligible_if", "project_not_eligible")]
    if not last or last[-1] != "project_eligible_if" or project.state in policy.CLOSED:
        return None
    return next((review.condition for review in reviews if review.ended_at and not review.is_second_opinion), None)


def _may_decide(project: Project) -> bool:
    """True if nothing of theirs competes with it."""
    return may_decide(visitor(), budgets.proposers({project.envelope_id})) is None


def _may_edit(project: Project) -> bool:
    """Its proposer, and an office that has no project of its own beside it."""
    if policy.may_edit_project(visitor(), project):
        return False
    return policy.hand_of(visitor(), project) is Hand.PROPOSER or _may_decide(project)


def _rule(project: Project) -> str | None:
    if not project.hidden_rule:
        return None
    return moderated.rule(project.hidden_rule)


@bp.route("/<slug>/projects/new", methods=["GET", "POST"])
@sign_in_for(_l("사업을 제안하려면 로그인해 주세요."))
@login_required
@by_address
@by_user
def new_project(slug: str):
    """An empty form, or with `?proposal=` what a proposal says already."""
    if acting.may_read(visitor(), budget_round := budgets.whole(slug)):
        raise budgets.missing()
    if request.method != "POST":
        require(visitor(), policy.may_hand_in, budget_round)
        return _form(budget_round, ProjectForm.new(budget_round, _proposal()))
    form = ProjectForm(budget_round)
    return handle(form, lambda: services.hand_in(
        budget_round.id, form.words(), form.belonging(), form_key=form.form_key,
        proposal_number=form.proposal.data or None, by=visitor()), lambda: _form(budgets.whole(slug), form),
                  lambda made: saved(_("사업을 냈어요. 번호: %(code)s. 접수가 끝나면 담당 부서가 검토해요.", code=made.code),
                                     url_for(".show_project", slug=slug, code=made.code)),
                  public=True, through=(Denied, NotFound))


def _proposal():
    """Of which proposal a new project is to be made. Raises NotFound, Denied."""
    number = request.args.get("proposal", "")[:20]
    if not number:
        return None
    proposal = proposals.by_number(number)
    require(visitor(), policy.may_make_project_of, proposal)
    return proposal


def _form(budget_round: BudgetRound, form: ProjectForm) -> str:
    return render_template("budgets/projects/new.html", round=budget_round, form=form, rules=rules,
                           cap=rules.cap(budget_round.project_cap),
                           own_proposals=[] if form.proposal.data
                           else queries.not_yet_projects(budget_round.id, visitor().id))


@bp.route("/<slug>/projects/<code>/edit", methods=["GET", "POST"])
@login_required
@by_address
@by_user
def edit_project(slug: str, code: str):
    detail = _found(slug, code)
    project = detail.project
    if request.method != "POST":
        require(visitor(), policy.may_edit_project, project)
        if policy.hand_of(visitor(), project) is not Hand.PROPOSER:
            require(visitor(), may_decide, budgets.proposers({project.envelope_id}))
        return _edit_page(project, ProjectForm.of(project))
    form = ProjectForm(project.round)

    def edit() -> None:
        form.refuse_personal_numbers()
        placed = form.belonging() if policy.may_place(visitor(), project) else None
        services.edit(project.id, form.words(), version=form.read_version, note=form.note.data or "",
                      belonging=placed, by=visitor())

    def again(refusal: Refusal):
        form.refuse(refusal)
        stored = _found(slug, code).project
        changed = stored if isinstance(refusal, Conflict) else None
        if changed is not None:
            form.version.data = str(stored.version)
        return _edit_page(stored, form, changed)

    return attempt(edit, again, lambda _made: saved(_("고친 내용을 저장했어요. 앞의 글도 남아 있어요."),
                                                    url_for(".show_project", slug=slug, code=code)),
                   through=(Denied, NotFound))


def _edit_page(project: Project, form: ProjectForm, stored: Project | None = None) -> str:
    hand = policy.hand_of(visitor(), project)
    return render_template(
        "budgets/projects/edit.html", project=project, round=project.round, form=form, stored=stored, rules=rules,
        as_office=hand is not Hand.PROPOSER, may_place=policy.may_place(visitor(), project),
        looked_again=hand is Hand.PROPOSER and project.state in FIT_FOR_BALLOT,
        cap=rules.cap(project.round.project_cap))


@bp.get("/<slug>/projects/<code>/versions/<int(max=100000):number>")
def show_version(slug: str, code: str, number: int):
    detail = _found(slug, code)
    if reason := policy.may_read_hidden(visitor(), detail.project):
        raise NotFound(reason)
    version, department = queries.version(detail.project.id, number)
    before = queries.version(detail.project.id, number - 1)[0] if number > 1 else None
    compared = {name: differences.compare(getattr(before, name), getattr(version, name))
                for name in ("title", "text", "place", "scope")} if before else None
    return render_template("budgets/projects/version.html", found=detail, project=detail.project, version=version,
                           before=before, compared=compared, department=department)


@bp.route("/<slug>/projects/<code>/withdrawal", methods=["GET", "POST"])
@login_required
@by_address
def withdraw_project(slug: str, code: str):
    return _act(slug, code, WithdrawalForm, policy.may_withdraw, "budgets/projects/withdrawal.html",
                lambda project, form: services.withdraw(project.id, reason=form.reason.data or "", by=visitor()),
                _("사업을 거두었어요. 글은 이유와 함께 남아요."))


@bp.route("/<slug>/projects/<code>/merge", methods=["GET", "POST"])
@login_required
@by_address
def merge_project(slug: str, code: str):
    return _act(slug, code, MergeForm, lambda actor, project: policy.may_merge(actor, project) or may_decide(
        actor, budgets.proposers({project.envelope_id})), "budgets/projects/merge.html",
                lambda project, form: services.merge(project.id, (form.into.value or "").upper(),
                                                     note=form.note.data or "", by=visitor()),
                _("두 사업을 합쳤어요."))


@bp.route("/<slug>/projects/<code>/second-look", methods=["GET", "POST"])
@login_required
@by_address
@by_user
def ask_second_look(slug: str, code: str):
    return _act(slug, code, SecondLookForm,
                lambda actor, project: review_policy.may_ask_second_look(actor, review_queries.looked(project)),
                "budgets/projects/second_look.html",
                lambda project, form: second_looks.ask(project.id, text=form.text.data or "", by=visitor()),
                _("재검토를 요청했어요. 운영자가 답하면 이 화면에 보여요."))


def _inside(slug: str, form):
    if isinstance(form, MergeForm):
        form.into.within = slug
    return form


def _act(slug: str, code: str, kind, may_do, template: str, do, sentence: str):
    """A page that asks for one thing and does it."""
    project = _found(slug, code).project
    require(visitor(), may_do, project)
    if request.method != "POST":
        return render_template(template, project=project, form=_inside(slug, kind(formdata=None)))
    form = _inside(slug, kind())
    return handle(form, lambda: do(project, form),
                  lambda: render_template(template, project=_found(slug, code).project, form=form),
                  lambda _made: saved(sentence, address(_found(slug, code).project)), public=True, at_fields=True)

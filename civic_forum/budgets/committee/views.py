"""The committee of a round: the page of its members, and the desk on which it is named and its votes are fixed."""

from flask import render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.platform import clock
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, shown_to, visitor

from .. import labels
from .. import queries as budgets
from ..models import BudgetRound
from ..pages import bp, desk, found
from ..policy import barred_from, may_make
from ..rules import Phase, span_of
from . import queries, services
from .forms import AnnulForm, MarksForm, NameForm, SumsForm, VotesForm
from .policy import OWN_ENVELOPE, is_over, may_correct, may_name, may_recommend, may_see_marks, why_none
from .rules import LEAST_BALLOTS, may_be_fixed


@bp.get("/<slug>/committee")
@never_cached
def committee(slug: str):
    """Once they are fixed, the sums for everybody; before that, the page on which a member recommends."""
    budget_round = found(slug)
    if budget_round.committee_fixed_at is not None:
        return render_template("budgets/committee/sums.html", round=budget_round,
                               projects=queries.fixed(budget_round.id))
    return _own_page(budget_round)


@bp.post("/<slug>/committee")
@by_user
@login_required
def recommend(slug: str):
    budget_round, form = found(slug), MarksForm()
    finished = request.form.get("then") == "finish"
    sentence = (_("마쳤어요. 심사 기간에는 다시 열어 고칠 수 있어요.") if finished else _("저장했어요. 다 고르면 ‘마치기’를 눌러 주세요."))
    return handle(form, lambda: services.recommend(budget_round.id, form.codes, finished=finished, by=visitor()),
                  lambda: _marks(found(slug), form, form.codes),
                  lambda made: saved(sentence, url_for(".committee", slug=slug)))


@bp.post("/<slug>/committee/reopenings")
@by_user
@login_required
def reopen_marks(slug: str):
    services.reopen(found(slug).id, by=visitor())
    return saved(_("다시 고칠 수 있어요. 다 고르면 ‘마치기’를 다시 눌러 주세요."), url_for(".committee", slug=slug))


@desk.get("/budgets/<slug>/committee", endpoint="committee")
@shown_to(may_make)
def show_desk(slug: str):
    return _desk(budgets.by_slug(slug))


@desk.post("/budgets/<slug>/committee/members")
@shown_to(may_make)
def name_member(slug: str):
    budget_round, form = budgets.by_slug(slug), NameForm()

    def act():
        user_id = existing(services.look_up(budget_round.id, form.name.sign_in_name, by=visitor()),
                           lambda: NotFound(_("그런 로그인 이름을 쓰는 사람이 없어요."), field="name"))
        services.name(budget_round.id, user_id, by=visitor())

    return handle(form, act, lambda: _desk(budgets.by_slug(slug), name_form=form),
                  lambda made: saved(_("위원으로 올렸어요."), url_for(".committee", slug=slug)))


@desk.post("/budgets/<slug>/committee/members/<id:member>/removals")
@shown_to(may_make)
def take_member_out(slug: str, member: int):
    services.take_out(budgets.by_slug(slug).id, member, by=visitor())
    return saved(_("위원에서 뺐어요. 그 위원이 고른 것도 함께 지웠어요."), url_for(".committee", slug=slug))


@desk.post("/budgets/<slug>/committee/fixings")
@shown_to(may_make)
def fix_committee(slug: str):
    budget_round = budgets.by_slug(slug)
    return attempt(lambda: services.fix(budget_round.id, by=visitor()),
                   lambda refusal: _desk(budgets.by_slug(slug), problem=str(refusal)),
                   lambda sums: saved(_("위원 %(count)s명의 심사를 확정했어요. 이제 모두에게 보여요.", count=sums.members),
                                      url_for(".committee", slug=slug)))


@desk.route("/budgets/<slug>/committee/paper", methods=["GET", "POST"])
@shown_to(may_make)
def committee_paper(slug: str):
    """The sums of a meeting on paper."""
    budget_round = budgets.by_slug(slug)
    projects = queries.fit(budget_round.id)
    form = SumsForm(projects, request.form) if request.method == "POST" else SumsForm(projects, {}, formdata=None)

    def page() -> str:
        return render_template("budgets/committee/paper.html", round=budgets.by_slug(slug), form=form,
                               projects=queries.fit(budget_round.id), why_not=may_name(visitor(), budget_round))

    if request.method == "GET":
        return page()
    return handle(form, lambda: services.enter(
        budget_round.id, form.members.number or 0, form.votes, form.note.data or "", by=visitor()), page,
                  lambda _made: saved(_("위원회 심사를 적고 확정했어요. 이제 모두에게 보여요."), url_for(".committee", slug=slug)),
                  public=True)


@desk.post("/budgets/<slug>/committee/additions")
@shown_to(may_make)
def complete_committee(slug: str):
    """The sums of projects that became fit after the votes were fixed."""
    budget_round = budgets.by_slug(slug)
    form = VotesForm(queries.undecided(budget_round.id), request.form)
    return handle(form, lambda: services.complete(budget_round.id, form.votes, by=visitor()),
                  lambda: _desk(budgets.by_slug(slug), votes_form=form),
                  lambda made: saved(_("빠진 사업의 심사를 적었어요."), url_for(".committee", slug=slug)))


@desk.post("/budgets/<slug>/committee/annulments")
@shown_to(may_make)
def annul_committee(slug: str):
    budget_round, form = budgets.by_slug(slug), AnnulForm()
    return handle(form, lambda: services.annul(budget_round.id, form.reason.data or "", by=visitor()),
                  lambda: _desk(budgets.by_slug(slug), annul_form=form),
                  lambda _made: saved(_("확정한 심사를 거뒀어요. 이유는 알림으로 올렸어요."), url_for(".committee", slug=slug)),
                  public=True)


@login_required
def _own_page(budget_round: BudgetRound):
    return _marks(budget_round, MarksForm(formdata=None))


def _marks(budget_round: BudgetRound, form: MarksForm, sent=None):
    """With the codes that were `sent`, or with what is saved."""
    member = queries.member_of(budget_round.id, visitor().id)
    require(visitor(), may_see_marks, (budget_round, member))
    chosen = queries.own_marks(member.id) if sent is None else sent
    projects = queries.fit(budget_round.id)
    return render_template(
        "budgets/committee/marks.html", round=budget_round, member=member, form=form, projects=projects, labels=labels,
        reviews=queries.reviews(project.id for project in projects), span=span_of(budget_round.phases, Phase.COMMITTEE),
        chosen={project.id for project in projects if project.id in chosen or project.code in chosen},
        barred=barred_from(visitor(), budgets.by_envelope(budget_round.id)), own_envelope=OWN_ENVELOPE,
        why_not=may_recommend(visitor(), (budget_round, member)))


def _desk(budget_round: BudgetRound, *, name_form: NameForm | None = None, votes_form: VotesForm | None = None,
          annul_form: AnnulForm | None = None, problem: str | None = None):
    members = queries.members(budget_round.id)
    finished = sum(member.finished_at is not None for member in members)
    may_put_right = may_correct(visitor(), budget_round) is None
    undecided = queries.undecided(budget_round.id) if may_put_right else []
    return render_template(
        "budgets/committee/desk.html", round=budget_round, members=members, finished=finished, problem=problem,
        form=name_form or NameForm(formdata=None), why_not=may_name(visitor(), budget_round),
        why_none=why_none(budget_round),
        span=span_of(budget_round.phases, Phase.COMMITTEE), may_put_right=may_put_right, undecided=undecided,
        votes_form=votes_form or VotesForm(undecided, {}, formdata=None),
        annul_form=annul_form or AnnulForm(formdata=None),
        least=LEAST_BALLOTS, may_fix=may_be_fixed(len(members), finished, over=is_over(budget_round, clock.now())))

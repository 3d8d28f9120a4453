"""The envelopes of a round on the desk, their choice groups, and projects of which only one can win."""

from flask import render_template, request, url_for

from civic_forum.ballots.rules.log import canonical_json
from civic_forum.ballots.voting import ballot as ballot_forms
from civic_forum.ballots.box.voters import NOBODY_KNOWS
from civic_forum.ballots.models import BallotBox
from civic_forum.blocks import part_tables
from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.process_pages import sent_version
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor

from .. import readiness
from ..definition import definition
from .. import queries
from .. import labels as preparing
from ..models import BudgetRound, Envelope
from ..pages import desk
from ..policy import may_edit, may_prepare, may_see_desk
from ..rules import MOST_ENVELOPES
from ..parts import EnvelopeParts
from . import labels, services
from .desk import DESK
from .forms import ExclusionForm, GroupForm, OwnCountingForm, PurseForm

NOBODY = bytes(32)
"""Whose ballot a preview is: the order of the projects is mixed as for anybody."""


@desk.route("/budgets/<slug>/money", methods=["GET", "POST"])
@shown_to(may_prepare)
def money(slug: str):
    budget_round = _prepared(slug)
    if request.method == "GET":
        return _list(budget_round, PurseForm.empty(budget_round.version))
    form = PurseForm()
    return handle(form, lambda: services.add(budget_round.id, form.slug.data or None, form.part(),
                                             version=form.read_version, by=visitor()),
                  lambda: _list(queries.whole(slug), form),
                  lambda made: saved(_("배정 예산을 넣었어요."), url_for(".money", slug=slug)))


@desk.route("/budgets/<slug>/money/table", methods=["GET", "POST"])
@shown_to(may_prepare)
def money_table(slug: str):
    """Several envelopes at once."""
    budget_round, back = _prepared(slug), url_for(".money", slug=slug)
    return part_tables.answer(
        EnvelopeParts, MOST_ENVELOPES,
        lambda parts, version: services.add_all(budget_round.id, parts, version=version, by=visitor()),
        lambda form, columns: render_template(
            "blocks/process/table.html", desk=DESK, record=queries.whole(slug), form=form, columns=columns, back=back,
            name=_("표로 넣기"), why_not=may_edit(visitor(), budget_round)), back, finish=services.told_apart)


@desk.route("/budgets/<slug>/envelopes/<envelope>", methods=["GET", "POST"])
@shown_to(may_prepare)
def purse(slug: str, envelope: str):
    budget_round = _prepared(slug)
    purse = queries.envelope(budget_round, envelope)
    if request.method == "GET":
        return _one(budget_round, purse, PurseForm.of(purse, budget_round.version))
    form = PurseForm()
    return handle(form, lambda: services.edit(budget_round.id, envelope, form.part(), version=form.read_version,
                                              by=visitor()),
                  lambda: _one(anew := queries.whole(slug), queries.envelope(anew, envelope), form),
                  lambda made: saved(_("저장했어요."), url_for(".purse", slug=slug, envelope=envelope)))


@desk.route("/budgets/<slug>/envelopes/<envelope>/counting", methods=["GET", "POST"])
@shown_to(may_prepare)
def own_counting(slug: str, envelope: str):
    """Rules of counting of one envelope."""
    budget_round = _prepared(slug)
    purse = queries.envelope(budget_round, envelope)
    if request.method == "GET":
        return _own_counting(budget_round, envelope, OwnCountingForm.of_envelope(purse, budget_round.version))
    form = OwnCountingForm()
    return handle(form, lambda: services.count_by(budget_round.id, envelope, form.own(), version=form.read_version,
                                                  by=visitor()),
                  lambda: _own_counting(queries.whole(slug), envelope, form),
                  lambda made: saved(_("저장했어요."), url_for(".purse", slug=slug, envelope=envelope)))


def _own_counting(budget_round: BudgetRound, envelope: str, form: OwnCountingForm):
    return _page("own_counting", budget_round, form, envelope=queries.envelope(budget_round, envelope))


@desk.post("/budgets/<slug>/envelopes/<envelope>/removals")
@shown_to(may_prepare)
def remove_purse(slug: str, envelope: str):
    services.remove(queries.by_slug(slug).id, envelope, version=sent_version(), by=visitor())
    return saved(_("배정 예산을 뺐어요."), url_for(".money", slug=slug))


@desk.route("/budgets/<slug>/envelopes/<envelope>/groups", methods=["GET", "POST"])
@shown_to(may_prepare)
def new_group(slug: str, envelope: str):
    return _group(slug, envelope, None)


@desk.route("/budgets/<slug>/envelopes/<envelope>/groups/<id:group_id>", methods=["GET", "POST"])
@shown_to(may_prepare)
def group(slug: str, envelope: str, group_id: int):
    return _group(slug, envelope, group_id)


@desk.post("/budgets/<slug>/envelopes/<envelope>/groups/<id:group_id>/removals")
@shown_to(may_prepare)
def remove_group(slug: str, envelope: str, group_id: int):
    services.ungroup(queries.by_slug(slug).id, envelope, group_id, version=sent_version(), by=visitor())
    return saved(_("묶음을 풀었어요."), url_for(".purse", slug=slug, envelope=envelope))


@desk.route("/budgets/<slug>/exclusions", methods=["GET", "POST"])
@shown_to(may_prepare)
def exclusions(slug: str):
    return _exclusion(slug, None)


@desk.route("/budgets/<slug>/exclusions/<id:exclusion_id>", methods=["GET", "POST"])
@shown_to(may_prepare)
def exclusion(slug: str, exclusion_id: int):
    return _exclusion(slug, exclusion_id)


@desk.post("/budgets/<slug>/exclusions/<id:exclusion_id>/removals")
@shown_to(may_prepare)
def remove_exclusion(slug: str, exclusion_id: int):
    services.include(queries.by_slug(slug).id, exclusion_id, version=sent_version(), by=visitor())
    return saved(_("묶음을 풀었어요."), url_for(".exclusions", slug=slug))


@desk.get("/budgets/<slug>/envelopes/<envelope>/preview")
@shown_to()
def preview(slug: str, envelope: str):
    """The ballot as voters will see it. There is no box behind it: nothing can be sent."""
    budget_round = queries.whole(slug)
    require(visitor(), may_see_desk, budget_round)
    purse = queries.envelope(budget_round, envelope)
    try:
        written = canonical_json(definition(purse, queries.on_ballot(purse))).decode()
        shown = BallotBox(id=bytes(16), definition=written, fingerprint=bytes(32))
        form = ballot_forms.opened(shown, NOBODY, NOBODY_KNOWS)
    except ValueError:
        raise NotFound(_("일정과 셈 방법을 정하고 사업이 두 개 이상 적격이 되면 미리 볼 수 있어요.")) from None
    return render_template("budgets/desk/preview.html", round=budget_round, envelope=purse, form=form)


def _prepared(slug: str) -> BudgetRound:
    """The round, for those who prepare it."""
    budget_round = queries.whole(slug)
    require(visitor(), may_prepare, budget_round)
    return budget_round


def _page(name: str, budget_round: BudgetRound, form, **facts: object) -> str:
    return render_template(f"budgets/desk/{name}.html", round=budget_round, form=form,
                           why_not=may_edit(visitor(), budget_round), **facts)


def _list(budget_round: BudgetRound, form: PurseForm):
    return _page("money", budget_round, form)


def _one(budget_round: BudgetRound, envelope: Envelope, form: PurseForm):
    projects = queries.on_ballot(envelope)
    return _page(
        "envelope", budget_round, form, envelope=envelope, projects=projects, said=preparing,
        unfit=readiness.unfit(envelope, projects), sentences=labels.own_sentences(envelope),
        in_group={group.id: sum(project.group_id == group.id for project in projects) for group in envelope.groups})


def _group(slug: str, envelope: str, group_id: int | None):
    budget_round = _prepared(slug)
    purse = queries.envelope(budget_round, envelope)
    group = next((group for group in purse.groups if group.id == group_id), None)
    if group_id is not None and group is None:
        raise queries.no_group()
    projects = [project for project in queries.all_projects(budget_round.id) if project.envelope_id == purse.id]
    if request.method == "POST":
        form = GroupForm(projects)
        return handle(form, lambda: services.group(budget_round.id, envelope, form.part(), group_id=group_id,
                                                   version=form.read_version, by=visitor()),
                      lambda: _group_page(slug, envelope, group, form),
                      lambda made: saved(_("저장했어요."), url_for(".purse", slug=slug, envelope=envelope)))
    return _group_page(slug, envelope, group, GroupForm.of(projects, group, budget_round.version))


def _group_page(slug: str, envelope: str, group, form: GroupForm):
    budget_round = queries.whole(slug)
    return _page("group", budget_round, form, envelope=queries.envelope(budget_round, envelope), group=group)


def _exclusion(slug: str, exclusion_id: int | None):
    budget_round = _prepared(slug)
    exclusion = queries.exclusion(budget_round.id, exclusion_id) if exclusion_id is not None else None
    projects = queries.all_projects(budget_round.id)
    if request.method == "POST":
        form = ExclusionForm(projects)
        return handle(form, lambda: services.exclude(budget_round.id, form.why.data or "", form.codes.data or (),
                                                     exclusion_id=exclusion_id, version=form.read_version,
                                                     by=visitor()),
                      lambda: _exclusion_page(slug, exclusion, form),
                      lambda made: saved(_("저장했어요."), url_for(".exclusions", slug=slug)))
    return _exclusion_page(slug, exclusion, ExclusionForm.of(projects, exclusion, budget_round.version))


def _exclusion_page(slug: str, exclusion, form: ExclusionForm):
    budget_round = queries.whole(slug)
    inside = {
        group.id: [project for project in queries.all_projects(budget_round.id) if project.exclusion_id == group.id]
        for envelope in budget_round.envelopes for group in envelope.exclusions}
    return _page("exclusions", budget_round, form, exclusion=exclusion, inside=inside)

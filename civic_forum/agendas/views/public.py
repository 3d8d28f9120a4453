"""Public pages of agendas, and merges."""

from collections.abc import Hashable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks import fragments, sections
from civic_forum.blocks.listing import Given
from civic_forum.comments import queries as comments
from civic_forum.platform import clock
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, visitor
from civic_forum.proposals import queries as proposals
from civic_forum.proposals.extensions import WHY_NOT_MERGE

from .. import forms, labels, policy, rules
from ..extensions import PAGE
from ..models import ProposalMerge
from ..pages import ask, bp, desk, for_moderators
from ..queries import listing, merges, records
from ..queries.detail import Detail, Member, detail
from ..rules import AgendaState, Relation
from ..services import merging, objecting

CHIPS = (AgendaState.IN_DELIBERATION, AgendaState.AT_VOTE, AgendaState.DECIDED, AgendaState.IN_PROGRESS,
         AgendaState.CLOSED)
VOTED = ("in_poll", "vote_announced")
"""Steps of a journey that say so."""


@bp.get("/agendas")
def index():
    return sections.page(_index, listing.AGENDAS.given(request.args))


def _index(given: Given) -> tuple[str, dict[str, Any]]:
    wanted = listing.AGENDAS.read(given)
    page = listing.listed(wanted, given.get("after"))
    return "agendas/list.html", {
        "page": page, "wanted": wanted, "chips": wanted.links("state", CHIPS),
        "picker": wanted.pickers("neighbourhood")[0], "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/agendas/<slug>")
def show(slug: str):
    found, viewer = detail(slug), visitor()
    agenda = found.agenda
    if policy.may_read(viewer, agenda):
        raise records.missing()
    section = comments.section(agenda.thread_id, viewer, request.args.get("order"), request.args.get("after"),
                               request.args.get("stance")) if agenda.published_at and agenda.thread_id else None
    objectable = _objectable(viewer, found)
    return render_template(
        "agendas/show.html", agenda=agenda, found=found, labels=labels, section=section, sections=PAGE.ask(found),
        stages=[(labels.STAGE[stage], status) for stage, status in rules.progress(
            agenda.state, was_voted_on=any(one.step in VOTED for one in found.entries))],
        groups=_groups(found, objectable) if objectable else sections.kept(_groups_of, agenda.slug))


def _groups_of(slug: str) -> list[tuple[Relation, int, str]]:
    return _groups(detail(slug), set())


def _groups(found: Detail, objectable: set[int]) -> list[tuple[Relation, int, str]]:
    """Each relation with the number of its members, and the list of them as it is written."""
    return [(relation, len(members), fragments.all_of(
        "agendas/member.html", (_shown(one, objectable) for one in members)))
            for relation in Relation if (members := found.of(relation))]


def _shown(one: Member, objectable: set[int]) -> tuple[Hashable, ...]:
    """Facts of `agendas/member.html`."""
    return (one.number, None if one.hidden else one.title, one.why, one.supporters, one.neighbourhood_name, one.took_up,
            one.state, one.objection.id if one.objection else 0, one.link_id if one.link_id in objectable else 0)


def _objectable(viewer, found) -> set[int]:
    """Links that the viewer may object to now."""
    if not viewer.is_authenticated:
        return set()
    return {one.link_id for one in found.members if one.author_id == viewer.id and one.objection is None
            and one.told_at and rules.may_object(one.told_at, clock.now())}


@bp.get("/agendas/<slug>/versions")
def versions(slug: str):
    agenda = records.by_slug(slug)
    if policy.may_read(visitor(), agenda):
        raise records.missing()
    return render_template("agendas/versions.html", agenda=agenda, versions=listing.versions(agenda.id))


@bp.route("/groupings/<id:link_id>/objections", methods=["GET", "POST"])
@never_cached
@login_required
@by_user
def object_to_grouping(link_id: int):
    link = records.link(link_id)
    if policy.may_read(visitor(), link.agenda):
        raise records.missing()
    require(visitor(), policy.may_object, link)
    if records.objection_to(link.id) is not None:
        return redirect(url_for("agendas.show", slug=link.agenda.slug) + "#objections", 303)
    form = forms.ObjectionForm() if request.method == "POST" else forms.ObjectionForm(formdata=None)
    return ask("agendas/objection.html", form,
               lambda: objecting.object_to_grouping(link.id, form.text.data or "", by=visitor()),
               lambda _made: url_for("agendas.show", slug=link.agenda.slug) + "#objections",
               _("반대를 남겼어요. 운영자가 답하면 의제 화면에 보여요."), title=_("묶음에 반대하기"), about=link.proposal.title,
               other=link.agenda.question, other_url=url_for("agendas.show", slug=link.agenda.slug), reason=link.why,
               back=f"/proposals/{link.proposal.number}#of-agendas")


def _page(merge: ProposalMerge) -> str:
    return f"/proposals/{merge.merged.number}#lineage"


@bp.post("/merges/<id:merge_id>/agreements")
@login_required
@by_user
def agree(merge_id: int):
    merge = merges.merge(merge_id)
    objecting.agree_to_merge(merge.id, by=visitor())
    flash(_("합치는 데 동의했어요."), "success")
    return redirect(_page(merge), 303)


@bp.route("/merges/<id:merge_id>/objections", methods=["GET", "POST"])
@never_cached
@login_required
@by_user
def object_to_merge(merge_id: int):
    merge = merges.merge(merge_id)
    require(visitor(), policy.may_object_to_merge, merge)
    own, other = (merge.merged, merge.into) if merge.merged.author_id == visitor().id else (merge.into, merge.merged)
    form = forms.ObjectionForm() if request.method == "POST" else forms.ObjectionForm(formdata=None)
    return ask("agendas/objection.html", form,
               lambda: objecting.object_to_merge(merge.id, form.text.data or "", by=visitor()),
               lambda _made: _page(merge), _("반대를 남겼어요. 운영자가 답하면 제안 화면에 보여요."),
               title=_("합치는 데 반대하기"), about=own.title, reason=merge.reason, back=_page(merge),
               other=other.number if other.hidden_at else other.title, other_url=f"/proposals/{other.number}#lineage")


@bp.post("/merges/<id:merge_id>/opt-outs")
@login_required
@by_user
def opt_out(merge_id: int):
    merge = merges.merge(merge_id)
    merging.opt_out(merge.id, by=visitor())
    flash(_("이름을 거두었어요. 처음 제안에 남긴 공감은 그대로 있어요."), "success")
    return redirect(_page(merge), 303)


@desk.route("/proposals/<number>/merge", methods=["GET", "POST"])
@for_moderators
def merge_proposal(number: str):
    proposal = proposals.by_number(number)
    form = forms.MergeForm() if request.method == "POST" else forms.MergeForm(
        formdata=None, data={"into": request.args.get("into", "")[:16]})

    def act():
        into = proposals.by_number(form.into.value or "")
        return merging.merge(proposal.id, into.id, form.reason.data or "", by=visitor())

    beside, similar = records.together_with(proposal), records.similar_to(proposal)
    chosen = proposals.numbered(form.into.choice or form.into.data or "")
    numbers = {one: card.number for one, card in (beside | similar).items()}
    if chosen is not None:
        numbers[chosen.id] = chosen.number
    return ask("agendas/desk/merge.html", form, act, lambda made: f"/proposals/{number}#lineage",
               _("합쳤어요. 두 글쓴이에게 뜻을 물어요."), proposal=proposal, beside=list(beside.values()),
               similar=[card for one, card in similar.items() if one not in beside],
               refused=_refused(proposal.id, numbers))


def _refused(proposal_id: int, numbers: dict[int, str]) -> dict[str, str]:
    """Number → why that proposal cannot carry this one on."""
    return {numbers[one]: reason for refused in WHY_NOT_MERGE.ask(proposal_id, list(numbers))
            for one, reason in refused.items()}


@desk.route("/merges/<id:merge_id>/undo", methods=["GET", "POST"])
@for_moderators
def undo(merge_id: int):
    merge = merges.merge(merge_id)
    form = forms.ReasonForm() if request.method == "POST" else forms.ReasonForm(formdata=None)
    return ask("agendas/desk/reason.html", form,
               lambda: merging.undo(merge.id, form.reason.data or "", by=visitor()), lambda _made: _page(merge),
               _("되돌렸어요. 두 제안이 다시 따로 있어요."), title=_("합친 것을 되돌리기"),
               lead=_("「%(merged)s」 제안이 합치기 전으로 돌아가요. 공감은 처음 남긴 곳에 그대로 있어요.",
                      merged=merge.merged.title), back=_page(merge), action=_("되돌리기"))

"""Proposals of an agenda: taken into it and let out, and what their authors object to."""

from flask import redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks.pages import saved
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, visitor
from civic_forum.proposals.queries import records as proposals
from civic_forum.proposals.queries.listing import ProposalCard, of_ids

from .. import forms, labels, policy, rules
from ..models import Agenda
from ..pages import ask, bp, desk, for_moderators, form_of, home_of
from ..queries import links, merges, records
from ..services import grouping, objecting

LONGEST_QUERY = 100


@desk.route("/agendas/<slug>/proposals", methods=["GET", "POST"])
@for_moderators
def choose(slug: str):
    """Look for proposals as often as it takes, choose several, say what they are to the agenda and why."""
    agenda = records.by_slug(slug)
    form = form_of(forms.GroupForm, query=request.args.get("q"))
    query = (form.query.data or "").strip()[:LONGEST_QUERY]
    ticked = list(dict.fromkeys(form.ids()))[:rules.MOST_GROUPED]
    known = of_ids(ticked)
    chosen = {proposal_id: known[proposal_id] for proposal_id in ticked if proposal_id in known}
    there = links.open_of(agenda.id)
    shown = {"agenda": agenda, "query": query, "chosen": chosen, "most": rules.MOST_AT_ONCE, "cards": {
        id_: card for id_, card in _suggested(agenda, query, [link.proposal_id for link in there]).items()
        if id_ not in chosen}}
    if request.form.get("do") == "find":
        return render_template("agendas/desk/choose.html", form=form, **shown)
    return ask("agendas/desk/choose.html", form,
               lambda: grouping.group(agenda.id, form.ids(), form.chosen(), form.why.data or "", by=visitor()),
               lambda _made: home_of(slug), _("묶었어요. 제안의 단계는 그대로예요."), **shown)


def _suggested(agenda: Agenda, query: str, members: list[int]) -> dict[int, ProposalCard]:
    """By what is looked for; else by what is in the agenda already; before that by the proposal that it began with, or
    by its question."""
    if query:
        return records.found(query, agenda.id)
    if members:
        return records.similar_to_members(members)
    first = proposals.numbered(request.args.get("like", ""))
    return records.around(first) if first else records.like(agenda.question)


@desk.route("/groupings/<id:link_id>", methods=["GET", "POST"])
@for_moderators
def grouping_of(link_id: int):
    link = records.link(link_id)
    form = form_of(forms.RelationForm, relation=link.relation.value, why=link.why)
    return ask("agendas/desk/grouping.html", form,
               lambda: grouping.change(link.id, form.chosen(), form.why.data or "", by=visitor()),
               lambda _made: home_of(link.agenda.slug), _("고쳤어요. 고치기 전의 관계와 이유도 남아 있어요."), link=link)


@desk.route("/groupings/<id:link_id>/ending", methods=["GET", "POST"])
@for_moderators
def ungroup(link_id: int):
    link = records.link(link_id)
    form = form_of(forms.ReasonForm)
    return ask("agendas/desk/reason.html", form,
               lambda: grouping.ungroup(link.id, form.reason.data or "", by=visitor()),
               lambda _made: home_of(link.agenda.slug), _("의제에서 뺐어요. 묶었던 기록은 남아 있어요."), title=_("의제에서 빼기"),
               lead=_("「%(title)s」 제안을 의제에서 빼요. 제안은 그대로 있고, 의제로 논의 중이었다면 앞 단계로 돌아가요.",
                      title=link.proposal.title), back=home_of(link.agenda.slug), action=_("의제에서 빼기"))


@desk.post("/groupings/<id:link_id>/take-up")
@for_moderators
def take_up(link_id: int):
    link = records.link(link_id)
    grouping.take_up(link.id, by=visitor())
    return saved(_("의제로 논의 중이라고 알렸어요. 답변 기한은 그대로예요."), home_of(link.agenda.slug))


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
    form = form_of(forms.ObjectionForm)
    return ask("agendas/objection.html", form,
               lambda: objecting.object_to_grouping(link.id, form.text.data or "", by=visitor()),
               lambda _made: url_for("agendas.show", slug=link.agenda.slug) + "#objections",
               _("반대를 남겼어요. 운영자가 답하면 의제 화면에 보여요."), title=_("묶음에 반대하기"), about=link.proposal.title,
               other=link.agenda.question, other_url=url_for("agendas.show", slug=link.agenda.slug), reason=link.why,
               back=f"/proposals/{link.proposal.number}#of-agendas")


@desk.route("/author-objections/<id:objection_id>", methods=["GET", "POST"])
@for_moderators
def answer_objection(objection_id: int):
    objection = records.objection(objection_id)
    link = records.link(objection.link_id) if objection.link_id else None
    merge = merges.merge(objection.merge_id) if objection.merge_id else None
    form = form_of(forms.AnswerForm)
    return ask("agendas/desk/answer.html", form,
               lambda: objecting.answer(objection.id, form.answer.data or "", by=visitor()),
               lambda _made: home_of(link.agenda.slug) if link else f"/proposals/{merge.merged.number}#lineage",
               _("답했어요. 모두가 읽을 수 있어요."), objection=objection, link=link, merge=merge, labels=labels)

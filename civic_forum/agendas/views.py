"""Pages of agendas: for everybody, and at the desk."""

from collections.abc import Hashable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import login_required
from wtforms import SelectChoice

from civic_forum.blocks import fragments, sections
from civic_forum.blocks.listing import Given
from civic_forum.comments.queries import sections as comments
from civic_forum.blocks.pages import saved
from civic_forum.platform import clock
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, visitor
from civic_forum.proposals import queries as proposals
from civic_forum.proposals.extensions import WHY_NOT_MERGE
from civic_forum.proposals.queries import ProposalCard, of_ids

from . import forms, labels, policy, rules
from .extensions import GROUNDS, PAGE
from .models import Agenda, ProposalMerge
from .pages import ask, bp, desk, for_moderators
from .queries import links, listing, merges, records
from .queries.detail import Detail, Member, detail
from .rules import AgendaState, Relation
from .services import branching, grouping, making, merging, objecting


# Desk pages of agendas: list, making, and the links of one


LONGEST_NUMBER = 16


def home_of(slug: str) -> str:
    return url_for("agenda_desk.agenda", slug=slug)


@desk.get("/agendas")
@for_moderators
def agendas():
    page = listing.listed(listing.EVERYTHING.of(), request.args.get("after"))
    return render_template("agendas/desk/list.html", page=page, labels=labels, waiting=listing.waiting_objections(),
                           groups=[] if "after" in request.args else records.groups(),
                           after_url=page.after and url_for(".agendas", after=page.after))


@desk.route("/agendas/new", methods=["GET", "POST"])
@for_moderators
def new_agenda():
    """`like` is the number of a proposal: what is similar to it is suggested first."""
    form = forms.NewAgendaForm() if request.method == "POST" else forms.NewAgendaForm(formdata=None)
    like = request.args.get("like", "")[:LONGEST_NUMBER]
    return ask("agendas/desk/wording.html", form,
               lambda: making.begin(form.slug.data or None, form.wording(), by=visitor()),
               lambda made: url_for(".choose", slug=made.slug, like=like) if like else home_of(made.slug),
               _("의제를 만들었어요. 이제 제안을 묶어 주세요."), agenda=None)


@desk.get("/agendas/<slug>")
@for_moderators
def agenda(slug: str):
    details = detail(slug)
    grounds = details.members or GROUNDS.ask(details.agenda.id)
    return render_template("agendas/desk/show.html", agenda=details.agenda, found=details, labels=labels,
                           may_publish=grounds and not details.agenda.published_at,
                           why_not=policy.may_change(visitor(), details.agenda))


@desk.route("/agendas/<slug>/edit", methods=["GET", "POST"])
@for_moderators
def edit(slug: str):
    agenda = records.by_slug(slug)
    form = forms.WordingForm() if request.method == "POST" else forms.WordingForm.of(agenda)
    return ask("agendas/desk/wording.html", form,
               lambda: making.edit(agenda.id, form.wording(), version=form.read_version, by=visitor()),
               lambda _made: home_of(slug), _("저장했어요. 고치기 전의 글도 남아 있어요."), agenda=agenda)


@desk.post("/agendas/<slug>/publications")
@for_moderators
def publish(slug: str):
    making.publish(records.by_slug(slug).id, by=visitor())
    return saved(_("모두에게 공개했어요. 묶은 제안의 글쓴이들은 7일 동안 반대할 수 있어요."), home_of(slug))


@desk.route("/agendas/<slug>/state", methods=["GET", "POST"])
@for_moderators
def move(slug: str):
    agenda = records.by_slug(slug)
    form = forms.StateForm() if request.method == "POST" else forms.StateForm(
        formdata=None, data={"state": agenda.state.value})
    return ask("agendas/desk/state.html", form,
               lambda: making.move(agenda.id, form.chosen(), note=form.note.data or "", by=visitor()),
               lambda _made: home_of(slug), _("단계를 바꾸고 처리 과정에 적었어요."), agenda=agenda)


@desk.route("/agendas/<slug>/next", methods=["GET", "POST"])
@for_moderators
def set_next(slug: str):
    agenda = records.by_slug(slug)
    form = forms.NextForm() if request.method == "POST" else forms.NextForm(formdata=None)
    return ask("agendas/desk/next.html", form,
               lambda: making.set_next(agenda.id, form.chosen(), form.note.data or "",
                                       slug=form.slug.value, by=visitor()),
               lambda _made: home_of(slug), _("다음에 할 일을 적었어요."), agenda=agenda)


@desk.route("/agendas/<slug>/notes", methods=["GET", "POST"])
@for_moderators
def note(slug: str):
    agenda = records.by_slug(slug)
    form = forms.NoteForm() if request.method == "POST" else forms.NoteForm(formdata=None)
    return ask("agendas/desk/note.html", form, lambda: making.note(agenda.id, form.what.data or "", by=visitor()),
               lambda _made: home_of(slug), _("처리 과정에 적었어요."), agenda=agenda)


LONGEST_QUERY = 100


@desk.route("/agendas/<slug>/proposals", methods=["GET", "POST"])
@for_moderators
def choose(slug: str):
    """Look for proposals as often as it takes, choose several, say what they are to the agenda and why."""
    agenda = records.by_slug(slug)
    form = forms.GroupForm() if request.method == "POST" else forms.GroupForm(
        formdata=None, data={"query": request.args.get("q")})
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
    form = forms.RelationForm() if request.method == "POST" else forms.RelationForm(
        formdata=None, data={"relation": link.relation.value, "why": link.why})
    return ask("agendas/desk/grouping.html", form,
               lambda: grouping.change(link.id, form.chosen(), form.why.data or "", by=visitor()),
               lambda _made: home_of(link.agenda.slug), _("고쳤어요. 고치기 전의 관계와 까닭도 남아 있어요."), link=link)


@desk.route("/groupings/<id:link_id>/ending", methods=["GET", "POST"])
@for_moderators
def ungroup(link_id: int):
    link = records.link(link_id)
    form = forms.ReasonForm() if request.method == "POST" else forms.ReasonForm(formdata=None)
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


@desk.route("/agendas/<slug>/split", methods=["GET", "POST"])
@for_moderators
def split(slug: str):
    agenda = records.by_slug(slug)
    form = forms.SplitForm() if request.method == "POST" else forms.SplitForm(formdata=None)
    form.links.choices = [SelectChoice(str(link.id), f"{link.proposal.number} {link.proposal.title}")
                          for link in links.open_of(agenda.id)]
    return ask("agendas/desk/split.html", form,
               lambda: branching.split(agenda.id, form.ids(), form.slug.data or None, form.question.data or "",
                                       form.reason.data or "", by=visitor()),
               lambda made: home_of(made.slug), _("새 의제로 나눴어요."), agenda=agenda)


@desk.route("/agendas/<slug>/merge", methods=["GET", "POST"])
@for_moderators
def merge_agendas(slug: str):
    agenda = records.by_slug(slug)
    form = forms.MergeAgendaForm() if request.method == "POST" else forms.MergeAgendaForm(formdata=None)

    def act():
        into = records.slugged(form.into.value or "")
        if into is None:
            raise Refusal(_("그런 주소의 의제는 없어요."), field="into")
        branching.merge(agenda.id, into.id, form.reason.data or "", by=visitor())
        return into

    return ask("agendas/desk/merge_agendas.html", form, act, lambda into: home_of(into.slug),
               _("합쳤어요. 앞의 의제는 그대로 읽을 수 있어요."), agenda=agenda)


@desk.route("/agenda-merges/<id:descent_id>/undo", methods=["GET", "POST"])
@for_moderators
def undo_agenda_merge(descent_id: int):
    descent = records.merge_of(descent_id)
    agenda = records.by_id(descent.from_id)
    form = forms.ReasonForm() if request.method == "POST" else forms.ReasonForm(formdata=None)
    return ask("agendas/desk/reason.html", form,
               lambda: branching.undo(descent.id, form.reason.data or "", by=visitor()),
               lambda _made: home_of(agenda.slug), _("되돌렸어요. 두 의제가 다시 따로 있어요."), title=_("합친 의제를 되돌리기"),
               lead=_("「%(question)s」 의제가 합치기 전으로 돌아가요. 묶인 제안도 함께 돌아가고, 그 사이에 뺀 제안은 빠진 채로 있어요.",
                      question=agenda.question), back=home_of(agenda.slug), action=_("되돌리기"))


@desk.route("/author-objections/<id:objection_id>", methods=["GET", "POST"])
@for_moderators
def answer_objection(objection_id: int):
    objection = records.objection(objection_id)
    link = records.link(objection.link_id) if objection.link_id else None
    merge = merges.merge(objection.merge_id) if objection.merge_id else None
    form = forms.AnswerForm() if request.method == "POST" else forms.AnswerForm(formdata=None)
    return ask("agendas/desk/answer.html", form,
               lambda: objecting.answer(objection.id, form.answer.data or "", by=visitor()),
               lambda _made: home_of(link.agenda.slug) if link else f"/proposals/{merge.merged.number}#lineage",
               _("답했어요. 모두가 읽을 수 있어요."), objection=objection, link=link, merge=merge, labels=labels)


# Public pages of agendas, and merges


CHIPS = (AgendaState.IN_DELIBERATION, AgendaState.AT_VOTE, AgendaState.DECIDED, AgendaState.IN_PROGRESS,
         AgendaState.CLOSED)
VOTED = ("in_poll", "vote_announced")
"""Steps of a journey that say so."""


@bp.get("/agendas")
def index():
    return sections.page(_index, listing.AGENDAS.given(request.args))


def _index(arguments: Given) -> tuple[str, dict[str, Any]]:
    wanted = listing.AGENDAS.read(arguments)
    page = listing.listed(wanted, arguments.get("after"))
    return "agendas/list.html", {
        "page": page, "wanted": wanted, "chips": wanted.links("state", CHIPS),
        "picker": wanted.pickers("neighbourhood")[0], "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/agendas/<slug>")
def show(slug: str):
    details, viewer = detail(slug), visitor()
    agenda = details.agenda
    if policy.may_read(viewer, agenda):
        raise records.missing()
    section = comments.section(agenda.thread_id, viewer, request.args.get("order"), request.args.get("after"),
                               request.args.get("stance")) if agenda.published_at and agenda.thread_id else None
    objectable = _objectable(viewer, details)
    return render_template(
        "agendas/show.html", agenda=agenda, found=details, labels=labels, section=section, sections=PAGE.ask(details),
        stages=[(labels.STAGE[stage], status) for stage, status in rules.progress(
            agenda.state, was_voted_on=any(entry.step in VOTED for entry in details.entries))],
        groups=_groups(details, objectable) if objectable else sections.kept(_groups_of, agenda.slug))


def _groups_of(slug: str) -> list[tuple[Relation, int, str]]:
    return _groups(detail(slug), set())


def _groups(details: Detail, objectable: set[int]) -> list[tuple[Relation, int, str]]:
    """Each relation with the number of its members, and the list of them as it is written."""
    return [(relation, len(members), fragments.all_of(
        "agendas/member.html", (_shown(member, objectable) for member in members)))
            for relation in Relation if (members := details.of(relation))]


def _shown(member: Member, objectable: set[int]) -> tuple[Hashable, ...]:
    """Facts of `agendas/member.html`."""
    return (member.number, None if member.hidden else member.title, member.why, member.supporters,
            member.neighbourhood_name, member.took_up, member.state, member.objection.id if member.objection else 0,
            member.link_id if member.link_id in objectable else 0)


def _objectable(viewer, details) -> set[int]:
    """Links that the viewer may object to now."""
    if not viewer.is_authenticated:
        return set()
    return {member.link_id for member in details.members if member.author_id == viewer.id and member.objection is None
            and member.told_at and rules.may_object(member.told_at, clock.now())}


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
    return saved(_("합치는 데 동의했어요."), _page(merge))


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
    return saved(_("이름을 거두었어요. 처음 제안에 남긴 공감은 그대로 있어요."), _page(merge))


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
    numbers = {proposal_id: card.number for proposal_id, card in (beside | similar).items()}
    if chosen is not None:
        numbers[chosen.id] = chosen.number
    return ask("agendas/desk/merge.html", form, act, lambda made: f"/proposals/{number}#lineage",
               _("합쳤어요. 두 글쓴이에게 뜻을 물어요."), proposal=proposal, beside=list(beside.values()),
               similar=[card for proposal_id, card in similar.items() if proposal_id not in beside],
               refused=_refused(proposal.id, numbers))


def _refused(proposal_id: int, numbers: dict[int, str]) -> dict[str, str]:
    """Number → why that proposal cannot carry this one on."""
    return {numbers[proposal_id]: reason for refused in WHY_NOT_MERGE.ask(proposal_id, list(numbers))
            for proposal_id, reason in refused.items()}


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

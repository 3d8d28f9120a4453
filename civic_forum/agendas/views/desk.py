"""Agendas at the desk: made, worded and moved, split and merged."""

from flask import render_template, request, url_for
from wtforms import SelectChoice

from civic_forum.blocks.pages import saved
from civic_forum.platform.errors import Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.web import visitor

from .. import forms, labels, policy
from ..extensions import GROUNDS
from ..pages import ask, desk, for_moderators, form_of, home_of
from ..queries import links, listing, records
from ..queries.detail import detail
from ..services import branching, making

LONGEST_NUMBER = 16


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
    form = form_of(forms.NewAgendaForm)
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
    form = form_of(forms.StateForm, state=agenda.state.value)
    return ask("agendas/desk/state.html", form,
               lambda: making.move(agenda.id, form.chosen(), note=form.note.data or "", by=visitor()),
               lambda _made: home_of(slug), _("단계를 바꾸고 처리 과정에 적었어요."), agenda=agenda)


@desk.route("/agendas/<slug>/next", methods=["GET", "POST"])
@for_moderators
def set_next(slug: str):
    agenda = records.by_slug(slug)
    form = form_of(forms.NextForm)
    return ask("agendas/desk/next.html", form,
               lambda: making.set_next(agenda.id, form.chosen(), form.note.data or "",
                                       slug=form.slug.value, by=visitor()),
               lambda _made: home_of(slug), _("다음에 할 일을 적었어요."), agenda=agenda)


@desk.route("/agendas/<slug>/notes", methods=["GET", "POST"])
@for_moderators
def note(slug: str):
    agenda = records.by_slug(slug)
    form = form_of(forms.NoteForm)
    return ask("agendas/desk/note.html", form, lambda: making.note(agenda.id, form.what.data or "", by=visitor()),
               lambda _made: home_of(slug), _("처리 과정에 적었어요."), agenda=agenda)


@desk.route("/agendas/<slug>/split", methods=["GET", "POST"])
@for_moderators
def split(slug: str):
    agenda = records.by_slug(slug)
    form = form_of(forms.SplitForm)
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
    form = form_of(forms.MergeAgendaForm)

    def act():
        into = existing(records.slugged(form.into.value or ""), lambda: Refusal(_("그런 주소의 의제는 없어요."), field="into"))
        branching.merge(agenda.id, into.id, form.reason.data or "", by=visitor())
        return into

    return ask("agendas/desk/merge_agendas.html", form, act, lambda into: home_of(into.slug),
               _("합쳤어요. 앞의 의제는 그대로 읽을 수 있어요."), agenda=agenda)


@desk.route("/agenda-merges/<id:descent_id>/undo", methods=["GET", "POST"])
@for_moderators
def undo_agenda_merge(descent_id: int):
    descent = records.merge_of(descent_id)
    agenda = records.by_id(descent.from_id)
    form = form_of(forms.ReasonForm)
    return ask("agendas/desk/reason.html", form,
               lambda: branching.undo(descent.id, form.reason.data or "", by=visitor()),
               lambda _made: home_of(agenda.slug), _("되돌렸어요. 두 의제가 다시 따로 있어요."), title=_("합친 의제를 되돌리기"),
               lead=_("「%(question)s」 의제가 합치기 전으로 돌아가요. 묶인 제안도 함께 돌아가고, 그 사이에 뺀 제안은 빠진 채로 있어요.",
                      question=agenda.question), back=home_of(agenda.slug), action=_("되돌리기"))

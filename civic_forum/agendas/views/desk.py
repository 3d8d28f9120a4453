"""Making agendas: the list, the words, what everybody can see of it, what comes next."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.platform.i18n import _
from civic_forum.platform.web import visitor

from .. import forms, policy, labels
from ..queries import listing, records, suggestions
from ..queries.detail import detail
from ..services import making
from .blueprint import ask, desk, for_moderators

LONGEST_NUMBER = 16


def home_of(slug: str) -> str:
    return url_for("agenda_desk.agenda", slug=slug)


@desk.get("/agendas")
@for_moderators
def agendas():
    page = listing.listed(listing.EVERYTHING.of(), request.args.get("after"))
    return render_template("agendas/desk/list.html", page=page, labels=labels, waiting=listing.waiting_objections(),
                           groups=[] if "after" in request.args else suggestions.groups(),
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
    found = detail(slug)
    return render_template("agendas/desk/show.html", agenda=found.agenda, found=found, labels=labels,
                           why_not=policy.may_change(visitor(), found.agenda))


@desk.route("/agendas/<slug>/edit", methods=["GET", "POST"])
@for_moderators
def edit(slug: str):
    found = records.by_slug(slug)
    form = forms.WordingForm() if request.method == "POST" else forms.WordingForm.of(found)
    return ask("agendas/desk/wording.html", form,
               lambda: making.edit(found.id, form.wording(), version=form.read_version, by=visitor()),
               lambda _made: home_of(slug), _("저장했어요. 고치기 전의 글도 남아 있어요."), agenda=found)


@desk.post("/agendas/<slug>/publications")
@for_moderators
def publish(slug: str):
    making.publish(records.by_slug(slug).id, by=visitor())
    flash(_("모두에게 공개했어요. 글쓴이들은 7일 동안 반대할 수 있어요."), "success")
    return redirect(home_of(slug), 303)


@desk.route("/agendas/<slug>/state", methods=["GET", "POST"])
@for_moderators
def move(slug: str):
    found = records.by_slug(slug)
    form = forms.StateForm() if request.method == "POST" else forms.StateForm(
        formdata=None, data={"state": found.state.value})
    return ask("agendas/desk/state.html", form,
               lambda: making.move(found.id, form.chosen(), note=form.note.data or "", by=visitor()),
               lambda _made: home_of(slug), _("단계를 바꾸고 처리 과정에 적었어요."), agenda=found)


@desk.route("/agendas/<slug>/next", methods=["GET", "POST"])
@for_moderators
def set_next(slug: str):
    found = records.by_slug(slug)
    form = forms.NextForm() if request.method == "POST" else forms.NextForm(formdata=None)
    return ask("agendas/desk/next.html", form,
               lambda: making.set_next(found.id, form.chosen(), form.note.data or "",
                                       slug=form.slug.value, by=visitor()),
               lambda _made: home_of(slug), _("다음에 할 일을 적었어요."), agenda=found)


@desk.route("/agendas/<slug>/notes", methods=["GET", "POST"])
@for_moderators
def note(slug: str):
    found = records.by_slug(slug)
    form = forms.NoteForm() if request.method == "POST" else forms.NoteForm(formdata=None)
    return ask("agendas/desk/note.html", form, lambda: making.note(found.id, form.what.data or "", by=visitor()),
               lambda _made: home_of(slug), _("처리 과정에 적었어요."), agenda=found)

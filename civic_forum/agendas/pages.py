"""Blueprints of agendas, and agendas as an address names them."""

from flask import Blueprint, render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.web import shown_to

from .policy import may_moderate

bp = Blueprint("agendas", __name__)
desk = Blueprint("agenda_desk", __name__, url_prefix="/desk")
bp.record_once(lambda state: state.app.register_blueprint(desk))
for_moderators = shown_to(may_moderate)


def home_of(slug: str) -> str:
    return url_for("agenda_desk.agenda", slug=slug)


def form_of(kind, **data):
    """As it was sent, or as it begins."""
    return kind() if request.method == "POST" else kind(formdata=None, data=data)


def ask(template: str, form, act, then, sentence: str, **shown):
    """Show a form; when it was sent, do what it asks and go on, or show what is wrong with it.

    `act()` changes something, `then(changed)` is the address to go on to.
    """
    def page() -> str:
        return render_template(template, form=form, **shown)

    if request.method == "GET":
        return page()
    return handle(form, act, page, lambda changed: saved(sentence, then(changed)), public=True)

"""The blueprints on which the pages of agendas and merges hang, and who gets to see those of the desk."""

from flask import Blueprint, flash, redirect, render_template, request

from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.web import shown_to

from ..policy import may_moderate

bp = Blueprint("agendas", __name__)
desk = Blueprint("agenda_desk", __name__, url_prefix="/desk")
bp.record_once(lambda state: state.app.register_blueprint(desk))
for_moderators = shown_to(may_moderate)


def ask(template: str, form, act, then, sentence: str, **shown):
    """Show a form; when it was sent, do what it asks and go on, or show what is wrong with it.

    `act()` changes something, `then(changed)` is the address to go on to.
    """
    status = 200
    if request.method == "POST":
        try:
            form.refuse_personal_numbers()
            changed = act()
            flash(sentence, "success")
            return redirect(then(changed), 303)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
    return render_template(template, form=form, **shown), status

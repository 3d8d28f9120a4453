"""Pages of preferences by kind and channel."""

from flask import flash, redirect, render_template, url_for
from flask_login import login_required

from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import by_saver, never_cached, visitor

from .. import services, labels
from ..forms import PreferencesForm
from ..queries import preferences
from ..rules import Channel
from .blueprint import bp


def _channels() -> tuple[Channel, ...]:
    """Nobody is offered what cannot reach them: short messages need a number that was proven."""
    return tuple(Channel) if visitor().confirmed_mobile else (Channel.SITE, Channel.MAIL)


@bp.get("/settings")
@never_cached
@login_required
def settings():
    return _page(PreferencesForm.of(preferences.of_user(visitor().id)))


@bp.post("/settings")
@never_cached
@login_required
@by_saver
def choose():
    form = PreferencesForm()
    try:
        services.choose(form.wanted(preferences.kinds_for(visitor()), _channels()), by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, refusal.status)
    flash(_("알림 받는 방법을 바꿨어요."), "success")
    return redirect(url_for(".settings"), 303)


def _page(form: PreferencesForm, status: int = 200):
    return render_template("notifications/settings.html", form=form, kinds=preferences.kinds_for(visitor()),
                           channels=_channels(), labels=labels, dead=preferences.dead_address(visitor().id)), status

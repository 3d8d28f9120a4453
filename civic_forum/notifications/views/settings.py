"""Pages of preferences by kind and channel."""

from flask import render_template, url_for
from flask_login import login_required

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_saver, never_cached, visitor

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
    return handle(form, lambda: services.choose(form.wanted(preferences.kinds_for(visitor()), _channels()),
                                                by=visitor()),
                  lambda: _page(form),
                  lambda made: saved(_("알림 받는 방법을 바꿨어요."), url_for(".settings")))


def _page(form: PreferencesForm):
    return render_template("notifications/settings.html", form=form, kinds=preferences.kinds_for(visitor()),
                           channels=_channels(), labels=labels, dead=preferences.dead_address(visitor().id))

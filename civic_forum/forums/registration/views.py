"""Registering for a forum: one page with one's own registration, and the consent to being recorded apart from it."""

from secrets import token_hex

from flask import flash, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.web import by_user, never_cached, sign_in_for, visitor

from .. import labels, pages
from .. import queries as forums
from ..models import Forum
from ..pages import bp, by_hand
from ..policy import ForumContext
from ..rules import Place, Stage
from . import policy, queries, rules, services
from .forms import RegistrationForm


@bp.route("/<slug>/registration", methods=["GET", "POST"])
@sign_in_for(_l("참여하려면 로그인해 주세요."), once=True)
@never_cached
@login_required
@by_user
def registration(slug: str):
    forum = pages.forum_at(slug)
    mine = queries.mine(forum.id, visitor())
    if request.method == "GET":
        return _page(forum, mine, RegistrationForm.of(forum, *_known(mine)))
    form = RegistrationForm(forum)

    def done(registration):
        flash(_("저장했어요.") if mine and mine.registration.place is not Place.WITHDRAWN else (
            _("신청했어요. 자리를 받았어요.") if registration.place is Place.HELD
            else _("기다리는 사람으로 적었어요. 자리가 나면 알려 드려요.")), "success")
        there = ".show" if forum.stage is Stage.LIVE else ".registration"
        tab = "questions" if request.args.get("tab") == "questions" else None  # who came to ask goes on there
        return redirect(url_for(there, slug=slug, tab=tab), 303)

    return handle(form, lambda: services.register(forum.id, form.wanted(), consents=bool(form.consents.data),
                                                  key=form.key.data or "", by=visitor()),
                  lambda: _page(forum, mine, form),
                  done)


def _known(mine) -> tuple:
    if mine is None or mine.registration.place is Place.WITHDRAWN:
        return None, None, ""
    return mine.registration, mine.consent, services.own_words(mine.registration)


def _page(forum: Forum, mine, form):
    at = ForumContext(forum, forums.NOBODY, clock.now(), mine and mine.registration)
    return render_template(
        "forums/registration.html", forum=forum, mine=mine, form=form, labels=labels, fresh=token_hex(16),
        counts=queries.counts(forum.id), ways=rules.ways_of(forum), places_of=rules.places_of,
        why_not=policy.may_register(visitor(), at), may_withdraw=policy.may_withdraw(visitor(), at) is None)


@bp.post("/<slug>/registration/withdrawal")
@never_cached
@login_required
@by_user
def withdraw(slug: str):
    services.withdraw(pages.forum_at(slug).id, by=visitor())
    return saved(_("신청을 거두었어요. 기다리던 분께 자리가 돌아가요."), url_for(".show", slug=slug))


@bp.post("/<slug>/registration/consent")
@never_cached
@login_required
@by_user
def consent(slug: str):
    agrees = request.form.get("given") == "yes"
    services.consent(pages.forum_at(slug).id, agrees, by=visitor())
    flash(_("녹화에 동의했어요. 언제든 거둘 수 있어요.") if agrees else _("녹화에 동의하지 않는 것으로 바꾸었어요."), "success")
    return redirect(url_for(".registration", slug=slug), 303)


@bp.post("/<slug>/arrivals")
@by_hand
@pages.answering("arrive")
def arrive(forum: Forum):
    """Somebody with a place comes in."""
    services.arrive(forum.id, request.form.get("key", ""), by=visitor())

"""Pages of one's notices, their settings, and leaving a mail."""

from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Invalid, existing
from civic_forum.platform.i18n import _, _n, day, local
from civic_forum.platform.web import by_saver, by_user, csrf, never_cached, visitor

from . import labels, services
from .forms import PreferencesForm
from .links import Subscription
from .queries import notices
from .rules import Channel, NoticeKind

bp = Blueprint("notifications", __name__, url_prefix="/me/notices")


UNREAD = "unread"


@bp.get("")
@never_cached
@login_required
def box():
    only = request.args.get("only")
    if only not in (None, UNREAD):
        raise Invalid(_("이런 거르기는 없어요. 알림 목록에서 골라 주세요."))
    page = notices.grouped(visitor().id, only_unread=only == UNREAD, after=request.args.get("after"))
    waiting = visitor().beside["unread_notices"]
    filters = [{"label": _("모두"), "url": url_for(".box"), "current": only is None},
               {"label": _("읽지 않은 것"), "url": url_for(".box", only=UNREAD), "current": only == UNREAD}]
    after = page.after and url_for(".box", only=only, after=page.after)
    today = local(clock.now()).date()
    days = [(_when(on, today), list(groups)) for on, groups in groupby(
        page.items, lambda group: local(group.notices[0].at).date())]
    return render_template("notifications/box.html", days=days, newest=page.items[0].last_id if page.items else None,
                           after_url=after, filters=filters, only=only, waiting=waiting, most=notices.MOST_COUNTED,
                           is_first="after" not in request.args, labels=labels)


def _when(on: date, today: date) -> str:
    if on >= today - timedelta(days=1):
        return _("오늘") if on >= today else _("어제")
    return day(on, year=on.year != today.year)


@bp.get("/<id:notice_id>")
@never_cached
@login_required
def follow(notice_id: int):
    return redirect(services.open_notice(notice_id, by=visitor()))


@bp.post("/reads")
@never_cached
@login_required
def read():
    """Everything, or what is about one thing, up to the newest that the page showed."""
    up_to = existing(plain_text.number(request.form.get("up_to", ""), digits=18),
                     lambda: Invalid(_("어떤 알림인지 알 수 없어요. 알림 목록에서 다시 눌러 주세요.")))
    about = plain_text.clean(request.form.get("about", ""))
    count = (services.read_subject(about, up_to, by=visitor()) if about else services.read_all(up_to, by=visitor()))
    return saved(_n("알림 %(num)s개를 읽음으로 바꿨어요.", "알림 %(num)s개를 읽음으로 바꿨어요.", count) if count else _("이미 모두 읽은 알림이에요."),
                 url_for(".box", only=UNREAD if request.form.get("only") == UNREAD else None))


def _channels() -> tuple[Channel, ...]:
    """Nobody is offered what cannot reach them: short messages need a number that was proven."""
    return tuple(Channel) if visitor().confirmed_mobile else (Channel.SITE, Channel.MAIL)


@bp.get("/settings")
@never_cached
@login_required
def settings():
    return _page(PreferencesForm.of(notices.of_user(visitor().id)))


@bp.post("/settings")
@never_cached
@login_required
@by_saver
def choose():
    form = PreferencesForm()
    return handle(form, lambda: services.choose(form.wanted(notices.kinds_for(visitor()), _channels()),
                                                by=visitor()),
                  lambda: _page(form),
                  lambda made: saved(_("알림 받는 방법을 바꿨어요."), url_for(".settings")))


def _page(form: PreferencesForm):
    return render_template("notifications/settings.html", form=form, kinds=notices.kinds_for(visitor()),
                           channels=_channels(), labels=labels, dead=notices.dead_address(visitor().id))


ways_out = Blueprint("ways_out", __name__)
bp.record_once(lambda state: state.app.register_blueprint(ways_out))


@ways_out.get("/unsubscribe/<token>")
@never_cached
def unsubscription(token: str):
    """Opening the address changes nothing: programs that look at links for safety open it too."""
    return _leaving_page(services.subscription(token), done=False)


@ways_out.post("/unsubscribe/<token>")
@csrf.exempt
@never_cached
def unsubscribe(token: str):
    """`List-Unsubscribe=One-Click` of RFC 8058, or the button: the token is what proves who asks."""
    return _leaving_page(services.unsubscribe(token), done=True)


def _leaving_page(wanted: Subscription, done: bool) -> str:
    if isinstance(wanted.what, NoticeKind):
        what = _("‘%(kind)s’ 소식", kind=labels.KIND[wanted.what])
    else:
        what = str(labels.DIGEST[wanted.what])
    return render_template("notifications/unsubscribe.html", what=what, done=done, settings=services.SETTINGS)


@bp.post("/address-proofs")
@login_required
@never_cached
@by_user
def prove_address():
    services.ask_to_prove_again(by=visitor())
    return saved(_("확인 편지를 보냈어요. 편지 속 주소를 열면 다시 소식을 보내 드려요."), services.SETTINGS)

"""One's own notices: read, followed, put aside."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import _, _n
from civic_forum.platform.web import never_cached, visitor

from .. import services, labels
from ..queries import notices
from .blueprint import bp

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
    return render_template("notifications/box.html", groups=page.items, after_url=after, filters=filters, only=only,
                           waiting=waiting, most=notices.MOST_COUNTED, is_first="after" not in request.args,
                           labels=labels)


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
    up_to = plain_text.number(request.form.get("up_to", ""), digits=18)
    if up_to is None:
        raise Invalid(_("어떤 알림인지 알 수 없어요. 알림 목록에서 다시 눌러 주세요."))
    about = plain_text.clean(request.form.get("about", ""))
    count = (services.read_subject(about, up_to, by=visitor()) if about
             else services.read_all(up_to, by=visitor()))
    flash(_n("알림 %(num)s개를 읽음으로 바꿨어요.", "알림 %(num)s개를 읽음으로 바꿨어요.", count) if count
          else _("이미 모두 읽은 알림이에요."), "success")
    return redirect(url_for(".box", only=UNREAD if request.form.get("only") == UNREAD else None), 303)

"""Public pages of forums before and after: the list, the page that announces one, calendar and short code."""

import io
from typing import Any

import segno
from flask import current_app, make_response, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks import about, sections
from civic_forum.blocks.listing import Given
from civic_forum.kernel import clock
from civic_forum.kernel.delivery import becomes_another
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import never_cached, visitor

from .. import labels
from ..models import Forum
from ..policy.acting import is_moderator, may_read
from ..policy.preparing import may_open
from ..queries import announcement, listing, questions, records
from ..rules import calendar, registering
from ..rules.kinds import Stage
from ..services import stages
from . import gate, hall
from .blueprint import bp, doors


@bp.get("")
def show_list():
    return sections.page(_list, listing.FORUMS.given(request.args))


def _list(given: Given) -> tuple[str, dict[str, Any]]:
    wanted = listing.FORUMS.read(given)
    page = listing.listed(wanted, given.get("after"))
    return "forums/list.html", {
        "page": page, "stage": wanted["stage"], "chips": wanted.links("stage"), "labels": labels,
        "days_left": listing.days_left, "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/<slug>")
def show(slug: str):
    forum = announcement.by_slug(slug)
    if may_read(visitor(), forum):
        raise records.missing()
    if forum.stage in (Stage.LIVE, Stage.FINISHED):
        return hall.page(forum) if forum.stage is Stage.LIVE else hall.finished(forum)
    return announced(forum)


def announced(forum: Forum):
    """The page of a forum that is to come, for those who prepare it also before everybody knows of it."""
    now, viewer = clock.now(), visitor()
    becomes_another(*(one for one in (forum.registration_from, forum.registration_to, forum.starts_at) if one))
    found = announcement.announcement(forum, viewer)
    begins = viewer.is_authenticated and may_open(viewer, gate.at(forum)) is None
    return render_template(
        "forums/announced.html", forum=forum, found=found, subject=about.subject(forum.about),
        mine=found.mine, labels=labels, now=now,
        days_left=listing.days_left(forum), ways=registering.ways_of(forum), places_of=registering.places_of,
        not_now=registering.why_not_now(forum, now), prepares=is_moderator(viewer), begins=begins,
        questions=questions.part(forum, viewer) if forum.stage is Stage.ANNOUNCED else None)


@bp.post("/<slug>/opening")
@never_cached
@login_required
def begin(slug: str):
    """Its host opens it from the page that announces it."""
    stages.begin(gate.found(slug).id, by=visitor())
    return redirect(url_for(".host", slug=slug), 303)


@bp.get("/<slug>/calendar.ics")
def calendar_file(slug: str):
    forum = gate.found(slug)
    site = current_app.config["URL"].rstrip("/")
    url = site + url_for(".show", slug=forum.slug)
    entry = calendar.Entry(
        uid=f"forum-{forum.id}@{site.partition('://')[2] or 'localhost'}", sequence=forum.version,
        stamped_at=forum.announced_at or forum.created_at, starts_at=forum.starts_at, ends_at=forum.ends_at,
        title=forum.title, text=f"{forum.question}\n{url}", place=forum.place, url=url)
    answer = make_response(calendar.calendar(entry, current_app.config["SITE_NAME"]))
    answer.content_type = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{forum.slug}.ics"'
    return answer


@bp.get("/<slug>/qr.svg")
def picture_of_code(slug: str):
    """The short address as a QR code, for paper and the projector."""
    forum, picture = gate.found(slug), io.BytesIO()
    segno.make(short_address(forum), error="m").save(picture, kind="svg", scale=8, border=4, light="#ffffff", nl=False)
    return current_app.response_class(picture.getvalue(), mimetype="image/svg+xml")


def short_address(forum: Forum) -> str:
    return current_app.config["URL"].rstrip("/") + url_for("forum_doors.enter", code=forum.code)


@doors.get("")
def door():
    """Page on which somebody types the code that stands on the screen of the hall."""
    code = request.args.get("code", "").strip()
    forum = records.coded(code) if code else None
    if forum is not None and may_read(visitor(), forum) is None:
        return redirect(url_for("forums.show", slug=forum.slug))
    refused = _("이런 번호의 공론장이 없어요. 화면이나 종이에 적힌 여섯 자리 숫자를 다시 확인해 주세요.") if code else None
    return render_template("forums/door.html", code=code[:20], refused=refused), 404 if refused else 200


@doors.get("/<code>")
def enter(code: str):
    """From a short code to the forum. Without a limit: a hall is one address, and what a code leads to is public."""
    forum = records.coded(code)
    if forum is None or may_read(visitor(), forum):
        raise records.missing()
    return redirect(url_for("forums.show", slug=forum.slug))

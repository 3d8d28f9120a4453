"""Public pages of a forum: list, announcement, hall, host's console, projector, and its events."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from wtforms import StringField

from civic_forum.accounts.queries import people
from civic_forum.attachments import queries as attachments
from civic_forum.blocks import about, sections
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.listing import Given
from civic_forum.blocks.sharing import Day
from civic_forum.platform import clock, fields, settings
from civic_forum.platform.calendar_file import calendar
from civic_forum.platform.delivery import POLICY, becomes_another
from civic_forum.platform.display import display
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.rich_text import joined
from civic_forum.platform.web import never_cached, visitor

from .. import labels, pages, tabs
from .. import queries as forums
from ..chat import mutes
from ..chat import queries as chat
from ..consultations import queries as consultations
from ..extensions import FINISHED, OWN_PAGE
from ..floor import programme
from ..floor import queries as floor
from ..forms import LiveForm
from ..fragments import Patch, draws
from ..kinds import DECISION
from ..minutes import queries as minutes
from ..models import Forum
from ..pages import NOTHING, Refused, bp, doors, roles
from ..policy import may_lead, may_prepare, may_read, runs
from ..preparing import listing
from ..preparing import queries as preparing
from ..preparing import services as preparing_services
from ..preparing.policy import may_open
from ..preparing.rules import embed
from ..pulses import queries as pulses
from ..questions import queries as questions
from ..record import captions, decisions
from ..registration import queries as registration
from ..registration import rules as registration_rules
from ..rules import Duty, Form, Stage
from ..settings import decided
from ..tables import queries as tables
from . import services, sockets
from .messages import MOST

PARTS = {"programme": programme, "floor": floor, "captions": captions, "questions": questions, "pulses": pulses,
         "consultations": consultations, "tables": tables, "decisions": decisions, "chat": chat, "mutes": mutes}
"""Subjects, each of which reads its own part of the hall by `part(forum, viewer)`."""


@bp.app_template_global()
def follows_without_script() -> bool:
    """True if whoever has no script asked the page to come anew by itself; unasked it would take away what is typed."""
    return request.args.get("follow") == "1" or request.endpoint == "forums.projector"


@pages.shows("")
def page(forum: Forum, _number: int | None = None, refused: Refused = NOTHING):
    """Everything for those who take part."""
    return with_frames(forum, render_template(
        "forums/hall.html", tabs=tabs.HALL, tab=tabs.chosen(tabs.HALL, request.args.get("tab"), refused.form),
        **everything(forum, refused)))


def everything(forum: Forum, refused: Refused = NOTHING, *, parts=PARTS, back: str = "") -> dict[str, object]:
    """Content of the pages of a running forum."""
    at, viewer = pages.context(forum), visitor()
    return {
        "forum": forum, "at": at, "standing": at.standing, "now": at.now, "refused": refused, "labels": labels,
        "runs": runs(viewer, at), "roles": roles(at), "back": back, "shown": forum.shown,
        "video": embed(forum.video_url), "interpreter": embed(forum.interpreter_url),
        "has_interpreter": any(duty.duty is Duty.INTERPRETER for duty in forum.duties),
        "present": sockets.of_this_application().broadcaster.present(forum.id),
    } | {name: PARTS[name].part(forum, viewer) for name in parts}


def with_frames(forum: Forum, shown: str):
    """The page, in which the frames of this forum's videos and no others may stand."""
    frames = [video.frame for video in (embed(forum.video_url), embed(forum.interpreter_url)) if video and video.frame]
    answer = make_response(shown)
    if frames:
        hosts = sorted({f"https://{urlsplit(frame).hostname}" for frame in frames})
        answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src {' '.join(hosts)}"
    return answer


@sections.asks_again
def finished(slug: str) -> tuple[str, dict[str, Any]]:
    """Page of one that is over."""
    forum, viewer = pages.forum_at(slug), visitor()
    made = decisions.part(forum, viewer)
    return "forums/finished.html", {
        "forum": forum, "labels": labels, "tables": tables.part(forum, viewer),
        "decisions": made,
        "subject": about.subject(forum.about), "came": forum.came or registration.came(forum.id), "now": clock.now(),
        "heard": questions.heard(forum.id) if forum.recorded_at else (),
        "photographs": [file for file in attachments.of_set(forum.documents_id) if file.is_picture]
        if forum.recorded_at else (),
        "sections": _added(forum, made, _for_one) if viewer.is_authenticated else sections.kept(_beside, slug),
        "minutes": None if forum.signed_version else minutes.standing(forum.id)}


def _beside(slug: str) -> list[str]:
    forum = forums.by_slug(slug)
    return _added(forum, decisions.part(forum, visitor()), sections.written)


def _added(forum: Forum, made: Any, write: Callable[..., str]) -> list[str]:
    """Sections that features above add, and those about its decisions."""
    return [write(part.template, section=part, forum=forum) for part in FINISHED.ask(forum) + about.SECTIONS.ask(
        DECISION.name, [decision.id for decision in made.standing])]


def _for_one(template: str, **facts: Any) -> str:
    return joined([render_template(template, **facts)])


@bp.get("/<slug>/hall")
def hall(slug: str):
    return redirect(url_for(".show", slug=pages.forum_at(slug).slug))


@bp.get("/<slug>/host")
@never_cached
@login_required
def host(slug: str):
    return host_page(pages.forum_at(slug))


@pages.shows("/host")
def host_page(forum: Forum, _number: int | None = None, refused: Refused = NOTHING):
    """The host's console."""
    require(visitor(), may_lead, pages.context(forum))
    return render_template(
        "forums/host.html", tabs=tabs.CONSOLE, beside=tabs.BESIDE,
        tab=tabs.chosen(tabs.CONSOLE, request.args.get("tab"), refused.form),
        **everything(forum, refused, parts=[name for name in PARTS if name != "questions"], back="/host"),
        questions=questions.console(forum, visitor()), departments=people.assignable_departments(),
        within_words=fields.WITHIN,
        documents=attachments.of_set(forum.documents_id),
        speakers=captions.speakers(forum.id))


@bp.get("/<slug>/projector")
def projector(slug: str):
    """As a visitor sees it, whoever opened it: nothing on it is anybody's own."""
    shown = everything(pages.forum_at(slug), parts=(
        "programme", "floor", "captions", "questions", "pulses", "consultations", "tables"))
    return render_template("forums/projector.html", **shown | {"me": None, "roles": []})


@bp.get("/<slug>/large")
def large(slug: str):
    return render_template("forums/large.html", **everything(pages.forum_at(slug), parts=(
        "programme", "floor", "captions", "pulses")))


class ScreenForm(LiveForm):
    document = StringField()


@bp.post("/<slug>/screen")
@pages.answering("screen", "#screen-host")
def show_on_screen(forum: Forum):
    form = ScreenForm()
    services.show(forum.id, form.document.data or "", form.sent_as, by=visitor())


@draws("screen")
def draw_screen(forum: Forum, _events) -> list[Patch]:
    return [Patch("forum-screen", render_template("forums/pieces/screen.html", shown=forum.shown))]


@draws("forum")
def draw_state(forum: Forum, _events) -> list[Patch]:
    return [Patch("forum-state", render_template("forums/pieces/state.html", forum=forum, labels=labels))]


bp.record_once(lambda state: sockets.Sockets(state.app))


@bp.get("/<slug>/events")
@never_cached
def events(slug: str):
    """Events after a number, as a socket is told them: at most 500 events, and `more` where there are more."""
    forum = pages.forum_at(slug)
    after = request.args.get("after", "")
    if not (after.isdecimal() and len(after) <= 15):
        raise Invalid(_("몇 번 뒤의 소식인지 숫자로 알려 주세요."))
    last, language = forum.last_number, display().language
    if int(after) > last:
        return jsonify(events=[], puts=[], last=last, old=True)
    upto = min(last, int(after) + MOST)
    view = sockets.view_at(forum, visitor(), language)
    batch = sockets.of_this_application().broadcaster.batches.between(forum.id, int(after), upto, language)
    return jsonify(batch.told(view) | {"more": upto < last})


@bp.get("")
def show_list():
    return sections.page(_list, listing.FORUMS.given(request.args))


def _list(query: Given) -> tuple[str, dict[str, Any]]:
    wanted = listing.FORUMS.read(query)
    page, is_of_visits = listing.listed(wanted, query.get("after")), wanted["form"] == Form.VISIT
    shown = {wanted["form"], *[card.forum.form for card in page.items]}  # a meeting of a body stands in its list
    return "forums/visits.html" if is_of_visits else "forums/list.html", (_days_of_visits() if is_of_visits else {}) | {
        "page": page, "stage": wanted["stage"], "form": wanted["form"], "chips": wanted.links("stage"),
        "forms": [link for link in wanted.links("form") if link.key != Form.MEETING or link.key in shown],
        "labels": labels,
        "days_left": listing.days_left, "after_url": page.after and wanted.address(after=page.after)}


def _days_of_visits() -> dict[str, Any]:
    """Visits of this year by neighbourhood, and how many have as many as the district wants."""
    year, target = local(clock.now()).year, decided("VISITS_A_YEAR")
    days = listing.days_of_visits(year)
    return {"days": days, "target": target, "year": year, "reached": len([
        place for place in days.places if place.value and place.value >= target])}


@bp.get("/<slug>")
def show(slug: str):
    forum, viewer = forums.by_slug(slug), visitor()
    if may_read(viewer, forum):
        raise forums.no_such_forum()
    if own := OWN_PAGE.ask(forum):
        return own[0]
    if forum.stage in (Stage.LIVE, Stage.FINISHED):
        if forum.stage is Stage.LIVE:
            return page(forum)
        over = sections.page_for_one if viewer.is_authenticated and viewer.roles else sections.page
        return over(finished, slug, own=lambda: pages.own(slug))
    return announced(forum)


def announced(forum: Forum):
    """The page of a forum that is to come, for those who prepare it also before everybody knows of it."""
    now, viewer = clock.now(), visitor()
    becomes_another(*(moment for moment in (forum.registration_from, forum.registration_to, forum.starts_at) if moment))
    announcement = preparing.announcement(forum, viewer)
    begins = viewer.is_authenticated and may_open(viewer, pages.context(forum)) is None
    return render_template(
        "forums/announced.html", forum=forum, found=announcement, subject=about.subject(forum.about),
        mine=announcement.mine, labels=labels, now=now,
        days_left=listing.days_left(forum), ways=registration_rules.ways_of(forum),
        places_of=registration_rules.places_of, not_now=registration_rules.why_not_now(forum, now),
        prepares=may_prepare(viewer, forum) is None, holders=preparing.holders(forum), begins=begins,
        questions=questions.part(forum, viewer) if forum.stage is Stage.ANNOUNCED else None)


@bp.post("/<slug>/opening")
@never_cached
@login_required
def begin(slug: str):
    """Its host opens it from the page that announces it."""
    preparing_services.open_forum(pages.forum_at(slug).id, by=visitor())
    return redirect(url_for(".host", slug=slug), 303)


@bp.get("/<slug>/calendar.ics")
def calendar_file(slug: str):
    forum = pages.forum_at(slug)
    day = Day("", forum.title, forum.starts_at, forum.ends_at, forum.place, begins=True)
    entry = day.entry(Ref("forum", forum.id), forum.version, forum.announced_at or forum.created_at,
                      url_for(".show", slug=forum.slug), f"{labels.named(forum.form)}: {forum.question}")
    answer = make_response(calendar([entry], settings.value("SITE_NAME")))
    answer.content_type = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{forum.slug}.ics"'
    return answer


@bp.get("/<slug>/qr.svg")
def picture_of_code(slug: str):
    """The short address as a QR code, for paper and the projector."""
    forum, picture = pages.forum_at(slug), io.BytesIO()
    segno.make(short_address(forum), error="m").save(picture, kind="svg", scale=8, border=4, light="#ffffff", nl=False)
    return current_app.response_class(picture.getvalue(), mimetype="image/svg+xml")


def short_address(forum: Forum) -> str:
    return current_app.config["URL"].rstrip("/") + url_for("forum_doors.enter", code=forum.code)


@doors.get("")
def door():
    """Page on which somebody types the code that stands on the screen of the hall."""
    code = request.args.get("code", "").strip()
    forum = forums.coded(code) if code else None
    if forum is not None and may_read(visitor(), forum) is None:
        return redirect(url_for("forums.show", slug=forum.slug))
    refused = _("이런 번호의 공론장이 없어요. 화면이나 종이에 적힌 여섯 자리 숫자를 다시 확인해 주세요.") if code else None
    return render_template("forums/door.html", code=code[:20], refused=refused), 404 if refused else 200


@doors.get("/<code>")
def enter(code: str):
    """From a short code to the forum. Without a limit: a hall is one address, and what a code leads to is public."""
    forum = forums.coded(code)
    if forum is None or may_read(visitor(), forum):
        raise forums.no_such_forum()
    return redirect(url_for("forums.show", slug=forum.slug))

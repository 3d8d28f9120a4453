"""Pages and files with which things are passed on, and what their own pages say to chats."""

from dataclasses import dataclass
from typing import Any

import segno
from flask import Blueprint, Response, current_app, redirect, render_template, request

from civic_forum.blocks import sections
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, whole_language, speaking
from civic_forum.platform.web import address, by_download, count_in_hours, district

from . import queries, services
from .rules import Face, plain

bp = Blueprint("sharing", __name__, url_prefix="/share")
MOST_DRAWN = 600
"""Pictures and posters an hour and address that are drawn anew; what was drawn before is not counted."""
A_YEAR = 31536000


@dataclass(frozen=True)
class Tags:
    """For the page of a thing: what its head says to chats, and where it is passed on."""

    head: Any
    path: str


@bp.app_template_global()
def shared(kind: str, record_id: int) -> Tags | None:
    """None where nobody passes the thing on."""
    return sections.kept(_tags, kind, record_id)


@bp.app_template_global()
def site_picture() -> str:
    """Address of the picture of the site."""
    return f"{current_app.config['URL'].rstrip('/')}/share/site/{services.site_face().mark}.jpg"


def _tags(kind: str, record_id: int) -> Tags | None:
    subject = queries.of(kind, record_id)
    if subject is None:
        return None
    return Tags(sections.written("sharing/tags.html", **_said(subject)), subject.path)


def _said(subject: queries.Found) -> dict[str, Any]:
    """Facts of a preview as a chat shows it."""
    face = services.face(subject)
    site = str(current_app.config["URL"]).rstrip("/")
    path = f"{subject.path}/{face.mark}.jpg"
    return {"found": subject, "title": plain(subject.preview.title), "sentence": plain(subject.preview.sentence),
            "alt": plain(f"{face.figure} {face.beside} {face.left}"), "picture": path, "site": site,
            "address": services.address(subject)}


@bp.get("/<place>/<name>")
def show(place: str, name: str):
    subject = queries.at(place, name)
    return render_template("sharing/show.html", **_said(subject), days=services.days(subject))


@bp.get("/<place>/<name>/<mark>.jpg")
def picture(place: str, name: str, mark: str):
    """The picture of what it says now; an earlier address leads to it."""
    subject = queries.at(place, name)
    with speaking(whole_language()):
        face = services.face(subject)
    if mark == face.band().mark:
        face = face.band()
    elif mark != face.mark:
        return redirect(f"{subject.path}/{face.mark}.jpg")
    return _picture(face)


@bp.get("/site/<mark>.jpg")
def picture_of_site(mark: str):
    """The picture of the site; an earlier address leads to it."""
    with speaking(whole_language()):
        face = services.site_face()
    return _picture(face) if mark == face.mark else redirect(f"/share/site/{face.mark}.jpg")


def _picture(face: Face):
    return _file(services.picture(face, _count), "image/jpeg", face.mark), {
        "Cache-Control": f"public, max-age={A_YEAR}, immutable", "Cross-Origin-Resource-Policy": "cross-origin"}


def _file(data: bytes, media_type: str, mark: str) -> Response:
    answer = Response(data, mimetype=media_type)
    answer.set_etag(mark)
    return answer.make_conditional(request)


def _count() -> None:
    count_in_hours(1, "shared", address(), MOST_DRAWN)


def _sheet(subject: queries.Found):
    with speaking(whole_language()):
        words = district()
        return services.sheet(subject, str(words["name"]), str(words["phone"] or ""))


@bp.get("/<place>/<name>/poster")
def poster(place: str, name: str):
    subject = queries.at(place, name)
    sheet = _sheet(subject)
    code = segno.make(sheet.address, error="m", micro=False)
    return render_template("sharing/poster.html", found=subject, sheet=sheet, face=sheet.face,
                           picture=f"{subject.path}/{services.face(subject).band().mark}.jpg",
                           code=code.svg_data_uri(scale=8, border=4, dark="#1e2124", light="#ffffff"))


@bp.get("/<place>/<name>/poster.pdf")
@by_download
def poster_file(place: str, name: str):
    subject = queries.at(place, name)
    sheet = _sheet(subject)
    return _file(services.poster(sheet, _count), "application/pdf", sheet.mark), {
        "Content-Disposition": f'inline; filename="{_file_name(subject)}.pdf"', "Cache-Control": "no-cache"}


@bp.get("/<place>/<name>/calendar.ics")
def calendar(place: str, name: str):
    subject = queries.at(place, name)
    if not services.days(subject):
        raise NotFound(_("앞으로 남은 날짜가 없어요."))
    return services.calendar(subject), {"Content-Type": "text/calendar; charset=utf-8",
                                        "Content-Disposition": f'attachment; filename="{_file_name(subject)}.ics"'}


def _file_name(subject: queries.Found) -> str:
    return f"{subject.place}-{subject.preview.name}"

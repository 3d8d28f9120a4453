"""Pages of the minutes and of the record."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from flask import jsonify, render_template, request

from civic_forum.accounts import attempts, proofs
from civic_forum.accounts.passkey_form import shown_in
from civic_forum.blocks import sections
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Invalid, Refusal
from civic_forum.platform.i18n import _, day, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_address, by_user, shown_to, visitor
from civic_forum.proposals.differences import compare
from civic_forum.search import queries as search
from civic_forum.search.rules import wanted

from .. import pages
from .. import queries as forums
from ..models import Forum
from ..pages import NOTHING, Refused, bp, desk
from ..policy import ForumContext, may_prepare, runs
from ..preparing.views import DESK, begun
from ..questions.rules import MOST_HEARD
from . import labels, policy, queries, replay, services
from .rules import drafting as rules
from .rules.drafting import Record
from .forms import (MORE, AnnouncedRecordForm, CorrectionAnswer, CorrectionForm, RecordForm, RevisionForm,
                    SignatureForm)
from .replay import Player

bp.add_app_template_filter(lambda text: f"{local(datetime.fromisoformat(text)):%H:%M}", "iso_time")
bp.add_app_template_filter(lambda text: day(datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)),
                           "iso_day")


@bp.get("/<slug>/minutes", endpoint="minutes")
def show_minutes(slug: str):
    return minutes_page(pages.forum_at(slug))


@pages.shows("/minutes")
def minutes_page(forum: Forum, _number: int | None = None, refused: Refused = NOTHING):
    """One version, with all others, what people want corrected, and what is to be done about it."""
    viewer, versions = visitor(), queries.versions(forum.id)
    corrections = queries.corrections(forum.id) if versions else []
    shown = _chosen(forum, versions, request.args.get("version"))
    standing = queries.MinutesState(
        versions[-1], versions[0].published_at,
        sum(correction.reply is None for correction in corrections)) if versions else queries.NONE
    at = pages.context(forum)
    at = ForumContext(forum, at.standing, at.now, standing)
    sections = shown.sections if shown else []
    beside = queries.beside(forum, _people(sections) | {shown.signed_by_id if shown else None})
    return render_template(
        "forums/minutes.html", forum=forum, shown=shown, versions=versions, corrections=corrections, at=at,
        refused=refused, names=beside.names, labels=labels, standing=standing, back="/minutes",
        withheld=beside.withheld, sections=sections, keeps=runs(viewer, at),
        why_not_keep=policy.may_keep(viewer, at), why_not_sign=runs(viewer, at) and policy.may_sign(viewer, at),
        why_not_correct=policy.may_correct(viewer, at), correction=_correction(sections, refused))


def _chosen(forum: Forum, versions: list, asked: str | None):
    if not versions:
        return None
    number = plain_text.number(asked, digits=6) if asked else versions[-1].version
    return queries.version(forum.id, number or 0)


def _people(sections: list[rules.Row]) -> set[int | None]:
    return {row.get("by") for row in rules.rows_of(sections)}


def _correction(sections: list[rules.Row], refused: Refused) -> CorrectionForm:
    """The form, filled in with the row that somebody chose, or with what they typed."""
    place = refused.text("correction", "place") or request.args.get("place", "")
    was = next((row.get("text") or "" for row in rules.rows_of(sections) if rules.name_of(row) == place), "")
    return CorrectionForm(formdata=None, place=place, was=refused.text("correction", "was") or was,
                          becomes=refused.text("correction", "becomes") or was)


@bp.get("/<slug>/minutes/changes")
def minutes_changes(slug: str):
    """Page of the differences between two versions."""
    forum = pages.forum_at(slug)
    versions = queries.versions(forum.id)
    if not versions:
        raise queries.missing()
    newer = _chosen(forum, versions, request.args.get("to"))
    older = _chosen(forum, versions, request.args.get("from") or str(max(1, newer.version - 1)))
    hidden = queries.beside(forum, ()).withheld
    changes = [(labels.place(change.place), compare(change.before, change.after))
               for change in rules.differences(older.sections, newer.sections) if change.place not in hidden]
    return render_template("forums/minutes_changes.html", forum=forum, versions=versions, older=older, newer=newer,
                           changes=changes, labels=labels)


@bp.post("/<slug>/minutes")
@pages.answering("draft")
def draft_minutes(forum: Forum):
    services.draft(forum.id, by=visitor())


@bp.post("/<slug>/minutes/corrections")
@by_address
@by_user
@pages.answering("correction", "#corrections")
def ask_correction(forum: Forum):
    form = CorrectionForm()
    form.refuse_personal_numbers()
    services.ask(forum.id, form.place.data or "", form.was.data or "", form.becomes.data or "", by=visitor())


@bp.post("/<slug>/minutes/corrections/<id:correction_id>")
@pages.answering("answer", "#corrections")
def answer_correction(forum: Forum, correction_id: int):
    form = CorrectionAnswer()
    if form.verdict.data not in ("accept", "decline"):
        raise Refusal(_("받아들일지 골라 주세요."), field="verdict")
    services.answer(forum.id, correction_id, form.verdict.data == "accept", form.reply.data or "", by=visitor())


@bp.post("/<slug>/minutes/versions")
@pages.answering("revision")
def revise_minutes(forum: Forum):
    services.revise(forum.id, RevisionForm().note.data or "", by=visitor())


@bp.post("/<slug>/minutes/signature")
@by_address
@pages.answering("signature")
def sign_minutes(forum: Forum):
    form = SignatureForm()
    attempts.with_password(lambda: proofs.confirm_own_password(shown_in(form, form.password), by=visitor()))
    services.sign(forum.id, form.read_version, by=visitor())


@desk.route("/record", methods=["GET", "POST"])
@shown_to(may_prepare)
def write_down():
    if request.method != "POST":
        return _writing(begun(RecordForm, days=-1))
    form = RecordForm()
    return _written(form, lambda: services.write_down(
        tuple(form.parts()), form.filled(), form.number_came, by=visitor()))


@desk.route("/<slug>/record", methods=["GET", "POST"])
@shown_to(may_prepare)
def write_down_announced(slug: str):
    forum = forums.by_slug(slug)
    require(visitor(), may_prepare, forum)
    if request.method != "POST":
        return _writing(AnnouncedRecordForm.of(forum), forum)
    form = AnnouncedRecordForm()
    return _written(form, lambda: services.write_down_announced(
        forum.id, form.filled(), form.number_came, form.part(), by=visitor()), forum)


def _written(form: AnnouncedRecordForm, act: Callable[[], Forum], forum: Forum | None = None):
    if request.form.get("more"):
        for _row in range(min(MORE, MOST_HEARD - len(form.heard))):
            form.heard.append_entry()
        return _writing(form, forum)
    return handle(form, act, lambda: _writing(form, forum),
                  lambda held: saved(_("기록을 남겼어요."), f"/forums/{held.slug}"))


def _writing(form: AnnouncedRecordForm, forum: Forum | None = None):
    return render_template("forums/desk/record.html", form=form, desk=DESK, forum=forum)


QUERY_MOST = 100
MINUTE = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
MOST_LINKS = 60
"""So many minutes are linked for those without script; of a longer forum every second, third … of them."""


@bp.get("/<slug>/record")
def record(slug: str):
    """As far as it has come; all of it afterwards."""
    query = " ".join(request.args.get("q", "").split())[:QUERY_MOST]
    page = sections.page_for_one if query else sections.page
    return page(_record, slug, query, request.args.get("at"), own=lambda: pages.own(slug))


@sections.asks_again
def _record(slug: str, query: str, at: str | None) -> tuple[str, dict[str, Any]]:
    forum = pages.forum_at(slug)
    moment = _moment(forum, at)
    record = queries.record(forum)
    drafted = rules.draft(record)
    shown = rules.found(drafted, query) if query else drafted
    player = _player(forum, record, drafted) if forum.opened_at and not forum.recorded_at else None
    return "forums/record.html", {
        "forum": forum, "sections": shown, "labels": labels, "query": query, "moment": moment,
        "names": player.names if player else queries.names(_people_named(shown)), "minutes": _minutes(forum),
        "played": player.at(moment) if player and moment else None, "is_played": player is not None,
        "why_nothing": search.why_nothing(query) if query and not wanted(query) else None,
        "mark": (lambda text: search.marked(text, query)) if query else None}


@bp.get("/<slug>/record/frames.json")
def record_frames(slug: str):
    """Every moment at which something changed, for the script that plays it."""
    forum = pages.forum_at(slug)
    if forum.opened_at is None:
        return jsonify(length=0, frames=[])
    record = queries.record(forum)
    player = _player(forum, record, rules.draft(record))
    return jsonify(began=forum.opened_at.isoformat(), length=int((_end(forum) - forum.opened_at).total_seconds()),
                   words={choice: str(word) for choice, word in labels.PULSE.items()},
                   frames=player.frames(forum.opened_at))


def _player(forum: Forum, record: Record, sections: list[rules.Row]) -> Player:
    recording = replay.recording(forum)
    waiting = {user_id for user_id, _name in recording.called.values()}
    return Player(record, recording, queries.names(_people_named(sections) | waiting))


def _people_named(sections: list[rules.Row]) -> set[int | None]:
    return {row.get("by") for row in rules.rows_of(sections)}


def _end(forum: Forum) -> datetime:
    return forum.closed_at or clock.now()


def _moment(forum: Forum, asked: str | None) -> datetime | None:
    """The end of the minute that was asked for, on the day of the forum. Raises Invalid for what is no minute."""
    if not asked or forum.opened_at is None:
        return None
    if not (told := MINUTE.fullmatch(asked)):
        raise Invalid(_("시각을 19:20처럼 적어 주세요."))
    began = local(forum.opened_at)
    moment = began.replace(hour=int(told[1]), minute=int(told[2]), second=59, microsecond=999_999)
    return moment if moment >= began else moment + timedelta(days=1)


def _minutes(forum: Forum) -> list[str]:
    """The minutes of the forum as its clock showed them, at most so many."""
    if forum.opened_at is None:
        return []
    began, whole_minutes = local(forum.opened_at), int((_end(forum) - forum.opened_at).total_seconds()) // 60 + 1
    every = -(-whole_minutes // MOST_LINKS)
    return [f"{began + timedelta(minutes=minute):%H:%M}" for minute in range(0, whole_minutes, every)]

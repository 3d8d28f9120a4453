"""The minutes: read, compared, corrected, signed."""

from datetime import date, datetime

from flask import render_template, request

from civic_forum.kernel import plain_text
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _, day, local
from civic_forum.kernel.web import by_address, by_user, visitor
from civic_forum.proposals.differences import compare

from .. import record_labels
from ..forms.minutes import CorrectionAnswer, CorrectionForm, RevisionForm, SignatureForm
from ..models import Forum
from ..policy import minutes as policy
from ..policy.acting import ForumContext, runs
from ..queries import minutes as queries
from ..rules import drafting
from ..services import minutes
from . import answers, gate
from .answers import NOTHING, Refused
from .blueprint import bp


bp.add_app_template_filter(lambda text: f"{local(datetime.fromisoformat(text)):%H:%M}", "iso_time")
bp.add_app_template_filter(lambda text: day(datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)),
                           "iso_day")


@bp.get("/<slug>/minutes", endpoint="minutes")
def show_minutes(slug: str):
    return minutes_page(gate.found(slug))


@answers.shows("/minutes")
def minutes_page(forum: Forum, _number: int | None = None, refused: Refused = NOTHING):
    """One version, with all others, what people want corrected, and what is to be done about it."""
    viewer, versions = visitor(), queries.versions(forum.id)
    corrections = queries.corrections(forum.id) if versions else []
    shown = _chosen(forum, versions, request.args.get("version"))
    standing = queries.MinutesState(versions[-1], versions[0].published_at,
                                sum(one.reply is None for one in corrections)) if versions else queries.NONE
    at = gate.at(forum)
    at = ForumContext(forum, at.standing, at.now, standing)
    sections = shown.sections if shown else []
    beside = queries.beside(forum, _people(sections) | {shown.signed_by_id if shown else None})
    return render_template(
        "forums/minutes.html", forum=forum, shown=shown, versions=versions, corrections=corrections, at=at,
        refused=refused, names=beside.names, labels=record_labels, standing=standing, back="/minutes",
        withheld=beside.withheld, sections=sections, keeps=runs(viewer, at),
        why_not_keep=policy.may_keep(viewer, at), why_not_sign=runs(viewer, at) and policy.may_sign(viewer, at),
        why_not_correct=policy.may_correct(viewer, at), correction=_correction(sections, refused))


def _chosen(forum: Forum, versions: list, asked: str | None):
    if not versions:
        return None
    number = plain_text.number(asked, digits=6) if asked else versions[-1].version
    return queries.version(forum.id, number or 0)


def _people(sections: list[drafting.Row]) -> set[int | None]:
    return {row.get("by") for row in drafting.rows_of(sections)}


def _correction(sections: list[drafting.Row], refused: Refused) -> CorrectionForm:
    """The form, filled in with the row that somebody chose, or with what they typed."""
    place = refused.text("correction", "place") or request.args.get("place", "")
    was = next((row.get("text") or "" for row in drafting.rows_of(sections) if drafting.name_of(row) == place), "")
    return CorrectionForm(formdata=None, place=place, was=refused.text("correction", "was") or was,
                          becomes=refused.text("correction", "becomes") or was)


@bp.get("/<slug>/minutes/changes")
def minutes_changes(slug: str):
    """Page of the differences between two versions."""
    forum = gate.found(slug)
    versions = queries.versions(forum.id)
    if not versions:
        raise queries.missing()
    newer = _chosen(forum, versions, request.args.get("to"))
    older = _chosen(forum, versions, request.args.get("from") or str(max(1, newer.version - 1)))
    hidden = queries.beside(forum, ()).withheld
    changes = [(record_labels.place(one.place), compare(one.before, one.after))
               for one in drafting.differences(older.sections, newer.sections) if one.place not in hidden]
    return render_template("forums/minutes_changes.html", forum=forum, versions=versions, older=older, newer=newer,
                           changes=changes, labels=record_labels)


@bp.post("/<slug>/minutes")
@answers.answering("draft")
def draft_minutes(forum: Forum):
    minutes.draft(forum.id, by=visitor())


@bp.post("/<slug>/minutes/corrections")
@by_address
@by_user
@answers.answering("correction", "#corrections")
def ask_correction(forum: Forum):
    form = CorrectionForm()
    form.refuse_personal_numbers()
    minutes.ask(forum.id, form.place.data or "", form.was.data or "", form.becomes.data or "", by=visitor())


@bp.post("/<slug>/minutes/corrections/<id:correction_id>")
@answers.answering("answer", "#corrections")
def answer_correction(forum: Forum, correction_id: int):
    form = CorrectionAnswer()
    if form.verdict.data not in ("accept", "decline"):
        raise Refusal(_("받아들일지 골라 주세요."), field="verdict")
    minutes.answer(forum.id, correction_id, form.verdict.data == "accept", form.reply.data or "", by=visitor())


@bp.post("/<slug>/minutes/versions")
@answers.answering("revision")
def revise_minutes(forum: Forum):
    minutes.revise(forum.id, RevisionForm().note.data or "", by=visitor())


@bp.post("/<slug>/minutes/signature")
@by_address
@answers.answering("signature")
def sign_minutes(forum: Forum):
    form = SignatureForm()
    minutes.confirm_password(form.password.data or "", by=visitor())
    minutes.sign(forum.id, form.read_version, by=visitor())

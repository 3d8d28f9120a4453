"""Captions: the captioner's page, what came before, and the file for a recording."""

from flask import Response, render_template, request, url_for
from flask_login import login_required

from civic_forum.kernel import plain_text
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import limiter, never_cached, visitor, writer

from .. import labels
from ..forms.captions import CaptionCorrection, CaptionForm
from ..models import Caption, Forum
from ..fragments import Patch, draws
from ..policy.captions import may_caption
from ..queries import captions as queries
from ..rules.captions import CORRECTABLE, CaptionLine, web_vtt
from ..rules.kinds import ForumEventKind
from ..services import captions
from . import answers, gate
from .answers import NOTHING, Refused
from .blueprint import bp

A_MINUTE = "120 per minute"
"""Nobody types faster; a script that runs wild does."""
LIST = "caption-lines"


@bp.get("/<slug>/captioner")
@never_cached
@login_required
def captioner(slug: str):
    return captioner_page(gate.found(slug))


@answers.shows("/captioner")
def captioner_page(forum: Forum, _number: int | None = None, refused: Refused = NOTHING):
    """One field that is always ready, whose words they are, and the last lines."""
    at = gate.at(forum)
    require(visitor(), may_caption, at)
    lines = queries.last(forum.id, CORRECTABLE)
    wrong = plain_text.number(request.args.get("correct"))
    return render_template(
        "forums/captioner.html", forum=forum, at=at, now=at.now, refused=refused, labels=labels, lines=lines,
        speakers=queries.speakers(forum.id), back="/captioner",
        wrong=next((one for one in lines if one.id == wrong), None),
        chosen=plain_text.number(request.args.get("speaker") or refused.text("caption", "speaker")))


@bp.post("/<slug>/captions")
@limiter.limit(A_MINUTE, key_func=writer, exempt_when=lambda: not visitor().is_authenticated)
@answers.answering("caption")
def write_caption(forum: Forum):
    """Without script the next line begins with the same speaker."""
    form = CaptionForm()
    captions.write(forum.id, form.text.data or "", form.sent_as, duty_id=form.duty_id, by=visitor())
    return answers.done(forum, f"?speaker={form.duty_id}#caption-text" if form.duty_id else "#caption-text")


@bp.post("/<slug>/captions/<id:caption_id>")
@limiter.limit(A_MINUTE, key_func=writer, exempt_when=lambda: not visitor().is_authenticated)
@answers.answering("correction", "#caption-text")
def correct_caption(forum: Forum, caption_id: int):
    form = CaptionCorrection()
    captions.correct(forum.id, caption_id, form.text.data or "", form.sent_as, by=visitor())


@bp.get("/<slug>/captions")
def caption_history(slug: str):
    forum = gate.found(slug)
    page = queries.page(forum.id, request.args.get("after"))
    return render_template("forums/captions.html", forum=forum, page=page,
                           after_url=page.after and url_for(".caption_history", slug=slug, after=page.after))


@bp.get("/<slug>/captions.vtt")
def caption_file(slug: str):
    """The captions for the recording, timed from the opening."""
    forum = gate.found(slug)
    lines = [CaptionLine(one.at, one.called, one.text) for one in queries.everything(forum.id)]
    began = forum.opened_at or (lines[0].at if lines else forum.starts_at)
    return Response(web_vtt(lines, began), mimetype="text/vtt",
                    headers={"Content-Disposition": f'attachment; filename="{forum.slug}.vtt"'})


@draws("caption")
def draw_captions(forum: Forum, events) -> list[Patch]:
    """New lines at the end; corrected ones where they stand, if they still do."""
    new = {event.subject_id for event in events if event.kind is ForumEventKind.CAPTION_WRITTEN}
    return [Patch(f"caption-{one.id}", drawn(one), into=LIST if one.id in new else None)
            for one in queries.of_ids(forum.id, sorted({event.subject_id for event in events}))]


def drawn(caption: Caption) -> str:
    return render_template("forums/pieces/caption.html", caption=caption)

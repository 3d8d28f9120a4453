"""Pages of captions and decisions, the file for a recording, and what of them is drawn again."""

from dataclasses import replace

from flask import Response, render_template, request, url_for
from flask_login import login_required

from civic_forum.platform import plain_text
from civic_forum.platform.policy import require
from civic_forum.platform.web import limiter, never_cached, visitor, writer

from .. import labels, pages
from ..fragments import Patch, draws
from ..models import Forum
from ..pages import NOTHING, Refused, bp
from ..rules import ForumEventKind
from . import captions, decisions
from .forms import CaptionCorrection, CaptionForm, DecisionForm
from .models import Caption, Decision
from .policy import may_caption, may_decide
from .rules import CORRECTABLE, CaptionLine, web_vtt

A_MINUTE = "120 per minute"
"""Nobody types faster; a script that runs wild does."""
CAPTIONS_LIST = "caption-lines"


@bp.get("/<slug>/captioner")
@never_cached
@login_required
def captioner(slug: str):
    return captioner_page(pages.forum_at(slug))


@pages.shows("/captioner")
def captioner_page(forum: Forum, _number: int | None = None, refused: Refused = NOTHING):
    """One field that is always ready, whose words they are, and the last lines."""
    at = pages.context(forum)
    require(visitor(), may_caption, at)
    lines = captions.last(forum.id, CORRECTABLE)
    wrong = plain_text.number(request.args.get("correct"))
    return render_template(
        "forums/captioner.html", forum=forum, at=at, now=at.now, refused=refused, labels=labels, lines=lines,
        speakers=captions.speakers(forum.id), back="/captioner",
        wrong=next((line for line in lines if line.id == wrong), None),
        chosen=plain_text.number(request.args.get("speaker") or refused.text("caption", "speaker")))


@bp.post("/<slug>/captions")
@limiter.limit(A_MINUTE, key_func=writer, exempt_when=lambda: not visitor().is_authenticated)
@pages.answering("caption")
def write_caption(forum: Forum):
    """Without script the next line begins with the same speaker."""
    form = CaptionForm()
    captions.write(forum.id, form.text.data or "", form.sent_as, duty_id=form.duty_id, by=visitor())
    return pages.done(forum, f"?speaker={form.duty_id}#caption-text" if form.duty_id else "#caption-text")


@bp.post("/<slug>/captions/<id:caption_id>")
@limiter.limit(A_MINUTE, key_func=writer, exempt_when=lambda: not visitor().is_authenticated)
@pages.answering("correction", "#caption-text")
def correct_caption(forum: Forum, caption_id: int):
    form = CaptionCorrection()
    captions.correct(forum.id, caption_id, form.text.data or "", form.sent_as, by=visitor())


@bp.get("/<slug>/captions")
def caption_history(slug: str):
    forum = pages.forum_at(slug)
    page = captions.page(forum.id, request.args.get("after"))
    return render_template("forums/captions.html", forum=forum, page=page,
                           after_url=page.after and url_for(".caption_history", slug=slug, after=page.after))


@bp.get("/<slug>/captions.vtt")
def caption_file(slug: str):
    """The captions for the recording, timed from the opening."""
    forum = pages.forum_at(slug)
    lines = [CaptionLine(caption.at, caption.called, caption.text) for caption in captions.everything(forum.id)]
    began = forum.opened_at or (lines[0].at if lines else forum.starts_at)
    return Response(web_vtt(lines, began), mimetype="text/vtt",
                    headers={"Content-Disposition": f'attachment; filename="{forum.slug}.vtt"'})


@draws("caption")
def draw_captions(forum: Forum, events) -> list[Patch]:
    """New lines at the end; corrected ones where they stand, if they still do."""
    new = {event.subject_id for event in events if event.kind is ForumEventKind.CAPTION_WRITTEN}
    return [Patch(f"caption-{caption.id}", drawn_caption(caption), into=CAPTIONS_LIST if caption.id in new else None)
            for caption in captions.of_ids(forum.id, sorted({event.subject_id for event in events}))]


def drawn_caption(caption: Caption) -> str:
    return render_template("forums/pieces/caption.html", caption=caption)


DECISIONS_LIST = "decision-list"


@bp.post("/<slug>/decisions")
@pages.answering("decision", "#decisions-host")
def decide(forum: Forum):
    form = DecisionForm()
    decisions.decide(forum.id, form.decided(), form.sent_as, by=visitor())


@bp.get("/<slug>/decisions/<id:decision_id>")
@never_cached
@login_required
def decision(slug: str, decision_id: int):
    """Page on which a decision is changed or taken away."""
    return decision_page(pages.forum_at(slug), decision_id)


@pages.shows("/decisions")
def decision_page(forum: Forum, decision_id: int | None = None, refused: Refused = NOTHING):
    decision = next(iter(decisions.of_ids(forum.id, [decision_id])), None)
    require(visitor(), may_decide, replace(pages.context(forum), thing=decision))
    if decision is None:
        raise decisions.missing()
    form = DecisionForm(formdata=None, text=refused.text("decision", "text") or decision.text,
                        department=decision.department_id or 0, due_on=decision.due_on)
    return render_template("forums/decision.html", forum=forum, decision=decision, form=form, refused=refused,
                           back=f"/decisions/{decision.id}")


@bp.post("/<slug>/decisions/<id:decision_id>")
@pages.answering("decision")
def change_decision(forum: Forum, decision_id: int):
    form = DecisionForm()
    decisions.change(forum.id, decision_id, form.decided(), form.sent_as, by=visitor())


@bp.post("/<slug>/decisions/<id:decision_id>/removal")
@pages.answering("removal")
def take_decision_away(forum: Forum, decision_id: int):
    decisions.take_away(forum.id, decision_id, by=visitor())


@draws("decision")
def draw_decisions(forum: Forum, events) -> list[Patch]:
    """Every one stays on the page, also one that was taken away."""
    return [Patch(f"decision-{decision.id}", drawn_decision(decision), into=DECISIONS_LIST)
            for decision in decisions.of_ids(forum.id, sorted({event.subject_id for event in events}))]


def drawn_decision(decision: Decision) -> str:
    return render_template("forums/pieces/decision.html", decision=decision)

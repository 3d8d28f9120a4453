"""Pages and actions of comments. Each action is a form that works without JavaScript."""

from collections.abc import Hashable, Iterable
from secrets import token_hex
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask_login import login_required

from civic_forum.blocks import fragments, kinds, sections
from civic_forum.blocks.pages import ask_first
from civic_forum.platform.error_pages import wants_json
from civic_forum.platform.errors import Denied, NotFound, Refusal
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import require
from civic_forum.platform.rich_text import joined
from civic_forum.platform.web import by_address, by_user, sign_in_for, visitor

from . import services
from .forms import CommentForm, ReplyForm
from .policy import may_edit, may_remove, may_reply, may_write
from .queries import records, sections as comment_sections, threads
from .rules import Order, Stance

bp = Blueprint("comments", __name__)

COMMENTING = _l("댓글을 쓰려면 로그인해 주세요.")


@bp.app_template_global()
def written_comments(section: comment_sections.CommentSection, may_answer: bool, initiator_id: int) -> Any:
    """Comments with their replies, of which a page has up to 220: what a reader sees as others do is written once."""
    facts = section.takes_support, may_answer, initiator_id, section.is_chosen
    if not section.kept_as:
        return joined(_each(section.comments, *facts))
    texts = sections.kept(_of_first_page, *section.kept_as, *facts)
    if section.own:
        texts = list(texts)
        for place, text in zip(section.own, _each(section.own.values(), *facts), strict=True):
            texts[place] = text
    return joined(texts)


def _of_first_page(thread_id: int, order: Order, stance: Stance | None, *facts: Hashable) -> list[str]:
    return _each(threads.first_page(thread_id, order, stance).comments, *facts)


def _each(comments: Iterable[threads.Discussed], *facts: Hashable) -> list[str]:
    return fragments.each_of("comments/one.html", comments, *facts)


@bp.get("/comments/<id:comment_id>")
def show(comment_id: int):
    """The way to one comment: the page of the thread on which it stands."""
    return redirect(records.place(records.comment(comment_id, visitor())))


@bp.post("/threads/<id:thread_id>/comments")
@sign_in_for(COMMENTING)
@login_required
@by_address
@by_user
def write(thread_id: int):
    thread = records.thread(thread_id, visitor())
    form = CommentForm()
    if reason := _why_not_sent(form, may_write(visitor(), thread)):
        return _form_page(form, reason, thread)
    try:
        form.refuse_personal_numbers()
        comment = services.write(thread_id, stance=Stance(form.stance.data), text=form.text.data,
                                 form_key=form.form_key.data or None, by=visitor())
    except Refusal as refusal:
        return _form_page(form, refusal, thread)
    return redirect(records.place(comment), 303)


@bp.get("/comments/<id:comment_id>/replies/new")
@sign_in_for(COMMENTING)
@login_required
def reply_form(comment_id: int):
    comment = records.comment(comment_id, visitor())
    require(visitor(), may_reply, comment)
    return _form_page(ReplyForm(formdata=None), None, comment.thread, answered=comment)


@bp.post("/comments/<id:comment_id>/replies")
@sign_in_for(COMMENTING)
@login_required
@by_address
@by_user
def reply(comment_id: int):
    answered = records.comment(comment_id, visitor())
    form = ReplyForm()
    if reason := _why_not_sent(form, may_reply(visitor(), answered)):
        return _form_page(form, reason, answered.thread, answered=answered)
    try:
        form.refuse_personal_numbers()
        comment = services.reply(comment_id, text=form.text.data, form_key=form.form_key.data or None, by=visitor())
    except Refusal as refusal:
        return _form_page(form, refusal, answered.thread, answered=answered)
    return redirect(records.place(comment), 303)


@bp.get("/comments/<id:comment_id>/replies")
def replies(comment_id: int):
    """All replies to one comment, for those that have more than a thread shows."""
    comment = records.comment(comment_id, visitor())
    if comment.parent_id is not None:
        raise NotFound(_("답글에는 답글이 없어요."))
    return render_template("comments/replies.html", comment=comment,
                           section=comment_sections.replies(comment, visitor(), request.args.get("after")))


@bp.get("/comments/<id:comment_id>/edit")
@login_required
def edit_form(comment_id: int):
    comment = records.comment(comment_id, visitor())
    require(visitor(), may_edit, comment)
    form = _edit_form(comment)(formdata=None, data={"text": comment.source, "stance": comment.stance})
    return _form_page(form, None, comment.thread, edited=comment)


@bp.post("/comments/<id:comment_id>/edit")
@login_required
@by_address
@by_user
def edit(comment_id: int):
    comment = records.comment(comment_id, visitor())
    form = _edit_form(comment)()
    if reason := _why_not_sent(form, may_edit(visitor(), comment)):
        return _form_page(form, reason, comment.thread, edited=comment)
    stance = None if comment.parent_id else Stance(form.stance.data)
    try:
        form.refuse_personal_numbers()
        comment = services.edit(comment_id, text=form.text.data, stance=stance, by=visitor())
    except Refusal as refusal:
        return _form_page(form, refusal, comment.thread, edited=comment)
    return redirect(records.place(comment), 303)


def _edit_form(comment) -> type[ReplyForm]:
    return ReplyForm if comment.parent_id else CommentForm


@bp.route("/comments/<id:comment_id>/removal", methods=["GET", "POST"])
@login_required
@by_address
def remove(comment_id: int):
    comment = records.comment(comment_id, visitor())
    if request.method == "GET":
        require(visitor(), may_remove, comment)
        return ask_first(_("댓글 지우기"), _("이 댓글을 지울까요?"),
                         _("글은 되살릴 수 없어요. 받은 답글은 남고, 이 자리에는 지웠다는 표시만 보여요."),
                         act=f"/comments/{comment.id}/removal", label=_("삭제하기"), back=records.place(comment),
                         close=_("닫기"), danger=True)
    services.remove(comment_id, by=visitor())
    flash(_("댓글을 지웠어요."))
    return redirect(records.place(comment), 303)


@bp.post("/comments/<id:comment_id>/supports")
@login_required
@by_address
def support(comment_id: int):
    return _supported(services.support(comment_id, by=visitor()), True)


@bp.post("/comments/<id:comment_id>/supports/end")
@login_required
@by_address
def end_support(comment_id: int):
    return _supported(services.end_support(comment_id, by=visitor()), False)


def _supported(comment, supported: bool):
    if not wants_json():
        return redirect(records.place(comment), 303)
    action = f"/comments/{comment.id}/supports"
    return jsonify(supported=supported, count=comment.support_count, action=action + "/end" if supported else action,
                   word=_("공감했어요") if supported else _("공감하기"))


def _why_not_sent(form, reason: str | None) -> Refusal | None:
    """Reason against the sender or the form, before any work is begun."""
    if reason:
        return Denied(reason)
    return None if form.validate() else Refusal("")


def _form_page(form, refusal: Refusal | None, thread, *, answered=None, edited=None):
    """The form on a page of its own, with what was typed; 200 before anything was refused."""
    if refusal is not None and str(refusal):  # the form's own sentences stand at its fields already
        form.refuse(refusal)
    if not form.form_key.data or form.form_key.errors:
        form.form_key.data, form.form_key.errors = token_hex(16), []
    if edited:
        action, title = f"/comments/{edited.id}/edit", _("댓글 고치기")
    elif answered:
        action, title = f"/comments/{answered.id}/replies", _("답글 쓰기")
    else:
        action, title = f"/threads/{thread.id}/comments", _("댓글 쓰기")
    back = records.place(edited or answered) if edited or answered else (
        kinds.url(thread.kind, thread.owner_id) + "#comments")
    page = render_template("comments/form.html", form=form, action=action, title=title, answered=answered,
                           edited=edited, back=back)
    return page, refusal.status if refusal is not None else 200

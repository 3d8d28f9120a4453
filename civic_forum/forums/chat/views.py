"""Chat for those online: the last messages, older ones, one with what the host does about it."""

from flask import render_template, request, url_for

from civic_forum.platform.web import visitor

from .. import pages
from ..forms import TextForm, WhyForm
from ..fragments import Patch, draws
from ..models import Forum
from ..pages import NOTHING, Refused, around, bp, by_speaker
from ..rules import ForumEventKind
from . import mutes, queries, rules, services
from .forms import ChatForm, MuteForm
from .models import ChatMessage

LIST = "chat-list"


@bp.get("/<slug>/chat")
def list_chat(slug: str):
    return chat_page(pages.forum_at(slug))


@bp.get("/<slug>/chat/<id:message_id>")
def message(slug: str, message_id: int):
    return chat_page(pages.forum_at(slug), message_id)


@pages.shows("/chat")
def chat_page(forum: Forum, message_id: int | None = None, refused: Refused = NOTHING):
    """All messages in pages, or one."""
    if message_id is not None:
        message = queries.message(forum.id, message_id)
        return render_template("forums/message.html", message=message, minutes=rules.MINUTES,
                               **around(forum, refused, f"/chat/{message_id}"))
    after = request.args.get("after")
    shown = queries.page(forum, after)
    return render_template(
        "forums/chat.html", chat=shown, is_first=not after, **around(forum, refused, "/chat"),
        after_url=shown.older and url_for(".list_chat", slug=forum.slug, after=shown.older))


@bp.post("/<slug>/chat")
@by_speaker
@pages.answering("chat", "#chat")
def say(forum: Forum):
    form = TextForm()
    services.say(forum.id, form.text.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/chat/order")
@pages.answering("chat-order", "#chat")
def set_chat(forum: Forum):
    form = ChatForm()
    services.set_chat(forum.id, form.is_open, form.slow_s, form.sent_as, by=visitor())


@bp.post("/<slug>/chat/<id:message_id>/hiding")
@pages.answering("hiding")
def hide_message(forum: Forum, message_id: int):
    services.hide(forum.id, message_id, WhyForm().why.data or "", by=visitor())


@bp.post("/<slug>/chat/<id:message_id>/hiding/end")
@pages.answering("hiding")
def show_message(forum: Forum, message_id: int):
    services.show(forum.id, message_id, by=visitor())


@bp.post("/<slug>/mutes")
@pages.answering("mute", "#mutes")
def mute(forum: Forum):
    form = MuteForm()
    mutes.mute(forum.id, form.user_id, form.reason.data or "", form.length(), form.sent_as, by=visitor())


@bp.post("/<slug>/mutes/<id:mute_id>/end")
@pages.answering("unmute", "#mutes")
def unmute(forum: Forum, mute_id: int):
    mutes.unmute(forum.id, mute_id, by=visitor())


@draws("chat")
def draw_chat(forum: Forum, events) -> list[Patch]:
    """New messages at the end, hidden ones where they stand; what was erased meanwhile is taken away."""
    new = {event.subject_id for event in events if event.kind is ForumEventKind.CHAT_SAID}
    ids = {event.subject_id for event in events if event.subject_id is not None}
    there = {message.id: message for message in queries.of_ids(forum.id, ids)} if ids else {}
    puts = [Patch(f"chat-{message_id}", drawn(forum, there[message_id]) if message_id in there else "",
                  into=LIST if message_id in new else None) for message_id in sorted(ids)]
    if any(event.kind is ForumEventKind.CHAT_SET for event in events):
        puts.append(Patch("chat-state", render_template("forums/pieces/chat_state.html", forum=forum)))
    return puts


def drawn(forum: Forum, message: ChatMessage) -> str:
    return render_template("forums/pieces/chat.html", forum=forum, message=message)

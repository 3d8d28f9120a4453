"""Signals, and the words that are watched for."""

from flask import redirect, render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_user, visitor

from .. import labels, services
from ..forms import WordForm
from ..pages import desk, for_moderators
from ..queries import things, waves


@desk.get("/signals")
@for_moderators
def list_signals():
    wanted = waves.UNSEEN.read(request.args)
    page = waves.unseen(wanted, request.args.get("after"))
    return render_template("moderation/desk/signals.html", page=page, labels=labels, wanted=wanted,
                           shown=things.shown([(signal.subject_kind, signal.subject_id) for signal in page.items]),
                           after_url=page.after and wanted.address(after=page.after))


@desk.post("/signals/<id:signal_id>/seen")
@for_moderators
@by_user
def see_signal(signal_id: int):
    services.signals.see_signal(signal_id, by=visitor())
    return redirect(url_for(".list_signals"), 303)


@desk.get("/signals/words")
@for_moderators
def watched_words():
    return _words_page(WordForm(formdata=None))


@desk.post("/signals/words")
@for_moderators
@by_user
def add_word():
    form = WordForm()
    return handle(
        form, lambda: services.signals.add_word(form.word.data or "", by=visitor()), lambda: _words_page(form),
        lambda made: saved(_("낱말을 목록에 넣었어요."), url_for(".watched_words")), through=Denied)


@desk.post("/signals/words/<id:word_id>/removal")
@for_moderators
@by_user
def remove_word(word_id: int):
    services.signals.remove_word(word_id, by=visitor())
    return saved(_("낱말을 목록에서 뺐어요."), url_for(".watched_words"))


def _words_page(form: WordForm) -> str:
    return render_template("moderation/desk/words.html", form=form, listed=waves.words())

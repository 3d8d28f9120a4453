"""Waves: many texts hidden at once."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for

from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import _, _n
from civic_forum.platform.web import by_user, visitor

from .. import labels, services
from ..forms import WaveForm
from ..pages import desk, for_moderators
from ..policy import may_take_back
from ..queries import actions, waves
from ..rules import MOST_AT_ONCE, Since


@desk.get("/waves")
@for_moderators
def wave():
    return _wave_page(WaveForm(formdata=None))


@desk.post("/waves")
@for_moderators
@by_user
def act_on_wave():
    form, chosen = WaveForm(), request.form.getlist("things")
    return handle(form, lambda: services.waves.act_on_wave(_things(chosen), form.decision(), by=visitor()),
                  lambda: _wave_page(form, chosen=chosen),
                  lambda made: redirect(url_for(".bulk", bulk_id=made.id), 303), checks=True, public=True)


@desk.get("/waves/<id:bulk_id>")
@for_moderators
def bulk(bulk_id: int):
    """Acts on a wave, with whom they hit, for who takes them back."""
    bulk, own = actions.bulk(bulk_id), actions.standing_of_bulk(bulk_id, of=visitor().id)
    return render_template("moderation/bulk.html", bulk=bulk, counted=actions.counts_of_bulk(bulk_id), labels=labels,
                           why_not=may_take_back(visitor(), own[0]) if own else None)


@desk.post("/waves/<id:bulk_id>/end")
@for_moderators
@by_user
def undo(bulk_id: int):
    ended = services.waves.undo(bulk_id, by=visitor())
    return saved(_n("조치 %(num)s건을 되돌렸어요.", "조치 %(num)s건을 되돌렸어요.", ended), url_for(".bulk", bulk_id=bulk_id))


def _wave_page(form: WaveForm, chosen: list[str] | None = None):
    by, text, user, since = _asked()
    texts = []
    if by == "text" and text:
        texts = waves.by_text(text)
    elif by == "account" and user:
        texts = waves.by_author(user)
    elif by == "chosen":
        texts = waves.of_things(_things(request.args.getlist("chosen")[:MOST_AT_ONCE]))
    elif by == "new":
        texts = waves.by_new_accounts(clock.now() - timedelta(hours=int(since)))
    return render_template(
        "moderation/wave.html", form=form, found=texts, by=by, text=text, user=user, since=since, labels=labels,
        since_links=[{"label": labels.SINCE[span], "url": url_for(".wave", by="new", since=span),
                      "current": span is since} for span in Since],
        chosen=chosen, latest=actions.latest_bulks(), most=MOST_AT_ONCE, query=request.query_string.decode(),
        ways=[{"label": _("같은 말이 든 글"), "url": url_for(".wave", by="text"), "current": by == "text"},
              {"label": _("새로 가입한 사람의 글"), "url": url_for(".wave", by="new"), "current": by == "new"},
              *([{"label": _("한 사람의 글"), "url": url_for(".wave", by="account", user=user), "current": True}]
                if by == "account" else []),
              *([{"label": _("고른 글"), "url": f"?{request.query_string.decode()}", "current": True}]
                if by == "chosen" else [])])


def _asked() -> tuple[str, str, int | None, Since]:
    by, since = request.args.get("by", "text"), request.args.get("since", Since.DAY)
    if by not in ("text", "account", "chosen", "new") or since not in list(Since):
        raise Invalid(_("그런 조건은 없어요. 처음부터 다시 골라 주세요."))
    user = plain_text.number(request.args.get("user"), digits=18)
    if by == "account" and not user:
        raise Invalid(_("그런 계정은 없어요. 처음부터 다시 골라 주세요."))
    return by, plain_text.clean(request.args.get("q", ""))[:100], user, Since(since)


def _things(chosen: list[str]) -> set[tuple[str, int]]:
    """Things that the ticked boxes name. Raises Invalid for a box that is not on the page."""
    refs = [ref for box in chosen if (ref := Ref.read(box)) is not None and ref.kind in waves.TEXTS]
    if len(refs) < len(chosen):
        raise Invalid(_("고를 수 없는 글이 들어 있어요. 처음부터 다시 골라 주세요."))
    return {(ref.kind, ref.id) for ref in refs}

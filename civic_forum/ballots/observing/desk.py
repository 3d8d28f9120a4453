"""Observers before the opening and after the count: a key of one's own, asking, being named, handing in a signature."""

import json

from flask import Response, current_app, redirect, render_template, url_for

from civic_forum.blocks.pages import handle
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_user, shown_to, visitor

from .. import voted
from .. import queries as boxes
from ..desk import views as desk
from ..desk.views import bp, told
from ..forms import AskForm, NamingForm, SignatureForm
from ..models import BallotBox
from ..officials import queries as answered
from ..officials.views import routes
from ..policy import may_observe, may_officiate
from ..rules import signing
from . import queries, sample, services, views
from .rules import Observer

asking_get, asking_post = routes(desk.shown_to(may_observe, unopened=True), "/votes/<box>/observers")
naming_get, naming_post = routes(desk.shown_to(may_officiate, unopened=True), "/desk/votes/<box>/observers")


@bp.get("/votes/observers/key", endpoint="observer_key")
@shown_to(may_observe)
def key():
    """A new key, made in the browser; votes that one can ask to observe with it."""
    return render_template("ballots/observer_key.html", votes=[(box, boxes.title(box)) for box in boxes.unopened()],
                           invented=_invented())


@bp.get("/votes/observers/keys/<int:key_number>.json", endpoint="invented_key")
@shown_to(may_observe)
def invented_key(key_number: int):
    """The key of an invented observer, as `verify.py keygen` writes one: everybody knows it, so it proves nothing."""
    if key_number not in range(1, len(_invented()) + 1):
        raise NotFound(_("그런 열쇠는 없어요."))
    seed = sample.SEEDS[key_number - 1]
    key = {"algorithm": "Ed25519", "format": 2, "public_key": signing.public_key(seed).hex(), "seed": seed.hex()}
    return Response(json.dumps(key) + "\n", mimetype="application/json",
                    headers={"Content-Disposition": f'attachment; filename="observer-{key_number}.key"'})


def _invented() -> tuple[Observer, ...]:
    return sample.OBSERVERS if current_app.config["SAMPLE"] else ()


@asking_get("", "observers")
def _asking(box: BallotBox, form: AskForm | None = None):
    if box.opened_at is not None:
        return redirect(url_for(".observation", box=box.id.hex()), 303)
    asked = queries.ask_of(box.id, visitor().id)
    form = form or AskForm(formdata=None, data={"name": asked.name, "key": asked.public_key.hex()} if asked else {})
    return render_template("ballots/observer_ask.html", box=box, hex=box.id.hex(), title=boxes.title(box),
                           way=voted.of(box).breadcrumbs, form=form, asked=asked,
                           is_named=asked and Observer(asked.name, asked.public_key) in queries.observers(box))


@asking_post("", "ask_to_observe")
@by_user
def ask(box: BallotBox):
    form = AskForm()

    def asked():
        services.ask(box.id, form.name.data or "", form.key.data or "", by=visitor())
        return told(box, "observers", _("참관을 신청했어요. 담당관이 정하면 이 화면에 나와요."))

    return handle(form, asked, lambda: _asking(box, form), checks=True)


@naming_get("", "named_observers")
def _naming(box: BallotBox, form: NamingForm | None = None):
    """Before the opening everybody who asked, to be named; after it what each of them said."""
    named, asks = queries.observers(box), queries.asks(box.id)
    if form is None:
        form = NamingForm(formdata=None, data={"chosen": [_value(observer) for observer in named],
                                               "signatures": queries.needed(box)})
    form.chosen.choices = [(value, observer.name) for value, observer in _candidates(box).items()]
    who = {_value(Observer(ask.name, ask.public_key)): ask.user.name for ask in asks}
    return render_template(
        "ballots/observers_naming.html", form=form, who=who, watched=answered.told(box) if box.recorded_at else None,
        observers=named, needed=queries.needed(box), url=url_for(".officials", box=box.id.hex()),
        tabs=desk.tabs(box, "") if box.opened_at else [], **desk.beside(box, "named_observers"), box=box,
        hex=box.id.hex(), title=boxes.title(box))


@naming_post("", "name_observers")
def name(box: BallotBox):
    form = NamingForm()
    candidates = _candidates(box)
    form.chosen.choices = [(value, observer.name) for value, observer in candidates.items()]

    def named():
        chosen = [candidates[value] for value in form.chosen.data]
        if form.name.data or form.key.data:
            chosen.append(Observer(form.name.data or "", services.key_in(form.key.data or "")))
        services.name_observers(box.id, chosen, form.signatures.number or 0, by=visitor())
        return told(box, "officials", _("참관인을 정했어요. 투표 열기를 앞서 제안했다면 다시 제안해 주세요."))

    return handle(form, named, lambda: _naming(box, form), checks=True)


def _candidates(box: BallotBox) -> dict[str, Observer]:
    """Observers that are named, then those who asked: by name and key, so that nobody names another key than they saw.
    """
    asked = (Observer(ask.name, ask.public_key) for ask in queries.asks(box.id))
    return {_value(observer): observer for observer in (*queries.observers(box), *asked)}


def _value(observer: Observer) -> str:
    return f"{observer.key.hex()} {observer.name}"


@views.observers_post("/signatures", "hand_in")
@by_user
def hand_in(box: BallotBox):
    form = SignatureForm()

    def taken():
        file = form.file.data
        new = services.take(box.id, file.read(services.MOST_BYTES + 1) if file else b"", by=visitor())
        return told(box, "observation", _("서명을 받았어요. 결과와 함께 그대로 공개해요.") if new
                    else _("이미 받은 서명이에요. 한 번만 세요."), _anchor="signed")

    return handle(form, taken, lambda: views.page(box, signature=form), checks=True)

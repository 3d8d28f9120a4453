"""Pages of residency at the desk: verifying, letters, slips."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import current_app, flash, redirect, render_template, request, session, url_for

from civic_forum.accounts.forms import chosen, offer
from civic_forum.accounts.models import User
from civic_forum.accounts.operations import SamePerson, ToldApart
from civic_forum.accounts.policy import may_look_up, may_print_letters, may_verify
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import AffiliationKind, Evidence, LIFETIME, Purpose
from civic_forum.accounts.services import residency
from civic_forum.accounts.services import letters as service
from civic_forum.blocks.pages import attempt, handle
from civic_forum.district import queries as district
from civic_forum.platform import clock, keys, plain_text
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, visitor

from ..forms import ResidentForm, proposed_names
from ..pages import bp, shown_to


@bp.get("/residents/new")
@shown_to(may_verify)
def new_resident():
    form = _form(data=proposed_names())
    if len(form.neighbourhood.choices) == 2:
        form.neighbourhood.data = form.neighbourhood.choices[1].value
    return render_template("desk/new_resident.html", form=form)


@bp.post("/residents")
@shown_to(may_verify)
@by_address
def verify_resident():
    form = _form()

    def decide():
        try:
            return _decided(form)
        except SamePerson:
            return _ask_who(form)

    return handle(form, decide, lambda: render_template("desk/new_resident.html", form=form), checks=True)


def _form(**given) -> ResidentForm:
    form = ResidentForm(**given)
    own = visitor().neighbourhood_ids()
    offer(form.neighbourhood, [place for place in district.neighbourhoods() if place.id in own])
    return form


def _decided(form: ResidentForm):
    """Carry out what the clerk entered: verify, open an account, or lead to the account that there is."""
    evidence = Evidence(form.evidence.data)
    if (same := plain_text.number(form.decision.data)) and people.account_of(same):
        record = residency.recognise(same, form.identity, evidence=evidence, by=visitor())
        flash(_("이미 확인된 계정이 있는 분이에요. 이 계정으로 로그인하도록 안내해 주세요."))
        return redirect(url_for(".person", user_id=record.user_id, access=record.id))
    seen = {"affiliations": _affiliations(form), "evidence": evidence, "told_apart": _told_apart(form),
            "by": visitor()}
    if form.account.data == "has":
        user = residency.account_at_desk(form.desk_number.data, form.identity, by=visitor())
        residency.verify(user, form.identity, **seen)
        flash(_("%(name)s 님을 주민으로 확인했어요.", name=user.nickname), "success")
        return redirect(url_for(".new_resident"))
    user, code = residency.open_account(form.new_name.data, form.nickname.data, form.identity, **seen)
    return hand_over(user, code)


def _affiliations(form: ResidentForm) -> dict[AffiliationKind, int]:
    place = chosen(form.neighbourhood)
    if place is None:
        raise Refusal(_("동을 골라 주세요."), field="neighbourhood")
    return {AffiliationKind(kind): place for kind in form.kinds.data}


def _told_apart(form: ResidentForm) -> ToldApart | None:
    if not form.decision.data:
        return None
    return ToldApart(plain_text.number(form.among.data) or 0, plain_text.number(form.decision.data))


def _ask_who(form: ResidentForm):
    """The page on which a clerk decides whether it is the same person."""
    known = residency.compare(form.identity, by=visitor())
    form.among.data = str(len(known))
    form.decision.data = ""
    return render_template("desk/told_apart.html", form=form, known=known), 409


@bp.get("/letters")
@shown_to(may_print_letters)
def letters():
    return _list()


@bp.post("/letters/prints")
@shown_to(may_print_letters)
def print_letters():
    chosen = [number for value in request.form.getlist("letter") if (number := plain_text.number(value)) is not None]
    if not chosen:
        return _list(_("인쇄할 우편을 골라 주세요."), 422)
    return attempt(lambda: service.print_batch(chosen, by=visitor()), lambda refusal: _list(str(refusal)),
                   lambda papers: render_template("desk/print_letters.html", papers=papers,
                                                  address=current_app.config["URL"],
                                                  days=current_app.config["RETAIN_LETTERS_DAYS"]))


def _list(trouble: str | None = None, status: int = 200):
    places = visitor().neighbourhood_ids()
    return render_template("desk/letters.html", trouble=trouble, names={place.id: place.name for place in _own(places)},
                           waiting=people.letters_to_print(places, service.BATCH),
                           on_their_way=people.letters_printed(places, service.BATCH)), status


def _own(places):
    return [place for place in district.neighbourhoods() if place.id in places]


SEALED = "desk.slip"


def hand_over(user: User, code: str):
    """Lead to the page with the slip."""
    session["slip"] = [user.id, urlsafe_b64encode(keys.seal(SEALED, code)).decode(), clock.now().timestamp()]
    return redirect(url_for("desk.slip", user_id=user.id))


@bp.get("/slips/<id:user_id>")
@shown_to(may_look_up)
def slip(user_id: int):
    waiting = session.pop("slip", None)
    user = people.by_id(user_id)
    if not waiting or waiting[0] != user_id or user is None:
        raise NotFound(_("쪽지는 한 번만 볼 수 있어요. 잃어버렸다면 회원 찾기에서 새 코드를 만들어 주세요."))
    code = keys.unseal(SEALED, urlsafe_b64decode(waiting[1]))
    until = clock.now() + LIFETIME[Purpose.DESK_RESET]
    return render_template("desk/slip.html", user=user, code=code, until=until, starting=user.password_hash is None,
                           address=current_app.config["URL"])

"""Residency at the desk: verifying, letters, slips."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import current_app, flash, redirect, render_template, request, session, url_for
from wtforms import SelectField

from civic_forum.accounts.forms import chosen, offer
from civic_forum.accounts.models import User
from civic_forum.accounts.operations import SamePerson, ToldApart
from civic_forum.accounts.policy import may_look_up, may_print_letters, may_see_account, may_verify
from civic_forum.accounts.queries import people as accounts
from civic_forum.accounts.rules import AffiliationKind, Evidence, LIFETIME, Purpose
from civic_forum.accounts.services import letters as letter_services
from civic_forum.accounts.services import residency, staff_acts
from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.district import queries as district
from civic_forum.platform import clock, keys, plain_text
from civic_forum.platform.errors import NotFound, Refusal, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import by_address, visitor

from ..forms import ResidentForm, SecondClerkForm, SupportForm, proposed_names
from ..pages import bp, shown_to
from ..services import windows

SEALED = "desk.slip"


@bp.get("/residents/new")
@shown_to(may_verify)
def new_resident():
    form = _resident_form(data=proposed_names())
    return render_template("desk/new_resident.html", form=form)


@bp.post("/residents")
@shown_to(may_verify)
@by_address
def verify_resident():
    form = _resident_form()

    def decide():
        try:
            return _decided(form)
        except SamePerson:
            return _ask_who(form)

    return handle(form, decide, lambda: render_template("desk/new_resident.html", form=form), checks=True)


def _resident_form(**options) -> ResidentForm:
    form = ResidentForm(**options)
    _offer_own(form.neighbourhood)
    return form


def _offer_own(field: SelectField) -> None:
    """The neighbourhoods of the clerk; one alone is chosen already."""
    own = visitor().neighbourhood_ids()
    offer(field, [place for place in district.neighbourhoods() if place.id in own])
    if len(field.choices) == 2 and request.method != "POST":
        field.data = field.choices[1].value


def _decided(form: ResidentForm):
    """Carry out what the clerk entered: verify, open an account, or lead to the account that there is."""
    evidence = Evidence(form.evidence.data)
    if (same := plain_text.number(form.decision.data)) and accounts.account_of(same):
        record = residency.recognise(same, form.identity, evidence=evidence, by=visitor())
        flash(_("이미 확인된 계정이 있는 분이에요. 이 계정으로 로그인하도록 안내해 주세요."))
        return redirect(url_for(".person", user_id=record.user_id, access=record.id))
    seen = {"affiliations": _affiliations(form), "evidence": evidence, "told_apart": _told_apart(form), "by": visitor()}
    if form.account.data == "has":
        user = residency.account_at_desk(form.desk_number.data, form.identity, by=visitor())
        residency.verify(user, form.identity, **seen)
        flash(_("%(name)s 님을 주민으로 확인했어요. 첫 투표 전에는 다른 담당자도 ‘두 번째로 확인하기’에서 신분증을 봐야 해요.", name=user.nickname), "success")
        return redirect(url_for(".new_resident"))
    user, code = residency.open_account(form.new_name.data, form.nickname.data, form.identity, **seen)
    return hand_over(user, code)


def _affiliations(form: ResidentForm) -> dict[AffiliationKind, int]:
    place = existing(chosen(form.neighbourhood), lambda: Refusal(_("동을 골라 주세요."), field="neighbourhood"))
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


@bp.route("/second-clerk", methods=["GET", "POST"])
@shown_to(may_see_account)
def second_clerk():
    form = SecondClerkForm()
    if request.method != "POST":
        return render_template("desk/second_clerk.html", form=form)
    return handle(form, lambda: staff_acts.confirm_seen(
        form.identity, sign_in_name=form.sign_in_name.data or "", evidence=Evidence(form.evidence.data), by=visitor()),
        lambda: render_template("desk/second_clerk.html", form=form),
        lambda act: render_template("desk/second_clerk.html", number=act.id), checks=True)


@bp.route("/supports", methods=["GET", "POST"])
@shown_to(may_verify)
@by_address
def supports():
    """공감 that somebody says at the window."""
    form = SupportForm(**{} if request.method == "POST" else {"proposal": request.args.get("proposal")})
    _offer_own(form.neighbourhood)

    def act() -> int:
        seen = windows.Seen(form.identity, chosen(form.neighbourhood) or 0, Evidence(form.evidence.data),
                            form.sign_in_name.data or "")
        return windows.support(form.proposal.value or "", seen, back="back" in request.form, by=visitor())

    def page():
        return render_template("desk/support.html", form=form)

    return page() if request.method != "POST" else handle(form, act, page, lambda number: saved(
        _("공감을 거뒀어요. 확인 대장에 %(number)s번을 적고 본인의 서명을 받아 주세요.", number=number)
        if "back" in request.form else
        _("공감을 적었어요. 확인 대장에 %(number)s번을 적고 본인의 서명을 받아 주세요. 전에 공감하셨어도 한 번만 세요.", number=number),
        url_for(".supports", proposal=form.proposal.value)), checks=True)


@bp.get("/letters")
@shown_to(may_print_letters)
def letters():
    return _list()


@bp.post("/letters/prints")
@shown_to(may_print_letters)
def print_letters():
    if not (ticked := _ticked()):
        return _list(_("인쇄할 우편을 골라 주세요."), 422)
    return attempt(lambda: letter_services.print_batch(ticked, by=visitor()), lambda refusal: _list(str(refusal)),
                   lambda papers: render_template("desk/print_letters.html", papers=papers,
                                                  address=current_app.config["URL"],
                                                  days=current_app.config["RETAIN_LETTERS_DAYS"]))


@bp.post("/letters/postings")
@shown_to(may_see_account)
def post_letters():
    return attempt(lambda: letter_services.post_batch(_ticked(), by=visitor()), lambda refusal: _list(str(refusal)),
                   lambda count: saved(_("우편 %(count)s통을 부친 것으로 적었어요.", count=count), url_for(".letters"), 302))


def _ticked() -> list[int]:
    return [number for value in request.form.getlist("letter") if (number := plain_text.number(value)) is not None]


def _list(trouble: str | None = None, status: int = 200):
    clerk, most = visitor(), letter_services.BATCH
    return render_template("desk/letters.html", trouble=trouble, own=clerk.neighbourhood_ids(),
                           names=district.neighbourhood_names(),
                           waiting=accounts.letters(accounts.to_print(clerk, local(clock.now()).date()), most),
                           to_post=accounts.letters(accounts.to_post(clerk), most),
                           on_their_way=accounts.letters(accounts.on_their_way(clerk), most)), status


def hand_over(user: User, code: str):
    """Lead to the page with the slip."""
    session["slip"] = [user.id, urlsafe_b64encode(keys.seal(SEALED, code)).decode(), clock.now().timestamp()]
    return redirect(url_for("desk.slip", user_id=user.id))


@bp.get("/slips/<id:user_id>")
@shown_to(may_look_up)
def slip(user_id: int):
    waiting = session.pop("slip", None)
    user = accounts.by_id(user_id)
    if not waiting or waiting[0] != user_id or user is None:
        raise NotFound(_("쪽지는 한 번만 볼 수 있어요. 잃어버렸다면 회원 찾기에서 새 코드를 만들어 주세요."))
    code = keys.unseal(SEALED, urlsafe_b64decode(waiting[1]))
    until = clock.now() + LIFETIME[Purpose.DESK_RESET]
    return render_template("desk/slip.html", user=user, code=code, until=until, starting=user.password_hash is None,
                           address=current_app.config["URL"])

"""Verifying a resident at the desk, on one page, and telling namesakes apart."""

from flask import flash, redirect, render_template, url_for

from civic_forum.accounts.forms.residency import chosen, offer
from civic_forum.accounts.models import User
from civic_forum.accounts.policy.staff import may_verify
from civic_forum.accounts.queries import people
from civic_forum.accounts.queries.users import by_name
from civic_forum.accounts.rules import AffiliationKind, Evidence
from civic_forum.accounts.services import namesakes, residency
from civic_forum.accounts.steps.residency import SamePerson, ToldApart
from civic_forum.district import queries as district
from civic_forum.kernel.errors import NotFound, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import visitor

from ..forms import ResidentForm, proposed_names
from . import slips
from .gate import bp, shown_to


@bp.get("/residents/new")
@shown_to(may_verify)
def new_resident():
    form = _form(data=proposed_names())
    if len(form.neighbourhood.choices) == 2:
        form.neighbourhood.data = form.neighbourhood.choices[1].value
    return render_template("desk/new_resident.html", form=form)


@bp.post("/residents")
@shown_to(may_verify)
def verify_resident():
    form = _form()
    if not form.validate():
        return render_template("desk/new_resident.html", form=form), 422
    try:
        return _decided(form)
    except SamePerson:
        return _ask_who(form)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("desk/new_resident.html", form=form), refusal.status


def _form(**given) -> ResidentForm:
    form = ResidentForm(**given)
    own = visitor().neighbourhood_ids()
    offer(form.neighbourhood, [place for place in district.neighbourhoods() if place.id in own])
    return form


def _decided(form: ResidentForm):
    """Carry out what the clerk entered: verify, open an account, or lead to the account that there is."""
    evidence = Evidence(form.evidence.data)
    if (same := _person_id(form.decision.data)) and people.account_of(same):
        record = residency.recognise(same, form.identity, evidence=evidence, by=visitor())
        flash(_("이미 확인된 계정이 있는 분이에요. 이 계정으로 로그인하도록 안내해 주세요."))
        return redirect(url_for(".person", user_id=record.user_id, access=record.id))
    seen = {"affiliations": _affiliations(form), "evidence": evidence, "told_apart": _told_apart(form),
            "by": visitor()}
    if form.account.data == "has":
        user = _account(form.sign_in_name.data)
        residency.verify(user, form.identity, **seen)
        flash(_("%(name)s 님을 주민으로 확인했어요.", name=user.nickname), "success")
        return redirect(url_for(".new_resident"))
    user, code = residency.open_account(form.new_name.data, form.nickname.data, form.identity, **seen)
    return slips.hand_over(user, code)


def _account(name: str) -> User:
    user = by_name(name)
    if user is None or user.left_at is not None:
        raise NotFound(_("그런 로그인 이름이 없어요. 내 정보 화면에 적힌 이름을 그대로 적어 주세요."), field="sign_in_name")
    return user


def _affiliations(form: ResidentForm) -> dict[AffiliationKind, int]:
    place = chosen(form.neighbourhood)
    if place is None:
        raise Refusal(_("동을 골라 주세요."), field="neighbourhood")
    return {AffiliationKind(kind): place for kind in form.kinds.data}


def _told_apart(form: ResidentForm) -> ToldApart | None:
    if not form.decision.data:
        return None
    among = int(form.among.data) if (form.among.data or "").isascii() and form.among.data.isdecimal() else 0
    return ToldApart(among, _person_id(form.decision.data))


def _person_id(decision: str | None) -> int | None:
    return int(decision) if decision and decision.isascii() and decision.isdecimal() and len(decision) < 18 else None


def _ask_who(form: ResidentForm):
    """The page on which a clerk decides whether it is the same person."""
    known = namesakes.compare(form.identity, by=visitor())
    form.among.data = str(len(known))
    form.decision.data = ""
    return render_template("desk/told_apart.html", form=form, known=known), 409

"""Verifying a resident at the desk, on one page, and telling namesakes apart."""

from flask import flash, redirect, render_template, url_for

from civic_forum.accounts.forms.residency import chosen, offer
from civic_forum.accounts.policy.staff import may_verify
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import AffiliationKind, Evidence
from civic_forum.accounts.services import namesakes, residency
from civic_forum.accounts.steps.residency import SamePerson, ToldApart
from civic_forum.blocks.pages import handle
from civic_forum.district import queries as district
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, visitor

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
    return slips.hand_over(user, code)


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
    known = namesakes.compare(form.identity, by=visitor())
    form.among.data = str(len(known))
    form.decision.data = ""
    return render_template("desk/told_apart.html", form=form, known=known), 409

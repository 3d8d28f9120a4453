"""Being a resident: what is known about it, a letter, and work or study here."""

from flask import render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.district import queries as district
from civic_forum.platform import clock
from civic_forum.platform.addresses import local_path
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.web import by_address, never_cached, sign_in_for, visitor

from .. import desk_numbers
from ..forms import CodeForm, DeclarationForm, LetterForm, chosen, offer
from ..pages import bp
from ..queries import people
from ..rules import AffiliationKind, Verification
from ..services import letters, residency
from ..labels import LETTER_OUTCOME


@bp.get("/me/residency")
@never_cached
@sign_in_for(_l("주민 확인을 하려면 로그인해 주세요."))
@login_required
def own_residency():
    return _page()


def _then() -> str | None:
    """The page where somebody came from, to which the way through verification leads back."""
    return local_path(request.args.get("next"), "") or None


def _back(to: str = ".own_residency") -> str:
    return url_for(to, next=_then())


@bp.get("/me/residency/letters/new")
@never_cached
@login_required
def new_letter():
    return render_template("accounts/letter.html", form=_letter_form(), then=_then())


@bp.post("/me/residency/letters")
@never_cached
@login_required
@by_address
def request_letter():
    form = _letter_form()
    return handle(form, lambda: letters.request(form.identity, form.address.data, chosen(form.neighbourhood) or 0,
                                                by=visitor()),
                  lambda: render_template("accounts/letter.html", form=form, then=_then()),
                  lambda made: saved(_("우편을 신청했어요. 동 주민센터에서 인쇄해 보내 드려요."), _back(), 302), checks=True)


@bp.post("/me/residency/letters/cancellations")
@never_cached
@login_required
def cancel_letter():
    letters.cancel(by=visitor())
    return saved(_("우편 신청을 거뒀어요."), _back(), 302)


@bp.get("/me/residency/code")
@never_cached
@login_required
def letter_code():
    return render_template("accounts/letter_code.html", form=CodeForm(), then=_then())


@bp.post("/me/residency/code")
@never_cached
@login_required
@by_address
def confirm_letter():
    form = CodeForm()
    return handle(form, lambda: letters.confirm(form.code.data, by=visitor()),
                  lambda: render_template("accounts/letter_code.html", form=form, then=_then()),
                  lambda made: saved(_("확인을 마쳤어요. 이제 주민으로 참여할 수 있어요."), _then() or url_for(".own_residency"), 302),
                  checks=True)


@bp.post("/me/residency/declarations")
@never_cached
@login_required
def declare_affiliation():
    form = _declaration_form()
    if not form.validate():
        return _page(form), 422

    def again(refusal: Refusal):
        if refusal.field == "neighbourhood":
            refusal.field = "place"
        form.refuse(refusal)
        return _page(form)

    return attempt(lambda: residency.declare(AffiliationKind(form.kind.data), chosen(form.place) or 0, by=visitor()),
                   again, lambda _declared: saved(_("적었어요. 동 주민센터에서 확인받으면 주민으로 세요."), _back(), 302))


@bp.post("/me/residency/declarations/<any(work, study):kind>/withdrawals")
@never_cached
@login_required
def withdraw_affiliation(kind):
    residency.withdraw(AffiliationKind(kind), by=visitor())
    return saved(_("지웠어요."), _back(), 302)


def _letter_form() -> LetterForm:
    form = LetterForm()
    offer(form.neighbourhood, district.neighbourhoods())
    return form


def _declaration_form() -> DeclarationForm:
    form = DeclarationForm()
    offer(form.place, district.neighbourhoods())
    return form


def _page(form: DeclarationForm | None = None):
    affiliations, letter = people.affiliations(visitor().id), people.last_letter(visitor().id)
    living = any(affiliation.kind is AffiliationKind.LIVE and affiliation.how is not Verification.DECLARED
                 for affiliation in affiliations)
    return render_template("accounts/residency.html", affiliations=affiliations, letter=letter, living=living,
                           outcome=letter and LETTER_OUTCOME.get(letter.outcome or ""),
                           form=form or _declaration_form(), declared=residency.DECLARED,
                           then=_then(), desk_number=desk_numbers.shown(visitor().id, clock.now()))

"""Looking a person up: reason first, then little."""

from flask import redirect, render_template, request, url_for

from civic_forum.accounts.forms.residency import EvidenceForm
from civic_forum.accounts.models import User
from civic_forum.accounts.policy.own import may_issue_desk_code
from civic_forum.accounts.policy.staff import Visit, may_look_up
from civic_forum.accounts.queries import people as query
from civic_forum.accounts.rules import Evidence
from civic_forum.accounts.services import access, desk_codes
from civic_forum.blocks.pages import handle
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import visitor

from ..forms import LookUpForm, ReasonForm
from . import slips
from .gate import bp, shown_to


@bp.get("/people")
@shown_to(may_look_up)
def people():
    return render_template("desk/people.html", form=LookUpForm())


@bp.post("/people")
@shown_to(may_look_up)
def look_up():
    form = LookUpForm()

    def done(answer):
        found, record = answer
        if len(found) == 1:
            return redirect(url_for(".person", user_id=found[0].id, access=record.id))
        return render_template("desk/people.html", form=form, found=found)

    return handle(form, lambda: access.look_up(form.person.data, form.reason.data, by=visitor()),
                  lambda: render_template("desk/people.html", form=form), done, checks=True)


@bp.post("/people/<id:user_id>/openings")
@shown_to(may_look_up)
def open_person(user_id: int):
    form = ReasonForm()
    if not form.validate():
        return render_template("desk/people.html", form=LookUpForm()), 422
    record = access.open_person(_user(user_id), form.reason.data, by=visitor())
    return redirect(url_for(".person", user_id=user_id, access=record.id))


@bp.get("/people/<id:user_id>")
@shown_to(may_look_up)
def person(user_id: int):
    user = _opened(user_id)
    return _page(user)


@bp.post("/people/<id:user_id>/names")
@shown_to(may_look_up)
def person_name(user_id: int):
    user, form = _opened(user_id), ReasonForm()
    if not form.validate():
        return _page(user, form=form), 422
    return _page(user, name=access.see_name(user, form.reason.data, by=visitor()))


@bp.get("/people/<id:user_id>/codes/new")
@shown_to(may_issue_desk_code)
def new_code(user_id: int):
    user = _opened(user_id)
    require(visitor(), may_issue_desk_code, user)
    return render_template("desk/new_code.html", user=user, form=EvidenceForm(), access=_access())


@bp.post("/people/<id:user_id>/codes")
@shown_to(may_issue_desk_code)
def issue_code(user_id: int):
    user, form = _opened(user_id), EvidenceForm()
    return handle(form, lambda: slips.hand_over(user, desk_codes.issue(
        user, form.identity, evidence=Evidence(form.evidence.data), by=visitor())),
                  lambda: render_template("desk/new_code.html", user=user, form=form, access=_access()), checks=True)


def _user(user_id: int) -> User:
    user = query.by_id(user_id)
    if user is None or user.left_at is not None:
        raise NotFound(_("그런 회원이 없어요."))
    return user


def _access() -> int:
    return plain_text.number(request.args.get("access")) or 0


def _opened(user_id: int) -> User:
    """The user, if the clerk has just written down why."""
    user = _user(user_id)
    access.check_open(query.access_record(_access()), user, by=visitor(), at=clock.now())
    return user


def _page(user: User, *, name: str | None = None, form: ReasonForm | None = None):
    may_code = (may_issue_desk_code(visitor(), user)
                or may_look_up(visitor(), Visit(user, query.belongs_to(user))))
    return render_template("desk/person.html", user=user, name=name, form=form or ReasonForm(), access=_access(),
                           affiliations=query.affiliations(user.id), checks=query.desk_checks(user.id),
                           why_no_code=may_code)

"""People and roles at the desk."""

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for

from civic_forum.accounts.forms import EvidenceForm, chosen, offer
from civic_forum.accounts.labels import ROLE
from civic_forum.accounts.models import User
from civic_forum.accounts.policy import Visit, may_grant_role, may_issue_desk_code, may_look_up
from civic_forum.accounts.queries import grants
from civic_forum.accounts.queries import people as accounts
from civic_forum.accounts.queries.absences import coming
from civic_forum.accounts.queries.users import by_name
from civic_forum.accounts.rules import Evidence, Role
from civic_forum.accounts.services import codes as desk_codes
from civic_forum.accounts.services import people as account_services
from civic_forum.blocks.pages import ask_first, handle, saved
from civic_forum.district import queries as district
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import visitor

from ..forms import LookUpForm, ReasonForm, RoleForm
from ..pages import bp, shown_to
from .leaving import held
from .residents import hand_over


DAYS = 14
"""Of absences that are shown as bars."""


@bp.get("/people")
@shown_to(may_look_up)
def people():
    return render_template("desk/people.html", form=LookUpForm())


@bp.post("/people")
@shown_to(may_look_up)
def look_up():
    form = LookUpForm()

    def done(answer):
        people, record = answer
        if len(people) == 1:
            return redirect(url_for(".person", user_id=people[0].id, access=record.id))
        return render_template("desk/people.html", form=form, found=people)

    return handle(form, lambda: account_services.look_up(form.person.data, form.reason.data, by=visitor()),
                  lambda: render_template("desk/people.html", form=form), done, checks=True)


@bp.post("/people/<id:user_id>/openings")
@shown_to(may_look_up)
def open_person(user_id: int):
    form = ReasonForm()
    if not form.validate():
        return render_template("desk/people.html", form=LookUpForm()), 422
    record = account_services.open_person(_user(user_id), form.reason.data, by=visitor())
    return redirect(url_for(".person", user_id=user_id, access=record.id))


@bp.get("/people/<id:user_id>")
@shown_to(may_look_up)
def person(user_id: int):
    return _page(_opened(user_id))


@bp.post("/people/<id:user_id>/names")
@shown_to(may_look_up)
def person_name(user_id: int):
    user, form = _opened(user_id), ReasonForm()
    if not form.validate():
        return _page(user, form=form), 422
    return _page(user, name=account_services.see_name(user, form.reason.data, by=visitor()))


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
    return handle(form, lambda: hand_over(user, desk_codes.issue(
        user, form.identity, evidence=Evidence(form.evidence.data), by=visitor())),
                  lambda: render_template("desk/new_code.html", user=user, form=form, access=_access()), checks=True)


def _user(user_id: int) -> User:
    user = accounts.by_id(user_id)
    if user is None or user.left_at is not None:
        raise NotFound(_("그런 회원이 없어요."))
    return user


def _access() -> int:
    return plain_text.number(request.args.get("access")) or 0


def _opened(user_id: int) -> User:
    """The user, if the clerk has just written down why."""
    user = _user(user_id)
    account_services.check_open(accounts.access_record(_access()), user, by=visitor(), at=clock.now())
    return user


def _page(user: User, *, name: str | None = None, form: ReasonForm | None = None):
    may_code = (may_issue_desk_code(visitor(), user) or may_look_up(visitor(), Visit(user, accounts.belongs_to(user))))
    return render_template("desk/person.html", user=user, name=name, form=form or ReasonForm(), access=_access(),
                           affiliations=accounts.affiliations(user.id), checks=accounts.desk_checks(user.id),
                           why_no_code=may_code)


@bp.get("/roles")
@shown_to(may_grant_role)
def roles():
    return _roles_page(role_form(RoleForm))


@bp.post("/roles")
@shown_to(may_grant_role)
def grant_role():
    form = role_form(RoleForm)

    def grant() -> User:
        user = by_name(form.sign_in_name.sign_in_name)
        if user is None or user.left_at is not None:
            raise NotFound(_("그런 로그인 이름이 없어요."), field="sign_in_name")
        account_services.grant(user, Role(form.role.data), department_id=chosen(form.department),
                              neighbourhood_id=chosen(form.neighbourhood), is_head=form.is_head.data,
                              title=form.title.data or "", ends_on=form.ends_on.data, by=visitor())
        return user

    return handle(form, grant, lambda: _roles_page(form),
                  lambda user: saved(_("%(name)s 님에게 권한을 줬어요: %(role)s.", name=f"{user.name} ({user.sign_in_name})",
                                       role=ROLE[Role(form.role.data)]), url_for(".roles"), 302), checks=True)


@bp.get("/roles/<id:grant_id>/withdrawals/new")
@shown_to(may_grant_role)
def confirm_withdrawal(grant_id: int):
    grant = accounts.grant(grant_id)
    if grant is None or grant.withdrawn_at is not None:
        raise NotFound(_("없는 권한이에요. 목록을 새로 열어 확인해 주세요."))
    place = grant.department or grant.neighbourhood
    role = f"{ROLE[grant.role]} · {place.name}" if place else ROLE[grant.role]
    return ask_first(
        _("권한 거두기"), _("%(name)s 님의 권한을 거둘까요?", name=accounts.by_id(grant.user_id).name),
        _("%(role)s 권한이 바로 없어져요. 열어 둔 화면에서도 더는 쓸 수 없어요.", role=role),
        act=url_for("desk.withdraw_role", grant_id=grant.id), label=_("권한 거두기"), back=url_for("desk.roles"),
        danger=True, trail=[(_("업무 화면"), url_for("desk.show")), (_("권한 주고 거두기"), url_for("desk.roles")),
                            (_("권한 거두기"), None)], facts=held(grant.user_id),
        better=(_("맡은 일을 넘기고 권한 끝내기"), url_for("desk.leaving", user_id=grant.user_id)))


@bp.post("/roles/<id:grant_id>/withdrawals")
@shown_to(may_grant_role)
def withdraw_role(grant_id: int):
    account_services.withdraw(grant_id, by=visitor())
    return saved(_("권한을 거뒀어요. 지금부터 쓸 수 없어요."), url_for(".roles"), 302)


def role_form(kind: type[RoleForm], **options: Any) -> Any:
    """With the places of the district."""
    form = kind(**options)
    offer(form.neighbourhood, district.neighbourhoods())
    offer(form.department, district.departments(), _("부서를 골라 주세요"))
    return form


def _roles_page(form: RoleForm):
    wanted = grants.GRANTS.read(request.args, {name: {
        int(choice.value): choice.label for choice in form[name].choices if choice.value}
        for name in ("department", "neighbourhood")})
    page, today = wanted.page(request.args.get("after")), local(clock.now()).date()
    away = [(absence, max(0, (absence.from_day - today).days), min(DAYS, (absence.until_day - today).days + 1))
            for absence in coming(today) if (absence.from_day - today).days < DAYS]
    return render_template("desk/roles.html", form=form, page=page, wanted=wanted, away=away, days=DAYS,
                           today=today, end=today + timedelta(days=DAYS - 1),
                           unsafe=grants.unsafe_count(),
                           after_url=page.after and wanted.address(after=page.after))

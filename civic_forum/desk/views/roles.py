"""Granting and withdrawing roles."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.accounts.forms.residency import chosen, offer
from civic_forum.accounts.labels import ROLE
from civic_forum.accounts.models import User
from civic_forum.accounts.policy.staff import may_grant_role
from civic_forum.accounts.queries import people
from civic_forum.accounts.queries.users import by_name
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import roles as service
from civic_forum.blocks.pages import ask_first, handle, saved
from civic_forum.district import queries as district
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.web import visitor

from ..forms import RoleForm
from .gate import bp, shown_to


@bp.get("/roles")
@shown_to(may_grant_role)
def roles():
    return _page(_form())


@bp.post("/roles")
@shown_to(may_grant_role)
def grant_role():
    form = _form()

    def grant() -> User:
        user = by_name(form.sign_in_name.sign_in_name)
        if user is None or user.left_at is not None:
            raise NotFound(_("그런 로그인 이름이 없어요."), field="sign_in_name")
        service.grant(user, Role(form.role.data), department_id=chosen(form.department),
                      neighbourhood_id=chosen(form.neighbourhood), by=visitor())
        return user

    return handle(form, grant, lambda: _page(form),
                  lambda user: saved(_("%(name)s 님에게 권한을 줬어요.", name=user.nickname), url_for(".roles"), 302),
                  checks=True)


@bp.get("/roles/<id:grant_id>/withdrawals/new")
@shown_to(may_grant_role)
def confirm_withdrawal(grant_id: int):
    grant = people.grant(grant_id)
    if grant is None or grant.withdrawn_at is not None:
        raise NotFound(_("없는 권한이에요. 목록을 새로 열어 확인해 주세요."))
    place = grant.department or grant.neighbourhood
    role = f"{ROLE[grant.role]} · {place.name}" if place else ROLE[grant.role]
    return ask_first(
        _("권한 거두기"), _("%(name)s 님의 권한을 거둘까요?", name=people.by_id(grant.user_id).name),
        _("%(role)s 권한이 바로 없어져요. 열어 둔 화면에서도 더는 쓸 수 없어요.", role=role),
        act=url_for("desk.withdraw_role", grant_id=grant.id), label=_("권한 거두기"), back=url_for("desk.roles"),
        danger=True, trail=[(_("업무 화면"), url_for("desk.show")), (_("권한 주고 거두기"), url_for("desk.roles")),
                            (_("권한 거두기"), None)])


@bp.post("/roles/<id:grant_id>/withdrawals")
@shown_to(may_grant_role)
def withdraw_role(grant_id: int):
    service.withdraw(grant_id, by=visitor())
    flash(_("권한을 거뒀어요. 지금부터 쓸 수 없어요."), "success")
    return redirect(url_for(".roles"))


def _form() -> RoleForm:
    form = RoleForm()
    offer(form.neighbourhood, district.neighbourhoods())
    offer(form.department, district.departments(), _("부서를 골라 주세요"))
    return form


def _page(form: RoleForm):
    wanted = people.GRANTS.read(request.args, {name: {
        int(choice.value): choice.label for choice in form[name].choices if choice.value}
        for name in ("department", "neighbourhood")})
    page = wanted.page(request.args.get("after"))
    return render_template("desk/roles.html", form=form, page=page, wanted=wanted,
                           after_url=page.after and wanted.address(after=page.after))

"""First day of a site, for its administrators: what is left until the first poll, and where it is done."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask_login import login_required

from civic_forum.accounts.labels import ROLE
from civic_forum.accounts.policy import may_grant_role
from civic_forum.accounts.queries.people import held_for, users
from civic_forum.blocks.pages import handle, saved
from civic_forum.district import queries as district
from civic_forum.district.labels import LIST
from civic_forum.district.models import LISTS
from civic_forum.district.rules import DistrictList
from civic_forum.platform import clock
from civic_forum.platform.forms import ConfirmForm
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.settings import SETTINGS
from civic_forum.platform.web import never_cached, visitor

from .. import queries
from ..labels import STEP
from ..pages import bp, shown_to
from ..policy import may_change_district
from ..rules import Step
from ..services import first_day as services

PAGES = {
    Step.SECOND_FACTOR: ("/me/passkeys", _l("패스키 만들기")),
    Step.NAMES: ("/desk/district/settings", _l("이름 정하기")),
    Step.NEIGHBOURHOODS: ("/desk/district/neighbourhoods/new", _l("동 만들기")),
    Step.DEPARTMENTS: ("/desk/district/departments/new", _l("부서 만들기")),
    Step.PRIVACY: ("/desk/district/settings", _l("책임자 정하기")), Step.CLERK: ("/desk/roles", _l("동 담당자 정하기")),
    Step.CATEGORIES: ("/desk/district#categories", _l("분야 정하기")),
    Step.MODERATOR: ("/desk/roles", _l("운영자 정하기")), Step.OFFICERS: ("/desk/officers", _l("담당관 정하기")),
    Step.OBSERVER: ("/desk/roles", _l("참관인 정하기")), Step.POLL: ("/desk/polls", _l("투표 자세히 보기"))}
COMMANDS = {Step.ADMINISTRATOR: "bin/civic-forum first-links"}
"""Steps done on the machine alone → a command."""


@dataclass(frozen=True)
class Task:
    """A step as the page shows it: with a link, or a command."""

    step: Step
    name: str
    why: str
    act: str
    """Words of the button."""
    url: str | None
    command: str | None

    @classmethod
    def of(cls, step: Step) -> "Task":
        url, act = PAGES.get(step, (None, ""))
        return cls(step, *map(str, (*STEP[step], act)), url, COMMANDS.get(step))


@bp.get("/first-day")
@never_cached
@login_required
def first_day():
    if visitor().lacks_second_factor:
        return render_template("desk/second_factor.html"), 403
    return _steps()


@shown_to(may_grant_role)
def _steps():
    day = queries.first_day()
    left = day.left if day else []
    waits = queries.waits()
    if day and day.officers_from:
        waits[Step.OFFICERS] = local(day.officers_from).date()
    alone = {change.by_id for change in district.waiting(DistrictList.SETTINGS).values() if change.asks_another}
    step = day and day.next_step(waits)
    return render_template(
        "desk/first_day.html", opens_from=day and day.opens_from(clock.now() + held_for()),
        next=step and Task.of(step), left=[Task.of(step) for step in left], waits=waits,
        alone=users(alone - {visitor().id, None}).values(), done=[Task.of(step) for step in Step if step not in left])


@bp.get("/first-day/<id:user_id>")
@shown_to(may_change_district)
def done_alone(user_id: int):
    return _alone_page(services.alone(user_id), ConfirmForm(formdata=None))


@bp.post("/first-day/<id:user_id>/confirmations")
@shown_to(may_change_district)
def confirm_first_day(user_id: int):
    form = ConfirmForm()
    return handle(form, lambda: services.confirm(user_id, seen=form.fingerprint, by=visitor()),
                  lambda: _alone_page(services.alone(user_id), form),
                  lambda case: saved(_("모두 확인했어요. 정한 날 0시부터 달라져요."), url_for(".first_day")))


def _alone_page(case: services.Alone, form: ConfirmForm) -> str:
    form.seen.data = case.fingerprint.hex()
    names = district.setting_names()
    settings = {change.id: SETTINGS[names[change.subject_id]] for change in case.changes
                if change.list is DistrictList.SETTINGS}
    return render_template(
        "desk/done_alone.html", case=case, form=form, settings=settings, labels=LIST, roles=ROLE,
        departments=district.department_names(), holders=users({grant.user_id for grant in case.grants}),
        entry_names={of: {entry.id: entry.name for entry in district.entries(of)} for of in LISTS},
        why_not=services.why_not(case, visitor(), clock.now()))

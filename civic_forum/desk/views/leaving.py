"""Leaving the office: what somebody holds, who gets it, and the confirmation of a second administrator."""

from typing import Any

from flask import render_template, url_for

from civic_forum.accounts import extensions
from civic_forum.accounts.extensions import Bundle
from civic_forum.accounts.models import User
from civic_forum.accounts.policy import may_grant_role
from civic_forum.accounts.queries import people as accounts
from civic_forum.accounts.services import people as roles
from civic_forum.blocks.pages import handle, saved
from civic_forum.district.queries import department_names
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, day, local
from civic_forum.platform.web import visitor

from ..forms import ConfirmForm, LastDayForm, hand_over_form
from ..pages import bp, shown_to
from ..services import hand_overs as services
from ..services.hand_overs import HAND_OVER, Departure, subject_of
from .work import posts

LEAVING = "/roles/people/<id:user_id>/leaving"


@bp.get(LEAVING)
@shown_to(may_grant_role)
def leaving(user_id: int):
    case = services.departure(user_id)
    act = HAND_OVER.pending(subject_of(user_id))
    if act is not None and HAND_OVER.why_void(act, case, clock.now()) is None:
        return _waiting_page(case, ConfirmForm(formdata=None))
    return _page(case, _form(case, formdata=None), is_void=act is not None)


@bp.post(LEAVING)
@shown_to(may_grant_role)
def propose_leaving(user_id: int):
    case = services.departure(user_id)
    form = _form(case)
    return handle(form, lambda: services.propose(user_id, {
        bundle.key: form[bundle.key].user_id for bundle in case.bundles if bundle.holding.roles},
        by=visitor()), lambda: _page(case, form),
        lambda _done: saved(_("부탁했어요. 다른 관리자가 승인하면 한 번에 넘어가요."), url_for(".leaving", user_id=user_id)))


@bp.post(f"{LEAVING}/confirmations")
@shown_to(may_grant_role)
def confirm_leaving(user_id: int):
    form, case = ConfirmForm(), services.departure(user_id)
    return handle(form, lambda: HAND_OVER.confirm(subject_of(user_id), seen=form.fingerprint, by=visitor()),
                  lambda: _waiting_page(case, form),
                  lambda _done: saved(_("넘겼어요. 받은 사람들과 떠나는 사람에게 알렸어요."), url_for(".roles")))


@bp.post(f"{LEAVING}/withdrawals")
@shown_to(may_grant_role)
def withdraw_leaving(user_id: int):
    HAND_OVER.withdraw(subject_of(user_id), by=visitor())
    return saved(_("거뒀어요. 맡은 일과 권한은 그대로예요."), url_for(".leaving", user_id=user_id))


@bp.post("/roles/people/<id:user_id>/last-day")
@shown_to(may_grant_role)
def put_last_day(user_id: int):
    form, case = LastDayForm(), services.departure(user_id)
    return handle(form, lambda: roles.end_on(user_id, form.ends_on.data, by=visitor()),
                  lambda: _page(case, _form(case, formdata=None), last_day=form),
                  lambda _done: saved(_("정했어요. 7일 전에 그 사람에게 알려요."), url_for(".leaving", user_id=user_id)), checks=True)


def held(user_id: int) -> list[str]:
    """Short lines of what somebody holds."""
    return [_named(bundle) for bundle in extensions.bundles(user_id)]


def _named(bundle: Bundle) -> str:
    """`약속 6개 · 도로과`"""
    place = department_names().get(bundle.department_id or 0)
    return " · ".join(filter(None, (_("%(what)s %(count)s개", what=bundle.holding.label, count=len(bundle.ids)), place)))


def _due(bundle: Bundle) -> str:
    """Sentence on the first day that is near, and how many are late."""
    if not bundle.days:
        return ""
    late = sum(moment < local(clock.now()).date() for moment in bundle.days)
    first = _("가장 급한 것은 %(day)s까지예요.", day=day(bundle.days[0]))
    return _("%(first)s %(late)s개는 늦었어요.", first=first, late=late) if late else first


def _form(case: Departure, **options: Any) -> ConfirmForm:
    """A receiver for each bundle, whoever has least to do first."""
    received = [bundle for bundle in case.bundles if bundle.holding.roles]
    form = hand_over_form({bundle.key: _("%(what)s 받을 사람", what=_named(bundle)) for bundle in received})(**options)
    for bundle in received:
        candidates = case.candidates(bundle)
        counts = extensions.load([user.id for user in candidates])
        candidates.sort(key=lambda user: counts[user.id])
        form[bundle.key].offer(candidates, None if candidates else _("받을 수 있는 사람이 없어요"), lambda user: _(
            "%(name)s · 지금 맡은 것 %(count)s개", name=user.name, count=counts[user.id]))
    return form


def _page(case: Departure, form: ConfirmForm, *, is_void: bool = False, last_day: LastDayForm | None = None) -> str:
    ends = [_named(bundle) for bundle in case.bundles if not bundle.holding.roles]
    last_day = last_day or LastDayForm(formdata=None, ends_on=min(
        (grant.ends_on for grant in case.user.grants if grant.ends_on), default=None))
    return render_template("desk/leaving.html", case=case, form=form, is_void=is_void, ends=ends, last_day=last_day,
                           posts=posts(case.user),
                           hints={bundle.key: _due(bundle) for bundle in case.bundles if bundle.holding.roles})


def _waiting_page(case: Departure, form: ConfirmForm) -> str:
    act = HAND_OVER.pending(subject_of(case.user.id))
    form.seen.data = HAND_OVER.fingerprint(case).hex()
    receivers = accounts.users(set(case.receivers.values()))
    rows = [(_named(bundle), receivers[case.receivers[bundle.key]].name if bundle.key in case.receivers else _(
        "권한과 함께 끝나요")) for bundle in case.bundles]
    return render_template("desk/leaving_waiting.html", case=case, form=form, act=act, rows=rows,
                           posts=posts(case.user), loads=_loads(case, receivers),
                           by=accounts.users({act.by_id}) if act else {})


def _loads(case: Departure, receivers: dict[int, User]) -> list[tuple[str, str]]:
    """Loads of each receiver now and then."""
    counts = extensions.load(receivers)
    gets = {number: sum(len(bundle.ids) for bundle in case.bundles if case.receivers.get(bundle.key) == number)
            for number in receivers}
    return [(user.name, _("%(now)s개 → %(then)s개", now=counts[number], then=counts[number] + gets[number]))
            for number, user in receivers.items()]

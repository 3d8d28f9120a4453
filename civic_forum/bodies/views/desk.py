"""Bodies, their seats and those who sit there, at the desk."""

from datetime import date
from itertools import chain

from flask import Blueprint, render_template, request
from flask_login import login_required
from wtforms import SelectChoice, StringField

from civic_forum.blocks.pages import ask_first, handle, saved
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Denied, NotFound
from civic_forum.platform.fields import DayField
from civic_forum.platform.forms import ConfirmForm, Form
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, shown_to, visitor

from .. import labels, policy, queries, rules, services
from ..extensions import DUE, Due
from ..operations import CHANGES, ChangeCase, subject_of
from ..parts import Appointment, BodyFacts, SeatFacts
from ..queries import BodyCase

desk = Blueprint("body_desk", __name__, url_prefix="/desk/bodies")
FIRST_DAYS = {"notice_days": "7", "minutes_days": "5"}


class NewBodyForm(BodyFacts.form()):  # type: ignore[misc]
    slug = StringField(_l("주소"))


class SeatForm(SeatFacts.form()):  # type: ignore[misc]
    key = StringField(_l("짧은 이름"))


class EndForm(Form):
    last = DayField(_l("마지막 날"))
    reason = StringField(_l("이유"))


@desk.get("")
@shown_to(policy.may_manage)
def show_list():
    return render_template("bodies/desk_list.html", families=queries.everything(), labels=labels)


@desk.route("/new", methods=["GET", "POST"])
@shown_to(policy.may_manage)
@by_user
def new():
    form = NewBodyForm() if request.method == "POST" else NewBodyForm(formdata=None, data=FIRST_DAYS)
    if request.method != "POST":
        return _form(form, _("새 위원회 만들기"), None)
    return handle(form, lambda: services.make(form.part(), form.slug.data or None, by=visitor()),
                  lambda: _form(form, _("새 위원회 만들기"), None),
                  lambda body: saved(_("만들었어요. 이제 자리를 정해 주세요."), f"/desk/bodies/{body.slug}"))


@desk.get("/<slug>")
@login_required
def show(slug: str):
    return _page(_case(slug))


@desk.route("/<slug>/facts", methods=["GET", "POST"])
@shown_to(policy.may_manage)
@by_user
def facts(slug: str):
    case = _case(slug)
    body, kinds = case.body, BodyFacts.form()
    form = kinds() if request.method == "POST" else kinds.of(body)
    form.quorum_of.choices += [SelectChoice(seat.key, seat.title) for seat in case.seats]
    page = lambda: _form(form, _("%(name)s 고치기", name=body.title), body)
    return page() if request.method != "POST" else handle(
        form, lambda: services.edit(body.id, form.part(), version=form.read_version, by=visitor()), page,
        lambda _made: _back(slug, _("저장했어요.")))


@desk.post("/<slug>/seats")
@shown_to(policy.may_manage)
@by_user
def add_seats(slug: str):
    case, form = _case(slug), SeatForm()
    return handle(form, lambda: services.add_seats(case.body.id, form.key.data or "", form.part(), by=visitor()),
                  lambda: _page(case, seats=form), lambda _made: _back(slug, _("자리를 만들었어요.")))


@desk.route("/<slug>/seats/<key>", methods=["GET", "POST"])
@shown_to(policy.may_manage)
@by_user
def edit_seats(slug: str, key: str):
    case, kinds = _case(slug), SeatFacts.form()
    seat = next((seat for seat in case.seats if seat.key == key), None)
    if seat is None:
        raise NotFound(_("이런 자리는 없어요. 목록에서 다시 골라 주세요."))
    form = kinds() if request.method == "POST" else kinds.of(seat, version=0)
    page = lambda: _form(form, _("%(name)s 고치기", name=seat.title), case.body)
    return page() if request.method != "POST" else handle(
        form, lambda: services.edit_seats(case.body.id, key, form.part(), by=visitor()), page,
        lambda _made: _back(slug, _("저장했어요.")))


@desk.post("/<slug>/members")
@login_required
@by_user
def appoint(slug: str):
    case = _case(slug)
    form = _appointment(case)
    return handle(form, lambda: services.appoint(case.body.id, form.part(), by=visitor()),
                  lambda: _page(case, members=form), lambda _made: _proposed(slug), through=Denied)


@desk.route("/<slug>/members/<id:membership_id>/end", methods=["GET", "POST"])
@login_required
@by_user
def end(slug: str, membership_id: int):
    case = _case(slug)
    membership = next((each for each in case.open() if each.id == membership_id), None)
    if membership is None:
        raise NotFound(_("이런 위원은 없어요. 목록에서 다시 골라 주세요."))
    policy.refuse_own(visitor(), queries.memberships([membership_id])[membership_id].user)
    form = EndForm() if request.method == "POST" else EndForm(formdata=None, data={"last": queries.today()})
    page = lambda: render_template("bodies/desk_end.html", body=case.body, membership=membership, form=form)
    return page() if request.method != "POST" else handle(
        form, lambda: services.end(membership_id, form.last.needed, form.reason.data or "", by=visitor()), page,
        lambda _made: _proposed(slug), through=Denied)


@desk.get("/<slug>/changes/<id:change_id>")
@login_required
def change(slug: str, change_id: int):
    case = _change(slug, change_id)
    act = CHANGES.pending(subject_of(change_id))
    body, waits = case.body, case.change
    return render_template(
        "bodies/desk_change.html", body=body.body, change=waits, labels=labels, trail=_trail(),
        seen=CHANGES.fingerprint(case).hex(), notes=policy.may_note(visitor(), body) is None,
        own=waits.by_id == visitor().id, why_void=act and CHANGES.why_void(act, case, clock.now()),
        approves=policy.may_approve(visitor(), body) is None and visitor().id not in (waits.by_id, waits.user_id))


@desk.post("/<slug>/changes/<id:change_id>")
@login_required
@by_user
def approve(slug: str, change_id: int):
    _change(slug, change_id)
    services.approve(change_id, seen=ConfirmForm().fingerprint, by=visitor())
    return saved(_("승인했어요."), f"/bodies/{slug}")


@desk.post("/<slug>/changes/<id:change_id>/withdrawal")
@login_required
@by_user
def withdraw(slug: str, change_id: int):
    _change(slug, change_id)
    services.withdraw(change_id, request.form.get("reason", ""), by=visitor())
    return saved(_("거뒀어요."), f"/bodies/{slug}")


@desk.get("/<slug>/close")
@shown_to(policy.may_manage)
def ask_to_close(slug: str):
    case = _case(slug)
    count, body = len(case.open()), case.body
    return ask_first(
        _("%(name)s 끝내기", name=body.title), _("오늘 끝낼까요?"),
        _("위원 %(count)s명의 임기도 오늘 끝나고, 회원인 위원에게 알려요. 되돌릴 수 없어요.", count=count),
        act=f"/desk/bodies/{slug}/close?seen={count}", label=_("오늘 끝내기"), back=f"/desk/bodies/{slug}", danger=True,
        trail=[*_trail(), (body.title, f"/desk/bodies/{slug}"), (_("끝내기"), None)])


@desk.post("/<slug>/close")
@shown_to(policy.may_manage)
@by_user
def close(slug: str):
    services.close(_case(slug).body.id, seen=plain_text.number(request.args.get("seen", "")) or 0, by=visitor())
    return _back(slug, _("위원회를 끝냈어요."))


def _case(slug: str) -> BodyCase:
    """A body whose members somebody may note. Raises NotFound and Denied."""
    case = queries.family(slug).top
    require(visitor(), policy.may_note, case)
    return case


def _change(slug: str, change_id: int) -> ChangeCase:
    """A change that waits, for those who may read it. Raises NotFound and Denied."""
    case = queries.family(slug).top
    require(visitor(), policy.may_see_changes, case)
    waits = queries.change(change_id)
    if waits.body_id != case.body.id:
        raise queries.missing()
    return ChangeCase(waits, case)


def _due(case: BodyCase) -> list[Due]:
    """All that is due, the latest first."""
    here, ending = f"/desk/bodies/{case.body.slug}", case.ending()
    own = [Due(_("승인을 기다려요: %(name)s", name=waits.called), f"{here}/changes/{waits.id}",
               local(waits.at).date() + rules.CHANGE_LASTS) for waits in queries.changes(case.body.id)]
    if ending:
        own.append(Due(_("%(days)s일 안에 끝나는 임기 %(count)s개", days=rules.ENDS_SOON_DAYS, count=len(ending)), "#ending",
                       ending[0].until))
    return sorted(chain(own, *DUE.ask(case)), key=lambda due: due.day or date.max)


def _appointment(case: BodyCase, **options):
    form = Appointment.form()(**options)
    form.seat.choices = [SelectChoice(seat.key, seat.title) for seat in case.seats]
    return form


def _page(case: BodyCase, *, seats=None, members=None):
    return render_template("bodies/desk_show.html", case=case, body=case.body, labels=labels, rules=rules,
                           due=_due(case), seats=seats or SeatForm(formdata=None), trail=_trail(),
                           members=members or _appointment(case, formdata=None, data={"begins": queries.today()}))


def _form(form, title: str, body):
    return render_template("bodies/desk_form.html", form=form, title=title, body=body, trail=_trail())


def _trail() -> list[tuple[str, str | None]]:
    """Way to the list, for those who see it."""
    if policy.may_manage(visitor()):
        return [(_("회의와 위원회"), "/bodies")]
    return [(_("업무 화면"), "/desk"), (_("회의와 위원회 준비하기"), "/desk/bodies")]


def _proposed(slug: str):
    return _back(slug, _("부탁했어요. 담당 부서나 다른 관리자가 승인하면 정해져요."))


def _back(slug: str, sentence: str):
    return saved(sentence, f"/desk/bodies/{slug}")

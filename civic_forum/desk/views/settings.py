"""Settings of the district: all with their history, and a change of one."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from civic_forum.accounts.queries import people as accounts
from civic_forum.blocks.pages import handle, saved
from civic_forum.district import queries
from civic_forum.district.models import DistrictChange
from civic_forum.district.rules import BY_TWO, DistrictList
from civic_forum.platform import clock, plain_text
from civic_forum.platform.forms import ConfirmForm
from civic_forum.platform.i18n import _, day
from civic_forum.platform.setting_shapes import field_of
from civic_forum.platform.settings import SETTINGS, Setting
from civic_forum.platform.web import visitor

from ..forms import SettingForm
from ..labels import GROUP
from ..pages import bp, shown_to
from ..policy import may_change_district
from ..services import district as lists
from ..services import settings as services


@dataclass(frozen=True)
class Shown:
    """A setting as the pages show it."""

    setting: Setting
    current: Any
    """As JSON keeps it."""
    changes: list[DistrictChange]
    """The newest first; the one that waits is among them."""

    @property
    def present(self) -> str:
        return self.setting.shape.shown(self.current)

    @property
    def waits(self) -> DistrictChange | None:
        return next((change for change in self.changes if change.waits), None)

    @property
    def since(self) -> DistrictChange | None:
        return next((change for change in self.changes if change.applied_at), None)

    @property
    def asks_another(self) -> bool:
        """A second person still has to confirm what waits."""
        return self.waits is not None and self.waits.asks_another

    @property
    def effect(self) -> str | None:
        """On what stands, where that gets the new value too."""
        change, standing = self.waits, self.setting.standing
        if change is None or standing is None or "standing" not in change.fields:
            return None
        return standing.effect(change.fields["value"][1])


@bp.get("/district/settings")
@shown_to(may_change_district)
def settings():
    every = _every()
    waiting = [shown for shown in every if shown.asks_another and shown.waits.by_id != visitor().id]
    groups = {label: [shown for shown in every if shown.setting.group is group] for group, label in GROUP.items()}
    return render_template("desk/settings.html", waiting=waiting, groups=groups, people=_people(every))


@bp.get("/district/settings/<name>")
@shown_to(may_change_district)
def setting(name: str):
    shown = _shown(name)
    typed = shown.setting.shape.typed(shown.current)
    texts = {field_of(code): text for code, text in typed.items()} if isinstance(typed, dict) else {"text": typed}
    last = shown.changes[0].id if shown.changes else 0
    return _setting_page(shown, SettingForm.of(shown.setting, **texts, seen=last))


@bp.post("/district/settings/<name>/changes")
@shown_to(may_change_district)
def change_setting(name: str):
    form = SettingForm.of(services.declared(name))
    if "preview" in request.form:
        return handle(form, lambda: services.effect(name, form.decision), lambda: _setting_page(_shown(name), form),
                      lambda effect: _setting_page(_shown(name), form, effect=effect))
    return handle(form, lambda: services.decide(name, form.decision, from_day=form.from_day.data,
                                                seen=plain_text.version(form.seen.data), by=visitor()),
                  lambda: _setting_page(_shown(name), form),
                  lambda change: saved(
                      _("부탁했어요. 다른 관리자가 승인하면 %(day)s부터 달라져요.", day=day(change.from_day)) if change.act in BY_TWO
                      else _("%(day)s부터 달라져요.", day=day(change.from_day)), url_for(".settings")))


@bp.post("/district/settings/<name>/confirmations")
@shown_to(may_change_district)
def confirm_setting(name: str):
    form, shown = ConfirmForm(), _shown(name)
    waits = shown.waits.id if shown.waits else 0
    return handle(form, lambda: services.BOTH.confirm(lists.subject_of(waits), seen=form.fingerprint, by=visitor()),
                  lambda: _setting_page(_shown(name), SettingForm.of(shown.setting, formdata=None), form),
                  lambda _done: saved(_("승인했어요. 정한 날 0시부터 달라져요."), url_for(".setting", name=name)))


def _every() -> list[Shown]:
    """All of them, with the last changes."""
    rows, changes = services.rows(), defaultdict(list)
    waiting = queries.waiting(DistrictList.SETTINGS).values()
    for change in dict.fromkeys((*queries.history(DistrictList.SETTINGS), *waiting)):
        changes[change.subject_id].append(change)
    return [Shown(setting, rows[name].value, changes[rows[name].id]) if name in rows
            else Shown(setting, setting.machine_value, []) for name, setting in SETTINGS.items()]


def _shown(name: str) -> Shown:
    setting, row = services.declared(name), services.rows().get(name)
    return Shown(setting, row.value, queries.history(DistrictList.SETTINGS, row.id)) if row else Shown(
        setting, setting.machine_value, [])


def _setting_page(shown: Shown, form: SettingForm, confirm_form: ConfirmForm | None = None, effect: str = "") -> str:
    act, confirm_form = None, confirm_form or ConfirmForm(formdata=None)
    if shown.asks_another:
        case = services.case_of(shown.waits)
        act = services.BOTH.pending(lists.subject_of(case.change.id))
        confirm_form.seen.data = services.BOTH.fingerprint(case).hex()
    return render_template(
        "desk/setting.html", shown=shown, form=form, effect=effect, confirm_form=confirm_form, act=act,
        people=_people([shown]),
        why_void=act and services.BOTH.why_void(act, case, clock.now()))


def _people(every: list[Shown]) -> dict[int, Any]:
    return accounts.users({person for shown in every for change in shown.changes
                           for person in (change.by_id, change.confirmed_by_id) if person})

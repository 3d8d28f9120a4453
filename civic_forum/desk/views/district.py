"""Lists of the district at the desk, with their history."""

from typing import Any

from flask import redirect, render_template, request, url_for

from civic_forum.accounts.forms import offer
from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people as accounts
from civic_forum.blocks.pages import handle, saved
from civic_forum.district import queries
from civic_forum.district.extensions import OPEN_WORK, may_close
from civic_forum.district.labels import LIST
from civic_forum.district.models import LISTS, Closable, DistrictChange, Named
from civic_forum.district.rules import DistrictList
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import NotFound
from civic_forum.platform.forms import ConfirmForm, Form
from civic_forum.platform.i18n import _, day, number
from civic_forum.platform.settings import value as decided
from civic_forum.platform.web import visitor

from ..forms import CategoryForm, ClosingForm, NewNamesForm, NewTextForm, ReadyTextForm, RenameForm
from ..pages import bp, shown_to
from ..policy import may_change_district
from ..services import by_two, closing, settings
from ..services import district as services


@bp.get("/district")
@shown_to(may_change_district)
def district():
    waiting = queries.all_waiting()
    lists = [(of, LIST[of], queries.entries(of), waiting[of]) for of in LISTS]
    names = {of: {entry.id: entry.name for entry in entries} for of, _label, entries, _changes in lists}
    return render_template("desk/district.html", lists=lists, names=names, may_close=may_close,
                           answer_days=decided("ANSWER_DAYS"))


@bp.get("/district/<of>/new")
@shown_to(may_change_district)
def new_entry(of: str):
    return _entry_page(_list(of), _new_form(_list(of)))


@bp.post("/district/<of>")
@shown_to(may_change_district)
def make_entry(of: str):
    kind, form = _list(of), _new_form(_list(of))
    return handle(form, lambda: services.make(kind, form.names.data or "", why=form.why.data or "", body=form.body,
                                              by=visitor()),
                  lambda: _entry_page(kind, form), lambda made: saved(
                      _("만들었어요: %(name)s", name=", ".join(entry.name for entry in made)),
                      url_for(".district", _anchor=of)))


@bp.get("/district/<of>/<id:entry_id>")
@shown_to(may_change_district)
def entry(of: str, entry_id: int):
    kind, named = _list(of), _entry(of, entry_id)
    last = queries.last_change(kind, named.id)
    return _entry_page(kind, _form(kind, obj=named, seen=last, department=getattr(named, "department_id", None),
                                   **services.name_fields(named.words)), named)


@bp.post("/district/<of>/<id:entry_id>/names")
@shown_to(may_change_district)
def rename_entry(of: str, entry_id: int):
    kind, named, form = _list(of), _entry(of, entry_id), _form(_list(of))
    return handle(form, lambda: services.rename(kind, entry_id, form.decision, from_day=form.from_day.data,
                                                seen=plain_text.version(form.seen.data), by=visitor()),
                  lambda: _entry_page(kind, form, named),
                  lambda change: saved(
                      _("부탁했어요. 다른 관리자가 승인하면 %(day)s부터 달라져요.", day=day(change.from_day)) if change.asks_another
                      else _("%(day)s부터 달라져요.", day=day(change.from_day)), url_for(".entry", of=of, entry_id=entry_id)))


@bp.post("/district/<of>/<id:entry_id>/places")
@shown_to(may_change_district)
def move_entry(of: str, entry_id: int):
    seen, to = (plain_text.number(request.form.get(name), digits=5) or 0 for name in ("seen", "to"))
    services.move(_list(of), entry_id, seen=seen, to=to, by=visitor())
    return redirect(url_for(".district", _anchor=of), 303)


@bp.post("/district/changes/<id:change_id>/withdrawals")
@shown_to(may_change_district)
def withdraw_change(change_id: int):
    change = services.withdraw(change_id, by=visitor())
    if change.list is DistrictList.SETTINGS:
        return saved(_("거뒀어요. 지금 그대로예요."), url_for(".setting", name=settings.case_of(change).row.name))
    return saved(_("거뒀어요. 지금 그대로예요."), url_for(".entry", of=change.list, entry_id=change.subject_id))


def _list(of: str) -> DistrictList:
    if of not in LISTS:
        raise NotFound(_("그런 목록이 없어요."))
    return DistrictList(of)


def _entry(of: str, entry_id: int) -> Named:
    return queries.entry(_list(of), entry_id)


def _new_form(of: DistrictList) -> NewNamesForm:
    return NewTextForm() if of is DistrictList.TEXTS else NewNamesForm()


def _form(of: DistrictList, **filled: Any) -> RenameForm:
    if of is not DistrictList.CATEGORIES:
        return (ReadyTextForm if of is DistrictList.TEXTS else RenameForm)(**filled)
    form = CategoryForm(**filled)
    offer(form.department, queries.departments(), _("정하지 않아요"))
    return form


def _entry_page(of: DistrictList, form: Form, named: Named | None = None) -> str:
    changes = queries.history(of, named.id) if named else []
    return render_template(
        "desk/district_entry.html", of=of, label=LIST[of], form=form, entry=named, changes=changes,
        people=accounts.users({change.by_id for change in changes} - {None}),
        waits=next((change for change in changes if change.waits), None),
        departments=queries.department_names() if of is DistrictList.CATEGORIES else {},
        answer_days=decided("ANSWER_DAYS"))


@bp.get("/district/<of>/<id:entry_id>/closing")
@shown_to(may_change_district)
def close_entry(of: str, entry_id: int):
    last = queries.last_change(_list(of), entry_id)
    return _closing_page(_list(of), _open(of, entry_id), ClosingForm(formdata=None, seen=last))


@bp.post("/district/<of>/<id:entry_id>/closing")
@shown_to(may_change_district)
def ask_to_close(of: str, entry_id: int):
    kind, closable, form = _list(of), _open(of, entry_id), ClosingForm()
    return handle(form, lambda: closing.close(
        kind, entry_id, plain_text.number(form.successor.data) or 0, why=form.why.data or "",
        from_day=form.from_day.data, seen=plain_text.version(form.seen.data),
        head_id=plain_text.number(form.head.data), by=visitor()),
        lambda: _closing_page(kind, closable, form),
        lambda change: saved(_("부탁했어요. 다른 관리자가 승인하면 그날 옮겨요."), url_for(".closing_change", change_id=change.id)))


@bp.get("/district/changes/<id:change_id>")
@shown_to(may_change_district)
def closing_change(change_id: int):
    change = queries.change(change_id)
    if change.list is DistrictList.SETTINGS:
        return redirect(url_for(".setting", name=settings.case_of(change).row.name))
    return _confirm_page(change_id, ConfirmForm(formdata=None))


@bp.post("/district/changes/<id:change_id>/confirmations")
@shown_to(may_change_district)
def confirm_closing(change_id: int):
    form, act = ConfirmForm(), by_two.act_of(queries.change(change_id))
    return handle(form, lambda: act.confirm(by_two.subject_of(change_id), seen=form.fingerprint, by=visitor()),
                  lambda: _confirm_page(change_id, form), lambda _done: saved(
                      _("승인했어요. 정한 날 0시부터 달라져요."), url_for(".closing_change", change_id=change_id)))


def _open(of: str, entry_id: int) -> Closable:
    """An entry that can be closed still."""
    closable: Any = _entry(of, entry_id)
    if not may_close(closable):
        raise NotFound(_("이미 닫았거나 닫을 수 없어요."))
    return closable


def _closing_page(of: DistrictList, closable: Closable, form: ClosingForm) -> str:
    offer(form.successor, [other for other in queries.entries(of) if other is not closable and not other.closed_at],
          _("골라 주세요"))
    offer(form.head, _heads(of, closable), _("두 부서에 모두 부서장이 있으면 골라 주세요"))
    return render_template("desk/district_closing.html", of=of, entry=closable, form=form, change=None, successor=None,
                           rows=_rows(of, closable))


def _confirm_page(change_id: int, form: ConfirmForm) -> str:
    case = by_two.case_of(queries.change(change_id))
    two = by_two.act_of(case.change)
    act, form.seen.data = two.pending(by_two.subject_of(change_id)), two.fingerprint(case).hex()
    return render_template(
        "desk/district_closing.html", of=case.change.list, entry=case.entry, successor=case.successor,
        change=case.change, form=form, rows=_rows(case.change.list, case.entry) if case.successor else [], act=act,
        departments=queries.department_names(), why_void=act and two.why_void(act, case, clock.now()),
        people=accounts.users({case.change.by_id, case.change.confirmed_by_id, _head(case.change)} - {None}),
        head_id=_head(case.change))


def _head(change: DistrictChange) -> int | None:
    """Person who heads the successor from then on."""
    return change.fields.get("head", (None, None))[1]


def _heads(of: DistrictList, closable: Closable) -> list[User]:
    """Head of a department that is closed first, then those of the others; none where it has no head."""
    heads = accounts.heads_of(*(entry.id for entry in queries.entries(of))) if of is DistrictList.DEPARTMENTS else {}
    people = accounts.users(heads.values())
    own = heads.get(closable.id)
    return [people[own], *(people[head] for head in dict.fromkeys(heads.values()) if head != own)] if own else []


def _rows(of: DistrictList, closable: Closable) -> list[tuple[object, str]]:
    """Number of what moves by kind, where there is any, and of all."""
    counts = by_two.counts(of, closable)
    return [*((OPEN_WORK[name].label, number(count)) for name, count in counts.items() if count),
            (_("모두"), number(sum(counts.values())))]

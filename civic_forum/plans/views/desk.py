"""Plans at the desk: making one, a version with one next step, a table brought in."""

from collections.abc import Callable, Sequence
from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from civic_forum.attachments import pasted_tables
from civic_forum.attachments.rules import TABLE_BYTES
from civic_forum.blocks.pages import handle, saved
from civic_forum.district import queries as district
from civic_forum.platform import clock
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.plain_text import number as number_of
from civic_forum.platform.policy import require
from civic_forum.platform.spreadsheets import line_as_typed
from civic_forum.platform.web import accepts_files, by_user, shown_to, visitor

from .. import importing, labels, operations, policy, queries, rules, services
from ..forms import TableForm, VersionForm
from ..importing import Column, Reading
from ..models import PlanVersion
from ..parts import PlanFacts
from ..rules import VersionState
from .blueprint import desk

COLUMNS = [column.value for column in Column]


@desk.get("")
@shown_to(policy.may_prepare)
def show_list():
    return render_template("plans/desk_list.html", labels=labels, plans=[
        plan for plan in queries.listed() if policy.may_prepare(visitor(), plan) is None])


@desk.route("/new", methods=["GET", "POST"])
@shown_to(policy.may_prepare)
@by_user
def new():
    kinds = PlanFacts.form()
    form = kinds() if request.method == "POST" else kinds(formdata=None, data={
        "unit": "thousand", "year": str(local(clock.now()).year + 1), "version": "0",
        "department_id": str(min(visitor().department_ids(), default=""))})
    page = lambda: render_template("plans/desk_new.html", form=form)
    return page() if request.method != "POST" else handle(
        form, lambda: services.make(form.part(), by=visitor()), page,
        lambda plan: saved(_("만들었어요. 이제 과제를 담아 주세요."), url_for(".show", slug=plan.slug, number=1)))


def _version(slug: str, number: int) -> PlanVersion:
    plan = queries.plan(slug)
    require(visitor(), policy.may_prepare, plan)
    return queries.version_of(plan, number)


@desk.get("/<slug>/<int(max=999):number>")
@shown_to(policy.may_prepare)
def show(slug: str, number: int) -> ResponseReturnValue:
    return _page(_version(slug, number), VersionForm(formdata=None, data={"on": local(clock.now()).date()}))


def _page(version: PlanVersion, form: VersionForm) -> str:
    is_open = version.state in (VersionState.DRAFT, VersionState.ASKED)
    is_decided = version.state in (VersionState.DECIDED, VersionState.SENT)
    form.about.choices = [SelectChoice(thing, title) for thing, title in (
        queries.deciders(version.plan).items() if is_open else ())]
    pending = services.FORCE.pending(services.subject_of(version)) if is_decided else None
    why_void = pending and services.FORCE.why_void(pending, version, clock.now())
    return render_template(
        "plans/desk_show.html", plan=version.plan, version=version, form=form, labels=labels, pending=pending,
        departments=district.department_names(), missed=queries.missed(version) if is_open else (),
        why_void=why_void, seen=pending and pending.fingerprint.hex(),
        may_force=policy.may_force(visitor(), version.plan) is None,
        promises=operations.promises(version) if is_decided else (), counted=sum(each.total for each in version.facts))


@desk.post("/<slug>/<int(max=999):number>")
@shown_to(policy.may_prepare)
@by_user
def act(slug: str, number: int) -> ResponseReturnValue:
    version, form, me = _version(slug, number), VersionForm(), visitor()
    here, subject = url_for(".show", slug=slug, number=number), services.subject_of(version)
    day = lambda: form.on.needed if form.on.data else None
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "ask": (partial(services.ask, slug, number, by=me), _("이제 모두가 이 판을 읽을 수 있어요.")),
        "take_back": (partial(services.take_back, slug, number, by=me), _("거두었어요. 다시 고칠 수 있어요.")),
        "decide": (lambda: services.decide(slug, number, form.about.data or "", day(), by=me), _("정한 곳을 적었어요.")),
        "send": (lambda: services.send(slug, number, form.document.data or "", day(), by=me), _("낸 문서를 적었어요.")),
        "force": (partial(services.propose_force, slug, number, by=me), _("다른 담당자가 확인하면 과제가 모두 약속이 돼요.")),
        "confirm": (partial(services.FORCE.confirm, subject, seen=form.fingerprint, by=me),
                    _("지금부터 쓰는 계획이에요. 과제가 모두 약속이 됐어요.")),
        "next": (lambda: services.next_version(slug, form.label.data or "", by=me), _("새 판을 만들었어요. 과제를 고쳐 주세요.")),
        "roll": (partial(services.roll_over, slug, by=me), _("다음 해의 계획을 만들었어요."))}
    carry_out, told = acts.get(form.act.data or "", (None, ""))
    if carry_out is None:
        raise Refusal(_("하나를 골라 주세요."))

    def done(made: object) -> ResponseReturnValue:
        if form.act.data == "next":
            return saved(told, url_for(".show", slug=slug, number=made.number))
        return saved(told, url_for(".show", slug=made.slug, number=1) if form.act.data == "roll" else here)

    return handle(form, carry_out, lambda: _page(_version(slug, number), form), done)


@desk.route("/<slug>/<int(max=999):number>/table", methods=["GET", "POST"])
@shown_to(policy.may_prepare)
@by_user
@accepts_files(TABLE_BYTES + 600_000)
def table(slug: str, number: int) -> ResponseReturnValue:
    """A table is read, shown with all that differs, and written by a second press."""
    version = _version(slug, number)
    if request.method != "POST":
        return _table_page(version, TableForm(formdata=None))
    form, rows, readings = TableForm(), list[tuple[int, Sequence[str]]](), list[Reading]()

    def read() -> Reading:
        rows.extend(pasted_tables.rows(form.pasted.data, importing.MOST_ROWS))
        mapping = pasted_tables.columns(COLUMNS)
        reading = services.read_table(slug, number, rows, mapping, by=visitor())[1]
        readings.append(reading)
        if reading.problems:
            raise Refusal(_("고칠 것이 있어요. 아무것도 적지 않았어요."), field="file")
        if not reading.actions:
            raise Refusal(_("표에 과제가 없어요."), field="file")
        if form.act.data == "write":
            services.write_actions(slug, number, reading.actions, seen=number_of(form.seen.data or "") or 0,
                                   printed=reading.printed, by=visitor(), mapping={
                                       name: mapping[name] for name in reading.headings if name in mapping})
        return reading

    return handle(
        form, read, lambda: _table_page(_version(slug, number), form, rows, readings),
        lambda reading: saved(_("과제를 담았어요."), url_for(".show", slug=slug, number=number))
        if form.act.data == "write" else _table_page(version, form, rows, readings))


def _table_page(version: PlanVersion, form: TableForm, rows: Sequence[tuple[int, Sequence[str]]] = (),
                readings: Sequence[Reading] = ()) -> str:
    reading = readings[0] if readings else None
    told = rules.differences(reading.before, reading.actions) if reading and not reading.problems else None
    return render_template(
        "plans/desk_table.html", version=version, plan=version.plan, form=form, reading=reading, told=told,
        labels=labels, text="".join(line_as_typed(cells) for _number, cells in rows), columns=COLUMNS,
        counted=sum(action.total for action in reading.actions) if reading else 0)

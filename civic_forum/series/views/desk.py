"""Desk pages of series: one by one, and the assemblies of next year in one act."""

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_forum.answers.rules import LATER_DAYS
from civic_forum.blocks import kinds
from civic_forum.blocks.ordered_pages import OrderedPages
from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.process_pages import Desk, sent_version
from civic_forum.budgets.policy import may_see_desk as may_see_rounds
from civic_forum.district import queries as district
from civic_forum.district.calendar import is_working
from civic_forum.forums.policy import may_prepare as may_prepare_forum
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l, day, today
from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor
from civic_forum.plans.policy import may_prepare as may_prepare_plan
from civic_forum.polls.policy import may_see_desk as may_see_polls

from .. import labels, policy, queries, services
from ..forms import NewSeriesForm, NextYearForm, StepForm, TargetForm, ThingForm
from ..models import Series, SeriesStep
from ..policy import may_prepare
from ..process import PROCESS, STEPS
from ..rules import ASSEMBLY, WEEKEND, YEAR, BadRow, SeriesKind, clashes, days_of
from . import public
from .blueprint import desk

HOME = "/desk/series"
DESK: Desk[Series] = Desk(
    process=PROCESS, bp=desk, rule="/<slug>", home=lambda series: f"{HOME}/{series.slug}",
    title=lambda series: series.title, above=lambda: [(_("업무 화면"), "/desk"), (_("한 해 사업"), HOME)],
    find=queries.by_slug, may_see=may_prepare, may_make=may_prepare)


@desk.get("")
@shown_to(may_prepare)
def index() -> ResponseReturnValue:
    page = queries.EVERYTHING.read(request.args).page(request.args.get("after"))
    there = [row.Series for row in page.items]
    waiting = {series.year for series in there if series.kind is SeriesKind.ASSEMBLY
               and policy.may_announce(visitor(), series) is None}
    mine = [series for series in there if may_prepare(visitor(), series) is None]
    ahead = [series for series in mine if series.kind is SeriesKind.ASSEMBLY and series.year >= today().year]
    return render_template("series/desk_list.html", series=there, desk=DESK, labels=labels, waiting=sorted(waiting),
                           latest=max((series.year for series in there if series.kind is SeriesKind.ASSEMBLY),
                                      default=today().year - 1), this_year=today().year,
                           mine={series.id: series for series in mine},
                           clashes=clashes(queries.bookings(ahead), today(), _is_closed) if ahead else (),
                           days=sum(len(series.steps) for series in ahead),
                           after_url=page.after and url_for(".index", after=page.after))


def _is_closed(on: date) -> bool:
    """True on a holiday that is no weekend: many assemblies are on a Saturday."""
    return on.weekday() < WEEKEND and not is_working(on)


@desk.post("/<slug>/steps/<int:number>/days")
@shown_to(may_prepare)
def move_day(slug: str, number: int) -> ResponseReturnValue:
    """Put a step that wants a look on another day."""
    series = DESK.worked_on(slug)
    try:
        to = date.fromisoformat(request.form.get("to", ""))
    except ValueError as wrong:
        raise Refusal(_("날짜를 다시 골라 주세요.")) from wrong
    services.move_step(series.id, number, to, version=sent_version(), by=visitor())
    return saved(_("%(day)s로 옮겼어요.", day=day(to)), HOME)


@desk.route("/new", methods=["GET", "POST"])
@shown_to(may_prepare)
def new() -> ResponseReturnValue:
    def page(form: Any) -> str:
        return render_template("series/desk_new.html", form=form, desk=DESK)

    if request.method != "POST":
        return page(NewSeriesForm(formdata=None, data={
            "year": today().year, "department_id": str(min(visitor().department_ids(), default="")),
            "neighbourhood_id": str(min(visitor().neighbourhood_ids(), default=""))}))
    form = NewSeriesForm()
    return handle(form, lambda: services.begin(*form.parts(), form.day.needed if form.day.data else None, by=visitor()),
                  lambda: page(form), lambda made: redirect(DESK.home(made), 303))


@desk.route("/next", methods=["GET", "POST"])
@shown_to(may_prepare)
def next_year() -> ResponseReturnValue:
    """Assemblies of the year after this one: the same again, with other days."""
    year = plain_text.number(request.args.get("year"), digits=4) or today().year
    names = district.open_neighbourhood_names()

    def page(form: NextYearForm) -> str:
        return render_template("series/desk_next.html", form=form, desk=DESK, year=year + 1)

    if request.method != "POST":
        rows = (f"{names[series.neighbourhood_id]}\t{series.steps[ASSEMBLY - 1].starts_on + YEAR}"
                for series in queries.of_year(SeriesKind.ASSEMBLY, year, announced=False)
                if series.neighbourhood_id in names and len(series.steps) >= ASSEMBLY
                and may_prepare(visitor(), series) is None)
        return page(NextYearForm(formdata=None, data={"table": "\n".join(rows)}))
    form = NextYearForm()

    def act() -> list[Series]:
        try:
            days = days_of(form.table.data or "", {name: place for place, name in names.items()})
        except BadRow as bad:
            raise Refusal(_("‘%(row)s’ 줄을 확인해 주세요. 동 이름과 날짜를 한 줄에 하나씩 적어요.", row=bad.row), field="table") from bad
        return services.prepare_next(year, days, by=visitor())

    return handle(form, act, lambda: page(form), lambda made: saved(
        _("%(count)s개를 만들었어요. 훑어본 뒤 한꺼번에 알릴 수 있어요.", count=len(made)), HOME))


@desk.post("/announcements")
@shown_to(may_prepare)
def announce_year() -> ResponseReturnValue:
    year = plain_text.number(request.form.get("year"), digits=4) or 0
    count = services.announce_year(year, by=visitor())
    return saved(_("%(count)s개를 모두에게 알렸어요.", count=count), f"/assemblies?year={year}")


@desk.get("/<slug>")
@shown_to(may_prepare)
def series(slug: str) -> ResponseReturnValue:
    there = queries.by_slug(slug)
    require(visitor(), may_prepare, there)
    return _page(there, StepForm(formdata=None, data={"version": there.version}))


@desk.post("/<slug>/answers")
@shown_to(may_prepare)
def ask(slug: str) -> ResponseReturnValue:
    series = DESK.worked_on(slug)
    days = plain_text.number(request.form.get("days"), digits=3) or 0
    count = services.ask_departments(series.id, days, by=visitor())
    return saved(_("%(count)s가지에 부서의 답을 부탁했어요.", count=count), DESK.home(series))


@desk.route("/<slug>/target", methods=["GET", "POST"])
@shown_to(may_prepare)
def target(slug: str) -> ResponseReturnValue:
    """The yearly target of a commitment for which it counts."""
    series = DESK.worked_on(slug)
    known, form = queries.targets(series), TargetForm() if request.method == "POST" else TargetForm(
        formdata=None, data={"version": series.version, "target": f"{series.commitment_id}:{series.target}"
                             if series.commitment_id else ""})

    def page() -> str:
        return render_template("series/desk_target.html", series=series, form=form.offers(known), desk=DESK)

    return page() if request.method != "POST" else handle(
        form, lambda: services.count_for(series.id, form.target.data or "", version=form.read_version, by=visitor()),
        page, lambda _made: saved(_("저장했어요."), DESK.home(series)))


def _page(series: Series, form: Any) -> str:
    return render_template(
        "series/desk_show.html", series=series, desk=DESK, labels=labels, form=form, missing=DESK.gaps(series),
        why_not_announce=policy.may_announce(visitor(), series), held=queries.held(series)[series.id],
        unasked=sum(bool(each.department_id) and not each.is_owed for each in queries.chosen([series.id])),
        answer_days=LATER_DAYS, may_arrange=policy.may_arrange(visitor(), series) is None,
        links={step.id: links_of(step) for step in series.steps},
        days={step.id: public.days_of(step) for step in series.steps})


def _step(series: Series, step: Any, form: Any, thing: ThingForm | None = None) -> str:
    return render_template("series/desk_step.html", series=series, step=step, form=form, desk=DESK, labels=labels,
                           thing=thing or ThingForm(formdata=None, data={"version": series.version, "kind": "forum"}),
                           links=links_of(step))


REACH = {"forum": may_prepare_forum, "poll": may_see_polls, "budget_round": may_see_rounds,
         "plan_version": lambda actor, version: may_prepare_plan(actor, version.plan)}
"""Kind → who reaches its page at the desk."""


def links_of(step: SeriesStep) -> list[tuple[Any, str, str, str]]:
    """As on the page for everybody, with the address at the desk for those who reach it."""
    return [(thing, title, f"/desk{url}" if REACH[thing.kind](visitor(), kinds.of(thing.kind).record(
        thing.record_id)) is None else url, label) for thing, title, url, label in public.links_of(step)]


DESK.mount()
OrderedPages(desk=DESK, ordered=STEPS, form=StepForm, list_page=_page, page=_step, added=_l("단계를 넣었어요."),
             removed=_l("단계를 뺐어요."), edit=lambda id_, number, form, **who: services.edit_step(
                 id_, number, form.part(), moves_rest=bool(form.moves_rest.data), **who)).mount()


@desk.post("/<slug>/steps/<int:number>/things")
@shown_to(may_prepare)
def link(slug: str, number: int) -> ResponseReturnValue:
    series, form = DESK.worked_on(slug), ThingForm()
    step = queries.step(series, number)
    return handle(form, lambda: services.link(series.id, number, form.chosen, form.thing.value or "",
                                              version=form.read_version, by=visitor()),
                  lambda: _step(series, step, StepForm.of(step, series.version), form),
                  lambda _made: saved(_("이었어요."), f"{DESK.home(series)}/steps/{number}"))


@desk.post("/<slug>/steps/<int:number>/things/<id:thing_id>/removals")
@shown_to(may_prepare)
def unlink(slug: str, number: int, thing_id: int) -> ResponseReturnValue:
    series = DESK.worked_on(slug)
    services.unlink(series.id, number, thing_id, version=sent_version(), by=visitor())
    return saved(_("이음을 풀었어요."), f"{DESK.home(series)}/steps/{number}")

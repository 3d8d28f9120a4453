"""Pages of a process at the desk: the first form, the parts, the moves, the question in an election season."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import StringField

from civic_forum.platform import clock, plain_text
from civic_forum.platform.fields import DayField
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l, day, local
from civic_forum.platform.policy import Predicate, require
from civic_forum.platform.web import shown_to, visitor

from .pages import handle, saved
from .process import Gap, PartPage, Process, R

Trail = list[tuple[str, str | None]]


YEAR = timedelta(days=364)
"""As many whole weeks as a year has."""


def sent_version() -> int:
    """Version that the page of a small form had read."""
    return plain_text.version(request.form.get("version"))


class CopyForm(Form):
    title = StringField(_l("제목"), render_kw=PUBLIC)
    first_day = DayField(_l("첫날"))


@dataclass(frozen=True, kw_only=True)
class Desk(Generic[R]):
    """Pages of a process: their addresses, their names, and who reaches them."""

    process: Process[R]
    bp: Blueprint
    rule: str
    """Address of a record below the blueprint: `/polls/<slug>`."""
    home: Callable[[R], str]
    """Address of the page of the record."""
    title: Callable[[R], str]
    above: Callable[[], Trail]
    """Way to the list of the desk, the list included."""
    find: Callable[[str], R]
    """The record with all that its pages show. Raises NotFound."""
    may_see: Predicate
    """Of a record, on every page that shows or moves it."""
    may_make: Predicate
    forms: Mapping[str, type[Any]] = field(default_factory=dict)
    """Part → form with `of(record)`, `part()` and `read_version`, where the part makes none."""
    may_work: Predicate | None = None
    """Of a record, on the pages of its parts and rows, where more work there than make one."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """Part → template of its page, where that is another than `blocks/process/part.html`."""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """View → name of its endpoint, where that is another."""
    facts: Callable[[R, str], Mapping[str, object]] | None = None
    """Further facts of the page of a part."""

    def trail(self, record: R | None = None, here: str | None = None) -> Trail:
        """Way to a page: without `here` that of the record itself."""
        way = self.above()
        if record is None and here is None:
            return [*way[:-1], (way[-1][0], None)]
        if record is not None:
            way = [*way, (self.title(record), self.home(record) if here else None)]
        return [*way, (here, None)] if here else way

    def mount(self) -> None:
        """Give the blueprint the views of the parts, the moves and the season."""
        names = ", ".join(self.process.parts)
        self._add("part", f"{self.rule}/<any({names}):part>", self._part, "GET", "POST", may=self.works)
        for move in self.process.moves:
            self._add(move.name, f"{self.rule}/{move.path}", self._mover(move), "POST")
        if self.process.season is not None:
            self._add("accept_season", f"{self.rule}/season", self._season, "GET", "POST")
        if self.process.copying is not None:
            self._add("copy", f"{self.rule}/copies", self._copy, "GET", "POST")

    @property
    def works(self) -> Predicate:
        return self.may_work or self.may_make

    def worked_on(self, slug: str) -> R:
        """The record, on whose parts and rows the visitor works. Raises NotFound and Denied."""
        record = self.find(slug)
        require(visitor(), self.may_work or self.may_see, record)
        return record

    def _add(self, name: str, rule: str, view: Callable[..., ResponseReturnValue], *methods: str,
             may: Predicate | None = None) -> None:
        self.bp.add_url_rule(rule, self.endpoints.get(name, name),
                             shown_to(may or self.may_make)(view), methods=methods)  # type: ignore[no-untyped-call]

    def _found(self, slug: str) -> R:
        record = self.find(slug)
        require(visitor(), self.may_see, record)
        return record

    def _part(self, slug: str, part: str) -> ResponseReturnValue:
        record, form_type = self.worked_on(slug), self.forms.get(part) or self.process.parts[part].part.form()
        if request.method != "POST":
            return self.part_page(record, part, form_type.of(record))
        form = form_type()
        entity: Any = record
        return handle(form, lambda: self.process.write(entity.id, form.part(), version=form.read_version, by=visitor()),
                      lambda: self.part_page(self.find(slug), part, form),
                      lambda made: saved(_("저장했어요."), self.home(record)))

    def part_page(self, record: R, part: str, form: Any) -> str:
        """The page of a part, filled with this form."""
        page: PartPage[R] = self.process.parts[part]
        more = self.facts(record, part) if self.facts else {}
        return render_template(self.templates.get(part, "blocks/process/part.html"), desk=self, record=record,
                               part=part, name=page.label, form=form, why_not=page.may(visitor(), record), **more)

    def begin(self, form_type: Callable[..., Any], make: Callable[[Any], R], name: str, *,
              start: Mapping[str, object] | None = None,
              template: str = "blocks/process/new.html") -> ResponseReturnValue:
        """The first form, with a start; what was typed makes a record, to whose page it leads."""
        is_sent, department = request.method == "POST", str(min(visitor().department_ids(), default=""))
        form = form_type() if is_sent else form_type(formdata=None, data={"department_id": department, **(start or {})})

        def page() -> str:
            return render_template(template, desk=self, form=form, name=name)

        return page() if not is_sent else handle(
            form, lambda: make(form), page, lambda made: redirect(self.home(made), 303))

    def _mover(self, move: Any) -> Callable[..., ResponseReturnValue]:
        def view(slug: str) -> ResponseReturnValue:
            record: Any = self._found(slug)
            made = move.act(record.id, by=visitor())
            return saved(str(move.said), (move.leads_to or self.home)(made))
        view.__name__ = move.name
        return view

    def _season(self, slug: str) -> ResponseReturnValue:
        record: Any = self._found(slug)
        seasons = self.process.season
        assert seasons is not None
        if request.method == "POST":
            self.process.accept_season(record.id, by=visitor())
            return saved(str(seasons.said), self.home(record))
        season = seasons.of(record)
        span = str(seasons.span) % {"name": season.name, "first": day(season.first_day), "last": day(season.last_day)} \
            if season is not None and record.season_accepted_at is None else None
        return render_template("blocks/process/season.html", desk=self, record=record, season=seasons, span=span)

    def _copy(self, slug: str) -> ResponseReturnValue:
        record: Any = self._found(slug)
        if request.method != "POST":
            return self._copy_page(record, CopyForm(formdata=None, data={
                "title": record.title, "first_day": self._next_first_day(record)}))
        form = CopyForm()
        return handle(form, lambda: self.process.copy(record.id, form.title.data or "", form.first_day.needed,
                                                      by=visitor()),
                      lambda: self._copy_page(self.find(slug), form),
                      lambda made: saved(_("본떠 만들었어요. 날짜와 글을 하나씩 확인해 주세요."), self.home(made)))

    def _next_first_day(self, record: R) -> date:
        """The same weekday of a year to come."""
        assert self.process.copying is not None
        first, today = self.process.copying.first_day(record), local(clock.now()).date()
        return first + YEAR * max(1, -((first - today) // YEAR))

    def _copy_page(self, record: R, form: CopyForm) -> str:
        return render_template("blocks/process/copy.html", desk=self, record=record, form=form)

    def gaps(self, record: R) -> list[Gap]:
        """Gaps of a record now."""
        return list(self.process.gaps(record, clock.now()))


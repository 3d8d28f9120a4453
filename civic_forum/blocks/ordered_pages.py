"""Desk pages of the children of a process: added, added from a table, edited, moved, taken away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_forum.platform import plain_text
from civic_forum.platform.i18n import _
from civic_forum.platform.web import accepts_files, shown_to, visitor

from . import part_tables
from .ordered import C, Ordered
from .pages import handle, saved
from .parts import PartForm
from .process import R
from .process_pages import Desk, sent_version


@dataclass(frozen=True, kw_only=True)
class OrderedPages(Generic[R, C]):
    """For children called `option` the views `options`, `option`, `move_option` and `remove_option` below the record's
    address."""

    desk: Desk[R]
    ordered: Ordered[R, C]
    form: type[PartForm]
    edit_form: type[PartForm] | None = None
    """Of one that is there, where it is another."""
    list_page: Callable[[Any, Any], str]
    """(record, form)"""
    page: Callable[[Any, Any, Any], str]
    """(record, child, form)"""
    added: Any
    removed: Any
    """Lazy texts."""
    add: Callable[..., object] | None = None
    edit: Callable[..., object] | None = None
    """(id, form, version=, by=) and (id, number, form, version=, by=), in place of those of `ordered`"""
    table: tuple[int, type[part_tables.TableForm]] | None = None
    """Adds `options_table`: how many at once, and the form."""

    def mount(self) -> None:
        """Give the blueprint the views."""
        name, form, edit_form = self.ordered.name, self.form, self.edit_form or self.form
        self._add(f"{name}s", "", self._children, "GET", "POST", most_bytes=form.most_bytes)
        self._add(name, "/<int:number>", self._child, "GET", "POST", most_bytes=edit_form.most_bytes)
        self._add(f"remove_{name}", "/<int:number>/removals", self._remove, "POST")
        self._add(f"move_{name}", "/<int:number>/moves", self._move, "POST")
        if self.table:
            self._add(f"{name}s_table", "/table", self._from_table, "GET", "POST", most_bytes=self.table[1].most_bytes)

    def _add(self, name: str, end: str, view: Any, *methods: str, most_bytes: int = 0) -> None:
        shown = shown_to(self.desk.works)(view)  # type: ignore[no-untyped-call]
        self.desk.bp.add_url_rule(f"{self.desk.rule}/{self.ordered.name}s{end}", name,
                                  accepts_files(most_bytes)(shown) if most_bytes else shown, methods=methods)

    def _back(self, slug: str) -> str:
        return url_for(f".{self.ordered.name}s", slug=slug)

    def _children(self, slug: str) -> ResponseReturnValue:
        record: Any = self.desk.worked_on(slug)
        if request.method != "POST":
            return self.list_page(record, self.form(formdata=None, data={"version": record.version}))
        add = self.add or (lambda id_, form, **who: self.ordered.add(id_, form.part(), **who))
        form = self.form()
        return handle(form, lambda: add(record.id, form, version=form.read_version, by=visitor()),
                      lambda: self.list_page(record, form), lambda made: saved(str(self.added), self._back(slug)))

    def _child(self, slug: str, number: int) -> ResponseReturnValue:
        record: Any = self.desk.worked_on(slug)
        child, form_type = self.ordered.find(record, number), self.edit_form or self.form
        if request.method != "POST":
            return self.page(record, child, form_type.of(child, record.version))
        edit = self.edit or (lambda id_, number, form, **who: self.ordered.edit(id_, number, form.part(), **who))
        form = form_type()
        return handle(form, lambda: edit(record.id, number, form, version=form.read_version, by=visitor()),
                      lambda: self.page(record, child, form), lambda made: saved(_("저장했어요."), self._back(slug)))

    def _remove(self, slug: str, number: int) -> ResponseReturnValue:
        record: Any = self.desk.worked_on(slug)
        self.ordered.remove(record.id, number, version=sent_version(), by=visitor())
        return saved(str(self.removed), self._back(slug))

    def _move(self, slug: str, number: int) -> ResponseReturnValue:
        record: Any = self.desk.worked_on(slug)
        self.ordered.move(record.id, number, plain_text.number(request.form.get("to"), digits=5) or 0,
                          version=sent_version(), by=visitor())
        return redirect(self._back(slug), 303)

    def _from_table(self, slug: str) -> ResponseReturnValue:
        assert self.table is not None
        record: Any = self.desk.worked_on(slug)
        return part_tables.answer(
            self.ordered.part, self.table[0],
            lambda parts, version: self.ordered.add_all(record.id, parts, version=version, by=visitor()),
            lambda form, columns: render_template(
                "blocks/process/table.html", desk=self.desk, record=self.desk.find(slug), form=form, columns=columns,
                back=self._back(slug), name=_("표로 넣기"), why_not=self.ordered.may_edit(visitor(), record)),
            self._back(slug), self.table[1])

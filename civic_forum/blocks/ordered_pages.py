"""Desk pages of the children of a process: added, added from a table, edited, moved, taken away."""

from collections.abc import Callable
from typing import Any

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


def mount(desk: Desk[R], ordered: Ordered[R, C], form_type: type[PartForm], list_page: Callable[[Any, Any], str],
          page: Callable[[Any, Any, Any], str], added: Any, removed: Any, *,
          add: Callable[..., object] | None = None, edit: Callable[..., object] | None = None,
          edit_form: type[PartForm] | None = None,
          table: tuple[int, type[part_tables.TableForm]] | None = None) -> None:
    """Add, for children called `option`, the views `options`, `option`, `move_option` and `remove_option` below the
    record's address.

    `list_page(record, form)` and `page(record, child, form)` write their pages; `added` and `removed` are lazy texts.
    `add(id, form, version=, by=)` and `edit(id, number, form, version=, by=)` take the place of those of `ordered`;
    `edit_form` is the form of one that is there, where it is another; `table` adds `options_table`: how many at once,
    and the form.
    """
    several, rule = f"{ordered.name}s", f"{desk.rule}/{ordered.name}s"
    add_one = add or (lambda record_id, form, **who: ordered.add(record_id, form.part(), **who))
    edit_one = edit or (lambda record_id, number, form, **who: ordered.edit(record_id, number, form.part(), **who))
    known_form = edit_form or form_type

    def route(name: str, end: str, view: Any, *methods: str, most_bytes: int = 0) -> None:
        shown = shown_to(desk.may_make)(view)  # type: ignore[no-untyped-call]
        desk.bp.add_url_rule(rule + end, name, accepts_files(most_bytes)(shown) if most_bytes else shown,
                             methods=methods)

    def back(slug: str) -> str:
        return url_for(f".{several}", slug=slug)

    def children(slug: str) -> ResponseReturnValue:
        record: Any = desk.find(slug)
        if request.method != "POST":
            return list_page(record, form_type(formdata=None, data={"version": record.version}))
        form = form_type()
        return handle(form, lambda: add_one(record.id, form, version=form.read_version, by=visitor()),
                      lambda: list_page(record, form), lambda made: saved(str(added), back(slug)))

    def child(slug: str, number: int) -> ResponseReturnValue:
        record: Any = desk.find(slug)
        child = ordered.find(record, number)
        if request.method != "POST":
            return page(record, child, known_form.of(child, record.version))
        form = known_form()
        return handle(form, lambda: edit_one(record.id, number, form, version=form.read_version, by=visitor()),
                      lambda: page(record, child, form), lambda made: saved(_("저장했어요."), back(slug)))

    def remove(slug: str, number: int) -> ResponseReturnValue:
        record: Any = desk.find(slug)
        ordered.remove(record.id, number, version=sent_version(), by=visitor())
        return saved(str(removed), back(slug))

    def move(slug: str, number: int) -> ResponseReturnValue:
        record: Any = desk.find(slug)
        ordered.move(record.id, number, plain_text.number(request.form.get("to"), digits=5) or 0,
                     version=sent_version(), by=visitor())
        return redirect(back(slug), 303)

    def from_table(slug: str) -> ResponseReturnValue:
        assert table is not None
        record: Any = desk.find(slug)
        return part_tables.answer(
            ordered.part, table[0],
            lambda parts, version: ordered.add_all(record.id, parts, version=version, by=visitor()),
            lambda form, columns: render_template(
                "blocks/process/table.html", desk=desk, record=desk.find(slug), form=form, columns=columns,
                back=back(slug), name=_("표로 넣기"), why_not=ordered.may_edit(visitor(), record)),
            back(slug), table[1])

    route(several, "", children, "GET", "POST", most_bytes=form_type.most_bytes)
    route(ordered.name, "/<int:number>", child, "GET", "POST", most_bytes=known_form.most_bytes)
    route(f"remove_{ordered.name}", "/<int:number>/removals", remove, "POST")
    route(f"move_{ordered.name}", "/<int:number>/moves", move, "POST")
    if table:
        route(f"{several}_table", "/table", from_table, "GET", "POST", most_bytes=table[1].most_bytes)

"""Parts of every page: its style sheets, the field against forged requests, a button that posts; and the way of a form
from what was sent to the next page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_context
from jinja2.runtime import Context

from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _l, is_korean_among_others
from civic_forum.platform.static_files import JOINED, joined
from civic_forum.platform.web import sheet, when_again

from . import glossary

PARTS = ("csrf_field", "post_button", "style_links", "telephone", "term")
"""Macros of templates/blocks/page.html that every template has without importing them."""


@dataclass(frozen=True)
class Navigation:
    """An entry of the main menu."""

    label: object
    endpoint: str
    order: int
    group: str = ""
    """One of GROUPS; empty for an entry that stands by itself."""


GROUPS = {"proposals": _l("제안"), "votes": _l("투표"), "gatherings": _l("만나는 날"), "results": _l("결과")}
"""Groups of entries, by a name of their own; a group with one entry is that entry."""

MENU: dict[str, Navigation] = {}
"""Entries of the main menu, by a name of their own."""
USED: dict[str, str] = {}
"""Names of entries that are shown from the day on which this table has its first row: a district without any."""


class UnknownSheet(Exception):
    """A style sheet that the table gives a page and that is not there, or a page that is not there."""


def init_app(app: Flask, folders: dict[str, str], templates: dict[str, str], frame: str) -> None:
    """Give templates these parts. Raises UnknownSheet where the table of style sheets names what is not there."""
    _check(app, folders, templates)
    app.jinja_env.globals |= {"sheet": sheet, "frame_sheets": tuple(frame.split())}
    app.extensions[JOINED] = {joined(sheets.split()) for sheets in (frame, *folders.values(), *templates.values())}

    @pass_context
    def style_sheets(context: Context) -> tuple[str, ...]:
        """Paths below static/ of the sheets of the page that is being made, in the order of their links."""
        return of_template((context.name or "").removesuffix(".html"))

    @cache
    def of_template(name: str) -> tuple[str, ...]:
        sheets = templates.get(name) or folders.get(name.rpartition("/")[0], "")
        return tuple(f"{sheet}.css" for sheet in sheets.split())

    app.jinja_env.globals["glossary"] = glossary.TERMS
    macros: Any = app.jinja_env.get_template("blocks/page.html").module
    korean = macros.korean

    def ko(text: object) -> str:
        return korean if is_korean_among_others(str(text)) else ""

    def own_token() -> str:
        return generate_csrf() if current_user.is_authenticated else ""

    app.jinja_env.globals |= {"style_sheets": style_sheets, "ko": ko, "own_token": own_token}
    app.jinja_env.globals |= {name: getattr(macros, name) for name in PARTS}


def handle(form: Form, act: Callable[[], Any], again: Callable[[], ResponseReturnValue],
           done: Callable[[Any], ResponseReturnValue] = lambda answer: answer, *,
           checks: bool = False, public: bool = False, at_fields: bool = False,
           through: type[Refusal] | tuple[type[Refusal], ...] = ()) -> ResponseReturnValue:
    """Answer of `done`, given what `act` returned. Where the form or a service refuses: the page `again`, with the
    sentence in the form, the status of the refusal and when to try again.

    `checks`: the form's own validators are asked first; `public`: numbers that tell who somebody is are refused.
    Refusals that are raised, for a page of errors: those of the classes `through`, and with `at_fields` those that are
    about no field.
    """
    try:
        if checks and not form.validate():
            return _with_status(again(), Refusal.status)
        if public:
            form.refuse_personal_numbers()
        made = act()
    except through:
        raise
    except Refusal as refusal:
        if at_fields and refusal.field is None:
            raise
        form.refuse(refusal)
        return _with_status(again(), refusal.status, when_again(refusal))
    return done(made)


def attempt(act: Callable[[], Any], again: Callable[[Refusal], ResponseReturnValue],
            done: Callable[[Any], ResponseReturnValue] = lambda answer: answer, *,
            through: type[Refusal] | tuple[type[Refusal], ...] = ()) -> ResponseReturnValue:
    """Answer of `done`, given what `act` returned. Where a service refuses: the page `again`, which says the sentence
    of the refusal in its own way or raises it, with its status and when to try again.
    """
    try:
        made = act()
    except through:
        raise
    except Refusal as refusal:
        return _with_status(again(refusal), refusal.status, when_again(refusal))
    return done(made)


def ask_first(title: str, question: str, text: str, *, act: str, label: str, back: str, close: str | None = None,
              danger: bool = False, trail: Sequence[tuple[str, str | None]] = (), facts: Sequence[str] = (),
              better: tuple[str, str] | None = None) -> str:
    """Page that asks once more: its button, with this `label`, posts to `act`; its link, `close`, leads `back`. Above
    it stand `facts` that whoever presses it has to know, and label and address of what they should do instead."""
    return render_template("blocks/confirm.html", title=title, question=question, text=text, act=act, label=label,
                           back=back, close=close, danger=danger, trail=trail, facts=facts, better=better)


def saved(sentence: str, url: str, status: int = 303) -> ResponseReturnValue:
    """The next page, with a sentence that says what was done."""
    flash(sentence, "success")
    return redirect(url, status)


def _with_status(page: ResponseReturnValue, status: int, headers: dict[str, str] | None = None) -> Response:
    answer = make_response(page)
    answer.status_code = status
    answer.headers.update(headers or {})
    return answer


def _check(app: Flask, folders: dict[str, str], templates: dict[str, str]) -> None:
    pages, static = Path(app.root_path).parent / str(app.template_folder), Path(str(app.static_folder))
    for place, sheets in (folders | templates).items():
        if not (pages / place).is_dir() and not (pages / f"{place}.html").is_file():
            raise UnknownSheet(f"The table of style sheets names {place}, which is neither a folder nor a template.")
        for path in sheets.split():
            if not (static / f"{path}.css").is_file():
                raise UnknownSheet(f"The table of style sheets gives {place} the sheet {path}, which is not there.")

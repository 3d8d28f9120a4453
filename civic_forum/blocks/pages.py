"""Parts of every page: its style sheets, the field against forged requests, a button that posts."""

from pathlib import Path

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context

PARTS = ("csrf_field", "post_button")
"""Macros of templates/blocks/page.html that every template has without importing them."""


class UnknownSheet(Exception):
    """A style sheet that the table gives a page and that is not there, or a page that is not there."""


def init_app(app: Flask, folders: dict[str, str], templates: dict[str, str]) -> None:
    """Give templates these parts. Raises UnknownSheet where the table of style sheets names what is not there."""
    _check(app, folders, templates)

    @pass_context
    def sheets(context: Context) -> list[str]:
        """Paths below static/ of the sheets of the page that is being made, in the order of their links."""
        name = (context.name or "").removesuffix(".html")
        found = templates.get(name) or folders.get(name.rpartition("/")[0], "")
        return [f"{sheet}.css" for sheet in found.split()]

    macros = app.jinja_env.get_template("blocks/page.html").module
    app.jinja_env.globals |= {"sheets": sheets} | {name: getattr(macros, name) for name in PARTS}


def _check(app: Flask, folders: dict[str, str], templates: dict[str, str]) -> None:
    pages, static = Path(app.root_path).parent / str(app.template_folder), Path(str(app.static_folder))
    for place, sheets in (folders | templates).items():
        if not (pages / place).is_dir() and not (pages / f"{place}.html").is_file():
            raise UnknownSheet(f"The table of style sheets names {place}, which is neither a folder nor a template.")
        for sheet in sheets.split():
            if not (static / f"{sheet}.css").is_file():
                raise UnknownSheet(f"The table of style sheets gives {place} the sheet {sheet}, which is not there.")

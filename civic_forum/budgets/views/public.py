"""The list of rounds and the page of one."""

from flask import render_template

from .blueprint import bp


@bp.get("")
def show_list():
    """Every round that is announced."""
    return render_template("budgets/list.html")

"""The desk at which items are sorted."""

from collections.abc import Collection
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.several import FIELD, chosen
from civic_forum.platform import plain_text
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_user, shown_to, visitor
from civic_forum.proposals.queries.listing import similar_to

from .. import labels, queries
from ..policy import may_sort
from ..rules import Became
from ..views.desk import desk, trail
from ..undoing import services as undoing
from . import services
from .forms import SortingForm

LINE = "to-"
"""Beginning of the name of such a field, before the id."""


@desk.route("/sorting", methods=["GET", "POST"])
@shown_to(may_sort)
@by_user
def sorting() -> ResponseReturnValue:
    """Items that wait: some are ticked, and one end is pressed for all of them."""
    form = SortingForm()
    if request.method != "POST":
        return _page(form)
    end, offered = request.form.get("end", ""), request.form.get("offered", "")

    if end == "lines":
        return handle(form, lambda: services.sort_each(form.groups(lines()), by=visitor()), lambda: _page(form, end),
                      lambda _items: saved(_("나눴어요."), "/desk/intake/sorting"))

    def sort() -> list[Any]:
        """Proposals that say the same, which are shown before a new one is made; nothing where it is done."""
        wanted = form.sorting(end, offered)
        numbers = [plain_text.number(value) or 0 for value in chosen()]
        asks = wanted.became is Became.PROPOSAL and not request.form.get("anyway")
        if asks and (similar := similar_to(wanted.title)):
            return similar
        services.sort(numbers, wanted, by=visitor())
        return []

    return handle(form, sort, lambda: _page(form, end), lambda similar: _page(form, end, similar) if similar else saved(
        _("나눴어요."), "/desk/intake/sorting"))


def lines() -> dict[int, str]:
    """Ends that were typed, by the ids of their items."""
    return {plain_text.number(name.removeprefix(LINE)) or 0: text for name, text in request.form.items()
            if name.startswith(LINE) and text.strip()}


@desk.post("/items/<id:item_id>/undo")
@login_required
@by_user
def undo(item_id: int) -> ResponseReturnValue:
    """One that was sorted waits again."""
    undoing.undo(item_id, by=visitor())
    return saved(_("되돌렸어요. 다시 나눠 주세요."), f"/intake/{queries.by_id(item_id).number}")


def _page(form: SortingForm, end: str = "", similar: Collection[Any] = ()) -> str:
    items = queries.to_sort()
    return render_template(
        "intake/desk_sort.html", trail=trail(), form=form, end=end, items=items, similar=similar, labels=labels,
        lines=lines(), ticked=set(request.form.getlist(FIELD)), left=queries.unsorted())

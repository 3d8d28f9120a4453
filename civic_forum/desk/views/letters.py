"""Printing the letters of one's neighbourhood."""

from flask import current_app, render_template, request

from civic_forum.accounts.policy.staff import may_print_letters
from civic_forum.accounts.queries import people
from civic_forum.accounts.services import letters as service
from civic_forum.blocks.pages import attempt
from civic_forum.district import queries as district
from civic_forum.platform import plain_text
from civic_forum.platform.i18n import _
from civic_forum.platform.web import visitor

from .gate import bp, shown_to


@bp.get("/letters")
@shown_to(may_print_letters)
def letters():
    return _list()


@bp.post("/letters/prints")
@shown_to(may_print_letters)
def print_letters():
    chosen = [number for value in request.form.getlist("letter") if (number := plain_text.number(value)) is not None]
    if not chosen:
        return _list(_("인쇄할 우편을 골라 주세요."), 422)
    return attempt(lambda: service.print_batch(chosen, by=visitor()), lambda refusal: _list(str(refusal)),
                   lambda papers: render_template("desk/print_letters.html", papers=papers,
                                                  address=current_app.config["URL"],
                                                  days=current_app.config["RETAIN_LETTERS_DAYS"]))


def _list(trouble: str | None = None, status: int = 200):
    places = visitor().neighbourhood_ids()
    return render_template("desk/letters.html", trouble=trouble, names={place.id: place.name for place in _own(places)},
                           waiting=people.letters_to_print(places, service.BATCH),
                           on_their_way=people.letters_printed(places, service.BATCH)), status


def _own(places):
    return [place for place in district.neighbourhoods() if place.id in places]

"""News for programs that read feeds, and a page that says in plain words what that is."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, render_template

from civic_forum.district.queries import open_neighbourhood_names
from civic_forum.platform import settings
from civic_forum.platform.delivery import ATOM
from civic_forum.platform.i18n import language

from . import queries
from .atom import Feed, document

bp = Blueprint("feeds", __name__, url_prefix="/feeds")


@bp.get("")
def index():
    return render_template("feeds/index.html", neighbourhoods=open_neighbourhood_names())


def feed(rule: str, find: Callable[..., Feed]) -> None:
    """Give what `find` finds at this address. It is kept for visitors, and unchanged not sent again, as pages are."""

    def give(**named):
        author = settings.in_words("SITE_NAME")
        written = document(find(**named), site=current_app.config["URL"], author=author, language=language().mark)
        return Response(written, mimetype=ATOM)

    bp.add_url_rule(rule, find.__name__, give)


feed("/proposals.atom", queries.proposals)
feed("/neighbourhoods/<id:neighbourhood_id>.atom", queries.of_neighbourhood)
feed("/proposals/<number>.atom", queries.journey)
feed("/votes/<box>.atom", queries.vote)
feed("/answers.atom", queries.answers)
feed("/outcomes.atom", queries.outcomes)
feed("/commitments.atom", queries.commitments)

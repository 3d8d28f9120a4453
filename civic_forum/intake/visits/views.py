"""Items of a visit on its page, and the screen for the place."""

from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from civic_forum.blocks import about
from civic_forum.blocks.charts import Part, Share
from civic_forum.blocks.kinds import Ref
from civic_forum.district import queries as district
from civic_forum.forums import pages
from civic_forum.forums.models import Forum
from civic_forum.forums.preparing import listing
from civic_forum.forums.queries import no_such_forum
from civic_forum.forums.rules import Form
from civic_forum.platform.i18n import SEOUL, _, _l, local

from .. import labels
from . import queries

bp = Blueprint("intake_visits", __name__, url_prefix="/forums")
BAR = (("answered", _l("답했어요"), "good"), ("dated", _l("날을 정했어요"), "soft"), ("late", _l("늦었어요"), "bad"),
       ("settled", _l("그 밖에 정해졌어요"), ""), ("waiting", _l("나누는 중이에요"), "quiet"))
REFRESHED_AFTER_S = 60


@dataclass(frozen=True)
class VisitSection:
    """Section of the page of a visit."""

    heard: list[queries.Heard]
    year: dict[str, object] | None
    subjects: dict[Ref, about.Subject]
    labels: ModuleType = labels
    template: str = "intake/visits/section.html"

    @property
    def whole(self) -> Share:
        groups = [entry.group for entry in self.heard]
        return Share([Part(str(label), groups.count(name), _("%(count)s개", count=groups.count(name)), tone)
                      for name, label, tone in BAR if name in groups])


def on_visit(forum: Forum) -> VisitSection | None:
    if forum.form is not Form.VISIT:
        return None
    heard, year = queries.in_order(queries.of_visit(forum.id)), of_year(forum)
    subjects = about.subjects(entry.item.about for entry in heard)
    return VisitSection(heard, year, subjects) if heard or year and year["heard"] else None


def of_year(forum: Forum) -> dict[str, object] | None:
    """Visits to its neighbourhood in the year of a visit, what was heard there and what was settled of it."""
    if forum.neighbourhood_id is None or forum.announced_at is None:
        return None
    year = local(forum.starts_at).year
    span = datetime(year, 1, 1, tzinfo=SEOUL), datetime(year + 1, 1, 1, tzinfo=SEOUL)
    every, done = queries.counts(forum.neighbourhood_id, *span)
    return {"year": year, "name": district.neighbourhood_names()[forum.neighbourhood_id],
            "days": listing.visited(*span).get(forum.neighbourhood_id, 0), "heard": every, "settled": done}


@bp.get("/<slug>/display")
def display(slug: str) -> ResponseReturnValue:
    """A screen at the place: what was heard here before and what became of it, and what came in just now."""
    forum = pages.forum_at(slug)
    if forum.form is not Form.VISIT:
        raise no_such_forum()
    answer = make_response(render_template(
        "intake/visits/display.html", forum=forum, year=of_year(forum), settled=queries.settled(forum),
        newest=queries.newest(forum.id), labels=labels))
    answer.headers["Refresh"] = str(REFRESHED_AFTER_S)
    return answer

"""Registrations of surveys with the rest of the site."""

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks.extensions import HOME
from civic_forum.blocks.first_page import Current
from civic_forum.opinions.labels import STAGE
from civic_forum.opinions.rules import Stage
from civic_forum.platform import backup_parts, clock, countdown, site_version
from civic_forum.platform.i18n import _, _l, end
from civic_forum.platform.waiting import ENTRIES, DeskEntry
from civic_forum.search import operations as search

from . import queries, services
from .events import SurveyAnnounced, SurveyEdited
from .kinds import PUBLIC
from .models import Survey, SurveyLetter, SurveyMark

search.follow(PUBLIC, "survey_id", SurveyAnnounced, SurveyEdited)


def on_first_page() -> list[Current]:
    """Surveys that one can answer now."""
    if site_version.is_unused(Survey.__tablename__):  # a district without any
        return []
    now = clock.now()
    there = queries.open_now(now)
    return [PUBLIC.current(
        survey, icon="talk", label=str(STAGE[Stage.OPEN]), action=_("답하기"), act="ask", is_open=True,
        until=survey.closes_at, left=countdown.days_left(survey.closes_at, now),
        at=_("%(moment)s까지", moment=end(survey.closes_at, year=False))) for survey in there]


backup_parts.in_order |= {table.__tablename__: f"pk_{table.__tablename__}" for table in (SurveyMark, SurveyLetter)}
PERSONAL_DATA["surveys"] = PersonalData(collect=services.collect, erase=services.erase)
ENTRIES["surveys"] = DeskEntry("surveys.see_desk", _l("설문조사"), "survey_desk.surveys")
HOME.add(on_first_page)

"""Surveys as a kind of thing: found, and on the first page while they are open."""

from civic_forum.blocks.public import Public
from civic_forum.blocks.kinds import SearchResult
from civic_forum.opinions import labels
from civic_forum.opinions.rules import Stage
from civic_forum.platform.i18n import _, _l, end_day

from . import policy, queries
from .models import Survey

PUBLIC = Public(
    kind="survey", model=Survey, label=_l("설문조사"), place="surveys", name=Survey.slug, title=Survey.title,
    text=Survey.text, since=Survey.announced_at, why_not_read=policy.may_read, missing=queries.missing,
    named=queries.slugged,
    words=lambda survey: " ".join((survey.text, *(question.label for question in survey.questions))))


def _hit(survey: Survey) -> SearchResult:
    return PUBLIC.hit(survey.slug, labels.STAGE[survey.stage], _("%(day)s 마감", day=end_day(survey.closes_at)),
                      is_open=survey.stage is Stage.OPEN)


SURVEY = PUBLIC.register(PUBLIC.searched(queries.of_ids, _hit, place=36), PUBLIC.archived(Survey.closes_at))

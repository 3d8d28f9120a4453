"""Surveys of the sample district: surveys.json, made at the desk, answered by every way, published by two people."""

from collections.abc import Iterator
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from flask_login import AnonymousUserMixin

from civic_forum.blocks import questions
from civic_forum.blocks.questions import AnswerPart
from civic_forum.opinions.parts import Times
from civic_forum.platform.base import db
from civic_forum.platform.work import unlogged_transaction
from civic_forum.surveys import queries, services
from civic_forum.surveys.models import Survey
from civic_forum.surveys.parts import Findings, SurveyQuestion, Ways, Wording
from civic_forum.surveys.process import PROCESS, QUESTIONS
from civic_forum.surveys.rules import Way

from .calls import ANNOUNCER, OFFICIAL, SECOND, Entry, question
from .people import read
from .timeline import TimelineEvent, instant

if TYPE_CHECKING:
    from .steps import Script

AFTER_ALL = 600_000
FEW = 2
"""Letters, sheets and free answers that come as people send them; the others are rows."""
STRIDES = (5, 11, 13, 17, 19)
"""Of each question: it deals answers out to people, so that they do not hang together."""


def happenings(script: "Script") -> list[TimelineEvent]:
    surveys = [SampleSurvey(entry, script) for entry in read("surveys")]
    return [TimelineEvent(instant(survey.entry[name], script.loaded), AFTER_ALL + order, act)
            for survey in surveys for order, (name, act) in enumerate((
                ("made", survey.make), ("answered", survey.answer), ("published", survey.publish)))
            if name in survey.entry]


class SampleSurvey:
    """Acts on one survey."""

    def __init__(self, entry: Entry, script: "Script"):
        self.entry, self.script = entry, script
        self.user = script.people.user

    @property
    def survey(self) -> Survey:
        db.session.expire_all()
        return queries.by_slug(self.slug)

    def make(self) -> None:
        entry, by = self.entry, self.user(OFFICIAL)
        times = Times(*(instant(entry[name], self.script.loaded) for name in ("opens", "closes")))
        wording = Wording(entry["title"], entry["text"], self.script.ids[f"department:{entry['department']}"])
        self.slug = services.begin(wording, times, by=by).slug
        PROCESS.write(self.survey.id, Ways(**entry["ways"]), version=self.survey.version, by=by)
        for asked in entry["questions"]:
            QUESTIONS.add(self.survey.id, question(asked, SurveyQuestion), version=self.survey.version, by=by)
        PROCESS.announce(self.survey.id, by=self.user(ANNOUNCER))

    def answer(self) -> None:
        """Some of each way through the services, then the rows of all the others."""
        entry, survey_id = self.entry, self.survey.id
        codes = services.print_letters(survey_id, entry["letters"], by=self.user(OFFICIAL))
        senders: dict[Way, list[Any]] = {
            Way.LETTER: codes[:FEW], Way.PAPER: list(range(1, FEW + 1)), Way.FREE: [""] * FEW} | {
            way: list(entry["people"][way]) for way in (Way.PERSON, Way.ACCOUNT)}
        rest = [(way, part) for way, part in self._answers()
                if not senders[way] or self._send(survey_id, way, part, senders[way].pop())]
        with unlogged_transaction() as session:
            survey = self.survey
            for way, part in rest:
                services.keep(session, survey, part, way, ())

    def _answers(self) -> Iterator[tuple[Way, AnswerPart]]:
        """Ways and answers, first of those who answer once."""
        rows = queries.questions_of(self.survey)
        part, names = questions.part_of(rows), [questions.name_of(row) for row in rows]
        for column, ways in ((1, [way for way in Way if way is not Way.FREE]), (2, [Way.FREE])):
            dealt = [_dealt(asked["answers"], column, stride)
                     for asked, stride in zip(self.entry["questions"], STRIDES, strict=True)]
            came = chain.from_iterable(repeat(way, self.entry["came"][way]) for way in ways)
            for way, *values in zip(came, *dealt, strict=True):
                yield way, part(**dict(zip(names, values, strict=True)))

    def _send(self, survey_id: int, way: Way, part: AnswerPart, sender: Any) -> None:
        if way is Way.PAPER:
            for typist in (OFFICIAL, SECOND):
                services.type_paper(survey_id, part, sender, by=self.user(typist))
        elif way in (Way.LETTER, Way.FREE):
            services.answer(survey_id, part, sender, by=AnonymousUserMixin())
        else:
            services.answer(survey_id, part, by=self.user(sender))

    def publish(self) -> None:
        findings = Findings(self.entry["summary"], self.entry["missing"])
        services.propose(self.survey.id, findings, by=self.user(OFFICIAL))
        services.PUBLISHING.confirm(services.subject_of(self.survey), by=self.user(SECOND))


def _dealt(answers: list[list[Any]], column: int, stride: int) -> list[Any]:
    """As many of each answer as its column says, scattered."""
    values = [answer[0] for answer in answers for _each in range(answer[column])]
    return [values[place * stride % len(values)] for place in range(len(values))]

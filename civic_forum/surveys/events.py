"""Facts of surveys. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SurveyEdited:
    survey_id: int


@dataclass(frozen=True)
class SurveyAnnounced:
    survey_id: int

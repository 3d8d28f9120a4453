"""The tables of budget rounds."""

from . import frozen
from ..committee.models import CommitteeMark, CommitteeMember
from ..projects.models import CouncilStep, EligibilityReview, Project, ProjectVersion, SecondLook
from .rounds import (BudgetPhase, BudgetRound, ChoiceGroup, Envelope, ExclusionGroup, ExclusionReason, ProjectKind,
                     envelope_neighbourhood)
from ..trials.models import BudgetTrial

__all__ = [
    "BudgetPhase", "BudgetRound", "BudgetTrial", "ChoiceGroup", "CommitteeMark", "CommitteeMember", "CouncilStep",
    "EligibilityReview", "Envelope", "ExclusionGroup", "ExclusionReason", "Project", "ProjectKind", "ProjectVersion",
    "SecondLook", "envelope_neighbourhood", "frozen",
]

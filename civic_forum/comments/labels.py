"""Names of stances on pages."""

from civic_forum.platform.i18n import _l

from .rules import Stance

STANCES = {Stance.FOR: _l("찬성해요"), Stance.AGAINST: _l("반대해요"), Stance.NOTE: _l("의견만 남겨요")}

"""Labels of the stages of a round."""

from civic_forum.platform.i18n import _l

from .rules import RoundState

STATE = {RoundState.NOMINATING: _l("후보 추천 중"), RoundState.SCORING: _l("심사 중"), RoundState.PUBLISHED: _l("발표했어요")}

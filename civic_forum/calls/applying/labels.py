"""Words for conditions of calls."""

from civic_forum.platform.i18n import _l

from .rules import Unmet

UNMET = {Unmet.PERSON: _l("혼자 신청하는 모집이에요."), Unmet.GROUP: _l("모임이 신청하는 모집이에요."),
         Unmet.PEOPLE: _l("모임 사람 수가 모자라요."), Unmet.RESIDENT: _l("구에 살거나 일하거나 다니는 사람이 신청해요."),
         Unmet.AGE: _l("신청할 수 있는 나이가 아니에요.")}

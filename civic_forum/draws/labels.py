"""Words for draws."""

import json

from civic_forum.platform.i18n import _l

from .rules.filling import Reason

REASON = {Reason.SELF: _l("스스로 물러났어요"), Reason.DIED: _l("세상을 떠났어요"), Reason.MOVED: _l("다른 구로 옮겼어요"),
          Reason.INELIGIBLE: _l("신청할 수 있는 사람이 아니에요"), Reason.CONFLICT: _l("이해관계가 있어요"),
          Reason.SILENT: _l("7일 동안 두 번 연락해도 답이 없었어요"), Reason.DOUBLE: _l("한 사람이 두 번 들어 있었어요")}
COUNT = {"handed_in": _l("낸 신청"), "listed": _l("명단에 오른 신청"), "withdrawn": _l("거둔 신청"),
         "incomplete": _l("서류가 모자란 신청"), "not_eligible": _l("신청할 수 없는 신청"), "double": _l("한 사람이 두 번 낸 신청"),
         "desk": _l("창구에서 확인"), "provider": _l("본인 인증"), "letter": _l("편지로 확인"), "paper": _l("종이로 신청")}


def balls(figures: str) -> str:
    """Six numbers and the bonus, for people."""
    known = json.loads(figures)
    return f"{' '.join(map(str, known['numbers']))} + {known['bonus']}"

"""Words of courses."""

from civic_forum.platform.i18n import _, _l

from .rules import Fault

FAULT = {Fault.FORM: _l("교육으로 만든 모임만 고를 수 있어요."), Fault.CANCELLED: _l("취소한 모임이에요."),
         Fault.OVERLAPS: _l("이 교육의 다른 회차와 시간이 겹쳐요."),
         Fault.TOO_EARLY: _l("시작하기 한 시간 전부터 출석을 적을 수 있어요.")}


def hours(minutes: int) -> str:
    """Hours as a number: 6, 1.5."""
    return f"{minutes / 60:.3g}"


def progress(whole: int | None, minutes: int) -> str:
    """Hours that somebody came, of those that the course promised."""
    if whole is None:
        return _("%(hours)s시간", hours=hours(minutes))
    return _("%(whole)s시간 가운데 %(part)s시간", whole=whole, part=hours(minutes))

"""Permissions around series."""

from typing import Any

from civic_forum.accounts.policy import account_permission, prepares
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from .models import Series
from .rules import SeriesKind


@account_permission("series.prepare")
def may_prepare(actor: Any, series: Series | None = None) -> str | None:
    """Make and change one: moderators, officials of its department, clerks of its neighbourhood. Without one: any."""
    places = actor.neighbourhood_ids()
    if prepares(actor, series) or (bool(places) if series is None else series.neighbourhood_id in places):
        return None
    return _("맡은 부서와 그 동의 담당자, 운영자만 준비할 수 있어요.")


@permission("series.read")
def may_read(actor: Any, series: Series) -> str | None:
    """Everybody from the announcement on."""
    is_shown = series.announced_at is not None or actor.is_authenticated and may_prepare(actor, series) is None
    return None if is_shown else _("이런 사업은 없어요. 목록에서 찾아보세요.")


@account_permission("series.arrange")
def may_arrange(actor: Any, series: Series) -> str | None:
    """Add, move and take away steps; those of an assembly stay as they are."""
    return may_prepare(actor, series) or (
        _("주민총회는 여덟 단계가 정해져 있어요. 날짜와 이름만 고칠 수 있어요.") if series.kind is SeriesKind.ASSEMBLY else None)


@account_permission("series.announce")
def may_announce(actor: Any, series: Series) -> str | None:
    return may_prepare(actor, series) or (_("이미 알렸어요.") if series.announced_at else None)

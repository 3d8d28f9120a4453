"""Applications as a kind of thing: their files are read by those who read them, what was chosen makes commitments."""

from typing import Any

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Attached, Kind
from civic_forum.platform.i18n import _l

from ..models import CallApplication
from ..rules import APPLICATION, ApplicationState
from . import queries
from .policy import may_read_application


def _is_chosen(application: CallApplication) -> bool:
    return application.call.decided_at is not None and application.state is ApplicationState.CHOSEN


def _why_not_read(actor: Any, application: CallApplication) -> str | None:
    """Everybody reads of a chosen one, where its results are."""
    return None if _is_chosen(application) else may_read_application(actor, application)


def _url(application: CallApplication) -> str:
    page = "results" if _is_chosen(application) else f"mine/{application.number}"
    return f"/calls/{application.call.slug}/{page}"


KIND = kinds.register(Kind(
    APPLICATION, CallApplication, label=_l("모집에 낸 신청"), title=lambda application: application.title, url=_url,
    why_not_read=_why_not_read, missing=queries.missing,
    capabilities=(Attached(sets=APPLICATION, why_not_read=may_read_application),)))

"""Steps of requests for a visit inside the transaction of others."""

from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work

from . import queries
from .events import VisitAnswered
from .models import VisitRequest


def move(work: Work, request: VisitRequest, neighbourhood_id: int) -> None:
    """Carry a request over to the successor of its neighbourhood; it ends where the same person waits there already."""
    if request.by_id is None or not queries.is_open(request.by_id, neighbourhood_id):
        request.neighbourhood_id = neighbourhood_id
        return
    request.answered_at, request.refused_because = work.at, _("동을 합쳐서, 합친 동에 청한 것으로 이어 가요.")
    work.emit(VisitAnswered(request.id))

"""Registrations of requests for a visit with the rest of the site."""

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.district.rules import DistrictList
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import WORK, DeskWork

from . import operations, own_data, queries
from .models import VisitRequest

PERSONAL_DATA["visit_requests"] = PersonalData(own_data.collect, own_data.erase)
WORK["visits.requests"] = DeskWork("visits.answer", _l("와 달라는 청에 답하기"), queries.waiting, queries.lines)
OPEN_WORK["visit_requests"] = Moving(
    label=_l("찾아와 달라는 청"), model=VisitRequest, column=VisitRequest.neighbourhood_id,
    list=DistrictList.NEIGHBOURHOODS, is_open=(VisitRequest.answered_at.is_(None),), move=operations.move)

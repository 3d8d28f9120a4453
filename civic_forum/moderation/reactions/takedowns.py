"""Requests to take a text down: on the desk, and what the end of a block means to one."""

from datetime import timedelta

from civic_forum.platform import hooks, jobs
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.waiting import WORK, DeskLine, DeskWork, Waiting

from .. import services
from ..events import ActionEnded
from ..models import ModerationAction
from ..queries import takedowns


@hooks.on(ActionEnded)
def close_request(fact: ActionEnded, session) -> None:
    """The block ended before anybody had decided: its time was over, or an appeal against it was upheld."""
    action = session.get_one(ModerationAction, fact.action_id)
    request = takedowns.of_action(session, action)
    if request is not None:
        request.granted, request.decided_at = False, action.ended_at


def lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/takedowns/{one.ref}", one.title, (), _("권리를 침해하는 글인지 살펴 주세요.")) for one in found]


jobs.keep_for("RETAIN_TAKEDOWN_CONTACTS_DAYS", "contacts of requests")(services.forget_contacts)
WORK["moderation.takedowns"] = DeskWork("moderation.moderate", _l("게시중단 살펴보기"), takedowns.for_desk,
                                                   lines, within=timedelta(days=takedowns.ANSWER_DAYS))

"""The list of events for whoever cannot hold a socket, and where the sockets are opened."""

from flask import jsonify, request

from civic_forum.kernel.display import display
from civic_forum.kernel.errors import Invalid
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import never_cached, visitor

from ..live import sockets
from ..live.messages import MOST
from . import gate
from .blueprint import bp

bp.record_once(lambda state: sockets.Sockets(state.app))


@bp.get("/<slug>/events")
@never_cached
def events(slug: str):
    """Events after a number, as a socket is told them: at most 500 events, and `more` where there are more."""
    forum = gate.found(slug)
    after = request.args.get("after", "")
    if not (after.isdecimal() and len(after) <= 15):
        raise Invalid(_("몇 번 뒤의 소식인지 숫자로 알려 주세요."))
    last, language = forum.last_number, display().language
    if int(after) > last:
        return jsonify(events=[], puts=[], last=last, old=True)
    upto = min(last, int(after) + MOST)
    view = sockets.view_at(forum, visitor(), language)
    story = sockets.of_this_application().teller.stories.between(forum.id, int(after), upto, language)
    return jsonify(story.told(view) | {"more": upto < last})

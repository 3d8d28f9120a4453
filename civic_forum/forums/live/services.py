"""Use-cases of the screen of the hall."""

from civic_forum.accounts.models import User
from civic_forum.attachments import queries as attachments
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.work import use_case

from .. import operations
from ..models import Forum
from ..policy import may_run
from ..rules import ForumEventKind


def show(forum_id: int, document: str, key: str = "", *, by: User) -> Forum:
    """Put one of the forum's documents (its key) on the screen of everybody; none for an empty key of a document.

    Raises Refusal for a document of something else.
    """
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_run).forum
        if operations.known_event(work, forum, key):
            return forum
        held = {attachment.key: attachment.id for attachment in attachments.of_set(forum.documents_id)}
        if document and document not in held:
            raise Refusal(_("여기에 올린 자료 가운데 골라 주세요."), field="document")
        forum.shown_id = held.get(document)
        operations.add_event(work, forum, ForumEventKind.SCREEN_SHOWN, forum.shown_id, key=key)
        work.record("forums.screen_shown", forum, document=forum.shown_id or 0)
        return forum

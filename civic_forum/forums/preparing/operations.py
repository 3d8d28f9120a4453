"""Documents of a forum, inside the caller's use-case; the caller holds the lock of the forum."""

from civic_forum.attachments import operations as attachments
from civic_forum.platform.work import Work

from ..models import Forum

DOCUMENTS = "forum"
"""The kind of set in which the documents of a forum lie."""


def document_set(work: Work, forum: Forum) -> int:
    """Set of its documents; made with the first."""
    if forum.documents_id is None:
        forum.documents_id = attachments.open_set(work.session, DOCUMENTS, forum.id).id
        work.session.flush()
    return forum.documents_id

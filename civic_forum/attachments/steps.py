"""What features whose things carry files do with them, inside their own transaction."""

from .models import AttachmentSet


def open_set(session, kind: str, owner_id: int | None = None) -> AttachmentSet:
    """A new, empty set for a thing of this registered kind."""
    opened = AttachmentSet(kind=kind, owner_id=owner_id)
    session.add(opened)
    session.flush()
    return opened

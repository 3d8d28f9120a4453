"""What features that are discussed do with threads, inside their own transaction."""

from .models import Thread


def open_thread(session, kind: str, owner_id: int | None = None) -> Thread:
    """A new, empty thread below a thing of this registered kind."""
    thread = Thread(kind=kind, owner_id=owner_id, comment_count=0, for_count=0, against_count=0, note_count=0)
    session.add(thread)
    session.flush()
    return thread

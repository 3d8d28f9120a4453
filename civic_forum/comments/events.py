"""Events of comments."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CommentWritten:
    thread_id: int
    comment_id: int


@dataclass(frozen=True)
class CommentChanged:
    """The author changed the text or the stance."""

    thread_id: int
    comment_id: int


@dataclass(frozen=True)
class CommentRemoved:
    """The author deleted it: its text is gone, its place stays."""

    thread_id: int
    comment_id: int


@dataclass(frozen=True)
class CommentsHidden:
    """Moderators hid them: the texts stay, and are not shown."""

    thread_ids: tuple[int, ...]
    comment_ids: tuple[int, ...]


@dataclass(frozen=True)
class CommentsShown:
    """Hidden comments can be read again."""

    thread_ids: tuple[int, ...]
    comment_ids: tuple[int, ...]

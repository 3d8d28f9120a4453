"""Every SELECT of comments."""

from .comments import (by_form_key, comment, locked, locked_thread, missing, of_search, place, shown_of, support_of,
                       supported_by, thread, written_by)
from .sections import CommentSection, replies, section

__all__ = ["CommentSection", "by_form_key", "comment", "locked", "locked_thread", "missing", "of_search", "place",
           "replies", "section", "shown_of", "support_of", "supported_by", "thread", "written_by"]

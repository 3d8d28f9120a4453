"""Beginning of every change at a forum: the forum's lock, and what the actor is there by then."""

from collections.abc import Callable

from civic_forum.accounts.models import User
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work

from ..policy.acting import ForumContext
from ..queries import people, records


def entered(work: Work, forum_id: int, by: User, predicate: Callable, thing: object = None) -> ForumContext:
    """Lock the forum, read again who the actor is there, and ask the policy. Raises NotFound and Denied.

    `thing` is what the predicate needs beside the forum, or a function(forum) that reads it under the lock.
    """
    forum = records.locked(forum_id)
    at = ForumContext(forum, people.standing(forum, by, work.at), work.at, thing(forum) if callable(thing) else thing)
    require(by, predicate, at)
    return at

"""Comments as a kind of thing: found, reported, hidden."""

import re
from collections.abc import Collection

import sqlalchemy as sa

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Kind, Searched, SearchResult
from civic_forum.blocks.moderated import Moderated, Passage, Surroundings
from civic_forum.platform import rich_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l

from . import operations, policy
from .models import Comment
from .queries import records

ADDRESS = re.compile(r"(?:/comments/|#comment-)([1-9][0-9]{0,17})")
WORDS = 200
NEIGHBOURS = 3
"""Comments of the same level shown before and after a reported one."""


def shown_in_search(comment_ids: list[int]) -> dict[int, SearchResult]:
    """Comments for the search page: what they are about, who wrote them, where they stand.

    Those that not everybody may read any more are left out.
    """
    rows = records.of_search(comment_ids)
    titles = kinds.titles_of(rows)
    return {row.id: SearchResult(url=f"/comments/{row.id}", title=titles[row.kind, row.owner_id],
                                 about=(_("댓글"), row.department or row.nickname or _("탈퇴한 회원")))
            for row in rows if (row.kind, row.owner_id) in titles}


def _find(actor, comment_id: int) -> Comment | None:
    try:
        comment = records.comment(comment_id, actor)
    except NotFound:
        return None
    return comment if comment.is_shown else None


def _why_not_read(actor, comment: Comment) -> str | None:
    return policy.may_read(actor, comment.thread)


def _around(comment: Comment) -> Surroundings:
    """With what it answers, and its neighbours of the same level."""
    titles = kinds.discussed_titles(comment.thread.kind, [comment.thread.owner_id])
    parent = records.with_author(comment.parent_id) if comment.parent_id else None
    return Surroundings(titles.get(comment.thread.owner_id), f"/comments/{comment.id}", _passage(comment),
                        parent and _passage(parent),
                        [_passage(neighbour) for neighbour in records.beside(comment, before=True, most=NEIGHBOURS)],
                        [_passage(neighbour) for neighbour in records.beside(comment, before=False, most=NEIGHBOURS)])


def _passage(comment: Comment) -> Passage:
    return Passage(comment.id, comment.author_name, comment.at, (comment.html,), comment.deleted_at is not None,
                   comment.hidden_rule)


def _described(comment_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = db.session.execute(sa.select(Comment.id, Comment.html).where(Comment.id.in_(comment_ids)))
    return {id_: (rich_text.excerpt(html, WORDS), f"/comments/{id_}") for id_, html in rows}


def _at(address: str) -> int | None:
    match = ADDRESS.search(address)
    return int(match[1]) if match else None


COMMENT = kinds.register(Kind(
    "comment", Comment, label=_l("댓글"), title=lambda comment: rich_text.excerpt(comment.html),
    url=lambda comment: f"/comments/{comment.id}", why_not_read=_why_not_read, missing=records.missing,
    capabilities=(
        Searched(shown_in_search, place=90),
        Moderated(find=_find, excerpt=lambda comment: rich_text.excerpt(comment.html), author=Comment.author_id,
                  words=Comment.source, around=_around, locked=operations.locked,
                  put_hidden=operations.put_hidden, described=_described, at=_at))))

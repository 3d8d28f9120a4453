"""Registrations of comments with the rest of the site: search, reports, one's own data."""

from civic_forum.accounts.models import User
from civic_forum.kernel import hooks, rich_text
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.registries import PersonalData, Reportable, SearchResult, registries
from civic_forum.search import steps as search

from . import queries
from .events import CommentChanged, CommentRemoved, CommentsHidden, CommentsShown, CommentWritten
from .models import Comment

KIND = "comment"


@hooks.on(CommentWritten)
@hooks.on(CommentChanged)
def make_findable(fact, session) -> None:
    comment = session.get_one(Comment, fact.comment_id)
    search.put(session, KIND, comment.id, title="", body=rich_text.text_of(comment.html), at=comment.at)


@hooks.on(CommentRemoved)
def forget_text(fact: CommentRemoved, session) -> None:
    search.remove(session, KIND, fact.comment_id)


@hooks.on(CommentsHidden)
def forget_texts(fact: CommentsHidden, session) -> None:
    search.remove_all(session, KIND, fact.comment_ids)


@hooks.on(CommentsShown)
def make_findable_again(fact: CommentsShown, session) -> None:
    search.put_all(session, [(KIND, one.id, "", rich_text.text_of(one.html), one.at)
                             for one in queries.shown_of(fact.comment_ids)])


def shown_in_search(comment_ids: list[int]) -> dict[int, SearchResult]:
    """Comments for the search page: what they are about, who wrote them, where they stand.

    Those that not everybody may read any more are left out.
    """
    rows = queries.of_search(comment_ids)
    owners: dict[str, set[int]] = {}
    for row in rows:
        owners.setdefault(row.kind, set()).add(row.owner_id)
    titles = {(kind, owner): title for kind, ids in owners.items()
              for owner, title in registries.threads[kind].titles(sorted(ids)).items()}
    return {row.id: SearchResult(url=f"/comments/{row.id}", title=titles[row.kind, row.owner_id],
                                 about=(_("댓글"), row.department or row.nickname or _("탈퇴한 회원")))
            for row in rows if (row.kind, row.owner_id) in titles}


def _find(actor, comment_id: int) -> Comment | None:
    try:
        comment = queries.comment(comment_id, actor)
    except NotFound:
        return None
    return comment if comment.is_shown else None


def _collect(user: User) -> dict[str, list[dict[str, object]]]:
    return {
        "written": [{"address": f"/comments/{comment.id}", "stance": comment.stance, "text": comment.source,
                     "at": comment.at.isoformat(), "edited_at": comment.edited_at and comment.edited_at.isoformat()}
                    for comment in queries.written_by(user)],
        "supported": [{"address": f"/comments/{row.comment_id}", "at": row.at.isoformat()}
                      for row in queries.supported_by(user)],
    }


registries.searchable[KIND] = shown_in_search
registries.reportable[KIND] = Reportable(label=lambda comment: rich_text.excerpt(comment.html),
                                         url=lambda comment: f"/comments/{comment.id}", find=_find)
registries.personal_data["comments"] = PersonalData(collect=_collect, erase=lambda user, session: None)

"""Making a forum and saying what it is, until it is over."""

from civic_forum.accounts.models import User
from civic_forum.kernel.errors import Conflict
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import use_case

from ..models import Forum
from ..policy.acting import may_prepare
from ..policy.preparing import may_arrange, may_edit
from ..queries import records
from ..rules.preparing import Access, Times, Wording
from ..steps import preparing

WRITE = {Wording: preparing.write_wording, Times: preparing.write_times, Access: preparing.write_access}
MAY = {Wording: may_edit, Times: may_arrange, Access: may_edit}


def begin(slug: str | None, wording: Wording, times: Times, *, by: User) -> Forum:
    """A forum that only those who prepare it see; everything else is filled in afterwards. Without a slug its address
    is made from its title.

    Raises Refusal naming the field, Conflict for an address that is taken.
    """
    with use_case(by) as work:
        require(by, may_prepare)
        forum = preparing.new(work, slug, wording, times)
        work.record("forums.made", forum)
        return forum


def edit(forum_id: int, part: Wording | Times | Access, *, version: int, by: User) -> Forum:
    """Say one part anew. `version` is what the page had read: Conflict when somebody was faster."""
    with use_case(by) as work:
        forum = held(forum_id, version, MAY[type(part)], by)
        WRITE[type(part)](work, forum, part)
        preparing.finish(work, forum, type(part).__name__.lower())
        return forum


def held(forum_id: int, version: int, predicate, by: User) -> Forum:
    """The forum, locked, after the policy was asked and nobody had changed it since the page was read."""
    forum = records.locked(forum_id)
    require(by, predicate, forum)
    if version != forum.version:
        raise Conflict(_("그 사이에 다른 사람이 이 공론장을 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."))
    return forum

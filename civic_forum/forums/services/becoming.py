"""A note or a question carried on as a proposal."""

from secrets import token_hex

from civic_forum.accounts.models import User
from civic_forum.kernel import rich_text
from civic_forum.kernel.errors import Conflict
from civic_forum.kernel.i18n import _
from civic_forum.kernel.work import use_case
from civic_forum.proposals import steps as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import LONGEST, State

from ..policy.becoming import may_propose
from ..queries import becoming
from . import opening

EXCERPT = 120


def propose(forum_id: int, kind: str, row_id: int, *, by: User) -> Proposal:
    """Begin the draft of a proposal with these words in it. Again gives the draft of the first time; raises Conflict
    where somebody else has begun one."""
    with use_case(by) as work:
        at = opening.entered(work, forum_id, by, may_propose, lambda forum: becoming.seed(forum, kind, row_id))
        seed = at.thing
        if seed.proposal_id is not None:
            begun = work.session.get_one(Proposal, seed.proposal_id)
            if begun.author_id != by.id:
                raise Conflict(_("이미 다른 분이 제안으로 이어 가고 있어요."))
            return begun
        problem = _("공론장 「%(title)s」에서 나온 말이에요.", title=at.forum.title) + f"\n\n{seed.text}"
        html = rich_text.render(problem)
        draft = Proposal(draft_key=token_hex(16), state=State.DRAFT, author_id=by.id, language=by.language, version=1,
                         created_at=work.at, edited_at=work.at, title=seed.text[:LONGEST["title"]], problem=problem,
                         problem_html=html, excerpt=rich_text.excerpt(html, EXCERPT), wish="", support_count=0,
                         comment_count=0)
        proposals.begin(work.session, draft)
        seed.proposal_id = draft.id
        work.record("forums.proposal_begun", draft, **{kind: row_id})
        return draft

"""Reports of the sample district and what moderators did about them; some are open when it is loaded."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.kernel import clock
from civic_forum.kernel.base import db
from civic_forum.moderation import services
from civic_forum.moderation.rules import ActionKind, Decision, Length, Rule
from civic_forum.proposals.models import Proposal

from . import crowd
from .proposals import SampleProposal
from .people import Newcomer
from .timeline import TimelineEvent

REMARKS = (
    {"key": "w001", "proposal": "bus-seat", "author": "resident9", "time": "+2h", "stance": "against", "supports": 0,
     "text": "난폭 운전이나 하는 사람들이 화장실 타령이네요. 그냥 참으라고 하세요.", "reply_to": None,
     "reported": {"rule": "욕설·비방", "sentence": "기사님들을 비웃는 말이에요.", "by": "dasom"}},
)
"""Beside those of comments.json: so that somebody who can sign in has been warned lately and may appeal."""
KEEP = Decision(hide=False, account=None)
DECIDED = (
    ("hidden-ad", "c221", "moderator1", Decision(
        hide=True, account=None, rule=Rule.ADVERTISING, reason="정책제안과 관계없이 가게를 알리는 댓글이에요.")),
    ("hidden-site", "c224", "moderator2", Decision(
        hide=True, account=ActionKind.WARN, rule=Rule.ABUSE,
        reason="사람을 때리겠다고 읽히는 말이 있어요. 일에 대한 불만은 사람을 겁주지 않고 적어 주세요.")),
    ("bus-seat", "w001", "moderator1", Decision(
        hide=True, account=ActionKind.WARN, rule=Rule.ABUSE,
        reason="기사님들을 낮추어 부르는 말이에요. 생각이 다르면 까닭을 적어 주세요.")),
    ("formal-daycare", "c244", "moderator2", KEEP),
)
"""(proposal, comment, who decided, what): a day and a half after the comment."""
REPORTED_THEN = {"c244": ("resident7", Rule.ABUSE, "담당자를 비웃는 말로 보여요.")}
WAITING = (
    ("doksanro-walk", "c056", "retired", Rule.ADVERTISING, "가게 편만 드는 글 같아요.", timedelta(hours=30)),
    ("doksanro-walk", "c052", "mapreader", Rule.FALSEHOOD, "구청도 옮겨 달라고 신청할 수 있어요.", timedelta(hours=7)),
    ("doksanro-walk", "c052", "treeshade", Rule.FALSEHOOD, "", timedelta(hours=5)),
    ("foreign-info", "c267", "newcomer", Rule.OTHER, "모임 날짜를 어디서 보는지 알 수 없어요.", timedelta(hours=2)),
)
"""(proposal, comment, who reported, rule, sentence, how long before loading): what waits at the desk."""
DECIDED_AFTER = timedelta(hours=36)


def happenings(papers: dict[str, SampleProposal], loaded: datetime, there: crowd.Crowd) -> list[TimelineEvent]:
    made = []
    for key, comment, moderator, decision in DECIDED:
        at = papers[key].said_at(comment)
        if comment in REPORTED_THEN:
            who, rule, sentence = REPORTED_THEN[comment]
            made.append(TimelineEvent(at + timedelta(hours=2), 1,
                                  _report(papers[key], comment, there, who, rule, sentence)))
        made.append(TimelineEvent(at + DECIDED_AFTER, 1, _decide(papers[key], comment, there, moderator, decision)))
    for key, comment, who, rule, sentence, before in WAITING:
        made.append(TimelineEvent(loaded - before, 1, _report(papers[key], comment, there, who, rule, sentence)))
    return made


def block(joining: list[Newcomer]) -> None:
    """Accounts that were blocked: at the end, since others act in their name until then."""
    for one in joining:
        if blocked := one.entry.get("blocked"):
            clock.shift(0)
            clock.shift((datetime.fromisoformat(blocked["on"]) - clock.now()).total_seconds())
            user, by = _user(one.entry["name"]), _user(blocked["by"])
            proposal_id = db.session.scalar(sa.select(Proposal.id).where(
                Proposal.author_id == user.id, Proposal.hidden_at.is_not(None)).limit(1))
            services.decide("proposal", proposal_id, Decision(
                hide=False, account=ActionKind.BLOCK, length=Length.OPEN, rule=Rule.ADVERTISING,
                reason=blocked["reason"]), by=by)


def _user(name: str) -> User:
    return db.session.scalars(sa.select(User).filter_by(sign_in_name=name)).one()


def _report(paper: SampleProposal, comment: str, there: crowd.Crowd, who: str, rule: Rule, sentence: str):
    return lambda: services.report("comment", paper.comment_ids[comment], rule=rule, sentence=sentence,
                                   by=there.user(who))


def _decide(paper: SampleProposal, comment: str, there: crowd.Crowd, moderator: str, decision: Decision):
    return lambda: services.decide("comment", paper.comment_ids[comment], decision, seen=10**9,
                                   by=there.user(moderator))

"""Waiting work of the sample district besides reports: an appeal, requests to take texts down, words to watch for."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.comments.models import Comment
from civic_forum.kernel.base import db
from civic_forum.moderation import services
from civic_forum.moderation.models import ModerationAction
from civic_forum.moderation.queries import takedowns
from civic_forum.moderation.rules import Ground

from . import crowd
from .proposals import SampleProposal
from .timeline import TimelineEvent

WORDS = ("대출 상담", "진짜 혜택", "오늘 마감")
WORDS_SINCE = timedelta(days=60)
APPEALED = ("hidden-site", "c224", "화가 나서 거칠게 적었지만 누구를 겁주려던 말이 아니에요. 현장 이야기는 남겨 주세요.",
            timedelta(hours=20))
"""(proposal, comment, what its author says, how long before loading)"""
ASKED = (
    ("doksanro-walk", "c052", Ground.DEFAMATION, "제가 신청을 막았다고 읽혀요. 사실이 아니니 가려 주세요.",
     "concerned1@example.org", None, timedelta(hours=9)),
    ("formal-daycare", "c244", Ground.PRIVACY, "점검 결과를 보면 어느 어린이집인지 알 수 있어요. 가려 주세요.",
     "concerned2@example.org", "점검받은 어린이집이 어디인지 드러날 수 있어요.", timedelta(hours=40)),
)
"""(proposal, comment, ground, text, contact, why it was blocked if it was, how long before loading)"""
BLOCKED_AFTER = timedelta(hours=3)


def happenings(papers: dict[str, SampleProposal], loaded: datetime, there: crowd.Crowd) -> list[TimelineEvent]:
    key, comment, text, before = APPEALED
    made = [TimelineEvent(loaded - before, 2, _appeal(papers[key], comment, text)),
            TimelineEvent(loaded - WORDS_SINCE, 2, lambda: [services.add_word(word, by=there.user("moderator1"))
                                                        for word in WORDS])]
    for number, (key, comment, ground, text, contact, reason, before) in enumerate(ASKED):
        asked = _ask(papers[key], comment, ground, text, contact, f"{number:032x}")
        made.append(TimelineEvent(loaded - before, 2, asked))
        if reason:
            made.append(TimelineEvent(loaded - before + BLOCKED_AFTER, 2, _block(number, reason, there)))
    return made


def _appeal(paper: SampleProposal, comment: str, text: str):
    def appeal() -> None:
        id_ = paper.comment_ids[comment]
        action_id = db.session.scalar(sa.select(ModerationAction.id).filter_by(
            subject_kind="comment", subject_id=id_, ended_at=None))
        author = db.session.get_one(User, db.session.get_one(Comment, id_).author_id)
        services.appeal(action_id, text=text, by=author)
    return appeal


def _ask(paper: SampleProposal, comment: str, ground: Ground, text: str, contact: str, form_key: str):
    return lambda: services.ask_takedown(form_key, "comment", paper.comment_ids[comment], ground=ground, text=text,
                                         contact=contact)


def _block(number: int, reason: str, there: crowd.Crowd):
    return lambda: services.block_takedown(takedowns.by_form_key(f"{number:032x}").id, reason=reason,
                                           by=there.user("moderator1"))

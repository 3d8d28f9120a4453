"""Public notices on a vote, and alarms of a box in words: what is amiss is for everybody to read, not for a log."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language, _, _l, speaking
from civic_forum.platform.work import Work

from ..events import VoteNoticed
from ..models import BallotBox, VoteNotice

KIND = "alarm"
CLEAN = {"damaged": 0, "foreign": 0, "ledger": 1, "lost": 0, "missing": 0, "sheets": 0}
"""Figures of a box with which all is as it should be."""
SAYS = {
    "damaged": _l("열 수 없거나 예전 것으로 바뀐 투표가 %(number)s개 있어요."),
    "foreign": _l("명부에 없는 줄이 투표함에 %(number)s개 있어요. 세지 않아요."),
    "ledger": _l("열쇠 곁의 장부가 없어서, 없어진 투표가 있어도 알 수 없어요."),
    "lost": _l("확인증을 준 투표지 가운데 %(number)s개가 없어졌어요. 확인증 파일이 있으면 증거가 돼요."),
    "missing": _l("투표한 사람 가운데 %(number)s명의 투표가 없어졌어요."),
    "sheets": _l("종이 %(number)s장의 기록이 투표함과 달라요."),
}


def sentence(figures: Mapping[str, int]) -> str:
    """A sentence for each figure that is amiss; empty where none is."""
    return " ".join(str(SAYS[name]) % {"number": f"{figures[name]:,}"} for name in SAYS
                    if figures.get(name, CLEAN[name]) != CLEAN[name])


def decided_by(box: BallotBox) -> str:
    """Sentence of a notice on those who decided: in a rehearsal one may do it alone."""
    return _("예행연습이라 담당관 한 명이 결정할 수 있어요.") if box.rehearsal else _("두 담당관이 함께 결정했어요.")


def announce(work: Work, subject: str, *, kind: str, title: str, text: str) -> VoteNotice:
    """A notice of whoever acts, and tell of it. `kind` is notice, correction (after the opening) or alarm."""
    notice = VoteNotice(subject=subject, kind=kind, title=title, text=text, at=work.at,
                        by_id=work.actor and work.actor.id)
    work.session.add(notice)
    work.session.flush()
    work.emit(VoteNoticed(subject, notice.id))
    return notice


def publish(box: BallotBox, at: datetime, text: str = "", figures: Mapping[str, int] = CLEAN) -> None:
    """A notice on the page of the vote, inside the caller's transaction; what stands there already is not repeated."""
    with speaking(Language.KO):  # for everybody, whatever language whoever closes the box reads
        title, text = _("투표함에 이상이 있어요"), " ".join(filter(None, (text, sentence(figures))))
    known = sa.select(VoteNotice.id).filter_by(subject=box.subject, kind=KIND, text=text).limit(1)
    if text and db.session.scalar(known) is None:
        db.session.add(VoteNotice(subject=box.subject, kind=KIND, title=title, text=text, at=at))

"""Votes that observers watch now, with the next step of each for one of them."""

from civic_forum.accounts.models import User
from civic_forum.platform.i18n import _, end_day

from .. import voted
from ..models import BallotBox
from ..officials import queries as answered
from ..policy import may_observe
from . import queries
from .rules import Observer


def on_own_page(user: User) -> dict[str, object] | None:
    """Section of one's own page; None for whoever is no observer."""
    if may_observe(user) is not None:
        return None
    boxes = queries.to_watch()
    votes = [(vote.title, f"/votes/{box.id.hex()}/{'observation' if box.opened_at else 'observers'}",
              next_step(box, user)) for box, vote in zip(boxes, voted.gathered(boxes), strict=True)]
    return {"label": _("참관하는 투표"), "key": "observing", "place": 0, "open": True, "total": len(votes), "items": votes,
            "more": ("/votes/observers/key", _("열쇠 만들고 참관 신청하기"))}


def next_step(box: BallotBox, user: User) -> str:
    """The next thing that this observer does or waits for, in a few words."""
    if box.opened_at is None:
        ask = queries.ask_of(box.id, user.id)
        if ask is None:
            return _("참관을 신청할 수 있어요")
        is_named = Observer(ask.name, ask.public_key) in queries.observers(box)
        return _("참관인으로 정해졌어요. 투표가 열리기를 기다려요") if is_named else _("담당관이 참관인을 정하기를 기다려요")
    if box.closed_at is None:
        return _("기록 확인값을 보관해 주세요. %(day)s에 끝나요", day=end_day(box.closes_at, year=False))
    if box.recorded_at is None:
        return _("세고 기록을 만들기를 기다려요")
    return _("서명을 마쳤어요. 결과를 공개하기를 기다려요") if has_signed(box, user) else _("다시 세고 서명해 주세요")


def has_signed(box: BallotBox, user: User) -> bool:
    """True where they have nothing left to sign: with every key of theirs they said what they found or, where no key
    is known to be theirs, as many agreed as have to."""
    told, own = answered.told(box), queries.of_account(box, user)
    if not own:
        return told.agreed >= told.needed
    return all(watched.agrees is not None for watched in told.observers if watched.key in {mine.key for mine in own})

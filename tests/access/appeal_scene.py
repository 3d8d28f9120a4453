"""Acts with and without appeals, requests to take texts down, signals. The moderator of the cast acted on some of them;
another one on the rest."""

from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.moderation.services import appeals, cases
from civic_forum.moderation.services.takedowns import ask_takedown, block_takedown, decide_takedown
from civic_forum.moderation.models import ModerationAction, Signal, WatchedWord
from civic_forum.moderation.queries import takedowns
from civic_forum.moderation.rules import Ground, SignalKind
from tests.factories import saved
from tests.moderation.acts import acted

from .things import Thing

WHY, DECISION = "광고가 아니라 동네 소식이에요.", "다시 읽어 보니 원칙을 어기지 않았어요."


def add(scene) -> None:
    author, moderator = scene.people["author"], scene.people["moderator"]
    other, third = scene.town.moderator(), scene.town.moderator()
    thread_id = scene.things["answered"].path["thread_id"]

    def comment() -> Comment:
        return saved(Comment(thread_id=thread_id, author_id=author.id, stance=Stance.NOTE, at=clock.now(),
                             source="시장에서 행사가 있어요.", html="<p>시장에서 행사가 있어요.</p>"))

    def act(name: str, by, appeal: bool = False) -> ModerationAction:
        made = acted(by, "comment", comment().id)
        appeal_id = appeals.appeal(made.id, text=WHY, by=author).id if appeal else 999_999
        scene.things[name] = Thing({"action_id": made.id, "appeal_id": appeal_id})
        return made

    act("act", other)
    ended = act("act_ended", other)
    cases.take_back(ended.id, by=third)
    act("appeal", other, appeal=True)
    act("appeal_own_act", moderator, appeal=True)
    act("appeal_decided", other, appeal=True)
    appeals.decide_appeal(scene.things["appeal_decided"].path["appeal_id"], upheld=False, decision=DECISION, by=third)
    scene.things["no_act"] = Thing({"action_id": 999_999, "appeal_id": 999_999})

    def request(name: str, key: str, blocked_by=None) -> int:
        made = ask_takedown(key * 32, "comment", comment().id, ground=Ground.PRIVACY, text=WHY,
                            contact="concerned@example.org")
        if blocked_by:
            block_takedown(made.id, reason="사는 곳이 드러나요.", by=blocked_by)
        scene.things[name] = Thing({"takedown_id": made.id, "number": takedowns.number(made)})
        return made.id

    request("request", "a")
    request("request_blocked", "b", other)
    request("request_own_block", "c", moderator)
    decided = request("request_decided", "d", other)
    decide_takedown(decided, granted=True, decision=DECISION, by=third)
    scene.things["no_request"] = Thing({"takedown_id": 999_999, "number": "999999-ABCDEFGH"})
    noticed = saved(Signal(kind=SignalKind.MANY_LINKS, subject_kind="comment", subject_id=comment().id, at=clock.now(),
                           text_hash="0" * 32))
    scene.things["signal"] = Thing({"signal_id": noticed.id})
    scene.things["no_signal"] = Thing({"signal_id": 999_999})
    word = saved(WatchedWord(word="대출", added_by_id=moderator.id, added_at=clock.now()))
    scene.things["word"] = Thing({"word_id": word.id})
    scene.things["no_word"] = Thing({"word_id": 999_999})
    db.session.commit()

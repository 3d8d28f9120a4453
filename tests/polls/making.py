"""Polls, ready-made, for the tests of everything that needs one."""

from copy import deepcopy
from datetime import timedelta
from itertools import count

from civic_forum.kernel import clock
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import local
from civic_forum.polls.models import Poll
from civic_forum.polls.services import making

_number = count(1)
BINDING = "이 투표는 주민투표법에 따른 주민투표가 아니에요. 가장 많은 표를 받은 안으로 설계를 시작해요."


def entry(**facts) -> dict:
    """A poll as a file describes it: three options, one choice, open from now for a week, for residents."""
    now = clock.now()
    return deepcopy({
        "slug": f"vote-{next(_number)}", "title": "빈터를 무엇으로 쓸까요?",
        "question": "산기슭도로 옆 빈터를 무엇으로 쓰면 좋을까요? 하나만 골라 주세요.",
        "description": "오래 비어 있던 땅이에요.", "kind": "choose_one", "max_choices": 1,
        "eligibility": {"who": ["구민"], "label": "금천구에 사는 사람 누구나", "check": "verified",
                        "roll_fixed_on": local(now - timedelta(days=7)).date().isoformat()},
        "opens_at": (now - timedelta(minutes=1)).isoformat(timespec="seconds"),
        "closes_at": (now + timedelta(days=7)).isoformat(timespec="seconds"),
        "binding": BINDING, "publishes": "totals",
        "options": [{"number": 1, "title": "텃밭", "text": "한 집에 두 평씩 가꿔요.", "cost": 42000},
                    {"number": 2, "title": "주차장", "text": "아홉 면을 만들어요.", "cost": 58000},
                    {"number": 3, "title": "놀이터", "text": "흙 놀이터를 만들어요."}],
    } | facts)


def options(how_many: int) -> list[dict]:
    return [{"number": number, "title": f"{number}번 사업", "text": "동네에 필요한 일이에요."}
            for number in range(1, how_many + 1)]


def poll(town, *, by=None, **facts) -> Poll:
    """A poll that is announced; `facts` are names of the entry. `by` is the moderator who makes it."""
    made = making.create(entry(**facts), by=by or town.moderator())
    db.session.refresh(made)
    return made


def unannounced(town, *, by=None, **facts) -> Poll:
    return poll(town, by=by, state="preparing", **facts)

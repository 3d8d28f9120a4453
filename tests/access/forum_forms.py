"""What a person sends who fills a form of a forum in as it is meant."""

from datetime import timedelta
from io import BytesIO
from secrets import token_hex

from civic_forum.kernel import clock
from civic_forum.kernel.i18n import local
from tests.attachments import making

from .scene import PASSWORD

WHY = "다른 분 말씀을 끊었어요."


def _typed(later: timedelta) -> str:
    return local(clock.now() + later).strftime("%Y-%m-%dT%H:%M")


def _live(**fields: str):
    """A form of a running forum: what it sends is applied once."""
    return lambda _scene, _actor: fields | {"key": token_hex(16)}


def begin(_scene, _actor: str) -> dict:
    return {"slug": "shade", "title": "나무 그늘 공론장", "question": "그늘을 어디에 더할까요?", "place": "구청 대강당",
            "starts_at": _typed(timedelta(days=9)), "ends_at": _typed(timedelta(days=9, hours=2))}


def part(scene, actor: str) -> dict:
    return begin(scene, actor) | {"on_site_places": "30", "online_places": "100"}


def document(_scene, _actor: str) -> dict:
    return {"file": (BytesIO(making.jpeg()), "발제.jpg"), "description": "밤 골목 사진"}


def enrolment(scene, _actor: str) -> dict:
    return {"sign_in_name": scene.people["user"].sign_in_name, "way": "online"}


LIVE = {
    "captions": {"text": "들리시나요?"}, "captions/<caption_id>": {"text": "잘 들리시나요?"},
    "chat": {"text": "잘 들려요."}, "chat/order": {"open": "1", "slow": "10"},
    "chat/<message_id>/hiding": {"why": WHY}, "chat/<message_id>/hiding/end": {},
    "decisions": {"text": "가지를 치기로 했어요."}, "decisions/<decision_id>": {"text": "가지부터 치기로 했어요."},
    "decisions/<decision_id>/removal": {},
    "floor/calls": {}, "floor/calls/out-of-order": {"why": "몸이 불편하셔서 먼저 모셔요."},
    "floor/moves": {"to": "1", "why": "몸이 불편하셔서 먼저 모셔요."}, "floor/passes": {"why": "absent"},
    "floor/requests": {"topic": "앉을 데가 없어요"}, "floor/requests/typed": {"name": "장미 할머니", "topic": "의자"},
    "floor/settings": {"seconds": "120"}, "floor/turns": {"name": "도로과", "role": "official", "topic": "등"},
    "floor/turns/ends": {}, "floor/turns/extensions": {"seconds": "60"}, "floor/withdrawals": {},
    "mutes": {"reason": WHY, "minutes": "10"}, "mutes/<mute_id>/end": {},
    "programme/starts": {}, "programme/extensions": {"minutes": "5"}, "programme/ends": {},
    "pulses": {"text": "밤길이 편한가요?", "kind": "yes_no_unsure"}, "pulses/<pulse_id>/answers": {"value": "yes"},
    "pulses/hands": {"table": "", "yes": "3", "no": "1", "unsure": "0"},
    "pulses/<pulse_id>/words": {"word": "밤", "why": WHY}, "pulses/<pulse_id>/end": {},
    "questions": {"text": "등은 언제 고치나요?"}, "questions/typed": {"name": "장미 할머니", "text": "의자는요?"},
    "questions/<question_id>/supports": {}, "questions/<question_id>/group": {}, "questions/<question_id>/group/end": {},
    "questions/<question_id>/answer": {"answered_by": "도로과", "answer": "다음 달에 고쳐요."},
    "questions/<question_id>/answer/end": {}, "questions/<question_id>/hiding": {"why": WHY},
    "questions/<question_id>/hiding/end": {}, "screen": {"document": ""},
    "tables": {"name": "역 뒤", "places": "8", "way": "", "host_account": "", "host_name": "이끔이"}, "tables/<number>": {"name": "역 앞", "places": "8", "way": "", "host_account": "", "host_name": "이끔이"},
    "tables/<number>/removal": {}, "tables/making": {"size": "8"}, "tables/question": {"question": "무엇부터 바꿀까요?"},
    "tables/seating": {"how": "random", "who": "came"}, "tables/opening": {"minutes": "30"}, "tables/closing": {},
    "tables/projection": {"number": "1"}, "tables/seat": {"number": "1"}, "tables/leaving": {},
    "tables/<number>/people": {"to": ""}, "tables/<number>/without-device": {"number": "2"},
    "tables/<number>/notes": {"text": "앉을 곳"}, "tables/<number>/paper-notes": {"text": "안즐 곳"},
    "tables/<number>/messages": {"text": "반가워요"}, "tables/<number>/result": {"result": "의자를 놓아요."},
    "tables/<number>/arrangement": {"do": "make", "title": "쉴 곳"},
    "arrivals": {}, "closing": {}, "opening": {}, "registration/consent": {"given": "yes"}, "registration/withdrawal": {},
    "registration": {"way": "online", "words": "", "age_group": "", "neighbourhood": ""},
    "minutes": {}, "minutes/corrections": {"place": "정한 것", "was": "가려진 등", "becomes": "가려진 등과 꺼진 등"},
    "minutes/corrections/<correction_id>": {"verdict": "decline", "reply": "자막과 견주어 보니 맞게 적혀 있어요."},
    "minutes/versions": {"note": "잘못 적힌 곳을 고쳤어요."},
    "minutes/signature": {"seen": "1", "password": PASSWORD},
}
FORMS = {
    "/desk/forums/new": begin, "/desk/forums/<slug>/<part>": part, "/desk/forums/<slug>/documents": document,
    "/desk/forums/<slug>/duties": {"duty": "panel", "name": "별밤지기", "about": "독산2동", "topic": "밤길"},
    "/desk/forums/<slug>/enrolments": enrolment,
    "/desk/forums/<slug>/items": {"title": "정리", "minutes": "10", "text": ""},
    "/desk/forums/<slug>/items/<number>": {"title": "인사", "minutes": "5", "text": ""},
    "/desk/forums/<slug>/items/<number>/moves": {"to": "2"},
    "/desk/forums/<slug>/registrations/<registration_id>": {"reason": WHY},
    "/desk/forums/<slug>/registrations/<registration_id>/withdrawals": {"reason": WHY},
    "/desk/forums/<slug>/season": {"understood": "y"},
} | {f"/forums/<slug>/{rule}": _live(**fields) for rule, fields in LIVE.items()}

ALWAYS = {"floor/calls": "seen", "floor/calls/out-of-order": "request why seen", "floor/moves": "request to why",
          "floor/passes": "request why", "floor/turns": "seen duty name role topic", "floor/turns/ends": "turn",
          "floor/turns/extensions": "turn seconds", "floor/settings": "open seconds", "mutes": "person reason minutes",
          "floor/requests": "topic for_group group_size show_neighbourhood", "programme/starts": "item seen",
          "programme/extensions": "item minutes", "programme/ends": "item", "questions/<question_id>/group": "head",
          "captions": "text speaker", "decisions": "text department due_on", "tables/<number>/people": "person to",
          "decisions/<decision_id>": "text department due_on", "questions/typed": "name text table",
          "tables/<number>/arrangement": "do note group title", "registration": "way needs words age_group neighbourhood key"}
"""What of a form says more than what is filled in as it is meant."""
FIELDS = {
    "/desk/forums/new": "slug title question place starts_at ends_at",
    "/desk/forums/<slug>/<part>": "version title question programme_name label description agenda_slug",
    "/desk/forums/<slug>/documents": "version description", "/desk/forums/<slug>/duties": "version duty sign_in_name name "
    "about topic", "/desk/forums/<slug>/enrolments": "sign_in_name way needs words",
    "/desk/forums/<slug>/items": "version title minutes text",
    "/desk/forums/<slug>/items/<number>": "version title minutes text",
    "/desk/forums/<slug>/items/<number>/moves": "version to",
    "/desk/forums/<slug>/registrations/<registration_id>": "reason",
    "/desk/forums/<slug>/registrations/<registration_id>/withdrawals": "reason",
} | {f"/forums/<slug>/{rule}": ALWAYS.get(rule) or " ".join(fields) for rule, fields in LIVE.items()
     if rule in ALWAYS or fields}
"""What is typed into each of them."""
BUTTONS = {f"/forums/<slug>/{rule}" for rule, fields in LIVE.items() if rule not in ALWAYS and not fields} | {
    f"/desk/forums/<slug>/{act}" for act in (
        "announcements", "openings", "season", "items/<number>/removals", "duties/<duty_id>/removals",
        "documents/<key>/removals")} | {"/forums/<slug>/<kind>/<row_id>/proposal"}
WHO = {rule: "moderator" for rule in FIELDS if rule.startswith("/desk/")} | {
    f"/forums/<slug>/{rule}": who for who, rules in {
        "resident": "chat questions tables/<number>/notes tables/<number>/messages registration minutes/corrections "
                    "tables/<number>/arrangement",
        "moderator": "floor/requests tables/<number>/people"}.items() for rule in rules.split()}
"""The author, who is the host, otherwise."""
ABOUT = {rule: "forum_finished" if "/minutes" in rule else "forum_announced" if "/items" in rule else
         "forum_calm" if rule.endswith("/pulses") else "forum_live" for rule in FIELDS if "<slug>" in rule}
ENDS = set(FIELDS)
ADDRESSES = ["/forums?stage={}", "/forums?after={}", "/forums/{}", "/f/{}", "/f?code={}", "/forums/forum-live/events?after={}",
             "/forums/forum-live/captions?after={}", "/forums/forum-live/chat?after={}",
             "/forums/forum-live/questions?after={}", "/forums/forum-live/questions?sort={}",
             "/forums/forum-finished/record?q={}", "/forums/forum-finished/record?at={}",
             "/forums/forum-finished/minutes?version={}", "/forums/forum-finished/minutes/changes?from={}",
             "/desk/forums/{}", "/desk/forums/forum-live/registrations?after={}",
             "/desk/forums/forum-live/registrations?place={}"]

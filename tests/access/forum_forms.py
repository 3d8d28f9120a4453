"""Forms of a forum, filled in as they are meant."""

from datetime import timedelta
from io import BytesIO
from secrets import token_hex

from civic_forum.platform import clock
from civic_forum.platform.i18n import local
from civic_forum.proposals.queries import records as proposals
from tests.attachments import making

from .form import Form
from .scene import PASSWORD

WHY = "다른 분 말씀을 끊었어요."


def _typed(later: timedelta) -> str:
    return local(clock.now() + later).strftime("%Y-%m-%dT%H:%M")


def live(**fields: str):
    """A form of a running forum: what it sends is applied once."""
    return lambda _scene, _actor: fields | {"key": token_hex(16)}


def begin(scene, actor: str) -> dict:
    """Of the own department, of the clerk's neighbourhood; of nobody's for the others."""
    departments = scene.people["official"].department_ids() if actor == "official" else ()
    places = scene.people["clerk"].neighbourhood_ids() if actor.startswith("clerk") else ()
    return {"form": "visit" if places else "forum", "department_id": next(map(str, departments), ""),
            "neighbourhood_id": next(map(str, places), ""), "slug": "shade", "title": "나무 그늘 공론장",
            "question": "그늘을 어디에 더할까요?", "place": "구청 대강당",
            "starts_at": _typed(timedelta(days=9)), "ends_at": _typed(timedelta(days=9, hours=2))}


def workshop(scene, actor: str) -> dict:
    """About what gathers support."""
    proposal = proposals.numbered(scene.things["gathering"].path["number"])
    return begin(scene, actor) | {"recording_note": "글로만 남겨요.", "chosen": str(proposal.id)}


def part(scene, actor: str) -> dict:
    return begin(scene, actor) | {"on_site_places": "30", "online_places": "100"}


def written_down(scene, actor: str) -> dict:
    return begin(scene, actor) | {"starts_at": _typed(timedelta(days=-3)), "came": "12", "heard-0-days": "7",
                                  "ends_at": _typed(timedelta(days=-3, hours=2)), "heard-0-text": "그늘이 적어요."}


def document(_scene, _actor: str) -> dict:
    return {"file": (BytesIO(making.jpeg()), "발제.jpg"), "description": "밤 골목 사진"}


ADDRESSES = ["/calendar?month={}", "/calendar?neighbourhood={}", "/calendar.ics?department={}",
             "/forums?stage={}", "/forums?form={}", "/forums?after={}", "/forums/{}", "/f/{}", "/f?code={}",
             "/forums/forum-live/events?after={}", "/forums/forum-live/captions?after={}",
             "/forums/forum-live/chat?after={}", "/forums/forum-live/questions?after={}",
             "/forums/forum-live/questions?sort={}",
             "/forums/forum-finished/record?q={}", "/forums/forum-finished/record?at={}",
             "/forums/forum-finished/minutes?version={}", "/forums/forum-finished/minutes/changes?from={}",
             "/desk/forums/{}", "/desk/forums/forum-live/registrations?after={}",
             "/desk/forums/forum-live/registrations?place={}", "/desk/window/acts/registration?forum={}"]
FORMS = [
    Form("/desk/forums/<slug>/<part>", "version title question programme_name label description about_kind agenda_slug",
         who="moderator", about="forum_live", given=part),
    Form("/desk/forums/<slug>/documents", "version description", who="moderator", about="forum_live", given=document),
    Form("/desk/forums/<slug>/duties", "version duty sign_in_name name about topic", who="moderator",
         about="forum_live", given={"duty": "panel", "name": "별밤지기", "about": "독산2동", "topic": "밤길"}),
    Form("/desk/forums/<slug>/copies", "title first_day", who="moderator", about="forum_finished",
         given={"title": "밤길을 다시 걸어 볼까요?", "first_day": "2031-01-06"}),
    Form("/desk/forums/<slug>/items", "version title minutes text", who="moderator", about="forum_announced",
         given={"title": "정리", "minutes": "10", "text": ""}),
    Form("/desk/forums/<slug>/items/<number>", "version title minutes text", who="moderator", about="forum_announced",
         given={"title": "인사", "minutes": "5", "text": ""}),
    Form("/desk/forums/<slug>/items/<number>/moves", "version to", who="moderator", about="forum_announced",
         given={"to": "2"}),
    Form("/desk/forums/<slug>/registrations/<registration_id>", "reason", who="moderator", about="forum_live",
         given={"reason": WHY}, refused=True),
    Form("/desk/forums/<slug>/registrations/<registration_id>/withdrawals", "reason", who="moderator",
         about="forum_live", given={"reason": WHY}),
    Form("/desk/forums/calls/<call_id>", "reason", who="moderator", about="forum_called", given={"reason": WHY}),
    Form("/desk/forums/<slug>/season", given={"understood": "y"}),
    Form("/desk/forums/new", "form department_id neighbourhood_id slug title question about_kind agenda_slug place "
         "starts_at ends_at", who="moderator",
         given=begin),
    Form("/desk/forums/workshop", "title question place starts_at ends_at recording_note", who="moderator",
         given=workshop),
    Form("/desk/forums/<slug>/agendas", "result-1", who="moderator", about="forum_live", given={
        "result-1": "그늘을 더해요."}, refused=True),
    Form("/desk/forums/record", "form department_id neighbourhood_id title question about_kind agenda_slug place "
         "starts_at ends_at came heard-0-text heard-0-answer heard-0-department heard-0-days", who="moderator",
         given=written_down),
    Form("/desk/forums/<slug>/record", "came heard-0-text", who="moderator", about="forum_announced",
         given={"heard-0-text": "그늘이 적어요."}, refused=True),
    Form("/forums/<slug>/arrivals", given=live()),
    Form("/forums/<slug>/captions", "text speaker", about="forum_live", given=live(text="들리시나요?")),
    Form("/forums/<slug>/captions/<caption_id>", "text", about="forum_live", given=live(text="잘 들리시나요?")),
    Form("/forums/<slug>/chat", "text", who="resident", about="forum_live", given=live(text="잘 들려요.")),
    Form("/forums/<slug>/chat/<message_id>/hiding", "why", about="forum_live", given=live(why=WHY)),
    Form("/forums/<slug>/chat/<message_id>/hiding/end", given=live()),
    Form("/forums/<slug>/chat/order", "open slow", about="forum_live", given=live(open="1", slow="10")),
    Form("/forums/<slug>/closing", given=live()),
    Form("/forums/<slug>/decisions", "text department due_on due_within", about="forum_live",
         given=live(text="가지를 치기로 했어요.")),
    Form("/forums/<slug>/decisions/<decision_id>", "text department due_on due_within", about="forum_live",
         given=live(text="가지부터 치기로 했어요.")),
    Form("/forums/<slug>/decisions/<decision_id>/removal", given=live()),
    Form("/forums/<slug>/consultation", "consultation", about="forum_calm", given=live(consultation="nowhere"),
         refused=True),
    Form("/forums/<slug>/consultation/end", given=live(), refused=True),
    Form("/forums/<slug>/consultation/results", given=live(), refused=True),
    Form("/forums/<slug>/floor/calls", "seen", about="forum_live", given=live()),
    Form("/forums/<slug>/floor/calls/out-of-order", "request why seen", about="forum_live",
         given=live(why="몸이 불편하셔서 먼저 모셔요.")),
    Form("/forums/<slug>/floor/moves", "request to why", about="forum_live",
         given=live(to="1", why="몸이 불편하셔서 먼저 모셔요.")),
    Form("/forums/<slug>/floor/passes", "request why", about="forum_live", given=live(why="absent")),
    Form("/forums/<slug>/floor/requests", "topic for_group group_size show_neighbourhood", who="moderator",
         about="forum_live", given=live(topic="앉을 데가 없어요")),
    Form("/forums/<slug>/floor/requests/typed", "name topic", about="forum_live",
         given=live(name="장미 할머니", topic="의자")),
    Form("/forums/<slug>/floor/settings", "open seconds", about="forum_live", given=live(seconds="120")),
    Form("/forums/<slug>/floor/turns", "seen duty name role topic", about="forum_live",
         given=live(name="도로과", role="official", topic="등")),
    Form("/forums/<slug>/floor/turns/ends", "turn", about="forum_live", given=live()),
    Form("/forums/<slug>/floor/turns/extensions", "turn seconds", about="forum_live", given=live(seconds="60")),
    Form("/forums/<slug>/floor/withdrawals", given=live()),
    Form("/forums/<slug>/minutes", given=live()),
    Form("/forums/<slug>/minutes/corrections", "place was becomes", who="resident", about="forum_finished",
         given=live(place="정한 것", was="가려진 등", becomes="가려진 등과 꺼진 등"), refused=True),
    Form("/forums/<slug>/minutes/corrections/<correction_id>", "verdict reply", about="forum_finished",
         given=live(verdict="decline", reply="자막과 견주어 보니 맞게 적혀 있어요.")),
    Form("/forums/<slug>/minutes/signature", "seen password", about="forum_finished",
         given=live(seen="1", password=PASSWORD), refused=True),
    Form("/forums/<slug>/minutes/versions", "note", about="forum_finished", given=live(note="잘못 적힌 곳을 고쳤어요.")),
    Form("/forums/<slug>/mutes", "person reason minutes", about="forum_live", given=live(reason=WHY, minutes="10")),
    Form("/forums/<slug>/mutes/<mute_id>/end", given=live()),
    Form("/forums/<slug>/opening", given=live()),
    Form("/forums/<slug>/programme/ends", "item", about="forum_live", given=live()),
    Form("/forums/<slug>/programme/extensions", "item minutes", about="forum_live", given=live(minutes="5")),
    Form("/forums/<slug>/programme/starts", "item seen", about="forum_live", given=live(), refused=True),
    Form("/forums/<slug>/pulses", "text kind", about="forum_calm", given=live(text="밤길이 편한가요?", kind="yes_no_unsure")),
    Form("/forums/<slug>/pulses/<pulse_id>/answers", "value", about="forum_live", given=live(value="yes")),
    Form("/forums/<slug>/pulses/<pulse_id>/end", given=live()),
    Form("/forums/<slug>/pulses/<pulse_id>/words", "word why", about="forum_live",
         given=live(word="밤", why=WHY), refused=True),
    Form("/forums/<slug>/pulses/hands", "table yes no unsure", about="forum_live",
         given=live(table="", yes="3", no="1", unsure="0")),
    Form("/forums/<slug>/questions", "text", who="resident", about="forum_live", given=live(text="등은 언제 고치나요?")),
    Form("/forums/<slug>/questions/<question_id>/answer", "answered_by answer", about="forum_live",
         given=live(answered_by="도로과", answer="다음 달에 고쳐요.")),
    Form("/forums/<slug>/questions/<question_id>/answer/end", given=live()),
    Form("/forums/<slug>/questions/<question_id>/group", "head", about="forum_live", given=live()),
    Form("/forums/<slug>/questions/<question_id>/group/end", given=live()),
    Form("/forums/<slug>/questions/<question_id>/hiding", "why", about="forum_live", given=live(why=WHY)),
    Form("/forums/<slug>/questions/<question_id>/hiding/end", given=live()),
    Form("/forums/<slug>/questions/<question_id>/supports", given=live()),
    Form("/forums/<slug>/questions/typed", "name text table", about="forum_live",
         given=live(name="장미 할머니", text="의자는요?")),
    Form("/forums/<slug>/registration", "way needs words age_group neighbourhood key", who="resident",
         about="forum_live", given=live(way="online", words="", age_group="", neighbourhood="")),
    Form("/forums/<slug>/registration/consent", "given", who="resident", about="forum_live", given=live(given="yes")),
    Form("/forums/<slug>/registration/withdrawal", given=live()),
    Form("/forums/<slug>/screen", "document", about="forum_live", given=live(document="")),
    Form("/forums/<slug>/tables", "name places way host_account host_name", about="forum_live",
         given=live(name="역 뒤", places="8", way="", host_account="", host_name="이끔이")),
    Form("/forums/<slug>/tables/<number>", "name places way host_account host_name", about="forum_live",
         given=live(name="역 앞", places="8", way="", host_account="", host_name="이끔이")),
    Form("/forums/<slug>/tables/<number>/arrangement", "do note group title", who="resident", about="forum_live",
         given=live(do="make", title="쉴 곳")),
    Form("/forums/<slug>/tables/<number>/messages", "text", who="resident", about="forum_live",
         given=live(text="반가워요")),
    Form("/forums/<slug>/tables/<number>/notes", "text", who="resident", about="forum_live", given=live(text="앉을 곳")),
    Form("/forums/<slug>/tables/<number>/statements", "note", about="forum_live", given=live(), refused=True),
    Form("/forums/<slug>/tables/<number>/paper-notes", "text", about="forum_live", given=live(text="안즐 곳")),
    Form("/forums/<slug>/tables/<number>/people", "person to", who="moderator", about="forum_live", given=live(to="")),
    Form("/forums/<slug>/tables/<number>/removal", given=live()),
    Form("/forums/<slug>/tables/<number>/result", "result", about="forum_live", given=live(result="의자를 놓아요.")),
    Form("/forums/<slug>/tables/<number>/without-device", "number", about="forum_live", given=live(number="2")),
    Form("/forums/<slug>/tables/closing", given=live()),
    Form("/forums/<slug>/tables/leaving", given=live()),
    Form("/forums/<slug>/tables/making", "size", about="forum_live", given=live(size="8"), refused=True),
    Form("/forums/<slug>/tables/opening", "minutes", about="forum_live", given=live(minutes="30"), refused=True),
    Form("/forums/<slug>/tables/projection", "number", about="forum_live", given=live(number="1")),
    Form("/forums/<slug>/tables/question", "question", about="forum_live", given=live(question="무엇부터 바꿀까요?")),
    Form("/forums/<slug>/tables/seat", "number", about="forum_live", given=live(number="1"), refused=True),
    Form("/forums/<slug>/tables/seating", "how who", about="forum_announced", given=live(how="random", who="came")),
    *map(Form, ("/desk/forums/<slug>/announcements", "/desk/forums/<slug>/documents/<key>/removals",
                "/desk/forums/<slug>/duties/<duty_id>/removals", "/desk/forums/<slug>/items/<number>/removals",
                "/desk/forums/<slug>/openings", "/forums/<slug>/<kind>/<row_id>/proposal")),
]

"""What a person sends who fills a form about a poll in as it is meant."""

from datetime import timedelta
from io import BytesIO
from secrets import token_hex

from civic_forum.ballots.queries import boxes
from civic_forum.kernel import clock
from civic_forum.kernel.i18n import local

PASSWORD = "seven grey herons"


def _moment(**later: float) -> str:
    at = local(clock.now() + timedelta(**later))
    return f"{at:%Y-%m-%dT%H:%M}"


def terms(_scene, _actor: str) -> dict:
    return {"version": "1", "kind": "choose_one", "max_choices": "1", "binding": "결과를 그대로 따라요.", "quorum": "",
            "publishes": "totals"}


def new_poll(_scene, _actor: str) -> dict:
    day = f"{local(clock.now()).date():%Y-%m-%d}"
    return {"title": "빈터를 무엇으로 쓸까요?", "question": "무엇이 좋을까요?", "slug": "another-lot", "kind": "choose_one",
            "max_choices": "1", "opens_at": _moment(days=3), "closes_at": _moment(days=9), "roll_fixed_on": day}


def cast(scene, _actor: str) -> dict:
    """A ballot for the vote that is open; any other says that it is another's form."""
    box = boxes.by_hex(scene.things["poll_open"].path["box"])
    return {"fingerprint": box.fingerprint.hex(), "form_key": token_hex(16), "revision": "00000000", "option": "1"}


FORMS = {
    "/desk/polls/new": new_poll,
    "/desk/polls/<slug>/<part>": terms,
    "/desk/polls/<slug>/options": {"version": "1", "title": "또 하나의 사업", "text": "동네에 필요해요."},
    "/desk/polls/<slug>/options/<number>": {"version": "1", "title": "다르게 부르는 사업", "text": "동네에 필요해요."},
    "/desk/polls/<slug>/options/<number>/moves": {"version": "1", "to": "2"},
    "/desk/polls/<slug>/options/<number>/removals": {"version": "1"},
    "/desk/polls/<slug>/options/<number>/picture-removals": {"version": "1"},
    "/desk/polls/<slug>/notices": {"title": "설명회를 열어요", "text": "토요일 오후에 열어요."},
    "/desk/polls/<slug>/outcome": lambda _scene, _actor: {"at": _moment(hours=0), "step": "구의회 심의", "text": "그대로 통과했어요."},
    "/desk/polls/<slug>/rehearsals": lambda scene, _actor: {"hours": "2", "names": scene.people["resident"].sign_in_name},
    "/desk/polls/<slug>/roll/imports": lambda _scene, _actor: {
        "file": (BytesIO("name,birth_date,neighbourhood\n박민서,1980-01-02,시흥1동\n".encode()), "roll.csv")},
    "/desk/polls/<slug>/roll/answers/<objection_id>": {"text": "명부에 넣었어요."},
    "/desk/polls/<slug>/roll/corrections": lambda scene, _actor: {
        "name": scene.people["user"].sign_in_name, "what": "add", "reason": "주소를 늦게 확인했어요."},
    "/desk/election-seasons": {"name": "대통령선거", "first_day": "2031-01-02", "last_day": "2031-03-09"},
    "/desk/votes/<box>/proposals/<proposal>/confirmation": {"password": PASSWORD, "note": "복사본은 없어요."},
    "/polls/<slug>/casts": cast,
    "/polls/<slug>/roll/objections": {"text": "명부에 제 이름이 없어요."},
    "/kiosk": {"code": "12345678"},
    "/receipts/checks": {"receipt": "{}"},
}

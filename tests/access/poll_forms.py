"""Forms about a poll, filled in as they are meant."""

from datetime import timedelta
from io import BytesIO
from secrets import token_hex

from civic_forum.accounts.models import User
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.box import voters
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local

from .form import Form

PASSWORD = "seven grey herons"


def _moment(**later: float) -> str:
    at = local(clock.now() + timedelta(**later))
    return f"{at:%Y-%m-%dT%H:%M}"


def terms(_scene, _actor: str) -> dict:
    return {"version": "1", "kind": "choose_one", "max_choices": "1", "binding": "결과를 그대로 따라요.", "quorum": "",
            "quorum_missed": "void", "publishes": "totals"}


def new_poll(scene, actor: str) -> dict:
    day = f"{local(clock.now()).date():%Y-%m-%d}"
    departments = scene.people["official"].department_ids() if actor == "official" else ()
    return {"department_id": next(map(str, departments), ""), "title": "빈터를 무엇으로 쓸까요?",
            "question": "무엇이 좋을까요?", "slug": "another-lot", "kind": "choose_one",
            "max_choices": "1", "opens_at": _moment(days=3), "closes_at": _moment(days=9), "roll_fixed_on": day}


def cast(scene, actor: str, about: str = "poll_open") -> dict:
    """A ballot for the vote that is open, on a form of somebody who has not voted yet."""
    box, user = boxes.by_hex(scene.things[about].path["box"]), scene.people.get(actor)
    keys = keyring.box_keys(box.id)
    state = voters.state_of(keys, keys.row_key(box.id, identities.of_account(user.id if user else 0)), None)
    return {"fingerprint": box.fingerprint.hex(), "form_key": token_hex(16), "state": state.hex(),
            "mine": token_hex(16), "option": "1"}


def roll(_scene, _actor: str) -> dict:
    return {"file": (BytesIO("name,birth_date,neighbourhood\n박민서,1980-01-02,시흥1동\n".encode()), "roll.csv")}


def roll_correction(scene, _actor: str) -> dict:
    member = db.session.get_one(User, scene.things["member"].path["user_id"])
    return {"name": member.sign_in_name, "what": "add", "reason": "주소를 늦게 확인했어요."}


ADDRESSES = [
    "/polls/{}", "/polls?stage={}", "/polls?after={}", "/polls/{}/ballot", "/polls/{}/record.zip",
    "/polls/{}/heads.json", "/polls/{}/counts.json", "/polls/{}/live.txt",
    "/polls/{}/proofs/{}.json", "/polls/{}/proofs/consistency.json?old={}&new={}", "/polls/{}/roll", "/receipts/{}",
    "/receipts?tracker={}", "/receipts/{}/{}.json", "/votes/{}/observation", "/votes/{}/objections", "/desk/votes/{}",
    "/desk/votes/{}/papers", "/desk/polls/{}", "/desk/polls/{}/options/{}", "/kiosk/{}", "/verifier/{}",
]
FORMS = [
    Form("/desk/election-seasons", "name first_day last_day", who="administrator",
         given={"name": "대통령선거", "first_day": "2031-01-02", "last_day": "2031-03-09"}),
    Form("/desk/polls/<slug>/<part>", "version kind max_choices binding quorum quorum_value quorum_residents "
         "quorum_source quorum_on quorum_missed publishes",
         who="moderator", about="poll_unannounced", given=terms, refused=True),
    Form("/desk/polls/<slug>/copies", "title first_day", who="moderator", about="poll_published",
         given={"title": "빈터를 올해는 무엇으로 쓸까요?", "first_day": "2031-01-06"}),
    Form("/desk/polls/<slug>/options/table", "version table", who="moderator", about="poll_unannounced",
         given={"version": "1", "table": "이름\t내용\n꽃밭\t이웃이 가꿔요."}),
    Form("/desk/polls/<slug>/notices", "title text", who="moderator", about="poll_open",
         given={"title": "설명회를 열어요", "text": "토요일 오후에 열어요."}),
    Form("/desk/polls/<slug>/options",
         "version title text cost cost_note neighbourhood proposal_number agenda_slug kind category department "
         "division sign_language_video title_en text_en picture_description", who="moderator", about="poll_unannounced",
         given={"version": "1", "title": "또 하나의 사업", "text": "동네에 필요해요."}),
    Form("/desk/polls/<slug>/options/<number>",
         "version title text cost neighbourhood proposal_number agenda_slug sign_language_video", who="moderator",
         about="poll_unannounced", given={"version": "1", "title": "다르게 부르는 사업", "text": "동네에 필요해요."}),
    Form("/desk/polls/<slug>/options/<number>/moves", "version to", who="moderator", about="poll_unannounced",
         given={"version": "1", "to": "2"}),
    Form("/desk/polls/<slug>/options/<number>/picture-removals", "version", who="moderator", about="poll_unannounced",
         given={"version": "1"}),
    Form("/desk/polls/<slug>/options/<number>/removals", "version", who="moderator", about="poll_unannounced",
         given={"version": "1"}),
    Form("/desk/polls/<slug>/rehearsals", "hours names", who="moderator", about="poll_unannounced",
         given=lambda scene, _actor: {"hours": "2", "names": scene.people["resident"].sign_in_name}),
    Form("/desk/polls/<slug>/roll/answers/<objection_id>", "text", who="moderator", about="poll_prepared",
         given={"text": "명부에 넣었어요."}),
    Form("/desk/polls/<slug>/roll/corrections", "name what reason", who="moderator", about="poll_prepared",
         given=roll_correction),
    Form("/desk/polls/<slug>/roll/imports", "file", who="moderator", about="poll_unannounced",
         given=roll, refused=True),
    Form("/desk/polls/new", "department_id title question slug kind max_choices opens_at closes_at roll_fixed_on",
         who="moderator", given=new_poll),
    Form("/desk/votes/<box>/proposals/<proposal>/confirmation", "seen note password code", who="moderator",
         about="poll_prepared", given={"password": PASSWORD, "note": "복사본은 없어요."}),
    Form("/kiosk", "code", who="visitor", given={"code": "12345678"}, refused=True),
    Form("/polls/<slug>/casts", "fingerprint form_key state mine option", who="resident", about="poll_open",
         given=cast),
    Form("/polls/<slug>/roll/objections", "text", about="poll_announced", given={"text": "명부에 제 이름이 없어요."}),
    *map(Form, ("/desk/election-seasons/<season_id>/removals", "/desk/polls/<slug>/announcements",
                "/desk/polls/<slug>/preparations", "/desk/polls/<slug>/roll/fixings", "/desk/polls/<slug>/season")),
]

"""What a person sends who fills a form in as it is meant: by the rule of its address."""

from collections.abc import Callable
from io import BytesIO
from secrets import token_hex

from pyotp import TOTP

from civic_forum.accounts import desk_numbers, totp
from civic_forum.kernel import clock
from tests.attachments import making

from . import agenda_forms, answer_forms, appeal_forms, award_table, budget_forms, export_table, forum_forms, notice_table, outcome_forms, poll_forms, report_forms, vote_desk_forms
from .scene import PASSWORD, REASON, Scene

NEW_PASSWORD = {"password": "eleven wet otters", "password_again": "eleven wet otters"}
IDENTITY = {"name": "이서연", "birth_date": "19800506", "evidence": "resident_card"}


def sign_up(_scene: Scene, _actor: str) -> dict:
    return NEW_PASSWORD | {"name": "newcomer1", "nickname": "새 이웃", "neighbourhood": "elsewhere", "age": "y",
                           "terms": "y", "privacy": "y"}


def sign_in(scene: Scene, _actor: str) -> dict:
    return {"name": scene.people["user"].sign_in_name, "password": PASSWORD}


def comment(_scene: Scene, _actor: str) -> dict:
    return {"text": "저도 그 길을 걸어 다녀요.", "stance": "for", "form_key": token_hex(16)}


def basics(_scene: Scene, _actor: str) -> dict:
    return {"key": token_hex(16), "version": "0", "title": "골목에 가로등을 달아 주세요", "category": "safety",
            "neighbourhood": "0", "go": "next"}


def writing(scene: Scene, actor: str) -> dict:
    text = "밤에 골목이 너무 어두워서 걷기 무서워요."
    return basics(scene, actor) | {"version": "1", "problem": text, "wish": text}


def picture(_scene: Scene, _actor: str) -> dict:
    return {"files": (BytesIO(making.jpeg()), "골목.jpg"), "descriptions": "어두운 골목"}


def letter(scene: Scene, _actor: str) -> dict:
    return {"name": "박지민", "birth_date": "19700102", "address": "금하로 00길 1",
            "neighbourhood": str(scene.town.neighbourhood().id)}


def resident_at_desk(scene: Scene, _actor: str) -> dict:
    place = scene.town.neighbourhood()
    return {"name": "홍길순", "birth_date": "19490301", "evidence": "resident_card", "account": "has", "kinds": "live",
            "desk_number": desk_numbers.shown(scene.people["user"].id, clock.now()).text, "neighbourhood": str(place.id)}


def grant(scene: Scene, _actor: str) -> dict:
    return {"sign_in_name": scene.people["user"].sign_in_name, "role": "moderator", "department": "",
            "neighbourhood": ""}


def profile(scene: Scene, _actor: str) -> dict:
    return {"nickname": "바뀐 별명", "mobile": "", "neighbourhood": str(scene.town.neighbourhood().id), "language": "ko"}


FORMS: dict[str, dict | Callable[[Scene, str], dict]] = {
    "/sign-up": sign_up,
    "/sign-in": sign_in,
    "/sign-in/code": lambda scene, _actor: {"code": TOTP(totp.readable(scene.careful.totp_secret)).now()},
    "/forgotten-password": {"who": "user@example.org"},
    "/password-resets/<code>": NEW_PASSWORD,
    "/reset-with-code": NEW_PASSWORD | {"name": "nobody", "code": "nothing"},
    "/me/profile": profile,
    "/me/email": {"email": "", "password": PASSWORD},
    "/me/password": NEW_PASSWORD | {"old": PASSWORD},
    "/me/download": {"password": PASSWORD},
    "/me/leaving": {"password": PASSWORD},
    "/me/second-factor": {"password": PASSWORD},
    "/me/second-factor/end": {"password": PASSWORD},
    "/me/second-factor/confirmation": {"code": "000000"},
    "/threads/<thread_id>/comments": comment,
    "/comments/<comment_id>/replies": comment,
    "/comments/<comment_id>/edit": comment,
    "/proposals/new": basics,
    "/proposals/drafts/<key>/<step>": writing,
    "/proposals/drafts/<key>/attachments": picture,
    "/proposals/<number>/edit": writing,
    "/proposals/<number>/withdrawal": {"reason": "다른 곳에서 해결됐어요."},
    "/proposals/<number>/return": {"reason": "전화번호를 지워 주세요."},
    "/reports/new": {"rule": "privacy", "sentence": "전화번호가 있어요."},
    "/me/residency/declarations": lambda scene, _actor: {"kind": "work", "place": str(scene.town.neighbourhood().id)},
    "/me/residency/letters": letter,
    "/desk/people": lambda scene, _actor: {"person": scene.people["user"].sign_in_name, "reason": REASON},
    "/desk/people/<user_id>/openings": {"reason": REASON},
    "/desk/people/<user_id>/names": {"reason": REASON},
    "/desk/people/<user_id>/codes": IDENTITY,
    "/desk/residents": resident_at_desk,
    "/desk/roles": grant,
} | agenda_forms.FORMS | answer_forms.FORMS | appeal_forms.FORMS | award_table.FORMS | export_table.FORMS | notice_table.FORMS | outcome_forms.FORMS | poll_forms.FORMS | (
    vote_desk_forms.FORMS) | report_forms.FORMS | forum_forms.FORMS | budget_forms.FORMS


def filled_in(rule: str, scene: Scene, actor: str) -> dict:
    form = FORMS.get(rule, {})
    return form(scene, actor) if callable(form) else form

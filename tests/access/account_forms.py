"""Forms about accounts, filled in as they are meant: one's own, and somebody's at the desk."""

from pyotp import TOTP

from civic_forum.accounts import desk_numbers, totp
from civic_forum.platform import clock

from .form import Form
from .scene import PASSWORD, REASON, Scene

NEW_PASSWORD = {"password": "eleven wet otters", "password_again": "eleven wet otters"}
IDENTITY = {"name": "이서연", "birth_date": "19800506", "evidence": "resident_card"}


def sign_up(_scene: Scene, _actor: str) -> dict:
    return NEW_PASSWORD | {"name": "newcomer1", "age": "y", "terms": "y", "privacy": "y"}


def sign_in(scene: Scene, _actor: str) -> dict:
    return {"name": scene.people["user"].sign_in_name, "password": PASSWORD}


def letter(scene: Scene, _actor: str) -> dict:
    return {"name": "박지민", "birth_date": "19700102", "address": "금하로 00길 1",
            "neighbourhood": str(scene.town.neighbourhood().id)}


def resident_at_desk(scene: Scene, _actor: str) -> dict:
    place = scene.town.neighbourhood()
    number = desk_numbers.shown(scene.people["user"].id, clock.now()).text
    return {"name": "홍길순", "birth_date": "19490301", "evidence": "resident_card", "account": "has", "kinds": "live",
            "desk_number": number, "neighbourhood": str(place.id)}


def grant(scene: Scene, _actor: str) -> dict:
    return {"sign_in_name": scene.people["user"].sign_in_name, "role": "moderator", "department": "",
            "neighbourhood": ""}


def profile(scene: Scene, _actor: str) -> dict:
    return {"nickname": "바뀐 별명", "mobile": "", "neighbourhood": str(scene.town.neighbourhood().id), "language": "ko"}


ADDRESSES = ["/sign-in?next={}", "/sign-up?next={}", "/once?next={}", "/display?text={}", "/display?language={}&back=/",
             "/display?look={}", "/display?text=xl&back={}", "/password-resets/{}", "/email-confirmations/{}",
             "/terms/{}", "/consents/{}", "/{}", "/static/{}",
             "/desk/people/1?access={}", "/desk/slips/{}", "/desk/audit?area={}",
             "/desk/audit?subject={}", "/desk/audit?actor={}", "/desk/audit?since={}", "/desk/audit?until={}",
             "/desk/audit?after={}", "/desk/audit?q={}", "/desk/audit?sort={}",
             "/desk/access-log?by={}", "/desk/access-log?user={}", "/desk/access-log?since={}",
             "/desk/access-log?what={}", "/desk/access-log?q={}", "/desk/access-log?sort={}",
             "/desk/roles?after={}", *(f"/desk/roles?{key}={{}}" for key in (
                 "role", "department", "neighbourhood", "q", "sort"))]
FORMS = [
    Form("/desk/letters/prints", "letter", who="clerk", about="letter"),
    Form("/desk/letters/postings", "letter", who="clerk", about="letter", refused=True),
    Form("/desk/second-clerk", "name birth_date evidence sign_in_name", who="clerk", given=IDENTITY, refused=True),
    Form("/desk/people", "person reason", who="administrator",
         given=lambda scene, _actor: {"person": scene.people["user"].sign_in_name, "reason": REASON}),
    Form("/desk/people/<user_id>/codes", "name birth_date evidence", who="administrator", about="member",
         given=IDENTITY),
    Form("/desk/people/<user_id>/names", "reason", who="administrator", about="member", given={"reason": REASON}),
    Form("/desk/people/<user_id>/openings", "reason", who="administrator", about="member", given={"reason": REASON}),
    Form("/desk/residents",
         "name birth_date evidence account kinds desk_number new_name nickname neighbourhood among decision",
         who="clerk", given=resident_at_desk),
    Form("/desk/roles", "sign_in_name role department neighbourhood", who="administrator", given=grant),
    Form("/forgotten-password", "who", who="visitor", given={"who": "user@example.org"}),
    Form("/me/download", "password", given={"password": PASSWORD}),
    Form("/me/email", "email password next", given={"email": "", "password": PASSWORD}),
    Form("/me/leaving", "password", given={"password": PASSWORD}),
    Form("/me/mobile", "code", refused=True),
    Form("/me/password", "old password", given=NEW_PASSWORD | {"old": PASSWORD}),
    Form("/me/passkeys", "name passkey", given={"name": "내 전화기"}, refused=True),
    Form("/me/passkeys/challenges", refused=True),
    Form("/providers/<key>", "wanted next kept", about="provider", given={"wanted": "resident"}, refused=True),
    Form("/me/profile", "nickname mobile neighbourhood language next", given=profile),
    Form("/me/residency/code", "code", who="resident", about="letter_code"),
    Form("/me/residency/declarations", "kind place",
         given=lambda scene, _actor: {"kind": "work", "place": str(scene.town.neighbourhood().id)}),
    Form("/me/residency/letters", "name birth_date address neighbourhood", given=letter),
    Form("/me/second-factor", "password", given={"password": PASSWORD}),
    Form("/me/second-factor/confirmation", "code", given={"code": "000000"}, refused=True),
    Form("/me/second-factor/end", "password code", given={"password": PASSWORD}),
    Form("/password-resets/<code>", "password", who="visitor", about="reset", given=NEW_PASSWORD),
    Form("/reset-with-code", "name code password", who="visitor", about="desk_code",
         given=NEW_PASSWORD | {"name": "nobody", "code": "nothing"}),
    Form("/sign-in", "name password next kept sign_up", who="visitor", given=sign_in),
    Form("/sign-in/code", "code next kept", who="visitor", about="half_way",
         given=lambda scene, _actor: {"code": TOTP(totp.readable(scene.careful.totp_secret)).now()}),
    Form("/sign-in/passkey", "passkey next kept", who="visitor", refused=True),
    Form("/sign-in/passkey/challenges", who="visitor", refused=True),
    Form("/sign-in/proof", "proof_password proof_code proof_target", given={"proof_password": PASSWORD}),
    Form("/sign-up/provider", "name age terms privacy next kept came sign_in", who="visitor", refused=True,
         given=lambda scene, actor: sign_up(scene, actor) | {"came": "nobody"}),
    Form("/sign-up", "name password passkey age terms privacy next kept sign_in", who="visitor", given=sign_up),
    Form("/sign-up/passkey/challenges", "name age terms privacy", who="visitor", refused=True),
    *map(Form, ("/desk/access-log/exports", "/desk/audit/exports", "/desk/roles/<grant_id>/withdrawals",
                "/email-confirmations/<code>", "/me/email/confirmations",
                "/me/mobile/codes", "/me/passkeys/<number>/removal", "/me/providers/<number>/removal",
                "/me/residency/declarations/<kind>/withdrawals",
                "/me/residency/letters/cancellations", "/me/sessions/<number>/end", "/me/sessions/others/end",
                "/me/staff-acts/read", "/sign-out")),
]

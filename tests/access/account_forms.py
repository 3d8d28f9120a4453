"""Forms about accounts, filled in as they are meant: one's own, and somebody's at the desk."""

from datetime import timedelta

from pyotp import TOTP

from civic_forum.accounts import desk_numbers, totp
from civic_forum.accounts.invitations.services import INVITING, subject_of
from civic_forum.desk.services import closing as closings
from civic_forum.desk.services import district as lists
from civic_forum.desk.services import first_day
from civic_forum.desk.services import settings as decisions
from civic_forum.desk.services import hand_overs
from civic_forum.district import queries
from civic_forum.district.rules import DistrictList
from civic_forum.platform import clock
from civic_forum.platform.i18n import local

from tests.picking import chosen

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


NAMED = {"name_ko": "새로 만든 과", "name_en": "New Department", "why": "새로 생긴 부서예요."}


def renamed(_scene: Scene, _actor: str) -> dict:
    return NAMED | {"name_ko": "이름이 바뀐 과", "seen": "0",
                    "from_day": (local(clock.now()).date() + timedelta(days=1)).isoformat()}


def closing(scene: Scene, _actor: str) -> dict:
    return {"successor": str(scene.town.department("이어받는 과").id), "from_day": renamed(scene, "")["from_day"],
            "why": NAMED["why"], "seen": "0"}


def moved(scene: Scene, _actor: str) -> dict:
    places = [entry.id for entry in queries.entries(DistrictList.DEPARTMENTS)]
    seen = places.index(scene.things["department"].path["entry_id"]) + 1
    return {"seen": str(seen), "to": str(seen + 1)}


def asked(scene: Scene, _actor: str) -> dict:
    """Fingerprint of what the page shows; who asked for it is the one who is turned away."""
    change = queries.change(scene.things["closing"].path["change_id"])
    return {"seen": closings.CLOSING.pending(lists.subject_of(change.id)).fingerprint.hex()}


def asked_to_change(scene: Scene, _actor: str) -> dict:
    change = queries.change(scene.things["changing"].path["change_id"])
    return {"seen": decisions.BOTH.pending(lists.subject_of(change.id)).fingerprint.hex()}


def done_alone(scene: Scene, _actor: str) -> dict:
    return {"seen": first_day.alone(scene.things["alone"].path["user_id"]).fingerprint.hex()}


def absent(_scene: Scene, _actor: str) -> dict:
    start = clock.now().date()
    return {"from_day": f"{start + timedelta(days=9)}", "until_day": f"{start + timedelta(days=11)}"}


def leaving(scene: Scene, _actor: str) -> dict:
    act = hand_overs.HAND_OVER.pending(f"user:{scene.things['leaves'].path['user_id']}")
    return {"seen": act.fingerprint.hex() if act else ""}


def invited(scene: Scene, _actor: str) -> dict:
    act = INVITING.pending(subject_of(scene.things["invited"].path["list_id"]))
    return {"seen": act.fingerprint.hex() if act else ""}


ADDRESSES = ["/sign-in?next={}", "/sign-up?next={}", "/once?next={}", "/display?text={}", "/display?language={}&back=/",
             "/display?look={}", "/display?text=xl&back={}", "/password-resets/{}", "/email-confirmations/{}",
             "/first/{}", "/invitations/{}", "/desk/invitations?role={}",
             "/terms/{}", "/consents/{}", "/{}", "/static/{}",
             "/desk/district/{}/new", "/desk/people/1?access={}", "/desk/slips/{}", "/desk/audit?area={}",
             "/desk/audit?subject={}", "/desk/audit?actor={}", "/desk/audit?since={}", "/desk/audit?until={}",
             "/desk/audit?after={}", "/desk/audit?q={}", "/desk/audit?sort={}",
             "/desk/access-log?by={}", "/desk/access-log?user={}", "/desk/access-log?since={}",
             "/desk/access-log?what={}", "/desk/access-log?q={}", "/desk/access-log?sort={}",
             "/desk/roles?after={}", *(f"/desk/roles?{key}={{}}" for key in (
                 "role", "department", "neighbourhood", "watched", "q", "sort"))]
FORMS = [
    Form("/desk/letters/prints", "letter", who="clerk", about="letter"),
    Form("/desk/letters/postings", "letter", who="clerk", about="letter", refused=True),
    Form("/desk/supports", "proposal name birth_date neighbourhood evidence sign_in_name", who="clerk",
         given=lambda scene, _actor: IDENTITY | chosen("proposal", scene.things["gathering"].path["number"]) | {
             "neighbourhood": str(scene.town.neighbourhood().id), "consent": "y"}),
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
    Form("/desk/roles", "sign_in_name role department neighbourhood is_head title ends_on",
         who="administrator", given=grant),
    Form("/desk/district/<of>", "names why", who="administrator", about="department",
         given={"names": NAMED["name_ko"], "why": NAMED["why"]}),
    Form("/desk/district/<of>/<entry_id>/names", "name_ko name_en name_zh from_day why seen", who="administrator",
         about="department", given=renamed),
    Form("/desk/district/<of>/<entry_id>/places", "seen to", who="administrator", about="department",
         given=moved),
    Form("/desk/district/<of>/<entry_id>/closing", "successor from_day why seen", who="administrator",
         about="department", given=closing),
    Form("/desk/district/changes/<change_id>/confirmations", "seen", who="administrator", about="closing",
         given=asked, refused=True),
    Form("/desk/district/changes/<change_id>/withdrawals", who="administrator", about="renamed"),
    Form("/desk/district/settings/<name>/changes", "text text_en text_zh from_day why standing seen",
         who="administrator",
         about="setting", given=lambda scene, _actor: {
             "text": "02-999-9999", "from_day": renamed(scene, "")["from_day"], "why": NAMED["why"], "seen": "0"}),
    Form("/desk/district/settings/<name>/confirmations", "seen", who="administrator", about="changing",
         given=asked_to_change, refused=True),
    Form("/desk/state/tests", "carrier", who="administrator", given={"carrier": "mail"}, refused=True),
    Form("/desk/first-day/<user_id>/confirmations", "seen", who="administrator", about="alone", given=done_alone,
         refused=True),
    Form("/desk/roles/people/<user_id>/leaving", who="administrator", about="leaves"),
    Form("/desk/roles/people/<user_id>/last-day", "ends_on", who="administrator", about="leaves",
         given=lambda _scene, _actor: {"ends_on": f"{clock.now().date() + timedelta(days=30)}"}),
    Form("/desk/roles/people/<user_id>/leaving/confirmations", "seen", who="administrator", about="leaves",
         given=leaving, refused=True),
    Form("/desk/roles/people/<user_id>/leaving/withdrawals", who="administrator", about="leaves"),
    Form("/desk/invitations", "name email role department neighbourhood is_head title ends_on", who="administrator",
         given={"name": "김초대", "email": "new@example.org", "role": "observer"}),
    Form("/desk/invitations/table", "table", who="administrator",
         given={"table": "이름,메일,부서,역할\n김하늘,haneul@example.org,,참관인"}),
    Form("/desk/invitations/<list_id>/confirmations", "seen", who="administrator", about="invited", given=invited,
         refused=True),
    Form("/desk/invitations/<list_id>/withdrawals", "invitation", who="administrator", about="invitation"),
    Form("/desk/absences/people/<user_id>", "from_day until_day deputy", who="administrator", about="leaves",
         given=absent),
    Form("/desk/absences/<absence_id>/removal", who="administrator", about="absence"),
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
    Form("/first/<token>", "name nickname email password", who="visitor", about="first_link",
         given=lambda scene, actor: sign_up(scene, actor) | {"nickname": "김하늘", "email": "first@example.org"}),
    Form("/invitations/<token>", "nickname name password age terms privacy", who="visitor", about="invitation",
         given=lambda scene, actor: sign_up(scene, actor) | {"nickname": "김하늘"}),
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

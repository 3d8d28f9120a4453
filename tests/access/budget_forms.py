"""What a person sends who fills a form about a budget round in as it is meant."""

from datetime import timedelta
from io import BytesIO
from secrets import token_hex

from civic_forum.ballots.queries import boxes
from civic_forum.district.rules import Category
from civic_forum.kernel import clock
from civic_forum.kernel.i18n import local

from .budget_scene import TRIAL

PASSWORD = "seven grey herons"


def project(_scene, _actor: str) -> dict:
    """Its envelope stands with the thing."""
    return {"key": token_hex(16), "version": "1", "title": "골목 쉼터", "text": "골목에 앉아 쉴 의자를 세 개 놓아요. 장을 보고 오는 길에 쉬어요.", "cost": "10000000",
            "category": Category.SAFETY.value, "note": "의자를 하나 줄였어요."}


def department(scene, _actor: str) -> dict:
    return {"department": str(scene.town.department("공원녹지과").id), "note": "공원에 놓는 사업이에요."}


def review(_scene, _actor: str) -> dict:
    return {"version": "1", "project_version": "1", "legal": "fine", "technical": "fine", "part_what": ["의자", ""],
            "part_won": ["7,000,000", ""], "text": "올해 안에 할 수 있는 사업이에요.", "verdict": "eligible", "running_cost": "200,000",
            "duration": "두 달", "reason_id": "", "do": "hand_in"}


def cast(scene, _actor: str) -> dict:
    """A ballot for the vote that is open; any other says that it is another's form."""
    box = boxes.by_hex(scene.things["round_open"].path["box"])
    return {"fingerprint": box.fingerprint.hex(), "form_key": token_hex(16), "revision": "00000000", "option": "1"}


def cast_all(scene, actor: str) -> dict:
    envelope = scene.things["round_open"].path["envelope"]
    return {"together": envelope} | {f"{envelope}.{name}": value for name, value in cast(scene, actor).items()}


def council(scene, _actor: str) -> dict:
    code = scene.things["project_chosen"].path["code"]
    return {"on": f"{local(clock.now()).date():%Y-%m-%d}", f"decision-{code}": "confirmed"}


def correction(scene, _actor: str) -> dict:
    about = scene.things["project_decided"].path
    return {"on": f"{local(clock.now()).date():%Y-%m-%d}", f"decision-{about['code']}": "dropped",
            f"reason-{about['code']}": "다른 사업과 겹쳐요.", "seen": about["seen"]}


def opening(scene, _actor: str) -> dict:
    about = scene.things["round_prepared"]
    return {f"seen-{about.path['envelope']}": about.form["seen"], "password": PASSWORD}


def moment(**later: float) -> str:
    return f"{local(clock.now() + timedelta(**later)):%Y-%m-%dT%H:%M}"


FORMS = {
    "/budgets/<slug>/<envelope>/casts": cast,
    "/budgets/<slug>/casts": cast_all,
    "/budgets/<slug>/<envelope>/roll/objections": {"text": "명부에 제 이름이 없어요."},
    "/budgets/<slug>/committee": lambda scene, _actor: {"project": scene.things["round_committee"].path["code"]},
    "/budgets/<slug>/projects/new": project,
    "/budgets/<slug>/projects/<code>/edit": project,
    "/budgets/<slug>/projects/<code>/withdrawal": {"reason": "다른 곳에서 해결됐어요."},
    "/budgets/<slug>/projects/<code>/merge": {"into": "A03", "note": "두 분이 함께 하기로 했어요."},
    "/budgets/<slug>/projects/<code>/second-look": {"text": "땅 주인이 동의했어요."},
    "/desk/budgets/new": {"title": "새 주민참여예산", "year": "2031", "slug": "new-round"},
    "/desk/budgets/<slug>/<part>": {"version": "1", "title": "다르게 부르는 주민참여예산", "year": "2031"},
    "/desk/budgets/<slug>/money": {"version": "1", "name": "동네 예산", "slug": "more-money", "amount": "5000000",
                                   "max_choices": "1", "min_votes": "0"},
    "/desk/budgets/<slug>/envelopes/<envelope>": {"version": "1", "name": "다르게 부르는 예산", "amount": "90000000",
                                                  "max_choices": "2", "min_votes": "0"},
    "/desk/budgets/<slug>/envelopes/<envelope>/removals": {"version": "1"},
    "/desk/budgets/<slug>/envelopes/<envelope>/groups": {"version": "1", "name": "가로등", "min_choices": "0",
                                                         "max_choices": "1"},
    "/desk/budgets/<slug>/envelopes/<envelope>/groups/<group_id>": {"version": "1", "name": "의자", "min_choices": "0",
                                                                    "max_choices": "1"},
    "/desk/budgets/<slug>/envelopes/<envelope>/groups/<group_id>/removals": {"version": "1"},
    "/desk/budgets/<slug>/exclusions": lambda scene, _actor: {
        "version": "1", "why": "같은 땅을 써요.", "codes": ["A01", "A02"]},
    "/desk/budgets/<slug>/exclusions/<exclusion_id>": lambda scene, _actor: {
        "version": "1", "why": "같은 길을 써요.", "codes": ["A01", "A02"]},
    "/desk/budgets/<slug>/exclusions/<exclusion_id>/removals": {"version": "1"},
    "/desk/budgets/<slug>/committee/members": lambda scene, _actor: {"name": scene.people["user"].sign_in_name},
    "/desk/budgets/<slug>/committee/paper": {"members": "9", "votes-A01": "5", "note": "구청 회의실에서 모였어요."},
    "/desk/budgets/<slug>/committee/additions": {"votes-A02": "3"},
    "/desk/budgets/<slug>/committee/annulments": {"reason": "표를 잘못 옮겨 적었어요."},
    "/desk/budgets/<slug>/notices": {"title": "설명회를 열어요", "text": "토요일 오후에 열어요."},
    "/desk/budgets/<slug>/council": council,
    "/desk/budgets/<slug>/council/<code>": correction,
    "/desk/budgets/<slug>/council/<code>/progress": {"after": "in_progress", "note": "땅을 팠어요."},
    "/desk/budgets/<slug>/opening/proposals": opening,
    "/desk/budgets/<slug>/opening/confirmations": opening,
    "/desk/budgets/<slug>/rolls/<envelope>/imports": lambda _scene, _actor: {
        "file": (BytesIO("name,birth_date,neighbourhood\n박민서,1980-01-02,시흥1동\n".encode()), "roll.csv")},
    "/desk/budgets/<slug>/rolls/<envelope>/answers/<objection_id>": {"text": "명부에 넣었어요."},
    "/desk/budgets/<slug>/rolls/<envelope>/corrections": lambda scene, _actor: {
        "name": scene.people["user"].sign_in_name, "what": "add", "reason": "주소를 늦게 확인했어요."},
    "/desk/reviews/<review_id>": review,
    "/desk/reviews/<review_id>/reassignments": department,
    "/desk/reviews/projects/<project_id>/assignments": department,
    "/desk/reviews/projects/<project_id>/opinions": department,
    "/desk/reviews/projects/<project_id>/conditions": {"note": "땅 주인의 글을 받았어요."},
    "/desk/reviews/second-looks/<look_id>": {"what": "decline", "answer": "땅 주인의 글이 아직 없어요."},
    "/desk/trials/new": lambda _scene, _actor: {"file": (BytesIO(TRIAL.encode()), "last.pb"), "slug": "another-trial",
                                                "title": "또 하나의 모의 선거"},
}

ROUND, AT_DESK, REVIEWS = "/budgets/<slug>", "/desk/budgets/<slug>", "/desk/reviews"
PURSE = f"{AT_DESK}/envelopes/<envelope>"
FIELDS = {
    f"{ROUND}/<envelope>/casts": "fingerprint form_key revision option",
    f"{ROUND}/casts": "together",
    f"{ROUND}/<envelope>/roll/objections": "text",
    f"{ROUND}/committee": "project then",
    f"{ROUND}/projects/new": "key proposal title envelope neighbourhood category kind text place scope cost cost_note",
    f"{ROUND}/projects/<code>/edit": "version title envelope category text place scope cost cost_note note",
    f"{ROUND}/projects/<code>/withdrawal": "reason",
    f"{ROUND}/projects/<code>/merge": "into note",
    f"{ROUND}/projects/<code>/second-look": "text",
    "/desk/budgets/new": "title year slug",
    f"{AT_DESK}/<part>": "version title year programme description title_en description_en eligibility_en binding_en",
    f"{AT_DESK}/money": "version name slug amount neighbourhood theme max_choices min_votes voters_of name_en",
    PURSE: "version name amount neighbourhood theme max_choices min_votes voters_of name_en",
    f"{PURSE}/removals": "version",
    f"{PURSE}/groups": "version name min_choices max_choices codes",
    f"{PURSE}/groups/<group_id>": "version name min_choices max_choices codes",
    f"{PURSE}/groups/<group_id>/removals": "version",
    f"{AT_DESK}/exclusions": "version why codes",
    f"{AT_DESK}/exclusions/<exclusion_id>": "version why codes",
    f"{AT_DESK}/exclusions/<exclusion_id>/removals": "version",
    f"{AT_DESK}/committee/members": "name",
    f"{AT_DESK}/committee/paper": "members votes-A01 note",
    f"{AT_DESK}/committee/additions": "votes-A02",
    f"{AT_DESK}/committee/annulments": "reason",
    f"{AT_DESK}/notices": "title text",
    f"{AT_DESK}/council": "on",
    f"{AT_DESK}/council/<code>": "on seen",
    f"{AT_DESK}/council/<code>/progress": "after note",
    f"{AT_DESK}/opening/proposals": "password",
    f"{AT_DESK}/opening/confirmations": "password",
    f"{AT_DESK}/rolls/<envelope>/imports": "file",
    f"{AT_DESK}/rolls/<envelope>/answers/<objection_id>": "text",
    f"{AT_DESK}/rolls/<envelope>/corrections": "name what reason",
    f"{REVIEWS}/<review_id>": "version project_version legal legal_text technical technical_text part_what part_won "
                              "duration running_cost running_cost_text conflicts text verdict condition reason_id reason do",
    f"{REVIEWS}/<review_id>/reassignments": "department note",
    f"{REVIEWS}/projects/<project_id>/assignments": "department note",
    f"{REVIEWS}/projects/<project_id>/opinions": "department note",
    f"{REVIEWS}/projects/<project_id>/conditions": "note",
    f"{REVIEWS}/second-looks/<look_id>": "what department answer",
    "/desk/trials/new": "file slug title about step round_slug",
}
WHO = {rule: "moderator" for rule in FIELDS if rule.startswith("/desk/")} | {
    f"{ROUND}/<envelope>/casts": "resident", f"{ROUND}/casts": "resident", f"{ROUND}/committee": "resident",
    f"{ROUND}/projects/<code>/merge": "moderator", f"{REVIEWS}/<review_id>": "official",
    f"{REVIEWS}/projects/<project_id>/conditions": "official", f"{AT_DESK}/opening/confirmations": "official"}
"""Who fills the form in; the author otherwise."""
ABOUT = dict.fromkeys(FIELDS, "round_collecting") | dict.fromkeys((f"{ROUND}/<envelope>/casts", f"{ROUND}/casts"), "round_open") | {
    f"{ROUND}/<envelope>/roll/objections": "round_prepared", f"{ROUND}/committee": "round_committee",
    f"{ROUND}/projects/<code>/second-look": "project_refused", f"{ROUND}/projects/<code>/merge": "project_in_review",
    f"{AT_DESK}/committee/members": "round_committee", f"{AT_DESK}/committee/paper": "round_committee",
    f"{AT_DESK}/committee/additions": "round_fixed", f"{AT_DESK}/committee/annulments": "round_fixed",
    f"{AT_DESK}/council": "project_chosen", f"{AT_DESK}/council/<code>": "project_decided",
    f"{AT_DESK}/council/<code>/progress": "project_decided",
    f"{REVIEWS}/<review_id>": "project_in_review", f"{REVIEWS}/<review_id>/reassignments": "project_in_review",
    f"{REVIEWS}/projects/<project_id>/assignments": "project_unassigned",
    f"{REVIEWS}/projects/<project_id>/opinions": "project_in_review",
    f"{REVIEWS}/projects/<project_id>/conditions": "project_eligible_if",
    f"{REVIEWS}/second-looks/<look_id>": "project_looked_at",
} | {rule: "round_prepared" for rule in FIELDS if "/opening/" in rule or "/rolls/" in rule}
BUTTONS = {f"{ROUND}/committee/reopenings", f"{AT_DESK}/announcements", f"{AT_DESK}/committee/fixings",
           f"{AT_DESK}/committee/members/<member>/removals", f"{AT_DESK}/lots", f"{AT_DESK}/preparations",
           f"{AT_DESK}/rolls/<envelope>/fixings", f"{AT_DESK}/season", "/desk/trials/<slug>/<what>"}
ADDRESSES = [
    "/budgets/{}", "/budgets/{}/ballot", "/budgets/{}/projects", "/budgets/no-such-round/{}/results",
    "/budgets/no-such-round/resident/results/{}", "/budgets/trials/{}", "/budgets/trials/trial-published/{}",
    "/budgets/{}/resident/heads.json", "/desk/budgets/{}", "/desk/budgets/{}/wording", "/desk/reviews?after={}",
    "/desk/reviews?what={}", "/budgets/trials?after={}",
]

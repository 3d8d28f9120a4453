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
    return {"key": token_hex(16), "version": "1", "title": "골목 쉼터", "text": "앉아 쉴 의자를 놓아요.", "cost": "10000000",
            "category": Category.SAFETY.value, "note": "의자를 하나 줄였어요."}


def department(scene, _actor: str) -> dict:
    return {"department": str(scene.town.department("공원녹지과").id), "note": "공원에 놓는 사업이에요."}


def review(_scene, _actor: str) -> dict:
    return {"version": "1", "project_version": "1", "legal": "fine", "technical": "fine", "part_what": ["의자", ""],
            "part_won": ["7,000,000", ""], "text": "할 수 있어요.", "verdict": "eligible", "running_cost": "200,000",
            "duration": "두 달", "reason_id": "", "do": "hand_in"}


def cast(scene, _actor: str) -> dict:
    """A ballot for the vote that is open; any other says that it is another's form."""
    box = boxes.by_hex(scene.things["round_open"].path["box"])
    return {"fingerprint": box.fingerprint.hex(), "form_key": token_hex(16), "revision": "00000000", "option": "1"}


def cast_all(scene, actor: str) -> dict:
    envelope = scene.things["round_open"].path["envelope"]
    return {"together": envelope} | {f"{envelope}.{name}": value for name, value in cast(scene, actor).items()}


def council(scene, _actor: str) -> dict:
    code = scene.things["round_published"].path["code"]
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

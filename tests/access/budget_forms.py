"""Forms about a budget round, filled in as they are meant."""

from datetime import timedelta
from io import BytesIO
from secrets import token_hex

from civic_forum.platform import clock
from civic_forum.platform.i18n import local
from tests.picking import chosen

from . import poll_forms
from .budget_scene import TRIAL
from .form import Form
from .poll_forms import roll, roll_correction

PASSWORD = "seven grey herons"


def project(_scene, _actor: str) -> dict:
    """Its envelope stands with the thing."""
    return {"key": token_hex(16), "version": "1", "title": "골목 쉼터", "cost": "10000000",
            "text": "골목에 앉아 쉴 의자를 세 개 놓아요. 장을 보고 오는 길에 쉬어요.", "category": "safety", "note": "의자를 하나 줄였어요."}


def department(scene, _actor: str) -> dict:
    return {"department": str(scene.town.department("공원녹지과").id), "note": "공원에 놓는 사업이에요."}


def given_out(scene, actor: str) -> dict:
    return department(scene, actor) | {"chosen": scene.things["project_unassigned"].path["project_id"]}


def review(_scene, _actor: str) -> dict:
    return {"version": "1", "project_version": "1", "legal": "fine", "technical": "fine", "part_what": ["의자", ""],
            "part_won": ["7,000,000", ""], "text": "올해 안에 할 수 있는 사업이에요.", "verdict": "eligible",
            "running_cost": "200,000", "duration": "두 달", "reason_id": "", "do": "hand_in"}


def cast(scene, actor: str) -> dict:
    return poll_forms.cast(scene, actor, "round_open")


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


ADDRESSES = [
    "/budgets/{}", "/budgets/{}/ballot", "/budgets/{}/projects", "/budgets/no-such-round/{}/results",
    "/budgets/no-such-round/resident/results/{}", "/budgets/trials/{}", "/budgets/trials/trial-published/{}",
    "/budgets/{}/resident/heads.json", "/desk/budgets/{}", "/desk/budgets/{}/wording", "/desk/reviews?after={}",
    "/desk/reviews?what={}", "/budgets/trials?after={}",
    *(f"/desk/trials?{key}={{}}" for key in ("state", "shown", "q", "sort", "after")),
]
FORMS = [
    Form("/budgets/<slug>/<envelope>/casts", "fingerprint form_key state mine option", who="resident",
         about="round_open",
         given=cast),
    Form("/budgets/<slug>/<envelope>/roll/objections", "text", about="round_prepared",
         given={"text": "명부에 제 이름이 없어요."}),
    Form("/budgets/<slug>/casts", "together", who="resident", about="round_open", given=cast_all),
    Form("/budgets/<slug>/committee", "project then", who="resident", about="round_committee",
         given=lambda scene, _actor: {"project": scene.things["round_committee"].path["code"]}),
    Form("/budgets/<slug>/projects/<code>/edit", "version title envelope category text place scope cost cost_note note",
         about="round_collecting", given=project),
    Form("/budgets/<slug>/projects/<code>/merge", "into note", who="moderator", about="project_in_review",
         given=chosen("into", "A03") | {"note": "두 분이 함께 하기로 했어요."}),
    Form("/budgets/<slug>/projects/<code>/second-look", "text", about="project_refused",
         given={"text": "땅 주인이 동의했어요."}),
    Form("/budgets/<slug>/projects/<code>/withdrawal", "reason", about="round_collecting",
         given={"reason": "다른 곳에서 해결됐어요."}),
    Form("/budgets/<slug>/projects/new",
         "key proposal title envelope neighbourhood category kind text place scope cost cost_note",
         about="round_collecting", given=project),
    Form("/desk/budgets/<slug>/<part>",
         "version title year programme description title_en description_en binding_en", who="moderator",
         about="round_collecting", given={"version": "1", "title": "다르게 부르는 주민참여예산", "year": "2031"}),
    Form("/desk/budgets/<slug>/committee/additions", "votes-A02", who="moderator", about="round_fixed",
         given={"votes-A02": "3"}),
    Form("/desk/budgets/<slug>/committee/annulments", "reason", who="moderator", about="round_fixed",
         given={"reason": "표를 잘못 옮겨 적었어요."}),
    Form("/desk/budgets/<slug>/committee/members", "name", who="moderator", about="round_committee",
         given=lambda scene, _actor: {"name": scene.people["user"].sign_in_name}),
    Form("/desk/budgets/<slug>/committee/paper", "members votes-A01 note", who="moderator", about="round_committee",
         given={"members": "9", "votes-A01": "5", "note": "구청 회의실에서 모였어요."}),
    Form("/desk/budgets/<slug>/council", "on", who="moderator", about="project_chosen", given=council),
    Form("/desk/budgets/<slug>/council/<code>", "on seen", who="moderator", about="project_decided", given=correction),
    Form("/desk/budgets/<slug>/council/<code>/progress", "after note", who="moderator", about="project_decided",
         given={"after": "in_progress", "note": "땅을 팠어요."}),
    Form("/desk/budgets/<slug>/envelopes/<envelope>",
         "version name amount neighbourhood theme max_choices min_votes voters_of residents name_en", who="moderator",
         about="round_collecting",
         given={"version": "1", "name": "다르게 부르는 예산", "amount": "90000000", "max_choices": "2", "min_votes": "0"}),
    Form("/desk/budgets/<slug>/envelopes/<envelope>/counting",
         "version rule order goes_on utility completion step fill", who="moderator", about="round_collecting",
         given={"version": "1", "rule": "greedy", "order": "votes", "goes_on": "skip"}),
    Form("/desk/budgets/<slug>/envelopes/<envelope>/groups", "version name min_choices max_choices codes",
         who="moderator", about="round_collecting",
         given={"version": "1", "name": "가로등", "min_choices": "0", "max_choices": "1"}),
    Form("/desk/budgets/<slug>/envelopes/<envelope>/groups/<group_id>", "version name min_choices max_choices codes",
         who="moderator", about="round_collecting",
         given={"version": "1", "name": "의자", "min_choices": "0", "max_choices": "1"}),
    Form("/desk/budgets/<slug>/envelopes/<envelope>/groups/<group_id>/removals", "version", who="moderator",
         about="round_collecting", given={"version": "1"}),
    Form("/desk/budgets/<slug>/envelopes/<envelope>/removals", "version", who="moderator", about="round_collecting",
         given={"version": "1"}, refused=True),
    Form("/desk/budgets/<slug>/exclusions", "version why codes", who="moderator", about="round_collecting",
         given=lambda scene, _actor: {"version": "1", "why": "같은 땅을 써요.", "codes": ["A01", "A02"]}),
    Form("/desk/budgets/<slug>/exclusions/<exclusion_id>", "version why codes", who="moderator",
         about="round_collecting",
         given=lambda scene, _actor: {"version": "1", "why": "같은 길을 써요.", "codes": ["A01", "A02"]}),
    Form("/desk/budgets/<slug>/exclusions/<exclusion_id>/removals", "version", who="moderator",
         about="round_collecting", given={"version": "1"}),
    Form("/desk/budgets/<slug>/money",
         "version name slug amount neighbourhood theme max_choices min_votes voters_of residents name_en",
         who="moderator", about="round_collecting",
         given={"version": "1", "name": "동네 예산", "slug": "more-money", "amount": "5000000", "max_choices": "1",
                "min_votes": "0"}),
    Form("/desk/budgets/<slug>/rehearsals", "hours names", who="moderator", about="round_prepared",
         given={"hours": "2", "names": ""}),
    Form("/desk/budgets/<slug>/copies", "title first_day", who="moderator", about="round_published",
         given={"title": "다음 해 주민참여예산", "first_day": "2031-01-06"}),
    Form("/desk/budgets/<slug>/money/table", "version table", who="moderator", about="round_unannounced",
         given={"version": "1", "table": "이름\t배정 금액(원)\n시흥5동\t30,000,000"}),
    Form("/desk/budgets/<slug>/notices", "title text", who="moderator", about="round_collecting",
         given={"title": "설명회를 열어요", "text": "토요일 오후에 열어요."}),
    Form("/desk/budgets/<slug>/opening/confirmations", "password", who="official", about="round_prepared",
         given=opening),
    Form("/desk/budgets/<slug>/opening/proposals", "password", who="moderator", about="round_prepared",
         given=opening, refused=True),
    Form("/desk/budgets/<slug>/rolls/<envelope>/answers/<objection_id>", "text", who="moderator",
         about="round_prepared", given={"text": "명부에 넣었어요."}),
    Form("/desk/budgets/<slug>/rolls/<envelope>/corrections", "name what reason", who="moderator",
         about="round_prepared",
         given=roll_correction),
    Form("/desk/budgets/<slug>/rolls/<envelope>/imports", "file", who="moderator", about="round_prepared",
         given=roll, refused=True),
    Form("/desk/budgets/new", "department_id title year slug", who="moderator", about="round_collecting",
         given={"title": "새 주민참여예산", "year": "2031", "slug": "new-round"}),
    Form("/desk/reviews/assignments", "chosen department", who="moderator", given=given_out),
    Form("/desk/reviews/<review_id>",
         "version project_version legal legal_text technical technical_text part_what part_won duration running_cost "
         "running_cost_text conflicts text verdict condition reason_id reason do", who="official",
         about="project_in_review", given=review),
    Form("/desk/reviews/<review_id>/reassignments", "department note", who="moderator", about="project_in_review",
         given=department),
    Form("/desk/reviews/projects/<project_id>/assignments", "department note", who="moderator",
         about="project_unassigned", given=department),
    Form("/desk/reviews/projects/<project_id>/conditions", "note", who="official", about="project_eligible_if",
         given={"note": "땅 주인의 글을 받았어요."}),
    Form("/desk/reviews/projects/<project_id>/opinions", "department note", who="moderator", about="project_in_review",
         given=department),
    Form("/desk/reviews/second-looks/<look_id>", "what department answer", who="moderator", about="project_looked_at",
         given={"what": "decline", "answer": "땅 주인의 글이 아직 없어요."}),
    Form("/desk/trials/new", "file slug title about committee committee_ballots step round_slug", who="moderator",
         about="round_collecting",
         given=lambda _scene, _actor: {"file": (BytesIO(TRIAL.encode()), "last.pb"), "slug": "another-trial",
                                       "title": "또 하나의 모의 선거"}),
    *map(Form, ("/budgets/<slug>/committee/reopenings", "/desk/budgets/<slug>/announcements",
                "/desk/budgets/<slug>/committee/fixings", "/desk/budgets/<slug>/committee/members/<member>/removals",
                "/desk/budgets/<slug>/preparations",
                "/desk/budgets/<slug>/rolls/<envelope>/fixings", "/desk/budgets/<slug>/season",
                "/desk/trials/<slug>/<what>")),
]

"""Forms about an answer, filled in as they are meant."""

from .form import Form

ANSWER = {"kind": "final", "outcome": "accepted", "text": "정류장 3곳에 의자를 놓아요.", "by_when": "2031-03-31",
          "cost": "740", "document_number": "교통행정과-4121", "dated_on": "2026-05-02", "disclosure": "open",
          "team": "교통시설팀", "phone": "02-000-0001"}


def short_form(scene, _actor: str) -> dict:
    return {"department": str(scene.town.department("공원녹지과").id), "note": "우리 부서 일이 아니라서 넘겨요.",
            "way": "body", "to": "서울교통공사", "asked": "어느 정류장인지 사진과 함께 알려 주세요.",
            "reason": "우리 구가 관리하는 곳이라 여기서 답변해요.", "evidence": "공사를 시작했어요."}


def passed_on(scene, _actor: str) -> dict:
    return {"department": str(scene.town.department("공원녹지과").id)}


def given_out(scene, _actor: str) -> dict:
    return {"chosen": scene.things["owed"].path["number"], "department": str(scene.town.department("공원녹지과").id)}


def sent_back(scene, _actor: str) -> dict:
    return {"back-seen": scene.things["awaiting"].form["seen"], "back-reason": "드는 돈이 빠졌어요."}


ADDRESSES = ["/desk?due={}", "/desk?kind={}", "/desk?after={}", "/answers/late?department={}",
             "/answers/late?after={}", "/answers/late?q={}", "/answers/late?sort={}",
             "/answers/{}/versions", "/desk/answers/{}"]
FORMS = [
    Form("/desk/answers/assignments", "chosen department note", who="moderator", given=given_out),
    Form("/answers/<answer_id>/understandings", "understood", about="declined", given={"understood": "yes"}),
    Form("/desk/answers/<number>",
         "kind outcome text reason by_when by_when_within cost document_number dated_on disclosure team phone seen",
         who="official",
         about="filed", given=ANSWER | {"do": "submit"}),
    Form("/desk/answers/<number>/<act>", "way to note", who="official", about="referral_filed", given=short_form),
    Form("/desk/answers/<number>/contact", "why-reason", who="official", about="filed",
         given={"why-reason": "어느 정류장인지 물어보려고 해요."}),
    Form("/desk/answers/<number>/send-backs", "back-reason back-seen", who="official", about="awaiting",
         given=sent_back),
    Form("/desk/answers/corrections/<answer_id>",
         "outcome text reason by_when by_when_within cost document_number dated_on team phone why", who="official",
         about="declined",
         given=ANSWER | {"why": "드는 돈을 잘못 적었어요"}),
    Form("/desk/answers/duties/<duty_id>", "text seen", who="official", about="duty_open",
         given={"text": "보안등 12개를 10월까지 달아요.", "do": "submit"}),
    Form("/desk/answers/duties/<duty_id>/department", "department", who="moderator", about="duty_open",
         given=passed_on),
    Form("/desk/answers/duties/<duty_id>/send-backs", "back-reason back-seen", who="official", about="duty_awaiting",
         given={"back-reason": "언제까지인지 빠졌어요.", "back-seen": "1"}),
    Form("/desk/answers/duties/corrections/<later_id>", "text why", who="official", about="duty_answered",
         given={"text": "보안등 15개를 10월까지 달아요.", "why": "수를 잘못 적었어요"}),
    Form("/proposals/<number>/<act>", "name contact", about="own_formal_gathering",
         given={"name": "김하늘", "contact": "010-0000-0000", "reply": "독산역 앞 정류장이에요.",
                "reason": "다른 정류장도 있어요. 다시 봐 주세요."}),
    *map(Form, ("/desk/answers/<number>/approvals", "/desk/answers/<number>/takings",
                "/desk/answers/corrections/<answer_id>/approvals", "/desk/answers/corrections/<answer_id>/send-backs",
                "/desk/answers/duties/<duty_id>/approvals", "/desk/answers/duties/corrections/<later_id>/approvals",
                "/desk/answers/duties/corrections/<later_id>/send-backs")),
]

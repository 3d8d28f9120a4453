"""Forms about an outcome, filled in as they are meant, and the fields of each."""

from io import BytesIO

from tests.attachments import making

from tests.common import today
from .form import Form

OUTCOME = {"decision": "decided", "title": "두 골목에서 석 달 먼저 해 봐요", "reasons": "밤에 모자라는 자리가 64면이었어요.",
           "what_follows": "12월에 주민 설명회를 열어요.", "cost": "4,100", "cost_note": "구비",
           "document_title": "골목 조사표", "document_text": "열한 곳을 셌어요.", "link_title": "제안 목록",
           "link_text": "/proposals"}


def outcome(_scene, _actor: str) -> dict:
    return OUTCOME | {"do": "submit", "decided_on": today().isoformat(), "promised_on": f"{today().year + 1}-06-30"}


def correction(scene, actor: str) -> dict:
    return outcome(scene, actor) | {"why": "드는 돈을 잘못 적었어요"}


def picture(_scene, _actor: str) -> dict:
    return {"side": "after", "picture": (BytesIO(making.jpeg()), "골목.jpg"), "picture_description": "비워 둔 모퉁이"}


def sent_back(scene, _actor: str) -> dict:
    return {"back-seen": scene.things["outcome_awaiting"].form["seen"], "back-reason": "드는 돈이 빠졌어요."}


ADDRESSES = ["/outcomes?decision={}", "/outcomes?progress={}", "/outcomes?kind={}", "/outcomes?department={}",
             "/outcomes?neighbourhood={}", "/outcomes?year={}", "/outcomes?after={}", "/outcomes/{}",
             "/data/outcomes.csv?decision={}", "/outcomes/{}/versions", "/desk/outcomes?number={}",
             "/desk/outcomes/agendas/{}", "/desk/outcomes/polls/{}", "/desk/outcomes/proposals/{}",
             "/desk/outcomes/{}/correction", "/desk/outcomes/{}/pictures"]
FORMS = [
    Form("/desk/outcomes/<kind>/<name>",
         "seen decision title reasons what_follows decided_on promised_on promised_within cost cost_note "
         "document_title document_text "
         "link_title link_text do", who="official", about="outcome_none", given=outcome),
    Form("/desk/outcomes/<kind>/<name>/send-backs", "back-seen back-reason", who="official", about="outcome_awaiting",
         given=sent_back),
    Form("/desk/outcomes/<outcome_id>/correction",
         "seen decision title reasons what_follows decided_on promised_on promised_within cost cost_note "
         "document_title document_text "
         "link_title link_text why", who="official", about="outcome_published", given=correction),
    Form("/desk/outcomes/<outcome_id>/pictures", "side picture_description", who="official", about="outcome_published",
         given=picture),
    Form("/desk/outcomes/<outcome_id>/picture-removals", "side", who="official", about="outcome_published",
         given={"side": "after"}),
    *map(Form, ("/desk/outcomes/<kind>/<name>/approvals", "/desk/outcomes/<outcome_id>/correction/approvals",
                "/desk/outcomes/<outcome_id>/correction/send-backs")),
]

"""Forms about an agenda or a merge, filled in as they are meant."""

from tests.picking import chosen

from .form import Form

WHY = "같은 골목의 이야기예요."


def group(scene, _actor: str) -> dict:
    return {"proposals": str(scene.group_me), "relation": "related", "why": WHY}


ADDRESSES = ["/agendas?state={}", "/agendas?neighbourhood={}", "/agendas?after={}", "/agendas/{}",
             "/agendas/{}/versions", "/desk/agendas?after={}", "/desk/agendas/{}",
             "/desk/agendas/agenda-open/proposals?q={}"]
FORMS = [
    Form("/desk/agenda-merges/<descent_id>/undo", "reason", who="moderator", about="agenda_merged",
         given={"reason": WHY}),
    Form("/desk/agendas/<slug>/edit", "version question summary neighbourhoods audiences lead_department",
         who="moderator", about="agenda_open",
         given={"version": "1", "question": "다르게 물어볼까요?", "summary": "함께 견주어 봐요."}),
    Form("/desk/agendas/<slug>/merge", "into reason", who="moderator", about="agenda_open",
         given=chosen("into", "agenda-carrying") | {"reason": WHY}),
    Form("/desk/agendas/<slug>/next", "kind slug note", who="moderator", about="agenda_open",
         given={"kind": "other", "slug": "", "note": "다음 달에 함께 걸어요."}),
    Form("/desk/agendas/<slug>/notes", "what", who="moderator", about="agenda_open", given={"what": "열네 명이 함께 걸었어요."}),
    Form("/desk/agendas/<slug>/proposals", "q proposals relation why", who="moderator", about="agenda_open",
         given=group),
    Form("/desk/agendas/<slug>/split", "links slug question reason", who="moderator", about="agenda_open",
         given={"slug": "part", "question": "나누어 볼까요?", "reason": WHY}),
    Form("/desk/agendas/<slug>/state", "state note", who="moderator", about="agenda_open",
         given={"state": "in_deliberation", "note": ""}),
    Form("/desk/agendas/new", "question slug summary neighbourhoods audiences lead_department", who="moderator",
         given={"question": "나무 그늘을 어디에 더할까요?", "slug": "shade", "summary": ""}),
    Form("/desk/author-objections/<objection_id>", "answer", who="moderator", about="agenda_objected",
         given={"answer": "이어진 제안으로 옮겼어요."}),
    Form("/desk/groupings/<link_id>", "relation why", who="moderator", about="agenda_open",
         given={"relation": "alternative", "why": "견주어 볼 방법이에요."}),
    Form("/desk/groupings/<link_id>/ending", "reason", who="moderator", about="agenda_open", given={"reason": WHY}),
    Form("/desk/merges/<merge_id>/undo", "reason", who="moderator", about="merge_standing", given={"reason": WHY}),
    Form("/desk/proposals/<number>/merge", "into reason", who="moderator", about="merge_undone", given={"reason": WHY}),
    Form("/groupings/<link_id>/objections", "text", about="agenda_open", given={"text": "제 뜻과 달라요."}),
    Form("/merges/<merge_id>/objections", "text", about="merge_standing", given={"text": "제 뜻과 달라요."}),
    *map(Form, ("/desk/agendas/<slug>/publications", "/desk/groupings/<link_id>/take-up",
                "/merges/<merge_id>/agreements", "/merges/<merge_id>/opt-outs")),
]

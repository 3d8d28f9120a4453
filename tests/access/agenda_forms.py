"""What a person sends who fills a form about an agenda or a merge in as it is meant."""

WHY = "같은 골목의 이야기예요."


def group(scene, _actor: str) -> dict:
    return {"proposals": str(scene.group_me), "relation": "related", "why": WHY}


FORMS = {
    "/desk/agendas/new": {"question": "나무 그늘을 어디에 더할까요?", "slug": "shade", "summary": ""},
    "/desk/agendas/<slug>/edit": {"version": "1", "question": "다르게 물어볼까요?", "summary": "함께 견주어 봐요."},
    "/desk/agendas/<slug>/state": {"state": "in_deliberation", "note": ""},
    "/desk/agendas/<slug>/next": {"kind": "other", "slug": "", "note": "다음 달에 함께 걸어요."},
    "/desk/agendas/<slug>/notes": {"what": "열네 명이 함께 걸었어요."},
    "/desk/agendas/<slug>/proposals": group,
    "/desk/agendas/<slug>/split": {"slug": "part", "question": "나누어 볼까요?", "reason": WHY},
    "/desk/agendas/<slug>/merge": {"into": "agenda-carrying", "reason": WHY},
    "/desk/groupings/<link_id>": {"relation": "alternative", "why": "견주어 볼 방법이에요."},
    "/desk/groupings/<link_id>/ending": {"reason": WHY},
    "/desk/agenda-merges/<descent_id>/undo": {"reason": WHY},
    "/desk/author-objections/<objection_id>": {"answer": "이어진 제안으로 옮겼어요."},
    "/desk/proposals/<number>/merge": {"reason": WHY},
    "/desk/merges/<merge_id>/undo": {"reason": WHY},
    "/groupings/<link_id>/objections": {"text": "제 뜻과 달라요."},
    "/merges/<merge_id>/objections": {"text": "제 뜻과 달라요."},
}
FIELDS = {
    "/desk/agendas/new": "question slug summary neighbourhoods audiences lead_department",
    "/desk/agendas/<slug>/edit": "version question summary neighbourhoods audiences lead_department",
    "/desk/agendas/<slug>/state": "state note", "/desk/agendas/<slug>/next": "kind slug note",
    "/desk/agendas/<slug>/notes": "what", "/desk/agendas/<slug>/proposals": "q proposals relation why",
    "/desk/agendas/<slug>/split": "links slug question reason", "/desk/agendas/<slug>/merge": "into reason",
    "/desk/groupings/<link_id>": "relation why", "/desk/groupings/<link_id>/ending": "reason",
    "/desk/agenda-merges/<descent_id>/undo": "reason",
    "/desk/author-objections/<objection_id>": "answer", "/desk/proposals/<number>/merge": "into reason",
    "/desk/merges/<merge_id>/undo": "reason", "/groupings/<link_id>/objections": "text",
    "/merges/<merge_id>/objections": "text",
}
"""What is typed into each of them."""
ABOUT = {rule: "merge_standing" if "merge_id" in rule else "merge_undone" if "number" in rule
         else "agenda_merged" if "descent_id" in rule else "agenda_objected" if "objection_id" in rule else "agenda_open" for rule in FIELDS if "<" in rule}

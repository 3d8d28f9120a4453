"""Labels of the steps of a journey."""

from civic_forum.platform.i18n import _l

STEPS = {
    "registered": _l("접수했어요"), "first_support": _l("첫 공감을 받았어요"),
    "threshold": _l("공감 목표를 채웠어요"), "formal": _l("정식 제안으로 올렸어요"), "edited": _l("내용을 고쳤어요"),
    "answered": _l("부서가 답변했어요"), "interim_answer": _l("부서가 중간 답변을 했어요"),
    "answered_again": _l("부서가 다시 검토해 답변했어요"), "corrected": _l("부서가 답변을 바로잡았어요"),
    "referred": _l("맡을 곳으로 넘겼어요"), "referral_undone": _l("넘긴 것을 되돌렸어요"),
    "completion": _l("부서가 내용을 보태 달라고 했어요"), "completed": _l("제안한 사람이 내용을 보탰어요"),
    "second_review": _l("제안한 사람이 다시 검토해 달라고 했어요"), "in_agenda": _l("의제로 논의하기 시작했어요"),
    "in_forum": _l("함께 모여 이야기해요"), "forum_held": _l("함께 모여 이야기했어요"),
    "forum_minutes": _l("회의록이 나왔어요"), "in_poll": _l("투표에 올랐어요"), "in_meeting": _l("위원회가 회의에서 다뤘어요"),
    "became_project": _l("주민참여예산 사업이 되었어요"), "project_handed_in": _l("사업을 접수했어요"),
    "project_edited": _l("사업 내용을 고쳤어요"), "project_in_review": _l("부서가 적격성을 검토하기 시작했어요"),
    "project_passed_on": _l("다른 부서가 검토를 맡았어요"), "project_opinion": _l("다른 부서가 의견을 냈어요"),
    "project_eligible": _l("적격으로 정해졌어요"), "project_eligible_if": _l("조건부 적격으로 정해졌어요"),
    "project_not_eligible": _l("부적격으로 정해졌어요"), "project_on_ballot": _l("주민 투표에 올랐어요"),
    "project_second_look": _l("제안한 사람이 재검토를 요청했어요"),
    "project_look_declined": _l("재검토하지 않기로 했어요"), "project_merged": _l("다른 사업과 합쳐졌어요"),
    "project_took_up": _l("다른 사업을 합쳤어요"), "project_withdrawn": _l("제안한 사람이 사업을 거두었어요"),
    "decided": _l("결정했어요"), "in_progress": _l("실행을 시작했어요"), "done": _l("실행을 마쳤어요"),
    "lapsed": _l("공감 모으는 기간이 끝났어요"), "withdrawn": _l("제안한 사람이 거두었어요"),
    "merged": _l("다른 제안과 합쳐졌어요"), "took_up": _l("같은 뜻의 제안을 함께 이어 가요"),
    "let_go": _l("합쳤던 제안을 다시 나눴어요"), "grouped": _l("의제에 함께 묶었어요"),
    "ungrouped": _l("의제에서 나왔어요"), "agenda_opened": _l("의제를 열었어요"),
    "agenda_grouped": _l("제안을 더 묶었어요"), "agenda_relation": _l("제안과의 관계를 고쳤어요"),
    "agenda_let_go": _l("제안을 의제에서 뺐어요"), "agenda_preparing": _l("다시 준비하기로 했어요"),
    "agenda_in_deliberation": _l("논의를 시작했어요"), "agenda_closed": _l("의제를 마쳤어요"),
    "agenda_split": _l("일부를 새 의제로 나눴어요"), "agenda_split_from": _l("다른 의제에서 나뉘었어요"),
    "agenda_merged": _l("다른 의제와 합쳐졌어요"), "agenda_merged_from": _l("다른 의제를 합쳤어요"),
    "vote_announced": _l("이 의제로 투표를 해요"), "forum_announced": _l("이 의제로 함께 모여요"),
    "agenda_merge_undone": _l("합쳤던 의제를 다시 나눴어요"), "objected": _l("글쓴이가 묶음에 반대했어요"),
    "objection_answered": _l("묶음 반대에 답했어요"), "nominated": _l("제안 포상 후보에 올랐어요"),
    "awarded": _l("제안 포상을 받았어요"), "heard": _l("현장에서 들은 말을 담았어요"),
    "noted": _l("이런 일이 있었어요"), "outcome": _l("결과를 알렸어요"),
    "outcome_postponed": _l("나중에 다시 정하기로 했어요"), "outcome_corrected": _l("결과를 바로잡았어요"),
    "outcome_reported": _l("실행한 일을 알렸어요"), "project_chosen": _l("주민참여예산 사업으로 뽑혔어요"),
    "project_not_chosen": _l("주민참여예산 사업으로 뽑히지 않았어요"),
    "project_in_budget": _l("구의회를 거쳐 예산에 담겼어요"), "project_dropped": _l("구의회에서 예산에서 빠졌어요"),
    "project_council_corrected": _l("구의회 결과를 바로잡았어요"), "project_in_progress": _l("사업을 시작했어요"),
    "project_done": _l("사업을 마쳤어요"), "returned": _l("앞 단계로 되돌렸어요"),
    "carrier_withdrawn": _l("이어 가던 제안을 글쓴이가 거둬서 다시 따로 있어요"),
    "step_department": _l("부서가 한 번 더 답할 만큼 공감이 모였어요"),
    "step_forum": _l("공론장을 열 만큼 공감이 모였어요"), "step_mayor": _l("구청장이 답할 만큼 공감이 모였어요"),
    "forum_declined": _l("공론장을 열지 않는 이유를 알렸어요"), "hidden": _l("운영 원칙에 따라 가렸어요"), "shown_again": _l("다시 보이게 했어요"),
}


def title(step: str) -> str:
    """The step in words; a step that a later version writes still shows its name."""
    return str(STEPS.get(step, step))

"""What pages call the steps of a journey."""

from civic_forum.kernel.i18n import _l

STEPS = {
    "registered": _l("접수했어요"),
    "first_support": _l("첫 공감을 받았어요"),
    "threshold": _l("공감 목표를 채웠어요"),
    "formal": _l("정식 제안으로 올렸어요"),
    "edited": _l("내용을 고쳤어요"),
    "answered": _l("부서가 답변했어요"),
    "in_agenda": _l("의제로 논의하기 시작했어요"),
    "in_poll": _l("투표에 올랐어요"),
    "decided": _l("결정했어요"),
    "in_progress": _l("실행을 시작했어요"),
    "done": _l("실행을 마쳤어요"),
    "lapsed": _l("공감 모으는 기간이 끝났어요"),
    "withdrawn": _l("제안한 사람이 거두었어요"),
    "merged": _l("다른 제안과 합쳐졌어요"),
    "returned": _l("앞 단계로 되돌렸어요"),
    "hidden": _l("운영 원칙에 따라 가렸어요"),
    "shown_again": _l("다시 보이게 했어요"),
}


def title(step: str) -> str:
    """The step in words; a step that a later version writes still shows its name."""
    return str(STEPS.get(step, step))

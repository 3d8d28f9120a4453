"""Labels of the states of a proposal, its orders and the steps of its way."""

from civic_forum.platform.i18n import _, _l

from .rules import Owing, Sort, Stage, State, SupportStep

STATE = {
    State.DRAFT: _l("쓰는 중"), State.HELD: _l("확인 중"), State.GATHERING: _l("공감 모으는 중"),
    State.ANSWER_DUE: _l("답변 준비 중"), State.ANSWERED: _l("답변함"), State.IN_AGENDA: _l("의제로 논의 중"),
    State.DECIDED: _l("결정함"), State.IN_PROGRESS: _l("실행 중"), State.DONE: _l("완료"), State.LAPSED: _l("마감"),
    State.WITHDRAWN: _l("거둠"), State.MERGED: _l("합쳐짐"),
}
SHARED = {
    State.ANSWERED: _l("구청이 답했어요. 무엇이라고 답했는지 읽어 보세요."),
    State.DECIDED: _l("어떻게 할지 정했어요. 이유를 읽어 보세요."),
    State.IN_PROGRESS: _l("이웃의 제안을 실행하고 있어요."),
    State.DONE: _l("이웃의 제안이 이루어졌어요."),
    State.LAPSED: _l("공감 모으는 기간이 끝났어요. 의견은 댓글로 남길 수 있어요."),
}
"""What a preview of a proposal says."""
SHARED_STILL = _l("공감을 더하면 정하는 사람에게 힘이 돼요.")
SORT = {Sort.NEWEST: _l("최신순"), Sort.SUPPORTED: _l("공감순"), Sort.DISCUSSED: _l("댓글순")}
WHY_NO_SUPPORT = {
    State.DRAFT: _l("아직 등록하지 않은 글이에요."),
    State.HELD: _l("운영자가 확인하고 있어요. 확인이 끝나면 공감할 수 있어요."),
    State.ANSWERED: _l("부서가 답변해서 공감을 닫았어요. 의견은 댓글로 남겨 주세요."),
    State.DECIDED: _l("결정이 나서 공감을 닫았어요. 의견은 댓글로 남겨 주세요."),
    State.IN_PROGRESS: _l("실행하고 있어서 공감을 닫았어요. 의견은 댓글로 남겨 주세요."),
    State.DONE: _l("실행을 마쳐서 공감을 닫았어요."),
    State.LAPSED: _l("공감 모으는 기간이 끝났어요. 의견은 댓글로 남겨 주세요."),
    State.WITHDRAWN: _l("제안한 사람이 거둔 제안이에요."),
    State.MERGED: _l("다른 제안과 합쳐졌어요. 이어 가는 제안에 공감해 주세요."),
}
OWING = {Owing.DEPARTMENT: _l("부서"), Owing.FORUM: _l("공론장"), Owing.MAYOR: _l("구청장")}
OWED = {
    Owing.DEPARTMENT: _l("부서가 %(days)s일 안에 한 번 더 답해요"),
    Owing.FORUM: _l("%(days)s일 안에 공론장을 준비해요"),
    Owing.MAYOR: _l("구청장이 %(days)s일 안에 답해요"),
}
WHY_NO_COMMENTS = {
    State.WITHDRAWN: _l("제안한 사람이 거둔 제안이라 댓글을 더 받지 않아요."),
    State.MERGED: _l("다른 제안과 합쳐졌어요. 댓글은 이어 가는 제안에 남겨 주세요."),
}


def origin(own: int, merged: int) -> str:
    """Sentence on where the number of a proposal that carries others on comes from."""
    return _("이 제안에 %(own)s명이 공감했고, 합쳐진 제안에서 %(merged)s명이 더해졌어요. 여러 제안에 공감해도 한 번만 셌어요.",
             own=f"{own:,}", merged=f"{merged:,}")


def missing(step: SupportStep, reached: int, supports: int) -> str:
    """Sentence on a step that lies ahead of a proposal, or did when its page was made."""
    return _("채웠어요") if step.supports <= reached else _("앞으로 %(count)s명", count=f"{step.supports - supports:,}")


def stage(name: Stage, state: State, threshold: int) -> str:
    """Name of a stage in the stepper of a proposal in this state."""
    return {
        Stage.REGISTERED: _("접수"),
        Stage.SUPPORTED: _("공감 %(count)s명", count=threshold),
        Stage.ANSWERED: _("부서 답변"),
        Stage.DECIDED: _("의제로 논의") if state is State.IN_AGENDA else _("결정"),
        Stage.DONE: _("실행"),
    }[name]

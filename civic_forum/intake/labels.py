"""Names of things of intake on pages."""

from typing import Any

from civic_forum.platform.i18n import _l

from .rules import Became, ItemForm, ItemState, RowFault, WindowAct

FORM = {ItemForm.SPOKEN: _l("말"), ItemForm.SHEET: _l("제안서"), ItemForm.NOTE: _l("쪽지"),
        ItemForm.INTERVIEW: _l("인터뷰"), ItemForm.SIGNATURE: _l("공감 서명")}
ACT = {WindowAct.PROPOSAL: _l("제안 받아 적기"), WindowAct.COMMENT: _l("댓글 받아 적기"), WindowAct.PROJECT: _l("예산 사업 받아 적기"),
       WindowAct.REGISTRATION: _l("공론장 신청 받기"), WindowAct.ANSWER: _l("질문에 답한 종이 받기")}
ABOUT_ACT = {
    WindowAct.PROPOSAL: _l("다른 담당자가 종이와 견주어 확인하면 모두에게 열려요."),
    WindowAct.COMMENT: _l("다른 담당자가 종이와 견주어 확인하면 실려요. 담당자 이름은 나오지 않아요."),
    WindowAct.PROJECT: _l("다른 담당자가 종이와 견주어 확인하면 접수돼요. 이름을 걸고 내려면 창구 번호가 있어야 해요."),
    WindowAct.REGISTRATION: _l("신청서에 본인의 서명을 받은 뒤에 적어요. 창구 번호가 없으면 이름과 전화번호로 신청해요."),
    WindowAct.ANSWER: _l("인쇄한 종이에 직접 표시하게 하고 이름은 묻지 않아요. 화면으로 하려면 본인 확인을 하고 한 번만 참여하게 도와주세요.")}
STATE = {ItemState.WRITTEN: _l("적었어요"), ItemState.RETURNED: _l("다시 적어요"), ItemState.CHECKED: _l("나누는 중이에요"),
         ItemState.REPLYING: _l("답을 확인하는 중이에요"),
         ItemState.SORTED: _l("정해졌어요"), ItemState.WITHDRAWN: _l("거뒀어요"), ItemState.HIDDEN: _l("가렸어요")}
BECAME = {Became.PROPOSAL: _l("제안이 됐어요"), Became.JOINED: _l("같은 말에 이었어요"), Became.STATEMENT: _l("의견에 담겼어요"),
          Became.AGENDA: _l("의제에 담았어요"), Became.DUTY: _l("답을 기다려요"), Became.ANSWERED: _l("답했어요"),
          Became.KEPT: _l("들어 뒀어요"), Became.ELSEWHERE: _l("다른 기관에 보냈어요"), Became.COUNTED: _l("세었어요"),
          Became.UNREADABLE: _l("읽을 수 없었어요"), Became.BLANK: _l("빈 쪽지예요"), Became.DONE: _l("말한 대로 했어요")}
BECAME_TONE = {Became.PROPOSAL: "information", Became.JOINED: "", Became.STATEMENT: "", Became.AGENDA: "information",
               Became.DUTY: "soon", Became.ANSWERED: "ok", Became.KEPT: "quiet", Became.ELSEWHERE: "quiet",
               Became.COUNTED: "ok", Became.UNREADABLE: "quiet", Became.BLANK: "quiet",
               Became.DONE: "ok"}
STATE_TONE = {ItemState.WITHDRAWN: "quiet", ItemState.HIDDEN: "quiet"}
FAULT = {RowFault.EMPTY: _l("들은 말을 적어 주세요."), RowFault.LONG: _l("%(most)s자까지 적을 수 있어요."),
         RowFault.READ: _l("글이 있으면 받기를 눌러 주세요."),
         RowFault.UNPRINTED: _l("번호가 찍힌 쪽지일 때만 못 읽거나 비었다고 적어요."),
         RowFault.SIGNATURE: _l("이름이 적힌 종이는 여기에서 받지 않아요.")}


def word(item: Any) -> object:
    """End of an item, or its state until then."""
    return BECAME[item.became] if item.state is ItemState.SORTED else STATE[item.state]

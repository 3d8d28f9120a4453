"""Names of what belongs to consultations."""

from types import MappingProxyType

from civic_forum.platform.i18n import _l

from .rules import (AGES, AGREE, DISAGREE, OUT_FOR, PASS, Audience, Basis, Became, Moderation, Origin, Stage,
                    StatementState)

STAGE = MappingProxyType({
    Stage.PREPARING: _l("준비 중"), Stage.ANNOUNCED: _l("곧 시작해요"), Stage.OPEN: _l("묻고 있어요"),
    Stage.CLOSED: _l("마쳤어요")})
STAGE_TONE = MappingProxyType({
    Stage.PREPARING: "gray", Stage.ANNOUNCED: "information", Stage.OPEN: "primary", Stage.CLOSED: "success"})
AUDIENCE = MappingProxyType({
    Audience.EVERYONE: _l("누구나 (가입하지 않아도 돼요)"), Audience.MEMBERS: _l("회원과, 가입 없이 한 번 확인한 사람"),
    Audience.VERIFIED: _l("확인된 주민")})
MODERATION = MappingProxyType({Moderation.BEFORE: _l("먼저 살펴보고 공개해요"), Moderation.AFTER: _l("바로 공개하고 나중에 살펴봐요")})
ORIGIN = MappingProxyType({
    Origin.SEED: _l("처음부터 있던 의견"), Origin.RESIDENT: _l("주민이 쓴 의견"), Origin.IMPORTED: _l("가져온 의견"),
    Origin.TABLE: _l("공론장 테이블이 쓴 의견")})
STATE = MappingProxyType({
    StatementState.WAITING: _l("살펴보는 중"), StatementState.PUBLISHED: _l("공개"),
    StatementState.REFUSED: _l("공개하지 않음")})
WHY_OUT = MappingProxyType(dict(zip((*OUT_FOR, None), (
    _l("질문과 관계없음"), _l("개인정보"), _l("욕설·비방"), _l("사실과 다름"), _l("무슨 뜻인지 알 수 없음"), _l("같은 뜻의 의견")))))
"""None: another one stands for it."""
BECAME = MappingProxyType({
    Became.PROMISE: _l("하기로 했어요"), Became.ANSWERED: _l("답했어요"), Became.PARTLY: _l("일부만 하기로 했어요"),
    Became.AGENDA: _l("의제가 됐어요"), Became.DECLINED: _l("안 하기로 했어요")})
BASIS = MappingProxyType({
    Basis.VERIFIED: _l("확인된 주민"), Basis.ACCOUNT: _l("회원"), Basis.DEVICE: _l("가입하지 않은 브라우저"), Basis.LINK: _l("편지"),
    Basis.KIOSK: _l("키오스크"), Basis.PAPER: _l("종이"), Basis.IMPORTED: _l("가져온 답")})
AGE = MappingProxyType(dict(zip(AGES, (_l("14~18살"), _l("19~39살"), _l("40~64살"), _l("65살부터")))))
ANSWER = MappingProxyType({AGREE: _l("그래요"), DISAGREE: _l("아니에요"), PASS: _l("모르겠어요")})
GROUP = MappingProxyType({"가": _l("가 쪽"), "나": _l("나 쪽"), "다": _l("다 쪽"), "라": _l("라 쪽"), "마": _l("마 쪽")})


def why_out(statement) -> str:
    """Word for which a statement was taken out."""
    return str(WHY_OUT.get(statement.hidden_rule, _l("운영 원칙")))

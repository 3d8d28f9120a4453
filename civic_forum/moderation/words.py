"""What pages call the rules, and what each is about."""

from civic_forum.kernel.i18n import _l

from .rules import ActionKind, Ended, Rule

RULE = {
    Rule.ABUSE: _l("욕설·비방"),
    Rule.HATE: _l("차별·혐오"),
    Rule.PRIVACY: _l("개인정보"),
    Rule.ADVERTISING: _l("광고·홍보"),
    Rule.FALSEHOOD: _l("사실과 다름"),
    Rule.ELECTIONEERING: _l("선거운동"),
    Rule.OTHER: _l("기타"),
}
MEANING = {
    Rule.ABUSE: _l("욕설이 있거나 누군가를 헐뜯어요."),
    Rule.HATE: _l("나이, 성별, 장애, 출신 같은 것으로 사람을 얕보거나 따돌려요."),
    Rule.PRIVACY: _l("이름, 전화번호, 주소처럼 누구인지 알 수 있는 내용이 있어요."),
    Rule.ADVERTISING: _l("물건이나 가게를 알리거나 같은 글을 되풀이해요."),
    Rule.FALSEHOOD: _l("사실이 아닌 것을 사실처럼 적었어요."),
    Rule.ELECTIONEERING: _l("후보나 정당을 지지하거나 반대하게 하려는 글이에요."),
    Rule.OTHER: _l("다른 까닭이 있어요. 아래에 적어 주세요."),
}
KIND = {
    ActionKind.HIDE: _l("글 가리기"),
    ActionKind.WARN: _l("주의 주기"),
    ActionKind.MUTE: _l("글쓰기 멈춤"),
    ActionKind.BLOCK: _l("이용 제한"),
    ActionKind.TAKEDOWN: _l("게시중단"),
}
ENDED = {
    Ended.TAKEN_BACK: _l("운영자가 되돌렸어요"),
    Ended.APPEAL_UPHELD: _l("이의를 받아들였어요"),
    Ended.OVER: _l("기간이 끝났어요"),
}


def rule(value: str) -> str:
    """A rule in words; one that a later version knows still shows its name."""
    return str(RULE.get(value, value))

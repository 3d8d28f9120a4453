"""Labels of rules, acts, how they end, requests and signals."""

from civic_forum.blocks import kinds
from civic_forum.platform.i18n import _l
from civic_forum.platform.settings import worded

from .rules import ActionKind, Ended, Ground, Length, Rule, SignalKind, Since

NAMES = {
    Rule.ABUSE: _l("욕설·비방"), Rule.HATE: _l("차별·혐오"), Rule.PRIVACY: _l("개인정보"),
    Rule.ADVERTISING: _l("광고·홍보"), Rule.FALSEHOOD: _l("사실과 다름"), Rule.ELECTIONEERING: _l("선거운동"),
    Rule.OTHER: _l("기타")}
MEANINGS = {
    Rule.ABUSE: _l("욕설이 있거나 누군가를 헐뜯어요."),
    Rule.HATE: _l("나이, 성별, 장애, 출신 같은 것으로 사람을 얕보거나 따돌려요."),
    Rule.PRIVACY: _l("이름, 전화번호, 주소처럼 누구인지 알 수 있는 내용이 있어요."),
    Rule.ADVERTISING: _l("물건이나 가게를 알리거나 같은 글을 되풀이해요."),
    Rule.FALSEHOOD: _l("사실이 아닌 것을 사실처럼 적었어요."),
    Rule.ELECTIONEERING: _l("후보나 정당을 지지하거나 반대하게 하려는 글이에요."),
    Rule.OTHER: _l("다른 이유가 있어요. 아래에 적어 주세요.")}
"""Words of the site for the rules, in whose place a district may have its own (`settings.py`)."""
RULE = {rule: worded(f"RULE_{rule.name}", text) for rule, text in NAMES.items()}
MEANING = {rule: worded(f"MEANING_{rule.name}", text) for rule, text in MEANINGS.items()}
KIND = {
    ActionKind.HIDE: _l("글 가리기"), ActionKind.WARN: _l("주의 주기"), ActionKind.MUTE: _l("글쓰기 멈춤"),
    ActionKind.BLOCK: _l("이용 제한"), ActionKind.TAKEDOWN: _l("게시중단")}
WHAT = {
    ActionKind.HIDE: _l("글을 가렸어요. 다른 사람에게는 가렸다는 것과 어긴 원칙만 보이고, 나는 계속 볼 수 있어요."),
    ActionKind.WARN: _l("글과 계정은 그대로예요. 같은 일이 되풀이되면 글쓰기를 멈출 수 있어요."),
    ActionKind.MUTE: _l("그동안 글을 쓸 수 없어요. 읽고 공감하는 것은 할 수 있어요."),
    ActionKind.BLOCK: _l("그동안 로그인할 수 없어요. 쓴 글은 그대로 있어요."),
    ActionKind.TAKEDOWN: _l("요청을 살펴보는 동안 글을 가렸어요. 나는 계속 볼 수 있어요.")}
LENGTH = {
    Length.DAY: _l("1일"), Length.WEEK: _l("7일"), Length.MONTH: _l("30일"), Length.QUARTER: _l("90일"),
    Length.OPEN: _l("되돌릴 때까지")}
SINCE = {
    Since.HOUR: _l("1시간 안에 가입"), Since.HALF_DAY: _l("6시간 안에 가입"), Since.DAY: _l("하루 안에 가입"),
    Since.WEEK: _l("7일 안에 가입")}
CLOSED = {"acted": _l("조치했어요"), "kept": _l("원칙을 어기지 않아 그대로 두었어요")}
"""How a report ended."""
ENDED = {
    Ended.TAKEN_BACK: _l("운영자가 되돌렸어요"), Ended.APPEAL_UPHELD: _l("이의를 받아들였어요"),
    Ended.OVER: _l("기간이 끝났어요")}


class _Subjects(dict):
    """Labels of things that moderators act on: those of their kinds, and of accounts."""

    def __missing__(self, kind: str) -> object:
        return kinds.of(kind).label


SUBJECT = _Subjects({
    "proposal": _l("제안"), "comment": _l("댓글"), "author_objection": _l("묶음 반대"), "project": _l("사업"),
    "forum_question": _l("질문"), "chat_message": _l("대화"), "statement": _l("한 줄 의견"), "intake_item": _l("현장에서 들은 말"),
    "user": _l("계정")})
GROUND = {
    Ground.PRIVACY: _l("사생활을 침해해요"), Ground.DEFAMATION: _l("명예를 훼손해요"),
    Ground.OTHER: _l("다른 권리를 침해해요")}
SIGNAL = {
    SignalKind.WATCHED_WORD: _l("살펴보는 낱말"), SignalKind.MANY_LINKS: _l("링크가 많음"),
    SignalKind.SAME_TEXT: _l("같은 글 되풀이"), SignalKind.NEW_ACCOUNTS: _l("새 계정이 몰림"),
    SignalKind.PERSONAL_DATA: _l("전화번호가 있음")}
SITE = _l("사이트")
"""Stands for the role where the clock ended or began something."""


def rule(name: str) -> str:
    """A rule in words; one that a later version knows still shows its name."""
    return str(RULE.get(name, name))

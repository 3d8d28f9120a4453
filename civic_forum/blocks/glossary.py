"""Hard words of the site and what they mean, in plain words; the macro `term` explains one where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from civic_forum.platform.i18n import _l


@dataclass(frozen=True)
class Term:
    """A word, the part of the site where it is met, and its other forms."""

    key: str
    topic: str
    word: LazyString
    meaning: LazyString
    also: LazyString | None = None


TOPICS = {
    "votes": _l("투표"), "budgets": _l("예산 투표"), "proposals": _l("제안"), "agendas": _l("의제"),
    "consultations": _l("구청이 묻습니다"), "forums": _l("공론장"), "verify": _l("주민 확인"),
    "promises": _l("약속 장부"), "others": _l("그 밖의 낱말")}
"""Parts of the site by their keys, in the order of the glossary."""


def by_topic() -> Iterator[tuple[str, LazyString, list[Term]]]:
    """Key and name of each part, and its words."""
    for topic, name in TOPICS.items():
        yield topic, name, [term for term in TERMS.values() if term.topic == topic]


TERMS = {term.key: term for term in (
    Term("roll", "votes", _l("명부"), _l("이번 투표를 할 수 있는 사람을 미리 적어 둔 목록이에요."), _l("투표인 명부")),
    Term("roll-date", "votes", _l("명부 기준일"), _l("이날을 기준으로 투표할 수 있는 사람의 목록을 만들어요."), _l("명부를 정하는 날")),
    Term("receipt", "votes", _l("확인증"),
         _l("내가 투표했다는 것을 나중에 찾아볼 수 있는 번호가 적힌 쪽지이고, 무엇을 골랐는지는 적혀 있지 않아요."), _l("투표 확인증")),
    Term("checksum", "votes", _l("기록 확인값"),
         _l("기록이 한 글자라도 바뀌면 완전히 달라지는 짧은 글자라서, 누가 몰래 고쳤는지 알 수 있어요."), _l("열쇠 지문, 해시")),
    Term("sealing", "votes", _l("봉인"), _l("투표가 끝날 때까지 아무도 표를 열어 보지 못하게 잠그는 일이에요."), _l("봉하기")),
    Term("counting", "votes", _l("개표"), _l("투표가 끝난 뒤 표를 열어 세는 일이에요.")),
    Term("observer", "votes", _l("참관인"), _l("투표와 세는 일이 바르게 되는지 옆에서 지켜보는 사람이에요.")),
    Term("objection", "votes", _l("이의 신청"), _l("잘못된 것 같을 때 이유를 적어 다시 봐 달라고 하는 일이에요.")),
    Term("abstention", "votes", _l("기권"), _l("투표는 하되 어느 것도 고르지 않는 것이고, 참여한 것으로 세요."), _l("빈 표")),
    Term("quorum", "votes", _l("정족수"), _l("이만큼은 참여해야 결과를 따르기로 미리 정한 사람 수예요."), _l("필요한 투표 수")),
    Term("reconciliation", "votes", _l("종이 투표지 대조"), _l("내준 종이 수와 돌아온 종이 수가 맞는지 하나하나 세어 보는 일이에요.")),
    Term("review", "budgets", _l("적격성 검토"), _l("제안한 사업을 법과 땅, 돈으로 볼 때 정말 할 수 있는지 살펴보는 일이에요.")),
    Term("envelope", "budgets", _l("배정 예산"), _l("이 묶음의 사업에만 쓰라고 미리 떼어 둔 돈이에요."), _l("예산 묶음")),
    Term("equal-shares", "budgets", _l("균등 몫"),
         _l("돈을 투표한 사람 수로 똑같이 나누어, 한 사람이 자기 몫만큼 마음에 드는 사업에 보태는 계산 방법이에요.")),
    Term("trial", "budgets", _l("모의 선거"), _l("진짜로 정하기 전에 계산 방법들을 견주어 보려고 해 보는 연습 투표예요."), _l("견주어 본 방식")),
    Term("resolution", "budgets", _l("의결"), _l("의원들이 모여 투표로 정하는 일이고, 예산은 이것을 거쳐야 쓸 수 있어요."), _l("의회 의결")),
    Term("agenda", "agendas", _l("의제"), _l("비슷한 제안을 묶어서 함께 풀어 볼 하나의 질문으로 만든 거예요.")),
    Term("support", "proposals", _l("공감"), _l("나도 그렇게 생각한다고 눌러서 알리는 표시예요.")),
    Term("formal", "proposals", _l("정식 제안"), _l("법에서 정한 절차대로 꼭 심사해야 하는 제안이에요.")),
    Term("adoption", "proposals", _l("채택"), _l("제안을 받아들여 하기로 정하는 일이에요."), _l("받아들임")),
    Term("referral", "proposals", _l("이송"),
         _l("우리 구가 할 수 없는 일을 할 수 있는 기관에 넘기고 답을 기다리는 일이에요."), _l("다른 곳으로 넘김")),
    Term("working-committee", "proposals", _l("실무위원회"), _l("제안을 해도 되는지 꼼꼼히 따져 보는 공무원들의 모임이에요.")),
    Term("long-term", "proposals", _l("중장기 과제"), _l("올해 바로는 못 하지만 여러 해에 걸쳐 준비하기로 한 일이에요.")),
    Term("forum", "forums", _l("공론장"), _l("여러 사람이 모여 서로 다른 생각을 듣고 함께 방향을 찾는 자리예요.")),
    Term("cooperation", "forums", _l("협치회의"), _l("주민과 공무원이 함께 앉아 구의 일을 정하는 회의예요.")),
    Term("neighbourhood-council", "forums", _l("주민자치회"), _l("동네마다 주민이 모여 동네 일을 스스로 정하고 하는 모임이에요.")),
    Term("verification", "verify", _l("주민 확인"), _l("정말 이 동네에 살거나 일하거나 배우는지 한 번 확인하는 일이에요.")),
    Term("district-resident", "verify", _l("구민"), _l("우리 구에 주소를 두고 사는 사람이에요.")),
    Term("daily", "verify", _l("생활권자"), _l("우리 구에 살지는 않지만 여기에서 일하거나 학교에 다니는 사람이에요.")),
    Term("other-member", "verify", _l("그 밖의 회원"), _l("아직 이 동네에 살거나 일하거나 배우는 것을 확인하지 않은 회원이에요.")),
    Term("budget-item", "promises", _l("통계목"), _l("나라에서 정한 돈의 쓰임새 이름이고, 정해진 쓰임새 밖으로 쓰려면 바꾸겠다고 해야 해요.")),
    Term("budget-change", "promises", _l("예산 변경"), _l("쓰기로 한 돈의 쓰임새를 이유를 적고 바꾸는 일이에요."), _l("통계목 변경")),
    Term("sources", "promises", _l("국비·시비·구비"), _l("같은 사업에 쓰는 돈이 나라, 시·도, 우리 구 가운데 어디에서 왔는지 나눈 이름이에요.")),
    Term("progress", "promises", _l("이행률"), _l("하기로 한 일 가운데 증거를 붙여 마친 만큼이 얼마인지 나타내는 비율이에요.")),
    Term("progress-report", "promises", _l("추진실적"), _l("석 달마다 무엇을 했는지 적어 내는 글이에요.")),
    Term("on-hold", "promises", _l("보류"), _l("하지 않겠다는 것은 아니고, 조건이 갖춰질 때까지 멈춰 두는 거예요.")),
    Term("statement", "consultations", _l("한 줄 의견"), _l("140자 안에 한 가지 생각만 적은 의견이에요.")),
    Term("opinion-group", "consultations", _l("비슷한 생각"),
         _l("한 줄 의견에 비슷하게 답한 사람들을 계산으로 묶은 것이고, 서로 아는 사이는 아니에요.")),
    Term("shared-statement", "consultations", _l("함께한 의견"), _l("모든 쪽에서 열에 여섯 넘게 같은 답을 한 한 줄 의견이에요.")),
    Term("opinion-map", "consultations", _l("생각 지도"),
         _l("비슷하게 답한 사람을 가까이 놓아 어디서 뜻이 모이고 어디서 갈리는지 보여 주는 그림이에요."), _l("의견 지도")),
    Term("hidden", "others", _l("가림 처리"), _l("사람이 몇 명뿐이면 누구인지 알 수 있어서 숫자를 보여 주지 않는 일이에요."), _l("작은 수 가리기")),
    Term("website", "others", _l("누리집"), _l("인터넷에서 볼 수 있는 우리 구의 집 같은 곳, 곧 웹사이트예요.")),
)}
"""Words by their keys."""

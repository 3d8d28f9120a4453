"""Parts of a consultation and of its statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic_forum.ballots.parts import PlacesField
from civic_forum.blocks.parts import Moment, OneOf, Part, Tick, Translation, Translations, line, paragraphs, said_by
from civic_forum.district.parts import department_field
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l

from . import labels, rules
from .rules import Audience, Moderation


@dataclass(frozen=True)
class Wording(Part):
    """Question of a consultation, its background, and what follows."""

    title: str = line(_l("제목"), 200, needed=True, on_card=False, hint=_l("무엇을 묻는지 한눈에 알 수 있게 적어요."))
    question: str = paragraphs(_l("질문"), 500, 3, needed=True, on_card=False)
    background: str = paragraphs(_l("배경"), 10_000, 8, markdown=True, hint=_l(
        "왜 묻는지, 무엇이 정해져 있고 무엇을 바꿀 수 있는지 쉬운 말로 적어요. 굵게(**)와 목록(-)을 쓸 수 있어요."))
    follow_up: str = paragraphs(_l("결과를 어떻게 쓰나요"), 3_000, 4, hint=_l("누가, 언제까지, 무엇을 하는지 적어요."))
    department_id: int | None = said_by(department_field(_l("묻는 부서"), key="department"), None)
    texts: dict[str, object] = said_by(Translations(label=_l("다른 언어로 적은 글"), of={
        "title": Translation(_l("제목"), 200), "question": Translation(_l("질문"), 500, 3),
        "background": Translation(_l("배경"), 10_000, 6), "follow_up": Translation(_l("결과를 어떻게 쓰나요"), 3_000, 4)}), {})


@dataclass(frozen=True)
class Times(Part):
    """Days of a consultation."""

    opens_at: datetime = said_by(Moment(label=_l("시작"), needed=True, paired=True))
    closes_at: datetime = said_by(Moment(label=_l("마감"), ends=True, needed=True))

    def check(self) -> None:
        """Raises Refusal at the end."""
        super().check()
        if self.closes_at - self.opens_at < rules.SHORTEST:
            raise Refusal(_("시작하고 적어도 한 시간 뒤에 마쳐요."), field="closes_at")


@dataclass(frozen=True)
class Answerers(Part):
    """People who may answer, and whose answers count."""

    audience: Audience = said_by(OneOf(label=_l("누가 답하나요"), of=Audience, labels=labels.AUDIENCE, needed=True,
                                       key="who.kind"))
    verified_only: bool = said_by(Tick(label=_l("확인된 사람의 답만 결과에 넣어요"), hint=_l(
        "다른 사람도 답할 수 있지만, 주민 확인을 받은 때부터 세어요.")), False)
    by_letter: bool = said_by(Tick(label=_l("편지를 받은 사람도 답해요"), hint=_l(
        "구청이 보낸 편지의 주소로 계정 없이 답하고, 확인된 사람의 답처럼 세어요. 누구에게 보냈는지는 적지 않아요.")), False)
    neighbourhood_ids: tuple[int, ...] = said_by(PlacesField(
        label=_l("동"), attribute="neighbourhoods", optional=True, on_card=False, hint=_l(
            "고르면 그 동에 살거나 다니는 것이 확인된 사람만 답해요. 고르지 않으면 구 전체예요.")))

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        return [*super().card(record), (_("동"), ", ".join(place.name for place in record.neighbourhoods) or _("구 전체"))]


@dataclass(frozen=True)
class Terms(Part):
    """Statements of residents, and what is published."""

    takes_statements: bool = said_by(Tick(label=_l("주민도 한 줄 의견을 쓸 수 있어요"), key="own_statements"), True)
    moderation: Moderation = said_by(OneOf(label=_l("주민이 쓴 의견"), of=Moderation, labels=labels.MODERATION,
                                           default=Moderation.AFTER), Moderation.AFTER)
    publishes_matrix: bool = said_by(Tick(label=_l("응답 표를 공개해요"), key="matrix_published", hint=_l(
        "100명 이상 답하면 번호를 새로 매긴 표를 공개해요. 누구나 다시 계산할 수 있지만, 아는 사람의 답 여덟 개쯤을 알면 그 줄을 찾아낼 수 있어요. "
        "시작하기 전에만 정할 수 있어요.")), False)


@dataclass(frozen=True)
class StatementText(Part):
    """A line that people agree or disagree with."""

    text: str = line(_l("한 줄 의견"), rules.TEXT_MOST, needed=True, hint=_l("한 가지만 담아요. 그래요와 아니에요로 답할 수 있게 적어요."))
    texts: dict[str, object] = said_by(Translations(label=_l("다른 언어로 적은 글"), of={
        "text": Translation(_l("한 줄 의견"), rules.TEXT_MOST)}), {})
    is_meta: bool = said_by(Tick(label=_l("답하는 사람에 대한 의견이에요"), hint=_l(
        "나이, 사는 곳처럼 답하는 사람에 대한 의견은 생각을 나누어 보는 데 쓰지 않아요.")), False)


PARTS: dict[str, type[Part]] = {"wording": Wording, "times": Times, "answerers": Answerers, "terms": Terms}
"""The pages of the desk."""
NAMES = {"wording": _l("글"), "times": _l("때"), "answerers": _l("누가 답하나요"), "terms": _l("의견과 공개")}

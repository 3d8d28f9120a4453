"""Record of a meeting: its facts as the secretary has them. Raises Refusal at the field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from civic_forum.blocks.about import Named
from civic_forum.forums.preparing.rules import address
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.personal_numbers import refuse_secret

from . import rules
from .rules import Answer, Attendance, ItemKind, ItemResult, Votes, tally

LONGEST = {"title": rules.TITLE_MOST, "closed_by": rules.TITLE_MOST}


@dataclass(frozen=True, kw_only=True)
class Money:
    """A change of a line of money, in won: of so much that lay on one line, a part went to another."""

    source: str
    target: str
    whole: int
    moved: int


@dataclass(frozen=True, kw_only=True)
class DecisionRecord:
    """Something that a department is to do, by a day."""

    text: str
    department_id: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ItemTexts:
    """Report and opinions on an item, cleaned."""

    reported: str = ""
    opinions: Sequence[str] = ()

    def check(self) -> None:
        """Raises Refusal."""
        if len(self.reported) > rules.TEXT_MOST:
            raise Refusal(_("%(most)s자 이하로 줄여 주세요.", most=f"{rules.TEXT_MOST:,}"), field="items")
        if any(not 0 < len(opinion) <= rules.OPINION_MOST for opinion in self.opinions):
            raise Refusal(_("의견 하나는 %(most)s자 이하로 적어 주세요.", most=rules.OPINION_MOST), field="items")
        if len(self.opinions) > rules.MOST_OPINIONS:
            raise Refusal(_("의견이 너무 많아요. 안건을 나눠 적어 주세요."), field="items")
        refuse_secret(items="\n".join((self.reported, *self.opinions)))


@dataclass(frozen=True, kw_only=True)
class ItemRecord(ItemTexts):
    """An item, and what became of it."""

    kind: ItemKind
    title: str
    minutes: int | None = None
    about: Named | None = None
    papers: Sequence[str] = ()
    result: ItemResult | None = None
    votes: Votes | None = None
    present: int | None = None
    money: Money | None = None
    closed_by: str | None = None
    decisions: Sequence[DecisionRecord] = ()
    from_item_id: int | None = None
    answers: Mapping[int, Answer] = field(default_factory=dict)
    """Id of a membership → its answer in writing."""
    counts: Mapping[int | str, int] = field(default_factory=dict)
    """Id of a membership → votes of paper that it got as a candidate; name of somebody who is no member → the same."""
    was_id: int | None = None
    """Id of the item of the notice that it was; its papers stay with it."""
    undoes_id: int | None = None
    """Id of an item of an earlier meeting, in whose place this decision stands."""

    @property
    def others(self) -> list[str]:
        """Names of candidates who are no members."""
        return [key for key in self.counts if isinstance(key, str)]

    def texts(self) -> Iterator[str]:
        yield from (self.title, self.closed_by or "", *self.papers, *self.others)
        yield from (self.money.source, self.money.target) if self.money else ()
        yield from (decision.text for decision in self.decisions)

    def check(self) -> None:
        """Raises Refusal."""
        super().check()
        for name, most in LONGEST.items():
            if len(getattr(self, name) or "") > most:
                raise Refusal(_("%(most)s자 이하로 줄여 주세요.", most=f"{most:,}"), field="items")
        if not self.title.strip():
            raise Refusal(_("안건의 이름을 적어 주세요."), field="items")
        if len(self.papers) > rules.MOST_PAPERS or any(not 0 < len(each) <= rules.OPINION_MOST for each in self.papers):
            raise Refusal(_("자료는 %(most)s개까지 적을 수 있어요.", most=rules.MOST_PAPERS), field="items")
        if self.answers and self.votes not in (None, tally(self.answers.values())):
            raise Refusal(_("위원마다 적은 답과 표의 수가 달라요. 다시 세어 주세요."), field="items")
        if self.answers and self.kind is ItemKind.ELECTION:
            raise Refusal(_("사람은 서면으로 뽑지 않아요. 회의에서 종이로 뽑거나 투표함을 열어 주세요."), field="items")
        if self.counts and (self.kind is not ItemKind.ELECTION or min(self.counts.values()) < 0):
            raise Refusal(_("후보의 표는 선출 안건에 0 이상의 수로 적어 주세요."), field="items")
        if len(self.others) > rules.MOST_OTHERS or any(not 0 < len(name) <= rules.NAME_MOST for name in self.others):
            raise Refusal(_("위원이 아닌 후보는 %(count)s명까지, 이름은 %(most)s자 이하로 적어 주세요.",
                            count=rules.MOST_OTHERS, most=rules.NAME_MOST), field="items")
        if self.votes and min(self.votes.yes, self.votes.no, self.votes.abstained) < 0:
            raise Refusal(_("0 이상의 수를 적어 주세요."), field="items")
        if self.money and not all(0 < len(name) <= rules.MONEY_LINE_MOST for name in (
                self.money.source, self.money.target)):
            raise Refusal(_("어느 항목에서 어느 항목으로 옮기는지 %(most)s자 이하로 적어 주세요.", most=rules.MONEY_LINE_MOST), field="items")
        if self.money and not 0 < self.money.moved <= self.money.whole:
            raise Refusal(_("옮기는 돈은 있던 돈보다 많을 수 없어요."), field="items")
        refuse_secret(items="\n".join(self.texts()))


@dataclass(frozen=True, kw_only=True)
class MeetingRecord:
    """A meeting that was held, or of which notice is given."""

    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    items: Sequence[ItemRecord]
    number: int | None = None
    """Within its year; None: the next one."""
    noticed_on: date | None = None
    came: Sequence[tuple[str, int, int]] = ()
    guests: int = 0
    officials: Sequence[str] = ()
    members: int | None = None
    present: Mapping[int, Attendance] = field(default_factory=dict)
    """Id of a membership → how they were there."""
    elsewhere: Mapping[int, int] = field(default_factory=dict)
    """Id of a membership → id of the meeting at which they were instead."""
    report: str = ""
    left_over: str = ""
    written: bool = False
    video_url: str | None = None

    def check(self, *, is_notice: bool = False) -> None:
        """Raises Refusal."""
        for name, most in (("title", rules.TITLE_MOST), ("place", rules.TITLE_MOST)):
            if not 0 < len(getattr(self, name).strip()) <= most:
                raise Refusal(_("%(most)s자 이하로 적어 주세요.", most=most), field=name)
        if self.video_url and (len(self.video_url) > rules.OPINION_MOST or address(self.video_url) is None):
            raise Refusal(_("https://로 시작하는 화상 회의의 주소를 그대로 적어 주세요."), field="video_url")
        if self.ends_at <= self.starts_at:
            raise Refusal(_("끝나는 때가 시작보다 빨라요."), field="ends_at")
        if not 0 < len(self.items) <= rules.MOST_ITEMS:
            raise Refusal(_("안건을 하나 이상 %(most)s개 이하로 적어 주세요.", most=rules.MOST_ITEMS), field="items")
        if any(not 0 <= came <= of for _name, came, of in self.came) or self.guests < 0:
            raise Refusal(_("온 사람이 위원보다 많아요. 수를 다시 확인해 주세요."), field="came")
        refused = is_notice or not self.written
        if any(bool(item.answers) is refused for item in self.items) or self.written and self.present:
            raise Refusal(_("서면으로 정할 때만, 안건마다 위원의 답을 적어 주세요."), field="items")
        if self.members is not None and self.members < 0:
            raise Refusal(_("0 이상의 수를 적어 주세요."), field="members")
        held = local(self.starts_at).date()
        if any(decision.due_on and decision.due_on < held for item in self.items for decision in item.decisions):
            raise Refusal(_("회의보다 앞선 날까지 하기로 할 수는 없어요."), field="items")
        refuse_secret(title=self.title, place=self.place, left_over=self.left_over)
        for item in self.items:
            item.check()

"""The standing of one person to a vote, and its eligibility in words and as the rule of its roll."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from urllib.parse import quote

import sqlalchemy as sa

from civic_forum.accounts.providers.rules import Wanted
from civic_forum.accounts.queries import providers
from civic_forum.accounts.rules import AffiliationKind, is_bound
from civic_forum.district.models import Neighbourhood
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.platform.i18n import _, day, end, last_day

from .. import queries as boxes
from .. import voted
from ..box import casting, voters
from ..counting.rules import Participations
from ..keys import keyring
from ..models import BallotBox, ElectoralRoll, Participated
from ..policy import WHY_NOT
from ..rolls import electorate
from ..rolls import queries as rolls
from ..rolls.queries import OwnEntry
from ..rolls.rules import EntryState, RollRule
from ..rules.boxes import BoxStage, Channel, RollSource, Stage, stage_of
from ..rules.log import Canonical
from ..voted import Reachable
from . import refusals


@dataclass(frozen=True)
class Mine:
    """The standing of the person behind a request to the vote."""

    entry: OwnEntry
    channel: Channel | None = None
    """The way they took part; None: not at all, or nobody can tell."""
    rule: RollRule | None = None
    closes_at: datetime | None = None
    is_fixed: bool = False
    reachable: Sequence[Reachable] = ()
    """Votes for which somebody who is not on this roll can still be verified in time."""
    bound: Refusal | None = None
    """Refusal because of what staff did to the account (`why_bound`)."""

    @property
    def grows(self) -> bool:
        return self.rule is not None and self.rule.grows


@dataclass(frozen=True)
class Actions:
    """Addresses of the pages of a vote: `/polls/<slug>`, and unless said otherwise its ballot and roll below it."""

    page: str
    ballot_page: str | None = None
    roll_page: str | None = None
    onward: tuple[str, str] | None = None
    """The next thing to do after casting: label and address."""

    @property
    def ballot(self) -> str:
        return self.ballot_page or f"{self.page}/ballot"

    @property
    def roll(self) -> str:
        return self.roll_page or f"{self.page}/roll"

    @property
    def passed_on(self) -> str:
        """The address at which the vote, or the round that it is part of, is passed on (`sharing`)."""
        return "/share" + "/".join(self.page.split("/")[:3])

    @property
    def casts(self) -> str:
        """The address a ballot is sent to."""
        return f"{self.page}/casts"


@dataclass(frozen=True)
class Eligibility:
    """A sentence, its tone, and the steps that are open: label and address, the first is the one to take."""

    title: str
    text: str
    tone: str
    """'' may vote, 'ok' has voted, 'warn' may not, 'plain' nothing to be done now."""
    steps: tuple[tuple[str, str], ...] = ()
    reachable: Sequence[Reachable] = ()
    """Other votes to which they come in time, the one that is over first on top."""


def turnout(box: BallotBox) -> Participations | None:
    """Numbers of those who take part, by channel; None before the opening, and once the result has them."""
    return None if box.opened_at is None or box.erased_at is not None else boxes.participations(box.id)


def mine(box: BallotBox | None, roll: ElectoralRoll | None, user, *, elsewhere: bool = True) -> Mine | None:
    """None while there is no roll to ask. `roll` is that of the vote; the box may have been opened with another one.
    `elsewhere`: with the votes that somebody who is not on it still reaches."""
    asked = roll_of(box, roll)
    if asked is None:
        return None
    entry, rule = rolls.own_entry(asked, user), rolls.rule_of(asked)
    known = entry.person is not None and box is not None and box.opened_at is not None
    is_fixed = asked.fixed_at is not None
    over = box is not None and stage_of(box, clock.now()).reached(BoxStage.CLOSED)
    elsewhere = elsewhere and is_fixed and not over and not rule.grows and entry.state in UNVERIFIED
    return Mine(entry, _channel(box, entry.person) if known else None, rule, box and box.closes_at, is_fixed,
                voted.reachable(clock.now()) if elsewhere else (),
                why_bound(box, entry.person, user) if entry.state in ADMITTED and not over else None)


ADMITTED = (EntryState.IN, EntryState.WILL_BE_IN, EntryState.MAY_BE_ADDED)


def why_bound(box: BallotBox | None, person: bytes | None, user) -> Refusal | None:
    """Refusal that the ballot page has for an account into which staff could have got, or, before the opening, will
    have."""
    if not is_bound(user.staff_act_at, box.created_at if box else clock.now()):
        return None
    if box is None or box.opened_at is None:
        return None if user.staff_act_confirmed else refusals.SecondClerkFirst()
    try:
        casting.opened_for(box.id, person, user.id)
    except Refusal as refusal:
        return refusal if isinstance(refusal, Denied) else None  # without the key the ballot page says so
    return None


def roll_of(box: BallotBox | None, roll: ElectoralRoll | None) -> ElectoralRoll | None:
    """The roll that counts: of the box, as soon as it has one."""
    return box.roll if box is not None and box.roll is not None else roll


def _channel(box: BallotBox, person: bytes) -> Channel | None:
    if box.erased_at is not None:
        return db.session.scalar(sa.select(Participated.channel).filter_by(box_id=box.id, person=person))
    try:
        row_key = keyring.box_keys(box.id).row_key(box.id, person)
    except Refusal:
        return None  # The key is away: the page says so where ballots are cast.
    return voters.channel_of(box.id, row_key)


def of(ways: Actions, stage: Stage, mine: Mine | None) -> Eligibility | None:
    """None where the page has nothing to say about the reader."""
    if stage is Stage.PREPARING:
        return None
    if mine is None:
        return Eligibility(_("명부를 만들고 있어요"), _("명부가 정해지면 여기에서 투표할 수 있는지 볼 수 있어요."), "plain")
    if mine.entry.state is EntryState.NOT_SIGNED_IN:
        return _stranger(ways, stage, mine)
    if mine.bound:
        return Eligibility(str(mine.bound.title), str(mine.bound), "warn", ((_("내 투표 상태 보기"), ways.roll),))
    if stage is Stage.ANNOUNCED:
        return _before(ways, mine)
    return _while_open(ways, mine) if stage is Stage.OPEN else _after(ways, mine)


def _stranger(ways: Actions, stage: Stage, mine: Mine) -> Eligibility:
    way, up = (f"/sign-{word}?next={quote(ways.ballot if stage is Stage.OPEN else ways.page, safe='')}"
               for word in ("in", "up"))
    if stage is Stage.OPEN:
        once = mine.grows and providers.serving(Wanted.ONCE)
        other = (_("계정 없이 한 번 참여하기"), f"/once?next={quote(ways.ballot, safe='')}") if once else (
            _("회원 가입하기"), up)
        return Eligibility(_("투표하려면 로그인해 주세요"), _who_is_on(mine), "",
                           ((_("로그인하고 투표하기"), way), other), mine.reachable)
    if stage is Stage.ANNOUNCED:
        return Eligibility(_("투표할 수 있는지 미리 확인해 주세요"),
                        _("로그인하면 내가 투표인 명부에 있는지 볼 수 있어요."), "",
                        ((_("로그인하고 내 투표권 확인하기"), way), (_("회원 가입하기"), up)))
    return Eligibility(_("투표가 끝났어요"), _("로그인하면 내가 투표한 것으로 되어 있는지 볼 수 있어요."), "plain",
                    ((_("로그인"), way),))


def _before(ways: Actions, mine: Mine) -> Eligibility:
    state, check = mine.entry.state, (_("내 투표권 확인하기"), ways.roll)
    if state is EntryState.IN:
        return Eligibility(_("투표인 명부에 있어요"), _("투표가 시작되면 바로 투표할 수 있어요."), "ok", (check,))
    if state in (EntryState.WILL_BE_IN, EntryState.MAY_BE_ADDED):
        return Eligibility(_("투표할 수 있어요"), str(WHY_NOT[state]), "ok", (check,))
    text = not_listed(state, mine.rule, mine.closes_at) if mine.is_fixed and state in UNVERIFIED else _reason(mine)
    return Eligibility(_("지금은 투표할 수 없어요"), text, "warn", (*_remedy(state, ways), check), mine.reachable)


def _while_open(ways: Actions, mine: Mine) -> Eligibility:
    state, own = mine.entry.state, (_("내 투표 상태 보기"), ways.roll)
    change = (_("투표 바꾸기"), ways.ballot)
    if state is EntryState.MAY_BE_ADDED:
        return Eligibility(_("투표할 수 있어요"), str(WHY_NOT[state]), "", ((_("투표하기"), ways.ballot),))
    if mine.grows and state in UNVERIFIED:
        return Eligibility(_("확인받고 투표할 수 있어요"), not_listed(state, mine.rule, mine.closes_at), "",
                           (*_remedy(state, ways), (_("내 투표권 확인하기"), ways.roll)))
    if state is not EntryState.IN:
        return Eligibility(_("이번 투표에는 참여할 수 없어요"),
                        _reason(mine) if state is EntryState.STRUCK else not_listed(state, mine.rule), "warn",
                        (*_remedy(state, ways), (_("내 투표권 확인하기"), ways.roll)), mine.reachable)
    if mine.channel is Channel.PAPER_ISSUED:
        return Eligibility(_("종이 투표지를 받았어요"),
                        _("온라인으로는 투표할 수 없어요. 쓰지 않은 투표지를 돌려주면 담당자가 다음 방법을 알려 드려요."), "plain", (own,))
    if mine.channel is Channel.PAPER_RETURNED:
        return Eligibility(_("종이로 투표했어요"), _("종이 투표지를 냈다고 적혀 있어요."), "ok", (own,))
    if mine.channel is Channel.ASSISTED:
        return Eligibility(_("주민센터에서 도움을 받아 투표했어요"), _("마감까지 바꿀 수 있고, 마지막 것을 세요."), "ok", (change, own))
    if mine.channel is not None:
        return Eligibility(_("투표한 것으로 되어 있어요"),
                        _("마감까지 몇 번이든 바꿀 수 있고, 마지막 것을 세요. 투표한 적이 없다면 바로 알려 주세요."), "ok", (change, own))
    return Eligibility(_("투표할 수 있어요"), _("투표인 명부에 있어요. 마감까지 몇 번이든 바꿀 수 있어요."), "",
                    ((_("투표하기"), ways.ballot),))


def _after(ways: Actions, mine: Mine) -> Eligibility:
    check = ((_("내 투표 상태 보기"), ways.roll), (_("확인증으로 내 표 찾기"), "/receipts"))
    if mine.channel is Channel.PAPER_ISSUED:
        return Eligibility(_("종이 투표지를 받고 내지 않은 것으로 되어 있어요"),
                        _("낸 투표지가 아직 도착하지 않았을 수 있어요."), "plain", check)
    if mine.channel is not None:
        return Eligibility(_("투표한 것으로 되어 있어요"),
                        _("확인증이 있으면 내 투표지가 공개 기록부에 있는지 볼 수 있어요."), "ok", check)
    return Eligibility(_("투표하지 않은 것으로 되어 있어요"), _("투표했는데 이렇게 보이면 확인증을 가지고 알려 주세요."),
                    "plain", check)


def _reason(mine: Mine) -> str:
    if mine.entry.state is EntryState.STRUCK and mine.entry.struck_reason:
        return _("명부에서 빠졌어요. 이유: %(reason)s", reason=mine.entry.struck_reason)
    return str(WHY_NOT[mine.entry.state])


UNVERIFIED = (EntryState.NOT_SIGNED_IN, EntryState.NOT_VERIFIED, EntryState.AGE_UNKNOWN, EntryState.TOO_LATE)
"""States of people who are not on a roll because they were not verified in time, or may not have been."""


def _who_is_on(mine: Mine) -> str:
    if mine.rule is None or mine.closes_at is None:
        return str(WHY_NOT[EntryState.NOT_SIGNED_IN])
    return who_is_on(mine.rule.grows, mine.rule.fixed_on, mine.closes_at, mine.rule)


def who_is_on(grows: bool, fixed_on: date, closes_at: datetime, rule: RollRule | None = None) -> str:
    """The roll of an open vote, for somebody of whom nothing is known or who is not verified. Without its rule the page
    says who may vote."""
    if grows:
        until = _("조건에 맞으면 %(moment)s까지 주민 확인을 받고 투표할 수 있어요.", moment=end(closes_at))
        return f"{electorate.in_words(rule, enters=False)} {until}" if rule else until
    return _("%(day)s에 정한 명부에 있는 사람이 투표해요. 로그인하면 있는지 바로 알 수 있어요.", day=day(fixed_on))


def not_listed(state: EntryState, rule: RollRule | None = None, closes_at: datetime | None = None) -> str:
    """Reason why somebody is not in the roll of an opened vote; one that is fixed says so first."""
    if rule is not None and rule.grows and closes_at is not None and state in UNVERIFIED:
        return who_is_on(True, rule.fixed_on, closes_at, rule)
    if state is EntryState.NOT_ON_LIST:
        return _("이 투표의 명부에 없어요. 명부는 투표를 시작하기 전에 확정해서 지금은 더 넣을 수 없어요. 왜 빠졌는지는 문의해 주세요.")
    if state in UNVERIFIED and state is not EntryState.TOO_LATE and rule is not None:
        return _("%(day)s에 정한 명부로 투표해요. 지금 주민 확인을 받으면 다음 투표부터 참여할 수 있어요.", day=day(rule.fixed_on))
    return str(WHY_NOT[state])


def _remedy(state: EntryState, ways: Actions) -> tuple[tuple[str, str], ...]:
    verifying = f"/me/residency?next={quote(ways.page, safe='')}"
    if state is EntryState.OTHER_NEIGHBOURHOOD:
        return ((_("내 동 확인하기"), verifying),)
    unverified = (EntryState.NOT_VERIFIED, EntryState.AGE_UNKNOWN, EntryState.OTHER_KIND, EntryState.TOO_LATE)
    return ((_("주민 확인받기"), verifying),) if state in unverified else ()


class Voted(Protocol):
    """A row of a feature that is put to the vote; these are its columns."""

    roll_source: RollSource
    roll_grows: bool
    """People verified until the close are added."""
    roll_fixed_on: date
    admits_residents: bool
    admits_members: bool
    neighbourhoods: Collection[Neighbourhood]
    """Only these; empty: the whole district."""
    min_age: int | None
    """On the closing day."""
    roll: ElectoralRoll | None
    closes_at: datetime


def eligibility(vote: Voted, box: BallotBox | None) -> dict[str, Canonical]:
    """Eligibility as the rule of the roll, and in words that are made from it, of the day on which its box was made."""
    return electorate.stated(roll_rule(vote), box and box.created_at)


def roll_rule(vote: Voted) -> RollRule:
    """The rule of the roll: by what people are, where, and how old on the closing day."""
    residents = {AffiliationKind.LIVE} if vote.admits_residents else set()  # 구민
    members = {AffiliationKind.WORK, AffiliationKind.STUDY} if vote.admits_members else set()  # 생활권자
    return RollRule(
        source=vote.roll_source, fixed_on=vote.roll_fixed_on, kinds=frozenset(residents | members),
        neighbourhoods=_names(vote), min_age=vote.min_age,
        age_on=None if vote.min_age is None else last_day(vote.closes_at), grows=vote.roll_grows)


def _names(vote: Voted) -> tuple[str, ...]:
    """Of its neighbourhoods; as its roll has them, where that is of these: a renamed one makes no other roll."""
    if vote.roll is not None:
        kept = rolls.rule_of(vote.roll).neighbourhoods
        ids = {name: place.id for place in vote.neighbourhoods for name in place.names}
        if sorted(ids.get(name, 0) for name in kept) == sorted(place.id for place in vote.neighbourhoods):
            return kept
    return tuple(place.name_ko for place in vote.neighbourhoods)

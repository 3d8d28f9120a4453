"""One poll as a JSON file describes it: an entry of the sample's polls.json without ballots.

Instants are ISO 8601 with their offset, or `{"days", "time"}` counted in calendar days of Seoul from today,
or `{"minutes"}` from now. Costs are in thousands of won. A name that is not known is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from civic_forum.ballots.rules.boxes import RollSource

from ..rules import (COUNTED_KINDS, MOST_OPTIONS, YEARS, OptionText, PollKind, Publishes, Quorum, Terms, Wording)
from ..times import Times

SEOUL = ZoneInfo("Asia/Seoul")
THOUSAND = 1_000
KNOWN = frozenset((
    "slug", "title", "title_en", "programme", "state", "invented", "question", "question_en", "description",
    "description_en", "kind", "max_choices", "blank_allowed", "eligibility", "opens_at", "closes_at", "closes_label",
    "quorum", "binding", "binding_en", "publishes", "published_at", "options", "questions", "answers", "notices",
    "roll_check", "sign_language_video", "links", "paper_until", "objections", "observers", "after", "generator",
    "paper", "expected"))
"""Of these, ballots, paper, objections and what came afterwards are not the poll's own and are passed over."""
KNOWN_OF_OPTION = frozenset((
    "number", "kind", "title", "title_en", "text", "text_en", "cost", "cost_note", "neighbourhood", "division",
    "category", "department", "picture_alt", "proposal", "agenda", "sign_language_video"))
WHO = {"구민": "admits_residents", "생활권자": "admits_members"}


class Unreadable(ValueError):
    """The file does not describe a poll; `name` is what is wrong in it."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class NoticeEntry:
    at: datetime
    title: str
    text: str


@dataclass(frozen=True)
class Entry:
    """A poll as it was read; neighbourhoods and proposals still by name."""

    slug: str
    wording: Wording
    times: Times
    terms: Terms
    eligibility: str
    admits_residents: bool
    admits_members: bool
    roll_source: RollSource
    min_age: int | None
    neighbourhoods: tuple[str, ...]
    options: tuple[tuple[OptionText, str | None], ...]
    """Each with the name of its neighbourhood."""
    is_announced: bool
    invented: str | None = None
    notices: tuple[NoticeEntry, ...] = ()
    proposals: tuple[str, ...] = field(default=())
    """Titles of proposals that it is about."""


def read(data: object, now: datetime) -> Entry:
    """Raises Unreadable with the name of what is missing, unknown or not of its kind."""
    poll = _object(data, "poll")
    _only(poll, KNOWN, "")
    eligibility = _object(poll.get("eligibility"), "eligibility")
    kind = _one_of(PollKind, poll.get("kind"), "kind")
    who = _list(eligibility.get("who"), "eligibility.who")
    if not who or not set(who) <= set(WHO):
        raise Unreadable("eligibility.who")
    times = _times(poll, eligibility, now)
    return Entry(
        slug=_text(poll, "slug"), wording=_wording(poll), times=times, terms=_terms(poll, kind),
        eligibility=_text(eligibility, "label"), admits_residents="구민" in who, admits_members="생활권자" in who,
        roll_source=_one_of(RollSource, eligibility.get("check", "verified"), "eligibility.check"),
        min_age=_number(eligibility, "min_age"),
        neighbourhoods=tuple(_texts(eligibility.get("neighbourhoods") or [], "eligibility.neighbourhoods")),
        options=_options(poll, kind), is_announced=poll.get("state", "announced") != "preparing",
        invented=_maybe(poll, "invented"),
        notices=tuple(_notice(one, now) for one in _list(poll.get("notices") or [], "notices")),
        proposals=tuple(_texts(_object(poll.get("links") or {}, "links").get("proposals") or [], "links.proposals")))


def instant(value: object, now: datetime, name: str) -> datetime:
    """A moment as the file gives it."""
    at = _instant(value, now, name)
    if at.year not in YEARS:
        raise Unreadable(name)
    return at


def _instant(value: object, now: datetime, name: str) -> datetime:
    try:
        if isinstance(value, str):
            at = datetime.fromisoformat(value)
            if at.tzinfo is None:
                raise Unreadable(name)
            return at.astimezone(UTC)
        if isinstance(value, Mapping) and set(value) == {"minutes"}:
            return (now + timedelta(minutes=int(value["minutes"]))).replace(microsecond=0)
        if isinstance(value, Mapping) and set(value) <= {"days", "time"} and "days" in value:
            clock = time.fromisoformat(str(value.get("time", "00:00")))
            return datetime.combine(_day_from(value, now), clock, SEOUL).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as wrong:
        raise Unreadable(name) from wrong
    raise Unreadable(name)


def _day(value: object, now: datetime, name: str) -> date:
    day = _written_day(value, now, name)
    if day.year not in YEARS:
        raise Unreadable(name)
    return day


def _written_day(value: object, now: datetime, name: str) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
        if isinstance(value, Mapping) and set(value) == {"days"}:
            return _day_from(value, now)
    except (TypeError, ValueError, OverflowError) as wrong:
        raise Unreadable(name) from wrong
    raise Unreadable(name)


def _day_from(value: Mapping, now: datetime) -> date:
    return now.astimezone(SEOUL).date() + timedelta(days=int(value["days"]))


def _wording(poll: Mapping) -> Wording:
    english = {name: poll[f"{name}_en"] for name in ("title", "question", "description", "binding")
               if isinstance(poll.get(f"{name}_en"), str)}
    agenda = _maybe(_object(poll.get("links") or {}, "links"), "agenda")
    return Wording(title=_text(poll, "title"), question=_text(poll, "question"),
                   description=_maybe(poll, "description") or "", programme=_maybe(poll, "programme"),
                   sign_language_video=_maybe(poll, "sign_language_video"), texts={"en": english} if english else {},
                   about=("agenda", agenda) if agenda else None)


def _times(poll: Mapping, eligibility: Mapping, now: datetime) -> Times:
    check = _object(poll.get("roll_check") or {}, "roll_check")
    opens = instant(poll.get("opens_at"), now, "opens_at")
    return Times(
        opens_at=opens, closes_at=instant(poll.get("closes_at"), now, "closes_at"),
        roll_fixed_on=_day(eligibility.get("roll_fixed_on"), now, "eligibility.roll_fixed_on"),
        roll_check_from=instant(check["from"], now, "roll_check.from") if "from" in check else None,
        roll_check_to=instant(check["to"], now, "roll_check.to") if "to" in check else None,
        paper_until=instant(poll["paper_until"], now, "paper_until") if poll.get("paper_until") else None)


def _terms(poll: Mapping, kind: PollKind) -> Terms:
    quorum = _object(poll.get("quorum") or {}, "quorum")
    most = _number(poll, "max_choices") if kind in COUNTED_KINDS else 1
    if most is None:
        raise Unreadable("max_choices")
    return Terms(
        kind=kind, max_choices=most, binding=_maybe(poll, "binding") or "",
        quorum=_one_of(Quorum, quorum.get("kind"), "quorum.kind") if quorum else None,
        quorum_value=_number(quorum, "value"), quorum_text=_maybe(quorum, "text"),
        publishes=_one_of(Publishes, poll.get("publishes", "totals"), "publishes"))


def _options(poll: Mapping, kind: PollKind) -> tuple[tuple[OptionText, str | None], ...]:
    name = "questions" if kind is PollKind.YES_NO_EACH and "questions" in poll else "options"
    found = [_object(one, name) for one in _list(poll.get(name), name)]
    if len(found) > MOST_OPTIONS or [one.get("number") for one in found] != list(range(1, len(found) + 1)):
        raise Unreadable(f"{name}.number")
    return tuple(_option(one, f"{name}.{one['number']}") for one in found)


def _option(one: Mapping, name: str) -> tuple[OptionText, str | None]:
    _only(one, KNOWN_OF_OPTION, f"{name}.")
    english = {key: one[f"{key}_en"] for key in ("title", "text") if isinstance(one.get(f"{key}_en"), str)}
    cost = _number(one, "cost")
    option = OptionText(
        title=_text(one, "title"), text=_maybe(one, "text") or "", cost=None if cost is None else cost * THOUSAND,
        proposal_number=_maybe(one, "proposal"), agenda_slug=_maybe(one, "agenda"),
        texts={"en": english} if english else {},
        **{key: _maybe(one, key)
           for key in ("kind", "cost_note", "category", "department", "division", "sign_language_video")})
    return option, _maybe(one, "neighbourhood")


def _notice(value: object, now: datetime) -> NoticeEntry:
    one = _object(value, "notices")
    return NoticeEntry(instant(one.get("at"), now, "notices.at"), _text(one, "title"), _text(one, "text"))


def _object(value: object, name: str) -> Mapping:
    if not isinstance(value, Mapping):
        raise Unreadable(name)
    return value


def _list(value: object, name: str) -> list:
    if not isinstance(value, list):
        raise Unreadable(name)
    return value


def _texts(value: object, name: str) -> list[str]:
    found = _list(value, name)
    if not all(isinstance(one, str) for one in found):
        raise Unreadable(name)
    return found


def _text(data: Mapping, name: str) -> str:
    if not isinstance(data.get(name), str) or not data[name].strip():
        raise Unreadable(name)
    return data[name]


def _maybe(data: Mapping, name: str) -> str | None:
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable(name)
    return value or None


def _number(data: Mapping, name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**40:
        raise Unreadable(name)
    return value


def _one_of(kind: type, value: object, name: str):
    try:
        return kind(value)
    except ValueError as wrong:
        raise Unreadable(name) from wrong


def _only(data: Mapping, known: frozenset[str], where: str) -> None:
    for name in data:
        if name not in known:
            raise Unreadable(f"{where}{name}")

"""Lists of the district, changed in the browser: made and ordered at once, renamed from a day on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from civic_forum.accounts.models import User
from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.queries import people
from civic_forum.blocks import slugs
from civic_forum.district import operations
from civic_forum.district import queries as district
from civic_forum.district.models import LISTS, DistrictChange, Keyed, Named
from civic_forum.district.rules import DistrictAct, DistrictList
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import OTHERS, WHOLE, _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..policy import may_change_district
from ..rules import typed_names
from .by_two import OWN_RULE, Case, subject_of

LONGEST, LONGEST_WORDS = 60, 80
MOST = {"support_threshold": 10_000, "support_days": 365, "answer_days": 365}
"""Numbers that a category may have of its own, from 1."""
MOST_OF_KEY = 40
MOST_OF_TEXT = 2_000
MOST_AT_ONCE = 100
OWN = DistrictList.CATEGORIES, DistrictList.TEXTS
"""Lists whose entries have more than names."""
WHY_LEAST, WHY_MOST = 5, 300
AHEAD = timedelta(days=2 * 366)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A new name, of a category with what it has of its own, and why; all are public."""

    name_ko: str
    words: Mapping[str, str]
    """Code of another language → the name in it; one that is left out has the Korean name."""
    why: str
    own: Mapping[str, Any] = field(default_factory=dict)
    """Of a category its numbers and its department, of a ready-made text the text."""

    def checked(self) -> "Decision":
        """Cleaned. Raises Refusal."""
        korean = plain_text.clean(self.name_ko)
        words = {code: plain_text.clean(text) for code, text in self.words.items()}
        if not 1 <= len(korean) <= LONGEST:
            raise Refusal(_("이름은 1자부터 %(most)s자까지 적어 주세요.", most=LONGEST), field="name_ko")
        for code, text in words.items():
            if not (code in WHOLE) <= len(text) <= LONGEST_WORDS:
                raise Refusal(_("이름은 1자부터 %(most)s자까지 적어 주세요.", most=LONGEST_WORDS), field=f"name_{code}")
        for name, number in self.own.items():
            if isinstance(number, int) and not 1 <= number <= MOST.get(name, number):
                raise Refusal(_("1부터 %(most)s까지 적거나 비워 두세요.", most=f"{MOST[name]:,}"), field=name)
        own = {name: ready_text(after) if name == "text" else after for name, after in self.own.items()}
        return replace(self, name_ko=korean, words=words, own=own, why=reason(self.why))


def name_fields(words: Mapping[str, str]) -> dict[str, str]:
    """Names in other languages as fields of a change and of a form."""
    return {f"name_{code}": text for code, text in words.items()}


def reason(text: str) -> str:
    """Reason of a decision, cleaned. Raises Refusal."""
    why = plain_text.clean(text)
    if not WHY_LEAST <= len(why) <= WHY_MOST:
        raise Refusal(_("왜 바꾸는지 5자부터 300자까지 적어 주세요. 모두에게 보여요."), field="why")
    return why


def ready_text(text: str) -> str:
    """A text with blanks, cleaned. Raises Refusal."""
    text = plain_text.clean(text, lines=True)
    if len(text) > MOST_OF_TEXT:
        raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=f"{MOST_OF_TEXT:,}"), field="text")
    return text


def make(of: DistrictList, text: str, *, why: str, body: str = "", by: User) -> list[Named]:
    """Add all whose names a text has (`rules.typed_names`) at the end of their list, at once: nothing stands on them
    yet. `body`: of a ready-made text. Raises Refusal with a sentence for each wrong line; then none is made."""
    why, own = reason(why), {"text": ready_text(body)} if of is DistrictList.TEXTS else {}
    with use_case(by) as work:
        entries = _held(work, of)
        names = _checked_names(text, _taken(entries, of))
        last = max((other.position for other in entries), default=0)
        for place, (name_ko, other) in enumerate(names, last + 1):
            key = {"key": _key(entries, other)} if issubclass(LISTS[of], Keyed) else {}
            words = {str(OTHERS[0]): other} if other != name_ko else {}
            entry = work.store(LISTS[of](**key, **own, name_ko=name_ko, words=words, earlier=[], position=place))
            note(work, of, entry, DistrictAct.MAKE, why, {
                name: [None, after] for name, after in {"name_ko": name_ko, **name_fields(words), **own}.items()})
            work.record("district.made", entry)
            entries.append(entry)
        return entries[-len(names):]


def rename(of: DistrictList, entry_id: int, decision: Decision, *, from_day: date | None, seen: int,
           by: User) -> DistrictChange:
    """Give it another name, or a category rules of its own, from a day on, tomorrow at the earliest; threshold and days
    wait for another administrator. `seen`: its last change that the page knew. Raises Conflict where it was changed
    since, where a change waits already, and for a name that another one has or had."""
    decision = decision.checked()
    with use_case(by) as work:
        entries = _held(work, of)
        entry = _entry(entries, entry_id)
        if getattr(entry, "closed_at", None) is not None:
            raise Conflict(_("이미 닫았어요. 지난 일은 그 이름으로 남아요."))
        fresh(of, entry, seen)
        wanted = {"name_ko": decision.name_ko} | name_fields(decision.words) | (
            dict(decision.own) if of in OWN else {})
        fields = {name: [entry.field(name), after] for name, after in wanted.items()
                  if (entry.field(name) or None) != (after or None)}
        if not fields:
            raise Refusal(_("지금과 같아요. 바꿀 것을 적어 주세요."), field="name_ko")
        department_id = fields.get("department_id", [None, None])[1]
        if department_id is not None and district.open_department(department_id) is None:
            raise Refusal(_("부서를 골라 주세요."), field="department")
        if decision.name_ko in _taken([other for other in entries if other is not entry], of):
            raise Conflict(_("다른 곳이 쓰거나 예전에 쓴 이름이에요. 다른 이름을 적어 주세요."), field="name_ko")
        act = (DistrictAct.SET_BY_TWO if fields.keys() & MOST.keys() else
               DistrictAct.RENAME if any(name.startswith("name_") for name in fields) else DistrictAct.SET)
        change = note(work, of, entry, act, decision.why, fields, from_day=checked_day(from_day, work))
        if act is DistrictAct.SET_BY_TWO:
            require_proof(by, work.at)
            OWN_RULE.begin(work, subject_of(change.id), Case(change, entry))
        work.record(f"district.{act}_decided", entry, change=change.id)
        return change


def withdraw(change_id: int, *, by: User) -> DistrictChange:
    """Take back what waits. Raises Conflict where it was carried out or taken back."""
    with use_case(by) as work:
        change = district.change(change_id)
        _held(work, change.list)
        change = district.change(change_id, lock=True)
        if change.applied_at is not None or change.withdrawn_at is not None:
            raise Conflict(_("이미 바뀌었거나 거둔 변경이에요. 새로 열어 확인해 주세요."))
        change.withdrawn_at = work.at
        work.record("district.change_withdrawn", change)
        return change


def move(of: DistrictList, entry_id: int, *, seen: int, to: int, by: User) -> None:
    """Give it another place, from 1, at once. `seen`: the place that the page showed. Raises Conflict where it stands
    elsewhere by now."""
    with use_case(by) as work:
        entries = _held(work, of)
        entry = _entry(entries, entry_id)
        if entries.index(entry) + 1 != seen:
            raise Conflict(_("그 사이에 순서가 바뀌었어요. 다시 한번 확인해 주세요."))
        if not 1 <= to <= len(entries) or to == seen:
            raise Refusal(_("그 자리로는 옮길 수 없어요."))
        entries.insert(to - 1, entries.pop(seen - 1))
        for position, other in enumerate(entries, 1):
            other.position = position
        note(work, of, entry, DistrictAct.MOVE, "", {"position": [seen, to]})
        work.record("district.moved", entry)


def apply_due() -> int:
    """Carry out what was decided for today or before, each in a transaction of its own; returns how many."""
    applied = 0
    for change_id in district.due(local(clock.now()).date()):
        with use_case(None) as work:
            change = district.change(change_id)
            entries = {entry.id: entry for entry in district.held(change.list)}
            change = district.change(change_id, lock=True)
            if change.applied_at is None and change.withdrawn_at is None:
                operations.apply(work, change, entries)
                applied += 1
    return applied


def checked_day(from_day: date | None, work: Work) -> date:
    """Raises Refusal for today, for days before it and for those that lie too far ahead."""
    today = local(work.at).date()
    if from_day is None or not today < from_day <= today + AHEAD:
        raise Refusal(_("언제부터인지 내일부터 2년 안의 날로 골라 주세요."), field="from_day")
    return from_day


def _held(work: Work, of: DistrictList) -> list[Any]:
    """The list, locked with the actor, whose right is checked on their grants as they are now."""
    require(people.held(work.actor.id)[work.actor.id], may_change_district)
    return district.held(of)


def _entry(entries: Sequence[Any], entry_id: int) -> Any:
    for entry in entries:
        if entry.id == entry_id:
            return entry
    raise NotFound(_("목록에 없어요. 새로 열어 확인해 주세요."))


def fresh(of: DistrictList, entry: Named, seen: int) -> dict[int, DistrictChange]:
    """Changes of this list that wait. Raises Conflict where this one was changed since, or a change of it waits."""
    waiting = district.waiting(of)
    if entry.id in waiting:
        raise Conflict(_("이미 정한 변경이 기다리고 있어요. 먼저 그 변경을 거둬 주세요."))
    if seen != district.last_change(of, entry.id):
        raise Conflict(_("그 사이에 다른 관리자가 바꿨어요. 다시 한번 확인해 주세요."))
    return waiting


def _key(others: Sequence[Any], name: str) -> str:
    """A word for addresses, of the English name or numbered, that no other one has or had."""
    keys = {other.key for other in others}
    return slugs.proposed(name, keys.__contains__, on=local(clock.now()).date(), most=MOST_OF_KEY)


def _taken(others: Sequence[Named], of: DistrictList) -> frozenset[str]:
    """Names, earlier ones and those to come: commands, rolls and files find an entry by every one, so no two share."""
    coming = (change.fields["name_ko"][1] for change in district.waiting(of).values() if "name_ko" in change.fields)
    return frozenset((*coming, *(name for other in others for name in other.names)))


def _checked_names(text: str, taken: Collection[str]) -> list[tuple[str, str]]:
    """Raises Refusal that says of each wrong line what is wrong."""
    lines, typed, wrong = typed_names(text), set(), []
    if not 1 <= len(lines) <= MOST_AT_ONCE:
        raise Refusal(_("이름을 한 줄에 하나씩, 한 번에 %(most)s개까지 적어 주세요.", most=MOST_AT_ONCE), field="names")
    for number, (name_ko, other) in lines.items():
        if not name_ko or len(name_ko) > LONGEST or len(other) > LONGEST_WORDS:
            wrong.append(_("%(line)s번째 줄: 한국어 이름은 1자부터 %(ko)s자까지, 영어 이름은 %(en)s자까지예요.", line=number,
                           ko=LONGEST, en=LONGEST_WORDS))
        elif name_ko in typed:
            wrong.append(_("%(line)s번째 줄: “%(name)s”을(를) 위에도 적었어요.", line=number, name=name_ko))
        elif name_ko in taken:
            wrong.append(_("%(line)s번째 줄: “%(name)s”은(는) 이미 있거나 예전에 쓴 이름이에요.", line=number, name=name_ko))
        typed.add(name_ko)
    if wrong:
        raise Refusal("\n".join(wrong), field="names")
    return list(lines.values())


def note(work: Work, of: DistrictList, entry: Named, act: DistrictAct, why: str, fields: dict[str, list], *,
          from_day: date | None = None) -> DistrictChange:
    return work.store(DistrictChange(list=of, subject_id=entry.id, act=act, fields=fields, why=why, by_id=work.actor.id,
                                     from_day=from_day or local(work.at).date(), made_at=work.at,
                                     applied_at=None if from_day else work.at))

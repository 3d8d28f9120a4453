"""Electorates in words: all of it made from the rule that makes the roll, so that nobody reads one thing and counts
by another.
"""

import json
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple


from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.blocks import sections
from civic_forum.district import queries as district
from civic_forum.platform import settings
from civic_forum.platform.i18n import Language, _, _l, day, language, speaking

from ..models import BallotBox, ElectoralRoll
from ..rules.boxes import RollSource
from .rules import Belonging, EntryState, RollRule, place_of

WAYS = {AffiliationKind.LIVE: (_l("살거나"), _l("사는")), AffiliationKind.WORK: (_l("일하거나"), _l("일하는")),
        AffiliationKind.STUDY: (_l("학교에 다니거나"), _l("학교에 다니는"))}
"""Kind → its verb before another one, and as the last."""
ENTERS = {
    (RollSource.VERIFIED, False): _l("%(day)s까지 주민 확인을 마쳐야 해요."),
    (RollSource.VERIFIED, True): _l("%(day)s에 명부를 정하고, 그 뒤에 주민 확인을 받은 사람도 마감까지 더해요."),
    (RollSource.DECLARED, False): _l("%(day)s까지 그렇게 적은 회원이면 돼요. 주민 확인은 받지 않아도 돼요."),
    (RollSource.IMPORTED, False): _l("%(day)s 기준으로 만든 명부에 있어야 해요."),
    (RollSource.IMPORTED, True): _l("%(day)s 기준으로 만든 명부에 있거나, 그 뒤에 마감까지 주민 확인을 받으면 돼요."),
}
"""(Source, grows) → how somebody comes to be on the roll."""
DECLARED_OF_AGE = _l("%(day)s까지 그렇게 적고, 나이를 알 수 있게 주민 확인을 받은 회원이면 돼요.")
"""The same where no proof is asked, but of an age that an account does not tell."""


def sentence(rule: RollRule, area: str, names: Mapping[str, str], *, enters: bool = True) -> str:
    """The electorate in the language of the page. `area`: name of the district; `names`: Korean name of a neighbourhood
    → its name there; `enters`: with how somebody comes to be on the roll."""
    who = _people(rule.kinds, " · ".join(names.get(name, name) for name in rule.neighbourhoods) or area)
    if rule.min_age is not None and rule.age_on is not None:
        who = _("%(who)s 가운데 %(day)s에 %(age)s세 이상인 사람", who=who, day=day(rule.age_on), age=rule.min_age)
    votes = _("%(who)s이 투표해요.", who=who)
    if not enters:
        return votes
    is_unproved = rule.source is RollSource.DECLARED and rule.old_enough(None) is None
    way = DECLARED_OF_AGE if is_unproved else ENTERS[rule.source, rule.grows]
    return " ".join((votes, str(way) % {"day": day(rule.fixed_on)}))


def _people(kinds: Iterable[AffiliationKind], place: str) -> str:
    *others, last = (WAYS[kind] for kind in AffiliationKind if kind in set(kinds))
    ways = " ".join([*(str(also) for also, _end in others), str(last[1])])
    if AffiliationKind.LIVE in kinds:
        return _("%(place)s에 %(ways)s 사람", place=place, ways=ways)
    return _("%(place)s에서 %(ways)s 사람", place=place, ways=ways)


class Example(NamedTuple):
    """Somebody of whom the rule says whether they are on the roll."""

    person: str
    is_in: bool


def examples(rule: RollRule, names: Mapping[str, str]) -> Iterator[Example]:
    """People just inside and just outside each condition, asked of the rule itself; of a list that was made elsewhere
    those alone whom it cannot have. `names`: Korean name → name, of all neighbourhoods in their order."""
    ids = {name: number for number, name in enumerate(names, start=1)}
    asked = [name for name in names if name in rule.neighbourhoods]
    place = next(iter(asked or names), None)
    is_listed = rule.source is RollSource.IMPORTED
    if place is None:
        return
    kind = next(kind for kind in AffiliationKind if kind in rule.kinds)
    last = _last_birthday(rule)
    later = last and last + timedelta(days=1)
    people = [] if is_listed else [
        (_("%(who)s, %(born)s까지 태어남") if last else "%(who)s", place, kind, last, Verification.DESK)]
    people += [(_("%(who)s, %(born)s부터 태어남"), place, kind, later, Verification.DESK)] if later else []
    people += [("%(who)s", name, kind, last, Verification.DESK) for name in names if asked and name not in asked][:1]
    if not is_listed:
        people += [("%(who)s", place, other, last, Verification.DESK) for other in AffiliationKind if other is not kind]
        people.append((_("%(who)s, 주민 확인을 받지 않음"), place, kind, None, Verification.DECLARED))
    for words, name, kind, born, how in people:
        state = place_of(rule, [Belonging(kind, how, ids[name])], born, frozenset(ids[place] for place in asked)).state
        yield Example(words % {"who": _people([kind], names[name]), "born": _birthday(born)}, state is EntryState.IN)


def _last_birthday(rule: RollRule) -> date | None:
    """Of those who are just old enough; None where age does not matter."""
    if rule.min_age is None or rule.age_on is None:
        return None
    on = rule.age_on
    born = date(on.year - rule.min_age, on.month, min(on.day, monthrange(on.year - rule.min_age, on.month)[1]))
    return born if rule.old_enough(born) else born - timedelta(days=1)


def _birthday(born: date | None) -> str:
    return _("%(year)s년 %(month)s월 %(day)s일", year=born.year, month=born.month, day=born.day) if born else ""


def in_words(rule: RollRule, *, enters: bool = True, since: datetime | None = None) -> str:
    """The sentence of a rule in this district as it was called at a moment (now), in the language of the page."""
    area = settings.in_words_at("DISTRICT_NAME", since)
    names = {} if language().is_korean or not rule.neighbourhoods else places(rule)
    return sentence(rule, area, names, enters=enters)


def places(rule: RollRule) -> dict[str, str]:
    """Korean name → name in the language of the page, of all neighbourhoods in their order; those that the rule names
    as it does."""
    return sections.kept(district.spoken_names, rule.neighbourhoods)


def stated(rule: RollRule, since: datetime | None = None) -> dict[str, Any]:
    """The part `eligibility` of a definition: the sentence in Korean, whoever makes the vote, marked as made from the
    rule beside it."""
    with speaking(Language.KO):
        return {"made": 1, "sentence": in_words(rule, since=since), "roll": rule.to_json()}


def rule_in(eligibility: Mapping[str, Any]) -> RollRule | None:
    """The rule in a definition; None where an older one has words alone."""
    return RollRule.from_json(eligibility["roll"]) if eligibility.get("roll") else None


def typed(eligibility: Mapping[str, Any]) -> str | None:
    """The sentence of a definition that somebody typed, before sentences were made from the rule."""
    return None if eligibility.get("made") else eligibility.get("sentence") or eligibility.get("text")


def published(definition: str) -> str:
    """The electorate as an opened box says it: in Korean as it was kept, in others as it was typed, or by the rule."""
    parts = _parts(definition)
    eligibility = parts["eligibility"]
    rule, words = rule_in(eligibility), eligibility.get("sentence") or typed(eligibility)
    if rule is not None and (words is None or eligibility.get("made") and not language().is_korean):
        return in_words(rule)
    return (parts.get(language()) or {}).get("eligibility") or words or ""


@lru_cache(maxsize=64)
def _parts(definition: str) -> dict[str, Any]:
    return json.loads(definition)  # type: ignore[no-any-return]


def of_vote(box: BallotBox | None, roll: ElectoralRoll | None) -> str:
    """The electorate of a vote for everybody; nothing while there is no rule."""
    if box is not None and box.opened_at is not None:
        return published(box.definition)
    return in_words(RollRule.from_json(json.loads(roll.rule))) if roll is not None else ""

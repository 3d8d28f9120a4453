"""A vote as two officials read it before they confirm: in words, with all that changed since a proposal."""

from collections.abc import Iterator, Mapping
from typing import Any

from civic_forum.platform.i18n import OTHERS, _, _l, end, moment, won

from ..labels import DRAW, PUBLISHES
from ..labels import consequence
from ..labels import quorum as quorum_in_words
from ..models import BallotBox, Confirmation
from ..queries import asked, rule_of
from ..rolls.electorate import examples, in_words, places, rule_in, typed
from ..rolls.rules import RollRule
from ..rules.boxes import ConfirmedAction
from ..rules.choices import BoxRule, Kind
from ..rules.log import canonical_json, instant, parse_canonical
from .queries import confirmed

LONGEST = 120
"""Texts up to this length stand in a sentence before and after; of longer ones it says that they changed."""
ITSELF = ("format", "id", "rehearsal", "key_sha256")
TEXTS = {str(words): _l("%(language)s로 쓴 글", language=words.label) for words in OTHERS}
PART = {
    "subject_title": _l("제목"), "question": _l("질문"), "description": _l("설명"), "envelope": _l("배정 예산 이름"),
    "eligibility": _l("누가 투표하나요"), "roll": _l("투표인 명부"), "rule": _l("고르는 방법"), "groups": _l("묶음"),
    "opens_at": _l("시작하는 때"), "closes_at": _l("끝나는 때"), "paper_until": _l("종이를 받는 마지막 때"),
    "binding": _l("반영 방식"), "winners": _l("정하는 방법"), "draw": _l("표가 똑같을 때"), "quorum": _l("최소 참여"),
    "budget": _l("예산과 셈 방법"), "publishes": _l("공개하는 기록"), "observers": _l("참관인"),
    "signatures": _l("서명해야 하는 참관인 수"), "officers": _l("담당관"), "programme": _l("사업 이름"),
    "sign_language_video": _l("수어 영상"), **TEXTS,
}
OF_OPTION = {
    "title": _l("이름"), "text": _l("설명"), "cost": _l("금액"), "cost_note": _l("금액 설명"), "code": _l("번호"),
    "picture": _l("사진"), "condition": _l("조건"), "place": _l("장소"), "department": _l("부서"), "kind": _l("종류"),
    "category": _l("분야"), "neighbourhood": _l("동"), **TEXTS,
}

GOT = {"votes": _l("표"), "points": _l("점"), "yes": _l("찬성"), "no": _l("반대"), "blank": _l("기권")}


def as_kept(box: BallotBox) -> str:
    """The definition, and digests of the record, as they are kept with a proposal."""
    digests = {name: value.hex() for name in ("public_sha256", "observers_sha256") if (value := getattr(box, name))}
    return canonical_json({"definition": parse_canonical(box.definition.encode()), "record": digests}).decode()


def rows(box: BallotBox, additions: Mapping[int, int]) -> list[tuple[str, str]]:
    """The vote in words, as (term, text). `additions`: of those to its roll by hand (`rolls.queries`)."""
    parts, closes = asked(box), min(box.closed_at or box.closes_at, box.closes_at)
    early = confirmed(box.id, ConfirmedAction.CLOSE_EARLY) if box.closed_at else None
    lines = [
        (_("질문"), parts["question"]),
        (_("누가 투표하나요"), _sentence(parts["eligibility"])),
        (_("그때 적은 말"), typed(parts["eligibility"]) if rule_in(parts["eligibility"]) else None),
        (_("투표인 명부"), _roll(parts["roll"])),
        (_("손으로 넣음"), _("명부를 정한 뒤에 %(count)s번", count=f"{additions[box.roll_id]:,}")
         if box.roll_id in additions else None),
        *_examples(box, rule_in(parts["eligibility"])),
        (_("언제 하나요"), _("%(opens)s ~ %(closes)s", opens=moment(box.opens_at), closes=end(closes))),
        (_("일찍 마감한 이유"), early and early.note),
        (_("종이를 받는 마지막 때"), end(box.paper_until) if box.paper_until else None),
        (_("고르는 방법"), how_to_choose(rule_of(box))),
        (_("어떻게 반영하나요"), parts["binding"]),
        (_("배정 예산"), won(parts["budget"]["amount"]) if "budget" in parts else None),
        (_("최소 참여"), _quorum(parts["quorum"], parts["roll"]) if "quorum" in parts else None),
        (_("기준에 모자라면"), consequence(parts["quorum"]) if "quorum" in parts else None),
        (_("표가 똑같을 때"), str(DRAW[parts["draw"]]) if "draw" in parts else None),
        (_("공개하는 기록"), str(PUBLISHES[parts["publishes"]])),
        (_("담당관"), _officers(parts["officers"])),
        (_("참관인"), _observers(parts["observers"]) if parts["observers"] else _("없어요")),
    ]
    return [(term, text) for term, text in lines if text]


def options(box: BallotBox) -> list[dict[str, Any]]:
    """Number, name and cost of each option."""
    return [{"number": option["number"], "title": option["title"],
             "cost": won(option["cost"]) if "cost" in option else None} for option in asked(box)["options"]]


def counted(box: BallotBox) -> list[tuple[str, str]]:
    """Each option with what it got; of few ballots those that were chosen, as in the result."""
    result, titles = parse_canonical(box.result.encode()), {
        option["number"]: option["title"] for option in asked(box)["options"]}
    ballots = [(_("센 투표지"), _("%(count)s장", count=result["ballots"]))]
    if "small" in result:
        return ballots + [(titles.get(number, str(number)), _("뽑혔어요")) for number in result["outcome"]["selected"]]
    return ballots + [(titles[line["option"]],
                       ", ".join(f"{word} {line[name]}" for name, word in GOT.items() if name in line))
                      for line in result["totals"]] + [(_("기권"), str(result["blank"]))]


def how_to_choose(rule: BoxRule) -> str:
    """The form of a ballot in a few words."""
    if rule.kind is Kind.YES_NO:
        return _("항목마다 찬성, 반대, 기권 가운데 하나")
    if rule.kind is Kind.POINTS:
        return _("점수를 나누어 모두 %(limit)s점까지", limit=rule.limit)
    if rule.exactly:
        return _("꼭 %(limit)s개", limit=rule.limit)
    return _("하나만") if rule.limit == 1 else _("%(limit)s개까지", limit=rule.limit)


def changed(before: Confirmation | None, box: BallotBox) -> list[str]:
    """Sentences on everything that is not as it was when that was proposed."""
    return differences(before.shown, as_kept(box)) if before is not None and before.shown else []


def differences(before: str, after: str) -> list[str]:
    """Sentences on everything that is not the same in two texts of `as_kept`."""
    old, new = (parse_canonical(text.encode()) for text in (before, after))
    sentences = list(_of_definition(old["definition"], new["definition"]))
    if old["record"] and old["record"] != new["record"]:
        sentences.append(_("기록 파일이 그때와 달라요."))
    return sentences


def _of_definition(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in PART:
        if old.get(name) != new.get(name):
            yield _sentence_of(str(PART[name]), *(_in_words(name, definition.get(name)) for definition in (old, new)))
    yield from _of_options({option["number"]: option for option in old["options"]},
                           {option["number"]: option for option in new["options"]})
    if any(old.get(name) != new.get(name) for name in {*old, *new} - {*PART, *ITSELF, "options"}):
        yield _("그 밖의 내용이 바뀌었어요.")


def _of_options(old: Mapping[int, Mapping], new: Mapping[int, Mapping]) -> Iterator[str]:
    for number in sorted({*old, *new}):
        if number not in new:
            yield _("항목 %(number)s을 뺐어요: %(title)s", number=number, title=old[number]["title"])
        elif number not in old:
            yield _("항목 %(number)s을 넣었어요: %(title)s", number=number, title=new[number]["title"])
        else:
            yield from _of_option(number, old[number], new[number])


def _of_option(number: int, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            label = _("항목 %(number)s의 %(part)s", number=number, part=OF_OPTION.get(name, _("다른 내용")))
            yield _sentence_of(label, *(_in_words(name, option.get(name)) for option in (old, new)))


def _sentence_of(label: str, old: str | None, new: str | None) -> str:
    if old is None or new is None or old == new or max(len(old), len(new)) > LONGEST:
        return _("%(label)s: 내용이 바뀌었어요.", label=label)
    return _("%(label)s: %(before)s → %(after)s", label=label, before=old or _("없음"), after=new or _("없음"))


def _in_words(name: str, value: Any) -> str | None:
    """None for what is too much to stand in a sentence."""
    if value is None or value == "":
        return ""
    if name in ("opens_at", "closes_at", "paper_until"):
        return moment(instant(value))
    spoken = {"cost": won, "roll": _roll, "eligibility": _sentence, "observers": _observers, "officers": _officers,
              "publishes": lambda text: str(PUBLISHES[text]), "draw": lambda text: str(DRAW[text]),
              "rule": lambda rule: how_to_choose(BoxRule.from_json(rule))}
    if name in spoken:
        return spoken[name](value)
    return str(value) if isinstance(value, str | int) else None


def _sentence(eligibility: Mapping[str, Any]) -> str:
    rule = rule_in(eligibility)
    return in_words(rule) if rule is not None else typed(eligibility) or ""


def _examples(box: BallotBox, rule: RollRule | None) -> Iterator[tuple[str, str]]:
    """People who are on the roll and who are not; in a rehearsal those are who was invited."""
    if rule is None or box.rehearsal:
        return
    people = list(examples(rule, places(rule)))
    for term, is_in in ((_("투표하는 예"), True), (_("투표하지 않는 예"), False)):
        yield term, " / ".join(example.person for example in people if example.is_in is is_in)


def _roll(roll: Mapping[str, Any]) -> str:
    count = f"{roll['size']:,}"
    return _("%(count)s명과, 마감까지 주민 확인을 받고 투표하러 오는 사람", count=count) if roll.get("grows") else _(
        "%(count)s명", count=count)


def _quorum(quorum: Mapping[str, Any], roll: Mapping[str, Any]) -> str:
    words = quorum_in_words(quorum)
    if quorum["kind"] == "min_voters" and quorum["value"] > roll["size"] and not roll.get("grows"):
        return f"{words}. " + _("명부에 그만큼이 없어서 채울 수 없어요.")
    return words


def _officers(officers: list[Mapping[str, Any]]) -> str:
    return ", ".join(officer["position"] for officer in officers)


def _observers(observers: list[Mapping[str, Any]]) -> str:
    return ", ".join(observer["name"] for observer in observers) or _("없음")

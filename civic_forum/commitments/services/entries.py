"""Entries written, approved, sent back; new commitments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from civic_forum.accounts.models import User
from civic_forum.attachments import operations as attachments
from civic_forum.attachments.models import AttachmentSet
from civic_forum.attachments.prepared import PreparedFile
from civic_forum.platform import clock, plain_text
from civic_forum.platform.addresses import local_path
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import amounts, changes, days, faults, handing, labels, operations, policy, rules
from ..events import EntryProposed, EntrySentBack, PersonNamed
from ..ledger import applied, placed
from ..models import Commitment, CommitmentEntry
from ..queries import desk as desk_queries
from ..queries import records as queries
from ..rules import Entry, EntryKind, EntryState, Fault, Ledger

FIELD_OF = {
    Fault.WEIGHTS: "milestones", Fault.FEW_MILESTONES: "milestones", Fault.REACHED_GONE: "milestones",
    Fault.NO_EVIDENCE: "text", Fault.SAME_DAY: "to", Fault.SAME_STATUS: "status", Fault.NOT_ALL_REACHED: "status",
    Fault.TOTAL: "total", Fault.MORE_EXECUTED: "lines", Fault.TWICE: "lines", Fault.MORE_MOVED: "moved",
    Fault.MORE_THAN_THERE: "of", Fault.SAME_ITEM: "item_to", Fault.PASSED: "on", Fault.MORE_SATISFIED: "satisfied",
}
TEXTS = {"text": rules.TEXT_MOST, "why": rules.WHY_MOST, "next": rules.TEXT_MOST, "goal": rules.GOAL_MOST,
         "title": rules.TITLE_MOST, "field": rules.FIELD_MOST, "code": rules.CODE_MOST, "link": 300,
         "problems": rules.TEXT_MOST, "asks": rules.TEXT_MOST, "team": rules.TEAM_MOST, "cooperation": rules.WHY_MOST}
LINES = ("text", "next", "goal", "problems", "asks")
"""Texts of several lines."""
MOST_WAITING = 50


class UnitQuestion(Refusal):
    """A sum is about a thousand times as large or small as before: perhaps another unit was meant."""

    def __init__(self, sentence: str, meant: str):
        super().__init__(sentence, field="confirmed")
        self.meant = meant


@dataclass(frozen=True)
class Given:
    """An entry as an official gives it."""

    kind: EntryKind
    on: date
    content: Mapping[str, Any]
    files: Sequence[tuple[PreparedFile, str]] = ()
    """Prepared files with a sentence about each."""
    confirmed: bool = False
    """A question about the unit of a sum was answered: it is right as it stands."""


def checked(draft: Given) -> dict[str, Any]:
    """The content cleaned. Raises Refusal at the field for a text without room, a day out of the world, an address that
    is none, and a number that nobody may publish."""
    content = dict(draft.content)
    for name in content.keys() & TEXTS.keys():
        text = plain_text.clean(content[name] or "", lines=name in LINES)
        if len(text) > TEXTS[name]:
            raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=f"{TEXTS[name]:,}"), field=name)
        content[name] = text
    refuse_secret(**{name: content[name] for name in content.keys() & TEXTS.keys()}, **_names_within(content))
    if draft.kind in (EntryKind.SLIP, EntryKind.STATUS, EntryKind.WITHDRAWN):
        content["why"] = words_given(content.get("why"), rules.WHY_LEAST, rules.WHY_MOST, "why")
    if draft.kind in (EntryKind.QUARTER, EntryKind.LOG) or draft.kind is EntryKind.REACHED and content.get("text"):
        content["text"] = words_given(content.get("text"), rules.TEXT_LEAST, rules.TEXT_MOST, "text")
    if draft.kind is EntryKind.FACTS:
        content["title"] = words_given(content.get("title"), rules.TITLE_LEAST, rules.TITLE_MOST, "title")
    if draft.kind is EntryKind.QUARTER and not _has_begun(content.get("quarter") or ""):
        raise Refusal(_("오늘까지의 날짜로 적어 주세요."))
    if len(partners := content.get("partners") or ()) > rules.MOST_PARTNERS or any(
            len(partner) > rules.LABEL_MOST for partner in partners):
        raise Refusal(_("함께 하는 곳은 한 줄에 하나씩, %(most)s곳까지 적을 수 있어요.", most=rules.MOST_PARTNERS), field="partners")
    link = content.get("link")
    if link and not link.startswith("https://") and local_path(link, "") != link:
        raise Refusal(_("https://로 시작하는 주소나 이 누리집 안의 주소를 적어 주세요."), field="link")
    if draft.on.year not in rules.YEARS:
        raise Refusal(_("날짜를 2026-11-20처럼 적어 주세요."), field="on")
    if draft.on > local(clock.now()).date():
        raise Refusal(_("오늘까지의 날짜로 적어 주세요."), field="on")
    return content


def _names_within(content: Mapping[str, Any]) -> dict[str, str]:
    """Names of steps, lines, targets and items, by the field in which they are typed."""
    names = {"milestones": [step["title"] for step in content.get("milestones", ())],
             "lines": [row[2] for row in content.get("lines", ())],
             "targets": [target["label"] for target in content.get("targets", ())],
             "involved": [label for label, _count in content.get("involved", ())],
             "partners": content.get("partners") or (),
             **{name: [content.get(name, "")] for name in ("item_from", "item_to")}}
    return {name: "\n".join(texts) for name, texts in names.items()}


def _has_begun(quarter: str) -> bool:
    return bool(days.QUARTER.fullmatch(quarter)) and quarter <= days.quarter_of(local(clock.now()).date())


def check_follows(ledger: Ledger, entry: Entry) -> None:
    """Raises Refusal, or Conflict without a field, for an entry that cannot follow this ledger."""
    fault = Fault.UNCHANGED if changes.is_unchanged(ledger, entry) else faults.fault(ledger, entry)
    if fault is not None:
        raise Refusal(str(labels.FAULT[fault]), field=FIELD_OF.get(fault))


def propose(commitment_id: int, draft: Given, *, seen: int, corrects: int | None = None, why: str | None = None,
            by: User) -> CommitmentEntry:
    """Write an entry; a second official approves it, unless the site needs none. `seen`: the version that its writer
    had read, so that two do not write past each other. Raises Denied, Conflict and Refusal."""
    content = checked(draft)
    if corrects is not None:
        why = words_given(why, rules.WHY_LEAST, rules.WHY_MOST, "why")
    with use_case(by) as work:
        return proposed(work, _held(commitment_id), draft, content, seen=seen, corrects=corrects, why=why, by=by)


def proposed(work: Work, commitment: Commitment, draft: Given, content: dict[str, Any], *, seen: int,
              corrects: int | None = None, why: str | None = None, by: User) -> CommitmentEntry:
    """An entry of a commitment that is locked."""
    require(by, policy.may_keep, commitment)
    if commitment.version != seen:
        raise Conflict(_("그 사이에 다른 담당자가 이 약속을 바꿨어요. 바뀐 내용을 확인한 뒤 다시 해 주세요."))
    if commitment.waiting >= MOST_WAITING:
        raise Conflict(_("승인을 기다리는 기록이 많아요. 먼저 승인하거나 되돌려 주세요."))
    _refuse_full(commitment)
    _check_code(content, commitment.id)
    if corrects is not None:
        corrects = _corrected(commitment.id, corrects, draft.kind)
    kept = None
    if draft.files:
        kept, content["files"] = _kept_files(work, draft.files, by)
    ledger = queries.ledger(commitment.id)
    if draft.kind is EntryKind.FACTS:
        content = _changed_facts(ledger, content, corrects)
    elif draft.kind is EntryKind.SHIFT and (link := _as_corrected(ledger, corrects).get("link")):
        content["link"] = link  # to the meeting that moved it; no form asks for it
    entry = Entry(0, draft.kind, draft.on, content, corrects)
    check_follows(ledger, entry)
    operations.refuse_undecided(commitment, ledger, entry)
    _ask_about_units(ledger, entry, draft.confirmed)
    receiver = handing.receiver(commitment.department_id, entry)
    waits = policy.needs_another() or receiver not in (None, *by.department_ids())
    made = operations.put(work, commitment, draft.kind, draft.on, content, by_id=by.id, corrects=corrects, why=why,
                          waits=waits)
    if kept is not None:
        kept.owner_id = made.id
    work.record("commitments.proposed" if waits else "commitments.approved", commitment, entry=made.number)
    if waits:
        work.emit(EntryProposed(commitment.id, made.number, receiver))
    else:
        operations.follow_up(work, commitment, made, queries.ledger(commitment.id), told_of(made))
    return made


def _changed_facts(ledger: Ledger, content: Mapping[str, Any], corrects: int | None) -> dict[str, Any]:
    """Facts that differ from those that its writer had read, so that it overwrites nothing else when it is approved
    later; of a correction with the rest of what it corrects. Raises Refusal."""
    if ledger.first_due_on and rules.day(content.get("due_on")) not in (None, ledger.due_on, ledger.first_due_on):
        raise Refusal(_("한 번 정한 날은 여기에서 바꿀 수 없어요. ‘날 옮기기’로 이유와 함께 옮겨 주세요."), field="due_on")
    corrected = _as_corrected(ledger, corrects)
    corrected.pop(handing.FROM, None)
    if corrects is None:
        _check_department(content)
    read = {**ledger.facts, **corrected}
    kept = ("due_on",) if ledger.first_due_on else ()
    changed = {name: fact for name, fact in content.items()
               if name not in kept and changes.fact(content, name) != changes.fact(read, name)}
    if corrects is not None:
        return corrected | changed
    handed = {"person": None, "team": changed.get("team", "")} if "department" in changed else {}
    return changed | handed | {handing.FROM: ledger.facts.get("department")}


def _as_corrected(ledger: Ledger, corrects: int | None) -> dict[str, Any]:
    """Content of the entry that is corrected, as it counts."""
    return next((dict(entry.content) for entry in placed(ledger.history) if entry.number == corrects), {})


def _check_department(content: Mapping[str, Any]) -> None:
    """Nothing that was promised is given away to no desk; to another department it is handed by that one's approval."""
    if content.get("department") is None:
        raise Refusal(_("맡을 부서를 골라 주세요. 약속은 언제나 어느 부서의 책상에 있어요."), field="department")


def _check_code(content: Mapping[str, Any], commitment_id: int | None = None) -> None:
    if (code := content.get("code")) and queries.coded(code) not in (None, commitment_id):
        raise Refusal(_("다른 약속이 이미 쓰는 코드예요."), field="code")


def _corrected(commitment_id: int, number: int, kind: EntryKind) -> int:
    """Number of the entry in whose place a correction of this one stands: the first, if it corrects another."""
    known = queries.entry(commitment_id, number)
    if known.state is not EntryState.APPROVED or known.kind is not kind:
        raise Conflict(_("승인한 같은 종류의 기록만 바로잡을 수 있어요."))
    return known.corrects or number


def _kept_files(work: Work, files: Sequence[tuple[PreparedFile, str]], by: User) -> tuple[AttachmentSet, list[str]]:
    """A set of files, which still has to be said whose it is, and their keys."""
    kept = attachments.open_set(work.session, "commitment_entry")
    return kept, [attachments.add(work.session, kept.id, prepared=prepared, description=text, by=by, at=work.at).key
                  for prepared, text in files]


def _ask_about_units(ledger: Ledger, entry: Entry, confirmed: bool) -> None:
    """Raises UnitQuestion for a sum that is a thousandfold of what stood there."""
    if confirmed or entry.kind not in (EntryKind.MONEY, EntryKind.QUARTER):
        return
    after = applied(ledger, entry)
    if (doubt := amounts.thousandfold(ledger.lines, after.lines)) is None:
        return
    line, name, meant = doubt
    unit = rules.Unit(ledger.facts.get("unit", rules.Unit.THOUSAND))
    shown, was = (f"{amounts.in_unit(getattr(each, name), unit)}{labels.UNIT[unit]}" for each in (
        line, next(old for old in ledger.lines if old.key == line.key)))
    raise UnitQuestion(_("%(year)s년 %(source)s가 %(was)s에서 %(now)s으로 바뀌어요. 천 배쯤 달라요. 단위가 맞나요?",
                         year=line.year, source=labels.SOURCE[line.source], was=was, now=shown),
                       f"{amounts.in_unit(meant, unit)}{labels.UNIT[unit]}")


def approve(commitment_id: int, number: int, *, seen: int, by: User) -> CommitmentEntry:
    """Let an entry of a colleague, or one that hands a commitment to one's department, count. Raises Denied and
    Conflict."""
    with use_case(by) as work:
        commitment = _held(commitment_id)
        entry = queries.entry(commitment_id, number)
        require(by, policy.may_approve, entry)
        _refuse_unseen(commitment, seen)
        before, proposal = queries.ledger(commitment_id), queries.entry_as_said(entry)
        check_follows(before, proposal)
        operations.refuse_undecided(commitment, before, proposal)
        _check_code(entry.content, commitment_id)
        commitment.waiting -= 1
        commitment.version += 1
        ledger = operations.approve(work, commitment, entry, by_id=by.id)
        operations.follow_up(work, commitment, entry, ledger, told_of(entry))
        work.record("commitments.approved", commitment, entry=number)
        return entry


def name_person(commitment_id: int, person_id: int | None, *, seen: int, by: User) -> CommitmentEntry:
    """Say who of the department is in charge, or nobody: a matter of the office, which nobody else approves. Raises
    Denied, Conflict and Refusal."""
    with use_case(by) as work:
        commitment = _held(commitment_id)
        require(by, policy.may_keep, commitment)
        _refuse_unseen(commitment, seen)
        if person_id is not None and person_id not in {
                official.id for official in desk_queries.officials_of(commitment.department_id)}:
            raise Refusal(_("목록에 있는 것을 골라 주세요."), field="person")
        entry = Entry(0, EntryKind.FACTS, local(work.at).date(), {"person": person_id})
        check_follows(queries.ledger(commitment_id), entry)
        made = queries.entries(commitment_id)[-1]
        if (made.content.keys(), made.on) == (entry.content.keys(), entry.on):  # one a day
            made.content, made.by_id, commitment.version = dict(entry.content), by.id, commitment.version + 1
            operations.approve(work, commitment, made, by_id=by.id)
        else:
            _refuse_full(commitment)
            made = operations.put(work, commitment, entry.kind, entry.on, entry.content, by_id=by.id)
        work.record("commitments.person_named", commitment, entry=made.number)
        if person_id not in (None, by.id):
            work.emit(PersonNamed(commitment_id, made.number, person_id))
        return made


def _refuse_full(commitment: Commitment) -> None:
    if queries.next_number(commitment.id) > rules.MOST_ENTRIES:
        raise Conflict(_("이 약속에는 기록이 너무 많아요. 새 약속으로 이어 적어 주세요."))


def send_back(commitment_id: int, number: int, why: str, *, by: User) -> CommitmentEntry:
    """Give an entry back to its writer with a reason; its writer may take it back so too."""
    why = words_given(why, rules.WHY_LEAST, rules.WHY_MOST, "why")
    with use_case(by) as work:
        commitment = _held(commitment_id)
        entry = queries.entry(commitment_id, number)
        require(by, policy.may_decide, entry)
        entry.state, entry.sent_back_why = EntryState.SENT_BACK, why
        entry.decided_by_id, entry.decided_at = by.id, work.at
        commitment.waiting -= 1
        commitment.version += 1
        work.record("commitments.sent_back", commitment, entry=number)
        work.emit(EntrySentBack(commitment_id, number, entry.by_id))
        return entry


def begin(facts: Mapping[str, Any], promised_on: date, *, by: User) -> Commitment:
    """A pledge or an action of a plan, which is no thing of this site. Raises Denied and Refusal."""
    draft = Given(EntryKind.FACTS, promised_on, facts)
    content = checked(draft)
    with use_case(by) as work:
        require(by, policy.may_see_desk)
        _check_department(content)
        if content["department"] not in by.department_ids():
            raise Refusal(_("내 부서의 약속만 새로 적을 수 있어요."), field="department")
        _check_code(content)
        return operations.begin(work, "election_pledge", promised_on, content, by_id=by.id)


def _held(commitment_id: int) -> Commitment:
    """The things that it came from first, as everywhere, then the commitment."""
    queries.hold_origins(commitment_id)
    return queries.locked(commitment_id)


def _refuse_unseen(commitment: Commitment, seen: int) -> None:
    if commitment.version != seen:
        raise Conflict(_("그 사이에 이 약속이 바뀌었어요. 바뀐 내용을 확인한 뒤 다시 해 주세요."))


def told_of(entry: CommitmentEntry) -> str:
    """A sentence about an entry for the journeys of what it came from."""
    content = entry.content
    return content.get("text") or content.get("why") or str(labels.ENTRY[entry.kind])

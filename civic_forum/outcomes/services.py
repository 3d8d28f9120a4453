"""Use-cases of outcomes: written, corrected."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.attachments import services as files
from civic_forum.blocks.approval import Approval, declare
from civic_forum.district import queries as district
from civic_forum.platform import clock, plain_text
from civic_forum.platform.addresses import local_path
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l, day, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from . import labels, operations, rules
from .events import OutcomePublished, OutcomeSentBack, OutcomeSubmitted
from .models import Outcome, OutcomeVersion
from .policy import RIGHTS, may_illustrate, may_write
from .queries import records, subjects
from .queries.subjects import OutcomeCase
from .rules import Decision, OutcomeText, Progress, Side

LONGEST = {"title": rules.TITLE_MOST, "reasons": rules.REASONS_MOST, "what_follows": rules.FOLLOWS_MOST,
           "cost_note": rules.NOTE_MOST}
ONE_LINE = ("title", "cost_note")


def text_given(text: OutcomeText) -> OutcomeText:
    """The text cleaned. Raises Refusal at the field for what is too long, absurd, leads away from the site, or is a
    number that nobody may publish."""
    cleaned = {name: plain_text.clean(getattr(text, name) or "", lines=name not in ONE_LINE) for name in LONGEST}
    for name, most in LONGEST.items():
        if len(cleaned[name]) > most:
            raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=f"{most:,}"), field=name)
    money_given(text.cost, "cost")
    days_given(text.decided_on, text.promised_on)
    documents, links = _documents(text.documents), _links(text.links)
    refuse_secret(**cleaned, documents="\n".join(map(" ".join, documents)), links="\n".join(map(" ".join, links)))
    return replace(text, **cleaned | {"cost_note": cleaned["cost_note"] or None}, documents=documents, links=links)


def money_given(won: int | None, field: str) -> None:
    """Raises Refusal at the field for a sum in won that cannot be."""
    if won is not None and not 0 <= won <= rules.MOST_COST:
        raise Refusal(_("돈은 0원부터 10조 원까지 숫자로 적어 주세요."), field=field)


def days_given(decided_on: date, promised_on: date | None) -> None:
    """Raises Refusal for a decision that lies ahead, and for a promise before it or too far away."""
    if decided_on > local(clock.now()).date():
        raise Refusal(_("정한 날은 오늘까지의 날짜로 적어 주세요."), field="decided_on")
    if promised_on is not None and not decided_on <= promised_on < date(rules.FARTHEST_YEAR, 1, 1):
        raise Refusal(_("약속하는 날은 정한 날보다 뒤로, %(year)s년보다 앞으로 적어 주세요.", year=rules.FARTHEST_YEAR), field="promised_on")


def _documents(documents: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Every document says on the page what it says: for those who cannot open a file, and for the search."""
    pairs = _pairs(documents, lines=True)
    if len(pairs) > rules.MOST_DOCUMENTS:
        raise Refusal(_("자료는 %(most)s개까지 올릴 수 있어요.", most=rules.MOST_DOCUMENTS), field="documents")
    for title, text in pairs:
        if not 0 < len(title) <= rules.DOCUMENT_TITLE_MOST or not 0 < len(text) <= rules.DOCUMENT_MOST:
            raise Refusal(_("자료마다 제목(%(name)s자까지)과 내용(%(words)s자까지)을 모두 적어 주세요.",
                            name=rules.DOCUMENT_TITLE_MOST, words=f"{rules.DOCUMENT_MOST:,}"), field="documents")
    return pairs


def _links(links: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    pairs = _pairs(links)
    if len(pairs) > rules.MOST_LINKS:
        raise Refusal(_("이어 줄 화면은 %(most)s개까지 적을 수 있어요.", most=rules.MOST_LINKS), field="links")
    for title, address in pairs:
        if not 0 < len(title) <= rules.LINK_TITLE_MOST:
            raise Refusal(_("이어 줄 화면마다 이름(%(most)s자까지)을 적어 주세요.", most=rules.LINK_TITLE_MOST), field="links")
        if local_path(address, "") != address or not address:
            raise Refusal(_("이 누리집 안의 주소만 적을 수 있어요. /proposals/2026-0412처럼 적어 주세요."), field="links")
    return pairs


def _pairs(pairs: Sequence[tuple[str, str]], lines: bool = False) -> tuple[tuple[str, str], ...]:
    cleaned = [(plain_text.clean(title), plain_text.clean(text, lines=lines)) for title, text in pairs]
    return tuple(pair for pair in cleaned if any(pair))


def check_complete(text: OutcomeText, case: OutcomeCase) -> None:
    """Raises Refusal at the field that a reader would miss, for a day that has passed, and for one before the vote was
    over."""
    if (lacks := rules.missing(text)) is not None:
        raise Refusal(labels.MISSING[lacks], field=lacks.field)
    known = case.found and case.found.published_at and case.found.promised_on
    if text.promised_on and text.promised_on < local(clock.now()).date() and text.promised_on != known:
        raise Refusal(_("이미 지난 날이에요. 앞으로 지킬 날을 적어 주세요."), field="promised_on")
    if text.decided_on < case.earliest:
        raise Refusal(_("정한 날이 너무 일러요. 투표나 논의가 있었던 %(day)s부터 적을 수 있어요.", day=day(case.earliest)), field="decided_on")


def preview(case: OutcomeCase, text: OutcomeText, *, by: User) -> Outcome:
    """The outcome that `save` would keep, for its writer to look at; nothing is kept."""
    text, owner_id = text_given(text), case.owner_id or min(by.department_ids())
    outcome = Outcome(subject=case.subject, version=1, progress=Progress.PROMISED,
                      department=next(department for department in district.departments(closed=True)
                                      if department.id == owner_id))
    operations.write(outcome, text)
    return outcome


def illustrate(outcome_id: int, side: Side, picture: FileStorage | None, description: str, *, by: User) -> Outcome:
    """Put a picture of the place before or after on a published outcome, in the place of the one there; without a file
    the sentence about it alone is changed.

    The file is read before the transaction; a picture without words shuts people out. Raises Refusal at the field.
    """
    description = plain_text.clean(description)
    refuse_secret(picture_description=description)
    if not description:
        raise Refusal(_("사진에 무엇이 보이는지 한 문장으로 적어 주세요."), field="picture_description")
    require(by, may_illustrate, records.public(outcome_id))
    prepared = None if picture is None else files.prepare(picture, by=by)
    if prepared and not prepared.is_picture:
        raise Refusal(_("사진 파일(JPG, PNG, WEBP, GIF)만 올릴 수 있어요."), field="picture")
    with use_case(by) as work:
        outcome = records.locked(outcome_id)
        require(by, may_illustrate, outcome)
        if not operations.illustrate(work, outcome, side, prepared, description):
            raise Refusal(_("사진 파일을 골라 주세요."), field="picture")
        work.record("outcomes.illustrated", outcome, side=side.value)
        return outcome


def take_down(outcome_id: int, side: Side, *, by: User) -> Outcome:
    """Leave an outcome without its picture of this side."""
    with use_case(by) as work:
        outcome = records.locked(outcome_id)
        require(by, may_illustrate, outcome)
        if operations.take_down(work, outcome, side):
            work.record("outcomes.picture_taken_down", outcome, side=side.value)
        return outcome


def _held(outcome_id: int) -> tuple[OutcomeCase, Outcome]:
    """The thing that it is about first, as everywhere, then the outcome."""
    known = records.public(outcome_id)
    return subjects.locked(known.subject, known.subject_id), records.locked(outcome_id)


def _begin(work: Work, case: OutcomeCase) -> Outcome:
    if case.is_stale:
        work.session.delete(case.found)
        work.session.flush()
    return Outcome(subject=case.subject, subject_id=case.record.id,
                   department_id=case.department_id or min(work.actor.department_ids()))


def _published(work: Work, _case: OutcomeCase, outcome: Outcome) -> None:
    """Its subject follows, and who took part is told."""
    case = subjects.of(outcome)
    outcome.first_promised_on = outcome.promised_on
    operations.concern(work, case)
    operations.carry(work, case, operations.evidence(outcome),
                     "outcome_postponed" if outcome.decision is Decision.POSTPONED else "outcome")
    operations.tell_the_way(work, case)


def _corrected(work: Work, case: OutcomeCase, outcome: Outcome, before: OutcomeText, why: str) -> None:
    if outcome.decision is before.decision:
        operations.note(work, case, why, "outcome_corrected")
    else:
        operations.carry(work, case, operations.evidence(outcome), "outcome_corrected")
    operations.tell_the_way(work, case)


APPROVAL = declare(Approval(
    rights=RIGHTS, may_write=may_write, model=Outcome, text=OutcomeText, versions=OutcomeVersion, details="content",
    kept=(*operations.FIELDS, "decision", "documents", "links"), rendered=("reasons", "what_follows"),
    why_least=rules.WHY_LEAST, why_most=rules.WHY_MOST, sent_back_most=rules.WHY_MOST,
    locked=lambda ref: subjects.locked(ref.kind, ref.id), held=_held, begin=_begin, check=text_given,
    check_complete=check_complete, write=operations.write, on_published=_published, on_corrected=_corrected,
    submitted=lambda outcome: OutcomeSubmitted(outcome.id),
    correction_submitted=lambda outcome: OutcomeSubmitted(outcome.id),
    sent_back=lambda outcome: OutcomeSentBack(outcome.id),
    published=lambda outcome: OutcomePublished(outcome.id, outcome.version),
    changed=_l("그 사이에 다른 담당자가 이 결과를 바꿨어요. 바뀐 내용을 확인한 뒤 다시 해 주세요.")))
save, submit, approve, send_back = APPROVAL.save, APPROVAL.submit, APPROVAL.approve, APPROVAL.send_back
correct, approve_correction = APPROVAL.correct, APPROVAL.approve_correction
send_back_correction = APPROVAL.send_back_correction

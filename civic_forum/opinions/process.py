"""Preparing a consultation: what it misses, its statements, letting everybody see it, a copy of an earlier one."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from civic_forum.accounts.models import User
from civic_forum.attachments.documents import Documents
from civic_forum.blocks import slugs
from civic_forum.blocks.ordered import Ordered
from civic_forum.blocks.process import Copying, Gap, Move, PartPage, Process
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work

from . import labels, policy, queries, rules
from .events import ConsultationAnnounced, ConsultationEdited
from .models import Consultation, Statement
from .parts import NAMES, PARTS, StatementText, Wording
from .rules import Origin, Stage, StatementState

RESERVED = frozenset({"new"})


def gaps(consultation: Consultation, at: datetime) -> list[Gap]:
    """Gaps of a consultation before everybody may see it."""
    missing = []
    if not consultation.background:
        missing.append(Gap("background", _("왜 묻는지 적어 주세요."), "wording"))
    if not consultation.follow_up:
        missing.append(Gap("follow_up", _("결과를 누가 언제까지 어떻게 쓰는지 적어 주세요."), "wording"))
    if consultation.closes_at <= at:
        missing.append(Gap("closes_at", _("마감이 지났어요. 때를 다시 정해 주세요."), "times"))
    if sum(statement.is_asked for statement in consultation.statements) < rules.SEEDS_LEAST:
        missing.append(Gap("statements", _("한 줄 의견을 %(least)s개 이상 적어 주세요.", least=rules.SEEDS_LEAST), "statements"))
    return missing


def _in_step(work: Work, consultation: Consultation) -> None:
    """Statements of the office are public as soon as their consultation is. Raises Refusal for an announced one that
    would be over at once."""
    work.session.flush()
    if consultation.announced_at is not None and consultation.closes_at <= work.at:
        raise Refusal(_("마감이 지났어요. 때를 다시 정해 주세요."), field="closes_at")
    if consultation.announced_at is not None:
        for statement in consultation.statements:
            statement.published_at = statement.published_at or work.at


def _changed(work: Work, consultation: Consultation, part: Any) -> None:
    """Nobody gives a consultation out of the own hands."""
    if isinstance(part, Wording):
        require(work.actor, policy.may_prepare, consultation)


def proposed_slug(title: str, at: datetime) -> str:
    return slugs.proposed(title, lambda end: queries.slugged(end) is not None, on=local(at).date(), reserved=RESERVED)


def _after(work: Work, earlier: Consultation, title: str, days: int) -> Consultation:
    """Another one with the parts and the office's statements of an earlier one, so many days later."""
    made = Consultation(slug=proposed_slug(title, work.at), created_by_id=work.actor.id, created_at=work.at)
    for part in (replace(Wording.of_record(earlier), title=title),
                 *(kind.of_record(earlier, days) for kind in PARTS.values() if kind is not Wording)):
        part.write(made)
    work.store(made)
    seeds = [seed for seed in earlier.statements if seed.origin is Origin.SEED and seed.is_asked]
    for number, seed in enumerate(seeds, 1):
        child = _statement(made, number)
        StatementText.of_record(seed).write(child)
        child.source = seed.source
        work.session.add(child)
    return made


def _first_day(consultation: Consultation) -> date:
    return local(consultation.opens_at).date()


PROCESS: Process[Consultation] = Process(
    area="opinions", model=Consultation, stages=labels.STAGE, locked=queries.locked, gaps=gaps, keep_in_step=_in_step,
    parts={name: PartPage(part, NAMES[name], policy.may_edit) for name, part in PARTS.items()},
    may_announce=policy.may_announce, edited=ConsultationEdited, announced=ConsultationAnnounced,
    outdated=_l("그 사이에 다른 사람이 이 질문을 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."),
    moves=(Move("announce", "announcements", frozenset((Stage.PREPARING,)), Stage.ANNOUNCED,
                lambda *arguments, by: PROCESS.announce(*arguments, by=by), _l("모두에게 알렸어요.")),),
    changed=_changed, copying=Copying(policy.may_prepare, _first_day, _after))


DOCUMENTS = Documents(PROCESS, policy.may_edit, "consultation")
"""Pictures and files of the background."""


def _statement(consultation: Consultation, number: int) -> Statement:
    return Statement(consultation_id=consultation.id, number=number, origin=Origin.SEED,
                     state=StatementState.PUBLISHED, texts={})


STATEMENTS: Ordered[Consultation, Statement] = Ordered(
    process=PROCESS, name="statement", make=_statement, relation="statements", part=StatementText, model=Statement,
    most=rules.STATEMENTS_MOST, find=lambda record, number: queries.statement(record.id, number),
    too_many=lambda: _("한 줄 의견은 %(most)s개까지 넣을 수 있어요.", most=f"{rules.STATEMENTS_MOST:,}"),
    may_edit=policy.may_edit, may_arrange=policy.may_arrange)


def add_statement(consultation_id: int, text: StatementText, source: str | None = None, *, version: int,
                  by: User) -> Statement:
    """Put one at the end; `source` is what it was taken from. Raises as `Ordered.add` does, and Refusal for a source
    that not everybody may read."""
    if source and queries.quoted(source) is None:
        raise Refusal(_("가져온 글을 이제 볼 수 없어요. 다시 골라 주세요."), field="text")

    def keep_source(_work: Work, made: Statement) -> None:
        made.source = source or None

    return STATEMENTS.add(consultation_id, text, version=version, by=by, then=keep_source)

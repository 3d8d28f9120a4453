"""Money of several commitments from a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import importing, operations, policy
from ..importing import Known, Wrong
from ..models import Commitment, CommitmentEntry
from ..queries import desk as desk_queries
from ..queries import records as queries
from ..rules import EntryKind, Line
from .entries import Given, proposed


@dataclass(frozen=True)
class Meant:
    """Money of a commitment as somebody saw it before they let it be written."""

    commitment_id: int
    seen: int
    """The version of the commitment that they saw."""
    lines: tuple[Line, ...]
    total: int | None


def read_money(rows: Sequence[tuple[int, Sequence[str]]], *, by: User) -> importing.Reading:
    """A table with its numbered rows, beside the commitments as they stand. Nothing is written. Raises Denied."""
    require(by, policy.may_see_desk)
    table = importing.table_of(rows)
    commitments = desk_queries.named(table.names())
    known = known_money([commitment for commitment in commitments if policy.may_keep(by, commitment) is None])
    return importing.read(table, {name: _meant(name, commitments, known) for name in table.names()})


def known_money(commitments: Sequence[Commitment]) -> dict[int, Known]:
    """Their money as it stands."""
    ledgers = queries.ledgers([commitment.id for commitment in commitments])
    return {commitment.id: Known(
        commitment.id, commitment.title, commitment.version, commitment.unit, ledgers[commitment.id].lines,
        ledgers[commitment.id].total, commitment.waiting) for commitment in commitments}


def _meant(name: str, commitments: Sequence[Commitment], known: Mapping[int, Known]) -> Known | Wrong:
    """The commitment of this number or code, or why there is none."""
    meant = {commitment.id for commitment in commitments
             if commitment.code == name or str(commitment.id) == name.removeprefix("#")}
    if len(meant) != 1:
        return Wrong.NUMBER_OR_CODE if meant else Wrong.UNKNOWN_COMMITMENT
    return known.get(meant.pop(), Wrong.ELSEWHERE)


def import_money(meant: Sequence[Meant], *, confirmed: bool, by: User) -> list[CommitmentEntry]:
    """Write the money of several commitments, of all or of none. `confirmed`: sums that are a thousandfold are right.
    Raises Denied, Conflict where one was changed meanwhile, Refusal and UnitQuestion."""
    today, made = local(clock.now()).date(), []
    chosen = sorted(meant, key=lambda money: money.commitment_id)
    refuse_secret(rows="\n".join(line.item for money in chosen for line in money.lines))
    with use_case(by) as work:
        queries.hold_origins(*(money.commitment_id for money in chosen))
        for money in chosen:
            commitment = queries.locked(money.commitment_id)
            draft = Given(EntryKind.MONEY, today, operations.money(money.lines, money.total), confirmed=confirmed)
            try:
                made.append(proposed(work, commitment, draft, dict(draft.content), seen=money.seen, by=by))
            except Conflict as conflict:
                raise Conflict(_("%(title)s: %(why)s", title=commitment.title, why=str(conflict))) from conflict
    return made

"""Money of several commitments from a table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.base import db, upsert
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import importing, importing_sheets, operations, policy
from ..days import QUARTER
from ..foreign_tables import bare, squeezed
from ..importing import Known, Told, Wrong
from ..models import Commitment, CommitmentEntry, SheetMapping
from ..queries import desk as desk_queries
from ..queries import records as queries
from ..rules import EntryKind, Ledger, Line
from .entries import Given, checked, proposed

FROM_TABLE = _l("표에서 옮겨 적은 내용이에요.")
MOST_HEADINGS = 200
"""Kept of a department; the oldest go."""


@dataclass(frozen=True)
class Meant:
    """Money of a commitment as somebody saw it before they let it be written."""

    commitment_id: int
    seen: int
    """The version of the commitment that they saw."""
    lines: tuple[Line, ...] | None
    """None: its money stays."""
    total: int | None
    told: tuple[Told, ...] = ()

    def drafts(self, today: date, *, confirmed: bool) -> Iterator[tuple[Given, int | None]]:
        """Entries with the number of the one that each corrects."""
        if self.lines is not None:
            yield Given(EntryKind.MONEY, today, operations.money(self.lines, self.total), confirmed=confirmed), None
        for told in self.told:
            yield Given(told.kind, today, told.content, confirmed=confirmed), told.corrects


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
    return {commitment.id: _known(commitment, ledgers[commitment.id]) for commitment in commitments}


def _known(commitment: Commitment, ledger: Ledger) -> Known:
    quarters = {entry.content["quarter"]: (entry.number, entry.content["text"], entry.content.get("next", ""))
                for entry in ledger.quarters}
    return Known(commitment.id, commitment.title, commitment.version, commitment.unit, ledger.lines, ledger.total,
                 commitment.waiting, quarters, (ledger.printed or {}).get("percent"), ledger.progress)


def read_sheet(rows: Sequence[tuple[int, Sequence[str]]], mapping: Mapping[str, str], quarter: str, *,
               by: User) -> importing_sheets.Reading:
    """A quarter's table beside the commitments of this official's departments. Nothing is written but what its columns
    are, where somebody says it (`mapping`). Raises Denied."""
    require(by, policy.may_see_desk)
    if not QUARTER.fullmatch(quarter or ""):
        raise Refusal(_("목록에 있는 것을 골라 주세요."), field="quarter")
    own = [commitment for commitment in desk_queries.kept_by(by) if policy.may_keep(by, commitment) is None]
    kept = _kept_mapping(mapping, by) if own else {}
    return importing_sheets.read(rows, _by_name(known_money(own).values(), own), kept, quarter)


def _by_name(known: Iterable[Known], own: Sequence[Commitment]) -> dict[str, Known]:
    """Squeezed title or code → the commitment, or what stands before the brackets of a title. What several are called
    names none, and no code is the number of a row here."""
    codes, by_name = {commitment.id: commitment.code or "" for commitment in own}, dict[str, Known]()
    whole, short = defaultdict(list), defaultdict(list)
    for each in known:
        for name in {squeezed(each.title), squeezed(codes[each.id]), squeezed(codes[each.id] + each.title)}:
            whole[name].append(each)
        short[bare(each.title)].append(each)
    for names in (short, whole):
        by_name |= {name: those[0] for name, those in names.items() if name and len(those) == 1}
    return by_name


def _kept_mapping(mapping: Mapping[str, str], by: User) -> dict[str, str]:
    """Columns of this department's sheets, with what is said of them now, which is kept."""
    department_id = min(by.department_ids())
    kept = db.session.get(SheetMapping, department_id, populate_existing=True)
    columns = dict(list(((dict(kept.columns) if kept else {}) | mapping).items())[-MOST_HEADINGS:])
    if mapping and (kept is None or columns != kept.columns):
        with use_case(by) as work:
            work.session.execute(upsert(SheetMapping).values(department_id=department_id, columns=columns)
                                 .on_conflict_do_update(index_elements=["department_id"], set_={"columns": columns}))
            work.record("commitments.columns_said", f"department:{department_id}")
    return columns


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
    refuse_secret(rows="\n".join(line.item for money in chosen for line in money.lines or ()))
    entries = {money.commitment_id: [(draft, checked(draft), corrects) for draft, corrects in money.drafts(
        today, confirmed=confirmed)] for money in chosen}
    why = operations.in_korean(FROM_TABLE)
    with use_case(by) as work:
        queries.hold_origins(*(money.commitment_id for money in chosen))
        for money in chosen:
            commitment = queries.locked(money.commitment_id)
            seen = money.seen
            try:
                for draft, content, corrects in entries[money.commitment_id]:
                    if draft.kind is EntryKind.QUARTER:  # a table says nothing of its other parts
                        content = queries.ledger(commitment.id).standing_in(content["quarter"]) | content
                    made.append(proposed(work, commitment, draft, content, seen=seen, corrects=corrects,
                                         why=why if corrects else None, by=by))
                    seen = commitment.version
            except Conflict as conflict:
                raise Conflict(_("%(title)s: %(why)s", title=commitment.title, why=str(conflict))) from conflict
    return made

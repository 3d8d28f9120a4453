"""Taking a table out at the desk: written into a file, written down, and only then handed over."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from civic_forum.accounts.models import AccessRecord, User
from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST
from civic_forum.blocks.listing import Chosen
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.spreadsheets import CSV, XLSX, write_csv, write_xlsx
from civic_forum.platform.work import use_case

from . import rules
from .rules import Format
from .tables.table import Table

WRITERS = {Format.CSV: (write_csv, CSV), Format.XLSX: (write_xlsx, XLSX)}


@dataclass
class Taken:
    file: BinaryIO
    name: str
    media_type: str
    count: int


def take(table: Table, words: Mapping[str, str], kind: Format, *, reason: str = "", by: User) -> Taken:
    """A table as a file. With personal data it needs a reason, which is kept in the log of look-ups with what was
    taken out and how many rows; the file says what it is for and when it has to be deleted.

    The file is written without holding the lock. Whether the right to it still stands is asked again under the lock,
    when its rows are counted: until then nobody has it. Raises Invalid for a filter that is not known.
    """
    require(by, table.why_not)
    chosen = table.listing.read(words)
    if table.personal and not LOOK_UP_LEAST <= len(reason) <= LOOK_UP_MOST:
        raise Refusal(_("무엇에 쓰려는지 5자부터 200자까지 적어 주세요."), field="reason")
    today, scope = local(clock.now()).date(), table.scope(by)
    write, media_type = WRITERS[kind]
    file, rows = tempfile.TemporaryFile(), _Counted(table.rows(chosen, by))
    try:
        above = _note(reason, today) if table.personal else []
        write(file, above, [str(column.label) for column in table.columns], rows)
        _write_down(table, chosen, reason, rows.count, scope, by=by)
    except BaseException:
        file.close()
        raise
    return Taken(file, rules.file_name(table.name, today, kind, personal=table.personal), media_type, rows.count)


def _write_down(table: Table, chosen: Chosen, reason: str, count: int, scope: frozenset, *, by: User) -> None:
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, table.why_not)
        if table.personal:
            require_proof(by, work.at)
        if table.scope(actor) != scope:
            raise Conflict(_("그 사이에 내 권한이 바뀌었어요. 다시 한번 받아 주세요."))
        if table.personal:
            work.session.add(AccessRecord(by_id=actor.id, reason=reason, at=work.at, what=table.name, how_many=count))
        work.record("exports.taken", f"user:{actor.id}", table=table.name, rows=count, **chosen.said)


def _note(reason: str, today) -> list[tuple]:
    """Note above a table with personal data, in the file itself."""
    return [(_("개인정보가 들어 있어요"), _("아래 목적에만 쓰고 남에게 주지 마세요.")), (_("목적"), reason), (_("받은 날"), today),
            (_("지울 날"), rules.delete_on(today)), ()]


class _Counted:
    """Rows, and how many there were."""

    def __init__(self, rows: Iterator[tuple]):
        self.rows, self.count = rows, 0

    def __iter__(self):
        for row in self.rows:
            self.count += 1
            yield row

"""Money of many commitments from one table: taken out, brought in, looked at, written."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

from flask import render_template, request, url_for

from civic_forum.attachments import services as files
from civic_forum.attachments.rules import TABLE_BYTES
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import keys
from civic_forum.platform.downloads import dated, stored
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.spreadsheets import XLSX, write_xlsx
from civic_forum.platform.web import accepts_files, by_user, visitor

from . import amounts, importing, labels, money_labels, policy, rules
from .forms.money import MoneyConfirmForm, MoneyTableForm
from .importing import Change, Column, Known, Reading, Told
from .models import Commitment
from .queries import desk as desk_queries
from .services.money import Meant, import_money, known_money, read_money
from .views import desk, for_officials

PURPOSE = "commitments.money"
ACCEPT = ".xlsx,.csv"


class RowsRefused(Refusal):
    """Rows of a table that cannot be taken, each with its reason."""

    def __init__(self, reading: Reading):
        rows = len({problem.row for problem in reading.problems})
        super().__init__(_("%(rows)s줄을 고쳐서 다시 올려 주세요. 아무것도 적지 않았어요.", rows=rows), field="file")
        self.problems = reading.problems


@desk.route("/money", methods=["GET", "POST"])
@for_officials
@by_user
@accepts_files(TABLE_BYTES + 100_000)
def money():
    if request.method == "GET":
        return _upload_page(MoneyTableForm(formdata=None))
    form = MoneyTableForm()
    wrong: list[importing.Problem] = []

    def read() -> Reading:
        try:
            return _read()
        except RowsRefused as refused:
            wrong.extend(refused.problems)
            raise

    return handle(form, read, lambda: _upload_page(form, wrong), lambda reading: preview(reading.changes, reading))


def _read() -> Reading:
    """Raises Refusal for a table of which nothing can be taken."""
    rows = files.table_rows(request.files.get("file"), importing.MOST_ROWS + 1, field="file", by=visitor())
    reading = read_money(rows, by=visitor())
    if reading.problems:
        raise RowsRefused(reading)
    if not reading.changes:
        raise Refusal(_("지금 적힌 돈과 다른 것이 없어요. 표에서 고친 뒤에 올려 주세요."), field="file")
    return reading


def _upload_page(form: MoneyTableForm | MoneyConfirmForm, problems: Sequence[importing.Problem] = ()) -> str:
    told = [(money_labels.row_of(problem), money_labels.sentence(problem)) for problem in problems]
    file = form if isinstance(form, MoneyTableForm) else MoneyTableForm(formdata=None)
    return render_template("commitments/money.html", form=form, file=file, problems=told, accept=ACCEPT,
                           columns=[column.value for column in Column], most=importing.MOST_ROWS)


def preview(changes: Sequence[Change], reading: Any = None, form: MoneyConfirmForm | None = None,
            **sheet: Any) -> str:
    """`sheet`: its form, its rows as typed and its `columns`, where a quarter's table was read."""
    if form is None:
        rows = packed(changes)
        form = MoneyConfirmForm(formdata=None, data={"rows": rows, "seal": seal_of(rows, visitor().id)})
    return render_template(
        "commitments/money_preview.html", form=form, changes=changes, found=reading, labels=labels, amounts=amounts,
        questions=any(change.questions for change in changes), needs_another=policy.needs_another(),
        lines=sum(len(change.differences) + len(change.told) for change in changes), **{"sheet": None} | sheet)


def packed(changes: Sequence[Change]) -> str:
    """Money that these changes write, as one word."""
    entries = [[change.known.id, change.known.version, change.total,
                list(map(rules.row_of, change.lines)) if change.moves_money else None,
                [[told.kind, told.content, told.before, told.after, told.corrects] for told in change.told]]
               for change in changes]
    return urlsafe_b64encode(zlib.compress(json.dumps(entries).encode())).decode()


def _unpacked(form: MoneyConfirmForm) -> list[Meant]:
    """Raises Refusal unless it is what this official was shown."""
    rows = form.rows.data or ""
    if not keys.is_one_of(form.seal.data or "", _seals(rows, visitor().id)):
        raise Refusal(_("미리 본 내용과 달라요. 파일을 다시 올려 주세요."))
    return [Meant(commitment_id, seen, None if lines is None else tuple(map(rules.line_of, lines)), total,
                  tuple(Told(rules.EntryKind(kind), *facts) for kind, *facts in told))
            for commitment_id, seen, total, lines, told in json.loads(zlib.decompress(urlsafe_b64decode(rows)))]


def seal_of(rows: str, user_id: int) -> str:
    return _seals(rows, user_id)[0]


def _seals(rows: str, user_id: int) -> list[str]:
    """By every key, the newest first."""
    return [digest.hex() for digest in keys.hashes(PURPOSE, f"{user_id}:{rows}".encode())]


@desk.post("/money/confirmations")
@for_officials
@by_user
def confirm_money():
    form = MoneyConfirmForm()
    meant: list[Meant] = []

    def write() -> Any:
        meant.extend(_unpacked(form))
        return import_money(meant, confirmed=bool(form.confirmed.data), by=visitor())

    sentence = (_("적었어요. 같은 부서의 다른 담당자가 승인하면 모두에게 보여요.") if policy.needs_another() else _("적었어요. 모두에게 보여요."))
    return handle(form, write, lambda: _again(form, meant), lambda _made: saved(sentence, url_for(".overview")))


def _again(form: MoneyConfirmForm, meant: Sequence[Meant]) -> str:
    """The same once more where only a question is open; from the file where the commitments are others by now."""
    if not form.confirmed.errors:
        return _upload_page(form)
    known = known_money(desk_queries.named([f"#{each.commitment_id}" for each in meant]))
    return preview([replace(importing.compare(
        known[each.commitment_id], known[each.commitment_id].lines if each.lines is None else each.lines, each.total),
        told=each.told) for each in meant], form=form)


@desk.get("/money.xlsx")
@for_officials
def money_table():
    """Lines of the departments of this official as they stand, to be changed and brought in again."""
    commitments = desk_queries.to_fill_in(visitor())
    known, book = known_money(commitments), BytesIO()
    write_xlsx(book, [], list(Column), (
        row for commitment in commitments for row in _rows(commitment, known[commitment.id])))
    return stored(book, f"{dated('commitments-money')}.xlsx", XLSX)


def _rows(commitment: Commitment, known: Known) -> Iterator[list[object]]:
    name, unit = commitment.code or str(commitment.id), str(_word(importing.UNITS, known.unit))
    for line in known.lines:
        sums = (_in_unit(won, known.unit) for won in (line.planned, line.secured, line.executed))
        yield [name, known.title, line.year, _word(importing.SOURCES, line.source), line.item, *sums, unit,
               _in_unit(known.total, known.unit)]
    if not known.lines:
        yield [name, known.title, None, None, None, None, None, None, unit, _in_unit(known.total, known.unit)]


def _word(words: dict[str, Any], meaning: object) -> str:
    return next(word for word, known in words.items() if known is meaning)


def _in_unit(won: int | None, unit: rules.Unit) -> int | Decimal | None:
    if won is None:
        return None
    return Decimal(won) / unit.won if won % unit.won else won // unit.won

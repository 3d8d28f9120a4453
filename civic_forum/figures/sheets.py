"""Sheet of the figures of a year by month, for the office."""

from collections.abc import Mapping
from typing import Any

from civic_forum.blocks.charts import NOTHING
from civic_forum.blocks.sheets import Column, Sheet, SheetKind, Table, declare
from civic_forum.platform import settings
from civic_forum.platform.i18n import _, _l

from . import pictures, services


def load(key: str, query: Mapping[str, str]) -> Sheet | None:
    """The report for the mayor; `month` is the only one."""
    if key != "month":
        return None
    figures = services.newest()
    tables = [pictures.acts_by_month(figures.participation), pictures.means_and_acts(figures.participation),
              pictures.table_of_way(figures.numbers.steps), pictures.table_of_departments(figures.answers.departments)]
    if figures.answers.all.total:
        tables.append(pictures.table_of_days(figures.answers.all))
    return Sheet(title=_("%(month)s월 주민참여 현황", month=figures.today.month), kind=_("월간 보고"), slug="figures",
                 office=settings.value("OFFICE_NAME"), day=figures.today, blocks=tuple(map(_table, tables)))


def _table(table: Any) -> Table:
    """As the page of figures has it; its numbers are texts with their words."""
    return Table(heading=table.caption, columns=tuple(Column(name=str(head)) for head in table.heads), rows=tuple(
        tuple(NOTHING if cell is None else cell for cell in row) for row in table.rows),
        foot=(tuple(cell or "" for cell in table.total),) if table.total else ())


declare(SheetKind(name="figures", label=_l("월간 보고"), load=load, permission="figures.see_desk"))

"""Every table that can be taken out of the site, in the order of the pages. A new one is one line here."""

from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _

from . import agendas, answers, archive, calls, commitments, intake, moderation, outcomes, people, proposals
from .table import Table

TABLES: dict[str, Table] = {table.name: table for table in (
    proposals.TABLE, answers.ANSWERS, answers.DUTIES, agendas.TABLE, outcomes.TABLE, commitments.TABLE,
    archive.TABLE, intake.TABLE, moderation.TABLE, people.FORMAL, people.RESIDENTS)}


def open_tables() -> list[Table]:
    """Those that are for everybody."""
    return [table for table in TABLES.values() if not table.personal]


def table(name: str) -> Table:
    """Raises NotFound."""
    return existing(TABLES.get(name) or calls.applications(name), _missing)


def _missing() -> NotFound:
    return NotFound(_("이런 표는 없어요. 목록에서 다시 골라 주세요."))


def open_table(name: str) -> Table:
    """Raises NotFound also for what is not for everybody."""
    if (chosen := table(name)).personal:
        raise _missing()
    return chosen

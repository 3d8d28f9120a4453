"""Sheet of signed minutes: their words without anybody's name."""

from collections.abc import Mapping

from civic_forum.blocks.sheets import Facts, Sheet, SheetKind, Text, declare
from civic_forum.district.queries import office
from civic_forum.platform.i18n import _, _l, local, moment

from ..pages import forum_at
from . import labels, queries
from .rules.drafting import rows_of


def load(slug: str, query: Mapping[str, str]) -> Sheet:
    """Raises NotFound, also until they are signed."""
    forum = forum_at(slug)
    if not forum.signed_version:
        raise queries.missing()
    minutes, hidden = queries.version(forum.id, forum.signed_version), queries.beside(forum, ()).withheld
    sections = tuple(Text(
        heading=section.get("title") or str(labels.SECTION[section["key"]]),
        paragraphs=tuple(line for row in rows_of([section]) if row.get("ref") not in hidden
                         for line in (row.get("text") or "").splitlines() if line)) for section in minutes.sections)
    facts = Facts(across=1, rows=((_("때"), moment(forum.starts_at)), (_("곳"), forum.place or ""), (_("판"), _(
        "%(n)s번째 판", n=minutes.version))))
    return Sheet(title=_("%(title)s 회의록", title=forum.title), kind=_("회의록"), slug=slug, blocks=(facts, *sections),
                 office=office(forum.department_id), day=local(minutes.at).date())


declare(SheetKind(name="minutes", label=_l("회의록"), load=load))

"""The ledger of speaking time, for everybody: as a page and as a table to take along."""

from collections.abc import Iterator

from flask import Response, render_template

from civic_forum.kernel.i18n import _, _l
from civic_forum.kernel.spreadsheets import CSV, as_csv

from .. import labels
from ..queries import ledger as queries
from ..queries.ledger import Ledger
from . import gate
from .blueprint import bp

ROLE = {"host": _l("진행"), "panel": _l("패널"), "official": _l("부서"), "participant": _l("참여자")}
FIRST = {True: _l("처음 발언"), False: _l("다시 발언")}


@bp.get("/<slug>/ledger")
def ledger(slug: str):
    forum = gate.found(slug)
    return render_template("forums/ledger.html", forum=forum, ledger=queries.of(forum), labels=labels, roles=ROLE,
                           first=FIRST)


@bp.get("/<slug>/ledger.csv")
def ledger_csv(slug: str):
    """Ledger of the page in one table: seconds where turns are public anyway, whole minutes where people are counted by
    what they gave."""
    forum = gate.found(slug)
    header = (_("무엇으로 나눴는지"), _("이름"), _("초"), _("분"), _("발언"), _("사람"))
    return Response(as_csv(header, _rows(queries.of(forum))), mimetype=CSV,
                    headers={"Content-Disposition": f'attachment; filename="{forum.slug}-ledger.csv"'})


def _rows(ledger: Ledger) -> Iterator[tuple]:
    for name, lines, called in ((_("자격"), ledger.roles, ROLE), (_("순서"), ledger.items, ledger.titles),
                                (_("처음 발언"), ledger.first_times, FIRST)):
        for line in lines:
            yield name, called.get(line.key, _("순서 밖에서")), line.seconds, "", line.turns, line.people
    for name, pairs, called in ((_("동네"), ledger.neighbourhoods, {}), (_("나이대"), ledger.age_groups, labels.AGE_GROUP)):
        for line, minutes in pairs or ():
            word = _("그 밖에, 밝히지 않음") if line.key is None else called.get(line.key, line.key)
            yield name, word, "", minutes, line.turns, line.people

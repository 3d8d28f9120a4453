"""Bodies for everybody, and members who want to be named or not."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import login_required

from civic_forum.blocks import sections
from civic_forum.blocks.charts import Part, Share
from civic_forum.blocks.pages import saved
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import _, end_of
from civic_forum.platform.web import by_user, visitor

from .. import labels, policy, queries, services
from ..extensions import PAGE
from ..rules import BodyAccess, BodyKind

bp = Blueprint("bodies", __name__, url_prefix="/bodies")
FIRST = (BodyKind.COUNCIL, BodyKind.RESIDENTS, BodyKind.EVALUATION)
"""Kinds that have a card; the others stand in the table below."""
MEMBERS_SHOWN = 12


@bp.get("")
def show_list():
    return sections.page(_list, request.args.get("access", ""))


def _list(wanted: str) -> tuple[str, dict[str, Any]]:
    becomes_another(end_of(queries.today()))
    if wanted not in ("", *BodyAccess):
        raise Invalid(_("이런 조건은 없어요. 목록에서 다시 골라 주세요."))
    tops = queries.listed()
    cases = [case for top in tops for case in (top, *top.below)]
    totals = {access: sum(case.body.access is access for case in cases) for access in BodyAccess}
    chips = [{"label": label, "url": f"/bodies?access={access}" if access else "/bodies", "current": wanted == access,
              "total": totals[access] if access else len(cases)}
             for access, label in (("", _("모두")), *labels.ACCESS.items()) if not access or totals[access]]
    first = [top for top in tops if not wanted and top.body.kind in FIRST and not top.is_closed]
    rest = ([case for case in cases if case.body.access == wanted] if wanted else
            [case for top in tops if top not in first for case in (top, *top.below)])
    return "bodies/list.html", {"cases": cases, "totals": totals, "first": first, "rest": rest, "chips": chips,
                                "labels": labels, "wanted": wanted, "whole": _share(totals)}


def _share(totals: dict[BodyAccess, int]) -> Share:
    """Bodies by who may see them."""
    return Share([Part(str(label), totals[access], _("%(count)s곳", count=totals[access]), labels.ACCESS_TONE[access])
                  for access, label in labels.ACCESS.items() if totals[access]])


@bp.get("/<slug>")
def show(slug: str):
    family = queries.family(slug)
    case = family.top
    if policy.may_read(visitor(), case):
        return render_template("bodies/closed.html", body=case.body, labels=labels)
    members = [(each.shown, each.seat.side, *(division if each.seat.body_id != case.body.id else (None, None)),
                each.function, each.way, each.until) for seated in family.seated
               for division in [(seated.body.slug, seated.body.title)] for each in seated.sitting]
    members.sort(key=lambda member: member[4] is None)
    return render_template("bodies/show.html", family=family, case=case, body=case.body, labels=labels,
                           members=members, shown=MEMBERS_SHOWN, sections=PAGE.ask(family), own=case.own(visitor()),
                           needed=family.quorum(case.day).needed,
                           may_note=policy.may_note(visitor(), case) is None)


@bp.post("/<slug>/members/<id:membership_id>/consent")
@login_required
@by_user
def consent(slug: str, membership_id: int):
    named = request.form.get("named") == "yes"
    services.consent(membership_id, named, by=visitor())
    return saved(_("이름을 실었어요.") if named else _("이름을 뺐어요. 이제 자리 이름으로만 보여요."), f"/bodies/{slug}")

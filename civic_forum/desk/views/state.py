"""State of the machine, for administrators: what is wrong first, and tests of the carriers."""

from flask import render_template, request, url_for

from civic_forum.blocks.pages import attempt, saved
from civic_forum.platform import clock
from civic_forum.platform.filters import one_of
from civic_forum.platform.i18n import _
from civic_forum.platform.outbox import Carrier
from civic_forum.platform.web import count_in_hours, visitor, writer

from .. import queries
from ..labels import PARTS, REMEDY, SIGN
from ..pages import bp, shown_to
from ..policy import may_change_district
from ..rules import Sign
from ..services import settings
from ..services import state as services



@bp.get("/state")
@shown_to(may_change_district)
def state():
    return _page()


@bp.post("/state/tests")
@shown_to(may_change_district)
def test_carrier():
    def send() -> None:
        count_in_hours(1, "carrier-tests", writer(), 6)
        services.send_test(one_of(Carrier, request.form.get("carrier")) or Carrier.MAIL, by=visitor())

    return attempt(send, lambda refusal: _page(str(refusal)),
                   lambda _done: saved(_("나에게 보냈어요. 1분 뒤에 새로 열면 나갔는지 보여요."), url_for(".state")))


def _page(trouble: str = "") -> str:
    findings = services.findings()
    signs, by_part = [finding.sign for finding in findings], {finding.part: finding for finding in findings}
    return render_template(
        "desk/state.html", trouble=trouble, now=clock.now(), bad=signs.count(Sign.BAD), watch=signs.count(Sign.WATCH),
        unknown=signs.count(Sign.UNKNOWN), first=findings[0], remedies=REMEDY, signs=SIGN, ignored=settings.ignored(),
        names={part: name for names in PARTS.values() for part, name in names.items()},
        tests=queries.tests(visitor().id), groups={
            heading: [by_part[part] for part in names] for heading, names in PARTS.items()},
        carriers=list(filter(services.is_configured, Carrier)))

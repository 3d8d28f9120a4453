"""Meetings of somebody's own: the next ones, and what they have to do."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from civic_forum.blocks.seats import MemberFunction, in_office
from civic_forum.bodies import labels
from civic_forum.bodies import queries as bodies
from civic_forum.platform.web import never_cached, visitor

from .. import policy, queries, rules

own = Blueprint("own_meetings", __name__)


@own.get("/me/meetings")
@never_cached
@login_required
def show() -> ResponseReturnValue:
    today = bodies.today()
    seats = [seat for seat in bodies.of_user(visitor().id) if seat.until is None or today <= seat.until]
    sitting = {seat.seat.body_id for seat in seats if in_office(seat, today)}
    meetings = queries.of_member(sorted(sitting), today - timedelta(days=rules.MINUTES_SHOWN_DAYS)) if sitting else []
    signing = {seat.seat.body_id for seat in seats if seat.function in policy.SIGNING} & sitting
    coming = [meeting for meeting in meetings if meeting.is_coming]
    files = queries.files_of(coming)
    papers = {meeting.id: sum(len(item.papers) + len(files.get(item.files_id, ())) for item in meeting.items)
              for meeting in coming if meeting.body_id in sitting}
    kept_by = {seat.seat.body_id for seat in seats if seat.function is MemberFunction.SECRETARY} & sitting
    return render_template(
        "meetings/own.html", seats=seats, labels=labels, papers=papers, coming=coming, keeps=bool(kept_by),
        to_mend=queries.sent_back(sorted(kept_by)) if kept_by else [],
        to_sign=queries.unsigned(sorted(signing), visitor().id) if signing else [],
        kept=[meeting for meeting in meetings if meeting.is_over])

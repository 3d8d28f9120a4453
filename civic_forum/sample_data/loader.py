"""Loads the sample district: everything happens again, in its order and at its moment."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa
from flask import current_app

from civic_forum.accounts import passwords
from civic_forum.accounts.models import User
from civic_forum.agendas.models import Agenda
from civic_forum.district import queries as district
from civic_forum.district import services as district_services
from civic_forum.commitments.models import CommitmentNews
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.work import use_case
from civic_forum.moderation import services as moderation
from civic_forum.moderation.rules import ActionKind, Decision, Length, Rule
from civic_forum.notifications import services as notifications
from civic_forum.notifications.models import Delivery, Notice
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.services import publication as proposals

from . import (bodies, courses, evaluations, forums, intake, meetings, opinions, people, plans, promises, series,
               surveys, visits)
from .people import Newcomer, crowd_of, read
from .proposals import SampleComments, SampleProposal, after_steps, number_of_proposals
from .steps import Script
from .timeline import TimelineEvent, instant

OPENED = datetime.fromisoformat("2019-12-02T10:00:00+09:00")
"""The staff join; no proposal is older than the ninth of that month."""

READ_AFTER = timedelta(days=14)
"""Notices that are older were read; the rest waits in the boxes of the sample accounts."""


def is_loaded() -> bool:
    return bool(district.neighbourhoods()) and number_of_proposals() > 0


def load(password: str) -> None:
    """Load people, proposals and comments into an empty database; the sample accounts get this password.

    Raises Conflict when there is something already. The clock is moved while it happens again.
    """
    if is_loaded() or db.session.scalar(sa.select(User.id).limit(1)):
        raise Conflict("There is a district already; `--scale N` adds proposals to it.")
    real_offset, loaded = clock.offset_seconds(), clock.now()
    password_hash = passwords.hashed(password)
    try:
        _set_up()
        joining = [*people.newcomers(loaded), *people.neighbours(OPENED, loaded)]
        _replay(_all(joining, password_hash, loaded))
        _block(joining)
    finally:
        clock.shift(real_offset)
    proposals.lapse_due()
    _settle_notices()


def _set_up() -> None:
    facts = json.loads((people.DATA / "district.json").read_text("utf-8"))
    district_services.set_up(**facts, by=None)
    visits.decide()


def _all(joining: list[Newcomer], password_hash: str, loaded: datetime) -> list[TimelineEvent]:
    there, guests = crowd_of(joining), forums.guests(loaded)
    happenings = [TimelineEvent(newcomer.at, -1, lambda newcomer=newcomer: newcomer.join(password_hash))
                  for newcomer in [*joining, *guests]]
    ordered = sorted(read("comments"), key=lambda remark: remark["proposal"])
    remarks = {key: list(group) for key, group in groupby(ordered, key=lambda remark: remark["proposal"])}
    ids: dict[str, int] = {}
    written = [SampleProposal(entry, remarks.get(entry["key"], []), loaded, there, ids) for entry in read("proposals")]
    moments = {name: at for proposal in written for name, at in proposal.moments().items()}
    happenings += [event for proposal in written for event in proposal.happenings()]
    script = Script(loaded, there, moments, {newcomer.entry["name"]: newcomer.identity() for newcomer in joining}, ids)
    return sorted([*happenings, *script.events(), *promises.happenings(script), *opinions.happenings(script),
                   *bodies.happenings(script), *meetings.happenings(script), *intake.happenings(script),
                   *courses.happenings(script), *surveys.happenings(script), *series.happenings(script),
                   *plans.happenings(script), *evaluations.happenings(script),
                   *_on_agendas(script)])


def _on_agendas(script: Script) -> list[TimelineEvent]:
    """Comments on the agendas, from the day on which each was begun."""
    happenings: list[TimelineEvent] = []
    begun = {step["with"]["slug"]: step["at"] for step in read("steps/agendas") if step["do"] == "agenda.begin"}
    for slug, remarks in groupby(read("agenda_comments"), key=lambda remark: remark["agenda"]):
        comments = SampleComments(
            list(remarks), instant(begun[slug], script.loaded), script.loaded, script.people, script.ids,
            lambda slug=slug: db.session.get_one(Agenda, script.ids[f"agenda:{slug}"]).thread_id)
        happenings += after_steps(comments.happenings(), script.loaded)
    return happenings


def _replay(happenings: Iterable[TimelineEvent]) -> None:
    for happening in happenings:
        _set_clock(happening.at)
        proposals.lapse_due()
        happening.what()
        db.session.remove()


def _block(joining: list[Newcomer]) -> None:
    """Accounts that were blocked: at the end, since others act in their name until then."""
    for newcomer in joining:
        if blocked := newcomer.entry.get("blocked"):
            _set_clock(datetime.fromisoformat(blocked["on"]))
            user, by = (db.session.scalars(sa.select(User).filter_by(sign_in_name=name)).one()
                        for name in (newcomer.entry["name"], blocked["by"]))
            proposal_id = db.session.scalar(sa.select(Proposal.id).where(
                Proposal.author_id == user.id, Proposal.hidden_at.is_not(None)).limit(1))
            moderation.cases.decide("proposal", proposal_id, Decision(
                hide=False, account=ActionKind.BLOCK, length=Length.OPEN, rule=Rule.ADVERTISING,
                reason=blocked["reason"]), by=by)


def _set_clock(at: datetime) -> None:
    clock.shift(0)
    clock.shift((at - clock.now()).total_seconds())


def _settle_notices() -> None:
    """Notices of what happened again: it is past, and no letter leaves for it."""
    notifications.forget(current_app.config["RETAIN_NOTICES_DAYS"])
    with use_case(None) as work:
        work.session.execute(sa.update(Delivery).where(Delivery.sent_at.is_(None)).values(sent_at=work.at))
        work.session.execute(sa.update(CommitmentNews).where(CommitmentNews.told_at.is_(None)).values(told_at=work.at))
        work.session.execute(sa.update(Notice).where(Notice.read_at.is_(None), Notice.at < work.at - READ_AFTER)
                             .values(read_at=work.at - READ_AFTER))

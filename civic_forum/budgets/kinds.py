"""Rounds, envelopes and projects as kinds of things."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa

from civic_forum.accounts.queries.people import works_here
from civic_forum.attachments.queries import digest_of_picture
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.queries import rule_of
from civic_forum.ballots.rules.choices import Totals
from civic_forum.ballots.voted import Invitation, Votable
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Attached, Coming, Decidable, Discussed, Kind, Searched, SearchResult, Told
from civic_forum.blocks.moderated import Moderated
from civic_forum.blocks.sharing import Day, Preview, Shared
from civic_forum.platform import clock, subprocess_call
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, end_day, won
from civic_forum.platform.rich_text import excerpt

from .counting.box import of_box
from .definition import definition
from . import labels, queries
from .models import BudgetPhase, BudgetRound, Envelope
from .policy import may_read, why_not_object
from .rules import EDITABLE, WON, Phase, ProjectState, current, is_on
from .process import PROCESS
from .projects import hiding
from .projects import queries as projects
from .projects.models import Project
from .projects.operations import KIND, address
from .projects.policy import may_comment, may_read_hidden, may_read_project
from .projects.rules import codes_in
from .rounds import listing, opening

ADDRESS = re.compile(r"/budgets/([a-z0-9-]{1,60})/projects/([A-Z0-9-]{1,20})")


def rounds_in_search(round_ids: list[int]) -> dict[int, SearchResult]:
    return {round_id: SearchResult(
        url=f"/budgets/{card.round.slug}", word=str(labels.PHASE[card.phase]) if card.phase else None,
        about=(_("주민참여예산"), won(card.money))) for round_id, card in listing.of_ids(round_ids).items()}


def projects_in_search(project_ids: list[int]) -> dict[int, SearchResult]:
    return {project.id: SearchResult(
        url=f"/budgets/{project.round.slug}/projects/{project.code}", word=str(labels.STATE[project.state]),
        about=(_("사업"), project.round.title, won(project.cost))) for project in listing.projects_of_ids(project_ids)}


def _rounds_told(round_ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("budget_round"), BudgetRound.id, BudgetRound.title).where(
        BudgetRound.id.in_(round_ids), sa.or_(BudgetRound.announced_at.is_not(None), works_here(reader_id)))


def _envelopes_told(envelope_ids: list[int], reader_id: int) -> sa.Select:
    """As their votes are called: the round, and the part of its money."""
    return sa.select(sa.literal("envelope"), Envelope.id, BudgetRound.title + " — " + Envelope.name).join(
        BudgetRound, BudgetRound.id == Envelope.round_id).where(
        Envelope.id.in_(envelope_ids), sa.or_(BudgetRound.announced_at.is_not(None), works_here(reader_id)))


def _projects_told(project_ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("project"), Project.id, Project.title).where(
        Project.id.in_(project_ids), sa.or_(Project.hidden_at.is_(None), Project.author_id == reader_id))


def _why_not_coming(slug: str) -> str | None:
    """Reason why an agenda cannot lead to a round: there is no such one."""
    if queries.slugged(slug) is None:
        return _("이런 주소의 주민참여예산이 없어요. 주민참여예산 주소의 끝부분을 그대로 적어 주세요.")
    return None


TAKING_PART = {Phase.COLLECTING: _l("%(day)s까지 사업을 낼 수 있어요."), Phase.VOTING: _l("%(day)s까지 투표할 수 있어요.")}
"""Phases at whose end something is over that residents do."""
UNDECIDED = EDITABLE | {ProjectState.ON_BALLOT}
_ANNOUNCED = (BudgetRound.announced_at.is_not(None), BudgetRound.rehearsal_of_id.is_(None))


def _spans(round_id: int) -> list[sa.Row]:
    return list(db.session.execute(sa.select(BudgetPhase.phase, BudgetPhase.starts_at, BudgetPhase.ends_at).where(
        BudgetPhase.round_id == round_id).order_by(BudgetPhase.starts_at)))


def _open(spans: list[sa.Row]) -> sa.Row | None:
    """The phase in which residents take part now, with a day on which that is over."""
    now = clock.now()
    return next((span for span in spans
                 if span.phase in TAKING_PART and span.ends_at and is_on(spans, span.phase, now)), None)


def _days(spans: list[sa.Row], title: str) -> tuple[Day, ...]:
    days = []
    for span in spans:
        words = {"phase": labels.PHASE[span.phase], "title": title}
        days.append(Day(span.phase, _("%(phase)s 시작: %(title)s", **words), span.starts_at, begins=True))
        if span.phase in TAKING_PART and span.ends_at:
            days.append(Day(f"{span.phase}-end", _("%(phase)s 마감: %(title)s", **words), span.ends_at))
    return tuple(days)


def _until(span: sa.Row | None) -> str | None:
    """Sentence about the last day of a phase."""
    return str(TAKING_PART[span.phase]) % {"day": end_day(span.ends_at)} if span else None


def _preview_of_round(round_id: int) -> Preview | None:
    money = sa.select(sa.func.sum(Envelope.amount)).where(Envelope.round_id == BudgetRound.id).scalar_subquery()
    row = db.session.execute(sa.select(
        BudgetRound.slug, BudgetRound.title, BudgetRound.description_html, BudgetRound.announced_at,
        BudgetRound.version, money.label("money")).where(BudgetRound.id == round_id, *_ANNOUNCED)).one_or_none()
    if row is None:
        return None
    spans = _spans(round_id)
    phase, taking = current(spans, clock.now()), _open(spans)
    return Preview(
        name=row.slug, url=f"/budgets/{row.slug}", title=row.title, text=excerpt(row.description_html),
        figure=won(int(row.money or 0)), beside=str(labels.PHASE[phase]) if phase else "",
        sentence=_until(taking) or _("주민이 어디에 쓸지 정하는 돈이에요."), until=taking and taking.ends_at,
        act=_("비추고 참여하기") if taking else _("비추고 읽어 보기"), version=row.version, since=row.announced_at,
        days=_days(spans, row.title))


def _preview_of_project(project_id: int) -> Preview | None:
    row = db.session.execute(sa.select(
        Project.code, Project.title, Project.text_html, Project.cost, Project.state, Project.round_id,
        Project.created_at, Project.version, BudgetRound.slug, BudgetRound.title.label("round"),
        digest_of_picture(Project.attachment_set_id).label("picture")).join(
        BudgetRound, BudgetRound.id == Project.round_id).where(
        Project.id == project_id, Project.hidden_at.is_(None), *_ANNOUNCED,
        Project.state.not_in((ProjectState.WITHDRAWN, ProjectState.MERGED)))).one_or_none()
    if row is None:
        return None
    spans = [span for span in _spans(row.round_id) if span.phase is Phase.VOTING]
    voting = _open(spans) if row.state is ProjectState.ON_BALLOT else None
    return Preview(
        name=f"{row.slug}.{row.code}", url=f"/budgets/{row.slug}/projects/{row.code}", title=row.title,
        text=excerpt(row.text_html),
        figure=won(row.cost), beside=str(labels.STATE[row.state]), until=voting and voting.ends_at,
        sentence=_until(voting) or _("%(round)s에 낸 사업이에요.", round=row.round), picture=row.picture,
        act=_("비추고 투표하기") if voting else _("비추고 읽어 보기"), version=row.version, since=row.created_at,
        days=_days(spans, row.title) if row.state in UNDECIDED else ())


ROUND = kinds.register(Kind(
    "budget_round", BudgetRound, label=_l("주민참여예산"), title=lambda budget_round: budget_round.title,
    url=lambda budget_round: f"/budgets/{budget_round.slug}", why_not_read=may_read, missing=queries.missing,
    named=queries.slugged,
    capabilities=(Searched(rounds_in_search, place=40), Told(_rounds_told),
                  Shared(place="budgets", preview=_preview_of_round), Coming("budget", _why_not_coming))))


def _envelope_named(name: str) -> Envelope | None:
    """`<round>/<envelope>`, as people call a vote of a round."""
    slug, _slash, envelope = name.partition("/")
    budget_round = queries.slugged(slug) if envelope else None
    return next((purse for purse in budget_round.envelopes if purse.slug == envelope), None) if budget_round else None


def _title(envelope: Envelope) -> str:
    return f"{envelope.round.title} — {envelope.name}"


def _url(envelope: Envelope) -> str:
    return f"/budgets/{envelope.round.slug}/{envelope.slug}"


def _breadcrumbs(envelope: Envelope) -> list[tuple[str, str]]:
    return [(_("주민참여예산"), "/budgets"), (envelope.round.title, f"/budgets/{envelope.round.slug}"),
            (envelope.name, _url(envelope))]


def _invitation(envelope: Envelope) -> Invitation:
    """To the round, once, and where all envelopes stand in which its reader may vote."""
    budget_round = envelope.round
    return Invitation(str(ROUND.ref(budget_round)), budget_round.title, f"/budgets/{budget_round.slug}/ballot")


def _definition(envelope: Envelope) -> Mapping:
    return definition(envelope, queries.on_ballot(envelope))


def _why_not_open(envelope: Envelope) -> str | None:
    """Filled in, announced, fit, and not in an election season that nobody answered for."""
    budget_round = envelope.round
    if budget_round.announced_at is None:
        return _("먼저 주민참여예산을 알려 주세요.")
    if budget_round.opened_at is None and any(other.box is None and queries.on_ballot(other)
                                              for other in budget_round.envelopes):
        return _("투표의 내용이 그 사이에 바뀌었어요. 투표함을 다시 준비해 주세요.")  # afterwards it could get no box
    return opening.why_not_ready(budget_round) or PROCESS.why_not_in_season(budget_round)


def _outcome(box: BallotBox, totals: Totals, choices: Iterable[bytes], order: Sequence[int] | None) -> Mapping:
    """Outcome of the ballots of an envelope by the rules that its box froze: whole numbers and texts alone. `order`:
    its options as drawn.

    It may take a minute, so it is worked out apart, outside of any transaction. Raises ValueError when ballots and
    totals are of different votes; then nothing is counted.
    """
    votes = {line["option"]: line["votes"] for line in totals.options}
    chosen = [*map(rule_of(box).chosen, subprocess_call.with_pauses(choices))]
    return subprocess_call.call(of_box, json.loads(box.definition), votes, totals.ballots, chosen, order)


def _box(envelope: Envelope) -> BallotBox | None:
    return envelope.box


ENVELOPE = kinds.register(Kind(
    "envelope", Envelope, label=_l("배정 예산"), title=_title, url=_url, breadcrumbs=_breadcrumbs,
    why_not_read=lambda actor, envelope: may_read(actor, envelope.round), missing=queries.missing,
    named=_envelope_named,
    capabilities=(
        Told(_envelopes_told),
        Votable(record=lambda box: queries.envelope_by_subject(box.subject), box=_box, definition=_definition,
              gather=queries.envelopes_of, of_roll=queries.envelope_of_roll,
              roll_url=lambda envelope: f"{_url(envelope)}/roll",
              desk_roll_url=lambda envelope: f"/desk/budgets/{envelope.round.slug}/rolls/{envelope.slug}",
              why_not_object=lambda envelope: why_not_object(envelope.round, clock.now()),
              why_not_open=_why_not_open, outcome=_outcome, hold=lambda envelope: queries.held(envelope.round_id),
              invites=_invitation, reachable=queries.reachable,
              together=lambda envelope: queries.boxes_of(envelope.round_id),
              pictures=lambda envelope: projects.pictures([envelope.id])[envelope.id],
              desk_url=lambda envelope: f"/desk/budgets/{envelope.round.slug}/opening"))))


def _why_not_read(actor, project: Project) -> str | None:
    return may_read_project(actor, project) or may_read_hidden(actor, project)


def _at(text: str) -> int | None:
    """0 for the address of a project that is not there."""
    address = ADDRESS.search(text)
    return (hiding.at(*address.groups()) or 0) if address else None


def _project_named(name: str) -> Project | None:
    """`<round>.<code>`: one part of an address."""
    slug, _dot, code = name.rpartition(".")
    project_id = hiding.at(slug, code)
    return db.session.get(Project, project_id) if project_id else None


def _locked(project_id: int) -> Project:
    """With its round, and read again."""
    hiding.hold_rounds(db.session, [project_id])
    return queries.locked_project(project_id)


def _why_not_decided(project: Project) -> str | None:
    if project.hidden_at is not None:
        return _("운영 원칙에 따라 가린 사업이에요.")
    return None if project.state in WON else _("투표로 뽑힌 사업만 결과를 쓸 수 있어요.")


def _name_sql(id_: sa.ColumnElement[int]) -> sa.ScalarSelect[str]:
    return sa.select(BudgetRound.slug + "." + Project.code).join(Project, Project.round_id == BudgetRound.id).where(
        Project.id == id_).scalar_subquery()


def _offered(department_ids: Collection[int]) -> sa.Select:
    """Projects of these departments whose money was decided."""
    return sa.select(Project.id, (BudgetRound.slug + "." + Project.code).label("name"), Project.title,
                     BudgetRound.opened_at.label("since")).join(
        BudgetRound, BudgetRound.id == Project.round_id).where(
        Project.state.in_(WON), Project.hidden_at.is_(None), Project.department_id.in_(department_ids))


PROJECT = kinds.register(Kind(
    KIND, Project, label=_l("사업"), title=lambda project: project.title, url=address, why_not_read=_why_not_read,
    missing=queries.no_project, named=_project_named,
    capabilities=(
        Discussed(why_not_write=may_comment, titles=projects.titles), Attached(sets=KIND, why_not_read=_why_not_read),
        Searched(projects_in_search, place=50, number=Project.code, numbers_in=codes_in),
        Moderated(find=hiding.find, excerpt=lambda project: project.title, author=Project.author_id,
                  words=Project.title, around=hiding.around, locked=hiding.locked, put_hidden=hiding.put_hidden,
                  described=hiding.described, at=_at),
        Told(_projects_told), Shared(place="projects", preview=_preview_of_project),
        Decidable(
            place="projects", about=_l("사업의 결과"), order=40,
            name=lambda project: f"{project.round.slug}.{project.code}", name_sql=_name_sql, locked=_locked,
            department_id=lambda project: project.department_id, began=lambda project: project.created_at,
            why_not_yet=_why_not_decided, why_not_read=_why_not_read,
            proposals=lambda id_: sa.select(Project.proposal_id).where(
                Project.id == id_, Project.proposal_id.is_not(None)),
            boxes=lambda project: [project.envelope.box],
            neighbourhoods=lambda project: [project.neighbourhood_id] if project.neighbourhood_id else [],
            threads=lambda id_: sa.select(Project.thread_id).where(Project.id == id_, Project.thread_id.is_not(None)),
            people=lambda id_: sa.select(Project.author_id.label("user_id")).where(
                Project.id == id_, Project.author_id.is_not(None)),
            journeys=lambda project: [project.journey_id] if project.journey_id else [], offered=_offered))))

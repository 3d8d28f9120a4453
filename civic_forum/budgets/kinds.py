"""Rounds, envelopes and projects as kinds of things."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import join

from civic_forum.accounts.queries.people import works_here
from civic_forum.attachments.queries import digest_of_picture
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.queries import rule_of
from civic_forum.ballots.rules.choices import Totals
from civic_forum.ballots.voted import Invitation, Votable
from civic_forum.blocks.kinds import Answerable, Attached, Discussed, Ref, SearchResult
from civic_forum.blocks.moderated import Moderated
from civic_forum.blocks.public import Public
from civic_forum.blocks.sharing import Day, Preview
from civic_forum.platform import clock, subprocess_call
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, end_day, won
from civic_forum.platform.rich_text import text_of

from .counting.box import of_box
from .definition import definition
from . import labels, queries
from .models import BudgetPhase, BudgetRound, Envelope, envelope_neighbourhood
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


def _round_words(budget_round: BudgetRound) -> str:
    names = " ".join(envelope.name for envelope in budget_round.envelopes)
    return f"{text_of(budget_round.description_html)} {names}"


ROUNDS = Public(
    kind="budget_round", model=BudgetRound, label=_l("주민참여예산"), place="budgets", name=BudgetRound.slug,
    title=BudgetRound.title, text=BudgetRound.description_html, words=_round_words, since=BudgetRound.announced_at,
    where=(BudgetRound.rehearsal_of_id.is_(None),), why_not_read=may_read, missing=queries.missing,
    named=queries.slugged)


def _round_hit(card: listing.RoundCard) -> SearchResult:
    return ROUNDS.hit(card.round.slug, card.phase and labels.PHASE[card.phase], won(card.money),
                      is_open=card.phase in TAKING_PART)


TAKING_PART = {Phase.COLLECTING: _l("%(day)s까지 사업을 낼 수 있어요."), Phase.VOTING: _l("%(day)s까지 투표할 수 있어요.")}
"""Phases at whose end something is over that residents do."""
UNDECIDED = EDITABLE | {ProjectState.ON_BALLOT}


def _spans(round_id: int) -> list[sa.Row]:
    return list(db.session.execute(sa.select(BudgetPhase.phase, BudgetPhase.starts_at, BudgetPhase.ends_at).where(
        BudgetPhase.round_id == round_id).order_by(BudgetPhase.starts_at)))


def _open(spans: list[sa.Row]) -> sa.Row | None:
    """The phase in which residents take part now, with a day on which that is over."""
    now = clock.now()
    return next((span for span in spans
                 if span.phase in TAKING_PART and span.ends_at and is_on(spans, span.phase, now)), None)


def _days(title: str, *spans: sa.Row) -> tuple[Day, ...]:
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


def _preview_of_round(row: sa.Row, begin: Callable[..., Preview]) -> Preview:
    spans = _spans(row.id)
    phase, taking = current(spans, clock.now()), _open(spans)
    return begin(
        figure=won(int(row.money or 0)), beside=str(labels.PHASE[phase]) if phase else "",
        sentence=_until(taking) or _("주민이 어디에 쓸지 정하는 돈이에요."), until=taking and taking.ends_at,
        act=_("비추고 참여하기") if taking else _("비추고 읽어 보기"), days=_days(row.title, *spans))


MONEY = sa.select(sa.func.sum(Envelope.amount)).where(Envelope.round_id == BudgetRound.id).scalar_subquery()
PLACES = sa.select(Envelope.round_id, envelope_neighbourhood.c.neighbourhood_id).join(envelope_neighbourhood).where(
    Envelope.round_id.not_in(sa.select(Envelope.round_id).where(~Envelope.voters_of.any()))).distinct().subquery()
"""Of rounds in which the whole district votes on nothing."""
ROUNDS.picker("budgets.see_desk", name="budget", note=lambda budget_round: budget_round.slug, asks=True,
              latest=(BudgetRound.year.desc(), BudgetRound.id.desc()), among=lambda _actor: sa.true(),
              suggested=ROUNDS.where)
CHOSEN_AT = sa.select(sa.func.max(sa.case((BudgetPhase.phase == Phase.CHOSEN, BudgetPhase.starts_at),
                                          else_=BudgetPhase.ends_at))).where(
    BudgetPhase.round_id == BudgetRound.id, BudgetPhase.phase.in_((Phase.VOTING, Phase.CHOSEN))).scalar_subquery()
ROUND = ROUNDS.register(
    ROUNDS.searched(listing.of_ids, _round_hit, place=40), ROUNDS.told(works_here),
    ROUNDS.shared(_preview_of_round, MONEY.label("money")),
    ROUNDS.occasions(_days, BudgetPhase.starts_at, BudgetPhase.ends_at, facts=(BudgetPhase.phase,),
                     children=BudgetRound.phases, places=PLACES),
    ROUNDS.archived(CHOSEN_AT, places=PLACES),
    ROUNDS.coming("budget", _l("이런 주소의 주민참여예산이 없어요. 주민참여예산 주소의 끝부분을 그대로 적어 주세요.")))


def _envelope_named(name: str) -> Envelope | None:
    """`<round>/<envelope>`, as people call a vote of a round."""
    slug, _slash, envelope = name.partition("/")
    budget_round = queries.slugged(slug) if envelope else None
    return next((purse for purse in budget_round.envelopes if purse.slug == envelope), None) if budget_round else None


def _title(envelope: Envelope) -> str:
    return f"{envelope.round.title} — {envelope.name}"


def _breadcrumbs(envelope: Envelope) -> list[tuple[str, str]]:
    return [(_("주민참여예산"), "/budgets"), (envelope.round.title, f"/budgets/{envelope.round.slug}"),
            (envelope.name, ENVELOPES.url(envelope))]


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


ENVELOPES = Public(
    kind="envelope", model=Envelope, label=_l("배정 예산"), place="budgets", name=BudgetRound.slug + "/" + Envelope.slug,
    title=BudgetRound.title + " — " + Envelope.name, since=BudgetRound.announced_at,
    tables=join(Envelope, BudgetRound, BudgetRound.id == Envelope.round_id), titled=_title,
    called=lambda envelope: f"{envelope.round.slug}/{envelope.slug}", missing=queries.missing, named=_envelope_named,
    why_not_read=lambda actor, envelope: may_read(actor, envelope.round))
"""As their votes are called: the round, and the part of its money."""
ENVELOPE = ENVELOPES.register(
    ENVELOPES.told(works_here),
    Votable(record=lambda box: queries.envelope_by_subject(box.subject), box=_box, definition=_definition,
            gather=queries.envelopes_of, of_roll=queries.envelope_of_roll,
            roll_url=lambda envelope: f"{ENVELOPES.url(envelope)}/roll",
            desk_roll_url=lambda envelope: f"/desk/budgets/{envelope.round.slug}/rolls/{envelope.slug}",
            why_not_object=lambda envelope: why_not_object(envelope.round, clock.now()),
            why_not_open=_why_not_open, outcome=_outcome, hold=lambda envelope: queries.held(envelope.round_id),
            invites=_invitation, reachable=queries.reachable,
            together=lambda envelope: queries.boxes_of(envelope.round_id),
            pictures=lambda envelope: projects.pictures([envelope.id])[envelope.id],
            desk_url=lambda envelope: f"/desk/budgets/{envelope.round.slug}/opening"),
    breadcrumbs=_breadcrumbs)


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


PROJECTS = Public(
    kind=KIND, model=Project, label=_l("사업"), place="projects", name=BudgetRound.slug + "." + Project.code,
    title=Project.title, text=Project.text_html, since=Project.created_at,
    where=(BudgetRound.announced_at.is_not(None), Project.hidden_at.is_(None)),
    words=lambda project: f"{text_of(project.text_html)} {project.place} {project.scope}",
    picture=digest_of_picture(Project.attachment_set_id),
    tables=join(Project, BudgetRound, BudgetRound.id == Project.round_id), address=address,
    called=lambda project: f"{project.round.slug}.{project.code}",
    exact=re.compile(r"([a-z0-9-]{1,60})\.([A-Z0-9-]{1,20})"), pasted=ADDRESS, parts=(BudgetRound.slug, Project.code),
    why_not_read=_why_not_read, missing=queries.no_project, named=_project_named)


def _project_hit(project: Project) -> SearchResult:
    return SearchResult(address(project), word=str(labels.STATE[project.state]),
                        about=(_("사업"), project.round.title, won(project.cost)))


def _preview_of_project(row: sa.Row, begin: Callable[..., Preview]) -> Preview:
    spans = [span for span in _spans(row.round_id) if span.phase is Phase.VOTING]
    voting = _open(spans) if row.state is ProjectState.ON_BALLOT else None
    return begin(
        url=f"/budgets/{row.slug}/projects/{row.code}", figure=won(row.cost), beside=str(labels.STATE[row.state]),
        until=voting and voting.ends_at, sentence=_until(voting) or _("%(round)s에 낸 사업이에요.", round=row.round),
        act=_("비추고 투표하기") if voting else _("비추고 읽어 보기"),
        days=_days(row.title, *spans) if row.state in UNDECIDED else ())


PROJECTS.picker(
    "polls.make", "forums.prepare", note=lambda project: f"{project.round.title} · {project.code}",
    words=(Project.title, Project.code), among=lambda _actor: sa.and_(PROJECTS.readable, *ROUNDS.where))
PROJECT = PROJECTS.register(
    Discussed(why_not_write=may_comment, titles=PROJECTS.titles), Attached(sets=KIND, why_not_read=_why_not_read),
    PROJECTS.searched(listing.projects_of_ids, _project_hit, place=50, number=Project.code, numbers_in=codes_in),
    Moderated(find=hiding.find, excerpt=lambda project: project.title, author=Project.author_id,
              words=Project.title, around=hiding.around, locked=hiding.locked, put_hidden=hiding.put_hidden,
              described=hiding.described, at=_at),
    PROJECTS.told(lambda reader_id: Project.author_id == reader_id, Project.hidden_at.is_(None)),
    Answerable(topics=projects.topics, locked=_locked, told_about=lambda project: Ref(KIND, project.id),
               people=projects.proposer),
    PROJECTS.shared(
        _preview_of_project, Project.code, Project.cost, Project.state, Project.round_id, BudgetRound.slug,
        BudgetRound.title.label("round"),
        where=(*ROUNDS.where, Project.state.not_in((ProjectState.WITHDRAWN, ProjectState.MERGED)))),
    PROJECTS.decidable(
        about=_l("사업의 결과"), order=40, locked=_locked, department=Project.department_id, since=BudgetRound.opened_at,
        waits=(Project.state.in_(WON), Project.hidden_at.is_(None)), anybodys=False, why_not_yet=_why_not_decided,
        proposals=lambda id_: sa.select(Project.proposal_id).where(
            Project.id == id_, Project.proposal_id.is_not(None)),
        boxes=lambda project: [project.envelope.box],
        threads=lambda id_: sa.select(Project.thread_id).where(Project.id == id_, Project.thread_id.is_not(None)),
        people=lambda id_: sa.select(Project.author_id.label("user_id")).where(
            Project.id == id_, Project.author_id.is_not(None)),
        journeys=lambda project: [project.journey_id] if project.journey_id else []))

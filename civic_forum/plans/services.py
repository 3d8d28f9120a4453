"""Plans are made, their versions written, asked, decided and sent; by two people they come into force."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role
from civic_forum.blocks import slugs
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.bodies.models import Body
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from . import importing, operations, policy, queries, rules
from .events import PlanShown
from .models import Plan, PlanAction, PlanVersion
from .parts import PlanFacts
from .rules import Action, VersionState

RESERVED = ("new",)
FORCE_LASTS = timedelta(days=14)


def make(facts: PlanFacts, *, by: User) -> Plan:
    """A plan with an empty first version. Raises Denied and Refusal."""
    with use_case(by) as work:
        return _made(work, facts)


def _made(work: Work, facts: PlanFacts, **more: Any) -> Plan:
    plan = Plan(slug=slugs.proposed(facts.title, lambda end: queries.slugged(end) is not None,
                                    on=local(work.at).date(), reserved=RESERVED), **more)
    facts.write(plan)
    plan.versions = [PlanVersion(number=1)]
    work.store(plan)
    require(work.actor, policy.may_prepare, plan)
    work.record("plans.made", plan)
    return plan


@contextmanager
def _of(slug: str, number: int, by: User, *states: VersionState) -> Iterator[tuple[Work, PlanVersion]]:
    """A version of a plan that somebody may prepare, locked and in one of these states. Raises Denied and Conflict."""
    with use_case(by) as work:
        plan = queries.locked(slug)
        require(by, policy.may_prepare, plan)
        version = queries.version_of(plan, number)
        if version.state not in states:
            raise Conflict(_("이 판은 이미 다음 단계로 갔어요. 화면을 새로 열어 주세요."))
        plan.version += 1
        yield work, version


def write_actions(slug: str, number: int, actions: Sequence[Action], *, seen: int, printed: int | None = None,
                  mapping: Mapping[str, str] | None = None, by: User) -> bool:
    """The actions of a draft, in place of those that it had; whether any differs. `seen`: version of the plan that was
    read; `printed`: their sum as the source has it. Raises Conflict where somebody else wrote meanwhile, Refusal."""
    if len(actions) > rules.MOST_ACTIONS:
        raise Refusal(_("과제는 %(most)s개까지 담을 수 있어요.", most=rules.MOST_ACTIONS), field="file")
    refuse_secret(file="\n".join("\n".join((
        each.title, each.section, each.need, each.lead, each.why_changed, *(line.item for line in each.money)))
        for each in actions))
    with _of(slug, number, by, VersionState.DRAFT) as (work, version):
        if version.plan.version != seen + 1:
            raise Conflict(_("그 사이에 다른 사람이 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."))
        version.plan.mapping = {**version.plan.mapping, **(mapping or {})}
        version.printed = printed
        if version.facts == tuple(actions):
            return False
        _put(work, version, actions)
        work.record("plans.actions_written", version, count=len(actions))
        return True


def read_table(slug: str, number: int, rows: Sequence[tuple[int, Sequence[str]]], mapping: Mapping[str, str], *,
               by: User) -> tuple[PlanVersion, importing.Reading]:
    """A table beside the draft as it stands; nothing is written. Raises Denied and NotFound."""
    plan = queries.plan(slug)
    require(by, policy.may_prepare, plan)
    version = queries.version_of(plan, number)
    known = importing.Known(
        year=plan.year, unit=plan.unit, actions=version.facts, keys=queries.keys_used(plan),
        departments=queries.names(Department), bodies=queries.names(Body), places=queries.names(Neighbourhood))
    return version, importing.read(rows, known, {**plan.mapping, **mapping})


def _put(work: Work, version: PlanVersion, actions: Sequence[Action]) -> None:
    for row in version.actions:
        work.session.delete(row)
    work.session.flush()
    version.actions = [PlanAction(**asdict(action)) for action in actions]
    version.count, version.total = len(actions), sum(action.of_year(version.plan.year) for action in actions)


def ask(slug: str, number: int, *, by: User) -> PlanVersion:
    """Show a version to everybody, for those who are to decide it. Raises Conflict while another one is asked."""
    with _of(slug, number, by, VersionState.DRAFT) as (work, version):
        _refuse_other(version)
        if not version.count:
            raise Conflict(_("먼저 과제를 담아 주세요."))
        version.state, version.asked_at = VersionState.ASKED, work.at
        _show(work, version, "plans.asked")
        return version


def take_back(slug: str, number: int, *, by: User) -> PlanVersion:
    """Make a version that is asked a draft again."""
    with _of(slug, number, by, VersionState.ASKED) as (work, version):
        version.state = VersionState.DRAFT
        _show(work, version, "plans.taken_back")
        return version


def decide(slug: str, number: int, about: str, on: date | None, *, by: User) -> PlanVersion:
    """Say what decided a version, and on which day. Raises Refusal for a thing that is not among those that may have,
    Conflict while another version is asked."""
    with _of(slug, number, by, VersionState.DRAFT, VersionState.ASKED) as (work, version):
        _refuse_other(version)
        if not version.count:
            raise Conflict(_("먼저 과제를 담아 주세요."))
        if about not in queries.deciders(version.plan) or (thing := Ref.read(about)) is None:
            raise Refusal(_("정한 안건이나 투표를 목록에서 골라 주세요."), field="about")
        version.about, version.decided_on = thing, _past(on, "on")
        version.state = VersionState.DECIDED
        _show(work, version, "plans.decided")
        return version


def send(slug: str, number: int, document: str, on: date | None, *, by: User) -> PlanVersion:
    """Say with which document a decided version was sent."""
    document = words_given(document, 2, 60, "document")
    with _of(slug, number, by, VersionState.DECIDED) as (work, version):
        version.state, version.document, version.sent_on = VersionState.SENT, document, _past(on, "on")
        work.record("plans.sent", version)
        return version


def _past(on: date | None, field: str) -> date:
    if on is None or on > local(clock.now()).date():
        raise Refusal(_("오늘까지의 날짜로 적어 주세요."), field=field)
    return on


def _refuse_other(version: PlanVersion) -> None:
    """Raises Conflict while another version of the plan is asked."""
    if any(other is not version and other.state is VersionState.ASKED for other in version.plan.versions):
        raise Conflict(_("다른 판을 묻고 있어요. 그 판을 먼저 정하거나 거두어 주세요."))


def _show(work: Work, version: PlanVersion, action: str) -> None:
    version.plan.public_at = version.plan.public_at or work.at
    work.record(action, version)
    work.emit(PlanShown(version.plan_id))


def next_version(slug: str, label: str, *, by: User) -> PlanVersion:
    """A draft with the actions of the last version, one at a time. Raises Conflict while there is a draft."""
    with use_case(by) as work:
        plan = queries.locked(slug)
        require(by, policy.may_prepare, plan)
        last = plan.versions[-1] if plan.versions else None
        if last is not None and last.state is VersionState.DRAFT:
            raise Conflict(_("준비하는 판이 이미 있어요."))
        plan.version += 1
        version = PlanVersion(plan=plan, number=len(plan.versions) + 1, label=words_given(label, 0, 60, "label"))
        work.store(version)
        _put(work, version, last.facts if last else ())
        work.record("plans.version_begun", version)
        return version


def roll_over(slug: str, *, by: User) -> Plan:
    """Next year's plan, with the actions of this one a year later. Raises Conflict where there is one."""
    with use_case(by) as work:
        plan = queries.locked(slug)
        require(by, policy.may_prepare, plan)
        title = plan.title.replace(str(plan.year), str(plan.year + 1))
        title = title if title != plan.title else f"{plan.year + 1} {title}"[:120]
        if queries.listed(Plan.year == plan.year + 1, Plan.title == title):
            raise Conflict(_("다음 해의 계획이 이미 있어요."))
        made = _made(work, replace(PlanFacts.of_record(plan), title=title, year=plan.year + 1), mapping=plan.mapping)
        last = plan.current or (plan.versions[-1] if plan.versions else None)
        facts = last.facts if last else ()
        _put(work, made.versions[0], [replace(action, **rules.year_later(action)) for action in facts])
        return made


# In force, by two people


def subject_of(version: PlanVersion) -> str:
    """Name of a version where its coming into force waits for a second person."""
    return f"plan_version:{version.id}"


def _held(subject: str, signers: frozenset[int]) -> PlanVersion:
    people.held(*signers)
    version = db.session.get_one(PlanVersion, int(subject.removeprefix("plan_version:")))
    return queries.version_of(queries.locked(version.plan.slug), version.number)


def _may_force(actor: User, version: PlanVersion) -> str | None:
    if reason := policy.may_force(actor, version.plan):
        return reason
    if any(other.number > version.number and other.in_force_on for other in version.plan.versions):
        return _("더 새로운 판을 이미 쓰고 있어요.")
    return None if version.state in (VersionState.DECIDED, VersionState.SENT) else _("정한 판만 쓰기 시작할 수 있어요.")


def _shown(version: PlanVersion) -> Any:
    return [version.number, [other.number for other in version.plan.versions if other.in_force_on],
            version.document, str(version.about), str(version.decided_on),
            [[vars(row.action), row.home_id, row.department_id, row.due_on, row.commitment_id, row.seen]
             for row in operations.promises(version)]]


FORCE: TwoPeople[PlanVersion] = TwoPeople(
    name="plans.force", strength=Strength.PLAIN, lasts=FORCE_LASTS, may=_may_force, held=_held, shown=_shown,
    signatory=people.signatory_of(Role.OFFICIAL, Role.ADMINISTRATOR), held_for=people.held_for,
    carry_out=lambda work, version: operations.put_in_force(work, version))


def propose_force(slug: str, number: int, *, by: User) -> PlanVersion:
    """Want a decided version in force; another person lets it be. Raises Denied and Conflict."""
    with _of(slug, number, by, VersionState.DECIDED, VersionState.SENT) as (work, version):
        require(by, _may_force, version)
        FORCE.begin(work, subject_of(version), version)
        version.proposed_at, version.proposed_by_id = work.at, by.id
        work.record("plans.force_proposed", version)
        return version

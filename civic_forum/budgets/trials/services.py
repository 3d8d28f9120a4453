"""Trial elections: bringing a file in, counting it by every rule, publishing what came out."""

import hashlib
import logging
from fractions import Fraction

from civic_forum.accounts.models import User
from civic_forum.blocks import slugs
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import let_go, use_case

from ..committee.rules import LEAST_BALLOTS, MOST_MEMBERS
from ..counting.election import CommitteeVotes
from ..counting.outcome import TooLong
from ..counting.outcome import text
from ..formats.pabulib.faults import Fault
from ..formats.pabulib.making import election_of, says_committee, with_committee, write
from ..formats.pabulib.parsing import PabulibFile, read
from .. import queries as records
from ..labels import money
from . import labels, queries, rules
from .models import BudgetTrial
from .policy import may_import_trial, may_publish_trial

log = logging.getLogger(__name__)
LONGEST_TITLE, LONGEST_ABOUT = 200, 3_000
LONGEST_STEP = 40
LONGEST_COMMITTEE = 60_000
BETWEEN = "|"
"""Between a project and its votes."""


def create(data: bytes, *, slug: str | None, title: str = "", about: str = "", step: str = "", round_slug: str = "",
           committee: str = "", committee_ballots: str = "", at_once: bool | None = None, by: User) -> BudgetTrial:
    """Keep an election in the Pabulib format. A small one is counted at once and a large one by the worker, unless
    `at_once` says which.

    `committee` has lines `project | votes` for a file that says nothing of a committee: they become part of it.
    Without a title it has the file's description, without a slug one made from its title; without a step (a decimal in
    the unit of the budget) the usual one.
    Raises Refusal with the line of the file that is wrong, or naming the field; Conflict for an address that is taken.
    """
    require(by, may_import_trial)
    file = _read(data)
    if committee.strip() or committee_ballots.strip():
        data = write(with_committee(file, _committee(committee, committee_ballots, file)))
        file = _read(data)
    election = election_of(file)
    chosen = _step(step, file, rules.least_step(election)) if step else rules.usual_step(file, election)
    title, about = plain_text.clean(title), plain_text.clean(about, lines=True)
    title = title or plain_text.beginning(plain_text.clean(file.meta["description"]), LONGEST_TITLE) or slug or ""
    if slug is None:
        slug = slugs.proposed(title, queries.is_taken, on=local(clock.now()).date(), reserved=frozenset(("new",)))
        title = title or slug
    _check(slug, title, about)
    now = rules.is_small(election, chosen) if at_once is None else at_once
    figures = _at_once(file, chosen, None if at_once else rules.most_at_once(election)) if now else None
    now = figures is not None
    with use_case(by) as work:
        require(by, may_import_trial)
        if queries.is_taken(slug):
            raise Conflict(_("이미 쓰는 주소예요. 다르게 적어 주세요."), field="slug")
        trial = work.store(BudgetTrial(slug=slug, title=title, about=about, source=data,
                                       sha256=hashlib.sha256(data).digest(), step=text(chosen), result=figures,
                                       imported_at=work.at, imported_by_id=by.id, counted_at=work.at if now else None,
                                       round_id=records.by_slug(round_slug).id if round_slug else None))
        work.record("budgets.trial_imported", trial, projects=len(file.costs), ballots=len(file.ballots))
        return trial


def _at_once(file: PabulibFile, step: Fraction, most: int | None) -> dict | None:
    try:
        return rules.figures(file, step, plain_text.clean, most)
    except TooLong:
        return None


def count(trial_id: int) -> bool:
    """Count one by every rule, without holding a lock while that takes. False where it is done, or gone."""
    job = queries.to_count(trial_id)
    let_go()
    if job is None:
        return False
    figures, failed = None, None
    try:
        figures = rules.figures(read(job[0]), Fraction(job[1]), plain_text.clean)
    except Exception as wrong:  # whatever it is, it would come again: those behind it in the queue must not wait for it
        log.exception("trial %s cannot be counted", trial_id)
        failed = labels.of_fault(wrong) if isinstance(wrong, Fault) else _("이 파일은 셀 수 없어요.")
    try:
        return _keep(trial_id, figures, failed)
    except NotFound:
        log.info("trial %s was deleted while it was counted", trial_id)
        return False


def _keep(trial_id: int, figures: dict | None, failed: str | None) -> bool:
    with use_case(None) as work:
        trial = queries.locked(trial_id)
        if trial.counted_at is not None or trial.failed is not None:
            return False
        trial.result, trial.failed, trial.counted_at = figures, failed, work.at if figures else None
        work.record("budgets.trial_counted", trial, done=figures is not None)
        return True


def count_waiting() -> int:
    """Of the worker: whatever waits, one after another. Returns how many were counted."""
    waiting = queries.waiting()
    let_go()
    return sum(count(trial_id) for trial_id in waiting)


def publish(trial_id: int, *, by: User) -> None:
    """From now on everybody sees the outcomes and can take the file. Raises Conflict before it is counted."""
    with use_case(by) as work:
        trial = queries.locked(trial_id)
        require(by, may_publish_trial, trial)
        if trial.counted_at is None:
            raise Conflict(_("아직 다 세지 않았어요. 다 센 뒤에 공개해 주세요."))
        if trial.published_at is None:
            trial.published_at = work.at
            work.record("budgets.trial_published", trial)


def withdraw(trial_id: int, *, by: User) -> None:
    """Only the committee and those who prepare rounds see it any more."""
    with use_case(by) as work:
        trial = queries.locked(trial_id)
        require(by, may_publish_trial, trial)
        if trial.published_at is not None:
            trial.published_at = None
            work.record("budgets.trial_withdrawn", trial)


def delete(trial_id: int, *, by: User) -> None:
    """Raises Conflict for what everybody sees: it is withdrawn first."""
    with use_case(by) as work:
        trial = queries.locked(trial_id)
        require(by, may_publish_trial, trial)
        if trial.published_at is not None:
            raise Conflict(_("공개한 모의 계산이에요. 먼저 공개를 거둬 주세요."))
        work.record("budgets.trial_deleted", trial)
        work.session.delete(trial)


def _read(data: bytes) -> PabulibFile:
    if len(data) > rules.LARGEST_FILE:
        raise Refusal(_("파일이 너무 커요. %(most)sMB까지 올릴 수 있어요.", most=rules.LARGEST_FILE // 2**20), field="file")
    try:
        file = read(data)
    except Fault as fault:
        raise Refusal(labels.of_fault(fault), field="file") from fault
    if rules.is_too_large(file):
        raise Refusal(_("사업 %(projects)s개, 투표지 %(ballots)s장까지 셀 수 있어요.", projects=f"{rules.MOST_PROJECTS:,}",
                        ballots=f"{rules.MOST_BALLOTS:,}"), field="file")
    if rules.has_long_ids(file):
        raise Refusal(_("사업 번호는 %(most)s자까지 적을 수 있어요.", most=rules.LONGEST_ID), field="file")
    return file


def _committee(typed: str, members: str, file: PabulibFile) -> CommitteeVotes:
    """Raises Refusal at the field, with the line."""
    if says_committee(file):
        raise Refusal(_("파일에 위원회의 표가 이미 적혀 있어요. 여기는 비워 주세요."), field="committee")
    ballots = plain_text.number(members.strip(), digits=4)
    if ballots is None or not LEAST_BALLOTS <= ballots <= MOST_MEMBERS:
        raise Refusal(_("위원 수는 %(least)s명부터 %(most)s명까지 적어 주세요.", least=LEAST_BALLOTS, most=MOST_MEMBERS),
                      field="committee_ballots")
    votes: dict[str, int] = {}
    for line, words in enumerate(typed[:LONGEST_COMMITTEE].splitlines(), start=1):
        if words.strip():
            project, count = _line(words)
            if count is None or count > ballots:
                wrong = _("사업 번호와 표를 A01 | 24처럼 적어 주세요. 표는 위원 수보다 많을 수 없어요.")
            elif project not in file.costs:
                wrong = _("파일에 없는 사업 번호예요.")
            elif project in votes:
                wrong = _("같은 사업이 두 번 나와요.")
            else:
                votes[project] = count
                continue
            raise Refusal(_("%(line)s번째 줄(%(typed)s): %(wrong)s", line=line, wrong=wrong,
                            typed=plain_text.beginning(plain_text.clean(words), 60)), field="committee")
    if not any(votes.values()):
        raise Refusal(_("위원이 고른 사업과 표를 한 줄에 하나씩 적어 주세요."), field="committee")
    return CommitteeVotes(votes, ballots)


def _line(text: str) -> tuple[str, int | None]:
    project, _between, number = text.rpartition(BETWEEN)
    return project.strip(), plain_text.number(number.strip(), digits=4)


def _step(typed: str, file: PabulibFile, least: Fraction) -> Fraction:
    try:
        step = Fraction(typed.replace(",", "")) if len(typed) <= LONGEST_STEP and "e" not in typed.lower() else None
    except (ValueError, ZeroDivisionError):
        step = None
    if step is None or step <= 0 or len(text(step)) > LONGEST_STEP:
        raise Refusal(_("몫을 얼마씩 늘릴지 0보다 큰 숫자로 적어 주세요."), field="step")
    if step < least:
        raise Refusal(_("이렇게 조금씩 늘리면 세는 데 너무 오래 걸려요. 적어도 %(least)s씩 늘려 주세요.",
                        least=money(-(-least // 1), file.meta.get("currency", ""))), field="step")
    return step


def _check(slug: str, title: str, about: str) -> None:
    if not slugs.fits(slug):
        raise Refusal(_("주소는 영어 소문자, 숫자, 붙임표(-)로 60자까지 적어 주세요."), field="slug")
    if len(title) > LONGEST_TITLE:
        raise Refusal(_("제목은 200자까지 적을 수 있어요."), field="title")
    if len(about) > LONGEST_ABOUT:
        raise Refusal(_("설명은 3,000자까지 적을 수 있어요."), field="about")

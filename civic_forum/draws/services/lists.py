"""The list of a draw is made, and two commit to it."""

import re
from collections.abc import Sequence
from random import SystemRandom

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.ballots.rules import signing
from civic_forum.blocks import questions
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.calls import queries as calls
from civic_forum.calls.applying import queries as applying
from civic_forum.calls.judging import operations as judging
from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.rules import ApplicationState, Channel
from civic_forum.platform import keys, plain_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.question_rows import AnswerSheet, Question
from civic_forum.platform.work import Work, use_case

from .. import operations, queries
from ..events import DrawCommitted
from ..models import Draw, DrawPerson
from ..rules import filling, lots
from ..rules.lots import Built, Cell, Lot
from .holding import CONFIRMED_WITHIN, held, holding, may, signatory, standing

MOST_OBSERVERS, OBSERVER_MOST = 20, 60
EQUAL, PROPOSAL, POINTS = "같은 점수", "제안", "심사 점수"
"""Words of a definition, in whatever language the page is."""
Listed = dict[str, tuple[CallApplication, AnswerSheet | None]]
"""Identity → the application that stands for it."""


def make_list(slug: str, *, by: User) -> Draw:
    """The list of those who stand, with numbers drawn anew, until two have committed to it. Raises Conflict for one
    whose identity nobody knows."""
    with holding(slug, by) as (work, call, before):
        attempt = queries.attempts(call) + 1
        if before is not None and before.committed_at is None:
            attempt = before.attempt
            _discard(work, before)
        elif before is not None and before.ended_at is None and not (before.is_tie and before.result):
            raise Conflict(_("명단을 이미 잠갔어요."))
        draw = _listed(work, call, attempt)
        work.record("draws.listed", draw, lines=draw.counts["listed"])
        return draw


def _discard(work: Work, draw: Draw) -> None:
    for row in (*queries.people(draw.id), draw):
        work.session.delete(row)
    work.session.flush()


def _listed(work: Work, call: Call, attempt: int) -> Draw:
    judging.refuse_unseen(call)
    listed, handed_in, made = _equals(call) if call.has_scores else _applicants(call)
    numbers = SystemRandom().sample(lots.NUMBERS, len(listed))
    key_id, draw_id = keys.newest(), lots.draw_id(call.slug, attempt)
    lines = {number: (lots.mark(draw_id, number, operations.salt(call, attempt, key_id, number), identity), cell)
             for number, identity, cell in zip(numbers, listed, made.cell_of, strict=True)}
    draw = Draw(call=call, attempt=attempt, key_id=key_id, made_at=work.at, made_by_id=work.actor.id,
                cells=[cell.to_json() for cell in made.cells], lots=[lot.to_json() for lot in made.lots],
                list_text=lots.list_text(lines).decode(), observers=[], signatures={},
                counts=_counts(call, [application for application, _sheet in listed.values()], handed_in))
    work.session.add(draw)
    work.session.flush()
    work.session.add_all(DrawPerson(
        draw_id=draw.id, application_id=application.id, number_sealed=keys.seal(operations.NUMBER, str(number)))
        for number, (application, _sheet) in zip(numbers, listed.values(), strict=True))
    work.session.flush()
    return draw


def _equals(call: Call) -> tuple[Listed, int, Built]:
    """Applications with equal points, a lot for each group that puts all of it in order; who is named by receipt."""
    if not (groups := judging.equals(call)):
        raise Conflict(_("추첨할 같은 점수가 없어요. 먼저 점수대로 채워 주세요."))
    made, listed = Built([], [], [], []), Listed()
    for place, group in enumerate(groups, 1):
        name, members = f"{EQUAL} {place}", queries.of_ids(group)
        names = [f"{PROPOSAL} {each.proposal.number}" for each in members] if call.prizes else [name]
        codes = [f"c{len(made.cells) + at}" for at, _name in enumerate(names, 1)]
        made.cells.extend(Cell(each, POINTS, len(group) // len(codes), agreed=True) for each in names)
        made.lots.append(Lot(name, len(group), frozenset(codes)))
        made.cell_of.extend(codes if call.prizes else codes * len(group))
        listed |= {operations.who(each, None) or "": (each, None) for each in members}
    return listed, len(listed), made


def _applicants(call: Call) -> tuple[Listed, int, Built]:
    """All who stand, by their identity, in the lots of the call."""
    listed, handed_in = _by_identity(call)
    asked = {each.label: each for each in calls.lot_questions(call)}
    traits = operations.traits_of(call)
    people_in = [_answers(sheet, [asked[trait.name] for trait in traits]) for _application, sheet in listed.values()]
    try:
        made = lots.built(operations.seats_of(call), traits, people_in, frozenset(
            place for place, (application, _sheet) in enumerate(listed.values()) if application.few_agreed_at))
    except lots.Refused as refused:
        if refused.fault is lots.Fault.SMALL:
            raise Conflict(_("같은 답을 한 사람이 다섯 명보다 적은 칸이 있어요. 그 사람들이 신청 화면에서 동의해야 해요.")) from refused
        raise Conflict(_("추첨 차례 「%(lot)s」로는 뽑을 수 없어요.", lot=refused.lot or call.title)) from refused
    return listed, handed_in, made


def _by_identity(call: Call) -> tuple[Listed, int]:
    """Each by its identity, and the number of all. Raises Conflict for an unknown one."""
    listed = Listed()
    handed_in = unknown = 0
    for application, sheet, owner in queries.applicants(call.id):
        identity = operations.who(application, owner)
        unknown += identity is None
        if identity is not None:
            listed.setdefault(identity, (application, sheet))
        handed_in += 1
    if unknown:
        raise Conflict(_("본인 확인이 안 된 신청이 %(count)s건 있어요. 창구에서 확인하거나 빠진 것으로 적어 주세요.", count=unknown))
    if not listed:
        raise Conflict(_("추첨할 신청이 없어요."))
    return listed, handed_in


def _answers(sheet: AnswerSheet, asked: Sequence[Question]) -> dict[str, str]:
    """Question → the option that was chosen."""
    values = questions.unsealed(sheet) if asked else {}
    try:
        return {each.label: each.options[values[questions.name_of(each)]] for each in asked}
    except KeyError as missing:
        raise Conflict(_("추첨 칸을 정하는 질문에 답하지 않은 신청이 있어요.")) from missing


def _counts(call: Call, listed: Sequence[CallApplication], handed_in: int) -> dict[str, int]:
    known, lines = queries.ways({each.submission.owner_id for each in listed} - {None}), len(listed)
    by_way = [str(known[each.submission.owner_id]) if each.submission.owner_id in known
              else "desk" if each.channel is Channel.DESK else "paper" for each in listed]
    out = {"withdrawn": 0, "incomplete": 0, "not_eligible": 0} | (
        {} if call.has_scores else queries.not_listed(call.id))
    return {"handed_in": handed_in + sum(out.values()), "listed": lines, "double": handed_in - lines, **out,
            **{way: by_way.count(way) for way in ("desk", "provider", "letter", "paper")}}


def agree(slug: str, number: str, *, by: User) -> None:
    """Somebody agrees that they may be told apart in the lot of their application. Raises Conflict once it is settled
    who is in it."""
    call_id = calls.slugged(slug).id
    with use_case(by) as work:
        call = calls.locked(call_id, shared=True)
        application = applying.held(applying.owned(call, number, by).id)
        if call.listed_at or application.state is not ApplicationState.RECEIVED:
            raise Conflict(_("지금은 동의를 받지 않아요."))
        application.few_agreed_at = work.at
        work.record("draws.agreed", application)


def name_observers(slug: str, typed: str, *, by: User) -> None:
    """A public name and a key on each line, before the commit. Raises Refusal."""
    observers = []
    for line in questions.lines_of(typed):
        name, _comma, key = (plain_text.clean(each) for each in line.rpartition(","))
        if not 1 <= len(name) <= OBSERVER_MOST or not re.fullmatch("[0-9a-f]{64}", key) or not signing.is_public_key(
                bytes.fromhex(key)):
            raise Refusal(_("줄마다 이름과 공개 열쇠 64글자를 쉼표로 나눠 적어 주세요."), field="observers")
        observers.append({"name": name, "key": key})
    if len(observers) > MOST_OBSERVERS or len({each["key"] for each in observers}) < len(observers):
        raise Refusal(_("참관인은 서로 다르게 %(most)s명까지예요.", most=MOST_OBSERVERS), field="observers")
    with holding(slug, by) as (work, _call, draw):
        if draw is None or draw.committed_at is not None:
            raise Conflict(_("명단을 만든 뒤, 잠그기 전에 정해요."))
        draw.observers = observers
        work.record("draws.observers_named", draw, count=len(observers))


def _commit(work: Work, draw: Draw) -> None:
    """Fix the list and the definition, from which lottery and round of the beacon follow."""
    call = draw.call
    there = {number for group in judging.equals(call) for number in group} if draw.is_tie else {
        application.id for application, _sheet, _owner in queries.applicants(call.id)}
    listed = {each.application_id for each in queries.people(draw.id)}
    if not listed <= there or len(there) != draw.counts["listed"] + draw.counts["double"]:
        raise Conflict(_("그 사이에 신청이 달라졌어요. 명단을 다시 만들어 주세요."))
    judging.settle_list(work, call)
    before = next((each for each in queries.earlier(draw)), None)
    at = work.at.replace(microsecond=0)
    draw.definition = lots.definition(
        slug=call.slug, title=call.title, attempt=draw.attempt, before=before.commit.hex() if before else "", at=at,
        text=draw.list_text.encode(), published=operations.lots_of(draw) if draw.is_tie else lots.built(
            operations.seats_of(call), operations.traits_of(call)).lots,
        counts=draw.counts, made=operations.made_of(draw),
        observers=[(each["name"], each["key"]) for each in draw.observers]).decode()
    draw.committed_at = at
    operations.sign(draw, "commit", filling.commit_message(draw.commit, at))
    work.emit(DrawCommitted(draw.id))


def _held_open(subject: str, signers: frozenset[int]) -> Draw:
    """Raises Conflict for a draw that is committed: none is repeated under the same list."""
    draw = held(subject, signers)
    if draw.committed_at is not None:
        raise Conflict(_("명단을 이미 잠갔어요."))
    return draw


def _shown(draw: Draw) -> list[object]:
    return [draw.id, draw.list_text, draw.cells, draw.lots, draw.counts, draw.observers, str(draw.committed_at)]


COMMIT: TwoPeople[Draw] = TwoPeople(
    name="draws.commit", strength=Strength.STRICT, lasts=CONFIRMED_WITHIN, may=may, held=_held_open, shown=_shown,
    signatory=signatory, held_for=people.held_for, carry_out=_commit)


def note_letter(slug: str, application_id: int, *, by: User) -> None:
    """The number of somebody was looked at to print their letter; by whom is on record."""
    with holding(slug, by) as (work, _call, _draw):
        queries.person(standing(queries.draw_with(application_id)), application_id)
        work.record("draws.letter_printed", f"call_application:{application_id}")


def for_observers(slug: str, *, by: User) -> list[tuple[object, ...]]:
    """Receipt, number, salt, name and birthday of each line, with which observers compare the list with applications;
    who took it out is on record. Raises Conflict where no observer is named."""
    with holding(slug, by) as (work, call, last):
        draw = standing(last)
        if not draw.observers:
            raise Conflict(_("참관인을 정하지 않은 추첨이에요."))
        work.record("draws.told_observers", draw)
        return [(application.number, number, operations.salt(call, draw.attempt, draw.key_id, number).hex(),
                 *(operations.named(application, owner) or ("", "")))
                for person, application, owner in queries.listed(draw.id)
                for number in (operations.number_of(person),)]

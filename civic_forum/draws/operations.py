"""The list of a draw, its result and who leaves, inside the transaction of who holds its call."""

from collections.abc import Sequence
from datetime import date

from civic_forum.accounts.identity import Identity, opened
from civic_forum.accounts.models import User
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.rules import signing
from civic_forum.blocks import submissions
from civic_forum.calls import queries as calls
from civic_forum.calls.judging import operations as judging
from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.rules import named_options
from civic_forum.platform import keys
from civic_forum.platform.work import Work

from . import queries
from .models import Draw, DrawEntry, DrawPassed, DrawPerson
from .rules import filling, lots
from .rules.filling import Passed, Reason
from .rules.lots import Built, Cell, Lot, Quota, Seats, Trait

SALT, NUMBER, SOURCE = "draw", "draw.number", "신청서"


def seats_of(call: Call) -> list[Seats]:
    """The lots of a call as it published them."""
    question = {option: each.label for each in calls.lot_questions(call) for option in each.options}

    def who(options: Sequence[str]) -> dict[str, list[str]]:
        asked: dict[str, list[str]] = {}
        for option in options:
            asked.setdefault(question[option], []).append(option)
        return asked

    return [Seats(lot["name"], lot["places"], who(lot["who"]), tuple(
        Quota(who(group["who"]), group["least"], group["most"]) for group in lot["groups"]))
        for lot in call.lots] or [Seats(call.title, call.places or 0)]


def traits_of(call: Call) -> list[Trait]:
    """Sealed questions of which a lot or a group uses an answer."""
    named = named_options(call.lots)
    return [Trait(each.label, tuple(each.options), SOURCE) for each in calls.lot_questions(call)
            if named.intersection(each.options)]


def why_not_lots(call: Call) -> str | None:
    """Name of a lot that nobody could draw by."""
    try:
        lots.built(seats_of(call), traits_of(call))
    except lots.Refused as refused:
        return refused.lot
    return None


def named(application: CallApplication, owner: User | None) -> tuple[str, str] | None:
    """NAME and BIRTHDAY of verifier/DRAW.md to which a line is bound: of a group its name and its representative; among
    equal points the receipt number alone. None where nobody is verified."""
    if application.call.has_scores:
        return application.number, ""
    if owner is not None and owner.person is not None:
        person = opened(owner.person)
    elif (contact := submissions.contact(application.submission)) and contact.count("\n") >= 2:
        name, born, _telephone = contact.split("\n", 2)
        person = Identity(name, date.fromisoformat(born))
    else:
        return None
    return " / ".join(filter(None, (application.group_name, person.name))), person.birth_date.isoformat()


def who(application: CallApplication, owner: User | None) -> str | None:
    """The same as it is hashed."""
    if (known := named(application, owner)) is None:
        return None
    return "\n".join([*map(lots.folded, known[0].rsplit(" / ", 1)), known[1]])


def salt(call: Call, attempt: int, key_id: int, number: int) -> bytes:
    return keys.keyed_hash(SALT, lots.draw_id(call.slug, attempt) + lots.four(number), key_id)[:16]


def number_of(person: DrawPerson) -> int:
    return int(keys.unseal(NUMBER, person.number_sealed))


def lots_of(draw: Draw) -> list[Lot]:
    return [Lot.read(lot) for lot in draw.lots]


def made_of(draw: Draw) -> Built:
    return Built(lots_of(draw), [Cell(**cell) for cell in draw.cells], [], [])


def sign(draw: Draw, name: str, message: bytes) -> str:
    """Keep the signature of the site under this name too."""
    key, signature = signing.signed(keyring.signing_seed(make_first=True), message)
    draw.signatures = draw.signatures | {"key": key.hex(), name: signature.hex()}
    return signature.hex()


def seed_of(draw: Draw, entry: DrawEntry) -> bytes:
    return filling.seed(draw.commit, entry.figures.encode(), bytes.fromhex(entry.signature))


def entries_of(draw: Draw) -> list[Passed]:
    return [Passed(each.number, each.reason, each.at, each.restored_at) for each in queries.passed(draw.id)]


def follow(work: Work, draw: Draw) -> None:
    """Write the result of the values on which two agree, without those who are passed over, and carry it into the call.
    Nothing where the values are not known."""
    if (entry := queries.values(draw.id)) is None or draw.ended_at:
        return
    entries, seed, call = entries_of(draw), seed_of(draw, entry), draw.call
    numbers = filling.result(lots_of(draw), draw.cell_of, seed, entries, draw.lottery)
    result = filling.result_json(lots_of(draw), numbers)
    draw.result, draw.drawn_at = result.decode(), draw.drawn_at or work.at
    sign(draw, "result", filling.result_message(draw.commit, seed, result, len(entries)))
    by_number = {number_of(person): person.application_id for person in queries.people(draw.id)}
    if draw.is_tie:
        if call.decided_at is None:
            judging.order_equals(work, call, {by_number[number]: place for own in numbers
                                              for place, number in enumerate(own, 1)})
        return
    chosen = {by_number[number] for own in numbers for number in own}
    if call.decided_at is None:
        judging.place_by_lot(work, call, chosen)
        return
    for application in queries.to_change(by_number.values(), chosen):
        judging.move_by_lot(work, application)


def pass_over(work: Work, draw: Draw, person: DrawPerson, reason: Reason) -> None:
    """Note in public that this number makes room, signed behind the entry before; the result follows. Nothing where
    that is done."""
    number, before, person.leaving = number_of(person), entries_of(draw), None
    if any(each.number == number and each.restored is None for each in before):
        return
    entries = [*before, Passed(number, reason, work.at.replace(microsecond=0))]
    *_earlier, message = filling.passed_messages(draw.commit, entries)
    position = len(entries)
    work.session.add(DrawPassed(draw_id=draw.id, position=position, number=number, reason=reason, at=entries[-1].at,
                                signature=sign(draw, "passed", message)))
    work.record("draws.passed", draw, position=position, reason=str(reason))
    work.session.flush()
    follow(work, draw)


def restore(work: Work, draw: Draw, entry: DrawPassed) -> None:
    """Note in public that this number comes back, signed; it comes in first when a place is free."""
    at = work.at.replace(microsecond=0)
    entry.restored_at = at
    known = Passed(entry.number, entry.reason, entry.at)
    entry.restored_signature = sign(draw, "restored", filling.restored_message(draw.commit, entry.position, known, at))
    work.record("draws.restored", draw, position=entry.position)
    work.session.flush()
    follow(work, draw)

"""Opening, rehearsing and setting back a vote, inside the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes

import sqlalchemy as sa
from flask import current_app

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.platform.base import db, store
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import Language, _, speaking
from civic_forum.platform.plain_text import clean
from civic_forum.platform.work import Work

from . import queries as boxes
from . import server_settings
from .box import additions_file, definition, ledger_file, locking
from .box.closing import DrawKind
from .box.sealing import BOX_BYTES, roll_leaf, roll_root
from .box.watching import announce, decided_by
from .keys import keyring
from .models import BallotBox, Confirmation, EarlierResult, Head
from .observing import queries as observed
from .observing import sample as sample_observers
from .observing.rules import observers_of, why_not
from .officers import queries as officers
from .officials import queries as before_opening
from .published import heads
from .record.outcomes import WinnersKind
from .rolls import queries as rolls
from .rules.boxes import BoxStage, ConfirmedAction, stage_of
from .rules.choices import BoxRule
from .rules.log import Canonical, FORMAT, canonical_json, parse_canonical
from .rules.signing import HeadKind

OF_THE_BOX = ("format", "id", "rehearsal", "key_sha256", "roll")
USUAL = {"officers": [], "observers": [], "signatures": 0}
"""Parts that a vote is opened with where its own say nothing else."""
NAMED = ("observers", "officers", "signatures")
"""Of people named for a vote before its opening: whatever else changes until then, they stay."""
FROZEN = ("subject", "rehearsal", "rule", "definition", "fingerprint", "key_sha256", "roll_id", "publishes", "opens_at",
          "closes_at", "paper_until")
"""Of an opened box these never change."""
ONCE = ("opened_at", "closed_at", "finished_at", "tied_at", "counted_at", "recorded_at", "erased_at",
        "key_destroyed_at", "published_at", "result", "result_signature", "public_sha256", "observers_sha256")
"""These are set once, and never unset, whatever the clock does; setting a vote back alone takes back its count."""


class Frozen(Exception):
    """Something in the site tried to change an opened box: a fault of ours, never of a person."""


@sa.event.listens_for(BallotBox, "before_update")
def _keep_what_was_opened(_mapper, _connection, box: BallotBox) -> None:
    """The last guard, after every service has refused already."""
    seen = sa.inspect(box).attrs
    opened_before = "opened_at" not in {name for name in ONCE if seen[name].history.added} and box.opened_at is not None
    for name in FROZEN:
        if opened_before and seen[name].history.has_changes():
            raise Frozen(f"{name} of an opened box")
    for name in ONCE:
        if any(before is not None for before in seen[name].history.deleted or ()):
            raise Frozen(f"{name} is set once")


def prepare_box(session, subject: str, parts: Mapping[str, Canonical], *, roll_id: int | None,
                at: datetime, rehearsal: bool = False) -> BallotBox:
    """A new box with its key K. `parts` is all that the fingerprint covers but what belongs to the box itself. Needed
    are subject_title, question, description, rule, options, eligibility (with `roll`, the rule of the roll), opens_at,
    closes_at, binding, publishes; paper_until and quorum where there are any; others may stand beside them. K is made
    before the row, so that no row ever lacks it. Raises Refusal for parts that make no vote."""
    locking.hold_signing()
    box = BallotBox(id=token_bytes(BOX_BYTES), subject=subject, rehearsal=rehearsal, created_at=at, roll_id=roll_id)
    box.key_sha256 = keyring.make(box.id)
    _define(box, parts)
    return store(session, box)


def refresh(box: BallotBox, parts: Mapping[str, Canonical], *, roll_id: int | None) -> None:
    """Take over what changed before the opening; confirmations of what stood before are void by it. Afterwards nothing
    of a box changes: Conflict."""
    if box.opened_at is not None:
        raise Conflict(_("투표가 시작된 뒤에는 내용을 바꿀 수 없어요. 바로잡을 것이 있으면 알림을 올려 주세요."))
    box.roll_id = roll_id
    _define(box, parts)


def defined(box: BallotBox, parts: Mapping[str, Canonical]) -> bytes:
    """The canonical definition of this box: format, id, rehearsal, key and roll beside the parts."""
    of_the_box = {"format": box.format if box.definition else FORMAT, "id": box.id.hex(),
                  "rehearsal": int(box.rehearsal), "key_sha256": box.key_sha256.hex(), "roll": _roll(box, parts)}
    return canonical_json(_usual(parts) | _named_before(box) | dict(parts) | of_the_box)


def _usual(parts: Mapping[str, Canonical]) -> dict[str, Canonical]:
    """In a marked sample invented observers watch every vote, and its officers run it, where nobody else was named."""
    watched = {} if not current_app.config["SAMPLE"] else {
        "observers": [{"name": observer.name, "key": observer.key.hex()} for observer in sample_observers.OBSERVERS],
        "signatures": sample_observers.SIGNATURES, "officers": officers.usual()}
    return USUAL | watched | ({} if "budget" in parts else {"winners": {"kind": WinnersKind.NONE.value}})


def _named_before(box: BallotBox) -> dict[str, Canonical]:
    written = parts_of(box) if box.definition else {}
    return {name: written[name] for name in NAMED if name in written}


def _roll(box: BallotBox, parts: Mapping[str, Canonical]) -> dict[str, Canonical]:
    """Size and root of the roll as it stands now: of an opened box, as it stood at the opening."""
    leaves = [roll_leaf(box.id, salt, person) for person, salt in rolls.salted(box.roll_id, box.opened_at)]
    grows = box.roll_id is not None and rolls.rule_of(rolls.roll(box.roll_id)).grows
    return {"grows": int(grows), "root": roll_root(leaves).hex(), "rule": parts["eligibility"].get("roll", {}),
            "size": len(leaves)}


def follow_roll(roll_id: int) -> None:
    """Before the opening every change of a roll changes the boxes that it is of; what was confirmed is void by it."""
    for box in rolls.boxes_of(roll_id):
        if box.opened_at is None:
            _define(box, parts_of(box))


def parts_of(box: BallotBox) -> dict[str, Canonical]:
    """Parts that the box was defined with, as `prepare_box` takes it."""
    written = parse_canonical(box.definition.encode())
    return {name: value for name, value in written.items() if name not in OF_THE_BOX}


def is_defined_by(box: BallotBox, parts: Mapping[str, Canonical]) -> bool:
    """True if these parts are those that the box was defined with."""
    return _usual(parts) | _named_before(box) | dict(parts) == parts_of(box)


def _define(box: BallotBox, parts: Mapping[str, Canonical]) -> None:
    try:
        written = defined(box, parts)
        columns = definition.columns(written.decode())
        options = BoxRule.from_json(parts["rule"]).options
        numbers = [option["number"] for option in parts["options"]]
    except (KeyError, TypeError, ValueError) as wrong:
        raise Refusal(_("투표의 내용이 맞지 않아요. 항목과 시간을 다시 확인해 주세요.")) from wrong
    opens_at, closes_at, paper_until = columns["opens_at"], columns["closes_at"], columns["paper_until"]
    if numbers != list(range(1, options + 1)) or parts["publishes"] not in ("totals", "ballots"):
        raise Refusal(_("투표의 내용이 맞지 않아요. 항목과 시간을 다시 확인해 주세요."))
    if opens_at >= closes_at or (paper_until is not None and paper_until < closes_at):
        raise Refusal(_("투표가 끝나는 때는 시작하는 때보다, 종이 투표를 받는 마지막 때는 끝나는 때보다 늦어야 해요."))
    for name, value in columns.items():
        setattr(box, name, value)


def why_not_open(box: BallotBox, now: datetime) -> str | None:
    """Reason that keeps a box from being opened now: the first one, or None. `now` by the database's clock."""
    parts = parts_of(box)
    if stage_of(box, now) is not BoxStage.PREPARING:
        return _("이미 열린 투표예요.")
    if not clean(str(parts.get("binding", ""))):
        return _("결과를 어떻게 반영하는지 적어야 열 수 있어요.")
    if now >= box.closes_at:
        return _("끝나는 때가 이미 지났어요. 투표 기간을 고쳐 주세요.")
    if why_not(observers_of(parts), parts["signatures"], box.publishes, rehearsal=box.rehearsal):
        return _("참관인을 먼저 정해 주세요. 합계만 공개하는 투표에는 참관인이 두 명은 있고, 그 가운데 서명해야 하는 수가 정해져 있어야 해요.")
    if reason := officers.why_not_open(box, parts) or _why_not_this_roll(box, parts, now):
        return reason
    if not keyring.is_there(box.id) or keyring.key_sha256(box.id) != box.key_sha256:
        return _("투표함의 열쇠가 열쇠 보관함에 없어요. 복사본을 되돌려 놓은 뒤에 다시 해 주세요.")
    if wrong := server_settings.keeps_an_order():
        return _("데이터베이스가 쓴 순서를 남기고 있어서 열 수 없어요: %(wrong)s", wrong=wrong)
    return before_opening.why_not(box)


def _why_not_this_roll(box: BallotBox, parts: Mapping, now: datetime) -> str | None:
    roll = box.roll
    if roll is None or roll.fixed_at is None:
        return _("투표인 명부를 먼저 확정해 주세요.")
    if not box.rehearsal and parts["eligibility"].get("roll") != rolls.rule_of(roll).to_json():
        return _("투표인 명부가 이 투표의 기준과 달라요. 명부를 다시 만들어 주세요.")
    if boxes.grows(box) and any(other.opened_at for other in rolls.boxes_of(roll.id)):
        return _("투표인 명부가 이 투표의 기준과 달라요. 명부를 다시 만들어 주세요.")  # additions are of one box
    return None if box.rehearsal else why_too_few(rolls.size(roll.id, now))


def why_too_few(entries: int) -> str | None:
    """Reason that keeps a vote of so many people from being opened."""
    if entries < (least := current_app.config["LEAST_ELECTORATE"]):
        return _("명부에 %(least)s명은 있어야 열 수 있어요. 몇 사람뿐이면 결과에서 누가 무엇을 골랐는지 알 수 있어요.", least=least)
    return None


def open_box(box: BallotBox, *, at: datetime) -> Head:
    """Open a box whose row the caller holds, and sign its first head; ballots are taken from `opens_at` on. `at` is the
    database's clock. After the commit, and before the head is shown, the caller calls `heads.keep`. Raises Conflict
    with the reason why not."""
    locking.hold_signing()
    if reason := why_not_open(box, at):
        raise Conflict(reason)
    if defined(box, parts_of(box)).decode() != box.definition:
        raise Conflict(_("투표인 명부가 이 투표의 기준과 달라요. 명부를 다시 만들어 주세요."))
    ledger_file.make(box.id)
    if boxes.grows(box):
        additions_file.make(box.id)
    box.opened_at = at
    return heads.sign(box, HeadKind.OPENING, [], at)


MOST_HOURS = 72
MOST_PEOPLE = 200
DRAW = DrawKind.DICE
"""Few ballots are often a tie, and nobody waits for the lottery of a Saturday to rehearse the count."""


def check_hours(hours: int) -> None:
    """Raises Refusal at `hours`."""
    if not 1 <= hours <= MOST_HOURS:
        raise Refusal(_("1시간에서 %(most)s시간 사이로 적어 주세요.", most=MOST_HOURS), field="hours")


def invited(names, by: User) -> list[User]:
    """The people of these sign-in names and whoever starts it. Raises Refusal naming somebody who is not there."""
    people = {by.id: by}
    for name in names:
        user = users.by_name(name)
        if user is None or not user.is_active:
            raise Refusal(_("%(name)s라는 로그인 이름이 없어요.", name=name), field="names")
        people[user.id] = user
    if len(people) > MOST_PEOPLE:
        raise Refusal(_("예행연습에는 %(most)s명까지 함께할 수 있어요.", most=MOST_PEOPLE), field="names")
    return list(people.values())


COUNTED = ("tied_at", "counted_at", "result", "result_signature", "public_sha256", "observers_sha256", "recorded_at")
"""Columns of a box that its count and its record have set."""


def set_back(work: Work, box: BallotBox, reason: str) -> EarlierResult:
    """Keep what was signed and make the box, whose lock the caller holds, one that nobody has counted; everybody reads
    the reason and the digest of the result. What was proposed on its record is void."""
    kept = work.store(EarlierResult(
        box_id=box.id, number=len(observed.earlier(box.id)) + 1, result=box.result,
        result_signature=box.result_signature, public_sha256=box.public_sha256,
        observers_sha256=box.observers_sha256, counted_at=box.counted_at, set_back_at=work.at))
    table = BallotBox.__table__  # as its table alone: no use of the model unsets any of these
    work.session.execute(sa.update(table).where(table.c.id == box.id).values(dict.fromkeys(COUNTED)))
    db.session.refresh(box)
    work.session.execute(sa.update(Confirmation).values(ended_at=work.at).where(
        Confirmation.box_id == box.id, Confirmation.ended_at.is_(None),
        Confirmation.action == ConfirmedAction.DESTROY_KEY))
    with speaking(Language.KO):  # for everybody, whatever language the page of the official is in
        announce(work, box.subject, kind="notice", title=_("세기 전으로 되돌렸어요"), text=_(
            "센 결과를 공개하기 전에 되돌리고 다시 세기로 했어요. %(decided)s 이유: %(reason)s 되돌린 결과의 확인값: %(digest)s",
            decided=decided_by(box), reason=reason, digest=sha256(kept.result.encode()).hexdigest()))
    return kept

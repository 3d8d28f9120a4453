"""Whether a receipt is what it says: what was checked, one plain sentence each."""

import json
from dataclasses import dataclass, field
from enum import StrEnum

from civic_forum.kernel.errors import Refusal, Unavailable
from civic_forum.kernel.i18n import _, moment

from . import heads, keyring
from .models import BallotBox
from .queries import log, receipts
from .rules.log import EntryType
from .rules.receipts import Receipt

MOST = 64 * 1024
"""Characters of a receipt with its proof; the longest proof has 64 hashes."""


class Outcome(StrEnum):
    RIGHT = "ok"
    WAITS = "wait"
    WRONG = "no"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    outcome: Outcome
    what: str
    says: str


@dataclass
class Checked:
    """A receipt and what was found of it."""

    receipt: Receipt
    box: BallotBox | None = None
    number: int | None = None
    """In the public log, counted from 0."""
    is_missing: bool = False
    """The log is closed, and it is not in it."""
    checks: list[Check] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """As good as the worst check."""
        found = {check.outcome for check in self.checks}
        return next(one for one in (Outcome.WRONG, Outcome.WAITS, Outcome.RIGHT) if one in found)

    @property
    def is_evidence(self) -> bool:
        """The site promised in writing what the closed log does not hold: nothing is wrong but that."""
        wrong = [check for check in self.checks if check.outcome is Outcome.WRONG]
        return self.is_missing and len(wrong) == 1

    def add(self, outcome: Outcome, what: str, says: str) -> None:
        self.checks.append(Check(outcome, what, says))


def read(text: str) -> Receipt:
    """The receipt in a file. Raises Refusal with what to do."""
    if not text.strip():
        raise Refusal(_("확인증 파일을 고르거나 파일의 내용을 붙여 넣어 주세요."), field="receipt")
    try:
        return Receipt.from_json(json.loads(text[:MOST]))
    except (ValueError, RecursionError) as wrong:
        raise Refusal(_("투표 확인증 파일이 아니거나 글자가 바뀌었어요. 저장한 파일을 그대로 올리거나, "
                        "처음부터 끝까지 빠짐없이 붙여 넣어 주세요."), field="receipt") from wrong


def check(receipt: Receipt) -> Checked:
    """Signature, signer, box and, after the close, the public log. The caller has closed what was due."""
    checked = Checked(receipt)
    _signature(checked)
    _signer(checked)
    _box(checked)
    if checked.box is not None:
        _log(checked, checked.box)
    return checked


def _signature(checked: Checked) -> None:
    what = _("서명")
    if checked.receipt.holds():
        checked.add(Outcome.RIGHT, what, _("확인증에 적힌 열쇠로 한 서명이 맞아요."))
    else:
        checked.add(Outcome.WRONG, what, _("서명이 맞지 않아요. 확인증의 글자가 바뀌었거나 이 누리집이 준 것이 아니에요."))


def _signer(checked: Checked) -> None:
    what = _("서명한 열쇠")
    if checked.receipt.public_key in _own_keys(checked.receipt):
        checked.add(Outcome.RIGHT, what, _("이 누리집의 열쇠예요."))
    else:
        checked.add(Outcome.WRONG, what, _("이 누리집의 열쇠가 아니에요. 다른 곳에서 만든 확인증이에요."))


def _own_keys(receipt: Receipt) -> set[bytes]:
    """That of today, and those that signed the log of this vote."""
    box = receipts.box_of(receipt.fingerprint)
    signed = {head.public_key for head in heads.of_box(box.id)} if box else set()
    try:
        return signed | {keyring.public_key()}
    except Unavailable:  # before the first vote, or lost: then the heads alone say it
        return signed


def _box(checked: Checked) -> None:
    checked.box = receipts.box_of(checked.receipt.fingerprint)
    what = _("투표함")
    if checked.box is None:
        checked.add(Outcome.WRONG, what, _("이 누리집에 그런 투표함이 없어요. 다른 누리집의 확인증인지 확인해 주세요."))
    else:
        checked.add(Outcome.RIGHT, what, _("이 누리집의 투표함이에요."))


def _log(checked: Checked, box: BallotBox) -> None:
    what = _("공개 기록부")
    if box.closed_at is None:
        checked.add(Outcome.WAITS, what, _("%(moment)s에 마감하면 모든 투표지가 한꺼번에 기록부에 올라요. 그 뒤에 다시 확인해 주세요.",
                                           moment=moment(box.closes_at)))
        return
    found = log.by_hash(box.fingerprint, checked.receipt.leaf)
    if found is None or found.type != EntryType.BALLOT:
        checked.is_missing = True
        checked.add(Outcome.WRONG, what, _("기록부에 이 투표지가 없어요. 서명이 맞는데도 없다면 이 확인증이 증거예요. "
                                           "잘 간직하고 구청과 참관인에게 알려 주세요."))
        return
    checked.number = found.number
    checked.add(Outcome.RIGHT, what, _("%(number)s번으로 기록부에 있어요.", number=f"{found.number + 1:,}"))

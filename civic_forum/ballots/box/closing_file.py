"""The file `<keys>/<box>.closing` of a closing: written before the commit of the closing head, sealed for its root."""

from pathlib import Path

from civic_forum.platform.errors import Refusal, Unavailable
from civic_forum.platform.i18n import _

from .. import queries as boxes
from ..keys import keyring
from ..published import heads
from .sealing import BoxKeys, Damaged
from ..models import BallotBox
from ..rules.signing import HeadKind
from . import closing
from .closing import Box, Closing

SUFFIX = ".closing"


def box_of(ballot_box: BallotBox, keys: BoxKeys) -> Box:
    """A box as its closing knows it."""
    return Box(ballot_box.id, ballot_box.fingerprint, boxes.rule_of(ballot_box), keys)


def write(box: Box, frozen: Closing) -> None:
    """Synced when it returns; a file that is there is of a closing that never came about. Raises Unavailable."""
    keyring.write_file(_path(box.id), closing.seal_closing(box, frozen))


def read(ballot_box: BallotBox) -> Closing:
    """The closing that the head of this box was signed for. Raises Unavailable for a file of another root, or none."""
    head = next((head for head in heads.of_box(ballot_box.id) if head.number == HeadKind.CLOSING.number), None)
    return of_root(ballot_box, head.root if head else b"")


def of_root(ballot_box: BallotBox, root: bytes) -> Closing:
    """The closing that a head with this root was signed for. Raises Unavailable."""
    box = box_of(ballot_box, keyring.box_keys(ballot_box.id, ballot_box.key_sha256))
    try:
        return closing.open_closing(box, _path(ballot_box.id).read_bytes(), root)
    except (OSError, Damaged) as trouble:
        raise Unavailable(_("마감할 때 적은 파일(%(name)s)이 없거나 달라요. 복사본을 되돌려 놓은 뒤에 다시 해 주세요.",
                            name=_path(ballot_box.id).name)) from trouble


def is_there(box_id: bytes, fingerprint: bytes, root: bytes) -> bool:
    """True if it opens as that of this root; asks no database."""
    try:
        closing.opened(keyring.box_keys(box_id), fingerprint, _path(box_id).read_bytes(), root)
    except (OSError, Damaged, Refusal):
        return False
    return True


def delete(box_id: bytes) -> None:
    """Delete it when the box is emptied; doing it again does nothing."""
    keyring.delete_file(_path(box_id))


def _path(box_id: bytes) -> Path:
    return keyring.beside_keys(box_id, SUFFIX)

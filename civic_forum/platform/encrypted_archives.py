"""Archives that only who holds a private key can open: plain files in a tar, encrypted by age (age-encryption.org/v1).

`age --decrypt --identity FILE ARCHIVE | tar --extract` opens them as well.
"""

import re
import shutil
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from pyrage import DecryptError, IdentityError, decrypt_file, encrypt_io
from pyrage.x25519 import Identity, Recipient

from . import clock
from .errors import Invalid, Unavailable

PIECE = 1 << 16
"""Bytes that are in memory at once."""
NAME = re.compile(r"(?!\.)[\w.-]+(/(?!\.)[\w.-]+)*", re.ASCII)
"""Names of members: neither absolute nor hidden, and never a step up."""
_DAMAGED = "The encrypted archive is damaged, or it is none."


def new_identity() -> tuple[str, str]:
    """The file of a new private key, as age-keygen writes it, and its public key."""
    identity = Identity.generate()
    public = str(identity.to_public())
    return f"# created: {clock.now().isoformat(timespec='seconds')}\n# public key: {public}\n{identity}\n", public


def identities(file: bytes) -> list[Identity]:
    """The private keys of such a file. Raises Invalid where there is none, or something else."""
    lines = [line.strip() for line in file.decode("utf-8", "replace").splitlines()]
    try:
        keys = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except IdentityError:
        keys = []
    if not keys:
        raise Invalid("There is no private key of age in the identity file. One that is locked by a passphrase is "
                      "opened first: age --decrypt FILE | … --identity -")
    return keys


def write(file: BinaryIO, recipients: Sequence[str], members: Iterable[tuple[str, BinaryIO]]) -> None:
    """Write what `members` gives (name, open file), each read before the next one is asked for; raises what it raises,
    and OSError."""
    source = _Source(_tar(members))
    try:
        encrypt_io(source, file, [Recipient.from_str(recipient) for recipient in recipients])
    except Exception as trouble:
        raise source.trouble or OSError(str(trouble)) from trouble


class _Source:
    """A file to read from, made of pieces; it keeps what the pieces raised, of which age would keep the words alone."""

    def __init__(self, pieces: Iterator[bytes]):
        self._pieces, self._left = pieces, b""
        self.trouble: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._left:
                self._left = next(self._pieces)
        except StopIteration:
            return b""
        except BaseException as trouble:
            self.trouble = trouble
            raise
        piece, self._left = self._left[:size], self._left[size:]
        return piece


def _tar(members: Iterable[tuple[str, BinaryIO]]) -> Iterator[bytes]:
    for name, file in members:
        member = tarfile.TarInfo(name)
        member.size, member.mode = file.seek(0, 2), 0o600
        file.seek(0)
        header = member.tobuf(tarfile.GNU_FORMAT)
        if len(header) != tarfile.BLOCKSIZE or not NAME.fullmatch(name):
            raise Invalid(f"{name} cannot be the name of a file in a backup.")
        yield header
        left = member.size
        while left:
            piece = file.read(min(PIECE, left))
            if not piece:
                raise OSError(f"{name} became shorter while it was read")
            left -= len(piece)
            yield piece
        yield bytes(-member.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


def extract(archive: Path, keys: Sequence[Identity], folder: Path) -> None:
    """Put the files of an archive into an empty folder, once all of it is decrypted and authentic.

    Raises Invalid for another's, a damaged or a cut archive and for members that this module does not write,
    Unavailable where the disk is full.
    """
    plain = folder / ".tar"
    _decrypt(archive, plain, keys)
    try:
        with tarfile.open(plain, "r:", tarinfo=_Member) as tar:
            for member in tar:
                _put(tar, member, folder)
    except (tarfile.TarError, FileExistsError, NotADirectoryError) as wrong:
        raise Invalid(_DAMAGED) from wrong
    plain.unlink()


def _decrypt(archive: Path, plain: Path, keys: Sequence[Identity]) -> None:
    try:
        decrypt_file(str(archive), str(plain), keys)
    except DecryptError as wrong:
        if str(wrong) == "No matching keys found":
            raise Invalid("This identity does not open the backup: it was encrypted for others.") from wrong
        raise Invalid(_DAMAGED) from wrong
    except OSError as wrong:
        if str(wrong) == "decryption error":
            raise Invalid(_DAMAGED) from wrong
        raise Unavailable(f"The backup was not decrypted: {wrong}.") from wrong


class _Member(tarfile.TarInfo):
    """A plain file; anything else is refused by its header, before what follows it is read into memory.

    Links, devices and headers that may be as long as they say are so never made. Names are judged here and not by
    tarfile's filters, which Debian 12 does not have.
    """

    @classmethod
    def frombuf(cls, buf: bytes, encoding: str, errors: str) -> "_Member":
        member = super().frombuf(buf, encoding, errors)
        if member.type != tarfile.REGTYPE or not NAME.fullmatch(member.name):
            raise Invalid(f"There is something in the encrypted archive that no backup holds: {member.name!a}.")
        return member


def _put(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    path = folder / member.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "xb") as file:
        shutil.copyfileobj(tar.extractfile(member), file, PIECE)

"""A virus scanner that is asked about every file as it was sent: clamd, by its command INSTREAM."""

import logging
import socket
import struct
from urllib.parse import urlsplit

from flask import current_app

from civic_forum.platform.errors import Unavailable
from civic_forum.platform.i18n import _

log = logging.getLogger(__name__)
PATIENCE_S = 20
AGAIN_S = 60
PIECE = 128 * 1024
LONGEST_ANSWER = 1000


def found_in(data: bytes) -> str | None:
    """The name of what the scanner found in these bytes; None where it found nothing, or where there is no scanner.

    Raises Unavailable where it does not answer: what was not looked at is not taken.
    """
    address = current_app.config["CLAMD"]
    if not address:
        return None
    try:
        reply = _asked(address, data)
    except OSError as trouble:
        log.error("scanner: %s", type(trouble).__name__)
        raise _away() from trouble
    words = reply.removeprefix("stream: ")
    if words == "OK":
        return None
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")
    log.error("scanner: an answer that says nothing")
    raise _away()


def _asked(address: str, data: bytes) -> str:
    with _connected(address) as line:
        line.sendall(b"zINSTREAM\0")
        for at in range(0, len(data), PIECE):
            piece = data[at: at + PIECE]
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
            answer += more
    return answer.decode("utf-8", "replace").removesuffix("\0") if answer.endswith(b"\0") else ""


def _connected(address: str) -> socket.socket:
    where = urlsplit(address)
    if where.scheme == "tcp":
        return socket.create_connection((where.hostname, where.port or 3310), PATIENCE_S)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(PATIENCE_S)
    try:
        line.connect(where.path)
    except OSError:
        line.close()
        raise
    return line


def _away() -> Unavailable:
    return Unavailable(_("지금은 파일을 검사할 수 없어서 받지 못해요. 저장되지 않았으니 잠시 뒤에 다시 올려 주세요."),
                       retry_after=AGAIN_S)

"""What a published vote gives to take home: the record, the heads, proofs, the signed result.

The features whose votes they are have the routes, below the address that `subjects.Subject.url` gives; `name` is what
the files are called after.
"""

import json

from flask import Response, request, send_file

from civic_forum.kernel.errors import Invalid, NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import visitor

from .. import records
from ..models import BallotBox
from ..policy.observers import may_observe
from ..queries import log
from ..services import closing

LONGEST_SIZE = 12
"""Digits of a size that anybody can mean."""
SANDBOX = "sandbox; default-src 'none'"


def record(box: BallotBox | None, name: str) -> Response:
    box = published(box)
    return _zip(box, records.public(box), box.public_sha256, f"{name}-record.zip")


def observers_record(box: BallotBox | None, name: str) -> Response:
    require(visitor(), may_observe, box)
    box = published(box)
    answer = _zip(box, records.observers(box), box.observers_sha256, f"{name}-observers.zip")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def heads(box: BallotBox | None, name: str) -> Response:
    """Public from the opening on: whoever keeps a head holds the site to it."""
    return _json(log.heads_json(opened(box).id), f"{name}-heads")


def inclusion(box: BallotBox | None, name: str, number: int) -> Response:
    """Whoever asks for one number may well be whose ballot it is: the route leaves no trace."""
    answer = _json(log.inclusion(opened(box).id, number), f"{name}-proof-{number}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def consistency(box: BallotBox | None, name: str) -> Response:
    old, new = _size("old"), _size("new")
    return _json(log.consistency(opened(box).id, old, new), f"{name}-consistency-{old}-{new}")


def result_json(box: BallotBox | None, name: str) -> Response:
    """The very bytes that are signed in the record."""
    return file(published(box).result, "application/json", f"{name}-result.json")


def opened(box: BallotBox | None) -> BallotBox:
    """A box that was opened, closed first when its time is over. Raises NotFound."""
    if box is None or box.opened_at is None:
        raise NotFound(_("아직 열리지 않은 투표예요. 담당자 두 명이 열면 첫 기록 확인값이 생겨요."))
    closing.close_if_due(box.id)
    return box


def published(box: BallotBox | None) -> BallotBox:
    """Raises NotFound before the publication."""
    if box is None or box.published_at is None:
        raise NotFound(_("아직 결과를 공개하지 않은 투표예요. 공개하면 이 주소에서 내려받을 수 있어요."))
    return box


def file(text: str, media_type: str, name: str) -> Response:
    """A text as a download that a browser keeps until it changes."""
    answer = Response(text, mimetype=media_type)
    how = "attachment" if media_type == "text/csv" else "inline"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def _size(name: str) -> int:
    given = request.args.get(name, "")
    if not (given.isascii() and given.isdecimal() and len(given) <= LONGEST_SIZE):
        raise Invalid(_("old와 new에 공개 기록부의 크기를 숫자로 적어 주세요."))
    return int(given)


def _zip(box: BallotBox, path, sha256: bytes, name: str) -> Response:
    if not path.exists():
        raise NotFound(_("기록 파일을 찾을 수 없어요. 구청에 알려 주세요."))
    answer = send_file(path, mimetype="application/zip", as_attachment=True, download_name=name, etag=sha256.hex(),
                       conditional=True, last_modified=box.published_at)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer


def _json(value: object, name: str) -> Response:
    return file(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "application/json", f"{name}.json")

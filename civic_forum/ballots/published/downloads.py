"""Files of a published vote to take home: the record, the heads, proofs, the signed result. The features whose votes
they are mount them below the address that the kind gives; `name` is what files are called after.
"""

import json
from collections.abc import Callable
from zipfile import BadZipFile

from flask import Blueprint, Response, request, send_file

from civic_forum.platform import plain_text, storage
from civic_forum.platform.errors import Invalid, NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_address, never_cached, unlogged, visitor

from ..box import acts_file
from ..counting import closing
from ..counting import queries as tallies
from ..models import BallotBox
from ..observing import queries as observed
from ..officials import confirmed
from ..policy import may_observe
from ..record.editions import count_json, live_txt
from ..rules.log import KEPT_FORMAT
from ..rules.signing import HeadKind
from . import queries, records
from . import heads as heads_of_log

HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "public, no-cache"}


def record(box: BallotBox | None, name: str) -> Response:
    box = published(box)
    return _zip(box, records.public(box), box.public_sha256, f"{name}-record.zip")


def observers_record(box: BallotBox | None, name: str) -> Response:
    """From the moment on that it is written: observers recount it before anything is published."""
    require(visitor(), may_observe, box)
    if box is None or box.recorded_at is None:
        raise _unwritten()
    answer = _zip(box, records.observers(box), box.observers_sha256, f"{name}-observers.zip")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def officials_record(box: BallotBox, *, observers: bool = False) -> Response:
    """Either edition for those who run the vote, from the moment on that it is written: a copy to keep."""
    if box.recorded_at is None:
        raise _unwritten()
    edition = ("observers", records.observers(box), box.observers_sha256) if observers else (
        "record", records.public(box), box.public_sha256)
    name, path, digest = edition
    answer = _zip(box, path, digest, f"{box.id.hex()[:8]}-{name}.zip")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def heads(box: BallotBox | None, name: str) -> Response:
    """Public from the opening on: whoever keeps a head holds the site to it."""
    return _json(queries.heads_json(opened(box).id), f"{name}-heads")


def counts(box: BallotBox | None, name: str) -> Response:
    """Signed counts of voters so far: whoever keeps them sees when one falls."""
    box = opened(box)
    seed = heads_of_log.seed_of(box.id)
    counts = tallies.counts_of(box.id)
    return _json([count_json(seed, box.fingerprint, count.number, count.at, count.voters, count.additions,
                             count.additions_root, acts=acts)
                  for count, acts in zip(counts, acts_file.of(box, [count.number for count in counts]), strict=True)],
                 f"{name}-counts")


def live(box: BallotBox | None, name: str) -> Response:
    """Tokens of the ballots that count, as the closing head was signed for them."""
    box = opened(box)
    head = heads_of_log.newest(box.id)
    if head is None or head.number < HeadKind.CLOSING.number:
        raise NotFound(_("마감하면 세는 표의 목록이 생겨요. 그 뒤에 내려받을 수 있어요."))
    return file(live_txt(tallies.tokens(box.id)).decode("ascii"), "text/plain", f"{name}-live.txt")


def signatures(box: BallotBox | None, name: str) -> Response:
    """Statements of observers, as they signed them: for `verify.py --signatures`."""
    return _json([statement.to_json() for statement in observed.statements(published(box))], f"{name}-signatures")


def confirmations(box: BallotBox | None, name: str) -> Response:
    """Acts of two officials since the record was written: for `verify.py --confirmations`."""
    box = published(box)
    if box.format == KEPT_FORMAT:
        raise NotFound(_("예전 형식으로 기록한 투표라서 담당관이 확인한 목록이 따로 없어요."))
    try:
        return _json(confirmed.after_record(box), f"{name}-confirmations")
    except (OSError, BadZipFile) as gone:
        raise _gone() from gone


def inclusion(box: BallotBox | None, name: str, number: int) -> Response:
    """Proof of one leaf. The person who asks may well be whose ballot it is: the route leaves no trace."""
    answer = _json(queries.inclusion(opened(box).id, number), f"{name}-proof-{number}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def consistency(box: BallotBox | None, name: str) -> Response:
    old, new = number_in("old"), number_in("new")
    return _json(queries.consistency(opened(box).id, old, new), f"{name}-consistency-{old}-{new}")


def result_json(box: BallotBox | None, name: str) -> Response:
    """The very bytes that are signed in the record."""
    return file(published(box).result, "application/json", f"{name}-result.json")


FILES = {
    "record.zip": record, "observers.zip": observers_record, "heads.json": heads, "counts.json": counts,
    "live.txt": live, "signatures.json": signatures, "result.json": result_json, "confirmations.json": confirmations,
    "proofs/<int:number>.json": inclusion, "proofs/consistency.json": consistency,
}
"""End of the address → what answers there."""
MARKS = {inclusion: unlogged, consistency: lambda view: never_cached(by_address(view))}


def mount(bp: Blueprint, rule: str, find: Callable[..., tuple[BallotBox | None, str]]) -> None:
    """Give a blueprint these files below the address of its votes. `find` says, of what the address names, the box
    (None before there is one) and what files are called after. Raises NotFound."""
    for end, give in FILES.items():
        bp.add_url_rule(f"{rule}/{end}", give.__name__, MARKS.get(give, never_cached)(_view(give, find)))


def _view(give: Callable[..., Response], find: Callable[..., tuple[BallotBox | None, str]]) -> Callable[..., Response]:
    def view(number: int | None = None, **place: str) -> Response:
        box, name = find(**place)
        return give(box, name) if number is None else give(box, name, number)

    view.__name__ = give.__name__
    return view


def opened(box: BallotBox | None) -> BallotBox:
    """A box that was opened, closed first when its time is over. Raises NotFound."""
    if box is None or box.opened_at is None:
        raise NotFound(_("아직 열리지 않은 투표예요. 담당관 두 명이 열면 첫 기록 확인값이 생겨요."))
    closing.close_if_due(box.id)
    return box


def published(box: BallotBox | None) -> BallotBox:
    """Raises NotFound before the publication."""
    if box is None or box.published_at is None:
        raise NotFound(_("아직 결과를 공개하지 않은 투표예요. 공개하면 이 주소에서 내려받을 수 있어요."))
    return box


def file(text: str, media_type: str, name: str) -> Response:
    """A text as a download that a browser keeps until it changes."""
    how = "attachment" if media_type == "text/csv" else "inline"
    answer = Response(text, mimetype=media_type, headers=HEADERS | {"Content-Disposition": f'{how}; filename="{name}"'})
    answer.add_etag()
    return answer.make_conditional(request)


def number_in(name: str) -> int:
    """A number or size of the log in the address. Raises Invalid."""
    return existing(plain_text.number(request.args.get(name, "").strip(), digits=12),
                    lambda: Invalid(_("번호와 크기는 0부터 세는 숫자로 적어 주세요.")))


def _unwritten() -> NotFound:
    return NotFound(_("아직 기록을 만들지 않은 투표예요. 다 세고 기록을 만들면 이 주소에서 내려받을 수 있어요."))


def _gone() -> NotFound:
    return NotFound(_("기록 파일을 찾을 수 없어요. 구청에 알려 주세요."))


def _zip(box: BallotBox, path, sha256: bytes, name: str) -> Response:
    try:
        with storage.opened(path) as file:
            answer = send_file(f"/proc/self/fd/{file.fileno()}", mimetype="application/zip", as_attachment=True,
                               download_name=name, etag=sha256.hex(), conditional=True, last_modified=box.published_at)
    except FileNotFoundError:
        raise _gone() from None
    answer.headers.update(HEADERS)
    return answer


def _json(value: object, name: str) -> Response:
    return file(as_json(value), "application/json", f"{name}.json")


def as_json(value: object, **how) -> str:
    """As people keep and read it."""
    return json.dumps(value, ensure_ascii=False, indent=1, **how) + "\n"

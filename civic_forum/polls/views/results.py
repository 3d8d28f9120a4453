"""What a published vote gives to take home: the record, the heads, proofs, the result as a table."""

import json

from flask import Response, request, send_file

from civic_forum.ballots import records as record_files
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.policy.observers import may_observe
from civic_forum.ballots.queries import log
from civic_forum.ballots.services import closing
from civic_forum.kernel.errors import Invalid, NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.spreadsheets import as_csv
from civic_forum.kernel.web import by_address, leaves_no_trace, never_cached, visitor

from ..models import Poll
from ..queries import results
from ..queries.results import Result
from .ballot import found
from .blueprint import bp

LONGEST_SIZE = 12
"""Digits of a size that anybody can mean."""
SANDBOX = "sandbox; default-src 'none'"


@bp.get("/<slug>/record.zip")
@never_cached
def record(slug: str):
    box = _published(slug).box
    return _zip(box, record_files.public(box), box.public_sha256, f"{slug}-record.zip")


@bp.get("/<slug>/observers.zip")
@never_cached
def observers_record(slug: str):
    poll = found(slug)
    require(visitor(), may_observe, poll.box)
    box = _published(slug).box
    answer = _zip(box, record_files.observers(box), box.observers_sha256, f"{slug}-observers.zip")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.get("/<slug>/heads.json")
@never_cached
def heads(slug: str):
    """Public from the opening on: whoever keeps a head holds the site to it."""
    return _json(slug, log.heads_json(_opened(slug).id), "heads")


@bp.get("/<slug>/proofs/<int:number>.json")
@leaves_no_trace
def inclusion(slug: str, number: int):
    """Whoever asks for one number may well be whose ballot it is."""
    answer = _json(slug, log.inclusion(_opened(slug).id, number), f"proof-{number}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/<slug>/proofs/consistency.json")
@never_cached
@by_address
def consistency(slug: str):
    old, new = _size("old"), _size("new")
    return _json(slug, log.consistency(_opened(slug).id, old, new), f"consistency-{old}-{new}")


@bp.get("/<slug>/result.json")
@never_cached
def result_json(slug: str):
    """The very bytes that are signed in the record."""
    return _file(_published(slug).box.result, "application/json", f"{slug}-result.json")


@bp.get("/<slug>/result.csv")
@never_cached
def result_csv(slug: str):
    result = results.of(_published(slug))
    return _file(_table(result), "text/csv", f"{slug}-result.csv")


def _table(result: Result) -> str:
    """The lines of the result, then how many took part."""
    if result.lines and result.lines[0].answer:
        header = (_("번호"), _("질문"), _("찬성"), _("반대"), _("기권"))
        lines = [(line.option.number, line.title, line.answer.yes, line.answer.no, line.answer.blank)
                 for line in result.lines]
    else:
        header = (_("번호"), _("항목"), _("득표"), _("차례"))
        lines = [(line.option.number, line.title, line.place.votes, line.place.place) for line in result.lines]
    turnout = result.figures["turnout"]
    return as_csv(header, [*lines, (), (_("투표인 명부"), turnout["roll"]), (_("투표한 사람"), turnout["total"]),
                           (_("온라인"), turnout["online"]), (_("도움받아 투표"), turnout["assisted"]),
                           (_("종이"), turnout["paper_returned"]), (_("기권한 표"), result.figures["blank"])])


def _opened(slug: str) -> BallotBox:
    """The box of a poll that was opened, closed first when its time is over. Raises NotFound."""
    poll = found(slug)
    if poll.box is None or poll.box.opened_at is None:
        raise NotFound(_("아직 열리지 않은 투표예요. 담당자 두 명이 열면 첫 기록 확인값이 생겨요."))
    closing.close_if_due(poll.box.id)
    return poll.box


def _published(slug: str) -> Poll:
    poll = found(slug)
    if poll.box is None or poll.box.published_at is None:
        raise NotFound(_("아직 결과를 공개하지 않은 투표예요. 공개하면 이 주소에서 내려받을 수 있어요."))
    return poll


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


def _json(slug: str, value: object, name: str) -> Response:
    return _file(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "application/json", f"{slug}-{name}.json")


def _file(text: str, media_type: str, name: str) -> Response:
    answer = Response(text, mimetype=media_type)
    how = "attachment" if media_type == "text/csv" else "inline"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)

"""Refusals and faults as pages in the site's look, or as problem details (RFC 9457) for JSON."""

import errno
import logging
import traceback

from flask import Flask, current_app, g, jsonify, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc
from werkzeug.exceptions import HTTPException

from .base import db
from .errors import Refusal
from .i18n import _

log = logging.getLogger(__name__)
JSON = ("application/json", "application/problem+json")
DRAINED = 32 * 1024 * 1024


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(exc.OperationalError, database_away)
    app.register_error_handler(exc.InterfaceError, database_away)
    app.register_error_handler(exc.TimeoutError, database_busy)
    app.register_error_handler(OSError, disk_trouble)
    app.register_error_handler(Exception, fault)


def wants_json() -> bool:
    return request.path.endswith(".json") or request.accept_mimetypes.best in JSON


def error_page(status: int, message: str = "", *, retry_after: int | None = None):
    """The answer for this status: what happened, and what to do."""
    title, sentence = _words(status)
    if wants_json():
        answer = jsonify(type="about:blank", title=title, status=status, detail=message or sentence)
        answer.mimetype = "application/problem+json"
    else:
        page = render_template("errors/error.html", status=status, title=title, message=message or sentence,
                               action_url=g.get("page_above") or g.get("way_out", "/"),
                               action_label=_("돌아가기") if "page_above" in g else _("첫 화면으로 가기"))
        answer = current_app.make_response(page)
    answer.status_code = status
    if retry_after:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def _words(status: int) -> tuple[str, str]:
    words = {
        400: (_("요청을 이해하지 못했어요"), _("주소나 입력한 값을 다시 확인해 주세요.")),
        401: (_("로그인이 필요해요"), _("로그인한 뒤에 다시 해 주세요.")),
        403: (_("여기는 들어올 수 없어요"), _("이 화면을 볼 수 있는 권한이 없어요.")),
        404: (_("찾는 화면이 없어요"), _("주소가 바뀌었거나 없어진 글일 수 있어요. 검색으로 찾아보세요.")),
        405: (_("이렇게는 열 수 없는 주소예요"), _("앞 화면으로 돌아가 다시 눌러 주세요.")),
        409: (_("그 사이에 바뀌었어요"), _("새로 고친 뒤 다시 해 주세요.")),
        413: (_("보낸 내용이 너무 커요"), _("글을 줄이거나 더 작은 파일을 올려 주세요.")),
        415: (_("이런 형식은 받지 않아요"), _("앞 화면으로 돌아가 다시 보내 주세요.")),
        422: (_("처리하지 못했어요"), _("입력한 내용을 다시 확인해 주세요.")),
        429: (_("잠시 쉬었다 해 주세요"), _("짧은 시간에 너무 여러 번 요청했어요. 1분 뒤에 다시 해 주세요.")),
        503: (_("잠시 쉬고 있어요"), _("지금은 처리할 수 없어요. 저장되지 않았으니 잠시 뒤에 다시 해 주세요.")),
    }
    return words.get(status, (_("문제가 생겼어요"),
                              _("저희 쪽에서 문제가 생겼어요. 저장되지 않았을 수 있으니 잠시 뒤에 다시 확인해 주세요.")))


def refused(refusal: Refusal):
    return error_page(refusal.status, str(refusal), retry_after=getattr(refusal, "retry_after", None))


def http_error(error: HTTPException):
    if isinstance(error, RateLimitExceeded):
        return error_page(429, retry_after=60)
    if isinstance(error, CSRFError):
        return error_page(400, _("화면을 연 지 오래됐어요. 화면을 새로 연 뒤 다시 보내 주세요."))
    if error.code == 413:
        _drain()
    if error.code is None or error.code < 400:
        return error
    if error.code == 405 and request.method == "GET" and "way_out" not in g and (above := _page_above()):
        g.page_above = above
    answer = error_page(error.code)
    if error.code == 405 and getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _page_above() -> str | None:
    """The nearest page above the address of a form, which somebody opened as if it were one; None for the first page.
    """
    adapter, path = current_app.url_map.bind(""), request.path
    while path := path.rpartition("/")[0]:
        if adapter.test(path, "GET"):
            return path
    return None


def _drain() -> None:
    """Read away what a client still sends, so that it gets to see the answer."""
    body, left = request.environ["wsgi.input"], DRAINED
    while left > 0 and (chunk := body.read(min(65536, left))):
        left -= len(chunk)


def database_away(error: exc.DBAPIError):
    log.error("database: %s", type(error.orig).__name__)
    return _away()


def database_busy(_error: exc.TimeoutError):
    log.error("database: no connection became free")
    return _away()


def disk_trouble(error: OSError):
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS):
        log.error("disk: %s", errno.errorcode[error.errno])
        return _away()
    return fault(error)


def _away():
    g.without_database = True
    _forget_transaction()
    return error_page(503, retry_after=30)


def fault(error: Exception):
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    if "unlogged" in g:  # what a message or a traceback quotes might be somebody's ballot
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("fault at %s: %s in %s:%s", request.endpoint, type(error).__name__, where.filename, where.lineno)
    else:
        log.exception("fault at %s", request.endpoint)
    g.without_database = True
    _forget_transaction()
    return error_page(500)


def _forget_transaction() -> None:
    try:
        db.session.rollback()
    except exc.DBAPIError as gone:
        log.error("rollback: %s", type(gone.orig).__name__)
        db.session.remove()

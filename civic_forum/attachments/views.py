"""Files as they leave: pictures to be looked at, documents only to be saved, neither ever run."""

from urllib.parse import quote

from flask import Blueprint, send_file

from civic_forum.platform import storage
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.web import never_cached, visitor

from . import queries
from .formats.sniffing import kind_of
from .rules import download_header

bp = Blueprint("attachments", __name__, url_prefix="/attachments")
AN_HOUR, A_YEAR = "private, max-age=3600", "private, max-age=31536000, immutable"
LONGEST_SIGNATURE = 12


@bp.get("/<key>")
@never_cached
def show(key: str):
    file = queries.readable(key, visitor())
    inline = f"inline; filename*=UTF-8''{quote(file.name, safe='')}"
    return _sent(file.digest, file.media_type, inline if file.is_picture else download_header(file.name))


@bp.get("/<key>/thumbnail")
@never_cached
def thumbnail(key: str):
    file = queries.readable(key, visitor())
    if file.thumbnail_digest is None:
        raise NotFound(_("이 파일에는 작은 그림이 없어요."))
    return _sent(file.thumbnail_digest, None, "inline", A_YEAR)


def _sent(digest: str, media_type: str | None, disposition: str, lasting: str = AN_HOUR):
    """The blob with headers that leave a browser nothing to guess and nothing to run; its type by how it begins where
    none is given."""
    try:
        with storage.opened(storage.path_of(digest)) as file:
            media_type = media_type or kind_of(file.read(LONGEST_SIGNATURE)).media_type
            answer = send_file(f"/proc/self/fd/{file.fileno()}", mimetype=media_type, etag=digest, conditional=True)
    except FileNotFoundError:
        raise NotFound(_("파일을 찾을 수 없어요. 저희에게 알려 주세요.")) from None
    answer.headers["Content-Disposition"] = disposition
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = lasting
    return answer

"""Files below static/ as they leave: sheets joined, scripts with what they import, all packed once.

`/static/css/a+css/b.css` is the sheets css/a.css and css/b.css, one behind the other; only those that a page links are
there. What is below a mark never changes: whoever has it need not ask again.
"""

import mimetypes
import posixpath
import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Response, current_app, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from .packing import BEST, LEAST, PACKABLE, pack, packing

JOINED = "joined_sheets"
"""The extension that names the joined sheets there are."""
MOST = 512
LASTING = "public, max-age=31536000, immutable"
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_INDENT = re.compile(r"\n\s*")
_ADDRESS = re.compile(r'url\("?(?!data:)([^"()?\n]+)"?\)')
_REMARK = re.compile(r"^[ \t]*//.*\n", re.M)
_IMPORT = re.compile(r'^import (?:\{([^}]+)\} from )?"(\.[^"]+)";\n', re.M)
_LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", re.M)
OF_OTHERS = "vendor/"
"""Scripts below it stay as they are and are imported by their address."""
mimetypes.add_type("font/woff2", ".woff2")


def address(folder: str, path: str) -> str:
    """Address of a file below static/, with a mark that changes when the file does."""
    return f"/static/{path}?v={mark(folder, path)}"


def joined(sheets: Iterable[str]) -> str:
    """Path of these sheets in one."""
    return f"{'+'.join(sheet.removesuffix('.css') for sheet in sheets)}.css"


@lru_cache(maxsize=MOST)
def mark(folder: str, path: str) -> str:
    return sha256(content(folder, path)).hexdigest()[:10]


@lru_cache(maxsize=MOST)
def content(folder: str, path: str) -> bytes:
    """Bytes of the file or the joined files at this path. Raises FileNotFoundError."""
    if path.endswith(".css"):
        return "".join(_sheet(folder, f"{part}.css") for part in path.removesuffix(".css").split("+")).encode()
    if path.endswith(".js") and not path.startswith(OF_OTHERS):
        return _script(folder, path).encode()
    return Path(folder, path).read_bytes()


def _sheet(folder: str, path: str) -> str:
    """A sheet without remarks; what it loads with its mark, from wherever it stands."""
    css = _INDENT.sub("\n", _COMMENT.sub("", Path(folder, path).read_text("utf-8"))).strip()
    return _ADDRESS.sub(lambda match: f'url("{address(folder, _beside(path, match[1]))}")', css) + "\n"


def _script(folder: str, path: str) -> str:
    """A script and what it imports in one, each module a function of its own; what it asks for later with its mark."""
    modules: dict[str, str] = {}
    heads: dict[str, None] = {}

    def read(path: str) -> str:
        def imported(match: re.Match[str]) -> str:
            names, target = match[1], _beside(path, match[2])
            if target.startswith(OF_OTHERS):
                heads[f'import {{{names}}} from "{address(folder, target)}";\n'] = None
                return ""
            if target not in modules:
                source = read(target)
                exported = ", ".join(_EXPORT.findall(source))
                modules[target] = (f"const module{len(modules)} = (() => {{\n{_EXPORT.sub('', source)}"
                                   f"return {{ {exported} }};\n}})();\n")
            name = f"module{list(modules).index(target)}"
            return f"const {{{names.replace(' as ', ': ')}}} = {name};\n" if names else ""

        source = _REMARK.sub("", Path(folder, path).read_text("utf-8"))
        source = _LATER.sub(lambda match: f'import("{address(folder, _beside(path, match[1]))}")', source)
        return _IMPORT.sub(imported, source)

    whole = read(path)
    return "".join((*heads, *modules.values(), whole))


def _beside(path: str, relative: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))


@lru_cache(maxsize=MOST)
def _packed(folder: str, path: str, packing: str) -> bytes:
    return pack(content(folder, path), packing, BEST)


def answer(path: str) -> Response:
    """The file at this path below static/. Raises NotFound."""
    folder = str(current_app.static_folder)
    if "+" in path and path not in current_app.extensions[JOINED]:
        raise NotFound
    if "+" not in path and not ((place := safe_join(folder, path)) and Path(place).is_file()):
        raise NotFound
    version, media_type = mark(folder, path), mimetypes.guess_type(path)[0] or "application/octet-stream"
    answer = Response(content(folder, path), mimetype=media_type)
    answer.set_etag(version)
    if media_type in PACKABLE and len(answer.data) >= LEAST:
        answer.headers["Vary"] = "Accept-Encoding"
        if way := packing():
            answer.set_data(_packed(folder, path, way))
            answer.headers["Content-Encoding"] = way
            answer.set_etag(version, weak=True)
    answer.headers["Cache-Control"] = LASTING if request.query_string == f"v={version}".encode() else "no-cache"
    return answer.make_conditional(request)

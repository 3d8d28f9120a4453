"""The texts that people agree to, each version for as long as there is one."""

from flask import abort, current_app, render_template

from civic_forum.platform.display import display
from civic_forum.platform.i18n import Language

from .. import documents, labels
from ..documents import Document
from .blueprint import bp


@bp.get("/terms", defaults={"document": "terms"})
@bp.get("/privacy", defaults={"document": "privacy"})
@bp.get("/consents/<any(collection, news):document>")
@bp.get("/<any(terms, privacy):document>/<number>")
@bp.get("/consents/<any(collection, news):document>/<number>")
def document(document, number=None):
    kind = Document(document)
    version = documents.version(kind, number) if number else documents.current(kind)
    if version is None:
        abort(404)
    return render_template("accounts/document.html", document=kind, title=labels.DOCUMENT[kind], version=version,
                           path=documents.path, versions=documents.VERSIONS[kind],
                           is_current=version == documents.current(kind),
                           text=_template(kind, version.number), settings=current_app.config)


def _template(kind: Document, number: str) -> str:
    language = ".en" if display().language is Language.EN else ""
    return f"accounts/documents/{kind}/{number}{language}.html"

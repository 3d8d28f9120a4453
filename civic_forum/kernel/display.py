"""Display settings of a person: text size, contrast, language. Cookies, set by choice only."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from flask import Blueprint, current_app, g, redirect, request

from .errors import Invalid
from .i18n import Language, _
from .addresses import local_path

bp = Blueprint("display", __name__)
CHOICES = {"text": ("", "lg", "xl"), "contrast": ("", "1"), "language": tuple(Language)}
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Display:
    text: str
    contrast: bool
    language: Language

    @cached_property
    def key(self) -> str:
        return f"{self.text}|{int(self.contrast)}|{self.language}"


def display() -> Display:
    """The choices of this request."""
    if "display" not in g:
        cookies = request.cookies
        g.display = _display(cookies.get("text", ""), cookies.get("contrast", ""), cookies.get("language", ""))
    return g.display


@lru_cache(maxsize=256)
def _display(text: str, contrast: str, language: str) -> Display:
    """Display of these cookies; what is no choice is left out."""
    return Display(text if text in CHOICES["text"] else "", contrast == "1",
                   Language(language) if language in CHOICES["language"] else Language.KO)


@bp.get("/display")
def choose():
    """Keep the choices named in the query and go back to where the person was."""
    answer = redirect(local_path(request.args.get("back")))
    for name, allowed in CHOICES.items():
        if (value := request.args.get(name)) is None:
            continue
        if value not in allowed:
            raise Invalid(_("이런 보기 설정은 없어요."))
        answer.set_cookie(name, value, max_age=A_YEAR, httponly=True, samesite="Lax",
                          secure=current_app.config["COOKIE_SECURE"])
    return answer

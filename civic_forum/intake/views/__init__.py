"""Pages of intake for everybody, and at the desk."""

from ..visits.views import bp as visits
from ..window.views import window
from . import sheets, typing
from .desk import desk
from .public import bp
from ..claims import views as claims  # noqa: F401 (as of sorting)
from ..passes.views import helpers
from ..replies import views as replies  # noqa: F401 (as of sorting)
from ..sorting import views  # noqa: F401 (its routes are there once it is imported)

for _pages in (desk, helpers, visits, window):
    bp.record_once(lambda state, pages=_pages: state.app.register_blueprint(pages))

__all__ = ["bp", "desk", "sheets", "typing", "visits", "window"]

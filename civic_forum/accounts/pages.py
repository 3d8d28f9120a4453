"""Blueprint of accounts, and the functions that every template may call."""

from flask import Blueprint

from .labels import AFFILIATION, DESK_CHECK, EVIDENCE, ROLE, VERIFICATION

bp = Blueprint("accounts", __name__)
for name, words in (("role", ROLE), ("affiliation", AFFILIATION), ("verification", VERIFICATION),
                    ("evidence", EVIDENCE), ("purpose", DESK_CHECK)):
    bp.add_app_template_filter(words.__getitem__, f"{name}_word")

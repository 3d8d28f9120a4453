"""The pages of accounts hang on this blueprint, and with it the words that every template may use."""

from flask import Blueprint

from ..labels import AFFILIATION, DESK_CHECK, EVIDENCE, ROLE, VERIFICATION

bp = Blueprint("accounts", __name__)
for name, words in (("role", ROLE), ("affiliation", AFFILIATION), ("verification", VERIFICATION),
                    ("evidence", EVIDENCE), ("purpose", DESK_CHECK)):
    bp.add_app_template_filter(words.__getitem__, f"{name}_word")

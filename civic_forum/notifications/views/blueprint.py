"""The blueprint on which the pages of notices hang."""

from flask import Blueprint

bp = Blueprint("notifications", __name__, url_prefix="/me/notices")

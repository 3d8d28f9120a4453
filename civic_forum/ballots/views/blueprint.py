"""The pages of ballot boxes hang on this blueprint."""

from flask import Blueprint

bp = Blueprint("ballots", __name__)

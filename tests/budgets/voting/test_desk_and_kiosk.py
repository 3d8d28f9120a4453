"""The desk's pages serve the votes of envelopes: kiosk, paper with its groups, batches, rolls."""

from lxml import html

from civic_forum.accounts.models import User
from civic_forum.ballots.models import Cast
from civic_forum.ballots.queries import rolls
from civic_forum.kernel.base import db
from tests.budgets.making import voter

from .scene import JSON, drafted, fields, opened
from .test_ballot_pages import count, in_hex, main_of

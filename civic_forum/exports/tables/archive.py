"""Everything that is over, by year and neighbourhood."""

from dataclasses import replace

from civic_forum.archive.queries import ARCHIVE
from civic_forum.blocks import listing
from civic_forum.platform.i18n import _l

from .. import policy
from .table import Table

TABLE = Table(listing.declare(replace(ARCHIVE, name="table archive")), _l("지난 기록"),
              _l("마친 모임과 투표, 질문, 모집이에요."), policy.may_take)

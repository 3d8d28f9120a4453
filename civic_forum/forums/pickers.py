"""People who do something at forums, as those to join to."""

import sqlalchemy as sa

from civic_forum.accounts.pickers import people
from civic_forum.blocks.pickers import register
from civic_forum.platform.i18n import _l

from .models import ForumDuty

DUTY = register(people("forum_duty", _l("사람"), ("forums.prepare",),
                       lambda _within: sa.select(ForumDuty.user_id).where(ForumDuty.user_id.is_not(None))))
"""Those who do, or did, something at any forum."""

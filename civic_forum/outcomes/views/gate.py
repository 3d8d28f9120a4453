"""Access to pages of the desk: where it is refused, the reason is the page instead."""

from civic_forum.platform.web import shown_to

from ..policy import may_see_desk

for_officials = shown_to(may_see_desk)

"""The site with pages made anew at every request, as under constant writing."""

import config
from civic_forum.app import create_app

app = create_app(config.load(PAGE_CACHE=False, LIMIT_ADDRESS=10**9, LIMIT_SIGN_IN_NAME=10**9))

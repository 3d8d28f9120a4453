"""The site as it is served, without limits on how often one address may ask."""

import config
from civic_forum.app import create_app

app = create_app(config.load(LIMIT_ADDRESS=10**9, LIMIT_SIGN_IN_NAME=10**9, LIMIT_DEVICES=10**9))

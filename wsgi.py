"""The application that a server runs."""

import config
from civic_forum.app import create_app
from civic_forum.platform import start_checks

app = start_checks.guard(create_app(config.load()))

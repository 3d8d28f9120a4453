"""The application that a server runs."""

import config
from civic_forum.app import create_app

app = create_app(config.load())

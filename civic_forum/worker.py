"""The process of the background work: `python -m civic_forum.worker`."""

from civic_forum.app import make_app
from civic_forum.platform import start_checks
from civic_forum.platform.jobs import consumer_of


def main() -> None:
    consumer_of(start_checks.guard(make_app())).run()


if __name__ == "__main__":
    main()

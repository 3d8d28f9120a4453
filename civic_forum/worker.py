"""The process of the background work: `python -m civic_forum.worker`."""

from civic_forum.app import make_app
from civic_forum.kernel import start_checks
from civic_forum.kernel.jobs import make_huey


def main() -> None:
    make_huey(start_checks.guard(make_app())).create_consumer(workers=1, check_worker_health=True).run()


if __name__ == "__main__":
    main()

"""The process of the background work: `python -m civic_forum.worker`."""

from civic_forum.app import make_app
from civic_forum.platform import start_checks
from civic_forum.platform.jobs import consumer_of, every
from civic_forum.sample_data import staying_live


def main() -> None:
    app = start_checks.guard(make_app())
    if app.config["SAMPLE"]:
        every(1, "live forum of the sample", at_start=True)(staying_live.keep_alive)
    consumer_of(app).run()


if __name__ == "__main__":
    main()

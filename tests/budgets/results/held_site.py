"""The site with one gevent worker, as gunicorn runs it, whose counts are held: `python -m …held_site DATA ADDRESS
CLOCK`.

It prints the port on which it answers.
"""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402

from gevent.pywsgi import WSGIServer  # noqa: E402

import config  # noqa: E402
from civic_forum.app import create_app  # noqa: E402
from civic_forum.budgets import kinds  # noqa: E402
from tests.budgets.results import held  # noqa: E402


def main(data: str, address: str, clock: str) -> None:
    app = create_app(config.load({}, DATA=data, DATABASE_URL=address, SECRET_KEY="only for the tests",
                                 CLOCK_OFFSET_S=int(clock)))
    app.config["WTF_CSRF_ENABLED"] = False
    kinds.of_box = held.of_box
    server = WSGIServer(("127.0.0.1", 0), app, log=None)
    server.start()
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Health of the process: alive, and able to serve."""

from flask import Blueprint, Flask, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from . import migrations
from .base import db
from .web import limiter, never_cached

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@never_cached
@limiter.exempt
def alive():
    return jsonify(status="ok")


@bp.get("/readyz")
@never_cached
@limiter.exempt
def ready():
    missing = [name for name, fine in (("database", database_answers), ("migrations", migrations_are_newest))
               if not fine()]
    if missing:
        return jsonify(status="not ready", missing=missing), 503
    degraded = [] if redis_answers() else ["redis"]
    return jsonify(status="ok", degraded=degraded)


def database_answers() -> bool:
    try:
        db.session.execute(db.select(1))
        return True
    except SQLAlchemyError:
        db.session.remove()
        return False


def migrations_are_newest() -> bool:
    try:
        return migrations.revisions_of(db.session.connection()) == newest(current_app)
    except SQLAlchemyError:
        db.session.remove()
        return False


def newest(app: Flask) -> set[str]:
    if "newest_revisions" not in app.extensions:
        app.extensions["newest_revisions"] = migrations.newest()
    return app.extensions["newest_revisions"]


def quick_redis() -> dict[str, object]:
    """Options of a client for which nobody waits: a Redis that does not answer at once counts as away."""
    from redis.backoff import NoBackoff
    from redis.retry import Retry
    return {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}


def redis_answers() -> bool:
    url = current_app.config["REDIS_URL"]
    if not url:
        return True
    import redis
    client = redis.Redis.from_url(url, **quick_redis())
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()

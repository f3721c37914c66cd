"""The composition root: the app, its pages, the API and the gate, and what happens to an unexpected error."""

import gc

# A start makes much that stays and nothing to collect: looking for it again and again takes a seventh of the time.
gc.disable()

import logging

import reflex as rx
from reflex.utils.exec import is_prod_mode
from starlette.types import ASGIApp

from dashboard.api.app import mount_api
from dashboard.components.shell.crash import crash_boundary
from dashboard.config import get_settings
from dashboard.events.redis_bridge import relay_events
from dashboard.logging import keep_secrets, write_log
from dashboard.metrics import get_metrics
from dashboard.pages import PAGES, head
from dashboard.reflex_adapter.contexts import with_contexts
from dashboard.services.operation.housekeeping import keep_house
from dashboard.services.operation.readiness import watch_over
from dashboard.state.guard import EventGuard
from dashboard.state.tabs import follow_events
from dashboard.state.timing import time_events, trace_when_asked
from dashboard.web.error_middleware import ErrorMiddleware
from dashboard.web.gate import Gate
from dashboard.web.graceful_shutdown import stop_gracefully
from dashboard.web.request_log import RequestLog

logger = logging.getLogger(__name__)


def report(exception: Exception) -> rx.event.EventSpec | None:
    """Log an error that no handler foresaw. The screen says by itself that no answer came, and keeps what was typed."""
    logger.error("An event failed.", exc_info=exception)
    return None


def begin_log() -> None:
    """Write the log as the settings say."""
    settings = get_settings()
    write_log(level=settings.log_level, as_json=settings.log_format == "json")


def prepare_start() -> None:
    """Have DATA_DIR and the database ready before the first request."""
    from dashboard.database.migrations import prepare  # noqa: PLC0415 - Alembic, which no other server needs

    prepare(get_settings())


async def spare_what_stays() -> None:
    """Exclude the objects of the start from garbage collection: each full collection would pause for 100 ms."""
    gc.collect()
    gc.freeze()


class Program(rx.App):
    """The edge and the API stand before Reflex and its middleware: what is theirs never comes to it."""

    def __call__(self) -> ASGIApp:
        """What a server runs."""
        program = RequestLog(ErrorMiddleware(Gate(mount_api(super().__call__()))))
        return with_contexts(self, program)


app = Program(
    html_lang="en-GB",
    head_components=head(),
    stylesheets=["/styles.css"],
    # Tailwind brings its own reset, and notices are state that a component draws.
    reset_style=False,
    toaster=None,
    app_wraps={(55, "CrashBoundary"): lambda _stateful: crash_boundary()},
    backend_exception_handler=report,
)
app.add_middleware(EventGuard(), index=0)
for errand in (spare_what_stays, watch_over, keep_house, relay_events, follow_events(app)):
    app.register_lifespan_task(errand)
trace_when_asked()
if (metrics := get_metrics()) is not None:
    time_events(metrics)
if is_prod_mode():
    # In development the terminal belongs to the developer.
    app.register_lifespan_task(keep_secrets)
    app.register_lifespan_task(begin_log)
    app.register_lifespan_task(stop_gracefully)
else:
    # bin/run has seen to it before the server starts; `reflex run` comes here straight away.
    app.register_lifespan_task(prepare_start)
for page in PAGES:
    app.add_page(
        page.content, route=page.route, title=page.title, on_load=list(page.on_load), meta=page.meta
    )
gc.enable()

"""The API behind its gate for a server of its own, as curl meets it: no front end has to be built for it."""

from starlette.responses import PlainTextResponse

from dashboard.api.app import mount_api
from dashboard.web.gate import Gate


def app() -> Gate:
    return Gate(mount_api(PlainTextResponse("a page")))

"""REST: the routes of the specification over the service, with a page that describes them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route

from onward.core import openapi, parse, spec
from onward.core.entries import VERSION
from onward.core.refused import Refused
from onward_server.adapters import errors, pages, problems, requests, sse, watch
from onward_server.adapters.api import Answering, Api
from onward_server.adapters.oauth import TokenEndpoint
from onward_server.adapters.oauth.endpoint import MAX_BODY, PATH
from onward_server.service import access

Handler = Callable[[Request], Awaitable[Response]]

# The calls that carry the load. They stand before the framework's own routes.
HOT = ("onward.v1.Exchange.Deliver",)


class _Segment(StringConvertor):
    # No colon: what follows one is the name of a custom method (AIP-136), never part of an id.
    regex = "[^/:]+"


register_url_convertor("segment", _Segment())


def _json(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    extra = {**problems.HEADERS, **(headers or {})}
    return Response(body, status, extra, "application/json")


def _guarded(name: str, handler: Handler) -> Handler:
    """The handler, with each of its exceptions answered here.

    None may reach the server below, which would log its text.
    """

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ClientDisconnect:
            return Response(status_code=400)  # Nobody is left to read it.
        except Exception as error:
            return problems.response(errors.refusal(error, name))

    return answer


def _unary(rpc: spec.Rpc, api: Answering, tokens: TokenEndpoint | None) -> Handler:
    """One call. Without `tokens` no caller is known, as on the peer plane: there a message speaks
    for itself.
    """
    read = requests.reader(rpc)

    async def handle(request: Request) -> Response:
        caller = tokens.verify(requests.authorization(request)) if tokens else None
        raw = await requests.json_body(request) if rpc.body else b""
        message = read(raw, request.path_params, request.scope["query_string"])
        answer = await to_thread.run_sync(api.call, rpc, message, caller)
        return _json(parse.to_json(answer))

    return _guarded(rpc.full_name, handle)


def _stream(rpc: spec.Rpc, api: Api, tokens: TokenEndpoint, heartbeat: float) -> Handler:
    read = requests.reader(rpc)

    async def handle(request: Request) -> Response:
        token = tokens.verified(requests.authorization(request))
        message: Any = read(b"", request.path_params, request.scope["query_string"])
        # A browser that reconnects repeats its first address, so the header is the newer one.
        if last := request.headers.get("last-event-id"):
            message.cursor = last
            parse.validate(message)
        access.authorise(rpc, token.caller)
        seconds = token.expires - tokens.now()
        return await sse.stream(api, message.cursor, seconds, heartbeat)

    return _guarded(rpc.full_name, handle)


def _token_endpoint(tokens: TokenEndpoint) -> Handler:
    async def handle(request: Request) -> Response:
        raw = await requests.body(request, MAX_BODY)
        # Parameters stand in the body only (RFC 6749, section 2.3.1), and a client authenticates
        # in one way (section 2.3).
        if request.scope["query_string"] or "authorization" in request.headers:
            status, body = 400, {"error": "invalid_request"}
        else:
            content_type = request.headers.get("content-type", "")
            issued = await to_thread.run_sync(tokens.issue, content_type, raw)
            status, body = issued.status, issued.body
        headers = {"Pragma": "no-cache"}
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return _json(json.dumps(body).encode(), status, headers)

    return _guarded("token", handle)


async def _health(request: Request) -> Response:
    return _json(b'{"status":"ok"}')


def _pages(tokens: TokenEndpoint, comments: Mapping[str, str]) -> dict[str, Handler]:
    """What anybody may read."""

    @lru_cache(maxsize=1)
    def document() -> dict[str, Any]:
        return openapi.document(VERSION, comments)

    @lru_cache(maxsize=1)
    def page() -> str:
        return pages.render(document())

    async def described(request: Request) -> Response:
        return _json(json.dumps(document(), ensure_ascii=False).encode())

    async def docs(request: Request) -> Response:
        return Response(
            page(), headers={**problems.HEADERS, **pages.HEADERS}, media_type=pages.HTML
        )

    async def metadata(request: Request) -> Response:
        return _json(json.dumps(tokens.metadata()).encode())

    return {
        "/openapi.json": described,
        "/docs": docs,
        "/.well-known/oauth-authorization-server": metadata,
    }


async def _no_route(request: Request, error: Exception) -> Response:
    """A path that is not there, or a method that its path does not have."""
    if isinstance(error, HTTPException) and error.status_code == 405:
        methods: set[str] = set()
        for route in request.app.routes:
            if route.matches(request.scope)[0] is not Match.NONE:
                methods |= route.methods or set()
        allow = {"Allow": ", ".join(sorted(methods))}
        return problems.response(Refused("UNIMPLEMENTED"), 405, allow)
    return problems.response(Refused("NOT_FOUND"))


async def _failed(request: Request, error: Exception) -> Response:
    return problems.response(errors.refusal(error, "rest"))


def _app(handlers: Mapping[str, Handler]) -> FastAPI:
    """An application with these handlers of calls, by the call's full name, and `/healthz`."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={HTTPException: _no_route, Exception: _failed},
    )
    for name in sorted(handlers, key=lambda name: name not in HOT):
        rpc = spec.rpcs()[name]
        path, methods = rpc.http_path.replace("}", ":segment}"), [rpc.http_verb.upper()]
        if name in HOT:
            app.router.routes.append(Route(path, handlers[name], methods=methods))
        else:
            app.add_api_route(path, handlers[name], methods=methods, response_model=None)
    app.router.routes.append(Route("/healthz", _guarded("/healthz", _health), methods=["GET"]))
    return app


def _of_plane(plane: str) -> list[spec.Rpc]:
    return [rpc for rpc in spec.rpcs().values() if rpc.http_path and rpc.plane == plane]


def _peer_handlers(api: Answering) -> dict[str, Handler]:
    return {rpc.full_name: _unary(rpc, api, None) for rpc in _of_plane("PLANE_PEER")}


def peer_app(api: Answering) -> FastAPI:
    """What other nodes see, and nothing else: an address for the peer plane alone."""
    return _app(_peer_handlers(api))


def rest_app(
    api: Api,
    tokens: TokenEndpoint,
    *,
    peers: bool = True,
    heartbeat: float = watch.HEARTBEAT,
    comments: Mapping[str, str] | None = None,
) -> FastAPI:
    """The node's HTTP application.

    Every route of both planes comes from the specification; without `peers`, of the local plane
    only. `comments` are the specification's own words by full name, for the description of the
    API; descriptors do not hold them.
    """
    handlers = _peer_handlers(api) if peers else {}
    for rpc in _of_plane("PLANE_LOCAL"):
        if rpc.server_streaming:
            handlers[rpc.full_name] = _stream(rpc, api, tokens, heartbeat)
        else:
            handlers[rpc.full_name] = _unary(rpc, api, tokens)
    app = _app(handlers)
    app.router.routes.append(Route(PATH, _token_endpoint(tokens), methods=["POST"]))
    for path, page in _pages(tokens, comments or {}).items():
        app.router.routes.append(Route(path, _guarded(path, page), methods=["GET"]))
    return app

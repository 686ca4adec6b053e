"""gRPC: the services of the specification over the service object, without code for any RPC."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, NoReturn

import grpc
from anyio import to_thread
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from onward.core import parse, spec
from onward.core.refused import Refused
from onward_server.adapters import errors, watch
from onward_server.adapters.api import Answering, Api
from onward_server.adapters.oauth import TokenEndpoint, VerifiedToken
from onward_server.service import access

DETAILS = "grpc-status-details-bin"
# Above the limit of the specification, so that a message that is a little over it still gets a
# reason, and not only the library's status.
_RECEIVE = parse.MAX_BYTES + 64 * 1024

Context = grpc.aio.ServicerContext[bytes, bytes]


def status(refused: Refused) -> status_pb2.Status:
    """The refusal as google.rpc.Status, with ErrorInfo and the message Problem."""
    info = errors.info(refused.reason)
    number: int = grpc.StatusCode[info.grpc].value[0]
    error_info = error_details_pb2.ErrorInfo(reason=refused.reason, domain=spec.PACKAGE)
    if refused.pointer:
        error_info.metadata["pointer"] = refused.pointer
    if refused.expected:
        error_info.metadata["expected"] = refused.expected
    details = (Packed(), Packed())
    details[0].Pack(error_info)
    details[1].Pack(errors.problem(refused))
    return status_pb2.Status(code=number, message=info.text, details=details)


async def _abort(context: Context, refused: Refused) -> NoReturn:
    """End the call with the refusal."""
    told = status(refused)
    code = grpc.StatusCode[errors.info(refused.reason).grpc]
    await context.abort(code, told.message, ((DETAILS, told.SerializeToString()),))
    raise AssertionError("abort raises")


def _token(context: Context, tokens: TokenEndpoint) -> VerifiedToken:
    metadata = context.invocation_metadata() or ()
    found = [value for key, value in metadata if key == "authorization"]
    one = found[0] if len(found) == 1 else None
    return tokens.verified(one if isinstance(one, str) else None)


def reader(rpc: spec.Rpc) -> Callable[[bytes], Message]:
    """What reads a request of this RPC from its bytes, or raises Refused."""
    cls = GetMessageClass(rpc.input)

    def read(raw: bytes) -> Message:
        if len(raw) > parse.MAX_BYTES:
            raise Refused("TOO_LARGE")
        message = cls()
        try:
            message.ParseFromString(raw)
        except DecodeError:
            # Binary that is no message has no place to point to, and no reason of its own.
            raise Refused("INVALID_FIELD") from None
        parse.validate(message)
        return message

    return read


def _unary(
    rpc: spec.Rpc, api: Answering, tokens: TokenEndpoint | None
) -> Callable[[bytes, Context], Any]:
    """One call. Without `tokens` no caller is known, as on the peer plane: there a message speaks
    for itself.
    """
    read = reader(rpc)

    async def handle(raw: bytes, context: Context) -> bytes:
        try:
            caller = _token(context, tokens).caller if tokens else None
            answer = await to_thread.run_sync(api.call, rpc, read(raw), caller)
        except Exception as error:
            await _abort(context, errors.refusal(error, rpc.full_name))
        return answer.SerializeToString()

    return handle


def _stream(
    rpc: spec.Rpc, api: Api, tokens: TokenEndpoint, heartbeat: float
) -> Callable[[bytes, Context], Any]:
    read = reader(rpc)

    async def handle(raw: bytes, context: Context) -> AsyncIterator[bytes]:
        try:
            token = _token(context, tokens)
            message: Any = read(raw)
            access.authorise(rpc, token.caller)
            await watch.check(api, message.cursor)
            seconds = token.expires - tokens.now()
            # HTTP/2 keeps the connection alive by itself: no message is needed for it.
            follow = watch.follow(api, message.cursor, seconds, heartbeat)
            async with aclosing(follow) as events:
                async for event in events:
                    if event is not None:
                        yield event.SerializeToString()
        except Exception as error:
            await _abort(context, errors.refusal(error, rpc.full_name))

    return handle


Handlers = dict[str, dict[str, "grpc.RpcMethodHandler[bytes, bytes]"]]
"""The handler of every RPC, by service and name. They take and give bytes."""


def _add(handlers: Handlers, rpc: spec.Rpc, handler: grpc.RpcMethodHandler[bytes, bytes]) -> None:
    handlers.setdefault(f"{spec.PACKAGE}.{rpc.service}", {})[rpc.name] = handler


def _peer_handlers(api: Answering) -> Handlers:
    result: Handlers = {}
    for rpc in spec.rpcs().values():
        if rpc.plane == "PLANE_PEER":
            _add(result, rpc, grpc.unary_unary_rpc_method_handler(_unary(rpc, api, None)))
    return result


def _local_handlers(api: Api, tokens: TokenEndpoint, heartbeat: float) -> Handlers:
    result: Handlers = {}
    for rpc in spec.rpcs().values():
        if rpc.plane != "PLANE_LOCAL":
            continue
        if rpc.server_streaming:
            handler = grpc.unary_stream_rpc_method_handler(_stream(rpc, api, tokens, heartbeat))
        else:
            handler = grpc.unary_unary_rpc_method_handler(_unary(rpc, api, tokens))
        _add(result, rpc, handler)
    return result


class _NoSuchCall(grpc.GenericRpcHandler):  # type: ignore[type-arg]
    """Answers whatever no other handler takes, so that this too has a reason."""

    def service(self, details: Any) -> grpc.RpcMethodHandler[bytes, bytes]:
        async def handle(requests: AsyncIterator[bytes], context: Context) -> AsyncIterator[bytes]:
            await _abort(context, Refused("UNIMPLEMENTED"))
            yield b""

        return grpc.stream_stream_rpc_method_handler(handle)


async def peer_server(api: Answering, address: str) -> tuple[grpc.aio.Server, int]:
    """What other nodes see, and nothing else, as `grpc_server` starts it."""
    return await _started(_peer_handlers(api), address)


async def grpc_server(
    api: Api,
    tokens: TokenEndpoint,
    address: str,
    *,
    peers: bool = True,
    credentials: grpc.ServerCredentials | None = None,
    reuse_port: bool = False,
    heartbeat: float = watch.HEARTBEAT,
) -> tuple[grpc.aio.Server, int]:
    """A started server at the address, with health and reflection, and the port that it took.

    Without `peers` it serves the local plane only. Without `reuse_port` a second process on the
    same port fails, where gRPC's default would quietly share it. Raises RuntimeError if the
    address can't be taken.
    """
    # A service belongs to one plane, so neither takes a name from the other.
    services = _local_handlers(api, tokens, heartbeat) | (_peer_handlers(api) if peers else {})
    return await _started(services, address, credentials, reuse_port)


async def _started(
    services: Handlers,
    address: str,
    credentials: grpc.ServerCredentials | None = None,
    reuse_port: bool = False,
) -> tuple[grpc.aio.Server, int]:
    server = grpc.aio.server(
        options=(
            ("grpc.max_receive_message_length", _RECEIVE),
            ("grpc.so_reuseport", int(reuse_port)),
        )
    )
    for name, handlers in services.items():
        generic = grpc.method_handlers_generic_handler(name, handlers)
        server.add_generic_rpc_handlers((generic,))
    servicer = health.aio.HealthServicer()  # type: ignore[attr-defined]
    for name in services:
        await servicer.set(name, health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    described = (*services, health.SERVICE_NAME, reflection.SERVICE_NAME)
    reflection.enable_server_reflection(described, server)
    server.add_generic_rpc_handlers((_NoSuchCall(),))
    if credentials is None:
        port = server.add_insecure_port(address)
    else:
        port = server.add_secure_port(address, credentials)
    await server.start()
    return server, port

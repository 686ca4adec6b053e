"""The doors of a node answer at once."""

from __future__ import annotations

import asyncio
import socket

from onward_server.app import doors


def test_no_part_of_an_answer_waits_for_the_one_before() -> None:
    async def opened() -> int:
        listening = doors._listen("127.0.0.1:0")
        said: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken = writer.get_extra_info("socket")
            said.set_result(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(answer, sock=listening):
            _, caller = await asyncio.open_connection(*listening.getsockname()[:2])
            caller.close()
            return await said

    assert asyncio.run(opened())

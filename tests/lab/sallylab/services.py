# SPDX-License-Identifier: GPL-2.0-or-later
"""What the nodes of the lab answer: web servers that say which address they saw, and resolvers that remember who
asked. All of them live in one process; a socket belongs to the network namespace in which it was opened."""

from __future__ import annotations

import asyncio
import socket
import time
import typing

from . import dns
from .linux import inside
from .topology import NAMES, Node

WEB_PORT = 80


class Journal:
    """What the far side saw, in order."""

    def __init__(self) -> None:
        self._entries: list[dict[str, object]] = []

    def add(self, **entry: object) -> None:
        self._entries.append({"number": len(self._entries) + 1, "time": time.time(), **entry})

    def after(self, number: int) -> list[dict[str, object]]:
        return self._entries[number:]


def plain(address: str) -> str:
    return address.split("%")[0].removeprefix("::ffff:")


class Services:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def start(self, node: Node, network: int) -> None:
        if node.web or node.responder:
            await self._start_web(node, network)
        for address in node.resolver:
            await self.start_resolver(node.name, address, network)

    async def _start_web(self, node: Node, network: int) -> None:
        with inside(network):
            listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("::", WEB_PORT))

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve_web(node, reader, writer)

        await asyncio.start_server(serve, sock=listener)

    async def _serve_web(self, node: Node, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
            client = plain(writer.get_extra_info("peername")[0])
            self._journal.add(kind="web", node=node.name, client=client)
            body = f"{client}\n" if node.web else f"{node.name} {client}\n"
            writer.write(f"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n{body}"
                         .encode())
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.TimeoutError):
            pass
        finally:
            writer.close()

    async def start_resolver(self, node: str, address: str, network: int) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with inside(network):
            datagrams = socket.socket(family, socket.SOCK_DGRAM)
            listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for sock in (datagrams, listener):
            sock.setblocking(False)
            sock.bind((address, 53))

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve_stream(node, address, reader, writer)

        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: _Datagrams(self, node, address), sock=datagrams)
        await asyncio.start_server(serve, sock=listener)

    def reply(self, node: str, address: str, client: str, packet: bytes, transport: str) -> bytes | None:
        try:
            question, answer = dns.answer(packet, NAMES)
        except ValueError:
            return None
        self._journal.add(kind="dns", node=node, server=address, client=plain(client), name=question.name,
                          type=question.kind, transport=transport)
        return answer

    async def _serve_stream(self, node: str, address: str, reader: asyncio.StreamReader,
                            writer: asyncio.StreamWriter) -> None:
        try:
            size = int.from_bytes(await asyncio.wait_for(reader.readexactly(2), 30), "big")
            packet = await asyncio.wait_for(reader.readexactly(size), 30)
            answer = self.reply(node, address, writer.get_extra_info("peername")[0], packet, "tcp")
            if answer:
                writer.write(len(answer).to_bytes(2, "big") + answer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            pass
        finally:
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, services: Services, node: str, address: str) -> None:
        self._services, self._node, self._address = services, node, address
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = typing.cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._services.reply(self._node, self._address, addr[0], data, "udp")
        if answer and self._transport:
            self._transport.sendto(answer, addr)

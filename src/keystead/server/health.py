"""The paths that belong to the server and not to an AWS API.

`/healthz`: the process is up. `/readyz`: it can answer, its store included.
`/_keystead/reset`: empties a development server; there is no such path elsewhere.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from keystead.server.log import logger
from keystead.store.port import StoreError
from keystead.wire.http import HttpResponse

if TYPE_CHECKING:
    from keystead.service.service import Service

Page = Callable[[str, Mapping[str, str]], Awaitable[HttpResponse]]
"""Method and headers in, response out."""


class Pages:
    """The server's own paths."""

    def __init__(self, service: "Service", threads: Executor, *, development: bool) -> None:
        self._service = service
        self._threads = threads
        pages: dict[str, Page] = {"/healthz": self._healthz, "/readyz": self._readyz}
        if development:
            pages["/_keystead/reset"] = self._reset
        self.get = pages.get

    async def _healthz(self, method: str, _headers: Mapping[str, str]) -> HttpResponse:
        if method not in ("GET", "HEAD"):
            return _not_allowed("GET, HEAD")
        return _text(200, "ok")

    async def _readyz(self, method: str, _headers: Mapping[str, str]) -> HttpResponse:
        if method not in ("GET", "HEAD"):
            return _not_allowed("GET, HEAD")
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._service.ready)
        except StoreError as error:
            logger().error("not ready", reason=str(error))
            return _text(503, "the store does not answer")
        return _text(200, "ok")

    async def _reset(self, method: str, headers: Mapping[str, str]) -> HttpResponse:
        if method != "POST":
            return _not_allowed("POST")
        if "origin" in headers:
            # A browser adds it to every POST: no page may empty the server of the developer who visits it.
            return _text(403, "browsers may not reset the server")
        await asyncio.get_running_loop().run_in_executor(self._threads, self._service.reset)
        return _text(200, "empty")


def _text(status: int, text: str) -> HttpResponse:
    return HttpResponse(status, [("content-type", "text/plain; charset=utf-8")], f"{text}\n".encode())


def _not_allowed(allowed: str) -> HttpResponse:
    response = _text(405, f"use {allowed}")
    return HttpResponse(405, [*response.headers, ("allow", allowed)], response.body)

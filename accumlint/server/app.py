"""The server itself, from the first byte on stdin to its exit code."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from typing import Any

from pygls.io_ import StdoutWriter, run_async

from accumlint.server import diagnosing, life, questions
from accumlint.server.session import Server
from accumlint.server.wire import Reader

_log = logging.getLogger(__name__)


def make() -> Server:
    """A server that speaks all of accumlint's part of the protocol."""
    server = Server()
    life.begin(server)
    diagnosing.listen(server)
    questions.answer(server)
    return server


def serve() -> int:
    """Serve one client over stdin and stdout until it leaves; the exit code is 0 if it said goodbye."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="accumlint server: %(message)s")
    if not os.environ.get("ACCUMLINT_DEBUG"):
        # it writes a page of traceback for each message that is wrong, and we a line
        logging.getLogger("pygls").setLevel(logging.CRITICAL)
    # a hover that waits for the judging thread waits this long
    sys.setswitchinterval(0.002)
    server = make()
    said = sys.stdout.buffer
    # whatever prints must not write into the protocol
    sys.stdout = sys.stderr
    code = _talk(server, said)
    # a judgement may still be under way in a thread, and nobody wants it
    sys.stderr.flush()
    os._exit(code)


def _talk(server: Server, said: Any) -> int:
    server.protocol.set_writer(StdoutWriter(said))
    try:
        asyncio.run(run_async(threading.Event(), Reader(sys.stdin.buffer), server.protocol, _log, server._report_server_error))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except (BrokenPipeError, KeyboardInterrupt):
        return 1
    return 0 if server.protocol._shutdown else 1

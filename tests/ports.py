"""Ports of this machine for what a test starts in another process.

A port that the system proposes (`bind` to 0) and that is let go of is proposed anew to whoever asks next, and serves
any connection that leaves this machine: by the time the server binds it, it may be taken.
"""

from __future__ import annotations

import random
import socket
import sys
from typing import Final

_FROM_TO: Final = (15_000, 32_000)
"""below what systems give to connections that leave: 32768 and up on Linux, 49152 and up elsewhere"""
_chosen: Final = random.SystemRandom()
_kept: list[socket.socket] = []
"""sockets that hold the ports of this process until it ends"""


def own_port() -> int:
    """A port that this process alone has until it ends: what it starts may listen there, again and again.

    Linux lets a second socket listen where one that allows it is bound and does not listen itself; to anybody who
    looks for a free port the port is taken. Elsewhere it is let go of: one of 17,000 that nobody is given unasked.
    """
    while True:
        port = _chosen.randint(*_FROM_TO)
        kept = socket.socket()
        try:
            kept.bind(("127.0.0.1", port))  # refused where any other socket is bound, even one that allows others
        except OSError:
            kept.close()
            continue
        if sys.platform == "linux":
            kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            _kept.append(kept)
        else:
            kept.close()
        return port

"""A server that is far away: a proxy on a socket that holds back what passes, and counts the round trips.

A round trip is each time that a client sends something and waits for the answer. What it sends before an answer has
reached it belongs to the same one, however many messages that is.
"""

import collections
import os
import selectors
import socket
import tempfile
import threading
import time

TERMINATE = b"X\0\0\0\4"
SOCKET = ".s.PGSQL.5432"


class Link:
    """One way of a connection: bytes come from `source`, and go to `target` after the delay."""

    def __init__(self, source, target, from_client):
        self.source = source
        self.target = target
        self.from_client = from_client
        self.waiting = collections.deque()
        self.twin = None
        self.asked = False      # a client that waits for an answer


class Distance:
    """With it as a context, $PGHOST leads to the server over a connection with `seconds` of round trip."""

    def __init__(self, seconds):
        self.half = seconds / 2
        self.connections = 0
        self.round_trips = 0

    def __enter__(self):
        self.server = os.path.join(os.environ["PGHOST"], SOCKET)
        self.folder = tempfile.TemporaryDirectory()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.path.join(self.folder.name, SOCKET))
        self.listener.listen()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ, self.accept)
        self.links = []
        self.ended = False
        self.host = os.environ["PGHOST"]
        os.environ["PGHOST"] = self.folder.name
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended = True
        self.thread.join()
        os.environ["PGHOST"] = self.host
        self.listener.close()
        self.folder.cleanup()

    def accept(self):
        client, _ = self.listener.accept()
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.server)
        self.connections += 1
        there, back = Link(client, server, True), Link(server, client, False)
        there.twin, back.twin = back, there
        for link in (there, back):
            self.links.append(link)
            self.selector.register(link.source, selectors.EVENT_READ, lambda link=link: self.take(link))

    def take(self, link):
        try:
            data = link.source.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            self.selector.unregister(link.source)
        elif link.from_client and not link.asked and data != TERMINATE:
            link.asked = True
            self.round_trips += 1
        link.waiting.append((time.monotonic() + self.half, data))

    def deliver(self, link, data):
        """An empty piece is the end."""
        try:
            if data:
                link.target.sendall(data)
            else:
                link.target.shutdown(socket.SHUT_WR)
        except OSError:
            pass                # it has gone away, and wants no more
        if not link.from_client:
            link.twin.asked = False
        if not data:
            self.links.remove(link)
            if link.twin not in self.links:
                link.source.close()
                link.target.close()

    def serve(self):
        """Until told to end, which is once nobody is connected any more."""
        while not self.ended or self.links:
            now = time.monotonic()
            for link in list(self.links):
                while link.waiting and link.waiting[0][0] <= now:
                    self.deliver(link, link.waiting.popleft()[1])
            due = min((link.waiting[0][0] for link in self.links if link.waiting), default=now + 0.1)
            for key, _ in self.selector.select(max(due - time.monotonic(), 0)):
                key.data()

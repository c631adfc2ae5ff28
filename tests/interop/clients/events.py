"""The event stream of eventManager.cgi, read strictly: block by block, each byte accounted for."""

import json
import re

from clients.web import challenges, read, read_head, request

ATTACH = "/cgi-bin/eventManager.cgi?action=attach"


def open_stream(link, target):
    """Sends the request with digest; gives the answer's status and headers, the body is still on the link."""
    link.send(request("GET", target))
    first = read(link)
    assert first.status == 401, first.status
    link.send(request("GET", target, [("Authorization", challenges(first)[0].answer("GET", target))]))
    _, status, headers = read_head(link)
    return status, dict(headers)


def take_block(link):
    """The headers and the text of one block, exactly as the notes show them."""
    head = link.take_until(b"\r\n\r\n").decode()
    lines = head.split("\r\n")
    assert lines[0] == "--myboundary", head
    headers = dict(line.split(":", 1) for line in lines[1:] if line)
    assert headers["Content-Type"] == " text/plain", head
    return headers, link.take_until(b"\r\n\r\n").decode()[:-4]


def event(text):
    found = re.fullmatch(r"Code=([^;]*);action=([^;]*);index=(-?\d+)(?:;data=(.*))?", text, re.DOTALL)
    assert found, text
    return found[1], found[2], int(found[3]), json.loads(found[4]) if found[4] else None


def next_event(link):
    """Past heartbeats; with the check that the length told is that of the text and one line end."""
    while True:
        headers, text = take_block(link)
        if text == "Heartbeat":
            assert headers["Content-Length"] == "9", headers
            continue
        assert headers["Content-Length"] == f" {len(text.encode()) + 2}", (headers, text)
        return event(text)


__all__ = ["ATTACH", "event", "next_event", "open_stream", "take_block"]

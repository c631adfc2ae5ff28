"""Events over CGI streams, DVRIP and DHIP, with each fault of theirs."""

import json

from clients.dhip import Dhip
from clients.events import ATTACH, event, next_event, open_stream, take_block
from clients.web import Web
from clients.wire import ClientCase

MOTION = {"code": "VideoMotion", "action": "Start", "index": 0}
MULTIPART = "multipart/x-mixed-replace; boundary=myboundary"


class EventStreams(ClientCase):
    def stream(self, recorder, codes="[All]", more="", tls=False):
        link = self.link(recorder.ports["https" if tls else "http"], tls)
        status, headers = open_stream(link, f"{ATTACH}&codes={codes}{more}")
        self.assertEqual((status, headers.get("content-type")), (200, MULTIPART))
        self.assertNotIn("content-length", headers)
        return link

    def refused(self, recorder, codes):
        link = self.link(recorder.ports["http"])
        status, headers = open_stream(link, f"{ATTACH}&codes={codes}")
        return status, link.take(int(headers["content-length"]))

    def test_events_of_the_codes_asked_for(self):
        recorder = self.rig()
        for tls in (False, True):
            link = self.stream(recorder, "[VideoMotion,AlarmLocal]", tls=tls)
            data = {"Id": [0], "RegionName": ["a;b=c\r\n\r\nd"], "Object": {"BoundingBox": [1, 2, 3, 4], "Points": [[5, 6]]}}
            recorder.control("/event", {"code": "VideoLoss", "action": "Start", "index": 1})
            recorder.control("/event", {**MOTION, "data": data})
            recorder.control("/event", {"code": "AlarmLocal", "action": "Stop", "index": 3})
            self.assertEqual(next_event(link), ("VideoMotion", "Start", 0, data))
            self.assertEqual(next_event(link), ("AlarmLocal", "Stop", 3, None))

    def test_heartbeats(self):
        recorder = self.rig()
        link = self.stream(recorder, more="&heartbeat=1")
        for _ in range(2):
            self.assertEqual(take_block(link), ({"Content-Type": " text/plain", "Content-Length": "9"}, "Heartbeat"))
        older = self.stream(recorder, more="&keepalive=1")
        self.assertEqual(take_block(older)[1], "Heartbeat")

    def test_many_listeners_hear_the_same(self):
        recorder = self.rig()
        links = [self.stream(recorder) for _ in range(8)]
        recorder.control("/event", {**MOTION, "burst": 50})
        for link in links:
            for _ in range(50):
                self.assertEqual(next_event(link), ("VideoMotion", "Start", 0, None))
        self.assertEqual(recorder.control("/state")["events"]["streams"], 8)
        for link in links:
            link.close()
        while recorder.control("/state")["events"]["streams"] > 0:
            pass

    def test_scripts_come_in_their_order_and_time(self):
        recorder = self.rig()
        link = self.stream(recorder)
        steps = [{"at_ms": 200 - 50 * i, "code": "AlarmLocal", "action": "Pulse", "index": i} for i in range(4)]
        recorder.control("/event", {"script": steps})
        self.assertEqual([next_event(link)[2] for _ in range(4)], [3, 2, 1, 0])

    def test_a_flood_comes_whole(self):
        recorder = self.rig()
        link = self.stream(recorder)
        recorder.control("/event", {"code": "MDResult", "action": "State", "index": 0, "flood": {"per_second": 2000, "seconds": 1}})
        self.assertEqual([next_event(link)[3]["Number"] for _ in range(2000)], list(range(2000)))

    def test_input_motion_and_channel(self):
        recorder = self.rig()
        link, client = self.stream(recorder), Web(self.link(recorder.ports["http"]))
        states = []
        for on in (True, False):
            recorder.control("/input", {"index": 1, "on": on, "force": True})
            states.append(client.get("/cgi-bin/alarm.cgi?action=getInState").body)
        self.assertEqual(states, [b"result=2\r\n", b"result=0\r\n"])
        recorder.control("/channel", {"channel": 2, "on": False})
        indexes = client.get("/cgi-bin/eventManager.cgi?action=getEventIndexes&code=VideoLoss")
        self.assertEqual(indexes.body, b"channels[0]=1\r\n")
        recorder.control("/channel", {"channel": 2, "on": True})
        self.assertEqual([next_event(link)[:3] for _ in range(4)],
                         [("AlarmLocal", "Start", 1), ("AlarmLocal", "Stop", 1), ("VideoLoss", "Start", 1), ("VideoLoss", "Stop", 1)])

    def test_refusals(self):
        recorder = self.rig()
        bad = (400, b"Error\r\nBad Request!\r\n")
        self.assertEqual(self.refused(recorder, "[]"), bad)
        recorder.control("/fault", {"name": "long_codes", "max": 2})
        self.assertEqual(self.refused(recorder, "[A,B,C]"), bad)
        recorder.control("/clear", {"name": "long_codes"})
        recorder.control("/fault", {"name": "only_all", "status": 500, "body": "Error\r\n"})
        self.assertEqual(self.refused(recorder, "[A]"), (500, b"Error\r\n"))
        link = self.stream(recorder)
        recorder.control("/fault", {"name": "one_listener"})
        self.assertEqual(self.refused(recorder, "[All]")[0], 500)
        recorder.control("/clear", {})
        for status, body in ((404, "Error\r\nNot Found!\r\n"), (501, "Error\r\nNot Implemented!\r\n")):
            recorder.control("/fault", {"name": "attach_refused", "status": status, "body": body, "times": 1})
            self.assertEqual(self.refused(recorder, "[All]"), (status, body.encode()))
        recorder.control("/event", MOTION)
        self.assertEqual(next_event(link)[0], "VideoMotion")

    def test_silent_streams(self):
        recorder = self.rig()
        recorder.control("/fault", {"name": "attach_silent", "times": 1})
        silent, alive = self.stream(recorder, more="&heartbeat=1"), self.stream(recorder, more="&heartbeat=1")
        recorder.control("/event", MOTION)
        self.assertEqual(next_event(alive)[0], "VideoMotion")
        recorder.control("/fault", {"name": "events_lost", "service": "http"})
        recorder.control("/event", MOTION)
        self.assertEqual(take_block(alive)[1], "Heartbeat")
        recorder.control("/clear", {})
        recorder.control("/fault", {"name": "no_heartbeat", "times": 2})
        recorder.control("/event", MOTION)
        self.assertEqual(event(take_block(alive)[1])[0], "VideoMotion")
        self.assertEqual(take_block(alive)[1], "Heartbeat")
        recorder.control("/close", {"service": "http"})
        self.assertEqual(silent.read_to_end(), b"")

    def test_silent_after_a_reboot(self):
        recorder = self.rig()
        link, client = self.stream(recorder), Web(self.link(recorder.ports["http"]))
        recorder.control("/event", MOTION)
        recorder.control("/ptz", {"channel": 1, "start": "Left", "args": [0, 1]})
        self.assertEqual(next_event(link)[0], "VideoMotion")
        recorder.control("/fault", {"name": "attach_silent"})
        recorder.control("/fault", {"name": "reboot_time", "seconds": 0})
        client.login()
        self.assertTrue(client.call("magicBox.reboot")["result"])
        self.assert_closed(link)
        while (state := recorder.control("/state"))["away"]:
            pass
        self.assertEqual((state["events"]["active"], state["ptz"]["channels"][0]["running"]), ([], []))
        self.stream(recorder)
        self.assertEqual(recorder.control("/event", MOTION)["reached"], 0)

    def test_streams_that_break(self):
        recorder = self.rig()
        for reset in (False, True):
            for size in (0, 1, 50, 107):
                link = self.stream(recorder)
                recorder.control("/fault", {"name": "stream_cut", "bytes": size, "reset": reset})
                recorder.control("/event", {**MOTION, "burst": 3})
                rest = link.read_to_end()
                self.assertTrue(len(rest) == size or (reset and len(rest) < size), (size, rest))
                recorder.control("/clear", {})

    def test_split_at_any_byte(self):
        recorder = self.rig()
        link = self.stream(recorder)
        for size in (1, 2, 3, 5, 7):
            recorder.control("/fault", {"name": "chunks", "size": size, "pause_ms": 0})
            recorder.control("/event", {**MOTION, "data": {"Size": size}})
            self.assertEqual(next_event(link)[3], {"Size": size})
            recorder.control("/clear", {})

    def test_blocks_that_are_wrong(self):
        recorder = self.rig()
        link = self.stream(recorder)
        text = b"Code=VideoMotion;action=Start;index=0"
        for fault, expected in (
                ({"no_blank": True}, b"--myboundary\r\nContent-Type: text/plain\r\nContent-Length: 39\r\n" + text),
                ({"boundary_space": True}, b"-- myboundary\r\nContent-Type: text/plain\r\nContent-Length: 39\r\n\r\n" + text),
                ({"length": "none", "headers": 1}, b"--myboundary\r\nContent-Type: text/plain\r\n\r\n" + text),
                ({"length": "tight", "off": 2}, b"--myboundary\r\nContent-Type: text/plain\r\nContent-Length:41\r\n\r\n" + text)):
            recorder.control("/fault", {"name": "multipart", "what": "VideoMotion", "times": 1, **fault})
            recorder.control("/event", MOTION)
            self.assertEqual(link.take(len(expected) + 4), expected + b"\r\n\r\n")
        recorder.control("/fault", {"name": "multipart", "response": True, "times": 1})
        recorder.control("/event", MOTION)
        self.assertEqual(link.take_until(b"\r\n\r\n").split(b"\r\n")[0], b"HTTP/1.1 200 OK")
        self.assertEqual(next_event(link)[0], "VideoMotion")

    def test_pictures_with_their_events(self):
        recorder = self.rig()
        target = "/cgi-bin/snapManager.cgi?action=attachFileProc&channel=1&heartbeat=60&"
        for form in ("Ede[0].Code=VideoMotion&Ede[1].Code=AlarmLocal", "Flags[0]=Event&Events=[VideoMotion%2CAlarmLocal]"):
            link = self.link(recorder.ports["http"])
            status, headers = open_stream(link, target + form)
            self.assertEqual((status, headers["content-type"]), (200, MULTIPART))
            for code, index in (("VideoLoss", 0), ("VideoMotion", 1), ("AlarmLocal", 0), ("VideoMotion", 0)):
                recorder.control("/event", {"code": code, "action": "Start", "index": index})
            for code in ("AlarmLocal", "VideoMotion"):
                headers, text = take_block(link)
                self.assertIn(f"Events[0].EventBaseInfo.Code={code}", text.split("\r\n"))
                head = link.take_until(b"\r\n\r\n").decode()
                self.assertTrue(head.startswith("--myboundary\r\nContent-Type: image/jpeg\r\n"), head)
                jpeg = link.take(int(head.split("Content-Length: ")[1]) + 2)
                self.assertEqual((jpeg[:2], jpeg[-4:]), (b"\xff\xd8", b"\xff\xd9\r\n"))
            link.close()

    def test_large_events_come_in_fragments(self):
        recorder = self.rig()
        dhip = Dhip(self.link(recorder.ports["dhip"]))
        dhip.login()
        dhip.call("eventManager.attach", {"codes": ["All"]})
        data = {"Regions": [{"Name": "r" * 100, "Number": i} for i in range(1000)]}
        self.assertGreater(len(json.dumps(data)), 100000)
        recorder.control("/event", {**MOTION, "data": data})
        self.assertEqual(dhip.notification()["params"]["eventList"][0]["Data"], data)

    def test_http_rpc_is_answered_and_gets_no_push(self):
        recorder = self.rig()
        client = Web(self.link(recorder.ports["http"]))
        client.login()
        self.assertTrue(client.call("eventManager.attach", {"codes": ["All"]})["result"])
        self.assertEqual(recorder.control("/event", MOTION)["reached"], 0)
        self.assertEqual(client.call("eventManager.getEventIndexes", {"code": "VideoMotion"})["params"], {"channels": [0]})

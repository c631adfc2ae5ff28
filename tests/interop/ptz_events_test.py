"""The `amcrest` client from PyPI moves a camera, watches the picture move, and hears of events and alarms."""

import asyncio
import queue
import re
import subprocess
import threading

import stamps
from clients.wire import Rig
from interop import PASSWORD, USER, Case, need

try:
    from amcrest import AmcrestCamera
    from amcrest.exceptions import CommError
except ImportError:
    AmcrestCamera = None

LIMIT = 30


def status(camera, channel=1):
    """getStatus as numbers and words, whatever its spelling of the position."""
    pairs = dict(line.split("=", 1) for line in camera.ptz_status(channel=channel).split())
    pairs["position"] = [float(pairs[key]) for key in sorted(pairs) if re.fullmatch(r"status\.Pos(i)?tion\[\d\]", key)]
    return pairs


class Amcrest(Case):
    def setUp(self):
        if AmcrestCamera is None:
            self.skipTest("the package amcrest is not installed")

    def rig(self, base="nvr16"):
        recorder = Rig(base)
        recorder.__enter__()
        self.addCleanup(recorder.__exit__)
        return recorder

    def camera(self, recorder):
        return AmcrestCamera("127.0.0.1", recorder.ports["http"], USER, PASSWORD, retries_connection=0).camera

    def head(self, recorder):
        [head] = [one for one in recorder.control("/state")["ptz"]["channels"] if one["channel"] == 1]
        return head


class AmcrestPtz(Amcrest):
    def test_moves_until_it_is_stopped(self):
        for base, channel in (("nvr16", 1), ("ptz", 0)):
            recorder = self.rig(base)
            camera = self.camera(recorder)
            moves = ((camera.move_right, {"horizontal_speed": 8}), (camera.move_up, {"vertical_speed": 2}), (camera.zoom_in, {}),
                     (camera.focus_near, {}), (camera.iris_large, {}), (camera.move_left, {"horizontal_speed": 1}))
            for move, speed in moves:
                before = self.head(recorder)
                self.assertTrue(move(True, channel=channel, **speed))
                [running] = self.head(recorder)["running"]
                names = ("pan", "tilt", "zoom", "focus", "iris")
                while all(self.head(recorder)[name] == before[name] for name in names):
                    pass
                self.assertTrue(move(False, channel=channel, **speed))
                self.assertEqual(self.head(recorder)["running"], [], running)
            first, second = status(camera, channel), status(camera, channel)
            self.assertEqual(first["position"], second["position"])
            self.assertEqual((first["status.MoveStatus"], first["status.ZoomStatus"]), ("Idle", "Idle"))
            self.assertGreater(first["position"][0], 0)

    def test_a_move_nobody_stopped_shows(self):
        recorder = self.rig()
        self.assertTrue(self.camera(recorder).move_down(True, channel=1))
        [running] = self.head(recorder)["running"]
        self.assertEqual(running["code"], "Down")
        while self.head(recorder)["running"][0]["age_ms"] <= running["age_ms"]:
            pass

    def test_presets(self):
        recorder = self.rig()
        camera = self.camera(recorder)
        count = camera.get_ptz_presets_count(channel=1)
        recorder.control("/ptz", {"channel": 1, "place": {"pan": 12.5, "tilt": 20, "zoom": 1.5}})
        self.assertTrue(camera.set_preset(channel=1, preset_point_number=7))
        self.assertEqual(camera.get_ptz_presets_count(channel=1), count + 1)
        self.assertIn("presets[0].Index=7\r\n", camera.ptz_presets_list(channel=1))
        recorder.control("/ptz", {"channel": 1, "place": {"pan": 0, "tilt": 0, "zoom": 1}})
        self.assertEqual(status(camera)["status.PresetID"], "0")
        self.assertTrue(camera.go_to_preset(channel=1, preset_point_number=7))
        words = {status(camera)["status.MoveStatus"]}
        while (now := status(camera))["status.PresetID"] != "7":
            words.add(now["status.MoveStatus"])
        self.assertIn("Moving", words)
        self.assertEqual(now["status.MoveStatus"], "Idle")
        self.assertEqual(now["position"], [12.5, 20.0, 1.5])

    def test_moves_directly_and_to_a_place(self):
        recorder = self.rig()
        camera = self.camera(recorder)
        self.assertEqual(camera.move_directly(4096, 4096, 8192, 8192, channel=1).strip(), "OK")
        while self.head(recorder)["moving"]:
            pass
        self.assertAlmostEqual(status(camera)["position"][0], 15)
        self.assertTrue(camera.position_abs(True, horizontal_angle=20, vertical_angle=10, channel=1))
        while self.head(recorder)["moving"]:
            pass
        self.assertEqual(status(camera)["position"][:2], [20, 10])

    def test_channels_that_do_not_turn_refuse(self):
        with self.assertRaises(CommError):
            self.camera(self.rig()).move_left(True, channel=2)


class AmcrestPicture(Amcrest):
    def pictures(self, recorder, subtype, width, height):
        """Grey pictures of the stream, decoded by ffmpeg."""
        words = ["ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-i", recorder.url(1, subtype=subtype), "-an"]
        words += ["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        watchdog = threading.Timer(LIMIT, process.kill)
        watchdog.start()
        try:
            while len(picture := process.stdout.read(width * height)) == width * height:
                yield picture
        finally:
            watchdog.cancel()
            process.kill()
            process.stdout.close()
            process.wait()

    def test_shows_where_the_camera_points(self):
        need("ffmpeg")
        for subtype, width, height in ((1, 704, 576), (0, 640, 360)):
            recorder = self.rig()
            camera = self.camera(recorder)
            numbers, positions, moved = [], [], False
            for picture in self.pictures(recorder, subtype, width, height):
                channel, number, loop = stamps.frame(picture, width)
                self.assertEqual(channel, 1)
                numbers.append(number)
                positions.append(stamps.position(picture, width))
                if len(numbers) == 10:
                    self.assertEqual(set(positions), {None})
                    self.assertTrue(camera.move_right(True, channel=1, horizontal_speed=2))
                elif not moved and positions[-1] and positions[-1][0] > 6:
                    self.assertTrue(camera.move_right(False, channel=1, horizontal_speed=2))
                    moved, end = True, status(camera)["position"]
                elif moved and positions[-1][0] == round(end[0], 1) == positions[-8][0]:
                    break
            else:
                self.fail(f"the stream ended: {positions}")
            steps = {(b - a) % loop for a, b in zip(numbers, numbers[1:])}
            self.assertEqual(steps, {1}, "no picture is missing, none comes twice")
            shown = [p[0] for p in positions if p]
            self.assertEqual(shown, sorted(shown))
            self.assertGreater(len(set(shown)), 5)


class AmcrestEvents(Amcrest):
    def listen(self, camera, codes):
        """A queue of what event_actions gives, read on a thread of its own."""
        heard = queue.Queue()

        def read():
            try:
                for code, payload in camera.event_actions(codes, retries=0):
                    heard.put((code, payload))
            except CommError as error:
                heard.put(("end", error))

        threading.Thread(target=read, daemon=True).start()
        return heard

    def test_hears_events(self):
        recorder = self.rig()
        heard = self.listen(self.camera(recorder), "All")
        while recorder.control("/state")["events"]["streams"] == 0:
            pass
        data = {"Object": {"BoundingBox": [1, 2, 3, 4], "ObjectType": "Human"}, "Name": "IVS-1"}
        recorder.control("/event", {"code": "CrossLineDetection", "action": "Start", "index": 0, "data": data})
        recorder.control("/input", {"index": 0, "on": True, "force": True})
        recorder.control("/input", {"index": 0, "on": False})
        code, payload = heard.get(timeout=LIMIT)
        self.assertEqual((code, payload["action"], payload["index"], payload["data"]), ("CrossLineDetection", "Start", "0", data))
        for action in ("Start", "Stop"):
            code, payload = heard.get(timeout=LIMIT)
            self.assertEqual((code, payload["action"], payload["index"].strip()), ("AlarmLocal", action, "0"))

    def test_hears_only_what_it_asked_for(self):
        recorder = self.rig()
        heard = self.listen(self.camera(recorder), "VideoMotion,VideoLoss")
        while recorder.control("/state")["events"]["streams"] == 0:
            pass
        for code in ("AlarmLocal", "VideoMotion", "TimeChange", "VideoLoss"):
            recorder.control("/event", {"code": code, "action": "Start", "index": 0})
        self.assertEqual([heard.get(timeout=LIMIT)[0] for _ in range(2)], ["VideoMotion", "VideoLoss"])

    def test_hears_events_asynchronously(self):
        recorder = self.rig()

        async def first(camera):
            events = camera.async_event_actions("VideoMotion")
            waiting = asyncio.ensure_future(events.__anext__())
            while recorder.control("/state")["events"]["streams"] == 0:
                await asyncio.sleep(0)
            recorder.control("/event", {"code": "VideoMotion", "action": "Start", "index": 1, "data": {"Id": [0]}})
            found = await asyncio.wait_for(waiting, LIMIT)
            await events.aclose()
            return found

        code, payload = asyncio.run(first(self.camera(recorder)))
        self.assertEqual((code, payload["index"], payload["data"]), ("VideoMotion", "1", {"Id": [0]}))

    def test_asks_what_goes_on(self):
        recorder = self.rig()
        camera = self.camera(recorder)
        self.assertEqual(camera.is_motion_detected, [])
        recorder.control("/event", {"code": "VideoMotion", "action": "Start", "index": 1})
        recorder.control("/input", {"index": 2, "on": True, "force": True})
        self.assertEqual(camera.is_motion_detected, [1])
        self.assertEqual(camera.is_alarm_triggered, [2])
        recorder.control("/event", {"code": "VideoMotion", "action": "Stop", "index": 1})
        self.assertEqual(camera.is_motion_detected, [])
        self.assertIn("VideoMotion", camera.event_management)

    def test_alarm_states(self):
        recorder = self.rig()
        camera = self.camera(recorder)

        def ask(action):
            return int(camera.command(f"alarm.cgi?action={action}").text.split("=")[1])

        self.assertGreaterEqual(ask("getInSlots"), 4)
        self.assertGreaterEqual(ask("getOutSlots"), 2)
        recorder.control("/input", {"index": 0, "on": True, "force": True})
        recorder.control("/input", {"index": 3, "on": True})
        self.assertEqual(ask("getInState"), 9)
        self.assertEqual(ask("getOutState"), 0)


if __name__ == "__main__":
    import unittest

    unittest.main()

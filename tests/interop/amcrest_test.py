"""The `amcrest` client from PyPI against the recorder's CGI interface."""

import asyncio
import unittest

from interop import PASSWORD, USER, Case, Recorder, run

try:
    from amcrest import AmcrestCamera, LoginError
    from amcrest.exceptions import CommError
except ImportError:
    AmcrestCamera = None


class Amcrest(Case):
    def setUp(self):
        if AmcrestCamera is None:
            self.skipTest("the package amcrest is not installed")
        recorder = Recorder()
        self.recorder = recorder.__enter__()
        self.addCleanup(recorder.__exit__)

    def camera(self, user=USER, password=PASSWORD):
        return AmcrestCamera("127.0.0.1", self.recorder.ports["http"], user, password, retries_connection=0).camera

    def test_knows_which_device_it_is(self):
        profile, camera = self.recorder.profile, self.camera()
        self.assertEqual(camera.serial_number.strip(), profile["serial"])
        self.assertEqual(camera.device_type.strip(), profile["type"])
        self.assertEqual(camera.device_class.strip(), profile["class"])
        self.assertEqual(camera.hardware_version.strip(), profile["hardware"])
        self.assertEqual(camera.machine_name.strip(), profile["name"])
        self.assertEqual(camera.vendor_information.strip(), profile["vendor"])
        version, build = camera.software_information
        self.assertEqual(version.split("=")[-1].strip(), profile["version"])
        self.assertEqual(build.strip(), profile["build"])

    def test_takes_a_snapshot(self):
        jpeg = self.recorder.folder / "snapshot.jpg"
        jpeg.write_bytes(self.camera().snapshot(channel=1).data)
        words = ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=codec_name,width,height,nb_read_frames"]
        done = run([*words, "-of", "csv=p=0", str(jpeg)])
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout.decode().strip(), "mjpeg,704,576,1")

    def test_reads_and_writes_configuration(self):
        camera = self.camera()
        self.assertIn("table.Encode[0].ExtraFormat[0].Video.Width=704", camera.encode_media)
        self.assertEqual(camera.video_input_channels_device_supported.strip(), f"result={self.recorder.profile['channels']}")
        written = camera.command("configManager.cgi?action=setConfig&General.MachineName=Porch")
        self.assertEqual(written.text.strip(), "OK")
        self.assertIn("table.General.MachineName=Porch", camera.general_config)

    def test_reads_the_clock(self):
        self.assertRegex(str(self.camera().current_time), r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")

    def test_reads_the_disk(self):
        disk = self.camera().storage_all
        self.assertEqual(float(disk["total"][0]), 495636709376)
        self.assertEqual(disk["used_percent"], "100.0")

    def test_moves_a_camera(self):
        camera = self.camera()
        self.assertTrue(camera.ptz_control_command(action="start", code="Left", arg2="4", channel=1))
        self.assertTrue(camera.ptz_control_command(action="stop", code="Left", arg2="4", channel=1))

    def test_gives_the_url_that_plays(self):
        url = self.camera().rtsp_url(channel=1, typeno=1)
        words = ["ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-show_entries", "stream=codec_name", "-of", "csv=p=0", url]
        self.assertEqual(run(words).stdout.decode().split(), ["h264", "pcm_alaw"])

    def test_asks_asynchronously(self):
        async def ask(camera):
            return await asyncio.gather(camera.async_serial_number, camera.async_device_type)

        answers = [text.strip() for text in asyncio.run(ask(self.camera()))]
        self.assertEqual(answers, [self.recorder.profile["serial"], self.recorder.profile["type"]])

    def test_wrong_password_is_refused(self):
        with self.assertRaises(LoginError):
            self.camera(password="wrong").serial_number

    def test_what_the_device_has_not(self):
        with self.assertRaises(CommError):
            self.camera().command("magicBox.cgi?action=makeCoffee")


if __name__ == "__main__":
    unittest.main()

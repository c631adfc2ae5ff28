"""The `amcrest` client from PyPI against the recorder's CGI interface."""

import asyncio
import datetime
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

    def test_switches_motion_detection(self):
        camera = self.camera()
        self.assertFalse(camera.is_motion_detector_on())
        self.assertTrue(camera.is_record_on_motion_detection())
        self.assertTrue(camera.set_motion_detection(True))
        self.assertTrue(camera.set_motion_recording(False))
        self.assertTrue(camera.is_motion_detector_on())
        self.assertFalse(camera.is_record_on_motion_detection())
        self.assertIn("table.MotionDetect[1].Enable=false", camera.motion_detection)

    def test_changes_what_is_encoded(self):
        camera = self.camera()
        self.assertEqual(camera.video_max_extra_streams, 1)
        self.assertIn("caps[0].MainFormat[0].Video.CompressionTypes=H.264,H.265", camera.encode_config_capability(1))
        written = camera.command("configManager.cgi?action=setConfig&Encode[0].ExtraFormat[0].Video.resolution=352x288")
        self.assertEqual(written.text.strip(), "OK")
        self.assertIn("table.Encode[0].ExtraFormat[0].Video.Width=352", camera.encode_media)
        url, deadline = camera.rtsp_url(channel=1, typeno=1), datetime.datetime.now() + datetime.timedelta(seconds=30)
        words = ["ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-select_streams", "v", "-show_entries", "stream=width,height"]
        while (size := run([*words, "-of", "csv=p=0", url]).stdout.decode().strip()) != "352,288":
            self.assertEqual(size, "704,576")
            self.assertLess(datetime.datetime.now(), deadline)

    def test_switches_recording(self):
        camera = self.camera()
        self.assertEqual(camera.get_record_mode(1), "Automatic")
        self.assertEqual(camera.set_record_mode(2, channel=1).strip(), "OK")
        self.assertEqual([camera.get_record_mode(channel) for channel in (0, 1)], ["Automatic", "Stop"])
        self.assertIn("table.Record[1].TimeSection[7][5]=", camera.record_config)
        self.assertIn("caps.PacketLengthRange[1]=60", camera.record_capability)

    def test_names_a_channel(self):
        camera = self.camera()
        self.assertIn("table.ChannelTitle[0].Name=Camera 1", camera.video_channel_title)
        self.assertEqual(camera.command("configManager.cgi?action=setConfig&ChannelTitle[0].Name=Back yard").text.strip(), "OK")
        self.assertIn("table.ChannelTitle[0].Name=Back yard", camera.video_channel_title)

    def test_lists_accounts(self):
        camera = self.camera()
        self.assertIn("users[0].Name=admin", camera.info_all_users)
        self.assertEqual(camera.info_all_active_users.strip(), "", "CGI opens no session")

    def test_pages_through_the_log(self):
        camera = self.camera()
        for _ in range(3):
            camera.set_motion_detection(True)
        start, end = datetime.datetime(2000, 1, 1), datetime.datetime(2100, 1, 1)
        pages = list(camera.log_find(start, end))
        self.assertEqual([page.split("\r\n")[0] for page in pages], ["found=3", "found=0"])
        self.assertEqual(pages[0].count("Type=Config.Modify"), 3)

    def test_reads_and_sets_the_clock(self):
        camera = self.camera()
        self.assertRegex(str(camera.current_time), r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
        camera.current_time = datetime.datetime(2021, 7, 8, 9, 10, 11)
        self.assertLess(abs((camera.current_time - datetime.datetime(2021, 7, 8, 9, 10, 11)).total_seconds()), 5)
        self.assertIn("table.NTP.TimeZone=0", camera.ntp_config)

    def test_reads_the_disks(self):
        camera = self.camera()
        self.assertEqual(camera.storage_device_names.strip(), "list[0]=/dev/sda\r\nlist[1]=/dev/sdb")
        disk = camera.storage_all
        self.assertEqual(float(disk["total"][0]), 495636709376)
        self.assertEqual(disk["used_percent"], "100.0")

    def test_restarts_the_device(self):
        self.assertEqual(self.camera().reboot().strip(), "OK")

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

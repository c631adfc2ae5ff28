"""The `aiodahua` client from PyPI: who the device is, its configuration, disks, PTZ, lens, light, and events."""

import asyncio

from clients.wire import Rig
from interop import PASSWORD, USER, Case

try:
    from aiodahua import DahuaAuthError, DahuaClient, DahuaNotSupportedError
except ImportError:
    DahuaClient = None

LIMIT = 30


class Aiodahua(Case):
    def setUp(self):
        if DahuaClient is None:
            self.skipTest("the package aiodahua is not installed")

    def rig(self, base="nvr16"):
        recorder = Rig(base)
        recorder.__enter__()
        self.addCleanup(recorder.__exit__)
        return recorder

    def client(self, recorder, password=PASSWORD, **options):
        return DahuaClient("127.0.0.1", USER, password, port=recorder.ports["http"], rtsp_port=recorder.ports["rtsp"], **options)

    def run_with(self, recorder, work, **options):
        async def run():
            async with self.client(recorder, **options) as device:
                return await work(device)

        return asyncio.run(asyncio.wait_for(run(), LIMIT))

    def test_knows_which_device_it_is(self):
        for base, extra in (("nvr16", 1), ("ptz", 2)):
            recorder = self.rig(base)

            async def work(device):
                brand = await device.async_identify()
                return (str(brand.brand), await device.async_get_device_type(), await device.async_get_serial_number(),
                        await device.async_get_software_version(), await device.async_get_hardware_version(),
                        await device.get_max_extra_streams())

            profile = recorder.profile
            self.assertEqual(self.run_with(recorder, work), ("dahua", profile["type"], profile["serial"],
                             f"{profile['version']},build:{profile['build']}", profile["hardware"], extra))

    def test_wrong_password_is_refused(self):
        with self.assertRaises(DahuaAuthError):
            self.run_with(self.rig(), lambda device: device.async_get_serial_number(), password="wrong")

    def test_reads_and_writes_configuration(self):
        async def work(device):
            await device.async_set_machine_name("Porch yard")
            await device.async_set_channel_title(0, "Front gate #1")
            return {**await device.async_get_machine_name(), **await device.async_get_config("ChannelTitle")}

        table = self.run_with(self.rig(), work)
        self.assertEqual((table["table.General.MachineName"], table["table.ChannelTitle[0].Name"]), ("Porch yard", "Front gate #1"))

    def test_reads_the_disks(self):
        disks = self.run_with(self.rig(), lambda device: device.async_get_storage_info())
        self.assertEqual((disks[0]["name"], disks[0]["state"], disks[0]["healthy"]), ("/dev/sda", "Success", True))

    def test_takes_a_snapshot(self):
        jpeg = self.run_with(self.rig(), lambda device: device.async_get_snapshot(1))
        self.assertEqual((jpeg[:2], jpeg[-2:]), (b"\xff\xd8", b"\xff\xd9"))

    def test_goes_to_a_preset(self):
        recorder = self.rig("ptz")
        recorder.control("/ptz", {"channel": 1, "place": {"pan": 91.6, "tilt": -2.6, "zoom": 1}})
        recorder.control("/ptz", {"channel": 1, "preset": {"index": 2, "name": "Door"}})
        recorder.control("/ptz", {"channel": 1, "place": {"pan": 80, "tilt": 0, "zoom": 1}})

        async def work(device):
            await device.async_goto_preset_position(1, 2)
            while (status := await device.async_get_ptz_position())["status.PresetID"] != "2":
                pass
            return status

        status = self.run_with(recorder, work)
        self.assertEqual([status[f"status.Postion[{i}]"] for i in range(3)], ["91.600000", "-2.600000", "1.000000"])
        self.assertEqual((status["status.Action"], status["status.MoveStatus"], status["status.ZoomStatus"]), ("Preset", "Idle", "Idle"))

    def test_moves_the_lens(self):
        async def work(device):
            await device.async_adjustfocus_v1("0.9", "0.05")
            while (at := await device.async_get_zoomfocus_v1())["status.Focus"] != "0.900000" or at["status.Zoom"] != "0.050000":
                pass
            await device.async_auto_focus_v1()
            first = await device.async_get_zoomfocus_v1()
            while (at := await device.async_get_zoomfocus_v1())["status.Status"] != "Normal":
                pass
            return first["status.Status"], float(at["status.Focus"])

        word, focus = self.run_with(self.rig("ptz"), work)
        self.assertEqual(word, "Autofocus")
        self.assertAlmostEqual(focus, 0.325, delta=0.01)

    def test_light_and_siren(self):
        async def work(device):
            states = []
            for kind, on in ((1, True), (2, True), (1, False), (2, False)):
                await device.async_set_coaxial_control_state(0, kind, on)
                status = await device.async_get_coaxial_control_io_status()
                states.append((status["status.status.WhiteLight"], status["status.status.Speaker"]))
            return states

        self.assertEqual(self.run_with(self.rig("ptz"), work), [("On", "Off"), ("On", "On"), ("Off", "On"), ("Off", "Off")])

    def test_hears_events(self):
        recorder = self.rig()

        async def work(device):
            heard = bytearray()
            stream = asyncio.ensure_future(device.stream_events(lambda data, channel: heard.extend(data), ["VideoMotion"], 0))
            while recorder.control("/state")["events"]["streams"] == 0:
                await asyncio.sleep(0)
            recorder.control("/event", {"code": "VideoLoss", "action": "Start", "index": 0})
            recorder.control("/event", {"code": "VideoMotion", "action": "Start", "index": 1, "data": {"Id": [0]}})
            while b"}\r\n\r\n" not in heard:
                await asyncio.sleep(0)
            stream.cancel()
            return bytes(heard)

        text = self.run_with(recorder, work)
        self.assertIn(b"\r\n\r\nCode=VideoMotion;action=Start;index=1;data={\n   \"Id\" : [ 0 ]\n}\r\n\r\n", text)
        self.assertNotIn(b"VideoLoss", text)

    def test_what_the_device_has_not(self):
        with self.assertRaises(DahuaNotSupportedError):
            self.run_with(self.rig("olddvr"), lambda device: device.async_get_coaxial_control_io_status())


if __name__ == "__main__":
    import unittest

    unittest.main()

"""Device services with state: clock, accounts, log, disks, recording, cameras, restart."""

import datetime
import time

from clients import hashes, rpc
from clients.config_test import BAD, DECLINED, OK, ConfigClient
from clients.dhip import Dhip
from clients.dvrip import Dvrip
from clients.wire import PASSWORD, USER, Closed

FORM = "%Y-%m-%d %H:%M:%S"


def pairs(body):
    return dict(line.split("=", 1) for line in body.decode().split("\r\n") if line)


class Services(ConfigClient):
    def lines(self, recorder, target):
        status, body = self.cgi(recorder, target)
        self.assertEqual(status, 200, body)
        return pairs(body)

    def clocks(self, recorder, client):
        """The device's time over both transports, seconds ahead of the real one."""
        texts = [client.call("global.getCurrentTime")["params"]["time"], self.lines(recorder, "global.cgi?action=getCurrentTime")["result"]]
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        ahead = [(datetime.datetime.strptime(text, FORM) - now).total_seconds() for text in texts]
        self.assertLess(abs(ahead[0] - ahead[1]), 3)
        return ahead[1]

    def test_clock_that_is_wrong_and_set(self):
        recorder = self.rig(clock_offset=-7200)
        client = self.logged_in(recorder)
        self.assertAlmostEqual(self.clocks(recorder, client), -7200, delta=3)
        wanted = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        self.assertTrue(client.call("global.setCurrentTime", {"time": wanted.strftime(FORM), "tolerance": 5})["result"])
        self.assertAlmostEqual(self.clocks(recorder, client), 3600, delta=3)
        near = wanted + datetime.timedelta(seconds=20)
        client.call("global.setCurrentTime", {"time": near.strftime(FORM), "tolerance": 60})
        self.assertAlmostEqual(self.clocks(recorder, client), 3600, delta=3)
        self.assertEqual(self.cgi(recorder, "global.cgi?action=setCurrentTime&time=2020-5-18%209:42:05"), OK)
        self.assertEqual(self.lines(recorder, "global.cgi?action=getCurrentTime")["result"][:13], "2020-05-18 09")
        for text in ("2020-13-01 00:00:00", "yesterday", "2020-05-18", "2020-05-18 09:42:05 PM", ""):
            self.assertEqual(self.cgi(recorder, f"global.cgi?action=setCurrentTime&time={text.replace(' ', '%20')}"), BAD)
            self.assertEqual(rpc.code(client.call("global.setCurrentTime", {"time": text})), rpc.BAD_PARAMETER)

    def test_zone_and_time_server_are_the_tables(self):
        recorder = self.rig(clock_offset=500)
        client = self.logged_in(recorder)
        self.assertEqual(self.write(recorder, "NTP.TimeZone=25"), OK)
        self.assertAlmostEqual(self.clocks(recorder, client), 500 - 5 * 3600, delta=3)
        self.assertEqual(self.write(recorder, "NTP.Enable=true&NTP.TimeZone=0"), OK)
        self.assertAlmostEqual(self.clocks(recorder, client), 0, delta=3)

    def test_time_as_result_of_old_firmware(self):
        client = self.logged_in(self.rig(config={"time_in_result": True}))
        self.assertRegex(client.call("global.getCurrentTime")["result"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")

    def test_name_of_the_device_is_the_table(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        self.assertEqual(client.call("magicBox.getMachineName")["params"], {"name": "Recorder"})
        self.assertEqual(self.write(recorder, "General.MachineName=Attic"), OK)
        self.assertEqual(client.call("magicBox.getMachineName")["params"], {"name": "Attic"})
        self.assertEqual(self.cgi(recorder, "magicBox.cgi?action=getMachineName"), (200, b"name=Attic\r\n"))

    def test_product_definitions(self):
        recorder = self.rig("bullet")
        client = self.logged_in(recorder)
        answer = client.call("magicBox.getProductDefinition", {"name": "LinkingDetail"})
        self.assertEqual(answer["params"]["definition"], {"FilckerLighting": {"LightType": ["WhiteLight"], "Support": True}})
        self.assertEqual(rpc.code(client.call("magicBox.getProductDefinition", {"name": "NoSuch"})), 268959743)
        self.assertEqual(self.cgi(recorder, "magicBox.cgi?action=getProductDefinition&name=MaxExtraStream"), (200, b"table.MaxExtraStream=2\r\n"))
        self.assertEqual(self.cgi(recorder, "magicBox.cgi?action=getProductDefinition&name=MaxExtraStreams"), BAD)
        self.assertEqual(self.cgi(self.rig(), "magicBox.cgi?action=getProductDefinition&name=MaxExtraStream"), (200, b"table.MaxExtraStream=1\r\n"))

    def test_users(self):
        recorder = self.rig(users=[{"Name": "guest", "Password": "guest-1", "Group": "user", "Id": 2, "Memo": "", "Sharable": True}])
        guest, admin = self.web(recorder), self.logged_in(recorder)
        self.assertTrue(guest.login("guest", "guest-1")["result"])
        users = admin.call("userManager.getUserInfoAll")["params"]["users"]
        self.assertEqual([(user["Name"], user["Group"], user["Id"]) for user in users], [("admin", "admin", 1), ("guest", "user", 2)])
        self.assertNotIn("guest-1", str(users))
        lines = self.lines(recorder, "userManager.cgi?action=getUserInfoAll")
        self.assertEqual((lines["users[1].Name"], lines["users[1].Group"]), ("guest", "user"))
        active = admin.call("userManager.getActiveUserInfoAll")["params"]["users"]
        self.assertEqual(sorted((user["Name"], user["Group"], user["ClientAddress"]) for user in active),
                         [("admin", "admin", "127.0.0.1"), ("guest", "user", "127.0.0.1")])
        guest.call("global.logout")
        lines = self.lines(recorder, "userManager.cgi?action=getActiveUserInfoAll")
        self.assertEqual([value for key, value in lines.items() if key.endswith(".Name")], ["admin"])
        self.assertRegex(lines["users[0].LoginTime"], r"^\d{4}-")

    def test_password_changed_by_its_hash(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        realm = client.challenge()["params"]["realm"]
        client.login()
        old, new = (hashes.gen2(USER, realm, word) for word in (PASSWORD, "New-pass-2"))
        call = {"name": USER, "pwd": new, "pwdOld": old}
        for wrong in ({**call, "pwdOld": new}, {**call, "name": "nobody"}, {**call, "pwd": "clear"}, {**call, "pwd": ""}):
            self.assertFalse(client.call("userManager.modifyPassword", wrong)["result"])
        self.assertTrue(self.web(recorder).login()["result"])
        self.assertTrue(client.call("userManager.modifyPassword", call)["result"])
        self.assertFalse(self.web(recorder).login()["result"])
        self.assertTrue(self.web(recorder).login(password="New-pass-2")["result"])
        dhip, dvrip = Dhip(self.link(recorder.ports["dhip"])), Dvrip(self.link(recorder.ports["dvrip"]))
        self.assertTrue(dhip.login(password="New-pass-2")["result"])
        self.assertEqual(dvrip.digest(password="New-pass-2").head[8], 0)
        target = "/cgi-bin/magicBox.cgi?action=getSerialNo"
        self.assertEqual(self.web(recorder).get(target, password="New-pass-2").status, 200)
        self.assertEqual(self.web(recorder).get(target).status, 401)

    def test_password_changed_over_cgi(self):
        recorder = self.rig()
        target = "userManager.cgi?action=modifyPassword&name=admin&pwd=New-pass-2&pwdOld="
        self.assertEqual(self.cgi(recorder, target + "wrong"), DECLINED)
        self.assertEqual(self.cgi(recorder, target + PASSWORD), OK)
        self.assertTrue(self.web(recorder).login(password="New-pass-2")["result"])

    def test_log_by_token_and_offset(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        for number in range(5):
            self.assertEqual(self.write(recorder, f"General.LocalNo={number}"), OK)
        condition = {"StartTime": "2000-01-01 00:00:00", "EndTime": "2100-01-01 00:00:00", "Types": ["Config"], "Translate": True}
        token = client.call("log.startFind", {"condition": condition})["params"]["token"]
        self.assertEqual(client.call("log.getCount", {"token": token})["params"], {"count": 5})
        page = client.call("log.doSeekFind", {"token": token, "offset": 3, "count": 10})["params"]
        self.assertEqual((page["found"], [item["Type"] for item in page["items"]]), (2, ["Config.Modify"] * 2))
        end = client.call("log.doSeekFind", {"token": token, "offset": 5, "count": 10})["params"]
        self.assertEqual((end["found"], end["items"]), (0, None))
        down = client.call("log.startFind", {"condition": {**condition, "Order": "Descent"}})["params"]["token"]
        numbers = [item["RecNo"] for item in client.call("log.doSeekFind", {"token": down, "offset": 0, "count": 5})["params"]["items"]]
        self.assertEqual(numbers, sorted(numbers, reverse=True))
        self.assertTrue(client.call("log.stopFind", {"token": token})["result"])
        for method in ("log.getCount", "log.doSeekFind", "log.stopFind"):
            self.assertEqual(rpc.code(client.call(method, {"token": token})), rpc.BAD_PARAMETER)
        self.assertEqual(rpc.code(client.call("log.startFind", {"condition": {"StartTime": "x"}})), rpc.BAD_PARAMETER)
        past = {"StartTime": "2000-01-01 00:00:00", "EndTime": "2001-01-01 00:00:00"}
        self.assertEqual(client.call("log.getCount", {"token": client.call("log.startFind", {"condition": past})["params"]["token"]})["params"]["count"], 0)

    def test_log_searches_run_out(self):
        client = self.logged_in(self.rig())
        condition = {"StartTime": "2000-01-01 00:00:00", "EndTime": "2100-01-01 00:00:00"}
        answers = [client.call("log.startFind", {"condition": condition}) for _ in range(10)]
        self.assertEqual([answer["result"] for answer in answers], [True] * 8 + [False] * 2)
        client.call("log.stopFind", {"token": answers[0]["params"]["token"]})
        self.assertTrue(client.call("log.startFind", {"condition": condition})["result"])

    def test_log_pages_of_cgi(self):
        recorder = self.rig()
        for number in range(5):
            self.assertEqual(self.write(recorder, f"General.LocalNo={number}"), OK)
        start = "log.cgi?action=startFind&condition.StartTime=2000-01-01%2000:00:00&condition.EndTime=2100-01-01%2000:00:00"
        token = self.lines(recorder, start)["token"]
        pages = [self.lines(recorder, f"log.cgi?action=doFind&token={token}&count=3") for _ in range(3)]
        self.assertEqual([page["found"] for page in pages], ["3", "2", "0"])
        self.assertEqual((pages[1]["items[1].Type"], pages[1]["items[1].User"], pages[1]["items[1].Detail.Data"]), ("Config.Modify", USER, "General"))
        self.assertEqual(self.cgi(recorder, f"log.cgi?action=stopFind&token={token}"), OK)
        self.assertEqual(self.cgi(recorder, f"log.cgi?action=stopFind&token={token}"), BAD)
        self.assertEqual(self.cgi(recorder, "log.cgi?action=clear"), OK)

    def test_disks(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        handle = client.call("storage.factory.instance")["result"]
        self.assertEqual(rpc.code(client.call("storage.getDeviceAllInfo")), rpc.INVALID)
        disks = client.call("storage.getDeviceAllInfo", object=handle)["params"]["info"]
        self.assertEqual([disk["Name"] for disk in disks], ["/dev/sda", "/dev/sdb"])
        self.assertEqual(sum(part["TotalBytes"] for part in disks[1]["Detail"]), 4100000000000.5)
        lines = self.lines(recorder, "storageDevice.cgi?action=getDeviceAllInfo")
        self.assertEqual(lines["list.info[1].Detail[1].TotalBytes"], "100000000000.500000")
        self.assertEqual(lines["list.info[0].Detail[0].UsedBytes"], lines["list.info[0].Detail[0].TotalBytes"])
        self.assertEqual(self.lines(recorder, "storageDevice.cgi?action=factory.getCollect"), {"list[0]": "/dev/sda", "list[1]": "/dev/sdb"})
        infos = client.call("StorageDeviceManager.getDeviceInfos")["params"]["device"]
        self.assertEqual(infos[1]["Partitions"][0], {"Total": 4000000000000.0, "Remain": 2500000000000.0})

    def test_faulty_and_missing_disks(self):
        old = self.lines(self.rig("olddvr"), "storageDevice.cgi?action=getDeviceAllInfo")
        self.assertEqual((old["list[0].State"], old["list[1].State"], old["list[1].Detail[0].IsError"]), ("Success", "Error", "true"))
        bullet = self.logged_in(self.rig("bullet"))
        handle = bullet.call("storage.factory.instance")["result"]
        card = bullet.call("storage.getDeviceAllInfo", object=handle)["params"]
        self.assertEqual([(disk["State"], disk["Detail"][0]["IsError"]) for disk in card], [("Error", True)], "a bare list")
        recorder = self.rig("ptz")
        dome = self.logged_in(recorder)
        handle = dome.call("storage.factory.instance")["result"]
        self.assertEqual(dome.call("storage.getDeviceAllInfo", object=handle)["params"], [])
        self.assertIsNone(dome.call("StorageDeviceManager.getDeviceInfos")["params"]["device"])
        self.assertEqual(self.cgi(recorder, "storageDevice.cgi?action=getDeviceAllInfo"), (200, b""))

    def test_recording_follows_mode_and_schedule(self):
        recorder = self.rig()
        client = self.logged_in(recorder)

        def state(channel):
            return client.call("recordManager.getState", {"channel": channel})["params"]["state"]

        client.call("global.setCurrentTime", {"time": "2026-11-23 12:00:00"})  # a Monday
        self.assertTrue(state(0))
        client.call("global.setCurrentTime", {"time": "2026-11-28 12:00:00"})  # a Saturday: motion and alarm only
        self.assertFalse(state(0))
        client.call("global.setCurrentTime", {"time": "2026-11-28 19:00:00"})
        self.assertTrue(state(0))
        self.assertTrue(client.call("recordManager.stopChannel", {"channel": 0})["result"])
        self.assertEqual((state(0), self.table(recorder, "RecordMode[0].Mode")), (False, 2))
        self.assertTrue(client.call("recordManager.startChannel", {"channel": 1})["result"])
        self.assertEqual(self.table(recorder, "RecordMode[1].Mode"), 1)
        client.call("global.setCurrentTime", {"time": "2026-11-28 12:00:00"})
        both = client.call("recordManager.getStateAll")["params"]["state"]
        self.assertEqual([(one["Main"]["State"], one["Extra1"]["State"]) for one in both], [(False, False), (True, False)])
        self.assertEqual(self.write(recorder, "RecordMode[0].Mode=1"), OK)
        self.assertTrue(state(0))
        self.assertEqual(rpc.code(client.call("recordManager.getState", {"channel": 2})), rpc.BAD_PARAMETER)
        self.assertEqual(client.call("recordManager.getCaps")["params"]["caps"]["PacketLengthRange"], [1, 60])

    def test_cameras_of_a_recorder(self):
        recorder = self.rig(channels=4, offline_channels=[2], empty_channels=[4])
        client = self.logged_in(recorder)
        cameras = client.call("LogicDeviceManager.getCameraAll")["params"]["camera"]
        self.assertEqual([(camera["Channel"], camera["DeviceInfo"]["Address"]) for camera in cameras],
                         [(0, "192.0.2.1"), (1, "192.0.2.2"), (2, "192.0.2.3")])
        states = client.call("LogicDeviceManager.getCameraState", {"uniqueChannels": [-1]})["params"]["states"]
        self.assertEqual([state.get("connectionState") for state in states], ["Connected", "Unconnect", "Connected", None])
        one = client.call("LogicDeviceManager.getCameraState", {"uniqueChannels": [1]})["params"]["states"]
        self.assertEqual(one, [{"channel": 1, "connectionState": "Unconnect"}])
        self.assertEqual(self.lines(recorder, "LogicDeviceManager.cgi?action=getCameraAll")["camera[2].DeviceInfo.Password"], "******")
        self.assertEqual(self.cgi(recorder, "LogicDeviceManager.cgi?action=getCameraState")[0], 501)
        self.assertEqual(rpc.code(self.logged_in(self.rig("bullet")).call("LogicDeviceManager.getCameraAll")), rpc.NO_SERVICE)

    def test_inputs_and_firmware(self):
        recorder = self.rig("bullet")
        client = self.logged_in(recorder)
        self.assertEqual(rpc.code(client.call("devVideoInput.getCaps")), rpc.INVALID)
        handle = client.call("devVideoInput.factory.instance", {"channel": 0})["result"]
        caps = client.call("devVideoInput.getCaps", {"channel": 0}, object=handle)["params"]["caps"]
        self.assertEqual((caps["DayNightColor"], caps["NightOptions"]), (3, True))
        self.assertEqual(rpc.code(client.call("devVideoInput.getCapsEx", {"name": "VideoInFishEye"}, object=handle)), 268959743)
        self.assertEqual(self.lines(recorder, "devVideoInput.cgi?action=getCaps&channel=1")["caps.Defog"], "true")
        self.assertEqual(self.cgi(recorder, "devVideoInput.cgi?action=getCaps&channel=0"), BAD)
        self.assertEqual(client.call("devAudioOutput.getCollect")["result"], 1)
        self.assertEqual(client.call("CloudUpgrader.getAutoCheck")["params"], {"flag": False})
        self.assertTrue(client.call("CloudUpgrader.setAutoCheck", {"flag": True})["result"])
        self.assertEqual(client.call("CloudUpgrader.getAutoCheck")["params"], {"flag": True})
        self.assertEqual(set(client.call("CloudUpgrader.getState")["params"]), {"State", "Progress"})
        self.assertEqual(rpc.code(client.call("magicBox.resetSystem")), 285278247)

    def test_restart_ends_everything_and_lets_nobody_in_for_a_while(self):
        recorder = self.rig()
        recorder.control("/fault", {"name": "reboot_time", "seconds": 2, "times": 1})
        client, dhip = self.logged_in(recorder), Dhip(self.link(recorder.ports["dhip"]))
        dhip.login()
        client.call("configManager.setConfig", {"name": "VideoStandard", "table": "PAL"})
        began = time.monotonic()
        self.assertTrue(client.call("magicBox.reboot")["result"])
        self.assert_closed(client.link)
        self.assert_closed(dhip.link)
        state = recorder.control("/state")
        self.assertEqual((state["away"], state["sessions"], sum(state["connections"].values()), state["counters"]["reboots"]), (True, [], 0, 1))
        refused = 0
        while True:
            other = self.web(recorder)
            other.session = client.session
            try:
                reply = other.call("magicBox.getSerialNo")
                break
            except (Closed, ConnectionResetError, BrokenPipeError):
                refused += 1
                time.sleep(0.1)
        self.assertGreater(refused, 0)
        self.assertGreater(time.monotonic() - began, 1.5)
        self.assertIn(rpc.code(reply), rpc.NO_SESSION)
        again = self.logged_in(recorder)
        self.assertEqual(again.call("magicBox.needReboot")["params"], {"needReboot": 0})
        self.assertEqual(self.table(recorder, "VideoStandard"), "PAL")

    def test_restart_over_cgi(self):
        recorder = self.rig(reboot_seconds=0)
        self.assertEqual(self.cgi(recorder, "magicBox.cgi?action=reboot"), OK)
        while "reboots" not in recorder.control("/state")["counters"]:
            time.sleep(0.05)

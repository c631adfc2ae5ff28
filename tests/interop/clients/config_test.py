"""Configuration: the tables of four devices over JSON-RPC and CGI, from one state."""

import base64
import json
import urllib.parse

from clients import rpc
from clients.web import Web, challenges
from clients.wire import PASSWORD, USER, ClientCase

BAD = (400, b"Error\r\nBad Request!\r\n")
DECLINED = (200, b"Error\r\n")
OK = (200, b"OK\r\n")


class ConfigClient(ClientCase):
    def web(self, recorder):
        return Web(self.link(recorder.ports["http"]))

    def logged_in(self, recorder):
        client = self.web(recorder)
        self.assertTrue(client.login()["result"])
        return client

    def cgi(self, recorder, target, method="GET", body=b"", kind="application/x-www-form-urlencoded"):
        """(status, body) of /cgi-bin/configManager.cgi?target, by whatever the device asks for."""
        client, path = self.web(recorder), f"/cgi-bin/{target}"
        asked = client.exchange(method, path, [("Content-Type", kind)] if body else [], body).all("WWW-Authenticate")
        if asked[0].startswith("Basic"):
            word = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        else:
            again = client.exchange(method, path, [("Content-Type", kind)] if body else [], body)
            word = challenges(again)[0].answer(method, path)
        headers = [("Authorization", word)] + ([("Content-Type", kind)] if body else [])
        answer = client.exchange(method, path, headers, body)
        return answer.status, answer.body

    def read(self, recorder, name):
        """The lines of a getConfig as a dictionary."""
        status, body = self.cgi(recorder, f"configManager.cgi?action=getConfig&name={name}")
        self.assertEqual(status, 200, body)
        return dict(line.split("=", 1) for line in body.decode("latin-1").split("\r\n") if line)

    def write(self, recorder, pairs):
        return self.cgi(recorder, f"configManager.cgi?action=setConfig&{pairs}")

    def table(self, recorder, name):
        return recorder.control(f"/tables?name={urllib.parse.quote(name)}")["value"]


class RpcConfig(ConfigClient):
    def get(self, client, **params):
        reply = client.call("configManager.getConfig", params)
        self.assertIs(reply["result"], True, reply)
        return reply["params"]

    def test_channel_scope_and_whole_table(self):
        client = self.logged_in(self.rig(channels=4))
        whole = self.get(client, name="MotionDetect")
        self.assertEqual(set(whole), {"table"})
        self.assertEqual(len(whole["table"]), 4)
        one = self.get(client, name="MotionDetect", channel=2)
        self.assertEqual(one, {"table": whole["table"][2], "channel": 2, "name": "MotionDetect"})
        self.assertEqual(one["table"]["EventHandler"]["RecordChannels"], [2])
        self.assertEqual(rpc.code(client.call("configManager.getConfig", {"name": "MotionDetect", "channel": 4})), rpc.BAD_PARAMETER)

    def test_several_tables_at_once(self):
        client = self.logged_in(self.rig())
        asked = [{"name": "General"}, {"name": "NoSuchTable"}, {"name": "RecordMode", "channel": 1}]
        answers = client.call("configManager.getConfig", asked)["params"]
        self.assertEqual([answer["result"] for answer in answers], [True, False, True])
        self.assertEqual(answers[0]["params"]["table"]["LockLoginTimes"], 5)
        self.assertEqual(answers[2]["params"]["table"], {"Mode": 0, "ModeExtra1": 2, "ModeExtra2": 2})

    def test_shapes_of_a_recent_recorder(self):
        client = self.logged_in(self.rig())
        motion = self.get(client, name="MotionDetect", channel=0)["table"]
        self.assertEqual(len(motion["MotionDetectWindow"]), 4)
        self.assertEqual([window["Name"] for window in motion["MotionDetectWindow"]], ["Region1", "Region2", "Region3", "Region4"])
        self.assertEqual(motion["MotionDetectWindow"][0]["Region"], [0x3FFFFF] * 18)
        self.assertEqual(motion["MotionDetectWindow"][1]["Region"][:5], [1 << 21, 1 << 21, 3 << 20, 1, 3])
        handler = motion["EventHandler"]
        for name in ("Dejitter", "RecordLatch", "AlarmOutLatch", "Delay", "FlashLatch", "AlarmBellLatch", "Record", "Matrix", "Tour"):
            self.assertIs(type(handler[name]), int, name)
        self.assertEqual((len(handler["TimeSection"]), {len(day) for day in handler["TimeSection"]}), (7, {6}))
        record = self.get(client, name="Record", channel=0)["table"]
        self.assertEqual((len(record["TimeSection"]), {len(day) for day in record["TimeSection"]}), (8, {6}))
        self.assertEqual(record["TimeSection"][6][1:3], ["6 08:00:00-18:30:00", "39 18:30:00-24:00:00"])
        encode = self.get(client, name="Encode", channel=0)["table"]
        self.assertEqual((len(encode["MainFormat"]), len(encode["ExtraFormat"]), len(encode["SnapFormat"])), (4, 3, 3))
        self.assertEqual([format["VideoEnable"] for format in encode["ExtraFormat"]], [True, False, False])
        colour = self.get(client, name="VideoColor")["table"]
        self.assertEqual([row["TimeSection"][0] for row in colour[0]], ["1", "0"])
        remote = self.get(client, name="RemoteDevice")["table"]
        self.assertEqual(remote["uuid:System_CONFIG_NETCAMERA_INFO_1"]["Password"], "******")

    def test_rows_that_are_null(self):
        recorder = self.rig(channels=16)
        client = self.logged_in(recorder)
        rows = self.get(client, name="MotionDetect")["table"]
        self.assertEqual([i for i, row in enumerate(rows) if row is None], [13])
        self.assertIsNone(self.get(client, name="MotionDetect", channel=13)["table"])
        lines = self.read(recorder, "MotionDetect")
        self.assertFalse([key for key in lines if key.startswith("table.MotionDetect[13]")])
        self.assertTrue([key for key in lines if key.startswith("table.MotionDetect[14].")])

    def test_a_write_replaces_its_scope_and_no_more(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        before = self.table(recorder, "MotionDetect")
        row = self.get(client, name="MotionDetect", channel=1)["table"]
        row["Level"], row["EventHandler"]["X_VendorBlock"]["Kept"][0] = 6, 7
        reply = client.call("configManager.setConfig", {"name": "MotionDetect", "channel": 1, "table": row, "options": []})
        self.assertEqual((reply["result"], reply["params"]), (True, {"options": []}))
        after = self.table(recorder, "MotionDetect")
        self.assertEqual(after[0], before[0])
        self.assertEqual(after[1], row)
        self.assertEqual(after[1]["EventHandler"]["X_VendorBlock"]["Kept"], [7, "two", None])
        lost = {"Enable": True}
        client.call("configManager.setConfig", {"name": "MotionDetect", "channel": 1, "table": lost, "options": []})
        self.assertEqual(self.table(recorder, "MotionDetect[1]"), lost, "what is left out is gone")
        state = recorder.control("/state")
        self.assertEqual(state["counters"]["config_writes"], 2)
        writes = recorder.control("/tables")["writes"]
        self.assertEqual([(write["path"], write["service"], write["user"]) for write in writes], [("MotionDetect[1]", "http", USER)] * 2)
        self.assertEqual(writes[1]["value"], lost)

    def test_writes_of_another_kind_are_refused(self):
        client = self.logged_in(self.rig())
        for params in ({"name": "General", "table": []}, {"name": "General", "table": 5}, {"name": "General"},
                       {"name": "MotionDetect", "table": {}}, {"name": "MotionDetect", "channel": 9, "table": {}}):
            with self.subTest(params=params):
                self.assertEqual(rpc.code(client.call("configManager.setConfig", params)), rpc.BAD_PARAMETER)

    def test_restart_is_asked_for_where_it_is_needed(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        self.assertEqual(client.call("magicBox.needReboot")["params"], {"needReboot": 0})
        reply = client.call("configManager.setConfig", {"name": "VideoStandard", "table": "NTSC", "options": []})
        self.assertEqual(reply["params"], {"options": ["NeedReboot"]})
        self.assertEqual(client.call("magicBox.needReboot")["params"], {"needReboot": 1})

    def test_default_restore_and_delete(self):
        client = self.logged_in(self.rig())
        mode = self.get(client, name="RecordMode")["table"]
        client.call("configManager.setConfig", {"name": "RecordMode", "table": [{"Mode": 2}, {"Mode": 1}]})
        self.assertEqual(client.call("configManager.getDefault", {"name": "RecordMode"})["params"]["table"], mode)
        self.assertEqual(self.get(client, name="RecordMode", channel=1)["table"], {"Mode": 1})
        self.assertTrue(client.call("configManager.restore", {"names": ["RecordMode"]})["result"])
        self.assertEqual(self.get(client, name="RecordMode")["table"], mode)
        self.assertTrue(client.call("configManager.deleteConfig", {"name": "AutoUpgrade"})["result"])
        self.assertIn(rpc.code(client.call("configManager.getConfig", {"name": "AutoUpgrade"})), rpc.NO_CONFIG)

    def test_temporary_configuration(self):
        client = self.logged_in(self.rig())
        before = self.get(client, name="General")["table"]
        self.assertTrue(client.call("configManager.setTemporaryConfig", {"name": "General", "table": {**before, "LocalNo": 99}})["result"])
        self.assertEqual(self.get(client, name="General")["table"]["LocalNo"], 99)
        self.assertTrue(client.call("configManager.restoreTemporaryConfig", {"name": "General"})["result"])
        self.assertEqual(self.get(client, name="General")["table"], before)
        self.assertFalse(client.call("configManager.restoreTemporaryConfig", {"name": "General"})["result"])

    def test_names(self):
        client = self.logged_in(self.rig("bullet"))
        names = client.call("configManager.getMemberNames")["params"]["names"]
        self.assertLessEqual({"General", "Lighting_V2", "MotionDetect"}, set(names))
        self.assertFalse([name for name in names if name.startswith("$")], "the sensor's state is no table")
        self.assertIn("MotionDetectWindow", client.call("configManager.getMemberNames", {"name": "MotionDetect"})["params"]["names"])
        self.assertFalse(client.call("configManager.getConfig", {"name": "$Pir"})["result"])

    def test_unknown_tables_by_firmware(self):
        for base, number, status in (("nvr16", 268959743, 400), ("ptz", 285278249, 403)):
            recorder = self.rig(base)
            client = self.logged_in(recorder)
            for method in ("getConfig", "getDefault", "setConfig", "deleteConfig"):
                reply = client.call(f"configManager.{method}", {"name": "NoSuchTable", "table": {}})
                self.assertEqual((reply["result"], rpc.code(reply)), (False, number))
            self.assertEqual(self.cgi(recorder, "configManager.cgi?action=getConfig&name=NoSuchTable")[0], status)

    def test_tables_methods_and_verbs_that_a_profile_refuses(self):
        recorder = self.rig(refusals={"tables": {"VideoInMode": 285278249, "Snap": 268959743}, "methods": {"CloudUpgrader": 268632064,
                            "log.startFind": 268894210}, "cgi": {"devVideoInput.cgi?getCaps": 400, "recordManager.cgi": 501}})
        client = self.logged_in(recorder)
        for name, number in (("VideoInMode", 285278249), ("Snap", 268959743)):
            self.assertEqual(rpc.code(client.call("configManager.getConfig", {"name": name})), number)
            self.assertEqual(rpc.code(client.call("configManager.setConfig", {"name": name, "table": []})), number)
        for method, number in (("CloudUpgrader.getState", 268632064), ("log.startFind", 268894210)):
            self.assertEqual(rpc.code(client.call(method)), number)
        status, body = self.cgi(recorder, "configManager.cgi?action=getConfig&name=VideoInMode")
        self.assertEqual((status, json.loads(body)), (403, {"error": {"code": 403, "message": "Authority:check failure."}, "result": False}))
        self.assertEqual(self.cgi(recorder, "devVideoInput.cgi?action=getCaps&channel=1"), BAD)
        self.assertEqual(self.cgi(recorder, "devVideoInput.cgi?action=getCollect"), (200, b"result=2\r\n"))
        self.assertEqual(self.cgi(recorder, "recordManager.cgi?action=getCaps"), (501, b"Error\r\nNot Implemented!\r\n"))

    def test_long_writes_are_refused_and_scoped_ones_are_not(self):
        recorder = self.rig(channels=16)
        client = self.logged_in(recorder)
        whole = self.get(client, name="MotionDetect")["table"]
        reply = client.call("configManager.setConfig", {"name": "MotionDetect", "table": whole, "options": []})
        self.assertEqual({key: reply[key] for key in ("result", "errCode", "message")},
                         {"result": False, "errCode": 287638033, "message": "Request length error!"})
        self.assertNotIn("error", reply)
        for name in ("MotionDetect", "Encode", "Record", "BlindDetect", "Alarm", "VideoColor"):
            row = self.get(client, name=name, channel=0)["table"]
            self.assertTrue(client.call("configManager.setConfig", {"name": name, "channel": 0, "table": row, "options": []})["result"], name)

    def test_nesting_follows_the_scope(self):
        recorder = self.rig("bullet")
        client = self.logged_in(recorder)
        whole = self.get(client, name="Lighting_V2")["table"]
        self.assertEqual([light["LightType"] for light in whole[0][0]], ["InfraredLight", "WhiteLight"])
        scoped = self.get(client, name="Lighting_V2", channel=0)["table"]
        self.assertEqual(scoped, whole[0])
        scoped[1][1]["Mode"] = "ForceOn"
        self.assertTrue(client.call("configManager.setConfig", {"name": "Lighting_V2", "channel": 0, "table": scoped})["result"])
        self.assertEqual(self.table(recorder, "Lighting_V2[0][1][1].Mode"), "ForceOn")

    def test_reading_inside_multicall_by_firmware(self):
        for reads in (True, False):
            client = self.logged_in(self.rig(config={"multicall_reads": reads}))
            call = {"id": 9, "method": "configManager.getConfig", "params": {"name": "General"}, "session": client.session}
            [answer] = client.call("system.multicall", [call])["params"]
            self.assertEqual(answer["result"], reads)

    def test_the_same_state_over_every_transport(self):
        from clients.dhip import Dhip
        from clients.dvrip import Dvrip
        recorder = self.rig()
        dhip, dvrip = Dhip(self.link(recorder.ports["dhip"])), Dvrip(self.link(recorder.ports["dvrip"]))
        dhip.login()
        dvrip.digest()
        title = {"Name": "Front gate", "SerialNo": ""}
        self.assertTrue(dhip.call("configManager.setConfig", {"name": "ChannelTitle", "channel": 0, "table": title})["result"])
        self.assertEqual(dvrip.call("configManager.getConfig", {"name": "ChannelTitle", "channel": 0})["params"]["table"], title)
        self.assertEqual(self.read(recorder, "ChannelTitle[0].Name"), {"table.ChannelTitle[0].Name": "Front gate"})
        self.assertEqual(self.write(recorder, "ChannelTitle[1].Name=Caf%C3%A9%20%26%20bar"), OK)
        self.assertEqual(dvrip.call("configManager.getConfig", {"name": "ChannelTitle", "channel": 1})["params"]["table"]["Name"], "Café & bar")

    def test_somebody_else_changes_a_table(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        recorder.control("/table", {"name": "MotionDetect[0].Level", "value": 1})
        self.assertEqual(self.get(client, name="MotionDetect", channel=0)["table"]["Level"], 1)
        recorder.control("/table", {"name": "Invented", "value": {"A": [1, None]}})
        self.assertEqual(self.get(client, name="Invented")["table"], {"A": [1, None]})
        self.assertEqual(self.read(recorder, "Invented"), {"table.Invented.A[0]": "1"})


class CgiConfig(ConfigClient):
    def test_partial_paths(self):
        recorder = self.rig()
        self.assertEqual(self.read(recorder, "General.MachineName"), {"table.General.MachineName": "Recorder"})
        self.assertEqual(self.read(recorder, "RecordMode[1]"), {"table.RecordMode[1].Mode": "0", "table.RecordMode[1].ModeExtra1": "2",
                         "table.RecordMode[1].ModeExtra2": "2"})
        bullet = self.rig("bullet")
        lines = self.read(bullet, "Lighting[0][0]")
        self.assertEqual(lines["table.Lighting[0][0].NearLight[0].Light"], "40")
        self.assertTrue(all(key.startswith("table.Lighting[0][0].") for key in lines))

    def test_missing_leaf(self):
        text = b"Error: Error -1 getting param in name=General.NoSuch\r\n"
        for base, status in (("nvr16", 400), ("olddvr", 200)):
            self.assertEqual(self.cgi(self.rig(base), "configManager.cgi?action=getConfig&name=General.NoSuch"), (status, text))
        self.assertEqual(self.cgi(self.rig(), "configManager.cgi?action=getConfig&name=RecordMode[7]")[0], 400)

    def test_brackets_literal_and_encoded_and_by_post(self):
        recorder = self.rig()
        self.assertEqual(self.write(recorder, "MotionDetect[0].Enable=true&MotionDetect[0].DetectVersion=V3.0"), OK)
        self.assertIs(self.table(recorder, "MotionDetect[0].Enable"), True)
        self.assertEqual(self.write(recorder, "MotionDetect%5B0%5D.EventHandler.TimeSection%5B0%5D%5B1%5D=1%2008:00:00-09:00:00"), OK)
        self.assertEqual(self.table(recorder, "MotionDetect[0].EventHandler.TimeSection[0][1]"), "1 08:00:00-09:00:00")
        body = b"action=setConfig&MotionDetect[1].Level=5&MotionDetect[1].Enable=1"
        self.assertEqual(self.cgi(recorder, "configManager.cgi", "POST", body), OK)
        self.assertEqual((self.table(recorder, "MotionDetect[1].Level"), self.table(recorder, "MotionDetect[1].Enable")), (5, True))
        self.assertEqual(self.cgi(recorder, "configManager.cgi?action=setConfig", "POST", b"MotionDetect%5B1%5D.Level=2"), OK)
        self.assertEqual(self.table(recorder, "MotionDetect[1].Level"), 2)
        paths = [(write["path"], write["value"]) for write in recorder.control("/tables")["writes"]]
        self.assertEqual(paths[-1], ("MotionDetect[1].Level", "2"))

    def test_prefix_by_firmware(self):
        for writes, bare, prefixed in (("bare", OK, BAD), ("prefixed", BAD, OK), ("both", OK, OK)):
            with self.subTest(writes=writes):
                recorder = self.rig(config={"writes": writes})
                self.assertEqual(self.write(recorder, "General.LocalNo=3"), bare)
                self.assertEqual(self.write(recorder, "table.General.LocalNo=4"), prefixed)
                self.assertEqual(self.table(recorder, "General.LocalNo"), 4 if prefixed == OK else 3)

    def test_firmware_without_channels_wants_no_index(self):
        recorder = self.rig()
        self.assertEqual(self.write(recorder, "DisableLinkage[0].Enable=true"), BAD)
        self.assertEqual(self.write(recorder, "DisableLinkage.Enable=true"), OK)
        self.assertIs(self.table(recorder, "DisableLinkage.Enable"), True)
        client = self.logged_in(recorder)
        reply = client.call("configManager.setConfig", {"name": "DisableLinkage", "channel": 0, "table": {"Enable": False}})
        self.assertTrue(reply["result"])
        self.assertEqual(self.table(recorder, "DisableLinkage"), {"Enable": False})

    def test_values_by_their_kind(self):
        recorder = self.rig()
        for pair, answer in (("Encode[0].MainFormat[0].Video.FPS=30.000000", OK), ("Encode[0].MainFormat[0].Video.FPS=12.5", BAD),
                             ("Encode[0].MainFormat[0].Video.FPS=fast", BAD), ("MotionDetect[0].Enable=maybe", BAD),
                             ("MotionDetect[0].Enable=false", OK), ("MotionDetect[0].EventHandler=1", BAD), ("MotionDetect[0].Level=", BAD),
                             ("General.MachineName=", OK)):
            with self.subTest(pair=pair):
                self.assertEqual(self.write(recorder, pair), answer)
        self.assertEqual(self.table(recorder, "Encode[0].MainFormat[0].Video.FPS"), 30)

    def test_unknown_keys_and_banks_that_a_row_lacks(self):
        recorder = self.rig("bullet")
        self.assertEqual(self.write(recorder, "Lighting[0][0].NearLight[0].Light=70"), OK)
        self.assertEqual(self.write(recorder, "Lighting[0][0].FarLight[0].Light=70"), DECLINED)
        self.assertEqual(self.write(recorder, "Lighting[0][0].NoSuch=70"), BAD)
        self.assertEqual(self.write(recorder, "NoSuch[0].Light=70")[0], 400)
        self.assertEqual(self.write(recorder, "Lighting[0][0].Mode=Manual&Lighting[0][0].NoSuch=1"), BAD)
        self.assertEqual(self.table(recorder, "Lighting[0][0].Mode"), "Auto", "all keys or none")
        self.assertEqual(self.write(recorder, ""), BAD)
        self.assertEqual(self.cgi(recorder, "configManager.cgi?action=noSuchVerb"), (501, b"Error\r\nNot Implemented!\r\n"))
        self.assertEqual(recorder.control("/state")["counters"]["config_writes"], 1)

    def test_size_and_its_words_follow_each_other(self):
        recorder = self.rig()
        path = "Encode[0].MainFormat[0].Video"

        def video():
            value = self.table(recorder, path)
            return tuple(value[name] for name in ("Width", "Height", "resolution", "CustomResolutionName"))

        self.assertEqual(self.write(recorder, f"{path}.resolution=1280x720"), OK)
        self.assertEqual(video(), (1280, 720, "1280x720", "720P"))
        self.assertEqual(self.write(recorder, f"{path}.Width=704&{path}.Height=576"), OK)
        self.assertEqual(video(), (704, 576, "704x576", "D1"))
        client = self.logged_in(recorder)
        row = client.call("configManager.getConfig", {"name": "Encode", "channel": 0})["params"]["table"]
        row["MainFormat"][0]["Video"].update(Width=352, Height=288)
        self.assertTrue(client.call("configManager.setConfig", {"name": "Encode", "channel": 0, "table": row})["result"])
        self.assertEqual(video(), (352, 288, "352x288", "CIF"))
        self.assertEqual(self.table(recorder, "Encode[0].MainFormat[1].Video.Width"), 640, "each record type has its own")

    def test_rates_as_floats_by_firmware(self):
        self.assertEqual(self.read(self.rig("bullet"), "Encode[0].MainFormat[0].Video.FPS"),
                         {"table.Encode[0].MainFormat[0].Video.FPS": "25.000000"})
        self.assertEqual(self.read(self.rig(), "Encode[0].MainFormat[0].Video.FPS"), {"table.Encode[0].MainFormat[0].Video.FPS": "25"})

    def test_forms_of_encode_abilities(self):
        def keys(recorder, channel=1):
            status, body = self.cgi(recorder, f"encode.cgi?action=getConfigCaps&channel={channel}")
            self.assertEqual(status, 200)
            return dict(line.split("=", 1) for line in body.decode().split("\r\n") if line)

        recorder = keys(self.rig())
        self.assertEqual({key.split(".")[0] for key in recorder}, {"caps[0]", "caps[1]"})
        self.assertEqual(recorder["caps[1].MainFormat[0].Video.ResolutionTypes"], "1920x1080(1080P),1280x720,D1,CIF,704x576")
        self.assertEqual(recorder["caps[0].ExtraFormat[0].Video.BitRateOptions"], "64,4096")
        bullet = keys(self.rig("bullet"))
        self.assertEqual(bullet["caps.MainFormat[0].Video.ResolutionTypes"], "1080P,720P,D1,CIF,2592x1944(1944P)")
        dome = keys(self.rig("ptz"))
        self.assertEqual(dome["headMain.Video.BitRateOptions"], "256,3584")
        self.assertIn("headExtra.Video.FPSMax", dome)
        self.assertEqual(self.cgi(self.rig("bullet"), "encode.cgi?action=getConfigCaps&channel=2"), BAD)
        client = self.logged_in(self.rig())
        caps = client.call("encode.getConfigCaps", {"channel": 0, "config": {}, "stream": "All"})["params"]["caps"]
        self.assertEqual(caps["MainFormat"][3]["Video"]["CompressionTypes"], "H.264,H.265")
        other = self.rig()
        plain = self.cgi(other, "configManager.cgi?action=getConfigCaps&name=RecordMode")
        self.assertEqual(plain, self.cgi(other, "configManager.cgi?action=getConfig&name=RecordMode"))

    def test_old_recorder(self):
        recorder = self.rig("olddvr", channels=4)
        lines = self.read(recorder, "MotionDetect[0]")
        self.assertEqual([lines[f"table.MotionDetect[0].Region[{row}]"] for row in (0, 1, 17)], ["3", "0", "4194303"])
        self.assertFalse([key for key in lines if "MotionDetectWindow" in key or "DetectVersion" in key])
        names = self.read(recorder, "ChannelTitle")
        self.assertEqual(names["table.ChannelTitle[1].Name"].encode("latin-1"), "大门".encode("gbk"))
        self.assertEqual(self.write(recorder, "ChannelTitle[0].Name=%C7%B0%C3%C5"), OK)
        self.assertEqual(self.read(recorder, "ChannelTitle[0].Name")["table.ChannelTitle[0].Name"].encode("latin-1"), "前门".encode("gbk"))
        self.assertEqual(self.read(recorder, "VideoColor[0].Brightness"), {"table.VideoColor[0].Brightness": "50"})
        self.assertIn("table.VideoInOptions[0].Mirror", self.read(recorder, "VideoInOptions"))
        for name in ("VideoImageControl", "SmartMotionDetect", "RemoteDevice", "DisableLinkage"):
            self.assertEqual(self.cgi(recorder, f"configManager.cgi?action=getConfig&name={name}"), BAD)
        self.assertEqual(self.read(recorder, "General.MaxLoginError"), {"table.General.MaxLoginError": "5"})

    def test_infrared_sensor(self):
        recorder = self.rig("bullet")

        def read():
            status, body = self.cgi(recorder, "pirAlarm.cgi?action=getPirParam&channel=1")
            self.assertEqual(status, 200)
            return dict(line.split("=", 1) for line in body.decode().split("\r\n") if line)

        lines = read()
        self.assertEqual(lines["configEx[0].PirLink.LightingLink.LightLinkType"], "Filcker")
        self.assertEqual(lines["configEx[0].DetectWindow[1].Region[17]"], str(0x3C0000))
        for place in ("configEx[0].", "configEx[0].PirLink."):
            self.assertEqual(lines[f"{place}RecordChannels[0]"], "0")
        write = "pirAlarm.cgi?action=setPirParam&channel=1&configEx[0].Enable=false&configEx[0].PirLink.LightingLink.FilckerIntevalTime=9"
        self.assertEqual(self.cgi(recorder, write), OK)
        lines = read()
        self.assertEqual((lines["configEx[0].Enable"], lines["configEx[0].PirLink.LightingLink.FilckerIntevalTime"]), ("false", "9"))
        self.assertEqual(self.cgi(recorder, "pirAlarm.cgi?action=setPirParam&channel=1&configEx[0].FlickerIntervalTime=9"), BAD)
        self.assertEqual(self.cgi(recorder, "pirAlarm.cgi?action=getPirParam&channel=2"), BAD)
        self.assertEqual(self.cgi(self.rig(), "pirAlarm.cgi?action=getPirParam&channel=1"), BAD)


class ConfigFaults(ConfigClient):
    def fault(self, recorder, name, **more):
        recorder.control("/fault", {"name": name, "times": 1, **more})

    def test_texts_of_cgi_refusals(self):
        recorder = self.rig()
        read = "configManager.cgi?action=getConfig&name=General"
        self.fault(recorder, "authority_403", action="getConfig", table="General")
        self.assertEqual(self.cgi(recorder, "configManager.cgi?action=getConfig&name=NTP")[0], 200)
        status, body = self.cgi(recorder, read)
        self.assertEqual((status, json.loads(body)["error"]["message"]), (403, "Authority:check failure."))
        self.fault(recorder, "authority_403", form="bare")
        self.assertEqual(self.cgi(recorder, read), (403, b"Authority:check failure."))
        self.fault(recorder, "cgi_501")
        self.assertEqual(self.cgi(recorder, read), (501, b"Error\r\nNot Implemented!\r\n"))
        self.fault(recorder, "missing_leaf", status=200)
        self.assertEqual(self.cgi(recorder, read), (200, b"Error: Error -1 getting param in name=General\r\n"))
        for more, text in (({}, b"Error\r\n"), ({"lower": True}, b"error\r\n"), ({"second": "Save Config Failed!"}, b"Error\r\nSave Config Failed!\r\n")):
            self.fault(recorder, "cgi_error_200", table="General", action="setConfig", **more)
            self.assertEqual(self.write(recorder, "General.LocalNo=77"), (200, text))
        self.assertEqual(self.table(recorder, "General.LocalNo"), 8)
        self.fault(recorder, "cgi_empty_200")
        self.assertEqual(self.write(recorder, "General.LocalNo=77"), (200, b""))
        self.assertEqual(self.table(recorder, "General.LocalNo"), 77)

    def test_stale_nonce_as_403(self):
        recorder = self.rig()
        client = self.web(recorder)
        target = "/cgi-bin/magicBox.cgi?action=getSerialNo"
        [one] = challenges(client.exchange("GET", target))
        self.assertEqual(client.exchange("GET", target, [("Authorization", one.answer("GET", target))]).status, 200)
        self.fault(recorder, "stale_nonce_403")
        answer = client.exchange("GET", target, [("Authorization", one.answer("GET", target))])
        self.assertEqual((answer.status, answer.body), (403, b"Authority:check failure."))
        self.assertEqual(client.exchange("GET", target, [("Authorization", one.answer("GET", target))]).status, 401)
        self.assertEqual(client.get(target).status, 200)

    def test_lock_in_the_older_words(self):
        for status in (403, 401):
            recorder = self.rig(lock={"tries": 1, "seconds": 1800})
            recorder.control("/fault", {"name": "lock_text", "status": status})
            client = self.web(recorder)
            client.get("/cgi-bin/magicBox.cgi?action=getSerialNo", password="wrong")
            answer = client.get("/cgi-bin/magicBox.cgi?action=getSerialNo")
            self.assertEqual((answer.status, answer.body), (status, b"Error\r\nUser Locked! Please try again after 30 minutes."))

    def test_shapes_of_rpc_answers(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        self.fault(recorder, "table_top_level")
        reply = client.call("configManager.getConfig", {"name": "General"})
        self.assertEqual((reply["table"]["LocalNo"], "params" in reply), (8, False))
        recorder.control("/clear", {})
        self.fault(recorder, "missing_params", what="configManager.setConfig")
        general = client.call("configManager.getConfig", {"name": "General"})["params"]["table"]
        reply = client.call("configManager.setConfig", {"name": "General", "table": general})
        self.assertIs(reply["result"], True)
        self.assertIsNone(reply.get("params"))
        self.fault(recorder, "request_length", bytes=200, what="configManager.setConfig")
        reply = client.call("configManager.setConfig", {"name": "General", "table": general, "fill": "x" * 200})
        self.assertEqual((reply["errCode"], reply["message"]), (287638033, "Request length error!"))
        recorder.control("/fault", [{"name": "error_top_level"}, {"name": "rpc_error", "code": 285278249, "message": "Authority:check failure.", "times": 1}])
        reply = client.call("configManager.getConfig", {"name": "General"})
        self.assertEqual((reply["result"], reply["errCode"], "error" in reply), (False, 285278249, False))

    def test_writes_that_go_wrong(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        row = client.call("configManager.getConfig", {"name": "MotionDetect", "channel": 0})["params"]["table"]
        write = {"name": "MotionDetect", "channel": 0, "table": {**row, "Level": 6}}
        self.fault(recorder, "config_not_applied", table="MotionDetect")
        self.assertTrue(client.call("configManager.setConfig", write)["result"])
        self.assertEqual(self.table(recorder, "MotionDetect[0].Level"), 3)
        self.fault(recorder, "config_conflict", table="MotionDetect", path="MotionDetect[0].Enable", value=True)
        self.assertIs(client.call("configManager.getConfig", {"name": "MotionDetect", "channel": 0})["params"]["table"]["Enable"], False)
        self.assertIs(self.table(recorder, "MotionDetect[0].Enable"), True)
        self.fault(recorder, "config_side_effect", table="MotionDetect", path="SmartMotionDetect[0].Enable", value=True)
        self.assertTrue(client.call("configManager.setConfig", write)["result"])
        self.assertIs(self.table(recorder, "SmartMotionDetect[0].Enable"), True)
        for applied, level in ((False, 6), (True, 2)):
            write["table"]["Level"] = 2
            self.fault(recorder, "expire_in_write", applied=applied)
            self.assertIn(rpc.code(client.call("configManager.setConfig", write)), rpc.NO_SESSION)
            self.assertEqual(self.table(recorder, "MotionDetect[0].Level"), level)
            self.assertIn(rpc.code(client.call("configManager.setConfig", write)), rpc.NO_SESSION)
            self.assertTrue(client.login()["result"])

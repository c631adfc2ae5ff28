"""An RTSP device that plays prepared packets."""

import base64
import re
import struct

from device import PASSWORD, REALM, USER, Listener
from http_device import digest_is_good

VIDEO_TYPE = {"h264": 96, "h265": 98}
AUDIO_LINES = {
    "alaw": "m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n",
    "mulaw": "m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n",
    "aac": "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000\r\n"
    "a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408\r\n",
}


def chunk(channel, data):
    return struct.pack(">BBH", 0x24, channel, len(data)) + data


def fmtp(clip):
    sets = [base64.b64encode(nal).decode() for nal in clip.parameter_sets()]
    if clip.codec == "h264":
        profile = clip.parameter_sets()[0][1:4].hex().upper()
        return f"a=fmtp:96 packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={','.join(sets)}\r\n"
    vps, sps, pps = sets
    return f"a=fmtp:98 profile-id=1;sprop-sps={sps};sprop-pps={pps};sprop-vps={vps}\r\n"


def video_lines(clip, with_fmtp=True):
    kind, name = VIDEO_TYPE[clip.codec], clip.codec.upper()
    lines = f"m=video 0 RTP/AVP {kind}\r\na=control:trackID=0\r\na=framerate:25.000000\r\na=rtpmap:{kind} {name}/90000\r\n"
    return lines + (fmtp(clip) if with_fmtp else "") + "a=recvonly\r\n"


def audio_lines(form, track=1):
    return AUDIO_LINES[form] + f"a=control:trackID={track}\r\na=recvonly\r\n"


NEW_HEAD = (
    "v=0\r\no=- 2252310609 2252310609 IN IP4 0.0.0.0\r\ns=Media Server\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n"
    "a=packetization-supported:DH\r\na=rtppayload-supported:DH\r\na=range:npt=now-\r\na=x-packetization-supported:IV\r\n"
    "a=x-rtppayload-supported:IV\r\na=x-summary:Oversea\r\n"
)
OLD_HEAD = (
    "v=0\r\no=- 2252310609 2252310609 IN IP4 0.0.0.0\r\ns=RTSP Session of ZheJiang Dahua Technology CO.,LTD.\r\n"
    "c=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\na=range:npt=now-\r\n"
)


class RtspDevice:
    """A test changes a device by overriding the attribute or method of what is different."""

    head = NEW_HEAD
    challenge_on = ("DESCRIBE", "SETUP", "PLAY")
    each_request = True  # False: the connection is authenticated once
    challenges = ('Digest realm="{realm}", nonce="{nonce}"',)
    algorithms = ("MD5",)
    nonce = "8b27de45a2c5f0f8"
    sessions = {"SETUP": "634214675641;timeout=60", "PLAY": "634214675641;timeout=60"}
    first_channel = 0  # of the interleaved numbers given to track 0
    refusals = {}  # method: (status, reason, body)
    unauthorised = "Unauthorized"

    def __init__(self, clip, pictures, sound=(), audio=None):
        self.clip, self.pictures, self.sound, self.audio = clip, pictures, list(sound), audio
        self.requests = []
        self.channels = {}

    def listen(self):
        return Listener(self.serve)

    def sdp(self):
        return self.head + video_lines(self.clip) + (audio_lines(self.audio) if self.audio else "")

    def serve(self, link):
        link.trusted = False
        while True:
            if link.read(1) == b"$":
                link.read(struct.unpack(">xH", link.read(3))[0])
                continue
            text = link.read_until(b"\r\n\r\n").decode("latin-1")
            first, *lines = text.split("\r\n")
            method, url, _ = first.split(" ")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
            link.read(int(headers.get("content-length", 0)))
            self.handle(link, self.whole_method(method), url, headers)

    @staticmethod
    def whole_method(rest):
        """The first letter has been read already."""
        names = ("OPTIONS", "DESCRIBE", "SETUP", "PLAY", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER", "PAUSE")
        return next(name for name in names if name[1:] == rest)

    def handle(self, link, method, url, headers):
        self.requests.append((method, url, headers))
        if method in self.challenge_on and not link.trusted and not self.authorised(headers.get("authorization", ""), method, url):
            lines = [f"WWW-Authenticate: {c.format(realm=REALM, nonce=self.nonce)}" for c in self.challenges]
            return self.reply(link, headers, 401, self.unauthorised, lines)
        if method in self.challenge_on and not self.each_request:
            link.trusted = True
        if method in self.refusals:
            status, reason = self.refusals[method]
            return self.reply(link, headers, status, reason, [])
        getattr(self, method.lower(), self.fine)(link, url, headers)

    def authorised(self, given, method, url):
        if given.startswith("Basic "):
            return "Basic" in self.algorithms and base64.b64decode(given[6:]).decode() == f"{USER}:{PASSWORD}"
        return digest_is_good(given, method, url, self.nonce, algorithms=self.algorithms)

    def reply(self, link, headers, status, reason, lines, body=b""):
        head = [f"RTSP/1.0 {status} {reason}".rstrip(), f"CSeq: {headers['cseq']}", "Server: Rtsp Server/3.0", *lines]
        if body:
            head.append(f"Content-Length: {len(body)}")
        link.send("\r\n".join(head).encode() + b"\r\n\r\n" + body)

    def fine(self, link, url, headers):
        self.reply(link, headers, 200, "OK", [])

    def options(self, link, url, headers):
        public = "OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, PAUSE, TEARDOWN, SET_PARAMETER, GET_PARAMETER"
        self.reply(link, headers, 200, "OK", [f"Public: {public}"])

    def content_base(self, url):
        return f"Content-Base: {url}/"

    def describe(self, link, url, headers):
        lines = ["x-Accept-Dynamic-Rate: 1", "Content-Type: application/sdp", "Cache-Control: must-revalidate"]
        base = self.content_base(url)
        self.reply(link, headers, 200, "OK", lines + ([base] if base else []), self.sdp().encode())

    def transport(self, track, asked):
        channel = self.first_channel + 2 * track
        self.channels[track] = channel
        return f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1};ssrc=30A98EE7"

    def setup(self, link, url, headers):
        found = re.search(r"[^/]/trackID=(\d)$", url)
        if not found or "channel=1" not in url:
            return self.reply(link, headers, 404, "Not Found", [])
        answer = self.transport(int(found.group(1)), headers["transport"])
        self.reply(link, headers, 200, "OK", [f"Session: {self.sessions['SETUP']}", f"Transport: {answer}", "x-Dynamic-Rate: 1"])

    def rtp_info(self, url):
        return "RTP-Info: url=trackID=0;seq=47121;rtptime=3475222385,url=trackID=1;seq=9;rtptime=77"

    def play(self, link, url, headers):
        lines = [f"Session: {self.sessions['PLAY']}", "Range: npt=0.000000-", self.rtp_info(url)]
        self.reply(link, headers, 200, "OK", lines)
        self.send_media(link)

    def send_media(self, link):
        sound = list(self.sound)
        for number, packets in enumerate(self.pictures):
            for one in packets:
                link.send(chunk(self.channels[0], one))
            if sound and 1 in self.channels:
                for one in sound.pop(0):
                    link.send(chunk(self.channels[1], one))
            self.after_picture(link, number)

    def after_picture(self, link, number):
        pass

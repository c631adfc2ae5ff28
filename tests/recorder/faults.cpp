#include "recorder/faults.hpp"

#include <algorithm>

namespace dmss::recorder {
namespace {

using proto::rpc::int_or;
using proto::rpc::text_or;

constexpr std::size_t kMaxFaults = 256;

bool filter(const Json& arguments, const char* key, std::string_view value) {
  return !arguments.contains(key) || text_or(arguments, key, "") == value;
}

}  // namespace

const std::vector<Faults::Known>& Faults::known() {
  static const std::vector<Known> table{
      // logging in
      {"wrong_password", "right credentials are refused as wrong"},
      {"lock", "seconds: the account is locked and the countdown runs from now"},
      {"not_initialised", "the device has no password yet"},
      {"too_many_users",
       "refused for the number of users; b8, b9: the DVRIP pair (3, 3), code: the RPC code"},
      {"busy", "refused for lack of resources; b8, b9: the DVRIP pair (1, 7), code: the RPC code"},
      {"verdict", "b8, b9: any DVRIP refusal; early: already instead of the challenge"},
      {"session_in_refusal", "a refused DVRIP login still carries a session id"},
      {"close_after_verdict", "the connection is closed right behind a refusal"},
      {"no_tries_left", "refusals do not tell how many tries are left"},
      // any connection
      {"refuse_connection", "accepted and closed at once"},
      {"silent", "nothing is sent any more, what comes is read"},
      {"half_open", "nothing is sent and nothing is read any more"},
      {"reset_at", "bytes: the connection is reset after so many bytes were sent on it"},
      {"close_at", "bytes: closed in order after so many bytes were sent on it"},
      {"chunks", "size, pause_ms (1): everything is sent in pieces of that size with a pause between"},
      {"merge", "ms: output is held back so long and sent at once"},
      {"slow", "ms: answers take that long"},
      {"garbage", "bytes (32): junk in front of the next message"},
      {"oversize", "the next message announces an absurd length"},
      {"truncate", "the next message is cut in the middle and the connection closed"},
      // DVRIP
      {"no_reply", "a request gets no answer (what: command in hex, or RPC or RTSP method)"},
      {"unsolicited", "a frame nobody asked for comes before each answer"},
      {"tie_without_ack", "f1 is accepted in silence"},
      {"add_object_refused", "reason (1): AddObject gets FaultCode:Error"},
      {"sub_channel_refused", "the sub-connection is closed instead of being acknowledged"},
      {"keep_alive_timeout",
       "seconds: how long the control connection may be silent before media stops and the session ends"},
      {"monitor_refused", "reason (1): Monitor.General gets FaultCode:Error"},
      {"no_monitor_reply", "media starts without an answer to Monitor.General"},
      {"wrong_channel", "the channel bytes of bc and DHAV are wrong"},
      {"json_trailer", "trailer: none, lf or lfnul behind JSON"},
      {"fragments", "size: JSON is sent in fragments of that size"},
      {"two_notifications", "each notification comes twice in one segment, each event of a CGI stream twice"},
      {"no_snapshot", "a snapshot request is not answered"},
      // JSON-RPC and CGI
      {"rpc_error", "code, message: a method is refused (what)"},
      {"expire_session", "the next call finds its session gone"},
      {"error_top_level", "refusals as errCode and message at the top level"},
      {"table_top_level", "getConfig's table stands beside result"},
      {"challenge_401", "login challenges carry the old code 401"},
      {"challenge_session_dead", "the session of the login's challenge is of no use afterwards"},
      {"encryption", "value: login challenges ask for another password form"},
      {"http_status", "status, body: a path is answered so (what)"},
      {"basic_only", "HTTP and RTSP offer Basic alone"},
      {"stale_nonce", "the next right digest is answered as stale"},
      {"stale_nonce_403", "the next right digest is answered by 403 Authority:check failure."},
      {"lock_text", "status (403): a locked account is told in the older text form"},
      {"redirect", "HTTP redirects to HTTPS"},
      // events
      {"events_lost", "an event is not told (what: its code); what goes on is remembered all the same"},
      {"no_stop_event", "a Stop is not told (what: its code)"},
      {"attach_refused", "code, message: an attachment is refused; on a CGI stream status (404), body"},
      {"one_listener", "an attachment beside another one is refused; arguments as attach_refused (500)"},
      {"long_codes", "max (1): longer lists of codes are refused; arguments as attach_refused (400)"},
      {"only_all", "attachments to anything but All are refused; arguments as attach_refused (400)"},
      {"attach_silent", "an attachment is answered, and nothing comes on it, ever"},
      {"no_heartbeat", "a CGI stream leaves out a heartbeat"},
      {"stream_cut", "bytes, reset: a CGI stream ends after so many bytes"},
      {"multipart",
       "a block of a CGI stream (what: code or Heartbeat) has headers (1, 3), length (tight, none), off "
       "(bytes), "
       "no_blank, boundary_space, response, cut, no_index, unknown_pairs"},
      // PTZ and controls
      {"ptz_postion", "getStatus has the old spelling Postion"},
      {"ptz_tenths", "PositionABS counts tenths of degrees"},
      {"coaxial_status", "shape: nested, flat or lower, the form of coaxialControlIO.cgi getStatus"},
      {"authority_403", "form (json) or bare: a CGI request is refused for lack of privilege"},
      {"cgi_501", "a CGI verb is not implemented"},
      {"cgi_error_200",
       "second, lower: a CGI request is declined as 200 Error, with a second line, in lower case"},
      {"cgi_empty_200", "a CGI write is done and answered by an empty body"},
      {"missing_leaf", "status (400): getConfig of CGI finds no such leaf"},
      {"charset",
       "value: gbk or latin1, the encoding of all text over JSON and CGI; the control port stays in UTF-8"},
      {"missing_params", "a JSON-RPC answer has no params"},
      {"request_length", "bytes (0): longer JSON-RPC calls are refused as too long"},
      // configuration
      {"config_not_applied", "a write is answered well and not done"},
      {"config_conflict", "path, value: changes a setting right after a table was read"},
      {"config_side_effect", "path, value: a write changes another setting too"},
      {"expire_in_write", "applied: setConfig finds its session gone; with applied it was done before"},
      {"reboot_time", "seconds: how long a reboot takes"},
      // media
      {"no_media", "streams open but nothing comes"},
      {"no_key_frame", "streams have no key frames"},
      {"resolution_change", "the picture size and the parameter sets change in mid-stream"},
      {"codec_change", "the codec changes in mid-stream"},
      {"clock_jump", "ms: the media clock jumps once"},
      {"wrap", "RTP sequence numbers, RTP time stamps and DHAV milliseconds start right before their wrap"},
      {"drop_pictures", "every: each n-th picture is left out"},
      {"damage", "every: each n-th picture has flipped bytes"},
      {"no_audio", "sound is left out"},
      // RTSP and RTP
      {"session_timeout",
       "seconds: how long an RTSP session may be silent (the answers still say what the profile says)"},
      {"needs_user_agent", "RTSP requests without User-Agent get 401"},
      {"clock_from_zero", "RTP sequence numbers and time stamps start at 0"},
      {"rtsp_status", "status, reason: a method is refused (what)"},
      {"bare_401", "401 without WWW-Authenticate"},
      {"challenge_on", "on: options or describe"},
      {"padded_ssrc", "Transport answers with ssrc=     D93FF"},
      {"no_fmtp", "the SDP has no fmtp lines"},
      {"broken_sdp", "the SDP has doubled and broken lines"},
      {"changed_session", "PLAY answers another session id than SETUP"},
      {"other_channels", "interleaved channels are not those asked for"},
      {"no_sender_reports", "no RTCP sender reports"},
      {"clock_off", "ms: the wall clock of sender reports is off"},
      {"lose", "every: each n-th RTP packet is left out"},
      {"reorder", "every: each n-th RTP packet comes behind its successor"},
      {"duplicate", "every: each n-th RTP packet comes twice"},
      {"junk_between", "every: junk stands before each n-th interleaved packet"},
  };
  return table;
}

Result<void> Faults::add(Json fault) {
  if (!fault.is_object()) return Error(Errc::invalid_argument, "a fault is a JSON object");
  Fault f;
  f.name = text_or(fault, "name", "");
  const auto same = [&](const Known& k) { return k.name == f.name; };
  if (std::none_of(known().begin(), known().end(), same))
    return Error(Errc::invalid_argument, "no fault named \"" + f.name + "\"");
  if (active_.size() >= kMaxFaults) return Error(Errc::overflow, "too many faults");
  f.times = int_or(fault, "times", -1);
  f.skip = int_or(fault, "skip", 0);
  f.arguments = std::move(fault);
  active_.push_back(std::move(f));
  return {};
}

void Faults::clear(std::string_view name) {
  std::erase_if(active_, [&](const Fault& f) { return name.empty() || f.name == name; });
}

bool Faults::matches(const Fault& f, std::string_view name, const Where& where) {
  if (f.name != name || f.times == 0 || where.service == "control") return false;
  const Json& a = f.arguments;
  return filter(a, "service", where.service) && filter(a, "what", where.what) &&
         filter(a, "user", where.user) && filter(a, "action", where.action) &&
         filter(a, "table", where.table) &&
         (!a.contains("channel") || int_or(a, "channel", 0) == where.channel);
}

std::optional<Json> Faults::take(std::string_view name, const Where& where) {
  for (auto f = active_.begin(); f != active_.end(); ++f) {
    if (!matches(*f, name, where)) continue;
    if (f->skip > 0) {
      --f->skip;
      return std::nullopt;
    }
    Json arguments = f->arguments;
    if (f->times > 0 && --f->times == 0) active_.erase(f);
    return arguments;
  }
  return std::nullopt;
}

const Json* Faults::find(std::string_view name, const Where& where) const {
  for (const Fault& f : active_) {
    if (f.skip == 0 && matches(f, name, where)) return &f.arguments;
  }
  return nullptr;
}

Json Faults::list() const {
  Json out = Json::array();
  for (const Fault& f : active_) {
    Json one = f.arguments;
    one["times"] = f.times;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace dmss::recorder

// The f4 text channel: sub-connections and the start of media (protocol dvrip-dhip.md §3, §4.1).
#include "recorder/dvrip_connection.hpp"

namespace dmss::recorder {
namespace {

namespace dvrip = proto::dvrip;
using dvrip::Text;
using proto::rpc::int_or;

constexpr int kGeneralError = 1;

/// "Monitor.General" of "Dahua.Device.Network.Monitor.General".
std::string_view short_name(std::string_view parameter) {
  const std::size_t last = parameter.rfind('.');
  const std::size_t before =
      last == std::string_view::npos || last == 0 ? last : parameter.rfind('.', last - 1);
  return before == std::string_view::npos ? parameter : parameter.substr(before + 1);
}

}  // namespace

void DvripConnection::fail(const Text& request, int reason) {
  answer(short_name(request.parameter()), dvrip::write_text(dvrip::make_reply(request, reason), version()));
}

void DvripConnection::add_object(const Text& request) {
  if (request.method() != "AddObject") {  // DeleteObject, RemoveObject
    const auto connection = request.connection_id();
    DvripService::SubChannel* sub = connection ? service_.find(*connection) : nullptr;
    if (sub == nullptr || sub->session != session()) return fail(request, kGeneralError);
    const auto link = sub->link.lock();
    service_.remove(*connection);
    if (link) link->close_after_sending();
    return answer(request.method(), dvrip::write_text(dvrip::make_reply(request), version()));
  }
  if (!core_.profile.dvrip.sub_connections || service_.full()) return fail(request, kGeneralError);
  if (const auto fault =
          core_.faults.none() ? std::nullopt : core_.faults.take("add_object_refused", where("f4"))) {
    return fail(request, static_cast<int>(int_or(*fault, "reason", kGeneralError)));
  }
  Text reply = dvrip::make_reply(request);
  reply.set("ConnectionID", static_cast<std::int64_t>(service_.add_sub_channel(session())));
  answer("AddObject", dvrip::write_text(reply, version()));
}

bool DvripConnection::ack_sub_channel(const Text& request) {
  const auto connection = request.connection_id();
  DvripService::SubChannel* sub = connection ? service_.find(*connection) : nullptr;
  if (sub == nullptr || request.number("SessionID").value_or(-1) != sub->session ||
      core_.faults.strikes("sub_channel_refused", where("f4")))
    return false;
  sub->link = link_;
  // When this connection goes, its media goes with it; the object stays until it is deleted.
  link_->on_closed([&service = service_, id = *connection] {
    if (DvripService::SubChannel* gone = service.find(id)) gone->media.reset();
  });
  answer("AckSubChannel", dvrip::write_text(dvrip::make_reply(request), version()));
  return true;
}

void DvripConnection::monitor(const Text& request) {
  const auto connection = request.connection_id();
  DvripService::SubChannel* sub = connection ? service_.find(*connection) : nullptr;
  const std::int64_t channel = request.number("channel").value_or(-1) + 1;
  const std::int64_t stream = request.number("stream").value_or(0);
  if (sub == nullptr || sub->session != session() || channel < 1 || channel > core_.profile.channels ||
      stream > core_.profile.extra_streams())
    return fail(request, kGeneralError);
  const Where here{.service = "dvrip", .what = "f4", .channel = static_cast<int>(channel)};
  if (request.number("state").value_or(1) == 0) {
    sub->media.reset();
    return answer("Monitor.General", dvrip::write_text(dvrip::make_reply(request), version()));
  }
  const auto link = sub->link.lock();
  if (!link || !link->open()) return fail(request, kGeneralError);
  if (const auto fault = core_.faults.none() ? std::nullopt : core_.faults.take("monitor_refused", here)) {
    return fail(request, static_cast<int>(int_or(*fault, "reason", kGeneralError)));
  }
  if (!core_.faults.strikes("no_monitor_reply", here))
    answer("Monitor.General", dvrip::write_text(dvrip::make_reply(request), version()));
  sub->media = std::make_unique<DvripMedia>(core_, link, static_cast<int>(channel),
                                            static_cast<int>(std::min<std::int64_t>(stream, 1)));
}

void DvripConnection::values(const Text& request) {
  Text reply = dvrip::make_reply(request);
  if (request.parameter() != "Dahua.Device.Record.General") {
    reply.set("FaultCode", "Error");  // captured without a reason (protocol dvrip-dhip.md §3)
    return answer("GetParameterValues", dvrip::write_text(reply, version()));
  }
  for (const char* key : {"IsGeneralRecord", "IsAlarmRecord", "IsMoveDetectRecord", "IsLocalStore",
                          "IsRemoteStore", "IsRedunancyStore", "IsLocalurgentStore"}) {
    reply.set(key, std::int64_t{0});
  }
  answer("GetParameterValues", dvrip::write_text(reply, version()));
}

bool DvripConnection::text(const dvrip::FrameView& frame) {
  const Result<Text> request = Text::parse(frame.body);
  if (!request) return false;
  const std::string_view method = request->method(), parameter = request->parameter();
  core_.count("f4_" + std::string(short_name(parameter)).substr(0, 64));
  if (parameter == dvrip::kAckSubChannel) return ack_sub_channel(*request);
  if (!logged_in()) return false;
  if (parameter == dvrip::kPassive) {
    add_object(*request);
  } else if (parameter == dvrip::kMonitor) {
    monitor(*request);
  } else if (method == "GetParameterValues") {
    values(*request);
  } else {
    fail(*request, kGeneralError);
  }
  return true;
}

}  // namespace dmss::recorder

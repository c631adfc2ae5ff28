// JSON-RPC on 37777: every call gets the same small table, events come as fast as was asked for.
#include "bench/media_server/dvrip_json.hpp"

#include <fmt/core.h>

#include "proto/rpc/message.hpp"

namespace dmss::bench {
namespace {

namespace rpc = proto::rpc;

constexpr auto kTick = std::chrono::milliseconds(10);

constexpr std::string_view kTable =
    R"({"table":{"Enable":true,"Level":3,"Name":"Channel 1","EventHandler":{"Dejitter":5,"RecordChannels":[0],"RecordEnable":true,"RecordLatch":10}}})";

std::string event(std::uint32_t session, std::uint64_t number) {
  return fmt::format(
      R"({{"id":8,"method":"client.notifyEventStream","params":{{"SID":513,"eventList":[{{"Action":"Pulse","Code":"CrossLineDetection","Data":{{"EventID":{},"Name":"Rule1","UTC":{}}},"Index":{}}}]}},"session":{}}})",
      10000 + number, 1700000000 + number, number % 16, session);
}

}  // namespace

DvripJson::DvripJson(Loop& loop, Connection& connection, std::uint32_t session, double events_per_second)
    : loop_(loop), connection_(connection), session_(session), per_tick_(events_per_second * 0.01) {}

DvripJson::~DvripJson() {
  if (timer_) loop_.cancel(*timer_);
}

void DvripJson::take(const proto::dvrip::FrameView& frame) {
  const auto message = assembler_.add(frame);
  if (message.failed()) return connection_.close();
  if (!message.ok()) return;
  const auto parsed = rpc::parse_message(message.value().text());
  const auto* request = parsed ? std::get_if<rpc::Request>(&*parsed) : nullptr;
  if (request == nullptr) return connection_.close();
  const bool attach = request->method == "eventManager.attach";
  const std::string reply = fmt::format(R"({{"id":{},"params":{},"result":true,"session":{}}})", request->id,
                                        attach ? std::string_view(R"({"SID":513})") : kTable, session_);
  send(message.value().id, reply);
  if (attach && per_tick_ > 0 && !timer_) tick(Loop::now());
}

void DvripJson::send(std::uint32_t id, std::string_view json) {
  proto::dvrip::JsonFrameOptions o;
  o.version = 0x68;
  o.trailer = "\n";
  connection_.send(proto::dvrip::write_json(id, session_, json, o));
}

void DvripJson::tick(Time due) {
  timer_.reset();
  for (owed_ += per_tick_; owed_ >= 1; owed_ -= 1) send(8, event(session_, number_++));
  if (connection_.closed()) return;
  timer_ = loop_.at(due + kTick, [this, due] { tick(due + kTick); });
}

}  // namespace dmss::bench

// DHIP: JSON-RPC with a 32-byte header.
#include "base/bytes.hpp"
#include "proto/dvrip/dhip.hpp"
#include "recorder/dvrip_service.hpp"

namespace dmss::recorder {
namespace {

namespace dvrip = proto::dvrip;
namespace rpc = proto::rpc;

/// Longer answers go out in pieces, as large ones of devices do.
constexpr std::size_t kFragment = 32u << 10;

class DhipConnection {
 public:
  DhipConnection(Core& core, Rpc& rpc, Link& link) : core_(core), rpc_(rpc), link_(link) {
    caller_.service = "dhip";
    caller_.address = link.address();
    caller_.by_connection = true;
    caller_.notify = [this](const Json& note, int copies) {
      const Bytes one = frame(static_cast<std::uint32_t>(rpc::int_or(note, "id", 0)), rpc::dump(note));
      Bytes all;
      for (; copies > 0; --copies) all.insert(all.end(), one.begin(), one.end());
      link_.send(all);
    };
  }
  ~DhipConnection() {
    if (!caller_.session) return;
    caller_.session->notify = nullptr;
    core_.sessions.close(caller_.session->id);
  }
  DhipConnection(const DhipConnection&) = delete;
  DhipConnection& operator=(const DhipConnection&) = delete;

  void handle(const dvrip::JsonMessage& message) {
    rpc_.answer_body(message.text(), message.id, caller_, [&](const Reply& reply) {
      Bytes out = frame(message.id, rpc_.text(reply));
      if (core_.faults.strikes("oversize", {.service = "dhip"})) store_le32(&out[16], 0x7fffffff);
      link_.send(out);
    });
  }

 private:
  Bytes frame(std::uint32_t id, const std::string& json) const {
    dvrip::DhipOptions options;
    options.trailer = "\n";
    options.max_fragment = kFragment;
    if (!core_.faults.none()) {
      const Where where{.service = "dhip"};
      if (const Json* f = core_.faults.find("fragments", where))
        options.max_fragment =
            static_cast<std::size_t>(std::max<std::int64_t>(1, rpc::int_or(*f, "size", 16)));
      if (const Json* f = core_.faults.find("json_trailer", where)) {
        const std::string trailer = rpc::text_or(*f, "trailer", "lf");
        options.trailer = trailer == "none"    ? std::string_view()
                          : trailer == "lfnul" ? std::string_view("\n\0", 2)
                                               : std::string_view("\n");
      }
    }
    return dvrip::write_dhip(id, caller_.session ? caller_.session->id : 0, json, options);
  }

  Core& core_;
  Rpc& rpc_;
  Link& link_;
  Caller caller_;
};

}  // namespace

net::awaitable<void> DvripService::serve_dhip(std::shared_ptr<Link> link, Bytes first) {
  if (!core_.profile.rpc.enabled) co_return;
  dvrip::FragmentLimits limits;
  limits.max_message = 1u << 20;
  dvrip::DhipReader reader(limits);
  DhipConnection connection(core_, rpc_, *link);
  reader.feed(first);
  for (;;) {
    for (;;) {
      const auto message = reader.next();
      if (message.need_more()) break;
      if (message.failed()) co_return;
      connection.handle(message.value());
    }
    const auto room = reader.prepare();
    const Result<std::size_t> n = co_await link->read_some(room);
    if (!n) co_return;
    reader.commit(*n);
  }
}

}  // namespace dmss::recorder

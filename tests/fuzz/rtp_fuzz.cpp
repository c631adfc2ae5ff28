// RTP and RTCP packets, and the reorder buffer on a stream of sequence numbers.
#include "fuzz.hpp"
#include "proto/rtp/packet.hpp"
#include "proto/rtp/reorder.hpp"
#include "proto/rtp/rtcp.hpp"
#include "proto/rtp/sequence.hpp"

using namespace dmss;
using namespace dmss::proto::rtp;

namespace {

void packet(ByteView in) {
  if (const auto p = parse(in)) {
    FUZZ_CHECK(p->payload.size() + kHeaderSize <= in.size());
    FUZZ_CHECK(p->payload.empty() || (p->payload.data() >= in.data() + kHeaderSize));
    Bytes out(kHeaderSize);
    write_header(out.data(), *p);
    out.insert(out.end(), p->payload.begin(), p->payload.end());
    const auto again = parse(out);
    FUZZ_CHECK(again && again->sequence == p->sequence && again->payload.size() == p->payload.size());
  }
  const Rtcp rtcp = parse_rtcp(in);
  (void)is_rtcp(in);
  if (!rtcp.sender_report) return;
  const SenderReport& sr = *rtcp.sender_report;
  const auto again = parse_rtcp(write_sender_report(sr, as_text(in)));
  FUZZ_CHECK(again.sender_report && again.sender_report->ntp == sr.ntp &&
             again.sender_report->octets == sr.octets);
  (void)ntp_to_unix_us(sr.ntp);
}

/// Three bytes a packet: sequence number, and how much later than the one before it comes.
void stream(ByteView in) {
  constexpr std::size_t kMaxPackets = 16;
  ReorderBuffer buffer(kMaxPackets);
  SequenceTracker tracker;
  TimestampUnwrapper clock;
  ReorderBuffer::TimePoint now{};
  std::size_t came = 0, out = 0;
  while (in.size() >= 3) {
    const ByteView bytes = in.first(2);
    const std::uint16_t sequence = load_be16(bytes.data());
    now += std::chrono::milliseconds(in[2]);
    in = in.subspan(3);
    ++came;
    tracker.add(sequence);
    tracker.add_timing(static_cast<std::uint32_t>(came), sequence);
    (void)clock.unwrap(sequence);
    if (buffer.pass(sequence, bytes, now)) {
      FUZZ_CHECK(!buffer.waiting());
      ++out;
    }
    std::size_t popped = 0;
    while (const auto p = buffer.pop(now)) {
      FUZZ_CHECK(p->size() == 2);
      ++popped;
    }
    FUZZ_CHECK(popped <= kMaxPackets + 1);
    out += popped;
    FUZZ_CHECK(out <= came);
  }
  while (buffer.pop(now + std::chrono::seconds(1))) ++out;
  FUZZ_CHECK(!buffer.waiting() && out <= came);
  if (tracker.started()) (void)tracker.report();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  packet({data, size});
  stream({data, size});
  return 0;
}

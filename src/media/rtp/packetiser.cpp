#include "media/rtp/packetiser.hpp"

#include <algorithm>
#include <vector>

namespace dmss::media {
namespace {

void packetise_nals(Codec codec, ByteView unit, std::size_t mtu,
                    const std::function<void(const RtpPayload&)>& emit) {
  std::vector<ByteView> nals;
  for_each_nal(unit, [&](ByteView nal) { nals.push_back(nal); });
  const std::size_t nal_head = codec == Codec::h265 ? 2 : 1;
  for (std::size_t n = 0; n < nals.size(); ++n) {
    const ByteView nal = nals[n];
    const bool last_nal = n + 1 == nals.size();
    if (nal.size() <= mtu) {
      emit({{}, nal, last_nal});
      continue;
    }
    ByteView rest = nal.subspan(nal_head);
    for (bool first = true; !rest.empty(); first = false) {
      const std::size_t size = std::min(rest.size(), mtu - nal_head - 1);
      const bool last = size == rest.size();
      const auto flags = static_cast<std::uint8_t>((first ? 0x80 : 0) | (last ? 0x40 : 0));
      std::uint8_t head[3];
      if (codec == Codec::h265) {
        head[0] = static_cast<std::uint8_t>((nal[0] & 0x81) | 49 << 1);
        head[1] = nal[1];
        head[2] = static_cast<std::uint8_t>(flags | (nal[0] >> 1 & 0x3f));
      } else {
        head[0] = static_cast<std::uint8_t>((nal[0] & 0xe0) | 28);
        head[1] = static_cast<std::uint8_t>(flags | (nal[0] & 0x1f));
      }
      emit({{head, nal_head + 1}, rest.first(size), last && last_nal});
      rest = rest.subspan(size);
    }
  }
}

}  // namespace

void for_each_nal(ByteView in, const std::function<void(ByteView)>& f) {
  const auto find = [&](std::size_t from) {
    for (std::size_t i = from; i + 3 <= in.size(); ++i) {
      if (in[i] == 0 && in[i + 1] == 0 && in[i + 2] == 1) return i;
    }
    return in.size();
  };
  std::size_t start = find(0);
  while (start < in.size()) {
    const std::size_t begin = start + 3;
    const std::size_t next = find(begin);
    std::size_t end = next;
    while (next < in.size() && end > begin && in[end - 1] == 0) --end;
    if (end > begin) f(in.subspan(begin, end - begin));
    start = next;
  }
}

void packetise(Codec codec, ByteView unit, std::size_t mtu,
               const std::function<void(const RtpPayload&)>& emit) {
  if (codec == Codec::h264 || codec == Codec::h265) return packetise_nals(codec, unit, mtu, emit);
  if (codec == Codec::aac) {
    std::uint8_t head[4];
    store_be16(head, 16);
    store_be16(head + 2, static_cast<std::uint16_t>(unit.size() << 3));
    emit({head, unit, true});
    return;
  }
  while (!unit.empty()) {
    const std::size_t size = std::min(unit.size(), mtu);
    emit({{}, unit.first(size), size == unit.size()});
    unit = unit.subspan(size);
  }
}

}  // namespace dmss::media

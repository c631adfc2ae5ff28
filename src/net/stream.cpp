#include "net/stream.hpp"

namespace dmss::net {

awaitable<Result<void>> read_exactly(Stream& stream, std::span<std::uint8_t> into) {
  while (!into.empty()) {
    Result<std::size_t> n = co_await stream.read_some(into);
    if (!n) co_return n.error();
    into = into.subspan(*n);
  }
  co_return Result<void>();
}

}  // namespace dmss::net

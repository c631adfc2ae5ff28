#include "net/stream.hpp"

namespace dmss::net {

awaitable<Result<void>> Stream::pump(ByteSink& sink) {
  for (;;) {
    Result<std::size_t> n = co_await read_some(sink.room());
    if (!n) co_return n.error();
    if (!sink.take(*n)) co_return Result<void>();
  }
}

awaitable<Result<void>> read_exactly(Stream& stream, std::span<std::uint8_t> into) {
  while (!into.empty()) {
    Result<std::size_t> n = co_await stream.read_some(into);
    if (!n) co_return n.error();
    into = into.subspan(*n);
  }
  co_return Result<void>();
}

}  // namespace dmss::net

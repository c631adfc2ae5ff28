// What a scripted device says, message by message, and the faults it can have while saying it.
#pragma once

#include <functional>
#include <string_view>

#include "scenario/scripted_connector.hpp"

namespace dmss::scenario {

/// How messages of a protocol are cut apart, and what it must survive.
struct Protocol {
  Framer framer;
  Bytes nonsense;  ///< bytes of another protocol
  Bytes oversize;  ///< a head that announces more than any device sends
};
Protocol dvrip_protocol();
Protocol dhip_protocol();
Protocol http_protocol();
Protocol rtsp_protocol();

enum class Fault { none, close, reset, silence, half_then_close, half_then_silence, nonsense, oversize };
inline constexpr Fault kFaults[] = {
    Fault::close,    Fault::reset,   Fault::silence, Fault::half_then_close, Fault::half_then_silence,
    Fault::nonsense, Fault::oversize};
std::string_view name(Fault fault);

/// The device's words for one message of the client; empty = none.
using Words = std::function<Bytes(const Bytes& message)>;

/// Answers every message with `words` until the client has gone; message number `step` (from 0) meets the fault instead.
awaitable<void> converse(Peer& peer, Protocol protocol, Words words, int step, Fault fault);

/// A script of it, for every connection alike.
Script conversation(Protocol protocol, Words words, int step = -1, Fault fault = Fault::none);

}  // namespace dmss::scenario

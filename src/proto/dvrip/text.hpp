// The f4 "Key:Value" parameter protocol that sets up sub-connections and starts media (protocol dvrip-dhip.md
// §3, §4.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dmss/result.hpp"
#include "proto/dvrip/header.hpp"

namespace dmss::proto::dvrip {

inline constexpr std::size_t kMaxTextSize = 64u << 10;
inline constexpr std::size_t kMaxTextPairs = 512;

/// Ordered pairs; keys are compared as they are and may repeat (the first one counts).
class Text {
 public:
  using Pair = std::pair<std::string, std::string>;

  /// Replaces the value of an existing key, else appends. Control characters in key or value are turned into
  /// '?', so that no value can add a line.
  Text& set(std::string_view key, std::string_view value);
  Text& set(std::string_view key, std::int64_t value);

  std::optional<std::string_view> get(std::string_view key) const noexcept;
  /// Decimal value in 0..2^63-1; nullopt when absent or anything else.
  std::optional<std::int64_t> number(std::string_view key) const noexcept;
  const std::vector<Pair>& pairs() const noexcept { return pairs_; }

  std::int64_t transaction() const noexcept { return number("TransactionID").value_or(0); }
  std::string_view method() const noexcept { return get("Method").value_or(""); }
  std::string_view parameter() const noexcept { return get("ParameterName").value_or(""); }
  /// "…Response"
  bool is_response() const noexcept;
  /// FaultCode:OK, or no FaultCode at all.
  bool ok() const noexcept;
  std::optional<std::int64_t> error_reason() const noexcept { return number("ErrorReason"); }
  std::optional<std::uint32_t> connection_id() const noexcept;
  /// Port to open the sub-connection on; nullopt = the same as the control connection's (absent, 0 or no port
  /// number).
  std::optional<std::uint16_t> port() const noexcept;

  /// A whole body. Lines without ':' are skipped, the empty line ends it. Errors: too_large.
  static Result<Text> parse(ByteView body);
  std::string body() const;

 private:
  std::vector<Pair> pairs_;
};

/// The frame. Replies of devices carry `version` 0x58 or 0x68; requests 0.
Bytes write_text(const Text& text, std::uint8_t version = 0);

inline constexpr std::string_view kPassive = "Dahua.Device.Network.ControlConnection.Passive";
inline constexpr std::string_view kAckSubChannel = "Dahua.Device.Network.ControlConnection.AckSubChannel";
inline constexpr std::string_view kMonitor = "Dahua.Device.Network.Monitor.General";
inline constexpr std::string_view kTalk = "Dahua.Device.Network.Talk.General";

// Requests. Set TransactionID again with Text::set if it is given out later.
Text add_object(std::int64_t transaction);
Text delete_object(std::int64_t transaction, std::uint32_t connection);
/// Goes over the new TCP connection, not the control connection.
Text ack_sub_channel(std::int64_t transaction, std::uint32_t session, std::uint32_t connection);
/// channel from 0; stream 0 main, 1.. extra; `on` false stops.
Text monitor(std::int64_t transaction, int channel, int stream, std::uint32_t connection, bool on);

/// The head of an answer to `request`: its TransactionID, Method with "Response", ParameterName and
/// FaultCode; with `error_reason` FaultCode:Error. Further keys are appended by the caller.
Text make_reply(const Text& request, std::optional<int> error_reason = {});

}  // namespace dmss::proto::dvrip

#include "recorder/encoding.hpp"

namespace dmss::recorder {

std::optional<Charset> wire_charset(const Core& core) {
  const Json* fault = core.faults.none() ? nullptr : core.faults.find("charset");
  if (fault == nullptr) return std::nullopt;
  return proto::rpc::text_or(*fault, "value", "gbk") == "latin1" ? Charset::latin1 : Charset::gbk;
}

std::string to_wire(const Core& core, std::string text) {
  const auto charset = wire_charset(core);
  if (!charset) return text;
  return from_utf8(text, *charset).value_or(text);
}

std::string from_wire(const Core& core, std::string_view text) {
  const auto charset = wire_charset(core);
  return charset ? to_utf8(text, *charset) : std::string(text);
}

}  // namespace dmss::recorder

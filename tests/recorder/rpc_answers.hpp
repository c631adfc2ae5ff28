// What the files of JSON-RPC methods share.
#pragma once

#include <string>
#include <utility>

#include "recorder/rpc_instance.hpp"
#include "recorder/rpc_methods.hpp"

namespace dmss::recorder::answers {

namespace rpc = proto::rpc;
namespace code = proto::rpc::code;

inline Reply error(const Request& r, std::int64_t number, const char* message) {
  return rpc::make_error(r, number, message);
}
inline Reply bad_parameter(const Request& r) {
  return error(r, code::invalid_param, "Bad parameter!");
}
inline Reply unknown(const Request& r) {
  return error(r, code::unknown_error, "Unknown error! error code was not set in service!");
}
inline Reply no_authority(const Request& r) {
  return error(r, code::no_authority, "Authority:check failure.");
}

/// Adds a method whose answer is always the same kind of params.
template <class F>
void tell(Rpc& rpc, const std::string& name, F params) {
  rpc.add(name, [params](const Request& r, Caller&) { return rpc::make_reply(r, true, params(r)); });
}

inline std::string user_of(const Caller& c) {
  return c.session ? c.session->user : std::string();
}

using recorder::add_factory;
/// Whether the call names an instance of `service`.
bool has_object(const Request& r, const Caller& c, const std::string& service);

}  // namespace dmss::recorder::answers

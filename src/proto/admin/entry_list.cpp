#include "proto/admin/entry_list.hpp"

namespace dmss::proto::admin {
namespace {

bool lists_objects(const rpc::Json& value) {
  return value.is_array() && !value.empty() && value.front().is_object();
}

}  // namespace

const rpc::Json* entry_list(const rpc::Json& params) {
  if (lists_objects(params)) return &params;
  if (!params.is_object()) return nullptr;
  for (const auto& [key, value] : params.items()) {
    if (lists_objects(value)) return &value;
  }
  return nullptr;
}

}  // namespace dmss::proto::admin

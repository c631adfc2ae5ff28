#include "convert.hpp"

using namespace dmss;
using namespace dmss::c;

namespace {

/// INT32_MIN has no positive counterpart and no meaning.
Errc errc(int32_t c) {
  return static_cast<Errc>(c == INT32_MIN ? INT32_MAX : -c);
}

}  // namespace

extern "C" {

uint32_t dmss_abi_version(void) {
  return DMSS_ABI_VERSION;
}
const char* dmss_version(void) {
  return dmss::version();
}

dmss_str dmss_str_from(const char* s) {
  return {s, s != nullptr ? std::strlen(s) : 0};
}

dmss_str dmss_error_name(int32_t c) {
  return view(name(errc(c)));
}
dmss_str dmss_error_description(int32_t c) {
  return view(description(errc(c)));
}
dmss_str dmss_error_remedy(int32_t c) {
  return view(remedy(errc(c)));
}

void dmss_operation_cancel(dmss_operation* o) {
  if (o == nullptr) return;
  guarded([&] {
    o->operation.cancel();
    return DMSS_OK;
  });
}
void dmss_operation_destroy(dmss_operation* o) {
  delete o;
}

}  // extern "C"

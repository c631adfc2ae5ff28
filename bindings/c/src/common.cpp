#include "convert.hpp"

using namespace dmss;
using namespace dmss::c;

extern "C" {

uint32_t dmss_abi_version(void) { return DMSS_ABI_VERSION; }
const char* dmss_version(void) { return dmss::version(); }

dmss_str dmss_str_from(const char* s) { return {s, s != nullptr ? std::strlen(s) : 0}; }

dmss_str dmss_error_name(int32_t c) { return view(name(static_cast<Errc>(-c))); }
dmss_str dmss_error_description(int32_t c) { return view(description(static_cast<Errc>(-c))); }
dmss_str dmss_error_remedy(int32_t c) { return view(remedy(static_cast<Errc>(-c))); }

void dmss_operation_cancel(dmss_operation* o) {
  if (o != nullptr) o->operation.cancel();
}
void dmss_operation_destroy(dmss_operation* o) { delete o; }

}  // extern "C"

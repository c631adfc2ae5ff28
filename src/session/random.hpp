// Random values for protocols that want unpredictable ones.
#pragma once

#include <string>

namespace dmss::session {

/// 16 hex digits, from OpenSSL's generator: a client nonce.
std::string random_hex();

}  // namespace dmss::session

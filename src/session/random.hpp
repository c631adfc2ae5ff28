// Random values for protocols that want unpredictable ones.
#pragma once

#include <string>

#include "dmss/secret.hpp"

namespace dmss::session {

/// 16 hex digits, from OpenSSL's generator: a client nonce.
std::string random_hex();
/// Decimal digits, each as likely as the others; empty when the generator fails.
Secret random_digits(std::size_t count);

}  // namespace dmss::session

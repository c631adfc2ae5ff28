// Certificates trusted on first use, in memory and, with a path, in a text file: one "endpoint fingerprint" a line.
#pragma once

#include <memory>
#include <string>

#include "net/connector.hpp"

namespace dmss::session {

std::shared_ptr<net::TrustStore> make_trust_store(const std::string& path);

}  // namespace dmss::session

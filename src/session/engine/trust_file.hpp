// Certificates trusted on first use, in memory and, with a path, in a text file: one "endpoint fingerprint" a line. Several engines
// may share the file. Any thread.
#pragma once

#include <memory>
#include <string>

#include "base/log.hpp"
#include "net/connector.hpp"

namespace dmss::session {

/// A file that cannot be read or written is an error in the log; trust then lasts as long as the store.
std::shared_ptr<net::TrustStore> make_trust_store(const std::string& path, Logger log);

}  // namespace dmss::session

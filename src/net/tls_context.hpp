// TLS client contexts and the decision whether to trust a peer.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "dmss/result.hpp"
#include "dmss/tls.hpp"
#include "net/connector.hpp"
#include "net/stream.hpp"

namespace dmss::net {

Result<std::shared_ptr<asio::ssl::context>> make_client_context(const TlsOptions& options);

/// Sets SNI (names only) and, for TlsMode::ca, what the certificate must be named.
Result<void> prepare_handshake(SSL* ssl, const TlsOptions& options, const std::string& host);

/// After the handshake: fills version, cipher and fingerprint, and checks pin or first use.
Result<void> check_peer(SSL* ssl, const TlsOptions& options, const std::string& endpoint, TrustStore& trust,
                        StreamInfo& info);

/// Lower-case hex without colons.
std::string normal_fingerprint(std::string_view fingerprint);

}  // namespace dmss::net

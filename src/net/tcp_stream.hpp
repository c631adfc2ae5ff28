// TCP and TLS streams, and how their errors read.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>

#include "net/stream.hpp"

namespace dmss::net {

/// cancelled when close() was called here, else connection_lost with the system's words.
Error stream_error(const boost::system::error_code& error, bool closed_here, const StreamInfo& info);

std::unique_ptr<Stream> make_tcp_stream(asio::ip::tcp::socket socket, StreamInfo info);

using TlsSocket = asio::ssl::stream<asio::ip::tcp::socket>;
/// After the handshake. Keeps the context alive.
std::unique_ptr<Stream> make_tls_stream(std::shared_ptr<asio::ssl::context> context, TlsSocket socket,
                                        StreamInfo info);

/// "192.0.2.1:80", "[2001:db8::1]:80"
std::string endpoint_text(const asio::ip::tcp::endpoint& endpoint);

}  // namespace dmss::net

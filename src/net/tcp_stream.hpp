// TCP streams, and how the errors of streams read.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "net/stream.hpp"

namespace dmss::net {

/// cancelled when close() was called here, else connection_lost with the system's words.
Error stream_error(const boost::system::error_code& error, bool closed_here, const StreamInfo& info);

/// Bytes, the end or an error wait on the socket.
bool socket_has_input(asio::ip::tcp::socket& socket);

std::unique_ptr<Stream> make_tcp_stream(asio::ip::tcp::socket socket, StreamInfo info);

/// "192.0.2.1:80", "[2001:db8::1]:80"
std::string endpoint_text(const asio::ip::tcp::endpoint& endpoint);

}  // namespace dmss::net

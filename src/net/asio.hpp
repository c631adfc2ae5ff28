// The names this project uses for Asio.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace dmss::net {

namespace asio = boost::asio;
using asio::awaitable;
using Executor = asio::any_io_executor;

}  // namespace dmss::net

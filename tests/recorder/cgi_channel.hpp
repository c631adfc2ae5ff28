// What CGI families on channels share: their numbering and the form of their numbers (protocol http-rpc.md §3.1).
#pragma once

#include "recorder/cgi.hpp"

namespace dmss::recorder {

/// From 1, the first one when it is left out; a camera takes 0 for it too. 0 = there is no such channel.
int cgi_channel(const CgiCall& call);

/// Fractions as text with six digits, "91.600000", as devices write them in key=value lines.
proto::rpc::Json real_numbers(proto::rpc::Json value);

}  // namespace dmss::recorder

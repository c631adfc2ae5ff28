// What configManager does, the same for JSON-RPC and CGI, with the faults of it (protocol http-rpc.md §3.2, §4.4).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recorder/core.hpp"

namespace dmss::recorder {

/// Who reads or writes.
struct ConfigClient {
  std::string service, user, method;
};

/// The table, or null when clients are refused it.
const Json* readable_table(const Core& core, const std::string& name);
/// The JSON-RPC code with which a table that is not readable is refused.
std::int64_t table_refusal(const Core& core, const std::string& name);
/// Names that clients may know.
std::vector<std::string> table_names(const Core& core);

/// To be called when a table was handed to a client.
void config_was_read(Core& core, const ConfigClient& client, const std::string& name);

/// A client's write: `table` is the whole new value, `changes` what the client said, for the record.
void write_config(Core& core, const ConfigClient& client, const std::string& name, Json table,
                  const std::vector<std::pair<std::string, Json>>& changes);
/// Whether the table takes effect with the next start only.
bool needs_reboot(const Core& core, const std::string& name);

/// What encode.getConfigCaps says of one channel, from 0.
Json encode_caps(const Core& core, int channel);

}  // namespace dmss::recorder

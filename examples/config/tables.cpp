#include "config/tables.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <map>
#include <tuple>

#include "config/print.hpp"
namespace config {
namespace {

using example::Json;
using example::wait;

dmss::Result<std::string> read_text(dmss::Config& config, const dmss::ConfigTable& table) {
  return wait<std::string>([&](auto done) { config.read(table, done); });
}

dmss::Result<Json> read(dmss::Config& config, const std::string& name) {
  const auto text = read_text(config, {name, 0});
  if (!text) return text.error();
  return Json::parse(*text, nullptr, false);
}

dmss::Result<std::vector<std::string>> all_names(dmss::Config& config) {
  return wait<std::vector<std::string>>([&](auto done) { config.list(done); });
}

/// Written to `file` under a name that only its owner may read: tables hold addresses and accounts.
bool write_private(const std::string& file, const std::string& text) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  std::FILE* out = ::fdopen(fd, "w");
  if (out == nullptr) return ::close(fd) == 0 && false;
  const bool written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
  return std::fclose(out) == 0 && written;
}

int write_table(dmss::Config& config, const dmss::ConfigTable& table,
                const std::vector<Assignment>& changes) {
  const auto before = read_text(config, table);
  if (!before) return example::complain(before.error(), table.name);
  Json json = Json::parse(*before, nullptr, false);
  for (const Assignment& change : changes) {
    if (const auto done = assign(json, change.path, change.value); !done)
      return example::complain(done.error(), table.name);
  }
  // With what was read at its side, a change by somebody else in between is told and not overwritten.
  const auto written =
      wait<dmss::ConfigWritten>([&](auto done) { config.write(table, json.dump(), *before, done); });
  if (!written) return example::complain(written.error(), table.name);
  if (written->needs_reboot) std::cerr << table.name << ": the device wants to be restarted\n";
  return example::kDone;
}

/// Rows of other tables than those of channels may be more.
bool is_channel(dmss::Config& config, const dmss::ConfigTable& table) {
  const auto row = read_text(config, table);
  return row || row.error() != dmss::Errc::no_such_channel;
}

}  // namespace

int list(dmss::Config config, bool json) {
  const auto names = all_names(config);
  if (!names) return example::complain(names.error());
  if (json) {
    std::cout << Json(*names).dump(2) << '\n';
    return example::kDone;
  }
  for (const std::string& name : *names) std::cout << name << '\n';
  return example::kDone;
}

int get(dmss::Config config, const std::string& path, int channel, bool json) {
  const auto [name, rest] = split_table(path);
  const auto text = read_text(config, {name, channel});
  if (!text) return example::complain(text.error(), name);
  const Json table = Json::parse(*text, nullptr, false);
  const Json* value = find(table, rest);
  if (value == nullptr)
    return example::complain({dmss::Errc::invalid_argument, "there is no \"" + rest + "\" in " + name});
  if (json)
    std::cout << value->dump(2) << '\n';
  else
    print(*value, path);
  return example::kDone;
}

int set(dmss::Config config, int channel, const std::vector<Assignment>& changes) {
  std::map<std::pair<std::string, int>, std::vector<Assignment>> by_scope;
  for (const Assignment& change : changes) {
    auto [name, rest] = split_table(change.path);
    int scope = channel;
    if (scope == 0) std::tie(scope, rest) = split_row(rest);
    by_scope[{name, scope}].push_back({rest, change.value});
  }
  for (auto& [scope, some] : by_scope) {
    dmss::ConfigTable table{scope.first, scope.second};
    if (channel == 0 && table.channel > 0 && !is_channel(config, table)) {
      for (Assignment& one : some) one.path.insert(0, "[" + std::to_string(table.channel - 1) + "]");
      table.channel = 0;
    }
    if (const int code = write_table(config, table, some); code != example::kDone) return code;
  }
  return example::kDone;
}

int dump(dmss::Config config, const std::string& file, std::vector<std::string> names) {
  if (names.empty()) {
    auto all = all_names(config);
    if (!all) return example::complain(all.error());
    names = std::move(*all);
  }
  Json tables = Json::object();
  for (const std::string& name : names) {
    auto table = read(config, name);
    if (table)
      tables[name] = std::move(*table);
    else
      example::complain(table.error(), name);
  }
  if (!write_private(file, tables.dump(1) + "\n")) {
    std::cerr << "cannot write " << file << '\n';
    return example::kFailed;
  }
  std::cerr << tables.size() << " of " << names.size() << " tables in " << file << '\n';
  return tables.size() == names.size() ? example::kDone : example::kFailed;
}

int diff(dmss::Config here, dmss::Config there, std::vector<std::string> names, bool json) {
  if (names.empty()) {
    auto all = all_names(here);
    if (!all) return example::complain(all.error());
    names = std::move(*all);
  }
  Json differences = Json::object();
  for (const std::string& name : names) {
    const auto a = read(here, name);
    const auto b = read(there, name);
    if (!a && !b) continue;
    std::map<std::string, std::pair<Json, Json>> values;
    if (a) {
      for (auto& [path, value] : flatten(*a)) values[path].first = value;
    }
    if (b) {
      for (auto& [path, value] : flatten(*b)) values[path].second = value;
    }
    for (const auto& [path, pair] : values) {
      if (pair.first == pair.second) continue;
      const std::string full = name + (path.empty() || path.front() == '[' ? "" : ".") + path;
      differences[full] = {pair.first, pair.second};
    }
  }
  if (json) {
    std::cout << differences.dump(2) << '\n';
  } else {
    for (const auto& [path, pair] : differences.items())
      std::cout << path << ": " << pair[0].dump() << " | " << pair[1].dump() << '\n';
  }
  return differences.empty() ? example::kDone : example::kFailed;
}

}  // namespace config

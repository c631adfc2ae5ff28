#include <algorithm>
#include <set>

#include "proto/cgi/kv.hpp"
#include "proto/cgi/tree.hpp"
#include "session/config/table.hpp"

namespace dmss::session {
namespace {

namespace cgi = proto::cgi;
namespace config = proto::config;
namespace rpc = proto::rpc;

constexpr const char* kService = "configManager";
constexpr const char* kPirService = "pirAlarm";
constexpr std::string_view kTable = "table.";
constexpr std::size_t kMaxKeys = 12;
constexpr std::size_t kMaxQuery = 1500;  // bytes; with host and headers well within what old web servers take

struct Lines {
  Json tree;
  std::map<std::string, std::string> spelled;
  Charset charset = Charset::utf8;
};

Result<Lines> parse_lines(const std::string& body) {
  if (body.size() > cgi::kMaxKvBytes) return Error(Errc::too_large, "key=value text beyond the limit");
  Lines out;
  out.charset = guess_charset(body);
  const auto lines = cgi::parse_kv(to_utf8(body, out.charset));
  if (!lines) return lines.error();
  auto tree = cgi::to_tree(*lines);
  if (!tree) return tree.error();
  out.tree = std::move(*tree);
  for (const auto& [key, value] : lines->lines)
    out.spelled.try_emplace(key.starts_with(kTable) ? key.substr(kTable.size()) : key, value);
  return out;
}

awaitable<Result<Lines>> get_config(std::shared_ptr<Commands> commands, std::string name) {
  cgi::Query query;
  query.add("name", name);
  Result<std::string> body = co_await commands->cgi(kService, "getConfig", std::move(query));
  if (!body) co_return body.error();
  co_return parse_lines(*body);
}

Error missing(const Error& said, const std::string& table) {
  if (said == Errc::no_permission) return said;
  return Error(Errc::unsupported, "the device has no table " + table)
      .with_device(said.device_code(), std::string(said.device_text()));
}

/// nullptr when no line tells of it.
const Json* table_of(const Lines& lines, const std::string& table) {
  const Json* root = rpc::member(lines.tree, "table");
  return rpc::member(root != nullptr ? *root : lines.tree, table.c_str());
}

/// "[0]" of a list, or the table itself on firmware that has no list for its one channel. nullptr: not there.
const Json* find_row(const Json& table, int index, std::string& prefix) {
  if (index == 0) return &table;
  if (table.is_object()) return index == 1 ? &table : nullptr;
  const auto row = static_cast<std::size_t>(index - 1);
  if (!table.is_array() || row >= table.size() || table[row].is_null()) return nullptr;
  prefix += "[" + std::to_string(row) + "]";
  return &table[row];
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string join(const std::string& prefix, const std::string& path) {
  return path.empty() || path[0] == '[' ? prefix + path : prefix + "." + path;
}

/// "" of "Enable", "[3]." of "[3].Enable": the row that a member of `together` stands in; nullopt for any other path.
std::optional<std::string> row_with(const std::string& path, const std::vector<std::string>& together) {
  const std::size_t end = path.starts_with('[') ? path.find("].") : std::string::npos;
  const std::size_t name = end == std::string::npos ? 0 : end + 2;
  if (std::find(together.begin(), together.end(), path.substr(name)) == together.end()) return std::nullopt;
  return path.substr(0, name);
}

Result<Pairs> changed_pairs(const Reading& present, const Json& wanted,
                            const std::vector<std::string>& together) {
  Pairs out;
  std::set<std::string> rows;
  const auto add = [&](const std::string& key, const std::string& text) {
    const auto bytes = from_utf8(text, present.charset);
    if (bytes) out.emplace_back(key, *bytes);
    return bytes.has_value();
  };
  for (const config::Change& c : config::differences(present.value, wanted)) {
    const std::string path = config::to_text(c.path), key = join(present.prefix, path);
    const auto was = present.spelled.find(key);
    if (was == present.spelled.end() || c.before.is_structured() || c.after.is_structured() ||
        c.after.is_null())
      return Error(
          Errc::unsupported,
          key + ": over CGI only keys that the device told can be written, and lists keep their length");
    if (!add(key, cgi::spell(c.after, was->second)))
      return Error(Errc::invalid_argument, key + ": the device's encoding lacks a character of this text");
    if (const auto row = row_with(path, together)) rows.insert(*row);
  }
  for (const std::string& row : rows) {
    for (const std::string& name : together) {
      const std::string key = join(present.prefix, row + name);
      const auto was = present.spelled.find(key);
      const bool there =
          std::any_of(out.begin(), out.end(), [&](const auto& pair) { return pair.first == key; });
      if (was != present.spelled.end() && !there) add(key, was->second);
    }
  }
  return out;
}

/// How the keys of a request are spelled.
enum class Form { bare, with_table, without_index };

std::string spelled_key(const std::string& key, Form form, const Reading& present) {
  if (form == Form::with_table) return std::string(kTable) + key;
  if (form == Form::without_index) return present.table + key.substr(present.prefix.size());
  return key;
}

std::vector<Form> forms(const Reading& present) {
  if (present.way == Reading::Way::pir_cgi) return {Form::bare};
  std::vector<Form> out = {Form::bare, Form::with_table};
  if (present.index == 1 && present.prefix != present.table) out.push_back(Form::without_index);
  return out;
}

/// As many pairs from the front as one request may carry.
cgi::Query next_batch(Pairs& left, Form form, const Reading& present) {
  cgi::Query query;
  if (present.way == Reading::Way::pir_cgi) query.add("channel", present.index);
  std::size_t taken = 0;
  while (taken < left.size() && taken < kMaxKeys) {
    cgi::Query longer = query;
    longer.add(spelled_key(left[taken].first, form, present), left[taken].second);
    if (taken > 0 && longer.text().size() > kMaxQuery) break;
    query = std::move(longer);
    ++taken;
  }
  left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(taken));
  return query;
}

/// Whether another spelling of the same keys might be taken.
bool is_refusal(const Error& error) {
  return error == Errc::device_error;
}

}  // namespace

awaitable<Result<Reading>> read_by_cgi(std::shared_ptr<Commands> commands, Place place, std::string table) {
  const std::string row = place.index > 0 ? "[" + std::to_string(place.index - 1) + "]" : std::string();
  Result<Lines> lines = co_await get_config(commands, table + row);
  Error first = lines.error();
  // A row that is null gives no lines; firmware without channels knows no row at all. The whole table tells.
  if (place.index > 0 && (lines ? table_of(*lines, table) == nullptr : is_refusal(first))) {
    lines = co_await get_config(commands, table);
    if (lines) first = Error();
  }
  if (!lines && !first) first = lines.error();
  if (!lines) co_return is_refusal(first) || says_no_table(first) ? missing(first, table) : first;
  const Json* found = table_of(*lines, table);
  if (found == nullptr) co_return missing(Error(), table);
  Reading r;
  r.table = table;
  r.index = place.index;
  r.way = Reading::Way::cgi;
  r.prefix = table;
  const Json* value = find_row(*found, place.index, r.prefix);
  if (value == nullptr) co_return no_row(place, table);
  r.value = *value;
  r.spelled = std::move(lines->spelled);
  r.charset = lines->charset;
  co_return r;
}

awaitable<Result<Reading>> read_by_pir_cgi(std::shared_ptr<Commands> commands, int channel) {
  if (!commands->has_cgi())
    co_return Error(Errc::unsupported,
                    "PIR alarms are told by pirAlarm.cgi only, and this device has no CGI");
  cgi::Query query;
  query.add("channel", channel);
  Result<std::string> body = co_await commands->cgi(kPirService, "getPirParam", std::move(query));
  if (!body && is_refusal(body.error())) {
    co_return Error(Errc::unsupported, "channel " + std::to_string(channel) + " has no PIR detector")
        .with_device(body.error().device_code(), std::string(body.error().device_text()));
  }
  if (!body) co_return body.error();
  Result<Lines> lines = parse_lines(*body);
  if (!lines) co_return lines.error();
  Reading r;
  r.table = "configEx";
  r.index = channel;
  r.way = Reading::Way::pir_cgi;
  const Json* list = rpc::member(lines->tree, "configEx");
  const Json* head = rpc::member(lines->tree, "head");
  if (list != nullptr && list->is_array() && !list->empty()) {
    r.prefix = "configEx[0]";
    r.value = list->front();
  } else if (head != nullptr) {
    r.prefix = "head";
    r.value = *head;
  } else {
    co_return Error(Errc::malformed, "the answer to getPirParam has no configEx");
  }
  r.spelled = std::move(lines->spelled);
  r.charset = lines->charset;
  co_return r;
}

awaitable<Result<ConfigWritten>> write_by_cgi(std::shared_ptr<Commands> commands, Reading present,
                                              Json wanted, std::vector<std::string> together) {
  Result<Pairs> pairs = changed_pairs(present, wanted, together);
  if (!pairs) co_return pairs.error();
  const bool pir = present.way == Reading::Way::pir_cgi;
  const std::size_t total = pairs->size();
  std::vector<Form> left_forms = forms(present);
  Pairs left = std::move(*pairs);
  while (!left.empty()) {
    const std::size_t written = total - left.size();
    Pairs rest = left;
    cgi::Query query = next_batch(rest, left_forms.front(), present);
    Result<std::string> body = co_await commands->cgi(pir ? kPirService : kService,
                                                      pir ? "setPirParam" : "setConfig", std::move(query));
    if (body) {
      left = std::move(rest);
      left_forms.resize(1, left_forms.front());  // what was taken once is the device's way
      continue;
    }
    if (is_refusal(body.error()) && left_forms.size() > 1) {
      left_forms.erase(left_forms.begin());
      continue;
    }
    if (written == 0) co_return body.error();
    co_return Error(body.error().code(), "after " + std::to_string(written) + " of " + std::to_string(total) +
                                             " keys had been written")
        .with_cause(body.error());
  }
  co_return ConfigWritten();
}

}  // namespace dmss::session

#include "session/capabilities/findings.hpp"

#include "proto/caps/fields.hpp"
#include "proto/rpc/codes.hpp"

namespace dmss::session {
namespace {

/// Also the words of JSON-RPC ("unknown error") and of CGI for a table that is not there.
bool says_no(const Error& error) {
  return is_final_refusal(error) || error == Errc::unsupported ||
         error.device_code() == proto::rpc::code::unknown_error ||
         error.device_text().find("getting param in name") != std::string_view::npos;
}

std::string words(const Error& error) {
  const std::string said(error.device_text());
  return said.empty() ? error.message() : said;
}

}  // namespace

void note_told(Findings& out, Feature feature, std::optional<bool> told, const std::string& probe) {
  if (!told) return note(out, feature, Support::unknown, probe, "the device does not tell");
  if (*told) return note(out, feature, Support::yes, probe);
  note(out, feature, Support::no, probe, "the device says that it has none");
}

void note_refused(Findings& out, Feature feature, const Answer& answer) {
  const Error error = answer.tree.error();
  const Support support = says_no(error) ? Support::no : Support::unknown;
  const std::string who = answer.probe.empty() ? "" : "asked, the device said: ";
  note(out, feature, support, answer.probe, who + words(error));
}

void note_present(Findings& out, Feature feature, const Answer& answer) {
  if (answer.tree) return note(out, feature, Support::yes, answer.probe);
  note_refused(out, feature, answer);
}

Question table_question(const std::string& name, int channel) {
  Question q;
  q.method = "configManager.getConfig";
  q.params = {{"name", name}};
  q.service = "configManager";
  q.action = "getConfig";
  if (channel > 0) {
    q.params["channel"] = channel - 1;
    q.query.add("name", name + "[" + std::to_string(channel - 1) + "]");
  } else {
    q.query.add("name", name);
  }
  return q;
}

const proto::rpc::Json* table_of(const Answer& answer, const std::string& name, int channel) {
  if (!answer.tree) return nullptr;
  const proto::rpc::Json* table = proto::rpc::member(*answer.tree, "table");
  if (table == nullptr || !answer.by_cgi) return table != nullptr && !table->is_null() ? table : nullptr;
  table = proto::rpc::member(*table, name.c_str());
  if (table == nullptr || channel == 0) return table;
  const auto index = static_cast<std::size_t>(channel - 1);
  if (!table->is_array() || index >= table->size() || (*table)[index].is_null()) return nullptr;
  return &(*table)[index];
}

}  // namespace dmss::session

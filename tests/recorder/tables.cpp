#include "recorder/tables.hpp"

#include "recorder/table_template.hpp"

namespace dmss::recorder {

Tables::Tables(const Profile& p) {
  Templates templates(p);
  for (const auto& [name, pattern] : p.tables.items()) {
    if (!pattern.is_null()) all_[name] = templates.expand(pattern);
  }
  defaults_ = all_;
}

const Json* Tables::find(std::string_view path) const {
  return path.empty() ? nullptr : locate(const_cast<Json&>(all_), path);
}

const Json* Tables::find_default(std::string_view path) const {
  return path.empty() ? nullptr : locate(const_cast<Json&>(defaults_), path);
}

void Tables::changed(std::string_view path) {
  const std::string name = table_name(path);
  for (const auto& heard : listeners_) heard(name);
}

bool Tables::set(std::string_view path, Json value) {
  Json* at = path.empty() ? nullptr : locate(all_, path);
  if (at == nullptr) return false;
  *at = std::move(value);
  changed(path);
  return true;
}

bool Tables::set_text(std::string_view path, const std::string& value) {
  if (find(path) == nullptr || write_text(all_, path, value) != TextWrite::done) return false;
  changed(path);
  return true;
}

void Tables::seed(std::string_view path, const Json& value) {
  set(path, value);
  if (Json* at = locate(defaults_, path)) *at = value;
}

void Tables::put(const std::string& name, Json table) {
  if (table.is_null()) {
    all_.erase(name);
  } else {
    all_[name] = std::move(table);
  }
  changed(name);
}

std::vector<std::string> Tables::names() const {
  std::vector<std::string> out;
  for (const auto& [name, value] : all_.items()) out.push_back(name);
  return out;
}

void Tables::note(Write write) {
  writes_.push_back(std::move(write));
  if (writes_.size() > kMaxWrites) writes_.pop_front();
}

Json Tables::writes() const {
  Json out = Json::array();
  for (const Write& w : writes_)
    out.push_back({{"path", w.path}, {"value", w.value}, {"service", w.service}, {"user", w.user}});
  return out;
}

}  // namespace dmss::recorder

#include "probe/mask.hpp"

#include <algorithm>
#include <regex>

namespace probe {
namespace {

using example::Json;

constexpr std::size_t kMaxMatched = 4096;  // std::regex recurses; a longer text is no address

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool contains_one(const std::string& key, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* w) { return key.find(w) != std::string::npos; });
}

bool is_secret(const std::string& key) {
  return contains_one(key, {"password", "passwd", "pwd", "passphrase", "secret", "token", "psk", "wepkey",
                            "privatekey", "community", "credential", "authkey", "encryptkey"});
}

bool is_person(const std::string& key) {
  return contains_one(key, {"username", "phone", "mobile"}) || key == "user" || key == "anonymity";
}

const std::regex& mail() {
  static const std::regex form(R"([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})");
  return form;
}
const std::regex& ipv4() {
  static const std::regex form(R"((\d{1,3}\.){3}\d{1,3})");
  return form;
}
const std::regex& mac() {
  static const std::regex form(R"(([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})");
  return form;
}
const std::regex& login_of_url() {
  static const std::regex form(R"(://[^/@\s]+@)");
  return form;
}

/// Masks are no addresses: they say nothing of where a device stands.
bool says_nothing(const std::string& address) {
  return address.starts_with("0.") || address.starts_with("255.") || address.starts_with("127.");
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  if (what.empty()) return;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

}  // namespace

Mask::Mask(MaskOptions options, std::string password, std::string serial)
    : options_(options), password_(std::move(password)), serial_(std::move(serial)) {}

/// `form` has one %d for the number of the thing.
std::string Mask::stand_in(const std::string& value, const char* form) {
  std::string& mine = stand_ins_[value];
  if (mine.empty()) {
    char text[64];
    std::snprintf(text, sizeof text, form, static_cast<int>(stand_ins_.size()) % 250 + 1);
    mine = text;
  }
  return mine;
}

std::string Mask::text(const std::string& key, const std::string& value) {
  if (value.empty()) return value;
  if (is_secret(key)) return "******";
  if (is_person(key)) return value == "admin" ? value : stand_in(value, "user%d");
  std::string out = value;
  constexpr std::size_t kTelling = 6;  // a shorter one is part of too many words
  if (password_.size() >= kTelling) replace_all(out, password_, "******");
  if (options_.serials) replace_all(out, serial_, std::string(serial_.size(), 'X'));
  if (out.size() > kMaxMatched) return out;
  out = std::regex_replace(out, login_of_url(), "://");
  out = std::regex_replace(out, mail(), "user@example.com");
  if (!options_.addresses) return out;
  if (contains_one(key, {"ssid"})) return stand_in(value, "network%d");
  std::smatch found;
  if (std::regex_search(out, found, mac())) {
    const std::string address = found.str();
    replace_all(out, address, stand_in(address, "00:00:5e:00:53:%02x"));
  } else if (std::regex_search(out, found, ipv4()) && !says_nothing(found.str())) {
    const std::string address = found.str();
    replace_all(out, address, stand_in(address, "192.0.2.%d"));
  }
  return out;
}

void Mask::apply(Json& value, const std::string& key) {
  if (value.is_object()) {
    for (const auto& [name, inner] : value.items()) apply(value[name], lower(name));
  } else if (value.is_array()) {
    for (Json& inner : value) apply(inner, key);
  } else if (value.is_string()) {
    const std::string before = value.get<std::string>();
    std::string after = text(key, before);
    if (after == before) return;
    ++count_;
    value = std::move(after);
  } else if (value.is_number() && is_secret(key)) {
    value = 0;
    ++count_;
  }
}

}  // namespace probe

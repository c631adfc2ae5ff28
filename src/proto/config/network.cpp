#include "proto/config/network.hpp"

#include <charconv>

namespace dmss::proto::config {
namespace {

constexpr std::size_t kMaxDns = 8;
constexpr std::size_t kMaxHost = 63;
constexpr int kLeastMtu = 400;
constexpr int kMaxMtu = 9000;

bool is_ipv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    unsigned n = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (ec != std::errc() || n > 255 || digits > 3) return false;
    text.remove_prefix(digits);
    if (part == 3) return text.empty();
    if (!text.starts_with('.')) return false;
    text.remove_prefix(1);
  }
  return false;
}

void check_address(const char* field, const std::string& value, const std::string& before, Ranges& r) {
  if (value != before && !is_ipv4(value)) r.fail(field, "is no IPv4 address");
}

bool is_card(const Json& value) {
  return rpc::member(value, "IPAddress") != nullptr;
}

std::string default_interface(const Json& scope) {
  std::string name = View(scope).text("DefaultInterface");
  const Json* card = rpc::member(scope, name.c_str());
  if (card != nullptr && is_card(*card)) return name;
  for (const auto& [key, value] : scope.get_ref<const Json::object_t&>()) {
    if (is_card(value)) return key;
  }
  return {};
}

}  // namespace

Result<NetworkSettings> Codec<NetworkSettings>::read(const Json& scope) {
  return read(scope, {});
}

Result<NetworkSettings> Codec<NetworkSettings>::read(const Json& scope, const std::string& interface_name) {
  if (!scope.is_object()) return no_object("Network");
  NetworkSettings n;
  n.interface_name = interface_name.empty() ? default_interface(scope) : interface_name;
  const Json* found = rpc::member(scope, n.interface_name.c_str());
  if (found == nullptr || !is_card(*found)) {
    if (interface_name.empty()) return Error(Errc::malformed, "Network has no interface");
    return Error(Errc::invalid_argument, "interface_name: the device has no " + interface_name);
  }
  const View row(scope), card(*found);
  n.host_name = row.text("Hostname");
  n.dhcp = card.flag("DhcpEnable", n.dhcp);
  n.address = card.text("IPAddress");
  n.subnet_mask = card.text("SubnetMask");
  n.gateway = card.text("DefaultGateway");
  n.mac = card.text("PhysicalAddress");
  n.mtu = card.number("MTU", n.mtu);
  const Json* dns = card.find("DnsServers");
  for (std::size_t i = 0; dns != nullptr && dns->is_array() && i < std::min(dns->size(), kMaxDns); ++i)
    n.dns_servers.push_back(as_text((*dns)[i]).value_or(std::string()));
  return n;
}

Error Codec<NetworkSettings>::check(const NetworkSettings& value, const NetworkSettings& before) {
  Ranges r;
  r.not_empty("host_name", value.host_name, before.host_name, kMaxHost);
  check_address("address", value.address, before.address, r);
  check_address("subnet_mask", value.subnet_mask, before.subnet_mask, r);
  check_address("gateway", value.gateway, before.gateway, r);
  for (std::size_t i = 0; i < value.dns_servers.size(); ++i)
    check_address("dns_servers", value.dns_servers[i],
                  i < before.dns_servers.size() ? before.dns_servers[i] : std::string(), r);
  r.within("mtu", value.mtu, before.mtu, kLeastMtu, kMaxMtu);
  return r.error();
}

Error Codec<NetworkSettings>::apply(const NetworkSettings& value, const NetworkSettings& before,
                                    Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  const std::string name = value.interface_name.empty() ? before.interface_name : value.interface_name;
  if (name != before.interface_name)
    row.fail(Error(Errc::invalid_argument, "interface_name: these settings are of " + before.interface_name));
  if (!value.mac.empty() && value.mac != before.mac) row.fail(Error(Errc::invalid_argument, "mac is read only"));
  row.text("Hostname", value.host_name, before.host_name);
  Edit card = row.at(name.c_str());
  card.flag("DhcpEnable", value.dhcp, before.dhcp);
  card.text("IPAddress", value.address, before.address);
  card.text("SubnetMask", value.subnet_mask, before.subnet_mask);
  card.text("DefaultGateway", value.gateway, before.gateway);
  card.number("MTU", value.mtu, before.mtu);
  if (value.dns_servers == before.dns_servers || card.failed()) return error;
  Json* dns = card.find("DnsServers");
  if (dns == nullptr || !dns->is_array()) {
    card.lacks("DnsServers");
    return error;
  }
  while (dns->size() > value.dns_servers.size()) dns->erase(dns->size() - 1);
  for (std::size_t i = 0; i < value.dns_servers.size(); ++i) {
    if (i >= dns->size())
      dns->push_back(value.dns_servers[i]);
    else if (value.dns_servers[i] != before.dns_servers[i])
      (*dns)[i] = value.dns_servers[i];
  }
  return error;
}

}  // namespace dmss::proto::config

// Password hashes of the device family and the hex helpers under them (protocol dvrip-dhip.md §2.3). Inputs
// are bytes; for text that is not ASCII the devices are told UTF-8.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace dmss::proto::auth {

/// Lower-case hex digests. The list form hashes the parts one after the other without joining them, so that a
/// password is not copied.
std::string md5_hex(std::string_view data);
std::string md5_hex(std::initializer_list<std::string_view> parts);
std::string sha256_hex(std::string_view data);
std::string sha256_hex(std::initializer_list<std::string_view> parts);
/// Upper-case MD5, the form every hash below is made of.
std::string md5_hex_upper(std::initializer_list<std::string_view> parts);

/// The odd triple DES of the oldest logins: first 8 bytes of `text`, zero padded. Reversible by anyone.
std::array<std::uint8_t, 8> gen0(std::string_view text);
/// 8 characters out of MD5(password); "OldDigest".
std::string gen1(std::string_view password);
/// What devices store: upper MD5(user:realm:password).
std::string gen2(std::string_view user, std::string_view realm, std::string_view password);

/// H2, the "Default" answer to a challenge: upper MD5(user:random:gen2).
std::string h2(std::string_view user, std::string_view realm, std::string_view random,
               std::string_view password);
std::string h2_from_gen2(std::string_view user, std::string_view random, std::string_view gen2_hash);
/// H1, the second half of a DVRIP digest login: upper MD5(user:random:gen1(password)).
std::string h1(std::string_view user, std::string_view random, std::string_view password);

/// Time depends on the lengths only.
bool equal_constant_time(std::string_view a, std::string_view b) noexcept;

std::string base64_encode(std::string_view data);
/// Empty optional on characters outside the alphabet or wrong padding. White space is not accepted.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace dmss::proto::auth

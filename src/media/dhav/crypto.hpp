// Encrypted DHAV payloads (tag 0xB5): AES-256-OFB with a key from the device's password and serial number (protocol media.md §1.6).
#pragma once

#include <array>
#include <string_view>

#include "dmss/secret.hpp"
#include "media/dhav/frame.hpp"

namespace dmss::media::dhav {

using StreamKey = std::array<std::uint8_t, 32>;

/// 20000 rounds of PBKDF2: some 10 ms.
StreamKey derive_stream_key(std::string_view serial, const Secret& password);
/// Decrypts in place. False when the record's lengths do not fit the payload.
bool decrypt(const StreamKey& key, const Encryption& record, std::uint8_t* payload, std::size_t size);

}  // namespace dmss::media::dhav

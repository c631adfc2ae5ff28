// Codec<T>: between a table's part for one channel (input, output, device) and its public type. Each family of tables has a header with
// its codecs; codecs.hpp has them all.
#pragma once

#include "proto/config/fields.hpp"

namespace dmss::proto::config {

/// static Result<T> read(const Json& scope): tolerant; errors: malformed.
/// static Error check(const T& value, const T& before): ranges of what differs; invalid_argument names the field.
/// static Error apply(const T& value, const T& before, Json& scope): checks, then changes what differs, nothing else. Errors: those of
/// check; unsupported where the device's table has no such member. `scope` is to be thrown away after an error.
template <class T>
struct Codec;

}  // namespace dmss::proto::config

// Typed configuration as conversations: a value read with its origin, and written as what it differs in.
#pragma once

#include "session/capabilities/capability_cache.hpp"
#include "session/config/choices.hpp"
#include "session/config/kinds.hpp"
#include "session/config/needs.hpp"
#include "session/config/origin.hpp"

namespace dmss::session {

/// Numbers from 1 for rows, 0 for tables of the whole device. Errors: invalid_argument, no_such_channel.
Error check_index(const Commands& commands, Rows rows, int index);

template <class T>
ConfigOrigin make_origin(const Reading& reading) {
  return ConfigOrigin(std::make_shared<const ConfigOrigin::Impl>(
      ConfigOrigin::Impl{reading.table, reading.index, reading.value}));
}

template <class T>
Result<T> read_value(const Json& scope, const T*) {
  return proto::config::Codec<T>::read(scope);
}
/// Of the interface that the caller speaks of.
inline Result<NetworkSettings> read_value(const Json& scope, const NetworkSettings* like) {
  return proto::config::Codec<NetworkSettings>::read(scope,
                                                     like != nullptr ? like->interface_name : std::string());
}

template <class T>
bool may_lose_connection(const T&) {
  return false;
}
/// Another address takes the device away from the one it was reached at.
inline bool may_lose_connection(const NetworkSettings&) {
  return true;
}

template <class T>
awaitable<Result<T>> get_value(std::shared_ptr<Commands> commands, int index) {
  if (Error why = check_index(*commands, Kind<T>::rows, index)) co_return why;
  if (Error why = co_await check_need(commands, need_of<T>, index, false)) co_return why;
  Result<Reading> reading = co_await read_place(std::move(commands), place_of<T>(index));
  if (!reading) co_return reading.error();
  Result<T> value = read_value<T>(reading->value, nullptr);
  if (!value) co_return value.error();
  value->index = index;
  value->origin = make_origin<T>(*reading);
  co_return value;
}

/// Whatever can be judged without asking the device.
template <class T>
Error check_value(const T& value, const ConfigOrigin::Impl* origin) {
  if (origin == nullptr) return proto::config::Codec<T>::check(value, T{});
  Json scope = origin->value;
  const Result<T> before = read_value<T>(scope, &value);
  return before ? proto::config::Codec<T>::apply(value, *before, scope) : before.error();
}

/// Does the device have a say in this change, beyond its table?
template <class T>
bool asks_for_choices(const T& value, const ConfigOrigin::Impl* origin) {
  if constexpr (std::is_same_v<T, EncodeSettings>) {
    if (origin == nullptr) return true;
    const Result<T> before = read_value<T>(origin->value, &value);
    return before && changes_choices(value, *before);
  }
  return false;
}

template <class T>
Error apply_value(Commands& commands, const T& value, Json& scope) {
  const Result<T> before = read_value<T>(scope, &value);
  if (!before) return before.error();
  if constexpr (std::is_same_v<T, EncodeSettings>) {
    if (const Capabilities* known = commands.capabilities().find(value.index)) {
      if (Error why = check_choices(*known, value, *before)) return why;
    }
  }
  return proto::config::Codec<T>::apply(value, *before, scope);
}

template <class T>
awaitable<Result<ConfigWritten>> set_value(std::shared_ptr<Commands> commands,
                                           std::shared_ptr<TableLocks> locks, T value) {
  if (Error why = check_index(*commands, Kind<T>::rows, value.index)) co_return why;
  const ConfigOrigin::Impl* origin = value.origin.get();
  if (origin != nullptr && origin->index != value.index) origin = nullptr;
  if (Error why = check_value<T>(value, origin)) co_return why;
  if (Error why = co_await check_need(commands, need_of<T>, value.index, true)) co_return why;
  const bool has_choices = asks_for_choices<T>(value, origin);
  if (has_choices) {
    if (Error why = co_await learn_choices(commands, value.index)) co_return why;
  }
  Edition edition;
  edition.place = place_of<T>(value.index);
  if (origin != nullptr) edition.expected = origin->value;
  edition.may_lose_connection = may_lose_connection(value);
  edition.change = [commands, value](Json& scope) { return apply_value<T>(*commands, value, scope); };
  Result<Edited> edited = co_await edit_place(commands, std::move(locks), std::move(edition));
  if (edited && has_choices) expire_choices(*commands, value.index);
  if (!edited) co_return edited.error();
  ConfigWritten written = edited->written;
  written.origin = make_origin<T>(edited->now);
  co_return written;
}

}  // namespace dmss::session

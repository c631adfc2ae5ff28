// Configuration: typed tables, raw tables, watches.
#include "config_values.hpp"

using namespace dmss;
using namespace dmss::c;

struct dmss_config_watch {
  ConfigWatch watch;
};

namespace {

/// What every caller's struct has: the size of its first version. Zero is no default here, a set writes it. So a struct that grows gets a
/// specialisation with the offset of its first new member, and its from_c() leaves members beyond the caller's struct_size unset in the
/// C++ value, where they are optional, or takes them from the value that `item.origin` stands for.
template <class C>
constexpr std::size_t kFirstSize = sizeof(C);

/// The caller's struct, read no further than its own size.
template <class C>
C read_config(const C* given) {
  C full{};
  std::memcpy(&full, given, std::min<std::size_t>(given->item.struct_size, sizeof(C)));
  return full;
}

template <class T, class C, class Fn>
int32_t get_table(dmss_device* device, int32_t index, Fn done, void* user_data, dmss_destroy_fn destroy,
                  dmss_operation** operation) {
  if (device == nullptr || done == nullptr || index < 0) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handler = [user, done](const Result<T>& r) {
      if (!r) {
        done(user->get(), ErrorView(r.error()).get(), nullptr);
        return;
      }
      Arena arena;
      const dmss_config_origin origin{r->origin};
      C value{};
      to_c(*r, value, arena);
      value.item = {sizeof(C), r->index, &origin};
      done(user->get(), nullptr, &value);
    };
    start(operation, [&] { return device->device.config().get<T>(index, std::move(handler)); });
    return DMSS_OK;
  });
}

std::function<void(Result<ConfigWritten>)> written_handler(SharedUserData user, dmss_config_set_fn done) {
  return [user = std::move(user), done](const Result<ConfigWritten>& r) {
    const dmss_config_written w{sizeof(w), r && r->needs_reboot ? 1 : 0, r && r->needs_restart ? 1 : 0};
    done(user->get(), ErrorView(r.error()).get(), r ? &w : nullptr);
  };
}

template <class T, class C>
int32_t set_table(dmss_device* device, const C* value, dmss_config_set_fn done, void* user_data,
                  dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || value == nullptr || done == nullptr || value->item.struct_size < kFirstSize<C> ||
      value->item.index < 0)
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) -> int32_t {
    T table;
    try {
      from_c(read_config(value), table);
    } catch (const BadArgument&) {
      return DMSS_E_INVALID_ARGUMENT;
    }
    table.index = value->item.index;
    if (value->item.origin != nullptr) table.origin = value->item.origin->origin;
    auto handler = written_handler(user, done);
    start(operation, [&] { return device->device.config().set<T>(std::move(table), std::move(handler)); });
    return DMSS_OK;
  });
}

ConfigTable table_of(dmss_str name, int32_t channel) {
  return {copy(name), channel};
}

bool valid_table(const dmss_device* device, dmss_str table, int32_t channel) {
  return device != nullptr && table.size != 0 && sound(table) && channel >= 0;
}

std::function<void(Result<std::string>)> text_handler(SharedUserData user, dmss_text_fn done) {
  return [user = std::move(user), done](const Result<std::string>& r) {
    done(user->get(), ErrorView(r.error()).get(), r ? view(*r) : dmss_str{nullptr, 0});
  };
}

}  // namespace

extern "C" {

dmss_config_origin* dmss_config_origin_retain(const dmss_config_origin* origin) {
  if (origin == nullptr) return nullptr;
  return new (std::nothrow) dmss_config_origin(*origin);
}

void dmss_config_origin_release(dmss_config_origin* origin) {
  delete origin;
}

#define DMSS_DEFINE_TABLE(c_name, Type)                                                                     \
  int32_t dmss_##c_name##_get(dmss_device* device, int32_t index, dmss_##c_name##_fn done, void* user_data, \
                              dmss_destroy_fn destroy, dmss_operation** operation) {                        \
    return get_table<Type, dmss_##c_name##_config>(device, index, done, user_data, destroy, operation);     \
  }                                                                                                         \
  int32_t dmss_##c_name##_set(dmss_device* device, const dmss_##c_name##_config* value,                     \
                              dmss_config_set_fn done, void* user_data, dmss_destroy_fn destroy,            \
                              dmss_operation** operation) {                                                 \
    return set_table<Type>(device, value, done, user_data, destroy, operation);                             \
  }
DMSS_CONFIG_TABLES(DMSS_DEFINE_TABLE)
#undef DMSS_DEFINE_TABLE

int32_t dmss_config_read(dmss_device* device, dmss_str table, int32_t channel, dmss_text_fn done,
                         void* user_data, dmss_destroy_fn destroy, dmss_operation** operation) {
  if (!valid_table(device, table, channel) || done == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    start(operation,
          [&] { return device->device.config().read(table_of(table, channel), text_handler(user, done)); });
    return DMSS_OK;
  });
}

int32_t dmss_config_write(dmss_device* device, dmss_str table, int32_t channel, dmss_str json,
                          dmss_str expected, dmss_config_set_fn done, void* user_data,
                          dmss_destroy_fn destroy, dmss_operation** operation) {
  if (!valid_table(device, table, channel) || done == nullptr || json.size == 0 || !sound(json) ||
      !sound(expected))
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    start(operation, [&] {
      return device->device.config().write(table_of(table, channel), copy(json), copy(expected),
                                           written_handler(user, done));
    });
    return DMSS_OK;
  });
}

int32_t dmss_config_remove(dmss_device* device, dmss_str table, int32_t channel, dmss_done_fn done,
                           void* user_data, dmss_destroy_fn destroy, dmss_operation** operation) {
  if (!valid_table(device, table, channel)) return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    return device->device.config().remove(table_of(table, channel), std::move(handler));
  });
}

int32_t dmss_config_read_default(dmss_device* device, dmss_str table, int32_t channel, dmss_text_fn done,
                                 void* user_data, dmss_destroy_fn destroy, dmss_operation** operation) {
  if (!valid_table(device, table, channel) || done == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    start(operation, [&] {
      return device->device.config().read_default(table_of(table, channel), text_handler(user, done));
    });
    return DMSS_OK;
  });
}

int32_t dmss_config_list(dmss_device* device, dmss_names_fn done, void* user_data, dmss_destroy_fn destroy,
                         dmss_operation** operation) {
  if (device == nullptr || done == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handler = [user, done](const Result<std::vector<std::string>>& r) {
      const StringViews names(r ? *r : std::vector<std::string>());
      done(user->get(), ErrorView(r.error()).get(), names.data(), names.size());
    };
    start(operation, [&] { return device->device.config().list(std::move(handler)); });
    return DMSS_OK;
  });
}

int32_t dmss_config_watch_start(dmss_device* device, const dmss_str* tables, size_t count, uint32_t period_ms,
                                dmss_config_change_fn on_change, void* user_data, dmss_destroy_fn destroy,
                                dmss_config_watch** watch) {
  if (watch == nullptr) return DMSS_E_INVALID_ARGUMENT;
  *watch = nullptr;
  constexpr uint32_t kShortest = 1000, kLongest = 24u * 3600 * 1000;
  if (device == nullptr || on_change == nullptr || tables == nullptr || count == 0 || !sound(tables, count) ||
      period_ms < kShortest || period_ms > kLongest)
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handle = std::make_unique<dmss_config_watch>();
    handle->watch = device->device.config().watch(
        copy(tables, count),
        [user, on_change](const ConfigChange& c) {
          on_change(user->get(), view(c.name), view(c.before), view(c.after));
        },
        ms(period_ms));
    *watch = handle.release();
    return DMSS_OK;
  });
}

void dmss_config_watch_destroy(dmss_config_watch* watch) {
  delete watch;
}

}  // extern "C"

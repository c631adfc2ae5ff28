// What the tests of typed tables share: a sample is read, unchanged it stays the same, one change is one change, over CGI it is the same value.
#pragma once

#include <catch2/catch.hpp>
#include <stdexcept>

#include "config_samples.hpp"
#include "proto/cgi/tree.hpp"
#include "proto/config/codecs.hpp"
#include "proto/config/diff.hpp"

namespace dmss::proto::config {

template <class T>
struct Mutation {
  const char* what;
  void (*change)(T&);
  std::vector<std::string> paths;  ///< that differ then; "*" = not in this sample
};

template <class T>
T read(const Json& row) {
  const auto value = Codec<T>::read(row);
  INFO(row.dump());
  REQUIRE(value);
  return *value;
}

/// As lines of text and back.
inline Json through_cgi(const Json& row) {
  cgi::KeyValues lines;
  cgi::flatten(row, "table.T", lines);
  const auto back = cgi::parse_kv(lines.body());
  REQUIRE(back);
  const auto tree = cgi::to_tree(*back);
  REQUIRE(tree);
  return (*tree)["table"]["T"];
}

inline std::vector<std::string> paths(const std::vector<Change>& changes) {
  std::vector<std::string> out;
  for (const Change& c : changes) out.push_back(to_text(c.path));
  return out;
}

/// What holds of every table.
template <class T>
void check_sample(const samples::Sample& sample, const std::vector<Mutation<T>>& mutations) {
  INFO(name(sample.kind) << ", " << sample.variant);
  const Json rpc_row = samples::row(sample), cgi_row = through_cgi(rpc_row);
  const T value = read<T>(rpc_row), cgi_value = read<T>(cgi_row);

  for (const Json& row : {rpc_row, cgi_row}) {
    Json copy = row;
    CHECK_FALSE(Codec<T>::apply(value, value, copy));
    CHECK(copy.dump() == row.dump());
    // Writing one's value over the other's changes nothing: they are equal.
    CHECK_FALSE(Codec<T>::apply(cgi_value, value, copy));
    CHECK_FALSE(Codec<T>::apply(value, cgi_value, copy));
    CHECK(copy.dump() == row.dump());
  }
  for (const auto& m : mutations) {
    INFO(m.what);
    T changed = value;
    m.change(changed);
    for (const Json& row : {rpc_row, cgi_row}) {
      Json copy = row;
      const Error error = Codec<T>::apply(changed, value, copy);
      if (m.paths == std::vector<std::string>{"*"}) {
        CHECK(error == Errc::unsupported);
        continue;
      }
      INFO(error.to_string());
      REQUIRE_FALSE(error);
      const auto changes = differences(row, copy);
      CHECK(paths(changes) == m.paths);
      for (const Change& c : changes) {
        CHECK(std::string(c.before.type_name()) == c.after.type_name());
        CHECK(c.before.is_number_float() == c.after.is_number_float());
      }
      // Read back it is the changed value, and back again the table is what it was.
      const T again = read<T>(copy);
      Json same = copy;
      CHECK_FALSE(Codec<T>::apply(again, changed, same));
      CHECK(same == copy);
      CHECK_FALSE(Codec<T>::apply(value, again, copy));
      CHECK(copy == row);
    }
  }
}

inline const samples::Sample& sample(ConfigKind kind, std::size_t n) {
  for (const auto& s : samples::kSamples) {
    if (s.kind == kind && n-- == 0) return s;
  }
  throw std::logic_error("no such sample");
}

}  // namespace dmss::proto::config

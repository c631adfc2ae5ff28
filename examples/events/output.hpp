// Events as lines for people or as JSON lines, and their pictures as files.
#pragma once

#include <string>

#include "dmss/dmss.hpp"

namespace events {

class Output {
 public:
  /// `folder` empty = no pictures.
  Output(bool json, std::string folder) : json_(json), folder_(std::move(folder)) {}
  void show(const dmss::Event& event) const;
  void show(const dmss::EventGap& gap) const;
  void show(dmss::EventState state, const dmss::Error& why) const;
  void show(const dmss::EventStats& stats) const;

 private:
  /// The file's name; empty when there is no picture or it could not be written.
  std::string save_picture(const dmss::Event& event) const;
  const bool json_;
  const std::string folder_;
};

}  // namespace events

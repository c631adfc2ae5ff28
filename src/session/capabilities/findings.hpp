// How probes write down what they found.
#pragma once

#include "session/capabilities/capability_cache.hpp"
#include "session/device/question.hpp"

namespace dmss::session {

inline void note(Findings& out, Feature feature, Support support, std::string probe,
                 std::string reason = {}) {
  out.features[feature] = Capability{support, std::move(probe), std::move(reason)};
}

/// `told`: what the device said of it itself.
void note_told(Findings& out, Feature feature, std::optional<bool> told, const std::string& probe);
/// A probe that got no answer: `no` when the device refused it for good, else `unknown`.
void note_refused(Findings& out, Feature feature, const Answer& answer);
/// A table or method that is there means that the feature is; else as note_refused().
void note_present(Findings& out, Feature feature, const Answer& answer);

/// A configuration table in the scope of a channel (from 1; 0 = the whole): the table itself.
Question table_question(const std::string& name, int channel);
/// The table in an answer to that, wherever the firmware puts it; nullptr when it holds none.
const proto::rpc::Json* table_of(const Answer& answer, const std::string& name, int channel);

}  // namespace dmss::session

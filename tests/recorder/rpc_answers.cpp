#include "recorder/rpc_answers.hpp"

namespace dmss::recorder::answers {
bool has_object(const Request& r, const Caller& c, const std::string& service) {
  return !instance_of(r, c, service).refusal;
}

}  // namespace dmss::recorder::answers

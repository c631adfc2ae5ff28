// The methods of live work, one file a family.
#include "recorder/rpc_methods.hpp"

namespace dmss::recorder {

void add_control_methods(Rpc& rpc) {
  add_event_methods(rpc);
  add_input_methods(rpc);
  add_live_controls(rpc);
  add_ptz_methods(rpc);
}

}  // namespace dmss::recorder

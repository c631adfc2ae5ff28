#include "recorder/rtsp_service.hpp"
namespace dmss::recorder {
net::awaitable<void> RtspService::serve(std::shared_ptr<Link>) {
  co_return;
}
}  // namespace dmss::recorder

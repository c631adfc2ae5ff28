#include "session/engine/trust_file.hpp"

#include <fstream>
#include <map>
#include <mutex>

namespace dmss::session {
namespace {

class TrustFile final : public net::TrustStore {
 public:
  explicit TrustFile(std::string path) : path_(std::move(path)) {
    if (path_.empty()) return;
    std::ifstream in(path_);
    for (std::string endpoint, fingerprint; in >> endpoint >> fingerprint;) known_[endpoint] = fingerprint;
  }

  std::optional<std::string> find(const std::string& endpoint) override {
    std::lock_guard lock(mutex_);
    const auto it = known_.find(endpoint);
    return it == known_.end() ? std::nullopt : std::optional(it->second);
  }

  void remember(const std::string& endpoint, const std::string& fingerprint) override {
    std::lock_guard lock(mutex_);
    known_[endpoint] = fingerprint;
    if (!path_.empty()) std::ofstream(path_, std::ios::app) << endpoint << ' ' << fingerprint << '\n';
  }

 private:
  std::string path_;
  std::mutex mutex_;
  std::map<std::string, std::string> known_;
};

}  // namespace

std::shared_ptr<net::TrustStore> make_trust_store(const std::string& path) {
  return std::make_shared<TrustFile>(path);
}

}  // namespace dmss::session

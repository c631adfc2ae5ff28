#include "session/engine/trust_file.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <sstream>

namespace dmss::session {
namespace {

namespace fs = std::filesystem;

/// Of the engines of this process that share a file.
std::mutex& file_mutex() {
  static auto* mutex = new std::mutex;  // engines may end during exit
  return *mutex;
}

class TrustFile final : public net::TrustStore {
 public:
  TrustFile(const std::string& path, Logger log) : log_(std::move(log)) {
    if (path.empty()) return;
    std::error_code error;
    const fs::path real = fs::weakly_canonical(path, error);  // a link stays a link
    path_ = error ? fs::path(path) : real;
    std::lock_guard lock(file_mutex());
    read();
  }

  std::optional<std::string> find(const std::string& endpoint) override {
    std::lock_guard lock(file_mutex());
    auto it = known_.find(endpoint);
    if (it == known_.end() && !path_.empty()) {
      read();  // somebody else may have seen it first
      it = known_.find(endpoint);
    }
    return it == known_.end() ? std::nullopt : std::optional(it->second);
  }

  void remember(const std::string& endpoint, const std::string& fingerprint) override {
    std::lock_guard lock(file_mutex());
    const bool complete = path_.empty() || read();
    known_[endpoint] = fingerprint;
    if (path_.empty()) return;
    if (complete)
      write();
    else
      complain("is not written: it would lose what cannot be read");
  }

 private:
  /// What the file knows counts for endpoints that are not known here. False when there may be more in it.
  bool read() {
    std::error_code error;
    if (!fs::exists(path_, error) && !error) return true;
    std::ifstream in(path_);
    if (!in) {
      complain("cannot be read");
      return false;
    }
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string endpoint, fingerprint;
      if (words >> endpoint >> fingerprint) known_.try_emplace(endpoint, fingerprint);
    }
    if (in.bad()) complain("cannot be read");
    return !in.bad();
  }

  void write() {
    std::error_code error;
    fs::path fresh = path_;
    fresh += "." + std::to_string(std::random_device{}()) + ".new";
    {
      std::ofstream out(fresh, std::ios::trunc);
      for (const auto& [endpoint, fingerprint] : known_) out << endpoint << ' ' << fingerprint << '\n';
      out.close();
      if (!out) error = std::make_error_code(std::errc::io_error);
    }
    const fs::file_status old = fs::status(path_);
    if (!error && fs::exists(old)) fs::permissions(fresh, old.permissions(), error);
    if (!error) fs::rename(fresh, path_, error);
    if (!error) {
      told_.clear();
      return;
    }
    std::error_code ignored;
    fs::remove(fresh, ignored);
    complain("cannot be written");
  }

  void complain(const std::string& what) {
    if (what == told_) return;
    told_ = what;
    log_.error(
        "the file of trusted certificates {} {}: a certificate seen for the first time is trusted until the "
        "engine ends",
        path_.string(), what);
  }

  const Logger log_;
  fs::path path_;
  std::map<std::string, std::string> known_;
  std::string told_;
};

}  // namespace

std::shared_ptr<net::TrustStore> make_trust_store(const std::string& path, Logger log) {
  return std::make_shared<TrustFile>(path, std::move(log));
}

}  // namespace dmss::session

#include "session/engine/trust_file.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace dmss;
using namespace dmss::session;
namespace fs = std::filesystem;

namespace {

struct Scene {
  Scene() {
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  ~Scene() { fs::remove_all(folder); }
  std::shared_ptr<net::TrustStore> store() { return store(file); }
  std::shared_ptr<net::TrustStore> store(const fs::path& path) {
    auto hub = make_log_hub(LogLevel::warning, [this](const LogRecord& r) { log.emplace_back(r.text); });
    return make_trust_store(path.string(), Logger(std::move(hub), "test"));
  }
  std::string text() const {
    std::ifstream in(file);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  const fs::path folder = fs::temp_directory_path() / ("dmss_trust_" + std::to_string(::getpid()));
  const fs::path file = folder / "trusted";
  std::vector<std::string> log;
};

}  // namespace

TEST_CASE("what was trusted on first use is still trusted by the next engine") {
  Scene s;
  s.store()->remember("192.0.2.1:443", "aa");
  const auto next = s.store();
  CHECK(next->find("192.0.2.1:443") == "aa");
  CHECK_FALSE(next->find("192.0.2.2:443"));
  CHECK(s.log.empty());
}

TEST_CASE("two engines on one file lose nothing of each other's") {
  Scene s;
  const auto one = s.store();
  const auto two = s.store();
  one->remember("192.0.2.1:443", "aa");
  two->remember("192.0.2.2:443", "bb");
  CHECK(two->find("192.0.2.1:443") == "aa");
  CHECK(one->find("192.0.2.2:443") == "bb");
  CHECK(s.text() == "192.0.2.1:443 aa\n192.0.2.2:443 bb\n");
  CHECK(std::distance(fs::directory_iterator(s.folder), {}) == 1);
}

TEST_CASE("the file keeps its permissions and stays a link") {
  Scene s;
  const fs::path link = s.folder / "link";
  std::ofstream(s.file).close();
  fs::permissions(s.file, fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(s.file, link);
  s.store(link)->remember("192.0.2.1:443", "aa");
  CHECK(fs::is_symlink(link));
  CHECK(s.text() == "192.0.2.1:443 aa\n");
  CHECK(fs::status(s.file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a file of trusted certificates that cannot be read or written is an error in the log, once") {
  Scene s;
  SECTION("it cannot be read, and is left as it is") {
    fs::create_directory(s.file);
    const auto store = s.store();
    CHECK(s.log.size() == 1);
    store->remember("192.0.2.1:443", "aa");
    CHECK(fs::is_directory(s.file));
    CHECK(store->find("192.0.2.1:443") == "aa");
  }
  SECTION("its folder is not there") {
    const auto store = s.store(s.folder / "none" / "trusted");
    CHECK(s.log.empty());
    store->remember("192.0.2.1:443", "aa");
    store->remember("192.0.2.2:443", "bb");
    CHECK(store->find("192.0.2.1:443") == "aa");
    CHECK(s.log.size() == 1);
  }
  REQUIRE_FALSE(s.log.empty());
  CHECK(s.log[0].find("trusted") != std::string::npos);
}

#include "scenario/rpc_device.hpp"

#include "proto/dvrip/dhip.hpp"

namespace dmss::scenario {
namespace {

using Json = proto::rpc::Json;

/// Puts what a reply takes from its request into one of the notes' texts.
std::string fill(const std::string& text, const Json& id, const Json& session) {
  Json reply = Json::parse(text);
  reply["id"] = id;
  if (!reply.contains("session")) reply["session"] = session;
  return reply.dump();
}

constexpr const char* kChallenge =
    R"({"error":{"code":268632079,"message":"Component error: login challenge!"},"params":{"encryption":"Default",)"
    R"("random":"1172275829","realm":"Login to a0c50bcd05b2f03d067e530d9bf069af"},"result":false})";

std::string identity(const std::string& method) {
  if (method == "magicBox.getSerialNo") return R"({"params":{"sn":"3G0TEST0001"},"result":true})";
  if (method == "magicBox.getDeviceType") return R"({"params":{"type":"NVR5216"},"result":true})";
  if (method == "magicBox.getDeviceClass") return R"({"params":{"type":"NVR"},"result":true})";
  if (method == "magicBox.getSoftwareVersion")
    return R"({"params":{"version":{"Version":"4.001","BuildDate":"2024-10-30"}},"result":true})";
  if (method == "magicBox.getHardwareVersion") return R"({"params":{"version":"1.00"},"result":true})";
  if (method == "configManager.getConfig")
    return R"({"params":{"table":[{"Name":"Gate"},{"Name":"Yard"}]},"result":true})";
  return R"({"error":{"code":268894210,"message":"Method not found!"},"result":false})";
}

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

}  // namespace

RpcDevice::More RpcDevice::in_words(std::function<std::string(const Json& request)> words) {
  return [words = std::move(words)](const Json& request) -> std::optional<Json> {
    const std::string text = words(request);
    if (text.empty()) return std::nullopt;
    return Json::parse(text);
  };
}

std::string RpcDevice::reply(const std::string& text) {
  const Json request = Json::parse(text);
  heard.push_back(request);
  const std::string method = request.value("method", "");
  const Json id = request.value("id", Json(0));
  if (!ignores.empty() && method == ignores) return {};
  if (on_request) on_request(method);
  if (method == "global.login") {
    const std::string password = request["params"].value("password", "");
    if (password.empty()) {
      Json challenge = Json::parse(kChallenge);
      challenge["params"]["encryption"] = encryption;
      return fill(challenge.dump(), id, first_session);
    }
    ++hashes;
    if (request.value("session", Json()) != first_session) ++wrong_sessions;
    if (!verdict.empty()) return fill(verdict, id, first_session);
    const Json params = {{"keepAliveInterval", keep_alive_interval}};
    return Json{{"id", id}, {"params", params}, {"result", true}, {"session", session}}.dump();
  }
  if (request.value("session", Json()) != session) ++wrong_sessions;
  if (more) {
    if (const std::optional<Json> answer = more(request)) return fill(answer->dump(), id, session);
  }
  if (method == "global.keepAlive") {
    ++keep_alives;
    return fill(keep_alive_answer.empty() ? R"({"params":{"timeout":60},"result":true})" : keep_alive_answer,
                id, session);
  }
  if (method == "global.logout") {
    ++logouts;
    return fill(R"({"result":true})", id, session);
  }
  const auto answer = answers.find(method);
  return fill(answer != answers.end() ? answer->second : identity(method), id, session);
}

Bytes RpcDevice::http_answer(const Bytes& message) {
  const std::string text(as_text(message));
  if (text.starts_with("GET ")) return bytes_of("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  const std::string body = reply(text.substr(text.find("\r\n\r\n") + 4));
  if (silent || body.empty()) return {};
  const std::string out =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
      (closes_after_each ? "\r\nConnection: close" : "") + "\r\n\r\n" + body;
  return bytes_of(out);
}

Bytes RpcDevice::dhip_answer(const Bytes& message) {
  proto::dvrip::DhipReader reader;
  reader.feed(message);
  const auto request = reader.next();
  const std::string body = reply(std::string(request.value().text()));
  const std::uint32_t number = session.is_number() ? session.get<std::uint32_t>() : 0;
  return silent || body.empty()
             ? Bytes()
             : proto::dvrip::write_dhip(request.value().id, number, body, {.trailer = "\n"});
}

Script RpcDevice::http(int step, Fault fault) {
  return conversation(http_protocol(), [this](const Bytes& m) { return http_answer(m); }, step, fault);
}

Script RpcDevice::dhip(int step, Fault fault) {
  return conversation(dhip_protocol(), [this](const Bytes& m) { return dhip_answer(m); }, step, fault);
}

}  // namespace dmss::scenario

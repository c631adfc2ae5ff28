#include "support/recorder_process.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace dmss::test {
namespace {

std::string read_line(int fd) {
  std::string line;
  for (char c; ::read(fd, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

/// The recorder's line is one flat object of numbers.
std::map<std::string, int> parse_ports(const std::string& line) {
  std::map<std::string, int> ports;
  for (std::size_t at = 0; (at = line.find('"', at)) != std::string::npos;) {
    const std::size_t end = line.find('"', at + 1);
    const std::size_t colon = line.find(':', end);
    if (end == std::string::npos || colon == std::string::npos) break;
    ports[line.substr(at + 1, end - at - 1)] = std::atoi(line.c_str() + colon + 1);
    at = colon;
  }
  return ports;
}

}  // namespace

RecorderProcess::RecorderProcess(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
  std::vector<std::string> all = arguments_;
  for (const char* service : {"dvrip", "http", "https", "rtsp", "rtsps", "dhip", "control"}) {
    all.insert(all.end(), {std::string("--") + service, "0"});
  }
  spawn(all);
}

RecorderProcess::~RecorderProcess() {
  kill();
}

void RecorderProcess::spawn(const std::vector<std::string>& arguments) {
  const char* program = std::getenv("DMSS_RECORDER");
  if (program == nullptr) throw std::runtime_error("DMSS_RECORDER is not set");
  std::vector<std::string> words{program, "--listen",   "127.0.0.1", "--user",
                                 kUser,   "--password", kPassword,   "--until-eof"};
  if (const char* clips = std::getenv("DMSS_CLIPS")) words.insert(words.end(), {"--clips", clips});
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);

  int in[2], out[2];
  if (::pipe(in) != 0 || ::pipe(out) != 0) throw std::runtime_error("pipe");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    for (int fd : {in[0], in[1], out[0], out[1]}) ::close(fd);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  stdin_ = in[1];
  const std::string line = read_line(out[0]);
  ::close(out[0]);
  ports_ = parse_ports(line);
  if (ports_.count("control") == 0) throw std::runtime_error("dmss-recorder did not start: \"" + line + "\"");
}

int RecorderProcess::port(const std::string& service) const {
  return ports_.at(service);
}

void RecorderProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  ::close(stdin_);
  pid_ = -1;
}

void RecorderProcess::restart() {
  kill();
  std::vector<std::string> all = arguments_;
  for (const auto& [service, number] : ports_)
    all.insert(all.end(), {"--" + service, number > 0 ? std::to_string(number) : "off"});
  spawn(all);
}

std::string RecorderProcess::post(const std::string& path, const std::string& json) const {
  return request("POST", path, json);
}
std::string RecorderProcess::get(const std::string& path) const {
  return request("GET", path, "");
}

std::string RecorderProcess::request(const std::string& method, const std::string& path,
                                     const std::string& body) const {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port("control")));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    ::close(fd);
    throw std::runtime_error("the control port does not answer");
  }
  const std::string text = method + " " + path +
                           " HTTP/1.1\r\nHost: recorder\r\nConnection: close\r\nContent-Type: "
                           "application/json\r\nContent-Length: " +
                           std::to_string(body.size()) + "\r\n\r\n" + body;
  if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::runtime_error("control port: short write");
  std::string answer;
  char chunk[4096];
  for (ssize_t n; (n = ::read(fd, chunk, sizeof chunk)) > 0;)
    answer.append(chunk, static_cast<std::size_t>(n));
  ::close(fd);
  const std::size_t head = answer.find("\r\n\r\n");
  if (head == std::string::npos || answer.compare(0, 12, "HTTP/1.1 200") != 0)
    throw std::runtime_error("control port: " + answer);
  return answer.substr(head + 4);
}

}  // namespace dmss::test

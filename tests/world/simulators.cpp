#include "tests/world/simulators.hpp"

#include "tests/run.hpp"

namespace world {
namespace {

hetzner::simulator::Options hetzner_options(double speed, const std::string& catalogue) {
  hetzner::simulator::Options options;
  options.tokens = {Simulators::token};
  options.read_only_tokens = {"read-only"};
  options.speed = speed;
  options.catalogue_file = catalogue;
  return options;
}

tailnet::simulator::Options tailnet_options(const Simulators::Tailnet& tailnet) {
  tailnet::simulator::Options options;
  options.oauth_id = "world";
  options.oauth_secret = Simulators::oauth_secret;
  options.api_key = Simulators::token;
  options.headscale = tailnet.headscale;
  options.tag = tailnet.tag;
  return options;
}

}  // namespace

Service::Service(std::uint16_t port)
    : url("http://127.0.0.1:" + std::to_string(port)), client(io.get_executor(), net::parse_endpoint(url)) {}

nlohmann::json Service::ask(const std::string& method, const std::string& path, const nlohmann::json& body) {
  net::HttpRequest request;
  request.method = method;
  request.target = path;
  request.headers = {{"Authorization", std::string("Bearer ") + Simulators::token}};
  if (!body.is_null()) request.body = body.dump();
  const auto response = run(io, client.fetch(request, std::chrono::seconds(10)));
  if (response.status >= 300) throw std::runtime_error(path + " was answered " + response.body);
  return response.body.empty() ? nlohmann::json() : nlohmann::json::parse(response.body);
}

Simulators::Simulators(double speed, const std::string& catalogue, const Tailnet& of)
    : hetzner_(io_.get_executor(), clock_, hetzner_options(speed, catalogue)),
      tailnet_(io_.get_executor(), clock_, tailnet_options(of)),
      hetzner(hetzner_.port()),
      tailnet(tailnet_.port()),
      thread_([this] { io_.run(); }) {}

Simulators::~Simulators() {
  io_.stop();
  thread_.join();
}

}  // namespace world

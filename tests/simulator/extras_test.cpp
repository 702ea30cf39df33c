#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

namespace {

json shown_server(Cloud& cloud, const std::string& path) { return cloud.get(path).body.at("server"); }

int open_lines(Cloud& cloud, const std::string& resource) {
  int open = 0;
  const auto bill = cloud.call("GET", "/_sim/bill?token=first").body;
  for (const auto& line : bill.at("lines")) open += line["resource"] == resource && line["to"].is_null();
  return open;
}

}  // namespace

TEST_CASE("an ISO is found by name and architecture, and put into a server and out of it") {
  Cloud cloud;
  const auto any = cloud.get("/isos?architecture=arm&include_architecture_wildcard=true").body["isos"];
  CHECK(any.size() == cloud.get("/isos?architecture=arm").body["isos"].size() + 1);
  const auto debian = cloud.get("/isos?name=debian-13.1.0-amd64-netinst.iso").body["isos"][0];
  CHECK(debian["architecture"] == "x86");
  CHECK(debian["type"] == "public");
  CHECK(debian["deprecation"].is_null());
  CHECK(cloud.get("/isos/" + debian["id"].dump()).body["iso"] == debian);
  CHECK(cloud.get("/isos/7").status == 404);
  const auto server = cloud.server("box");
  CHECK(cloud.post(server + "/actions/attach_iso", {{"iso", "floppy"}}).field() == "iso");
  const json references[] = {debian["id"], debian["name"], debian["id"].dump()};
  for (const auto& reference : references) {
    CHECK(cloud.post(server + "/actions/attach_iso", {{"iso", reference}}).status == 201);
    cloud.clock.advance(1s);
    CHECK(shown_server(cloud, server)["iso"] == debian);
  }
  CHECK(cloud.post(server + "/actions/detach_iso").body["action"]["command"] == "detach_iso");
  cloud.clock.advance(1s);
  CHECK(shown_server(cloud, server)["iso"].is_null());
}

TEST_CASE("an address is called what somebody calls it, and as before when the name is taken away") {
  Cloud cloud;
  const auto server = cloud.server("box");
  const auto net = shown_server(cloud, server)["public_net"];
  const auto usual = net["ipv4"]["dns_ptr"];
  const auto change = [&](const std::string& path, const json& ip, const json& name) {
    auto told = cloud.post(path + "/actions/change_dns_ptr", {{"ip", ip}, {"dns_ptr", name}});
    cloud.clock.advance(1s);
    return told;
  };
  CHECK(change(server, net["ipv4"]["ip"], "box.example.org").body["action"]["command"] == "change_dns_ptr");
  CHECK(shown_server(cloud, server)["public_net"]["ipv4"]["dns_ptr"] == "box.example.org");
  CHECK(change(server, net["ipv4"]["ip"], nullptr).status == 201);
  CHECK(shown_server(cloud, server)["public_net"]["ipv4"]["dns_ptr"] == usual);
  const auto network = net["ipv6"]["ip"].get<std::string>();
  const auto inside = network.substr(0, network.find('/')) + "7";
  const auto ipv6 = "/primary_ips/" + net["ipv6"]["id"].dump();
  CHECK(change(ipv6, inside, "six.example.org").status == 201);
  const auto names = json::array({{{"ip", inside}, {"dns_ptr", "six.example.org"}}});
  CHECK(cloud.get(ipv6).body["primary_ip"]["dns_ptr"] == names);
  CHECK(shown_server(cloud, server)["public_net"]["ipv6"]["dns_ptr"] == names);
  CHECK(change(server, "192.0.2.1", "x.example.org").field() == "ip");
  CHECK(change(ipv6, "2001:db9::1", "x.example.org").field() == "ip");
  CHECK(change(server, net["ipv4"]["ip"], "no name").field() == "dns_ptr");
}

TEST_CASE("backups cost a fifth more, seven are kept, and they go with the server") {
  Cloud cloud;
  const auto server = cloud.server("box");
  CHECK(shown_server(cloud, server)["backup_window"].is_null());
  CHECK(cloud.post(server + "/actions/enable_backup").body["action"]["command"] == "enable_backup");
  cloud.clock.advance(1s);
  CHECK(shown_server(cloud, server)["backup_window"] == "22-02");
  CHECK(open_lines(cloud, "backup") == 1);
  for (int i = 0; i < 8; ++i) {
    const auto made = cloud.post(server + "/actions/create_image", {{"type", "backup"}});
    CHECK(made.body["image"]["bound_to"] == shown_server(cloud, server)["id"]);
    cloud.clock.advance(60s);
  }
  const auto bound = "/images?type=backup&bound_to=" + server.substr(server.rfind('/') + 1);
  const auto backups = cloud.get(bound).body["images"];
  CHECK(backups.size() == 7);
  const auto kept = "/images/" + backups[0]["id"].dump();
  const auto before = open_lines(cloud, "snapshot");
  const auto changed = cloud.call("PUT", kept, {{"type", "snapshot"}}).body["image"];
  CHECK(changed["type"] == "snapshot");
  CHECK(changed["bound_to"].is_null());
  CHECK(open_lines(cloud, "snapshot") == before + 1);
  CHECK(cloud.get(bound).body["images"].size() == 6);
  cloud.call("DELETE", server);
  cloud.clock.advance(5s);
  CHECK(cloud.get("/images?type=backup").body["images"].empty());
  CHECK(cloud.get(kept).status == 200);
  CHECK(open_lines(cloud, "backup") == 0);
}

TEST_CASE("backups are at the price of the type, and disabling them deletes them") {
  Cloud cloud;
  const auto server = cloud.server("box");
  cloud.post(server + "/actions/enable_backup");
  cloud.clock.advance(1s);
  const auto bill = cloud.call("GET", "/_sim/bill?token=first").body["lines"];
  CHECK(bill.back()["resource"] == "backup");
  CHECK(bill.back()["amount"] == "0.0113800000");
  cloud.post(server + "/actions/create_image", {{"type", "backup"}});
  cloud.clock.advance(60s);
  CHECK(cloud.post(server + "/actions/disable_backup").status == 201);
  cloud.clock.advance(1s);
  CHECK(cloud.get("/images?type=backup").body["images"].empty());
  CHECK(shown_server(cloud, server)["backup_window"].is_null());
  CHECK(open_lines(cloud, "backup") == 0);
}

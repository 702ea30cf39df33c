package main

import (
	"reflect"
	"strings"

	"github.com/hetznercloud/hcloud-go/v2/hcloud/schema"
)

// expected: differences between hcloud-go 2.53's types and the API of November 2026, as TYPE.FIELD, each with its reason.
// One that no answer shows any more is a failure too.
var expected = map[string]string{
	"Image.deprecated":                     "removed 2026-11-02, image.deprecation took its place",
	"ServerType.deprecated":                "removed 2026-11-02, locations[].deprecation took its place",
	"ServerType.included_traffic":          "moved to prices[] on 2024-08-05; not in the vendor's description of 2026",
	"Pricing.traffic":                      "removed 2024-08-05, server_types[].prices[] took its place",
	"PricingPrimaryIPTypePrice.datacenter": "removed with the data centres on 2026-10-01",
	"MetaPagination.previous_page":         "null on the first page; the type has 0",
	"MetaPagination.next_page":             "null on the last page; the type has 0",
	"NetworkSubnet.vswitch_id":             "null without a vSwitch; the type has 0",
	"ServerPublicNet.ipv4":                 "null without an IPv4; the type has an empty one",
	"ServerPublicNet.ipv6":                 "null without an IPv6; the type has an empty one",
}

type (
	actionOnly struct {
		Action schema.Action `json:"action"`
	}
	actionList = schema.ActionListResponse
)

// answers: what hcloud-go decodes the answer of each request into.
var answers = map[string]reflect.Type{
	"GET /actions":        reflect.TypeFor[actionList](),
	"GET /actions/{id}":   reflect.TypeFor[schema.ActionGetResponse](),
	"GET /pricing":        reflect.TypeFor[schema.PricingGetResponse](),
	"GET /locations":      reflect.TypeFor[schema.LocationListResponse](),
	"GET /locations/{id}": reflect.TypeFor[schema.LocationGetResponse](),

	"GET /server_types":      reflect.TypeFor[schema.ServerTypeListResponse](),
	"GET /server_types/{id}": reflect.TypeFor[schema.ServerTypeGetResponse](),

	"GET /isos":      reflect.TypeFor[schema.ISOListResponse](),
	"GET /isos/{id}": reflect.TypeFor[schema.ISOGetResponse](),

	"GET /ssh_keys":      reflect.TypeFor[schema.SSHKeyListResponse](),
	"POST /ssh_keys":     reflect.TypeFor[schema.SSHKeyCreateResponse](),
	"GET /ssh_keys/{id}": reflect.TypeFor[schema.SSHKeyGetResponse](),
	"PUT /ssh_keys/{id}": reflect.TypeFor[schema.SSHKeyUpdateResponse](),

	"GET /images":      reflect.TypeFor[schema.ImageListResponse](),
	"GET /images/{id}": reflect.TypeFor[schema.ImageGetResponse](),
	"PUT /images/{id}": reflect.TypeFor[schema.ImageUpdateResponse](),

	"GET /volumes":      reflect.TypeFor[schema.VolumeListResponse](),
	"POST /volumes":     reflect.TypeFor[schema.VolumeCreateResponse](),
	"GET /volumes/{id}": reflect.TypeFor[schema.VolumeGetResponse](),
	"PUT /volumes/{id}": reflect.TypeFor[schema.VolumeUpdateResponse](),

	"GET /primary_ips":      reflect.TypeFor[schema.PrimaryIPListResponse](),
	"POST /primary_ips":     reflect.TypeFor[schema.PrimaryIPCreateResponse](),
	"GET /primary_ips/{id}": reflect.TypeFor[schema.PrimaryIPGetResponse](),
	"PUT /primary_ips/{id}": reflect.TypeFor[schema.PrimaryIPUpdateResponse](),

	"GET /servers":              reflect.TypeFor[schema.ServerListResponse](),
	"POST /servers":             reflect.TypeFor[schema.ServerCreateResponse](),
	"GET /servers/{id}":         reflect.TypeFor[schema.ServerGetResponse](),
	"PUT /servers/{id}":         reflect.TypeFor[schema.ServerUpdateResponse](),
	"DELETE /servers/{id}":      reflect.TypeFor[schema.ServerDeleteResponse](),
	"GET /servers/{id}/metrics": reflect.TypeFor[schema.ServerGetMetricsResponse](),

	"POST /servers/{id}/actions/create_image":    reflect.TypeFor[schema.ServerActionCreateImageResponse](),
	"POST /servers/{id}/actions/rebuild":         reflect.TypeFor[schema.ServerActionRebuildResponse](),
	"POST /servers/{id}/actions/enable_rescue":   reflect.TypeFor[schema.ServerActionEnableRescueResponse](),
	"POST /servers/{id}/actions/reset_password":  reflect.TypeFor[schema.ServerActionResetPasswordResponse](),
	"POST /servers/{id}/actions/request_console": reflect.TypeFor[schema.ServerActionRequestConsoleResponse](),

	"GET /networks":      reflect.TypeFor[schema.NetworkListResponse](),
	"POST /networks":     reflect.TypeFor[schema.NetworkCreateResponse](),
	"GET /networks/{id}": reflect.TypeFor[schema.NetworkGetResponse](),
	"PUT /networks/{id}": reflect.TypeFor[schema.NetworkUpdateResponse](),

	"GET /networks/{id}/members": reflect.TypeFor[schema.NetworkMemberListResponse](),

	"GET /placement_groups":      reflect.TypeFor[schema.PlacementGroupListResponse](),
	"POST /placement_groups":     reflect.TypeFor[schema.PlacementGroupCreateResponse](),
	"GET /placement_groups/{id}": reflect.TypeFor[schema.PlacementGroupGetResponse](),
	"PUT /placement_groups/{id}": reflect.TypeFor[schema.PlacementGroupUpdateResponse](),

	"GET /firewalls":      reflect.TypeFor[schema.FirewallListResponse](),
	"POST /firewalls":     reflect.TypeFor[schema.FirewallCreateResponse](),
	"GET /firewalls/{id}": reflect.TypeFor[schema.FirewallGetResponse](),
	"PUT /firewalls/{id}": reflect.TypeFor[schema.FirewallUpdateResponse](),

	"POST /firewalls/{id}/actions/set_rules":             reflect.TypeFor[schema.FirewallActionSetRulesResponse](),
	"POST /firewalls/{id}/actions/apply_to_resources":    reflect.TypeFor[schema.FirewallActionApplyToResourcesResponse](),
	"POST /firewalls/{id}/actions/remove_from_resources": reflect.TypeFor[schema.FirewallActionRemoveFromResourcesResponse](),
}

// Every other action of a resource answers with itself.
func init() {
	actions := map[string]string{
		"servers": "poweron poweroff shutdown reboot reset change_type change_protection disable_rescue attach_iso detach_iso " +
			"enable_backup disable_backup change_dns_ptr attach_to_network detach_from_network change_alias_ips " +
			"add_to_placement_group remove_from_placement_group",
		"volumes":     "attach detach resize change_protection",
		"primary_ips": "assign unassign change_dns_ptr change_protection",
		"images":      "change_protection",
		"networks":    "change_ip_range add_subnet delete_subnet add_route delete_route change_protection",
		"firewalls":   "",
	}
	for resource, verbs := range actions {
		for _, verb := range strings.Fields(verbs) {
			answers["POST /"+resource+"/{id}/actions/"+verb] = reflect.TypeFor[actionOnly]()
		}
		answers["GET /"+resource+"/actions"] = reflect.TypeFor[actionList]()
		answers["GET /"+resource+"/{id}/actions"] = reflect.TypeFor[actionList]()
		answers["GET /"+resource+"/actions/{id}"] = reflect.TypeFor[actionOnly]()
		answers["GET /"+resource+"/{id}/actions/{id}"] = reflect.TypeFor[actionOnly]()
	}
}

// isList: all lists have meta, and nothing else has.
func isList(route string) bool {
	return strings.HasPrefix(route, "GET ") && !strings.HasSuffix(route, "}") && route != "GET /pricing" &&
		!strings.HasSuffix(route, "/metrics")
}

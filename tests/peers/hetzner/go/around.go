package main

import (
	"net"
	"slices"

	"github.com/hetznercloud/hcloud-go/v2/hcloud"
)

func cidr(text string) *net.IPNet {
	_, found, err := net.ParseCIDR(text)
	expect(err == nil, err)
	return found
}

func (s story) spare(name string, opts hcloud.ServerCreateOpts) *hcloud.Server {
	opts.Name, opts.Location = name, fsn1
	opts.ServerType, opts.Image = &hcloud.ServerType{Name: "cpx22"}, &hcloud.Image{Name: "debian-13"}
	return s.order(opts)
}

// goes: the server and nothing else, for its network, group and firewall stay.
func (s story) goes(server *hcloud.Server) {
	s.done(must(s.Server.DeleteWithResult(s, server)).Action)
}

func (s story) networks() {
	subnet := func(text string) hcloud.NetworkSubnet {
		return hcloud.NetworkSubnet{Type: hcloud.NetworkSubnetTypeCloud, IPRange: cidr(text), NetworkZone: hcloud.NetworkZoneEUCentral}
	}
	opts := hcloud.NetworkCreateOpts{Name: "inside", IPRange: cidr("10.0.0.0/16"), Labels: map[string]string{"of": "alice"},
		Subnets: []hcloud.NetworkSubnet{subnet("10.0.1.0/24")}}
	inside := must(s.Network.Create(s, opts))
	expect(len(inside.Subnets) == 1 && inside.Subnets[0].Gateway.String() == "10.0.0.1", inside.Subnets)
	refused[*hcloud.Network](hcloud.ErrorCodeUniquenessError)(s.Network.Create(s, opts))
	refused[*hcloud.Network](hcloud.ErrorCodeInvalidInput)(s.Network.Create(s, hcloud.NetworkCreateOpts{Name: "public", IPRange: cidr("8.8.0.0/16")}))
	s.done(must(s.Network.AddSubnet(s, inside, hcloud.NetworkAddSubnetOpts{Subnet: subnet("10.0.2.0/24")})))
	route := hcloud.NetworkRoute{Destination: cidr("10.100.1.0/24"), Gateway: net.ParseIP("10.0.1.2")}
	s.done(must(s.Network.AddRoute(s, inside, hcloud.NetworkAddRouteOpts{Route: route})))
	inside = must(s.Network.GetByName(s, "inside"))
	expect(len(inside.Subnets) == 2 && len(inside.Routes) == 1, inside)

	server := s.spare("member", hcloud.ServerCreateOpts{Networks: []*hcloud.Network{inside}})
	expect(len(server.PrivateNet) == 1 && server.PrivateNet[0].Network.ID == inside.ID, server.PrivateNet)
	expect(cidr("10.0.0.0/16").Contains(server.PrivateNet[0].IP), server.PrivateNet[0].IP)
	expect(must(s.Network.GetByID(s, inside.ID)).Servers[0].ID == server.ID, "whose member it is")
	refused[*hcloud.Action](hcloud.ErrorCodeServerAlreadyAttached)(s.Server.AttachToNetwork(s, server, hcloud.ServerAttachToNetworkOpts{Network: inside}))
	s.done(must(s.Server.DetachFromNetwork(s, server, hcloud.ServerDetachFromNetworkOpts{Network: inside})))
	s.done(must(s.Server.AttachToNetwork(s, server, hcloud.ServerAttachToNetworkOpts{Network: inside, IP: net.ParseIP("10.0.2.7")})))
	s.done(must(s.Server.ChangeAliasIPs(s, server, hcloud.ServerChangeAliasIPsOpts{Network: inside, AliasIPs: []net.IP{net.ParseIP("10.0.2.8")}})))
	server = must(s.Server.GetByID(s, server.ID))
	expect(server.PrivateNet[0].IP.String() == "10.0.2.7" && server.PrivateNet[0].Aliases[0].String() == "10.0.2.8", server.PrivateNet)
	member := mustAll(s.Network.AllMembersWithOpts(s, inside, hcloud.NetworkMemberListOpts{Subnet: []*net.IPNet{cidr("10.0.2.0/24")}}))
	expect(len(member) == 1 && member[0].Status == hcloud.NetworkMemberStatusOK && member[0].IP.String() == "10.0.2.7", member)
	s.goes(server)

	s.done(must(s.Network.DeleteRoute(s, inside, hcloud.NetworkDeleteRouteOpts{Route: route})))
	s.done(must(s.Network.DeleteSubnet(s, inside, hcloud.NetworkDeleteSubnetOpts{Subnet: subnet("10.0.2.0/24")})))
	s.done(must(s.Network.ChangeIPRange(s, inside, hcloud.NetworkChangeIPRangeOpts{IPRange: cidr("10.0.0.0/12")})))
	inside = must(s.Network.Update(s, inside, hcloud.NetworkUpdateOpts{Name: "inner", Labels: map[string]string{}}))
	expect(inside.Name == "inner" && inside.IPRange.String() == "10.0.0.0/12" && len(inside.Subnets) == 1, inside)
	s.done(must(s.Network.ChangeProtection(s, inside, hcloud.NetworkChangeProtectionOpts{Delete: hcloud.Ptr(true)})))
	notDeleted(hcloud.ErrorCodeProtected)(s.Network.Delete(s, inside))
	s.done(must(s.Network.ChangeProtection(s, inside, hcloud.NetworkChangeProtectionOpts{Delete: hcloud.Ptr(false)})))
	deleted(s.Network.Delete(s, inside))
}

func (s story) placement() {
	made := must(s.PlacementGroup.Create(s, hcloud.PlacementGroupCreateOpts{Name: "apart", Type: hcloud.PlacementGroupTypeSpread}))
	group := must(s.PlacementGroup.Update(s, made.PlacementGroup, hcloud.PlacementGroupUpdateOpts{Labels: map[string]string{"of": "alice"}}))
	server := s.spare("apart", hcloud.ServerCreateOpts{PlacementGroup: group})
	expect(server.PlacementGroup.ID == group.ID, server.PlacementGroup)
	expect(slices.Equal(must(s.PlacementGroup.GetByName(s, "apart")).Servers, []int64{server.ID}), "who is in it")
	notDeleted(hcloud.ErrorCodeResourceInUse)(s.PlacementGroup.Delete(s, group))
	s.done(must(s.Server.RemoveFromPlacementGroup(s, server)))
	refused[*hcloud.Action](hcloud.ErrorCodeServerNotStopped)(s.Server.AddToPlacementGroup(s, server, group))
	s.done(must(s.Server.Poweroff(s, server)))
	s.done(must(s.Server.AddToPlacementGroup(s, server, group)))
	s.goes(server)
	expect(len(must(s.PlacementGroup.GetByID(s, group.ID)).Servers) == 0, "it is empty")
	deleted(s.PlacementGroup.Delete(s, group))
}

func (s story) firewalls() {
	open := func(port string) hcloud.FirewallRule {
		return hcloud.FirewallRule{Direction: hcloud.FirewallRuleDirectionIn, Protocol: hcloud.FirewallRuleProtocolTCP,
			Port: &port, SourceIPs: []net.IPNet{*cidr("0.0.0.0/0"), *cidr("::/0")}, Description: hcloud.Ptr("port " + port)}
	}
	made := must(s.Firewall.Create(s, hcloud.FirewallCreateOpts{Name: "wall", Rules: []hcloud.FirewallRule{open("22")}}))
	wall := must(s.Firewall.Update(s, made.Firewall, hcloud.FirewallUpdateOpts{Labels: map[string]string{"of": "alice"}}))
	server := s.spare("walled", hcloud.ServerCreateOpts{Labels: map[string]string{"wall": "yes"},
		Firewalls: []*hcloud.ServerCreateFirewall{{Firewall: *wall}}})
	expect(server.PublicNet.Firewalls[0].Firewall.ID == wall.ID && server.PublicNet.Firewalls[0].Status == "applied", server.PublicNet)
	s.done(must(s.Firewall.SetRules(s, wall, hcloud.FirewallSetRulesOpts{Rules: []hcloud.FirewallRule{open("22"), open("443-444")}}))...)
	wall = must(s.Firewall.GetByName(s, "wall"))
	expect(len(wall.Rules) == 2 && *wall.Rules[1].Port == "443-444" && wall.AppliedTo[0].Server.ID == server.ID, wall)
	notDeleted(hcloud.ErrorCodeResourceInUse)(s.Firewall.Delete(s, wall))
	this := []hcloud.FirewallResource{{Type: hcloud.FirewallResourceTypeServer, Server: &hcloud.FirewallResourceServer{ID: server.ID}}}
	refused[[]*hcloud.Action](hcloud.ErrorCodeFirewallAlreadyApplied)(s.Firewall.ApplyResources(s, wall, this))
	s.done(must(s.Firewall.RemoveResources(s, wall, this))...)
	labelled := []hcloud.FirewallResource{{Type: hcloud.FirewallResourceTypeLabelSelector,
		LabelSelector: &hcloud.FirewallResourceLabelSelector{Selector: "wall=yes"}}}
	s.done(must(s.Firewall.ApplyResources(s, wall, labelled))...)
	wall = must(s.Firewall.GetByID(s, wall.ID))
	expect(wall.AppliedTo[0].AppliedToResources[0].Server.ID == server.ID, wall.AppliedTo)
	s.done(must(s.Firewall.RemoveResources(s, wall, labelled))...)
	expect(len(must(s.Server.GetByID(s, server.ID)).PublicNet.Firewalls) == 0, "it is still walled")
	expect(len(mustAll(s.Firewall.Action.All(s, hcloud.ActionListOpts{}))) > 0, "no action of a firewall")
	s.goes(server)
	deleted(s.Firewall.Delete(s, wall))
}

// settings: what a server has beside its disk and its addresses.
func (s story) settings() {
	server := s.spare("set", hcloud.ServerCreateOpts{})
	iso := mustAll(s.ISO.All(s))[0]
	s.done(must(s.Server.AttachISO(s, server, iso)))
	expect(must(s.Server.GetByID(s, server.ID)).ISO.ID == iso.ID, "no ISO")
	s.done(must(s.Server.DetachISO(s, server)))
	s.done(must(s.Server.EnableBackup(s, server, "")))
	expect(must(s.Server.GetByID(s, server.ID)).BackupWindow != "", "no backup window")
	backup := must(s.Server.CreateImage(s, server, &hcloud.ServerCreateImageOpts{Type: hcloud.ImageTypeBackup}))
	s.done(backup.Action)
	expect(must(s.Image.GetByID(s, backup.Image.ID)).BoundTo.ID == server.ID, "whose backup it is")
	s.done(must(s.Server.DisableBackup(s, server)))
	ip := server.PublicNet.IPv4
	s.done(must(s.Server.ChangeDNSPtr(s, server, ip.IP.String(), hcloud.Ptr("box.example.org"))))
	expect(must(s.Server.GetByID(s, server.ID)).PublicNet.IPv4.DNSPtr == "box.example.org", "its reverse name")
	s.done(must(s.PrimaryIP.ChangeDNSPtr(s, hcloud.PrimaryIPChangeDNSPtrOpts{ID: ip.ID, IP: ip.IP.String(), DNSPtr: "ip.example.org"})))
	expect(must(s.PrimaryIP.GetByID(s, ip.ID)).DNSPtr[ip.IP.String()] == "ip.example.org", "the address's reverse name")
	s.goes(server)
}

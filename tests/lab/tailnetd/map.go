// What a node is told of the tailnet, and goes on being told while it holds the line (/machine/map).
package main

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"tailscale.com/net/tsaddr"
	"tailscale.com/tailcfg"
	"tailscale.com/types/dnstype"
	"tailscale.com/types/key"
	"tailscale.com/util/zstdframe"
)

func (s *server) serveMap(w http.ResponseWriter, r *http.Request) {
	mkey := r.Context().Value(machineCtx{}).(key.MachinePublic)
	var req tailcfg.MapRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&req); err != nil {
		http.Error(w, err.Error(), 400)
		return
	}
	s.mu.Lock()
	n := s.nodeByKey(req.NodeKey)
	if n == nil || n.machine != mkey {
		s.mu.Unlock()
		http.Error(w, "node not found", http.StatusNotFound)
		return
	}
	// A streaming poll is read-only for clients of capability version 68 on.
	if !req.ReadOnly && !req.Stream {
		n.disco, n.endpoints, n.capVer = req.DiscoKey, req.Endpoints, req.Version
		if req.Hostinfo != nil {
			if req.Hostinfo.Hostname != n.hostname {
				n.hostname = req.Hostinfo.Hostname
				n.name = s.labelLocked(n.hostname, n)
			}
			n.hostinfo = req.Hostinfo
			if ni := req.Hostinfo.NetInfo; ni != nil && ni.PreferredDERP != 0 {
				n.homeDERP = ni.PreferredDERP
			}
		}
		s.changedLocked()
	}
	if !req.Stream {
		res := s.mapResponseLocked(n, &req)
		s.mu.Unlock()
		w.WriteHeader(200)
		if !req.OmitPeers {
			writeMap(w, &req, res)
		}
		return
	}

	sub := make(chan struct{}, 1)
	s.subs[sub] = true
	n.sessions++
	if n.sessions == 1 {
		s.changedLocked()
	}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.subs, sub)
		n.sessions--
		n.lastSeen = time.Now()
		if n.sessions == 0 && !n.gone {
			s.changedLocked()
			s.reapLater(n)
		}
		s.mu.Unlock()
	}()
	w.WriteHeader(200)
	beat := time.NewTicker(50 * time.Second)
	defer beat.Stop()
	for {
		s.mu.Lock()
		res := s.mapResponseLocked(n, &req)
		gone := n.gone
		s.mu.Unlock()
		if gone { // tell the client its key is dead, so that it stops
			res.Node.KeyExpiry = time.Now().Add(-time.Minute)
		}
		if writeMap(w, &req, res) != nil || gone {
			return
		}
	wait:
		for {
			select {
			case <-r.Context().Done():
				return
			case <-sub:
				time.Sleep(20 * time.Millisecond) // gather bursts
				select {
				case <-sub:
				default:
				}
				break wait
			case <-beat.C:
				if writeMap(w, &req, &tailcfg.MapResponse{KeepAlive: true}) != nil {
					return
				}
			}
		}
	}
}

func (s *server) tailNodeLocked(n *node) *tailcfg.Node {
	p4 := netip.PrefixFrom(n.addr4, 32)
	p6 := netip.PrefixFrom(tsaddr.Tailscale4To6(n.addr4), 128)
	online, seen := n.online(), n.lastSeen
	t := &tailcfg.Node{
		ID: n.id, StableID: n.stable, Name: n.name + "." + s.cfg.domain + ".", User: 1,
		Key: n.nodeKey, KeyExpiry: n.expiry, Machine: n.machine, DiscoKey: n.disco,
		Addresses: []netip.Prefix{p4, p6}, AllowedIPs: []netip.Prefix{p4, p6},
		Endpoints: n.endpoints, HomeDERP: n.homeDERP, Created: n.created, Cap: n.capVer,
		Tags: n.tags, Online: &online, MachineAuthorized: n.authorized,
		CapMap: tailcfg.NodeCapMap{
			tailcfg.NodeAttrDisableUPnP:                   nil,
			tailcfg.NodeAttrDisableCaptivePortalDetection: nil,
		},
	}
	if !online {
		t.LastSeen = &seen
	}
	if s.cfg.certificates {
		t.CapMap[tailcfg.CapabilityHTTPS] = nil
	}
	if n.hostinfo != nil {
		t.Hostinfo = n.hostinfo.View()
	}
	return t
}

func (s *server) mapResponseLocked(n *node, req *tailcfg.MapRequest) *tailcfg.MapResponse {
	now := time.Now()
	res := &tailcfg.MapResponse{
		Node:            s.tailNodeLocked(n),
		DERPMap:         s.derpMap,
		Domain:          s.cfg.domain,
		CollectServices: "false",
		PacketFilter:    tailcfg.FilterAllowAll,
		ControlTime:     &now,
		DNSConfig: &tailcfg.DNSConfig{
			Proxied: true,
			Domains: []string{s.cfg.domain},
			Routes:  map[string][]*dnstype.Resolver{},
		},
		UserProfiles: []tailcfg.UserProfile{{ID: 1, LoginName: "devbox@" + s.cfg.domain, DisplayName: "devbox"}},
		Debug:        &tailcfg.Debug{DisableLogTail: true},
		Peers:        []*tailcfg.Node{},
	}
	if s.cfg.certificates {
		res.DNSConfig.CertDomains = []string{n.name + "." + s.cfg.domain}
	}
	for _, p := range s.nodes {
		if p != n && p.authorized && n.authorized {
			res.Peers = append(res.Peers, s.tailNodeLocked(p))
		}
	}
	slices.SortFunc(res.Peers, func(a, b *tailcfg.Node) int { return int(a.ID - b.ID) })
	return res
}

func writeMap(w http.ResponseWriter, req *tailcfg.MapRequest, res *tailcfg.MapResponse) error {
	b, err := json.Marshal(res)
	if err != nil {
		return err
	}
	if req.Compress == "zstd" {
		b = zstdframe.AppendEncode(nil, b, zstdframe.FastestCompression)
	}
	var size [4]byte
	binary.LittleEndian.PutUint32(size[:], uint32(len(b)))
	if _, err := w.Write(append(size[:], b...)); err != nil {
		return err
	}
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	return nil
}

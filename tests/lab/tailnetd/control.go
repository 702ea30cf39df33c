// The half that nodes see: the protocol that real tailscaled clients speak (Noise upgrade at /ts2021, then
// /machine/register, and /machine/map in map.go), and the nodes and keys that there are.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"tailscale.com/control/controlhttp/controlhttpserver"
	"tailscale.com/tailcfg"
	"tailscale.com/types/key"
)

// node is one machine of the tailnet.
type node struct {
	id         tailcfg.NodeID
	stable     tailcfg.StableNodeID
	machine    key.MachinePublic
	nodeKey    key.NodePublic
	disco      key.DiscoPublic
	hostname   string // as the machine reports it
	name       string // unique MagicDNS label
	tags       []string
	ephemeral  bool
	authorized bool
	authKeyID  string
	addr4      netip.Addr
	created    time.Time
	lastSeen   time.Time
	expiry     time.Time
	sessions   int
	hostinfo   *tailcfg.Hostinfo
	endpoints  []netip.AddrPort
	homeDERP   int
	capVer     tailcfg.CapabilityVersion
	gone       bool
}

func (n *node) online() bool { return n.sessions > 0 }

type authKey struct {
	id, secret    string
	num           uint64 // headscale's numeric id
	dialect       string // "tailscale" or "headscale", whose API it was minted with
	description   string
	reusable      bool
	ephemeral     bool
	preauthorized bool
	tags          []string
	user          uint64
	created       time.Time
	expires       time.Time
	expirySeconds int64
	used          bool
	revoked       time.Time
}

func (k *authKey) refusal(now time.Time) string {
	switch {
	case !k.revoked.IsZero():
		return "revoked"
	case !now.Before(k.expires):
		return "expired"
	case k.used && !k.reusable:
		return "already used"
	}
	return ""
}

type server struct {
	cfg      config
	noise    key.MachinePrivate
	derpMap  *tailcfg.DERPMap
	mu       sync.Mutex
	nodes    map[tailcfg.NodeID]*node
	keys     map[string]*authKey // by secret
	tokens   map[string]token
	users    []hsUser
	faults   []*fault
	nextNode int64
	nextKey  uint64
	subs     map[chan struct{}]bool
	requests []apiRecord
}

func (s *server) changedLocked() {
	for c := range s.subs {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func (s *server) nodeByKey(k key.NodePublic) *node {
	for _, n := range s.nodes {
		if n.nodeKey == k {
			return n
		}
	}
	return nil
}

func (s *server) nodeByMachine(k key.MachinePublic) *node {
	for _, n := range s.nodes {
		if n.machine == k {
			return n
		}
	}
	return nil
}

// label turns a reported hostname into a DNS label, and makes it unique the
// way the hosted service does: dev, dev-1, dev-2 …
func (s *server) labelLocked(host string, self *node) string {
	var b strings.Builder
	for _, r := range strings.ToLower(host) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '-' || r == ' ' || r == '.' || r == '_':
			b.WriteRune('-')
		}
	}
	base := strings.Trim(b.String(), "-")
	if base == "" {
		base = "node"
	}
	if len(base) > 60 {
		base = base[:60]
	}
	for i := 0; ; i++ {
		c := base
		if i > 0 {
			c = fmt.Sprintf("%s-%d", base, i)
		}
		taken := false
		for _, n := range s.nodes {
			if n != self && n.name == c {
				taken = true
			}
		}
		if !taken {
			return c
		}
	}
}

func (s *server) dropLocked(n *node, why string) {
	log.Printf("node %d %q removed: %s", n.id, n.name, why)
	n.gone = true
	delete(s.nodes, n.id)
	s.changedLocked()
}

func (s *server) serveKey(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(&tailcfg.OverTLSPublicKeyResponse{PublicKey: s.noise.Public()})
}

type machineCtx struct{}

func (s *server) serveNoise(w http.ResponseWriter, r *http.Request) {
	conn, err := controlhttpserver.AcceptHTTP(r.Context(), w, r, s.noise, nil)
	if err != nil {
		log.Printf("noise upgrade: %v", err)
		return
	}
	defer conn.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /machine/register", s.serveRegister)
	mux.HandleFunc("POST /machine/map", s.serveMap)
	mux.HandleFunc("POST /machine/update-health", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	var h2 http2.Server
	h2.ServeConn(conn, &http2.ServeConnOpts{
		Context:    context.WithValue(r.Context(), machineCtx{}, conn.Peer()),
		BaseConfig: &http.Server{Handler: mux},
	})
}

func (s *server) serveRegister(w http.ResponseWriter, r *http.Request) {
	mkey := r.Context().Value(machineCtx{}).(key.MachinePublic)
	var req tailcfg.RegisterRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&req); err != nil {
		http.Error(w, err.Error(), 400)
		return
	}
	if req.Hostinfo == nil {
		req.Hostinfo = &tailcfg.Hostinfo{}
	}
	res := s.register(mkey, &req)
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(res)
}

func (s *server) register(mkey key.MachinePublic, req *tailcfg.RegisterRequest) *tailcfg.RegisterResponse {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	user := tailcfg.User{ID: 1, DisplayName: "devbox"}
	login := tailcfg.Login{ID: 1, LoginName: "devbox@" + s.cfg.domain, DisplayName: "devbox"}
	ok := func(n *node) *tailcfg.RegisterResponse {
		return &tailcfg.RegisterResponse{User: user, Login: login, MachineAuthorized: n.authorized}
	}

	n := s.nodeByKey(req.NodeKey)
	if n == nil && !req.OldNodeKey.IsZero() {
		n = s.nodeByKey(req.OldNodeKey)
	}
	if n != nil && n.machine != mkey {
		return &tailcfg.RegisterResponse{Error: "node key is in use by another machine"}
	}
	// A past expiry is how a client logs out; an ephemeral node then goes at once.
	if n != nil && !req.Expiry.IsZero() && req.Expiry.Before(now) {
		if n.ephemeral {
			s.dropLocked(n, "logout of an ephemeral node")
		} else {
			n.expiry = req.Expiry
			s.changedLocked()
		}
		return &tailcfg.RegisterResponse{User: user, Login: login, NodeKeyExpired: true, MachineAuthorized: true}
	}
	if n != nil && (n.expiry.IsZero() || n.expiry.After(now)) {
		n.nodeKey = req.NodeKey
		s.changedLocked()
		return ok(n)
	}

	if req.Auth == nil || req.Auth.AuthKey == "" {
		return &tailcfg.RegisterResponse{User: user, Login: login, AuthURL: s.cfg.url + "/a/" + mkey.ShortString()}
	}
	k := s.keys[req.Auth.AuthKey]
	if k == nil {
		log.Printf("register %q: unknown auth key", req.Hostinfo.Hostname)
		return &tailcfg.RegisterResponse{Error: "invalid key: API key does not exist"}
	}
	if why := k.refusal(now); why != "" {
		log.Printf("register %q: auth key %s %s", req.Hostinfo.Hostname, k.id, why)
		if k.dialect == "headscale" && why != "revoked" {
			return &tailcfg.RegisterResponse{Error: "authkey " + why} // "authkey already used", "authkey expired"
		}
		return &tailcfg.RegisterResponse{Error: "invalid key: API key " + k.id + " not valid"}
	}
	for _, t := range req.Hostinfo.RequestTags {
		if !slices.Contains(k.tags, t) {
			return &tailcfg.RegisterResponse{Error: fmt.Sprintf("requested tags [%s] are invalid or not permitted", t)}
		}
	}

	// The same machine key coming back with a fresh auth key is the same device.
	if n == nil {
		n = s.nodeByMachine(mkey)
	}
	if n == nil {
		s.nextNode++
		id := s.nextNode
		n = &node{
			id:      tailcfg.NodeID(id),
			stable:  tailcfg.StableNodeID(fmt.Sprintf("n%dCNTRL", id)),
			machine: mkey,
			addr4:   netip.AddrFrom4([4]byte{100, 64, byte(id >> 8), byte(id)}),
			created: now,
		}
		s.nodes[n.id] = n
	}
	k.used = true
	n.nodeKey, n.expiry, n.lastSeen = req.NodeKey, time.Time{}, now
	n.tags, n.ephemeral, n.authKeyID = slices.Clone(k.tags), k.ephemeral, k.id
	n.authorized = k.preauthorized || !s.cfg.deviceApproval
	n.hostname, n.hostinfo, n.capVer = req.Hostinfo.Hostname, req.Hostinfo, req.Version
	n.name = s.labelLocked(n.hostname, n)
	log.Printf("node %d %q joined with key %s (%v, ephemeral=%v, tags=%v)", n.id, n.name, k.id, n.addr4, n.ephemeral, n.tags)
	s.changedLocked()
	s.reapLater(n)
	return ok(n)
}

// reapLater removes an ephemeral node that stays without a session.
func (s *server) reapLater(n *node) {
	if !n.ephemeral {
		return
	}
	time.AfterFunc(s.cfg.ephemeral+50*time.Millisecond, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !n.gone && n.sessions == 0 && time.Since(n.lastSeen) >= s.cfg.ephemeral {
			s.dropLocked(n, "ephemeral and inactive")
		}
	})
}

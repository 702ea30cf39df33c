// The part of Tailscale's API v2 that a bot needs. Unknown body fields and wrong types are refused, so that a
// client's mistakes show here and not first against the real service.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

type token struct {
	expires time.Time
	scopes  []string
	tags    []string
	all     bool // an API access token, not one made from OAuth credentials
}

func randText(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// tsError is the hosted service's error body.
func tsError(w http.ResponseWriter, status int, msg string) {
	reply(w, status, map[string]any{"message": msg})
}

func readBody(r *http.Request, into any) error {
	d := json.NewDecoder(io.LimitReader(r.Body, 1<<20))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == io.EOF {
		return nil
	}
	return err
}

func (s *server) credential(r *http.Request) (token, bool) {
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		secret, _, _ = r.BasicAuth()
	}
	if secret == "" {
		return token{}, false
	}
	if secret == s.cfg.apiToken {
		return token{all: true}, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tokens[secret]
	return t, ok && time.Now().Before(t.expires)
}

// scoped wraps an API v2 handler with authentication and a scope check.
func (s *server) scoped(scope string, h func(http.ResponseWriter, *http.Request, token)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t, ok := s.credential(r)
		if !ok {
			tsError(w, 401, "API token invalid")
			return
		}
		base := strings.TrimSuffix(scope, ":read")
		has := func(x string) bool { return slices.Contains(t.scopes, x) }
		read := scope != base
		if !t.all && !has("all") && !has(base) && !(read && (has(scope) || has("all:read"))) {
			tsError(w, 403, "calling actor does not have enough permissions to perform this function")
			return
		}
		if tn := r.PathValue("tailnet"); tn != "" && tn != "-" && tn != s.cfg.domain {
			tsError(w, 404, "tailnet not found")
			return
		}
		h(w, r, t)
	}
}

func (s *server) oauthToken(w http.ResponseWriter, r *http.Request) {
	bad := func(status int, code, desc string) {
		reply(w, status, map[string]string{"error": code, "error_description": desc, "message": desc})
	}
	if ct, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); ct != "application/x-www-form-urlencoded" {
		bad(400, "invalid_request", "Content-Type must be application/x-www-form-urlencoded")
		return
	}
	if err := r.ParseForm(); err != nil {
		bad(400, "invalid_request", err.Error())
		return
	}
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if u, p, ok := r.BasicAuth(); ok {
		id, _ = url.QueryUnescape(u)
		secret, _ = url.QueryUnescape(p)
	}
	if g := r.PostForm.Get("grant_type"); g != "" && g != "client_credentials" {
		bad(400, "unsupported_grant_type", "only client_credentials")
		return
	}
	if secret != s.cfg.oauthSecret || (id != "" && id != s.cfg.oauthID) {
		bad(401, "invalid_client", "API token invalid")
		return
	}
	t := token{expires: time.Now().Add(s.cfg.tokenTTL), scopes: s.cfg.scopes, tags: s.cfg.tags}
	if want := strings.Fields(r.PostForm.Get("scope")); len(want) > 0 {
		for _, x := range want {
			if !slices.Contains(s.cfg.scopes, x) && !slices.Contains(s.cfg.scopes, strings.TrimSuffix(x, ":read")) {
				bad(400, "invalid_scope", "scope "+x+" is not granted to this client")
				return
			}
		}
		t.scopes = want
	}
	tok := "tskey-api-" + randText(4) + "CNTRL-" + randText(16)
	s.mu.Lock()
	s.tokens[tok] = t
	s.mu.Unlock()
	reply(w, 200, map[string]any{
		"access_token": tok, "token_type": "Bearer",
		"expires_in": int(s.cfg.tokenTTL.Seconds()), "scope": strings.Join(t.scopes, " "),
	})
}

type keyCreate struct {
	Reusable      bool     `json:"reusable"`
	Ephemeral     bool     `json:"ephemeral"`
	Preauthorized bool     `json:"preauthorized"`
	Tags          []string `json:"tags"`
}

type keyRequest struct {
	KeyType      string `json:"keyType"`
	Capabilities *struct {
		Devices struct {
			Create keyCreate `json:"create"`
		} `json:"devices"`
	} `json:"capabilities"`
	ExpirySeconds int64  `json:"expirySeconds"`
	Description   string `json:"description"`
}

func (k *authKey) v2(withSecret bool) map[string]any {
	m := map[string]any{
		"id": k.id, "keyType": "auth", "created": k.created.UTC(), "expires": k.expires.UTC(),
		"expirySeconds": k.expirySeconds, "description": k.description, "userId": "",
		"invalid": k.refusal(time.Now()) != "",
		"capabilities": map[string]any{"devices": map[string]any{"create": keyCreate{
			k.reusable, k.ephemeral, k.preauthorized, k.tags}}},
	}
	if !k.revoked.IsZero() {
		m["revoked"] = k.revoked.UTC()
	}
	if withSecret {
		m["key"] = k.secret
	}
	return m
}

func (s *server) mintLocked(k authKey, dialect string) *authKey {
	s.nextKey++
	k.num, k.created, k.dialect = s.nextKey, time.Now(), dialect
	if dialect == "headscale" {
		k.id = strconv.FormatUint(k.num, 10)
		k.secret = "hskey-auth-" + randText(6) + "-" + randText(32)
	} else {
		k.id = "k" + randText(5) + "CNTRL"
		k.secret = "tskey-auth-" + k.id + "-" + randText(16)
	}
	if k.tags == nil {
		k.tags = []string{}
	}
	s.keys[k.secret] = &k
	log.Printf("key %s minted (reusable=%v ephemeral=%v tags=%v until %s)", k.id, k.reusable, k.ephemeral, k.tags, k.expires.Format(time.TimeOnly))
	return &k
}

func (s *server) createKey(w http.ResponseWriter, r *http.Request, t token) {
	var req keyRequest
	if err := readBody(r, &req); err != nil {
		tsError(w, 400, "invalid request body: "+err.Error())
		return
	}
	if req.Capabilities == nil || (req.KeyType != "" && req.KeyType != "auth") {
		tsError(w, 400, "capabilities.devices.create is required")
		return
	}
	if len(req.Description) > 50 || strings.Trim(req.Description, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789- ") != "" {
		tsError(w, 400, "description must be at most 50 alphanumeric characters, hyphens and spaces")
		return
	}
	c := req.Capabilities.Devices.Create
	for _, tag := range c.Tags {
		if !strings.HasPrefix(tag, "tag:") {
			tsError(w, 400, "tag "+strconv.Quote(tag)+" must start with tag:")
			return
		}
		if !t.all && !slices.Contains(t.tags, tag) {
			tsError(w, 400, "requested tags ["+tag+"] are invalid or not permitted")
			return
		}
	}
	if !t.all && len(c.Tags) == 0 {
		tsError(w, 400, "tags are required for keys made with an OAuth client")
		return
	}
	secs := req.ExpirySeconds
	if secs == 0 {
		secs = 90 * 24 * 3600
	}
	if secs < 0 || secs > 90*24*3600 {
		tsError(w, 400, "expirySeconds out of range")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.mintLocked(authKey{description: req.Description, reusable: c.Reusable, ephemeral: c.Ephemeral,
		preauthorized: c.Preauthorized, tags: c.Tags, expirySeconds: secs,
		expires: time.Now().Add(time.Duration(secs) * time.Second)}, "tailscale")
	reply(w, 200, k.v2(true))
}

func (s *server) keyByID(id string) *authKey {
	for _, k := range s.keys {
		if k.id == id {
			return k
		}
	}
	return nil
}

func (s *server) listKeys(w http.ResponseWriter, r *http.Request, _ token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []any{}
	for _, k := range s.keys {
		if k.refusal(time.Now()) == "" {
			out = append(out, k.v2(false))
		}
	}
	reply(w, 200, map[string]any{"keys": out})
}

func (s *server) oneKey(w http.ResponseWriter, r *http.Request, _ token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.keyByID(r.PathValue("id"))
	if k == nil || (r.Method == "DELETE" && !k.revoked.IsZero()) {
		tsError(w, 404, "key not found")
		return
	}
	if r.Method == "DELETE" {
		k.revoked = time.Now()
		reply(w, 200, map[string]any{})
		return
	}
	reply(w, 200, k.v2(false))
}

func (s *server) deviceLocked(n *node, all bool) map[string]any {
	t := s.tailNodeLocked(n)
	osName, ver := "linux", ""
	if n.hostinfo != nil {
		osName, ver = n.hostinfo.OS, n.hostinfo.IPNVersion
	}
	m := map[string]any{
		"id": strconv.FormatInt(int64(n.id)*1000003, 10), "nodeId": string(n.stable),
		"name": n.name + "." + s.cfg.domain, "hostname": n.hostname,
		"addresses": []string{t.Addresses[0].Addr().String(), t.Addresses[1].Addr().String()},
		"user":      "devbox@" + s.cfg.domain, "authorized": n.authorized, "isEphemeral": n.ephemeral,
		"isExternal": false, "keyExpiryDisabled": len(n.tags) > 0, "blocksIncomingConnections": false,
		"created": n.created.UTC().Format(time.RFC3339), "expires": n.expiry.UTC().Format(time.RFC3339),
		"os": osName, "clientVersion": ver, "updateAvailable": false, "multipleConnections": false,
		"machineKey": n.machine.String(), "nodeKey": n.nodeKey.String(),
		"tailnetLockError": "", "tailnetLockKey": "", "connectedToControl": n.online(),
	}
	if len(n.tags) > 0 {
		m["tags"] = n.tags
	}
	if !n.online() { // only reported for a device that is not connected
		m["lastSeen"] = n.lastSeen.UTC().Format(time.RFC3339)
	}
	if all {
		m["enabledRoutes"], m["advertisedRoutes"] = []string{}, []string{}
		m["clientConnectivity"] = map[string]any{"endpoints": n.endpoints, "mappingVariesByDestIP": false}
	}
	return m
}

func (s *server) listDevices(w http.ResponseWriter, r *http.Request, _ token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []any{}
	for _, n := range s.sortedLocked() {
		out = append(out, s.deviceLocked(n, r.URL.Query().Get("fields") == "all"))
	}
	reply(w, 200, map[string]any{"devices": out})
}

func (s *server) sortedLocked() (out []*node) {
	for _, n := range s.nodes {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b *node) int { return int(a.id - b.id) })
	return out
}

func (s *server) oneDevice(w http.ResponseWriter, r *http.Request, _ token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("id")
	for _, n := range s.nodes {
		if id != string(n.stable) && id != strconv.FormatInt(int64(n.id)*1000003, 10) {
			continue
		}
		if r.Method == "DELETE" {
			s.dropLocked(n, "deleted through API v2")
			w.WriteHeader(200)
			return
		}
		reply(w, 200, s.deviceLocked(n, r.URL.Query().Get("fields") == "all"))
		return
	}
	tsError(w, 404, "device not found")
}

// headscale's API v1, as 0.28 and 0.29 answer it.
package main

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type hsUser struct {
	id      uint64
	name    string
	created time.Time
}

func (s *server) hs(h func(http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+s.cfg.hsKey {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(401)
			io.WriteString(w, "Unauthorized")
			return
		}
		h(w, r)
	}
}

func hsError(w http.ResponseWriter, status, code int, msg string) {
	reply(w, status, map[string]any{"code": code, "message": msg, "details": []any{}})
}

func (u hsUser) json() map[string]any {
	return map[string]any{"id": strconv.FormatUint(u.id, 10), "name": u.name, "createdAt": u.created.UTC(),
		"displayName": "", "email": "", "providerId": "", "provider": "", "profilePicUrl": ""}
}

func (s *server) hsUsers(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == "POST" {
		var req struct{ Name, DisplayName, Email, PictureURL string }
		if err := readBody(r, &req); err != nil {
			hsError(w, 400, 3, err.Error())
			return
		}
		for _, u := range s.users {
			if u.name == req.Name {
				hsError(w, 500, 13, "creating user: UNIQUE constraint failed: users.name")
				return
			}
		}
		u := hsUser{uint64(len(s.users) + 1), req.Name, time.Now()}
		s.users = append(s.users, u)
		reply(w, 200, map[string]any{"user": u.json()})
		return
	}
	out := []any{}
	for _, u := range s.users {
		if q := r.URL.Query().Get("name"); q == "" || q == u.name {
			out = append(out, u.json())
		}
	}
	reply(w, 200, map[string]any{"users": out})
}

func (s *server) hsKeyJSON(k *authKey, secret bool) map[string]any {
	m := map[string]any{"id": strconv.FormatUint(k.num, 10), "key": k.secret, "reusable": k.reusable,
		"ephemeral": k.ephemeral, "used": k.used, "expiration": k.expires.UTC(), "createdAt": k.created.UTC(),
		"aclTags": k.tags, "user": nil}
	if !secret {
		m["key"] = k.secret[:min(len(k.secret), 23)] + "-***"
	}
	if k.user > 0 && int(k.user) <= len(s.users) {
		m["user"] = s.users[k.user-1].json()
	}
	return m
}

func (s *server) hsKeys(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	byNum := func(text string) *authKey {
		n, _ := strconv.ParseUint(text, 10, 64)
		for _, k := range s.keys {
			if k.num == n {
				return k
			}
		}
		return nil
	}
	switch {
	case r.Method == "GET":
		out := []any{}
		for _, k := range s.keys {
			out = append(out, s.hsKeyJSON(k, false))
		}
		reply(w, 200, map[string]any{"preAuthKeys": out})
	case r.Method == "DELETE":
		k := byNum(r.URL.Query().Get("id"))
		if k == nil {
			hsError(w, 404, 5, "pre-auth key not found")
			return
		}
		delete(s.keys, k.secret)
		reply(w, 200, map[string]any{})
	case strings.HasSuffix(r.URL.Path, "/expire"):
		var req struct {
			ID string `json:"id"`
		}
		if err := readBody(r, &req); err != nil {
			hsError(w, 400, 3, err.Error())
			return
		}
		k := byNum(req.ID)
		if k == nil {
			hsError(w, 404, 5, "pre-auth key not found")
			return
		}
		k.expires = time.Now()
		reply(w, 200, map[string]any{})
	default:
		var req struct {
			User       string     `json:"user"`
			Reusable   bool       `json:"reusable"`
			Ephemeral  bool       `json:"ephemeral"`
			Expiration *time.Time `json:"expiration"`
			ACLTags    []string   `json:"aclTags"`
		}
		if err := readBody(r, &req); err != nil {
			hsError(w, 400, 3, err.Error())
			return
		}
		uid, err := strconv.ParseUint("0"+req.User, 10, 64)
		if err != nil || int(uid) > len(s.users) {
			hsError(w, 500, 13, "user not found")
			return
		}
		if uid == 0 && len(req.ACLTags) == 0 {
			hsError(w, 500, 13, "pre-auth key must be either tagged or owned by user")
			return
		}
		for _, t := range req.ACLTags {
			if !strings.HasPrefix(t, "tag:") {
				hsError(w, 400, 3, "tag must start with the string 'tag:'")
				return
			}
		}
		var until time.Time // headscale stamps the zero time when none is given
		if req.Expiration != nil {
			until = *req.Expiration
		}
		k := s.mintLocked(authKey{user: uid, reusable: req.Reusable, ephemeral: req.Ephemeral,
			preauthorized: true, tags: req.ACLTags, expires: until}, "headscale")
		reply(w, 200, map[string]any{"preAuthKey": s.hsKeyJSON(k, true)})
	}
}

func (s *server) hsNodeLocked(n *node) map[string]any {
	t := s.tailNodeLocked(n)
	m := map[string]any{"id": strconv.FormatInt(int64(n.id), 10), "machineKey": n.machine.String(),
		"nodeKey": n.nodeKey.String(), "discoKey": n.disco.String(),
		"ipAddresses": []string{t.Addresses[0].Addr().String(), t.Addresses[1].Addr().String()},
		"name":        n.hostname, "givenName": n.name, "online": n.online(), "lastSeen": n.lastSeen.UTC(),
		"expiry": nil, "createdAt": n.created.UTC(), "registerMethod": "REGISTER_METHOD_AUTH_KEY",
		"approvedRoutes": []string{}, "availableRoutes": []string{}, "subnetRoutes": []string{},
		"tags": append([]string{}, n.tags...), "user": nil, "preAuthKey": nil}
	if k := s.keyByID(n.authKeyID); k != nil {
		m["preAuthKey"] = s.hsKeyJSON(k, false)
		m["user"] = s.hsKeyJSON(k, false)["user"]
	}
	return m
}

func (s *server) hsNodes(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("id")
	if id == "" {
		out := []any{}
		for _, n := range s.sortedLocked() {
			out = append(out, s.hsNodeLocked(n))
		}
		reply(w, 200, map[string]any{"nodes": out})
		return
	}
	for _, n := range s.nodes {
		if strconv.FormatInt(int64(n.id), 10) != id {
			continue
		}
		if r.Method == "DELETE" {
			s.dropLocked(n, "deleted through API v1")
			reply(w, 200, map[string]any{})
		} else {
			reply(w, 200, map[string]any{"node": s.hsNodeLocked(n)})
		}
		return
	}
	hsError(w, 404, 5, "node not found")
}

// The lab's own doors: which requests came, faults to come, the state of keys; and what answers where.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// fault makes the next count requests that match answer badly.
type fault struct {
	Method     string `json:"method"`
	PathPrefix string `json:"path_prefix"`
	Status     int    `json:"status"`
	Body       string `json:"body"`
	RetryAfter string `json:"retry_after"`
	DelayMS    int    `json:"delay_ms"`
	Count      int    `json:"count"`
}

type apiRecord struct {
	Time   time.Time `json:"time"`
	Method string    `json:"method"`
	Path   string    `json:"path"`
	Body   string    `json:"body"`
	Status int       `json:"status"`
}

func (s *server) labFaults(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == "DELETE" {
		s.faults = nil
	} else {
		f := &fault{Count: 1}
		if err := readBody(r, f); err != nil {
			tsError(w, 400, err.Error())
			return
		}
		s.faults = append(s.faults, f)
	}
	reply(w, 200, map[string]any{"faults": s.faults})
}

func (s *server) labRequests(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply(w, 200, map[string]any{"requests": append([]apiRecord{}, s.requests...)})
}

// labKeys shows every key with its state (never with the secret).
func (s *server) labKeys(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []any{}
	for _, k := range s.keys {
		m := k.v2(false)
		m["used"], m["why_invalid"] = k.used, k.refusal(time.Now())
		out = append(out, m)
	}
	reply(w, 200, map[string]any{"keys": out})
}

// labKey puts a key into a state that it would reach by itself: used, expired or revoked.
func (s *server) labKey(w http.ResponseWriter, r *http.Request) {
	var want struct {
		State string `json:"state"`
	}
	if err := readBody(r, &want); err != nil {
		tsError(w, 400, err.Error())
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.keyByID(r.PathValue("id"))
	if k == nil {
		tsError(w, 404, "key not found")
		return
	}
	switch want.State {
	case "used":
		k.used = true
	case "expired":
		k.expires = k.expires.Add(-24 * time.Hour) // its fraction of a second is its mark
	case "revoked":
		k.revoked = time.Now()
	default:
		tsError(w, 400, "state must be used, expired or revoked")
		return
	}
	reply(w, 200, k.v2(false))
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(c int) { w.status = c; w.ResponseWriter.WriteHeader(c) }

// recorded keeps a log of API calls and applies the planned faults.
func (s *server) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/api/") {
			next.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		r.Body = io.NopCloser(bytes.NewReader(body))
		sw := &statusWriter{w, 200}
		var hit *fault
		s.mu.Lock()
		for i, f := range s.faults {
			if (f.Method == "" || f.Method == r.Method) && strings.HasPrefix(r.URL.Path, f.PathPrefix) {
				hit = &fault{}
				*hit = *f
				if f.Count--; f.Count <= 0 {
					s.faults = slices.Delete(s.faults, i, i+1)
				}
				break
			}
		}
		s.mu.Unlock()
		if hit != nil && hit.DelayMS > 0 {
			time.Sleep(time.Duration(hit.DelayMS) * time.Millisecond)
		}
		if hit != nil && hit.Status != 0 {
			if hit.RetryAfter != "" {
				sw.Header().Set("Retry-After", hit.RetryAfter)
			}
			if hit.Body == "" {
				hit.Body = fmt.Sprintf(`{"message":"planned fault %d"}`, hit.Status)
			}
			sw.WriteHeader(hit.Status)
			io.WriteString(sw, hit.Body)
		} else {
			next.ServeHTTP(sw, r)
		}
		text := string(body)
		if strings.Contains(r.URL.Path, "/oauth/") {
			text = "(credentials)"
		}
		s.mu.Lock()
		s.requests = append(s.requests, apiRecord{time.Now(), r.Method, r.URL.RequestURI(), text, sw.status})
		s.mu.Unlock()
	})
}

func (s *server) handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /key", s.serveKey)
	m.HandleFunc("/ts2021", s.serveNoise)
	m.HandleFunc("GET /generate_204", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) })
	m.HandleFunc("POST /api/v2/oauth/token", s.oauthToken)
	m.HandleFunc("POST /api/v2/tailnet/{tailnet}/keys", s.scoped("auth_keys", s.createKey))
	m.HandleFunc("GET /api/v2/tailnet/{tailnet}/keys", s.scoped("auth_keys:read", s.listKeys))
	m.HandleFunc("GET /api/v2/tailnet/{tailnet}/keys/{id}", s.scoped("auth_keys:read", s.oneKey))
	m.HandleFunc("DELETE /api/v2/tailnet/{tailnet}/keys/{id}", s.scoped("auth_keys", s.oneKey))
	m.HandleFunc("GET /api/v2/tailnet/{tailnet}/devices", s.scoped("devices:core:read", s.listDevices))
	m.HandleFunc("GET /api/v2/device/{id}", s.scoped("devices:core:read", s.oneDevice))
	m.HandleFunc("DELETE /api/v2/device/{id}", s.scoped("devices:core", s.oneDevice))
	for _, p := range []string{"GET /api/v1/user", "POST /api/v1/user"} {
		m.HandleFunc(p, s.hs(s.hsUsers))
	}
	for _, p := range []string{"GET /api/v1/preauthkey", "POST /api/v1/preauthkey", "DELETE /api/v1/preauthkey", "POST /api/v1/preauthkey/expire"} {
		m.HandleFunc(p, s.hs(s.hsKeys))
	}
	for _, p := range []string{"GET /api/v1/node", "GET /api/v1/node/{id}", "DELETE /api/v1/node/{id}"} {
		m.HandleFunc(p, s.hs(s.hsNodes))
	}
	m.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) { reply(w, 200, map[string]string{"status": "pass"}) })
	m.HandleFunc("POST /_lab/faults", s.labFaults)
	m.HandleFunc("DELETE /_lab/faults", s.labFaults)
	m.HandleFunc("GET /_lab/requests", s.labRequests)
	m.HandleFunc("GET /_lab/keys", s.labKeys)
	m.HandleFunc("PUT /_lab/keys/{id}", s.labKey)
	return s.recorded(m)
}

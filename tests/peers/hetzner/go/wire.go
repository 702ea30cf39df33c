package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/hetznercloud/hcloud-go/v2/hcloud/schema"
)

// wire reads each answer as strictly as the client's decoder does not: against the type that hcloud-go has for it, every
// field of the type must be there, no other one, each of its kind, and null only where the type has a place for none.
type wire struct {
	mutex  sync.Mutex
	found  map[string]bool // what was wrong, each once
	used   map[string]bool // of `expected`
	routes map[string]int  // what was asked for, ids left out
}

var ids = regexp.MustCompile(`/\d+`)

func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	if err == nil {
		path := ids.ReplaceAllString(strings.TrimPrefix(request.URL.Path, "/v1"), "/{id}")
		w.look(request.Method+" "+path, response.StatusCode, response.Header, body)
	}
	return response, err
}

func (w *wire) look(route string, status int, header http.Header, body []byte) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.routes[route]++
	for _, name := range []string{"X-Correlation-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} {
		if header.Get(name) == "" {
			w.say("%s: no header %s", route, name)
		}
	}
	if status == http.StatusNoContent {
		if len(body) != 0 {
			w.say("%s: 204 with a body", route)
		}
		return
	}
	kind, known := answers[route]
	if status >= 400 {
		kind, known = reflect.TypeFor[schema.ErrorResponse](), true
	}
	if !known {
		w.say("%s: no type is known for it", route)
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		w.say("%s: %v", route, err)
		return
	}
	if object, is := value.(map[string]any); is && isList(route) && status < 400 {
		w.compare(route+" meta", reflect.TypeFor[schema.Meta](), object["meta"])
		delete(object, "meta")
	}
	w.compare(route, kind, value)
}

func (w *wire) say(format string, words ...any) { w.found[fmt.Sprintf(format, words...)] = true }

// isExpected: a difference that is known and dated.
func (w *wire) isExpected(owner reflect.Type, field string) bool {
	name := owner.Name() + "." + field
	_, is := expected[name]
	if is {
		w.used[name] = true
	}
	return is
}

var ofTime, ofRaw = reflect.TypeFor[time.Time](), reflect.TypeFor[json.RawMessage]()

func (w *wire) compare(place string, kind reflect.Type, value any) {
	if kind == ofRaw || kind.Kind() == reflect.Interface {
		return
	}
	if kind.Kind() == reflect.Pointer {
		if value != nil {
			w.compare(place, kind.Elem(), value)
		}
		return
	}
	switch typed := value.(type) {
	case map[string]any:
		w.compareObject(place, kind, typed)
	case []any:
		if kind.Kind() != reflect.Slice {
			w.say("%s: an array for %s", place, kind)
			return
		}
		for _, each := range typed {
			w.compare(place+"[]", kind.Elem(), each)
		}
	default:
		if !isOfKind(kind, value) {
			w.say("%s: %v for %s", place, value, kind)
		}
	}
}

func isOfKind(kind reflect.Type, value any) bool {
	switch typed := value.(type) {
	case string:
		if kind == ofTime {
			_, err := time.Parse(time.RFC3339, typed)
			return err == nil
		}
		return kind.Kind() == reflect.String
	case bool:
		return kind.Kind() == reflect.Bool
	case json.Number:
		return json.Unmarshal([]byte(typed), reflect.New(kind).Interface()) == nil && kind.Kind() != reflect.String
	}
	return false
}

func (w *wire) compareObject(place string, kind reflect.Type, object map[string]any) {
	if kind.Kind() == reflect.Map {
		for _, each := range object {
			w.compare(place+"{}", kind.Elem(), each)
		}
		return
	}
	if kind.Kind() != reflect.Struct || kind == ofTime {
		w.say("%s: an object for %s", place, kind)
		return
	}
	known := map[string]bool{}
	for _, field := range reflect.VisibleFields(kind) {
		name, options, tagged := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		known[name] = true
		value, there := object[name]
		switch {
		case !there && !(tagged && strings.Contains(options, "omitempty")) && !w.isExpected(kind, name):
			w.say("%s: no %s", place, name)
		case there && value == nil && !canBeNull(field.Type) && !w.isExpected(kind, name):
			w.say("%s: %s is null", place, name)
		case there && value != nil:
			w.compare(place+"."+name, field.Type, value)
		}
	}
	for name := range object {
		if !known[name] {
			w.say("%s: %s is in no field of %s", place, name, kind)
		}
	}
}

func canBeNull(kind reflect.Type) bool {
	return kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Interface || kind == ofRaw
}

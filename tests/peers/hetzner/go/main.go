// hcloud-go lives with a simulator that its environment names. Each story is a test; so is what the answers look like. Ends
// with "N passed, N failed, N skipped".
package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/hetznercloud/hcloud-go/v2/hcloud"
)

type story struct {
	context.Context
	*hcloud.Client
}

// must: what is refused here ends the story.
func must[T any](value T, _ *hcloud.Response, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func mustAll[T any](values []T, err error) []T {
	return must(values, nil, err)
}

func expect(is bool, words ...any) {
	if !is {
		panic(fmt.Sprint(words...))
	}
}

func refused[T any](code hcloud.ErrorCode) func(T, *hcloud.Response, error) {
	return func(_ T, _ *hcloud.Response, err error) { expect(hcloud.IsError(err, code), "not ", code, ": ", err) }
}

// deleted: the answer of a DELETE that has none.
func deleted(_ *hcloud.Response, err error) {
	if err != nil {
		panic(err)
	}
}

func notDeleted(code hcloud.ErrorCode) func(*hcloud.Response, error) {
	return func(_ *hcloud.Response, err error) { expect(hcloud.IsError(err, code), "not ", code, ": ", err) }
}

func (s story) done(actions ...*hcloud.Action) {
	if err := s.Action.WaitFor(s, actions...); err != nil {
		panic(err)
	}
}

func told(name string, tell func()) (well bool) {
	defer func() {
		if why := recover(); why != nil {
			fmt.Printf("   FAILED  hcloud-go: %s: %v\n%s", name, why, debug.Stack())
			return
		}
		well = true
	}()
	tell()
	return
}

func client(token string, transport http.RoundTripper) *hcloud.Client {
	return hcloud.NewClient(hcloud.WithEndpoint(os.Getenv("HCLOUD_ENDPOINT")), hcloud.WithToken(token),
		hcloud.WithApplication("devbox-peer", "1"), hcloud.WithHTTPClient(&http.Client{Transport: transport}),
		hcloud.WithPollOpts(hcloud.PollOpts{BackoffFunc: hcloud.ConstantBackoff(30 * time.Millisecond)}))
}

func (w *wire) report() {
	for name := range expected {
		if !w.used[name] {
			w.say("%s is expected to differ and does not", name)
		}
	}
	if len(w.found) > 0 {
		panic("\n" + fmt.Sprintln(slices.Sorted(maps.Keys(w.found))))
	}
	fmt.Printf("   %d kinds of request, every answer as hcloud-go's types have it but for %d dated fields\n",
		len(w.routes), len(expected))
}

func main() {
	w := &wire{found: map[string]bool{}, used: map[string]bool{}, routes: map[string]int{}}
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	s := story{ctx, client(os.Getenv("HCLOUD_TOKEN"), w)}
	reader := story{ctx, client(os.Getenv("HCLOUD_READER"), w)}
	stranger := story{ctx, client("nobody", w)}
	stories := []struct {
		name string
		tell func()
	}{
		{"a whole life", s.life},
		{"what is sold", s.market},
		{"ways in", s.access},
		{"networks", s.networks},
		{"placement groups", s.placement},
		{"firewalls", s.firewalls},
		{"ISO, backup and reverse names", s.settings},
		{"refusals", func() { s.refusals(reader, stranger) }},
		{"the types on the wire", w.report},
	}
	passed := 0
	for _, each := range stories {
		if told(each.name, each.tell) {
			passed++
		}
	}
	fmt.Printf("%d passed, %d failed, 0 skipped\n", passed, len(stories)-passed)
	if passed != len(stories) {
		os.Exit(1)
	}
}

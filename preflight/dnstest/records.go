package dnstest

import (
	"context"
	"net"
	"strings"
	"sync"
)

// Records are TXT records by name. They answer by themselves, for tests of what is made of an answer, or through a Server.
type Records struct {
	mu     sync.Mutex
	texts  map[string][]string
	broken bool
}

// NewRecords makes an empty set of records.
func NewRecords() *Records { return &Records{texts: map[string][]string{}} }

// Set publishes the TXT records of a name; none takes them away.
func (r *Records) Set(name string, records ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.texts[key(name)] = records; len(records) == 0 {
		delete(r.texts, key(name))
	}
}

// Break has every question go unanswered, or be answered by the records again.
func (r *Records) Break(broken bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = broken
}

// LookupTXT answers as a resolver does.
func (r *Records) LookupTXT(_ context.Context, name string) ([]string, error) {
	texts, known, broken := r.get(name)
	switch {
	case broken:
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	case !known:
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return texts, nil
}

func (r *Records) get(name string) (texts []string, known, broken bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	texts, known = r.texts[key(name)]
	return texts, known, r.broken
}

func key(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

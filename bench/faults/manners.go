package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// manners listens to every answer that people and staff get: a fault is to be told as one that passes (503, 504), never as
// an internal error.
type manners struct {
	mu   sync.Mutex
	rude map[string]int
}

// RoundTrip implements http.RoundTripper.
func (m *manners) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err == nil && response.StatusCode == http.StatusInternalServerError {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.rude[fmt.Sprintf("%s %s, see X-Correlation-Id %s in server.log", request.Method, sort(request.URL.Path), response.Header.Get("X-Correlation-Id"))]++
	}
	return response, err
}

// sort is what kind of address a path is; the rest of it may be a secret.
func sort(path string) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[:min(3, len(parts))], "/")
}

func (m *manners) list() (out []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for what := range m.rude {
		out = append(out, what)
	}
	return out
}

package workflows_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/consent"
)

// listmonk answers as listmonk's documentation says, for the subscribers it has.
type listmonk struct {
	mu      sync.Mutex
	status  map[string]string // by address
	numbers []string          // the address of each number, from 1
	busy    bool
	asked   []string
}

var inList = regexp.MustCompile(`^LOWER\(subscribers\.email\) IN \((.*)\)$`)

// named are the subscribers that a condition names.
func (l *listmonk) named(query string) (out []string) {
	found := inList.FindStringSubmatch(query)
	if found == nil {
		return nil
	}
	for _, quoted := range strings.Split(found[1], ", ") {
		address := strings.ReplaceAll(strings.Trim(quoted, "'"), "''", "'")
		if l.status[address] != "" {
			out = append(out, address)
		}
	}
	return out
}

func (l *listmonk) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, q.Method+" "+q.URL.Path)
	var body struct{ Query, Status string }
	_ = json.NewDecoder(q.Body).Decode(&body)
	switch {
	case q.Header.Get("Authorization") != "token docket:s3cret":
		http.Error(w, `{"message": "invalid session"}`, http.StatusForbidden)
	case l.busy:
		http.Error(w, "", http.StatusTooManyRequests)
	case q.Method == http.MethodPut && q.URL.Path == "/api/subscribers/query/blocklist":
		for _, address := range l.named(body.Query) {
			l.status[address] = "blocklisted"
		}
		_, _ = w.Write([]byte(`{"data": true}`))
	case q.Method == http.MethodGet && q.URL.Path == "/api/subscribers":
		results := []map[string]any{}
		for _, address := range l.named(q.URL.Query().Get("query")) {
			results = append(results, map[string]any{"id": slices.Index(l.numbers, address) + 1, "status": l.status[address], "email": address})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": map[string]any{"results": results}})
	case q.Method == http.MethodPatch:
		number, _ := strconv.Atoi(strings.TrimPrefix(q.URL.Path, "/api/subscribers/"))
		l.status[l.numbers[number-1]] = body.Status
		_, _ = w.Write([]byte(`{"data": {}}`))
	default:
		http.NotFound(w, q)
	}
}

// listmonk blocks whoever wants no more, by e-mail address, and lets in whoever agrees again to everything that they had left; who bounced there or is not in it stays so.
func TestListmonkIsTold(t *testing.T) {
	t.Parallel()
	s := newSender(t, "CA", "America/Toronto")
	l := &listmonk{status: map[string]string{}, numbers: []string{"ana@person.example", "o'brien@person.example", "cleo@person.example"}}
	for _, address := range l.numbers {
		l.status[address] = "enabled"
	}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	id, secret := s.added(casework.NewReceiver{Kind: "listmonk", URL: server.URL + "/", Login: "docket", Secret: "s3cret"})
	require.Empty(t, secret, "it has one of its own")
	s.said("Ana@Person.example", "offers", consent.Withdrawn, livingIn("CA"))
	s.said("ana@person.example", "events", consent.Withdrawn)
	s.said("o'brien@person.example", "*", consent.Withdrawn)
	s.said("stranger@person.example", "offers", consent.Withdrawn)
	l.busy = true
	s.told(id)
	require.Equal(t, 0, s.handovers(id)[0].Confirmed)
	require.Contains(t, s.receiver(id).Problem, "429")
	l.busy = false
	s.clock.Advance(time.Hour)
	s.told(id)
	require.Equal(t, map[string]string{"ana@person.example": "blocklisted", "o'brien@person.example": "blocklisted", "cleo@person.example": "enabled"}, l.status)
	require.Equal(t, 4, s.handovers(id)[0].Confirmed)

	s.said("ana@person.example", "offers", consent.Given)
	s.told(id)
	require.Equal(t, "blocklisted", l.status["ana@person.example"], "she wants nothing of events")
	s.said("ana@person.example", "events", consent.Given)
	s.told(id)
	require.Equal(t, "enabled", l.status["ana@person.example"])
	r := s.receiver(id)
	require.False(t, r.Waiting())
}

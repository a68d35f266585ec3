package audit_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/audit"
)

func goldenEvents(t *testing.T) []audit.Event {
	t.Helper()
	id := func(s string) uuid.UUID { return uuid.MustParse(s) }
	evidence := sha256.Sum256([]byte("the manifest"))
	at := time.Date(2026, 1, 31, 10, 0, 0, 123456789, time.FixedZone("CET", 3600))
	return []audit.Event{
		{
			ID: id("019be8f4-a340-7000-8000-000000000001"), TenantID: "3d6f4a52-0000-4000-8000-000000000001", At: at,
			Actor: audit.Actor{Kind: audit.Subject, ID: "subject-1"}, Action: audit.RequestReceived,
			Object: audit.Object{Kind: "request", ID: "case-1"}, CaseID: "case-1", Outcome: audit.Done,
			Facts: map[audit.FactKey]string{audit.FactRegime: "gdpr", audit.FactRight: "access", audit.FactDue: "2026-03-02", audit.FactChannel: "form"},
		},
		{
			ID: id("019be8f4-a340-7000-8000-000000000002"), TenantID: "t", At: at.Add(time.Hour).Truncate(time.Second),
			Actor: audit.Actor{Kind: audit.APIKey, ID: "key-1", Role: "agent"}, Action: audit.CommandRefused,
			Object: audit.Object{Kind: "request", ID: "case-1"}, Outcome: audit.Refused, Reason: "not_permitted",
		},
		{
			ID: id("019be8f4-a340-7000-8000-000000000003"), TenantID: "t", At: at.Add(2 * time.Hour),
			Actor: audit.Actor{Kind: audit.Timer, ID: "clock"}, Action: audit.PackageDestroyed,
			Object: audit.Object{Kind: "package", ID: "p-1"}, CaseID: "case-1", Outcome: audit.Intent, Evidence: evidence[:],
		},
	}
}

// TestEncodingIsTheGoldenOne fails when a change would make old logs unverifiable.
func TestEncodingIsTheGoldenOne(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, e := range goldenEvents(t) {
		entry, err := audit.Encode(e)
		require.NoError(t, err)
		lines = append(lines, string(entry))
	}
	golden, err := os.ReadFile("testdata/entries.golden")
	require.NoError(t, err)
	require.Equal(t, string(golden), strings.Join(lines, "\n")+"\n")
}

// TestEncodingIsSortedJSON checks against the standard library, which sorts the keys of maps as RFC 8785 does for ASCII.
func TestEncodingIsSortedJSON(t *testing.T) {
	t.Parallel()
	for _, e := range goldenEvents(t) {
		entry, err := audit.Encode(e)
		require.NoError(t, err)
		var generic map[string]any
		require.NoError(t, json.Unmarshal(entry, &generic))
		again, err := json.Marshal(generic)
		require.NoError(t, err)
		require.Equal(t, string(again), string(entry))
	}
}

func token() *rapid.Generator[string] { return rapid.StringMatching(`[A-Za-z0-9._:/+=,-]{1,40}`) }

func anyEvent() *rapid.Generator[audit.Event] {
	return rapid.Custom(func(r *rapid.T) audit.Event {
		facts := rapid.MapOfN(rapid.SampledFrom([]audit.FactKey{audit.FactDue, audit.FactFrom, audit.FactTo, audit.FactCount}), token(), 0, 4).Draw(r, "facts")
		if len(facts) == 0 {
			facts = nil
		}
		id := uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(r, "id"))
		id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
		return audit.Event{
			ID: id, TenantID: token().Draw(r, "tenant"), Facts: facts,
			At:      time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(r, "at")).UTC(),
			Actor:   audit.Actor{Kind: rapid.SampledFrom([]audit.ActorKind{audit.Person, audit.Timer, audit.System}).Draw(r, "kind"), ID: token().Draw(r, "actor")},
			Action:  audit.Action(token().Draw(r, "action")),
			Object:  audit.Object{Kind: token().Draw(r, "object kind"), ID: token().Draw(r, "object")},
			CaseID:  rapid.OneOf(token(), rapid.Just("")).Draw(r, "case"),
			Outcome: rapid.SampledFrom([]audit.Outcome{audit.Intent, audit.Done, audit.Failed}).Draw(r, "outcome"),
			Reason:  rapid.OneOf(token(), rapid.Just("")).Draw(r, "reason"),
		}
	})
}

func TestDecodeIsTheInverseOfEncode(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		event := anyEvent().Draw(r, "event")
		entry, err := audit.Encode(event)
		require.NoError(r, err)
		back, err := audit.Decode(entry)
		require.NoError(r, err)
		require.Equal(r, event, back)
	})
}

func TestDecodeRefusesWhatIsNotCanonical(t *testing.T) {
	t.Parallel()
	entry, err := audit.Encode(goldenEvents(t)[0])
	require.NoError(t, err)
	good := string(entry)
	for name, bad := range map[string]string{
		"empty":        "",
		"white space":  strings.Replace(good, `,"at"`, `, "at"`, 1),
		"other member": strings.Replace(good, `"v":1`, `"v":1,"x":1`, 1),
		"version":      strings.Replace(good, `"v":1`, `"v":2`, 1),
		"member gone":  strings.Replace(good, `"reason":"",`, ``, 1),
		"escape":       strings.Replace(good, `"gdpr"`, `"\u0067dpr"`, 1),
		"zone":         strings.Replace(good, `Z","case"`, `+00:00","case"`, 1),
		"upper case":   strings.Replace(good, `"action"`, `"Action"`, 1),
		"more":         good + " ",
	} {
		_, err := audit.Decode([]byte(bad))
		require.ErrorIs(t, err, audit.ErrEntry, name)
	}
}

func TestEventsThatCantBeRecorded(t *testing.T) {
	t.Parallel()
	const canary = "Ada Lovelace"
	for name, spoil := range map[string]func(*audit.Event){
		"no tenant":        func(e *audit.Event) { e.TenantID = "" },
		"no time":          func(e *audit.Event) { e.At = time.Time{} },
		"no actor":         func(e *audit.Event) { e.Actor.ID = "" },
		"actor kind":       func(e *audit.Event) { e.Actor.Kind = "robot" },
		"outcome":          func(e *audit.Event) { e.Outcome = "perhaps" },
		"no action":        func(e *audit.Event) { e.Action = "" },
		"no object":        func(e *audit.Event) { e.Object.ID = "" },
		"id version":       func(e *audit.Event) { e.ID = uuid.MustParse("3d6f4a52-0000-4000-8000-000000000001") },
		"evidence":         func(e *audit.Event) { e.Evidence = []byte("short") },
		"unknown fact":     func(e *audit.Event) { e.Facts = map[audit.FactKey]string{"email": "x"} },
		"a name as fact":   func(e *audit.Event) { e.Facts = map[audit.FactKey]string{audit.FactFrom: canary} },
		"an address":       func(e *audit.Event) { e.Actor.ID = "ada@example.com" },
		"a name as reason": func(e *audit.Event) { e.Reason = canary },
		"empty fact":       func(e *audit.Event) { e.Facts = map[audit.FactKey]string{audit.FactFrom: ""} },
		"long":             func(e *audit.Event) { e.Object.ID = strings.Repeat("x", 129) },
		"refused, no code": func(e *audit.Event) { e.Outcome, e.Reason = audit.Refused, "" },
		"quote":            func(e *audit.Event) { e.CaseID = `x","v":2` },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event := newEvent(tenantA, "case-1", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
			spoil(&event)
			store := newRegister()
			err := audit.Append(t.Context(), store, event)
			require.ErrorIs(t, err, audit.ErrEvent)
			require.NotContains(t, err.Error(), canary)
			require.Empty(t, store.rows)
		})
	}
}

func TestAppendMakesAnIDAndKeepsMicroseconds(t *testing.T) {
	t.Parallel()
	store := newRegister()
	at := time.Date(2026, 1, 31, 10, 0, 0, 123456789, time.FixedZone("CET", 3600))
	require.NoError(t, audit.Append(t.Context(), store, newEvent(tenantA, "case-1", at)))
	row := store.rows[tenantA][0]
	require.Equal(t, uuid.Version(7), row.ID.Version())
	require.Equal(t, time.Date(2026, 1, 31, 9, 0, 0, 123456000, time.UTC), row.At)
	back, err := audit.Decode(row.Entry)
	require.NoError(t, err)
	require.Equal(t, row.Event, back, "columns and entry say the same")
}

type brokenInserter struct{}

var errFull = errors.New("disk full")

func (brokenInserter) InsertAuditEvent(context.Context, audit.Row) error { return errFull }

func TestAppendFailsWithItsStore(t *testing.T) {
	t.Parallel()
	err := audit.Append(t.Context(), brokenInserter{}, newEvent(tenantA, "case-1", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	require.ErrorIs(t, err, errFull)
}

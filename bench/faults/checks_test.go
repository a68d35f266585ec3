package main

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// kept is the evidence of one request for which every promise was kept.
func kept() *evidence {
	id, pkg, fulfilled, rows := uuid.New(), uuid.New(), "fulfilled", int64(12)
	sum := sha256.Sum256([]byte("a package"))
	accepted := client.Accepted{ID: id, Reference: "AR-1", ReceivedAt: noon}
	approved := client.Request{RequestLine: client.RequestLine{ID: id, State: "packaging"}}
	e := &evidence{
		journeys: []*journey{{accepted: accepted, approved: approved, proven: true, fetched: packaging.Report{Checked: 3, Manifest: packaging.Manifest{Rows: rows}}}},
		cases:    []caseRow{{id, "closed", &fulfilled}},
		packages: []packageRow{{pkg, id, "ready", "t/packages/" + pkg.String(), sum[:], &rows}},
		objects:  map[string][sha256.Size]byte{"t/packages/" + pkg.String(): sum, "t/audit/checkpoint": sum},
		codes:    map[uuid.UUID]int{id: 2}, expected: map[uuid.UUID]int64{id: rows},
		again:     map[uuid.UUID]replies{id: {accepted: accepted, approved: approved}},
		timelines: map[uuid.UUID][]client.Entry{id: {{Kind: "step", What: "identity_proven"}, {Kind: "step", What: "approved"}}},
	}
	for _, action := range []audit.Action{audit.RequestReceived, audit.IdentityProven, audit.ReviewApproved, audit.RequestClosed} {
		e.event(action, id, "")
	}
	for _, state := range []string{"verifying", "collecting", "reviewing", "delivering"} {
		e.event(audit.RequestMoved, id, state)
	}
	e.event(audit.PackageBuilt, pkg, "")
	for _, kind := range []string{"acknowledgement", "one_time_code", "package_ready", "download_code"} {
		letter := uuid.New()
		e.letters = append(e.letters, letterRow{letter, &id, kind, "subject", letter.String(), "sent"})
		e.mails = append(e.mails, mailSeen{letter.String(), "ana@example.test", kind, noon})
		e.event(audit.MessageQueued, letter, "")
		e.event(audit.MessageSent, letter, "")
	}
	e.logs = []logSeen{{"the exported log", int64(len(e.events)), nil}, {"the archived log", int64(len(e.events)), nil}}
	return e
}

func (e *evidence) event(action audit.Action, object uuid.UUID, to string) {
	event := audit.Event{Action: action, Object: audit.Object{ID: object.String()}}
	if to != "" {
		event.Facts = map[audit.FactKey]string{audit.FactTo: to}
	}
	e.events = append(e.events, event)
}

func TestKeptPromisesAreNoViolations(t *testing.T) {
	t.Parallel()
	require.Empty(t, judge(kept()))
}

// Each promise is broken once, and it is that promise, and no other, that is reported.
func TestEachBrokenPromiseIsFound(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]struct {
		promise string
		breaks  func(*evidence)
	}{
		"a request that did not end":       {"every request ends", func(e *evidence) { e.journeys[0].err = errors.New("stuck") }},
		"a case that nobody was told of":   {"what was answered with 2xx is in the register", func(e *evidence) { e.journeys = nil }},
		"an accepted request that is gone": {"what was answered with 2xx is in the register", func(e *evidence) { e.cases = nil; e.packages = nil; e.objects = nil }},
		"a case that stands":               {"every case is closed and fulfilled", func(e *evidence) { e.cases[0].State = "delivering" }},
		"a package without an object":      {"one package per case, whole, and no object besides", func(e *evidence) { delete(e.objects, e.packages[0].ObjectKey) }},
		"a package that was written over": {"one package per case, whole, and no object besides", func(e *evidence) {
			e.objects[e.packages[0].ObjectKey] = sha256.Sum256([]byte("another"))
		}},
		"a case without a package": {"one package per case, whole, and no object besides", func(e *evidence) { e.packages = nil; e.objects = nil }},
		"an orphan":                {"one package per case, whole, and no object besides", func(e *evidence) { e.objects["t/cases/x/round-1/part"] = [32]byte{} }},
		"parts of a dead writer":   {"one package per case, whole, and no object besides", func(e *evidence) { e.uploads = []string{e.packages[0].ObjectKey} }},
		"a row that came twice":    {"the package holds every row once", func(e *evidence) { e.journeys[0].fetched.Manifest.Rows++ }},
		"a package that was cut":   {"the package holds every row once", func(e *evidence) { e.journeys[0].fetched.Missing = []string{"data/a.csv"} }},
		"a letter that is lost":    {"every expected letter arrived", func(e *evidence) { e.mails = e.mails[1:] }},
		"a letter never written": {"every expected letter arrived", func(e *evidence) {
			e.letters, e.mails = e.letters[1:], e.mails[1:]
		}},
		"a code without a letter": {"every expected letter arrived", func(e *evidence) { e.codes[e.cases[0].ID]++ }},
		"a letter under two ids": {"no letter went out under two Message-IDs", func(e *evidence) {
			twin := e.mails[0]
			twin.id = "another"
			e.mails = append(e.mails, twin)
		}},
		"a repeat without a kill": {"a letter repeats only where a kill hid its fate", func(e *evidence) { e.repeat(time.Minute) }},
		"a repeat beside a kill of something else": {"a letter repeats only where a kill hid its fate", func(e *evidence) {
			e.repeat(time.Minute)
			e.outages = []outage{{local.Objects, noon, noon.Add(time.Second)}}
		}},
		"a log that does not verify": {"the audit log verifies without the database", func(e *evidence) { e.logs[0].err = audit.ErrLog }},
		"a log that is short":        {"the audit log verifies without the database", func(e *evidence) { e.logs[1].size-- }},
		"an event told twice": {"the audit log tells each thing once", func(e *evidence) {
			e.event(audit.PackageBuilt, e.packages[0].ID, "")
			e.logs[0].size, e.logs[1].size = e.logs[0].size+1, e.logs[1].size+1
		}},
		"an event that is missing":     {"the audit log tells each thing once", func(e *evidence) { e.events = e.events[1:] }},
		"an approval without its step": {"accepted commands are in the timeline", func(e *evidence) { e.timelines[e.cases[0].ID] = e.timelines[e.cases[0].ID][:1] }},
		"another answer to the same key": {"the same idempotency key gives the same answer", func(e *evidence) {
			e.journeys[0].accepted.Reference = "AR-2"
		}},
		"an internal error": {"a fault is answered as one that passes, never as an internal error", func(e *evidence) {
			e.rude = []string{"GET /v1/requests"}
		}},
		"something that waits": {"everything comes to rest", func(e *evidence) { e.pending = []string{"1 letters wait to be sent"} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := kept()
			broken.breaks(e)
			found := judge(e)
			require.NotEmpty(t, found)
			for _, v := range found {
				require.Equal(t, broken.promise, v.promise, v.what)
			}
		})
	}
}

func (e *evidence) repeat(after time.Duration) {
	again := e.mails[0]
	again.at = again.at.Add(after)
	e.mails = append(e.mails, again)
}

// A kill of the worker between the mail server's yes and the commit explains a letter that comes again.
func TestRepeatsBesideAKillOfTheSenderAreExplained(t *testing.T) {
	t.Parallel()
	e := kept()
	e.repeat(2 * time.Minute)
	e.outages = []outage{{workerName, noon.Add(10 * time.Millisecond), noon.Add(3 * time.Second)}}
	require.Empty(t, judge(e))
	require.Equal(t, 1, repeats(e))
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/deploy/local"
)

// violation is a promise that was broken, in words.
type violation struct{ promise, what string }

// check looks at the evidence for one promise and says what broke it.
type check struct {
	promise string
	broken  func(*evidence) []string
}

// checks are the promises under every fault.
func checks() []check {
	return []check{
		{"every request ends", endless},
		{"what was answered with 2xx is in the register", lost},
		{"every case is closed and fulfilled", unclosed},
		{"one package per case, whole, and no object besides", packagesAmiss},
		{"the package holds every row once", rowsAmiss},
		{"every expected letter arrived", lettersMissing},
		{"no letter went out under two Message-IDs", twins},
		{"a letter repeats only where a kill hid its fate", unexplainedRepeats},
		{"the audit log verifies without the database", logsAmiss},
		{"the audit log tells each thing once", eventsAmiss},
		{"accepted commands are in the timeline", commandsMissing},
		{"the same idempotency key gives the same answer", answersDiffer},
		{"a fault is answered as one that passes, never as an internal error", func(e *evidence) []string { return e.rude }},
		{"everything comes to rest", func(e *evidence) []string { return e.pending }},
	}
}

// judge goes through all checks.
func judge(e *evidence) (found []violation) {
	for _, c := range checks() {
		for _, what := range c.broken(e) {
			found = append(found, violation{c.promise, what})
		}
	}
	return found
}

func endless(e *evidence) (out []string) {
	for i, j := range e.journeys {
		if j.err != nil {
			out = append(out, fmt.Sprintf("request %d (%s): %v", i+1, j.accepted.Reference, j.err))
		}
	}
	return out
}

// lost compares what callers were promised with what is there, in both directions.
func lost(e *evidence) (out []string) {
	kept := map[uuid.UUID]bool{}
	for _, c := range e.cases {
		kept[c.ID] = true
	}
	for _, j := range e.journeys {
		if j.accepted.ID != uuid.Nil && !kept[j.accepted.ID] {
			out = append(out, "accepted and not in the register: "+j.accepted.Reference)
		}
		delete(kept, j.accepted.ID)
	}
	for id := range kept {
		out = append(out, "a case that nobody was told of: "+id.String())
	}
	return out
}

func unclosed(e *evidence) (out []string) {
	for _, c := range e.cases {
		if c.State != "closed" || c.Outcome == nil || *c.Outcome != "fulfilled" {
			out = append(out, fmt.Sprintf("case %s is %s", c.ID, c.State))
		}
	}
	return out
}

// packagesAmiss holds the register against the object store. Beside the packages only the archived audit log may be there.
func packagesAmiss(e *evidence) (out []string) {
	ready, owned := map[uuid.UUID]int{}, map[string]bool{}
	for _, p := range e.packages {
		if p.State != "ready" {
			out = append(out, fmt.Sprintf("package %s of case %s is %s", p.ID, p.CaseID, p.State))
			continue
		}
		ready[p.CaseID]++
		owned[p.ObjectKey] = true
		if sum, there := e.objects[p.ObjectKey]; !there {
			out = append(out, fmt.Sprintf("package %s has no object", p.ID))
		} else if !bytes.Equal(sum[:], p.SHA256) {
			out = append(out, fmt.Sprintf("the object of package %s is not what the register says", p.ID))
		}
	}
	for _, c := range e.cases {
		if ready[c.ID] != 1 {
			out = append(out, fmt.Sprintf("case %s has %d packages", c.ID, ready[c.ID]))
		}
	}
	for key := range e.objects {
		if !owned[key] && !strings.Contains(key, "/audit/") {
			out = append(out, "an object that belongs to nothing: "+key)
		}
	}
	for _, key := range e.uploads {
		out = append(out, "an upload that was never finished: "+key)
	}
	return out
}

func rowsAmiss(e *evidence) (out []string) {
	for _, j := range e.journeys {
		want, known := e.expected[j.accepted.ID]
		switch {
		case !known:
		case !j.fetched.OK():
			out = append(out, fmt.Sprintf("the package of %s does not match its manifest", j.accepted.Reference))
		case j.fetched.Manifest.Rows != want || want == 0:
			out = append(out, fmt.Sprintf("the package of %s has %d rows and the systems have %d", j.accepted.Reference, j.fetched.Manifest.Rows, want))
		}
	}
	return out
}

// lettersMissing holds the register against the mailbox: every letter that was to be sent was, and each case has one
// acknowledgement, one link (and one for each that staff sent anew), and a letter for every code that was made.
func lettersMissing(e *evidence) (out []string) {
	arrived := map[string]bool{}
	for _, m := range e.mails {
		arrived[m.id] = true
	}
	kinds := map[uuid.UUID]map[string]int{}
	for _, l := range e.letters {
		if l.State != "sent" || !arrived[l.MessageID] {
			out = append(out, fmt.Sprintf("letter %s (%s) is %s and arrived: %t", l.ID, l.Kind, l.State, arrived[l.MessageID]))
		}
		if l.CaseID == nil {
			continue
		}
		if kinds[*l.CaseID] == nil {
			kinds[*l.CaseID] = map[string]int{}
		}
		kinds[*l.CaseID][l.Kind]++
	}
	for _, c := range e.cases {
		of := kinds[c.ID]
		for kind, want := range map[string]int{"acknowledgement": 1, "package_ready": 1} {
			if of[kind] != want {
				out = append(out, fmt.Sprintf("case %s has %d letters %s", c.ID, of[kind], kind))
			}
		}
		if codes := of["one_time_code"] + of["download_code"]; codes != e.codes[c.ID] || codes < 2 {
			out = append(out, fmt.Sprintf("case %s has %d codes and %d letters with one", c.ID, e.codes[c.ID], codes))
		}
	}
	return out
}

// twins finds letters that are the same and went out as two, and mails that the register knows nothing of.
func twins(e *evidence) (out []string) {
	known := map[string]bool{}
	for _, l := range e.letters {
		known[l.MessageID] = true
	}
	first := map[[2]string]string{}
	for _, m := range e.mails {
		if !known[m.id] {
			out = append(out, "a mail that the register does not know: "+m.id)
		}
		words := [2]string{m.to, m.text}
		if other, seen := first[words]; seen && other != m.id {
			out = append(out, fmt.Sprintf("the same letter went out as %s and as %s", other, m.id))
		}
		first[words] = m.id
	}
	return out
}

// repeats counts mails that came again under their Message-ID.
func repeats(e *evidence) int {
	ids := map[string]bool{}
	for _, m := range e.mails {
		ids[m.id] = true
	}
	return len(e.mails) - len(ids)
}

// hidden is how long before and after the arrival of a letter a kill may hide that it arrived: the record follows within
// moments, or, where the connection that is to carry it has died, with the next try.
const hiddenBefore, hiddenAfter = time.Second, 10 * time.Second

// unexplainedRepeats finds letters that came again although nothing kept the first arrival from being recorded: no kill of
// the sender, the register or the mail server fell between the mail server's yes and our commit.
func unexplainedRepeats(e *evidence) (out []string) {
	arrivals := map[string][]time.Time{}
	for _, m := range e.mails {
		arrivals[m.id] = append(arrivals[m.id], m.at)
	}
	for id, at := range arrivals {
		slices.SortFunc(at, time.Time.Compare)
		for _, earlier := range at[:len(at)-1] {
			if !e.hidden(earlier) {
				out = append(out, fmt.Sprintf("letter %s came at %s and again, with no kill that explains it", id, earlier.Format(time.TimeOnly)))
			}
		}
	}
	return out
}

func (e *evidence) hidden(at time.Time) bool {
	return slices.ContainsFunc(e.outages, func(o outage) bool {
		hides := o.part == workerName || o.part == local.Postgres || o.part == local.Mail
		return hides && o.from.Before(at.Add(hiddenAfter)) && o.to.After(at.Add(-hiddenBefore))
	})
}

// logsAmiss expects both copies of the log to verify and to hold every event.
func logsAmiss(e *evidence) (out []string) {
	if len(e.logs) == 0 {
		out = append(out, "no copy of the log was read")
	}
	for _, log := range e.logs {
		switch {
		case log.err != nil:
			out = append(out, fmt.Sprintf("%s: %v", log.where, log.err))
		case log.size < int64(len(e.events)):
			out = append(out, fmt.Sprintf("%s holds %d events and the register %d", log.where, log.size, len(e.events)))
		}
	}
	return out
}

// eventsAmiss expects each case's events to be complete, and nothing that happens once to be told twice.
func eventsAmiss(e *evidence) (out []string) {
	type thing struct {
		action audit.Action
		object string
		detail string
	}
	told := map[thing]int{}
	for _, event := range e.events {
		told[thing{event.Action, event.Object.ID, ""}]++
		if event.Action == audit.RequestMoved {
			told[thing{event.Action, event.Object.ID, event.Facts[audit.FactTo]}]++
		}
	}
	expect := func(action audit.Action, object uuid.UUID, detail string) {
		if n := told[thing{action, object.String(), detail}]; n != 1 {
			out = append(out, fmt.Sprintf("%s %s of %s is told %d times", action, detail, object, n))
		}
	}
	for _, c := range e.cases {
		for _, action := range []audit.Action{audit.RequestReceived, audit.IdentityProven, audit.ReviewApproved, audit.RequestClosed} {
			expect(action, c.ID, "")
		}
		for _, state := range []string{"verifying", "collecting", "reviewing", "delivering"} {
			expect(audit.RequestMoved, c.ID, state)
		}
	}
	for _, p := range e.packages {
		expect(audit.PackageBuilt, p.ID, "")
	}
	for _, l := range e.letters {
		expect(audit.MessageQueued, l.ID, "")
		expect(audit.MessageSent, l.ID, "")
	}
	return out
}

// commandsMissing expects every command that was answered with 2xx to have left its step, once.
func commandsMissing(e *evidence) (out []string) {
	for _, j := range e.journeys {
		steps := map[string]int{}
		for _, entry := range e.timelines[j.accepted.ID] {
			if entry.Kind == "step" {
				steps[entry.What]++
			}
		}
		if j.proven && steps["identity_proven"] != 1 {
			out = append(out, fmt.Sprintf("%s: the code was taken and identity was proven %d times", j.accepted.Reference, steps["identity_proven"]))
		}
		if j.approved.ID != uuid.Nil && steps["approved"] != 1 {
			out = append(out, fmt.Sprintf("%s: the approval was answered and stands in the timeline %d times", j.accepted.Reference, steps["approved"]))
		}
	}
	return out
}

func answersDiffer(e *evidence) (out []string) {
	for _, j := range e.journeys {
		again, sent := e.again[j.accepted.ID]
		switch {
		case !sent:
		case again.err != nil:
			out = append(out, fmt.Sprintf("%s: sent again it was answered: %v", j.accepted.Reference, again.err))
		case !sameJSON(again.accepted, j.accepted):
			out = append(out, j.accepted.Reference+": filed again it was answered otherwise")
		case !sameJSON(again.approved, j.approved):
			out = append(out, j.accepted.Reference+": approved again it was answered otherwise")
		}
	}
	return out
}

func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

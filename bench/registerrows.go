package main

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
)

// rowsOf are rows by their table, in the order of its columns in filledTables.
type rowsOf map[string][][]any

func (r rowsOf) add(table string, row ...any) { r[table] = append(r[table], row) }

var filledTables = []struct {
	name    string
	columns []string
}{
	{"subjects", []string{"id", "tenant_id", "wrapped_key", "created_at"}},
	{"subject_identities", []string{"id", "tenant_id", "subject_id", "kind", "blind_index", "value_sealed", "created_at"}},
	{"cases", []string{
		"id", "tenant_id", "subject_id", "reference", "kind", "request_right", "regime", "regime_version", "calendar", "zone", "language",
		"channel", "state", "outcome", "identity", "assignee_id", "received_at", "recorded_at", "closed_at", "next_due",
		"details_sealed", "updated_at",
	}},
	{"case_transitions", []string{"id", "tenant_id", "case_id", "key", "event", "from_state", "to_state", "actor_kind", "actor_id", "at"}},
	{"obligations", []string{
		"id", "tenant_id", "case_id", "kind", "citation", "state", "due", "earliest_safe", "explanation", "date_seq", "date_cause", "dated_at",
		"ladder", "waived_reason", "created_at", "updated_at", "regime", "request_right", "assignee_id", "amber_at",
	}},
	{"superseded_dates", []string{
		"tenant_id", "obligation_id", "seq", "due", "earliest_safe", "cause", "explanation", "set_at", "superseded_at",
	}},
	{"pauses", []string{"id", "tenant_id", "case_id", "kind", "from_at", "opened_by"}},
	{"workflow_starts", []string{"id", "tenant_id", "case_id", "run", "created_at", "next_attempt_at", "started_at"}},
	{"audit_events", []string{"id", "tenant_id", "case_id", "action", "at", "body", "actor_id", "outcome"}},
}

// fate is how far a filled case has come.
type fate int

const (
	withdrawn fate = iota // closed before anything was begun
	fresh                 // received, what it owes is open
	waiting               // waits for identity: what it owes is paused
	late                  // received, what it owes is overdue
)

// toFill is a case on its way into the register.
type toFill struct {
	*filler
	rows         rowsOf
	number       int
	random       *rand.Rand
	fate         fate
	id, subject  uuid.UUID
	sealer       *seal.Key // the person's
	right        privacy.Right
	regime       *privacy.Regime
	received     time.Time
	begun, ended time.Time // when verification began, when it was withdrawn
}

// add makes the rows of the i-th of total cases. The newest are open, and a few of the older ones that are late.
func (f *filler) add(rows rowsOf, i, total int) (filled, error) {
	c := &toFill{filler: f, rows: rows, number: i, right: privacy.Access}
	c.random = rand.New(rand.NewPCG(uint64(i), binary.BigEndian.Uint64(f.tenant[8:]))) //nolint:gosec // ids of a measure are no secret
	age := time.Duration(float64(fillSpan) * float64(total-i) / float64(total))
	c.received = f.now.Add(-age).Truncate(time.Microsecond)
	c.begun, c.ended = c.received.Add(time.Second), c.received.Add(25*time.Hour)
	c.id, c.subject = c.newID(), c.newID()
	c.regime = f.regimes[min(1, i%20/19)]
	if i%5 == 3 {
		c.right = privacy.Portability
	}
	c.fate = fateOf(i, total, age)
	person := filled{
		id: c.id, reference: referenceOf(c.right, i), email: fmt.Sprintf("person-%d@fill.example", i), family: familyOf(i, total),
	}
	if err := c.addSubject(person); err != nil {
		return filled{}, err
	}
	due, err := c.addObligations()
	if err != nil {
		return filled{}, err
	}
	c.addSteps()
	c.rows.add("workflow_starts", c.newID(), f.tenant, c.id, int32(1), c.received, c.received.Add(3*time.Second), c.received.Add(50*time.Millisecond))
	return person, c.addCase(person, due)
}

// fateOf leaves one case in openShare open: four in five of them are the newest, the rest are late.
func fateOf(i, total int, age time.Duration) fate {
	newest := total - total*4/5/openShare
	switch {
	case i >= newest && age > 32*24*time.Hour:
		return waiting
	case i >= newest:
		return fresh + fate(i%2)
	case i%(openShare*9/2+1) == 0:
		return late
	}
	return withdrawn
}

// familyOf gives namesake people one family name, scattered over the register.
func familyOf(i, total int) string {
	return fmt.Sprintf("Family%dof%d", i%max(1, total/namesake), total)
}

// referenceOf makes a reference as the product does, and another one for each number.
func referenceOf(right privacy.Right, i int) string {
	const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	const all, prime = 656_100_000_000, 373_587_883_211 // all is 30 to the 8th; they have no common factor
	n := (uint64(i) * (prime % all)) % all
	raw := make([]byte, 8)
	for k := range raw {
		raw[k] = letters[n%uint64(len(letters))]
		n /= uint64(len(letters))
	}
	prefix := "AR"
	if right == privacy.Portability {
		prefix = "PR"
	}
	return fmt.Sprintf("%s-%s-%s", prefix, raw[:4], raw[4:])
}

// newID makes an id of the time in which the case came in, so that rows lie in the order in which they would have been written.
func (c *toFill) newID() uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:], uint64(c.received.UnixMilli())<<16|0x7000|c.random.Uint64()&0xfff)
	binary.BigEndian.PutUint64(id[8:], c.random.Uint64()&^(3<<62)|2<<62)
	return id
}

// addSubject adds the person with a key of their own and all that they can be found by.
func (c *toFill) addSubject(p filled) error {
	wrapped, err := c.keys.NewSubjectKey(c.subject.String())
	if err != nil {
		return err
	}
	if c.sealer, err = c.keys.SubjectKey(wrapped, c.subject.String()); err != nil {
		return err
	}
	c.rows.add("subjects", c.subject, c.tenant, wrapped, c.received)
	email, err := c.keys.EmailIndex(p.email)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("Given%d %s", c.number%500, p.family)
	for _, v := range []struct {
		kind, value string
		index       []byte
	}{{"email", p.email, email}, {"name", name, nil}} {
		if err := c.addIdentity(v.kind, v.value, v.index); err != nil {
			return err
		}
	}
	tokens, err := c.keys.NameIndexes(name)
	for _, token := range tokens {
		c.rows.add("subject_identities", c.newID(), c.tenant, c.subject, "name_token", token, nil, c.received)
	}
	return err
}

func (c *toFill) addIdentity(kind, value string, index []byte) error {
	id := c.newID()
	sealed, err := c.sealer.Seal([]byte(value), seal.Field{Table: "subject_identities", Column: "value", Row: id.String()})
	c.rows.add("subject_identities", id, c.tenant, c.subject, kind, index, sealed, c.received)
	return err
}

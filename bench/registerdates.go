package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
)

// addObligations computes what the case owes and adds it with every date that stood. It gives the soonest date of what is
// still owed.
func (c *toFill) addObligations() (soonest *time.Time, err error) {
	facts := privacy.Facts{Right: c.right, Received: c.received, Zone: c.zone, Calendar: c.regime.CalendarFor(c.calendar)}
	first, err := c.regime.Deadlines(facts)
	if err != nil {
		return nil, err
	}
	inForce := first
	if c.fate == waiting {
		facts.Pauses = []privacy.Pause{{Kind: privacy.PauseIdentity, From: c.begun}}
		if inForce, err = c.regime.Deadlines(facts); err != nil {
			return nil, err
		}
		c.rows.add("pauses", c.newID(), c.tenant, c.id, "identity", c.begun, "workflow")
	}
	for i, deadline := range inForce {
		if err := c.addObligation(first[i], deadline); err != nil {
			return nil, err
		}
		if c.fate != withdrawn && (soonest == nil || deadline.Due.Before(*soonest)) {
			soonest = &inForce[i].Due
		}
	}
	return soonest, nil
}

func (c *toFill) addObligation(first, inForce privacy.Deadline) error {
	explanation, err := json.Marshal(inForce)
	if err != nil {
		return fmt.Errorf("write a deadline: %w", err)
	}
	id := c.newID()
	changed, reason := c.received, any(nil)
	var state string
	seq, cause, dated := int32(1), "intake", c.received
	switch c.fate {
	case withdrawn:
		state, changed, reason = "waived", c.ended, "withdrawn"
	case fresh:
		state = "open"
	case waiting:
		state, changed = "paused", c.begun
		seq, cause, dated = 2, "pause", c.begun
	case late:
		state, changed = "overdue", inForce.Due
	}
	c.rows.add("obligations", id, c.tenant, c.id, string(inForce.Kind), inForce.Citation.Text, state, inForce.Due, inForce.EarliestSafe,
		explanation, seq, cause, dated, c.ladder, reason, c.received, changed,
		c.regime.ID, string(c.right), c.assignee(), inForce.EarliestSafe.Add(-c.reminder))
	if c.fate != waiting {
		return nil
	}
	earlier, err := json.Marshal(first)
	c.rows.add("superseded_dates", c.tenant, id, int32(1), first.Due, first.EarliestSafe, "intake", earlier, c.received, c.begun)
	return err
}

// assignee is who has the case: one in three has somebody.
func (c *toFill) assignee() any {
	if c.number%3 != 0 {
		return nil
	}
	return c.staff[c.number/3%len(c.staff)]
}

// addSteps adds the path that the case took.
func (c *toFill) addSteps() {
	c.rows.add("case_transitions", c.newID(), c.tenant, c.id, "received", "received", nil, "received", "api_key", c.key.String(), c.received)
	switch c.fate {
	case waiting:
		c.rows.add("case_transitions", c.newID(), c.tenant, c.id, fmt.Sprintf("1/begin/%d", c.begun.UnixMilli()), "verification_begun", "received",
			"verifying", "system", "workflow", c.begun)
	case withdrawn:
		c.rows.add("case_transitions", c.newID(), c.tenant, c.id, "api/"+c.id.String(), "withdrawn", "received", "closed", "api_key",
			c.key.String(), c.ended)
	case fresh, late:
	}
}

// addCase adds the case itself and the event of its receipt.
func (c *toFill) addCase(p filled, due *time.Time) error {
	details, err := c.sealer.Seal([]byte("Everything you hold about me."), seal.Field{Table: "cases", Column: "details", Row: c.id.String()})
	if err != nil {
		return err
	}
	state, changed := "received", c.received
	var outcome, closed any
	switch c.fate {
	case withdrawn:
		state, outcome, closed, changed = "closed", "withdrawn", c.ended, c.ended
	case waiting:
		state, changed = "verifying", c.begun
	case fresh, late:
	}
	c.rows.add("cases", c.id, c.tenant, c.subject, p.reference, "request", string(c.right), c.regime.ID, c.regime.Version,
		c.regime.CalendarFor(c.calendar), c.zone.String(), "en", "api", state, outcome, "unproven", c.assignee(), c.received, c.received,
		closed, due, details, changed)
	return c.addEvent()
}

func (c *toFill) addEvent() error {
	event := audit.Event{
		ID: c.newID(), TenantID: c.tenant.String(), At: c.received, Actor: audit.Actor{Kind: audit.APIKey, ID: c.key.String(), Role: "admin"},
		Action: audit.RequestReceived, Object: audit.Object{Kind: "case", ID: c.id.String()}, CaseID: c.id.String(), Outcome: audit.Done,
		Facts: map[audit.FactKey]string{
			audit.FactRight: string(c.right), audit.FactRegime: c.regime.ID, audit.FactPolicy: c.regime.ID + "/" + c.regime.Version,
			audit.FactChannel: "api", audit.FactReceived: c.received.Format(time.RFC3339),
		},
	}
	body, err := audit.Encode(event)
	c.rows.add("audit_events", event.ID, c.tenant, c.id, string(event.Action), c.received, body, event.Actor.ID, string(event.Outcome))
	return err
}

package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// Circumstances are what a plan of erasure for a case depends on beside the systems: the rules that the tenant has switched on, the holds that
// stand on the person, their recourse about other requests, and what was decided about the plan.
func (d *Desk) Circumstances(ctx context.Context, tx *storage.Tx, row storage.Case, s storage.Subject) (erasure.Circumstances, error) {
	person, err := tx.Person(ctx, s)
	if err != nil {
		return erasure.Circumstances{}, err
	}
	beside, err := tx.SurveyedIdentities(ctx, s, row.ID)
	if err != nil {
		return erasure.Circumstances{}, err
	}
	c, err := d.DutiesToward(ctx, tx, person, beside...)
	if err != nil {
		return c, err
	}
	if c.Recourses, err = d.Recourses(ctx, tx, person, beside...); err != nil {
		return c, err
	}
	decisions, err := tx.ErasureDecisions(ctx, s, row.ID)
	decided(&c, decisions)
	return c, err
}

// DutiesToward are what keeps data of a person from being erased today: rules and holds. beside are values that are found to be theirs too.
func (d *Desk) DutiesToward(ctx context.Context, tx *storage.Tx, person storage.Person, beside ...storage.Identities) (erasure.Circumstances, error) {
	c, err := d.duties(tx)
	if err != nil {
		return c, err
	}
	c.Holds, err = holdsOn(ctx, tx, person, beside...)
	return c, err
}

// duties are the rules for keeping records that the tenant has switched on.
func (d *Desk) duties(tx *storage.Tx) (erasure.Circumstances, error) {
	tenant := tx.Tenant()
	c := erasure.Circumstances{Now: tx.Now(), Zone: tenant.Zone, Supervised: tenant.Settings.Supervised}
	var err error
	if c.YearEnd, err = yearEnd(tenant.Settings.YearEnd); err != nil {
		return c, err
	}
	for _, rule := range d.rules.RetentionRules() {
		c.Kinds = append(c.Kinds, rule.Kinds...)
	}
	for _, id := range tenant.Settings.Retention {
		rule, err := d.rules.Retention(id)
		if err != nil {
			return c, fmt.Errorf("the tenant's retention rules: %w", err)
		}
		c.Rules = append(c.Rules, rule)
	}
	return c, nil
}

// yearEnd reads MM-DD; nothing is the end of the calendar year.
func yearEnd(s string) (erasure.YearEnd, error) {
	if s == "" {
		return erasure.YearEnd{Month: time.December, Day: 31}, nil
	}
	at, err := time.Parse(time.DateOnly, "2000-"+s)
	if err != nil {
		return erasure.YearEnd{}, fmt.Errorf("the end of the financial year: %w", err)
	}
	return erasure.YearEnd{Month: at.Month(), Day: at.Day()}, nil
}

func holdsOn(ctx context.Context, tx *storage.Tx, person storage.Person, beside ...storage.Identities) ([]erasure.Hold, error) {
	standing, err := tx.HoldsOn(ctx, person, beside...)
	return holdsAs(standing), err
}

func holdsAs(standing []storage.Hold) (out []erasure.Hold) {
	for _, h := range standing {
		out = append(out, erasure.Hold{
			ID: h.ID.String(), Matter: h.Matter, Systems: h.Systems, Review: h.ReviewOn, Citation: privacy.Citation{Text: h.Citation, Mark: privacy.Verified},
		})
	}
	return out
}

func holdIDs(all []erasure.Hold) (ids []string) {
	for _, h := range all {
		ids = append(ids, h.ID)
	}
	slices.Sort(ids)
	return ids
}

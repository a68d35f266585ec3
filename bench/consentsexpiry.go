package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// ending fills the register with some consents and takes the time of a day on which a number of them end.
func (c *consenting) ending(ctx context.Context, n int) (time.Duration, error) {
	if err := c.fill(ctx, n); err != nil {
		return 0, err
	}
	return c.day(ctx)
}

// expiry takes the same time among many more, and that of a bare UPDATE of as many rows.
func (c *consenting) expiry(ctx context.Context, b *bench, few time.Duration) error {
	var floor []float64
	for round := range consentRounds {
		if err := c.makeDue(ctx, round+2); err != nil {
			return err
		}
		began := time.Now()
		if _, err := c.owner.Exec(ctx, "UPDATE consents SET next_look = NULL WHERE tenant_id = $1 AND next_look <= $2", c.tenant, c.now); err != nil {
			return fmt.Errorf("update what is due: %w", err)
		}
		floor = append(floor, time.Since(began).Seconds())
	}
	many, err := c.day(ctx)
	if err != nil {
		return err
	}
	n, f := b.size(consentsEnding), median(floor)
	b.report.add(fmt.Sprintf("a day on which %d consents of %d end", n, c.held), seconds(many.Seconds()), seconds(f)+" one UPDATE of as many rows", many.Seconds()/f, false, 4)
	b.report.add("… beside the same among fewer", seconds(many.Seconds()), fmt.Sprintf("%s among %d", seconds(few.Seconds()), b.size(consentsFew)), many.Seconds()/few.Seconds(), false, 1.2)
	return nil
}

// makeDue has the day of a number of consents come that hold by what they are implied by, spread over the register; another part of them each time.
func (c *consenting) makeDue(ctx context.Context, part int) error {
	n := c.b.size(consentsEnding)
	every := c.held / n
	_, err := c.owner.Exec(ctx, `UPDATE consents SET next_look = $2, given_at = NULL, confirmed_at = NULL, withdrawn_at = NULL,
		implied = '{"relations": [{"kind": "inquiry", "day": "2020-01-01"}]}'
		WHERE tenant_id = $1 AND person_id = ANY($3)`, c.tenant, c.now, apart(n, every, part))
	if err == nil {
		_, err = c.owner.Exec(ctx, "VACUUM (ANALYZE) consents")
	}
	if err == nil {
		_, err = c.owner.Exec(ctx, "CHECKPOINT")
	}
	if err != nil {
		return fmt.Errorf("have the day of consents come: %w", err)
	}
	return nil
}

// apart are people that lie apart in the register.
func apart(n, every, part int) [][16]byte {
	out := make([][16]byte, n)
	for i := range out {
		out[i] = personID(i*every + part%every)
	}
	return out
}

// day does what the workflow of a day has done, as its activity does it: the middle of some days.
func (c *consenting) day(ctx context.Context) (time.Duration, error) {
	master, err := seal.OpenMaster(ctx, "file://"+filepath.Join(c.dir, "master.key"))
	if err != nil {
		return 0, err
	}
	db, err := storage.Open(ctx, c.dsn, storage.Options{Master: master, Clock: clockwork.NewRealClock(), MaxConnections: 2})
	if err != nil {
		return 0, err
	}
	defer db.Close()
	book, err := policies.Embedded()
	if err != nil {
		return 0, err
	}
	desk := casework.New(db, nil, book, casework.Links{}, clockwork.NewRealClock())
	var took []float64
	for round := range consentRounds {
		if err := c.makeDue(ctx, round); err != nil {
			return 0, err
		}
		began := time.Now()
		for more := true; more; {
			if more, err = desk.LookAtConsents(ctx, c.tenant, privacy.DateIn(c.now, time.UTC)); err != nil {
				return 0, err
			}
		}
		took = append(took, time.Since(began).Seconds())
		var left int
		if err := c.owner.QueryRow(ctx, "SELECT count(*) FROM consents WHERE tenant_id = $1 AND next_look <= $2", c.tenant, c.now).Scan(&left); err != nil || left > 0 {
			return 0, errors.Join(fmt.Errorf("%d consents are due still", left), err)
		}
	}
	return time.Duration(median(took) * float64(time.Second)), nil
}

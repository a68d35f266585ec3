package casework

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// How consents are looked at: so many in one transaction, and so many transactions side by side, of which one is written while another is made.
const (
	consentsAtOnce = 2500
	consentLookers = 2
)

// consentLook says when something is to be done next about implied consent, by the laws that reach each and the warnings that the tenant wants.
func (d *Desk) consentLook(tenant *storage.Tenant, today privacy.Date) storage.ConsentLook {
	warnings := tenant.Settings.Consents.Looks()
	return func(country string, by privacy.MessageChannel, s *consent.Standing) (until, next privacy.Date) {
		until, _ = consent.ImpliedUntil(s, d.laws.reaching(tenant, country, by))
		return until, consent.NextLook(until, today, warnings)
	}
}

// asks says of whom it is the day to ask them, by when their implied consent ends; nil where the tenant asks nobody.
func asks(tenant storage.Tenant, day privacy.Date) func(until privacy.Date) bool {
	days := tenant.Settings.Consents.AskDays
	if days == 0 {
		return nil
	}
	return func(until privacy.Date) bool { return day.DaysUntil(until) <= days }
}

// ConsentsDue says whether something is to be done today about implied consents of a tenant that end.
func (d *Desk) ConsentsDue(ctx context.Context, id uuid.UUID) (day privacy.Date, due bool, err error) {
	err = d.db.Read(ctx, id, func(ctx context.Context, tx *storage.Tx) error {
		day = privacy.DateIn(tx.Now(), tx.Tenant().Zone)
		due, err = tx.ConsentsDue(ctx, day)
		return err
	})
	return day, due, err
}

// LookAtConsents looks at the next of a tenant's implied consents whose day has come, and says whether there may be more. A look that is repeated finds what was
// left.
func (d *Desk) LookAtConsents(ctx context.Context, id uuid.UUID, day privacy.Date) (more bool, err error) {
	var again [consentLookers]bool
	group, looking := errgroup.WithContext(ctx)
	for i := range again {
		group.Go(func() (err error) {
			again[i], err = d.lookAtSome(looking, id, day)
			return err
		})
	}
	err = group.Wait()
	return slices.Contains(again[:], true), err
}

func (d *Desk) lookAtSome(ctx context.Context, id uuid.UUID, day privacy.Date) (more bool, err error) {
	err = d.db.Change(ctx, id, System("consents"), func(ctx context.Context, tx *storage.Tx) error {
		tenant := tx.Tenant()
		looked, err := tx.LookAtConsents(ctx, storage.ConsentsLook{Day: day, Most: consentsAtOnce, Look: d.consentLook(&tenant, day), Asks: asks(tenant, day)})
		more = looked == consentsAtOnce
		return err
	})
	if errors.Is(err, storage.ErrConflict) {
		return true, nil // others wrote about the same people: they are looked at again
	}
	return more, err
}

// TellConsentsEnding tells whoever answers for the law how many implied consents end soon, once for a day; nobody where none does.
func (d *Desk) TellConsentsEnding(ctx context.Context, id uuid.UUID, day privacy.Date) error {
	return d.db.Change(ctx, id, System("consents"), func(ctx context.Context, tx *storage.Tx) error {
		letter, err := d.consentsEnding(ctx, tx, day)
		if err != nil || len(letter.Lines) == 0 {
			return err
		}
		staff, err := tx.Staff(ctx)
		if err != nil {
			return err
		}
		for _, member := range staff {
			if !member.Active || member.Role != "dpo" {
				continue
			}
			if err := d.tellOnce(ctx, tx, member, fmt.Sprintf("consents-ending/%s/%s", day, member.ID), letter); err != nil {
				return err
			}
		}
		return nil
	})
}

// consentsEnding counts by purpose what ended yesterday and what ends within each of the days on which somebody wants to be warned.
func (d *Desk) consentsEnding(ctx context.Context, tx *storage.Tx, day privacy.Date) (*notify.ConsentsEnding, error) {
	tenant := tx.Tenant()
	letter := &notify.ConsentsEnding{Tenant: tenant.Name, Link: d.links.Public + "/console/", Zone: tenant.Zone}
	warnings := tenant.Settings.Consents.Warnings()
	ending, err := tx.ConsentsEnding(ctx, day.AddDays(-1), day.AddDays(warnings[0]+1))
	if err != nil {
		return nil, err
	}
	keys := map[int32]string{}
	for _, p := range tenant.Purposes {
		keys[p.Number] = p.Key
	}
	count := func(first, behind privacy.Date) (by map[string]int64) {
		by = map[string]int64{}
		for _, e := range ending {
			if !e.Day.Before(first) && e.Day.Before(behind) {
				by[keys[e.Purpose]] += e.Count
			}
		}
		return by
	}
	addLines(letter, "ended yesterday", count(day.AddDays(-1), day))
	from := day
	for i := len(warnings) - 1; i >= 0; i-- {
		behind := day.AddDays(warnings[i] + 1)
		addLines(letter, fmt.Sprintf("end within %d days", warnings[i]), count(from, behind))
		from = behind
	}
	return letter, nil
}

// addLines writes one line for each purpose, by name.
func addLines(letter *notify.ConsentsEnding, when string, by map[string]int64) {
	for _, key := range slices.Sorted(maps.Keys(by)) {
		letter.Lines = append(letter.Lines, fmt.Sprintf("%s: %d %s", key, by[key], when))
		letter.Total += by[key]
	}
}

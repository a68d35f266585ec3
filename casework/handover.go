package casework

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

const (
	// handoverLines is how many lines of the ledger one transaction counts or confirms at a time, handoverLeaves how much of the log it looks at.
	handoverLines  = 5000
	handoverLeaves = 20_000
)

// handoverKnown is when a withdrawal came to be known, and the day on which it counts. For a receiver that was added later it is when that was: nobody could tell it before.
func handoverKnown(r *storage.ConsentReceiver, line *storage.StreamedConsent) (known time.Time, day privacy.Date) {
	known = line.Recorded
	if known.Before(r.CreatedAt) {
		known = r.CreatedAt
	}
	return known, privacy.DateIn(known, r.Zone)
}

// toldAt is when somebody said that they want no more, and when it came to be known. Of lists and of what a receiver is told later the first is not what its time runs from: what they
// say took effect where they come from.
func toldAt(r *storage.ConsentReceiver, line *storage.StreamedConsent) consent.Told {
	known, _ := handoverKnown(r, line)
	if line.How == howImport || line.At.After(known) || line.Recorded.Before(r.CreatedAt) {
		return consent.Told{Sent: known, Received: known}
	}
	return consent.Told{Sent: line.At, Received: known}
}

// alike are withdrawals of a day for which the same laws have the time run: the earliest of them decides.
type alike struct {
	day     privacy.Date
	country string
	channel privacy.MessageChannel
}

type together struct {
	told  consent.Told
	count int
}

// CountHandovers has a receiver's next withdrawals stand in the handovers of their days, and says whether there may be more. It costs what is new.
func (d *Desk) CountHandovers(ctx context.Context, tenant, receiver uuid.UUID) (more bool, err error) {
	err = d.db.Change(ctx, tenant, System("handover"), func(ctx context.Context, tx *storage.Tx) error {
		r, err := tx.LockConsentReceiver(ctx, receiver)
		if err != nil || r.RetiredAt != nil {
			more = false
			return err
		}
		size, err := tx.LogSize(ctx)
		if err != nil {
			return err
		}
		end := storage.StreamPlace{Leaf: min(size, r.Counted.Leaf+handoverLeaves)}
		more = end.Leaf < size
		if !r.Counted.Before(end) {
			return nil
		}
		lines, err := tx.ConsentChanges(ctx, &r, r.Counted, end, handoverLines)
		if err != nil {
			return err
		}
		if len(lines) == handoverLines {
			end, more = lines[len(lines)-1].Behind(), true
		}
		if err := d.count(ctx, tx, &r, lines); err != nil {
			return err
		}
		moveCounted(&r, lines, end)
		return tx.MoveConsentReceiver(ctx, &r)
	})
	return more, err
}

// moveCounted moves on past lines that were counted. Where nothing waits to be confirmed, what has been looked at since need not be either.
func moveCounted(r *storage.ConsentReceiver, lines []storage.StreamedConsent, end storage.StreamPlace) {
	switch {
	case len(lines) == 0 && !r.Waiting():
		r.Confirmed = end
	case len(lines) > 0 && !r.Waiting():
		r.Confirmed = lines[0].Place
	}
	if len(lines) > 0 {
		r.Last = lines[len(lines)-1].Behind()
	}
	r.Counted = end
}

// count adds withdrawals to the handovers of their days.
func (d *Desk) count(ctx context.Context, tx *storage.Tx, r *storage.ConsentReceiver, lines []storage.StreamedConsent) error {
	groups, days := map[alike]together{}, map[privacy.Date][]alike{}
	for i := range lines {
		if !lines[i].Kind.Stops() {
			continue
		}
		_, day := handoverKnown(r, &lines[i])
		key, told := alike{day, lines[i].Country, lines[i].Channel}, toldAt(r, &lines[i])
		g, there := groups[key]
		if !there {
			g.told, days[day] = told, append(days[day], key)
		}
		if told.Sent.Before(g.told.Sent) {
			g.told.Sent = told.Sent
		}
		if told.Received.Before(g.told.Received) {
			g.told.Received = told.Received
		}
		g.count++
		groups[key] = g
	}
	tenant := tx.Tenant()
	for _, day := range slices.SortedFunc(maps.Keys(days), privacy.Date.Compare) {
		h, err := tx.ConsentHandoverOf(ctx, r.ID, day)
		if err != nil {
			return err
		}
		for _, key := range days[day] {
			g := groups[key]
			clocks, err := d.clocks(&tenant, r, key.country, key.channel, g.told)
			if err != nil {
				return err
			}
			h.Add(g.count, clocks, g.told.Received)
		}
		if err := tx.PutConsentHandover(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

// confirmHandovers takes in that a receiver has taken everything before a place, and says how many withdrawals that were and how many of them came late. What was confirmed before is
// left alone. Of each day the log has how many, and the root of the tree over the hashes of their lines.
func (d *Desk) confirmHandovers(ctx context.Context, tx *storage.Tx, r *storage.ConsentReceiver, to storage.StreamPlace) (taken, late int, err error) {
	for r.Confirmed.Before(to) {
		lines, err := tx.ConsentChanges(ctx, r, r.Confirmed, to, handoverLines)
		if err != nil {
			return 0, 0, err
		}
		days := map[privacy.Date][]*storage.StreamedConsent{}
		for i := range lines {
			if lines[i].Kind.Stops() {
				_, day := handoverKnown(r, &lines[i])
				days[day] = append(days[day], &lines[i])
			}
		}
		for _, day := range slices.SortedFunc(maps.Keys(days), privacy.Date.Compare) {
			n, err := d.confirmDay(ctx, tx, r, day, days[day])
			if err != nil {
				return 0, 0, err
			}
			taken, late = taken+len(days[day]), late+n
		}
		r.Confirmed = to
		if len(lines) == handoverLines {
			r.Confirmed = lines[len(lines)-1].Behind()
		}
	}
	now := tx.Now()
	r.TakenAt, r.Tries, r.NextTry, r.Problem = &now, 0, nil, ""
	return taken, late, tx.MoveConsentReceiver(ctx, r)
}

func (d *Desk) confirmDay(ctx context.Context, tx *storage.Tx, r *storage.ConsentReceiver, day privacy.Date, lines []*storage.StreamedConsent) (late int, err error) {
	h, err := tx.ConsentHandoverOf(ctx, r.ID, day)
	if err != nil {
		return 0, err
	}
	hashes := make([]tlog.Hash, len(lines))
	for i, line := range lines {
		hashes[i] = tlog.Hash(line.Hash)
	}
	if tx.Now().After(h.Due) { // that is the earliest of them
		if late, err = d.lateOf(tx, r, lines); err != nil {
			return 0, err
		}
	}
	h.Confirm(len(lines), late, tx.Now())
	if err := tx.PutConsentHandover(ctx, h); err != nil {
		return 0, err
	}
	root := audit.Root(hashes)
	return late, tx.HandoverConfirmed(ctx, h, len(lines), late, root[:])
}

// lateOf counts withdrawals whose own time is over.
func (d *Desk) lateOf(tx *storage.Tx, r *storage.ConsentReceiver, lines []*storage.StreamedConsent) (late int, err error) {
	tenant := tx.Tenant()
	for _, line := range lines {
		clocks, err := d.clocks(&tenant, r, line.Country, line.Channel, toldAt(r, line))
		if err != nil {
			return 0, err
		}
		if len(clocks) > 0 && tx.Now().After(clocks[0].Due) {
			late++
		}
	}
	return late, nil
}

// clocks are the times that run for a withdrawal of somebody in a country, the shortest first.
func (d *Desk) clocks(tenant *storage.Tenant, r *storage.ConsentReceiver, country string, by privacy.MessageChannel, told consent.Told) ([]consent.Clock, error) {
	return consent.Clocks(d.laws.unsubscribing(tenant, country, by), told, r.Zone, d.laws.zone)
}

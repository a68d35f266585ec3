package casework

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// After a campaign the mailbox providers send many wishes to unsubscribe at once. Those of a tenant that come while others are being written are written together,
// in one transaction with one event in the log: what one costs is mostly its commit and that event. Nobody waits for company; who comes alone is written alone.
const (
	pressesTogether = 200              // the most that one transaction writes
	pressWriters    = 3                // of a tenant at a time: one commits while the next is made
	pressCompany    = 16               // how many must wait for another writer to be worth its transaction
	pressPatience   = 30 * time.Second // after which each is tried alone
)

// press is one wish that waits until it is written.
type press struct {
	link OwnLink
	// over says that it has ended, now or before. It may be read once done is closed.
	over bool
	done chan struct{}
}

// presses are the wishes that wait, by tenant.
type presses struct {
	mu      sync.Mutex
	waiting map[uuid.UUID][]*press
	writers map[uuid.UUID]int
}

func newPresses() *presses {
	return &presses{waiting: map[uuid.UUID][]*press{}, writers: map[uuid.UUID]int{}}
}

// add puts a wish in line; alone says that it needs another writer.
func (p *presses) add(one *press) (alone bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	of := one.link.Tenant
	p.waiting[of] = append(p.waiting[of], one)
	if n := p.writers[of]; n > 0 && (n == pressWriters || len(p.waiting[of]) < pressCompany) {
		return false
	}
	p.writers[of]++
	return true
}

// take gives a writer of a tenant what to write next; none when it is not needed any more.
func (p *presses) take(of uuid.UUID) []*press {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := p.waiting[of]
	if len(line) > 0 && (len(line) >= pressCompany || p.writers[of] == 1) {
		n := min(len(line), pressesTogether)
		p.waiting[of] = line[n:]
		return line[:n:n]
	}
	if p.writers[of]--; p.writers[of] == 0 {
		delete(p.writers, of)
		delete(p.waiting, of)
	}
	return nil
}

// EndAtOnce is End for the one click of a mailbox provider, which nobody reads an answer to.
func (d *Desk) EndAtOnce(ctx context.Context, l OwnLink) error {
	one := &press{link: l, done: make(chan struct{})}
	if d.presses.add(one) {
		go d.writePresses(context.WithoutCancel(ctx), l.Tenant)
	}
	select {
	case <-one.done:
	case <-ctx.Done():
		return fmt.Errorf("wait for it to be written: %w", ctx.Err()) // it is written all the same
	}
	if one.over {
		return nil
	}
	_, err := d.End(ctx, l, ThisPurpose, howOneClick, storage.ConsentEvidence{})
	return err
}

// howOneClick is how a wish of a mailbox provider comes in.
const howOneClick = "one_click"

func (d *Desk) writePresses(ctx context.Context, tenant uuid.UUID) {
	for batch := d.presses.take(tenant); batch != nil; batch = d.presses.take(tenant) {
		d.endTogether(ctx, tenant, batch)
		for _, one := range batch {
			close(one.done)
		}
	}
}

// endTogether ends what wishes are for. Those that are not over then are left for each to be tried alone, and to hear why it can't be.
func (d *Desk) endTogether(ctx context.Context, tenant uuid.UUID, batch []*press) {
	ctx, cancel := context.WithTimeout(ctx, pressPatience)
	defer cancel()
	people := make([]uuid.UUID, len(batch))
	actor := audit.Actor{Kind: audit.Subject, ID: batch[0].link.Person.String()}
	for i, one := range batch {
		if people[i] = one.link.Person; people[i] != people[0] {
			actor = System("one-click") // the lines of the ledger have whose each is
		}
	}
	var over []bool
	err := d.db.Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		selves, err := tx.HoldConsentSelves(ctx, people)
		if err != nil {
			return err
		}
		over = make([]bool, len(batch))
		var own []storage.OwnEntry
		ended := map[uuid.UUID][]Choice{}
		for i, one := range batch {
			self := selves[one.link.Person]
			if over[i] = self != nil && !self.Forgotten; !over[i] {
				continue
			}
			this := Choice{one.link.Purpose, one.link.Channel}
			if slices.Contains(ended[self.Person], this) {
				continue // they have pressed twice
			}
			ended[self.Person] = append(ended[self.Person], this)
			entries, _, err := endings(self, one.link, ThisPurpose)
			if err != nil {
				return err
			}
			for _, e := range entries {
				complete(tx, one.link, &e, howOneClick, storage.ConsentEvidence{})
				own = append(own, storage.OwnEntry{Self: self, ConsentEntry: e})
			}
		}
		_, err = tx.RecordConsentsOf(ctx, own, d.look(tx))
		return err
	})
	for i, one := range batch {
		one.over = err == nil && over[i]
	}
}

package casework

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

const (
	// maxFetches is how often a package is fetched whole by one link: once is what it is for, the rest is for what is lost on the other side. The letter, the
	// pages and the console say five.
	maxFetches = 5
	// maxFetchTries is how many fetches by one link begin, those included that break off.
	maxFetchTries = 20
)

// ErrFetching says that as many fetches by a link are under way as it has left: one that breaks off makes room again.
var ErrFetching = errors.New("the package is being fetched by this link already; try again once that has ended")

// Fetchable is what a link leads to that works.
type Fetchable struct {
	// Reference is the request's, Package the id of what is fetched.
	Reference string
	Package   uuid.UUID
	// Expires is until when the link works, and Left how many times more at the most.
	Expires time.Time
	Left    int
	// Open gives the package in clear, from its beginning. It may be asked more than once.
	Open func(context.Context) (io.ReadCloser, error)

	desk *Desk
	ref  contract.Ref
	link uuid.UUID
	hash []byte
}

// FetchableBy finds what the link of a token leads to, and counts nothing. ErrLinkDead where it leads to nothing, or to nothing any more.
func (d *Desk) FetchableBy(ctx context.Context, tenant uuid.UUID, token string) (at Fetchable, err error) {
	at = Fetchable{desk: d, hash: TokenHash(token)}
	err = d.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		link, caseID, err := tx.TransmissionLinkByToken(ctx, at.hash)
		if err != nil {
			return err
		}
		row, err := tx.Case(ctx, caseID)
		if err != nil {
			return err
		}
		f, err := d.fileOf(ctx, tx, row)
		if err != nil {
			return err
		}
		at.ref, at.link, at.Reference = contract.Ref{Tenant: tenant, Case: caseID}, link, row.Reference
		return at.read(ctx, f)
	})
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, seal.ErrNoKey) {
		err = ErrLinkDead
	}
	return at, err
}

// read looks at the link as it stands, and opens its package.
func (a *Fetchable) read(ctx context.Context, f *file) error {
	link, err := f.transmissionLink(ctx, a.link)
	if err != nil {
		return err
	}
	if link.EndedAt != nil || !f.tx.Now().Before(link.ExpiresAt) {
		return ErrLinkDead
	}
	pkg, key, err := f.openPackage(ctx, link.PackageID)
	if err != nil {
		return err
	}
	a.Package, a.Expires = pkg.ID, link.ExpiresAt
	a.Left = min(maxFetches-countFetches(link, true), maxFetchTries-len(link.Fetches))
	a.Open = func(ctx context.Context) (io.ReadCloser, error) { return f.decrypt(ctx, pkg, key) }
	return nil
}

// countFetches counts those that came to their end whole and, with running, those that may still.
func countFetches(link storage.TransmissionLink, running bool) (count int) {
	for _, one := range link.Fetches {
		if one.Whole || running && one.EndedAt == nil {
			count++
		}
	}
	return count
}

// receiverActor is whoever has a link, as the log knows them.
func receiverActor(link uuid.UUID) audit.Actor {
	return audit.Actor{Kind: audit.Addressee, ID: link.String()}
}

// Fetching is a fetch that has begun. Whatever becomes of it is to be said with Finish.
type Fetching struct {
	Fetchable
	id uuid.UUID
}

// Begin has a fetch by the link begin: it takes one of those that are left. ErrFetching where others that are under way have taken the last of them.
func (a Fetchable) Begin(ctx context.Context) (*Fetching, error) {
	out := &Fetching{Fetchable: a}
	err := a.desk.change(ctx, a.ref, receiverActor(a.link), func(ctx context.Context, f *file) (err error) {
		if err := out.read(ctx, f); err != nil {
			return err
		}
		if out.Left <= 0 {
			return ErrFetching
		}
		out.id, err = f.tx.BeginFetch(ctx, a.link)
		return err
	})
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, seal.ErrNoKey) {
		err = ErrLinkDead
	}
	return out, err
}

// GoesOn says whether the link of a fetch that is under way still works; ErrLinkDead once it was taken back, or is past its time.
func (g *Fetching) GoesOn(ctx context.Context) error {
	err := g.desk.db.Read(ctx, g.ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		if !tx.Now().Before(g.Expires) {
			return ErrLinkDead
		}
		_, _, err := tx.TransmissionLinkByToken(ctx, g.hash)
		return err
	})
	if errors.Is(err, storage.ErrNotFound) {
		return ErrLinkDead
	}
	return err
}

// Finish records how a fetch ended, also when the call it belongs to is over: sha256 is that of the archive where all of it went out, nil where it broke off.
func (g *Fetching) Finish(ctx context.Context, bytes int64, sha256 []byte) error {
	return g.desk.endFetch(context.WithoutCancel(ctx), g.ref, receiverActor(g.link), g.link, g.id, bytes, sha256)
}

func (d *Desk) endFetch(ctx context.Context, ref contract.Ref, by audit.Actor, link, fetch uuid.UUID, bytes int64, sha256 []byte) error {
	return d.db.Change(ctx, ref.Tenant, by, func(ctx context.Context, tx *storage.Tx) error {
		f, err := d.kept(ctx, tx, ref.Case)
		if err != nil {
			return err
		}
		if err := tx.EndFetch(ctx, ref.Case, link, fetch, bytes, sha256); err != nil {
			return err
		}
		if f.row.ForgottenAt != nil { // while it was under way
			return nil
		}
		return f.fetched(ctx, link, fetch, sha256 != nil)
	})
}

// fetched goes on behind a fetch: the person hears of the first that was whole, and the last that is left ends the link.
func (f *file) fetched(ctx context.Context, id, fetch uuid.UUID, whole bool) error {
	link, err := f.transmissionLink(ctx, id)
	if err != nil {
		return err
	}
	count := countFetches(link, false)
	if whole {
		if err := f.tx.RecordStep(ctx, f.row, "transmission_fetch/"+fetch.String(), "transmission_fetched", ""); err != nil {
			return err
		}
		if count == 1 {
			if err := f.tellFetched(ctx, link); err != nil {
				return err
			}
		}
	}
	running := slices.ContainsFunc(link.Fetches, func(one storage.TransmissionFetch) bool { return one.EndedAt == nil })
	if link.EndedAt != nil || count < maxFetches && (running || len(link.Fetches) < maxFetchTries) {
		return nil
	}
	return f.endLink(ctx, id, storage.LinkUsedUp)
}

func (f *file) tellFetched(ctx context.Context, link storage.TransmissionLink) error {
	frame, page, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	letter := &notify.Transmitted{Frame: frame, On: f.tx.Now(), Receiver: link.Receiver, Fetched: true}
	if link.EndedAt == nil {
		letter.Until, letter.Link = link.ExpiresAt, page
	}
	return f.write(ctx, "transmission_link/"+link.ID.String(), letter)
}

// GiveUpFetches ends the fetches of a tenant that a server had begun when it died: they count as broken off.
func (d *Desk) GiveUpFetches(ctx context.Context, tenant uuid.UUID) error {
	var open []storage.OpenFetch
	err := d.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		open, err = tx.OpenFetches(ctx, tx.Now().Add(-downloadLife), linksAtOnce)
		return err
	})
	for _, one := range open {
		ended := d.endFetch(ctx, contract.Ref{Tenant: tenant, Case: one.CaseID}, System("relay"), one.LinkID, one.ID, 0, nil)
		if !errors.Is(ended, storage.ErrNotFound) { // it has ended meanwhile
			err = errors.Join(err, ended)
		}
	}
	return err
}

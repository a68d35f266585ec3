package casework

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

const (
	// transmissionLinkLife is how long another controller has to fetch: a week, and never longer than the package is there.
	transmissionLinkLife = 7 * day

	indexTransmissionLink seal.IndexKind = "transmission_link"
)

// MadeLink is a link by which another controller fetches what a person takes along (Art. 20(2) GDPR), for whoever makes it.
type MadeLink struct {
	ID uuid.UUID
	// Receiver is whom it is for.
	Receiver string
	// URL is the link. Whoever has it needs nothing else.
	URL string
	// Expires is until when it works.
	Expires time.Time
}

// MakeTransmissionLink makes a link by which another controller fetches the newest package of a request for portability, once per key: the same key gives the
// same link as long as it works.
func (d *Desk) MakeTransmissionLink(ctx context.Context, tx *storage.Tx, ref contract.Ref, key, receiver string) (made MadeLink, err error) {
	err = d.within(ctx, tx, ref, func(ctx context.Context, f *file) error {
		taken, err := tx.StepTaken(ctx, f.row.ID, key)
		if err != nil {
			return err
		}
		if !taken {
			if err := f.linkTransmission(ctx, key, receiver); err != nil {
				return err
			}
		}
		made, err = f.madeLink(ctx, key)
		return err
	})
	return made, err
}

// MadeTransmissionLink gives a link that was made with a key, as long as it works.
func (d *Desk) MadeTransmissionLink(ctx context.Context, ref contract.Ref, key string) (made MadeLink, err error) {
	err = d.db.Read(ctx, ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, ref.Case)
		if err != nil {
			return err
		}
		f, err := d.fileOf(ctx, tx, row)
		if err != nil {
			return err
		}
		made, err = f.madeLink(ctx, key)
		return err
	})
	return made, err
}

func (f *file) linkTransmission(ctx context.Context, key, receiver string) error {
	name, err := receiverName(receiver)
	if err != nil {
		return err
	}
	pkg, err := f.linkable(ctx)
	if err != nil {
		return err
	}
	token, err := f.transmissionToken(key)
	if err != nil {
		return err
	}
	expires := f.tx.Now().Add(transmissionLinkLife)
	if pkg.ExpiresAt != nil && pkg.ExpiresAt.Before(expires) {
		expires = *pkg.ExpiresAt
	}
	if _, err := f.tx.AddTransmissionLink(ctx, pkg, f.subject, storage.NewTransmissionLink{Receiver: name, TokenHash: TokenHash(token), Expires: expires}); err != nil {
		return err
	}
	return f.tx.RecordStep(ctx, f.row, key, "transmission_link_made", "")
}

// linkable is the package to which a link can be made now.
func (f *file) linkable(ctx context.Context) (storage.Package, error) {
	pkg, passed, err := f.portable(ctx)
	if err != nil {
		return pkg, err
	}
	return pkg, passed.room(pkg)
}

// transmissionToken is the secret of the link that is made with a key: 256 bits of a keyed hash, so that a form that was sent twice shows one link twice and
// not another that ends the first. Only its hash is kept.
func (f *file) transmissionToken(key string) (string, error) {
	var token []byte
	for _, half := range []string{"1", "2"} { // each has 128 bits
		mark, err := f.tx.Tenant().Keys.BlindIndex(indexTransmissionLink, f.row.ID.String()+"/"+half+"/"+key)
		if err != nil {
			return "", fmt.Errorf("make the token of a link: %w", err)
		}
		token = append(token, mark...)
	}
	return base64.RawURLEncoding.EncodeToString(token), nil
}

func (f *file) madeLink(ctx context.Context, key string) (made MadeLink, err error) {
	token, err := f.transmissionToken(key)
	if err != nil {
		return made, err
	}
	id, _, err := f.tx.TransmissionLinkByToken(ctx, TokenHash(token))
	if errors.Is(err, storage.ErrNotFound) {
		return made, transmissionError("the link was made already, and has ended; make another")
	}
	if err != nil {
		return made, err
	}
	link, err := f.transmissionLink(ctx, id)
	return MadeLink{ID: id, Receiver: link.Receiver, URL: f.links.Public + "/" + f.tx.Tenant().Slug + "/fetch/" + token, Expires: link.ExpiresAt}, err
}

func (f *file) transmissionLink(ctx context.Context, id uuid.UUID) (storage.TransmissionLink, error) {
	all, err := f.tx.TransmissionLinks(ctx, f.row.ID, f.subject)
	if err != nil {
		return storage.TransmissionLink{}, err
	}
	for _, one := range all {
		if one.ID == id {
			return one, nil
		}
	}
	return storage.TransmissionLink{}, fmt.Errorf("link: %w", storage.ErrNotFound)
}

// EndTransmissionLink takes a link back, once per key: nobody fetches by it any more, and a fetch that is under way breaks off.
func (d *Desk) EndTransmissionLink(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, id uuid.UUID) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		link, err := f.transmissionLink(ctx, id)
		if err != nil {
			return err
		}
		if link.EndedAt != nil {
			return transmissionError("the link has ended already")
		}
		if err := f.tx.EndTransmissionLink(ctx, f.row.ID, id, storage.LinkTakenBack); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "transmission_link_ended", storage.LinkTakenBack)
	})
}

// linksAtOnce is how many links, or fetches, one look ends at most.
const linksAtOnce = 100

// EndPastLinks ends the links of a tenant whose time is over.
func (d *Desk) EndPastLinks(ctx context.Context, tenant uuid.UUID) error {
	var past []storage.PastLink
	err := d.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		past, err = tx.TransmissionLinksPast(ctx, linksAtOnce)
		return err
	})
	for _, link := range past {
		ended := d.db.Change(ctx, tenant, System("relay"), func(ctx context.Context, tx *storage.Tx) error {
			f, err := d.kept(ctx, tx, link.CaseID)
			if err != nil {
				return err
			}
			return f.endLink(ctx, link.ID, storage.LinkExpired)
		})
		if !errors.Is(ended, storage.ErrNotFound) { // another relay was first
			err = errors.Join(err, ended)
		}
	}
	return err
}

// endLink ends a link that nobody took back.
func (f *file) endLink(ctx context.Context, id uuid.UUID, reason string) error {
	if err := f.tx.EndTransmissionLink(ctx, f.row.ID, id, reason); err != nil {
		return err
	}
	return f.tx.RecordStep(ctx, f.row, "transmission_link/"+id.String(), "transmission_link_ended", reason)
}

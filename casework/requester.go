package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// methodVouched is an identity for which a requester answers.
const methodVouched = "vouched"

// ErrLaw says that a law that a requester names is none that the tenant takes requests under, or gives no such right.
var ErrLaw = errors.New("the law that is named gives no such right here")

// RequesterActor is a requester as the log knows it.
func RequesterActor(r storage.Requester) audit.Actor {
	return audit.Actor{Kind: audit.Requester, ID: r.ID.String(), Role: r.Protocol}
}

// Filed is the answer to a request that a requester filed.
type Filed struct {
	storage.FiledRequest
	// Case is as it was opened; Fresh says that it was opened by this very call and not before.
	Case  storage.Case
	Due   time.Time
	Fresh bool
}

// FileFor opens a case for a requester, once for what makes the filing one of its kind, however often and at once it is sent. What the
// requester vouches for counts as far as the tenant lets it, and vouched says what it did vouch for this time. The same name with other words is
// storage.ErrFiledDifferently.
func (d *Desk) FileFor(ctx context.Context, tx *storage.Tx, r storage.Requester, n NewRequest, f storage.NewFiledRequest) (Filed, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Filed{}, fmt.Errorf("make the case's id: %w", err)
	}
	f.Requester, f.Case = r.ID, id
	row, first, err := tx.ClaimFiledRequest(ctx, f)
	if err != nil {
		return Filed{}, err
	}
	if first {
		n.ID, n.Channel = id, r.Protocol
		if _, err := d.Open(ctx, tx, n); err != nil {
			return Filed{}, err
		}
	}
	out := Filed{FiledRequest: row, Fresh: first}
	if out.Case, out.Due, err = standing(ctx, tx, row.CaseID); err != nil || !first {
		return out, err
	}
	subject, err := tx.Subject(ctx, out.Case.SubjectID)
	if err != nil {
		return out, err
	}
	if err := tx.KeepFiledWords(ctx, row, subject, f.Said); err != nil {
		return out, err
	}
	out.FiledRequest, err = tx.FiledRequest(ctx, row.ID)
	return out, err
}

// Vouch gives a request the identity that a requester answers for; offered is what it says of itself that it has made sure of.
func Vouch(r storage.Requester, n *NewRequest, offered ...string) {
	has := func(what string) bool {
		for _, o := range offered {
			if o == what {
				return true
			}
		}
		return false
	}
	said := storage.Person{}
	if has(storage.VouchPhone) {
		said.Phone = n.Person.Phone
	}
	if has(storage.VouchCustomer) {
		said.CustomerID = n.Person.CustomerID
	}
	if proven, also := storage.VouchedFor(r, said); proven && has(storage.VouchEmail) {
		n.IdentityMethod, n.AlsoProven = methodVouched, also
	}
}

// standing reads a case and when its answer is owed.
func standing(ctx context.Context, tx *storage.Tx, id uuid.UUID) (storage.Case, time.Time, error) {
	row, err := tx.Case(ctx, id)
	if err != nil {
		return storage.Case{}, time.Time{}, err
	}
	obligations, err := tx.Obligations(ctx, id)
	if err != nil {
		return storage.Case{}, time.Time{}, err
	}
	var due time.Time
	for _, o := range obligations {
		if kind := privacy.ObligationKind(o.Kind); (kind == privacy.Respond || kind == privacy.Inform) && (due.IsZero() || o.Due.Before(due)) {
			due = o.Due
		}
	}
	return row, due, nil
}

// LawFor finds the tenant's law that a requester means by a family such as gdpr or ccpa; with none it is the tenant's own. It must give the right.
func (d *Desk) LawFor(t storage.Tenant, family string, right privacy.Right, now time.Time) (string, error) {
	laws := append([]string{t.Regime}, t.Settings.Regimes...)
	for _, id := range laws {
		if family != "" && id != family && !strings.HasSuffix(id, "-"+family) {
			continue
		}
		regime, err := d.rules.Regime(id, now)
		if err != nil {
			return "", fmt.Errorf("the tenant's law: %w", err)
		}
		if _, gives := regime.Rights[right]; gives {
			return id, nil
		}
	}
	return "", ErrLaw
}

// Answer is what a requester may fetch.
type Answer struct {
	// There says that it can be fetched now, Gone that its time is over.
	There, Gone bool
	Expires     time.Time
	// Rows is how many rows of data it has.
	Rows int64

	pkg storage.Package
}

// AnswerTo tells what a requester may fetch of a case: nothing unless the tenant lets it, and nothing before the case is closed with it.
func AnswerTo(ctx context.Context, tx *storage.Tx, r storage.Requester, c storage.Case) (Answer, error) {
	right := privacy.Right(c.RequestRight)
	fulfilled := c.Outcome != nil && *c.Outcome == string(privacy.OutcomeFulfilled)
	if !r.Results || r.EndedAt != nil || !fulfilled || right != privacy.Access && right != privacy.Portability {
		return Answer{}, nil
	}
	packages, err := tx.Packages(ctx, c.ID)
	if err != nil || len(packages) == 0 {
		return Answer{}, err
	}
	last := packages[len(packages)-1]
	if last.ExpiresAt == nil {
		return Answer{}, nil
	}
	a := Answer{pkg: last, Expires: *last.ExpiresAt, There: last.State == storage.PackageReady && tx.Now().Before(*last.ExpiresAt)}
	a.Gone = !a.There
	if last.Rows != nil {
		a.Rows = *last.Rows
	}
	return a, nil
}

// Handover is an answer on its way to a requester.
type Handover struct {
	Reference string
	// Body gives the package in clear; the caller closes it.
	Body io.ReadCloser

	desk  *Desk
	ref   contract.Ref
	actor audit.Actor
	pkg   storage.Package
}

// HandOver opens the answer of a case for the requester that filed it. That it goes out is on record before the first byte is; say with Finish
// what became of it. ErrNoPackage says that there is nothing, or nothing any more.
func (d *Desk) HandOver(ctx context.Context, r storage.Requester, ref contract.Ref) (*Handover, error) {
	h := &Handover{desk: d, ref: ref, actor: RequesterActor(r)}
	var key *seal.StreamKey
	err := d.change(ctx, ref, h.actor, func(ctx context.Context, f *file) error {
		answer, err := AnswerTo(ctx, f.tx, r, f.row)
		if err != nil {
			return err
		}
		if !answer.There {
			return ErrNoPackage
		}
		h.Reference, h.pkg = f.row.Reference, answer.pkg
		if key, err = f.tx.PackageKey(h.pkg); err != nil {
			return err
		}
		return f.tx.Audit(ctx, h.event(audit.Intent, 0))
	})
	if err != nil {
		return nil, err
	}
	if h.Body, err = d.decrypt(ctx, h.pkg, key); err != nil {
		return nil, errors.Join(err, h.Finish(ctx, 0, false))
	}
	return h, nil
}

func (h *Handover) event(outcome audit.Outcome, bytes int64) audit.Event {
	return audit.Event{
		Action: audit.PackageDownload, CaseID: h.ref.Case.String(), Object: audit.Object{Kind: "package", ID: h.pkg.ID.String()}, Outcome: outcome,
		Facts: map[audit.FactKey]string{audit.FactRequester: h.actor.ID, audit.FactBytes: fmt.Sprint(bytes)},
	}
}

// Finish records how it ended, also when the call it belongs to is over.
func (h *Handover) Finish(ctx context.Context, bytes int64, complete bool) error {
	outcome := audit.Done
	if !complete {
		outcome = audit.Failed
	}
	return h.desk.db.Change(context.WithoutCancel(ctx), h.ref.Tenant, h.actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.Audit(ctx, h.event(outcome, bytes))
	})
}

// Where requesters find what is theirs. The addresses stand in callbacks, so the worker knows them too.

// OpenDSRBase is the address that a controller of the tenant configures.
func (d *Desk) OpenDSRBase(slug string) string { return d.links.Public + "/opendsr/" + slug }

// DRPBase is the address that agents know the tenant by.
func (d *Desk) DRPBase(slug string) string { return d.links.Public + "/drp/" + slug }

// Domain is the host of this installation, which certificates are made out to.
func (d *Desk) Domain() string {
	u, err := url.Parse(d.links.Public)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

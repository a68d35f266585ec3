package casework

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

const (
	// MaxReceiver is how many characters the name of a receiver has at most.
	MaxReceiver = 200
	// MaxAddress is how many characters the address of an upload has at most.
	MaxAddress = 4_000
	// maxTransmissions bound what a person can have one package sent: nobody needs more, and each is a call to an address that a stranger named.
	maxTransmissions = 10

	codeTransmission privacy.RuleCode = "transmission"
)

// Why a transmission came to nothing.
const (
	ReasonPackageGone = "package_gone" // its time was over before the receiver took it
	ReasonNotFeasible = "not_feasible" // Art. 20(2) GDPR: where technically feasible
	ReasonUnconfirmed = "unconfirmed"  // it went out, and nobody knows whether it was taken
)

// NewTransmission is a package that is to be sent to another controller.
type NewTransmission struct {
	storage.Receiver
	// Local lets the address be in the own network, over plain http too: the operator's choice, never a tenant's or a person's.
	Local bool
}

// Transmit has the newest package of a request for portability sent to another controller (Art. 20(2) GDPR), once per key. It is sent by a workflow: the
// caller starts it, or a relay does.
func (d *Desk) Transmit(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, n NewTransmission) (id uuid.UUID, err error) {
	err = d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		if n.Receiver, err = n.complete(); err != nil {
			return err
		}
		pkg, err := f.transmittable(ctx)
		if err != nil {
			return err
		}
		if id, err = f.tx.AddTransmission(ctx, pkg, f.subject, n.Receiver); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "transmission_asked", "")
	})
	return id, err
}

// complete says what is wrong with where a package is to go. Whether the address is public shows when it is called.
func (n NewTransmission) complete() (to storage.Receiver, err error) {
	to = storage.Receiver{Name: strings.TrimSpace(n.Name), Address: strings.TrimSpace(n.Address)}
	if count := utf8.RuneCountInString(to.Name); count == 0 || count > MaxReceiver || strings.ContainsAny(to.Name, "\r\n") {
		return to, transmissionError(fmt.Sprintf("name the receiver in one line of between 1 and %d characters", MaxReceiver))
	}
	at, err := url.Parse(to.Address)
	if err != nil || at.Host == "" || at.User != nil || at.Fragment != "" || len(to.Address) > MaxAddress || at.Scheme != "https" && (at.Scheme != "http" || !n.Local) {
		return to, transmissionError(fmt.Sprintf("give the address that takes the upload, as the receiver gave it: it begins with https:// and has at most %d characters", MaxAddress))
	}
	return to, nil
}

func transmissionError(what string) error {
	return &privacy.RuleError{Code: codeTransmission, Message: what, Citation: privacy.Citation{Text: "Art. 20(2) GDPR", Mark: privacy.Verified}}
}

// transmittable is the package that can be sent now.
func (f *file) transmittable(ctx context.Context) (pkg storage.Package, err error) {
	if f.row.RequestRight != string(privacy.Portability) {
		return pkg, transmissionError("only what a request for portability came to is sent to another controller")
	}
	if pkg, err = f.readyPackage(ctx); errors.Is(err, ErrNoPackage) {
		return pkg, transmissionError(ErrNoPackage.Error())
	} else if err != nil {
		return pkg, err
	}
	if handed, err := f.promised(ctx, pkg); err != nil || !handed {
		return pkg, orRule(err, "the package is not handed over yet; wait until the request is closed")
	}
	all, err := f.tx.Transmissions(ctx, f.row.ID, f.subject)
	if err != nil {
		return pkg, err
	}
	sent := 0
	for _, one := range all {
		if one.State == storage.TransmissionOpen {
			return pkg, transmissionError("it is being sent to somebody already; that ends first")
		}
		if one.PackageID == pkg.ID {
			sent++
		}
	}
	if sent >= maxTransmissions {
		return pkg, transmissionError(fmt.Sprintf("a package is sent %d times at most; the person can still fetch it", maxTransmissions))
	}
	return pkg, nil
}

func orRule(err error, what string) error {
	if err != nil {
		return err
	}
	return transmissionError(what)
}

// Transmittable says whether the package of a case can be sent to another controller now, and gives what was sent, newest first.
func (d *Desk) Transmittable(ctx context.Context, tx *storage.Tx, row storage.Case) (may bool, all []storage.Transmission, err error) {
	if row.RequestRight != string(privacy.Portability) || row.ForgottenAt != nil {
		return false, nil, nil
	}
	f, err := d.fileOf(ctx, tx, row)
	if err != nil {
		return false, nil, err
	}
	if all, err = tx.Transmissions(ctx, row.ID, f.subject); err != nil {
		return false, nil, err
	}
	_, err = f.transmittable(ctx)
	if _, refused := RefusalOf(err); refused {
		return false, all, nil
	}
	return err == nil, all, err
}

func (f *file) transmission(ctx context.Context, id uuid.UUID) (storage.Transmission, error) {
	all, err := f.tx.Transmissions(ctx, f.row.ID, f.subject)
	if err != nil {
		return storage.Transmission{}, err
	}
	for _, one := range all {
		if one.ID == id {
			return one, nil
		}
	}
	return storage.Transmission{}, fmt.Errorf("transmission: %w", storage.ErrNotFound)
}

// endTransmission says what became of one, and tells the person.
func (f *file) endTransmission(ctx context.Context, key string, one storage.Transmission, state string, sent storage.Sent, explanation string) error {
	unconfirmed := state != storage.TransmissionSent && one.Unconfirmed()
	if unconfirmed && state == storage.TransmissionFailed {
		sent.Reason = ReasonUnconfirmed
	}
	if err := f.tx.EndTransmission(ctx, one, f.subject, state, sent); err != nil {
		return err
	}
	if err := f.tx.RecordStep(ctx, f.row, key, "transmission_"+state, sent.Reason); err != nil {
		return err
	}
	frame, link, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	letter := &notify.Transmitted{
		Frame: frame, On: f.tx.Now(), Receiver: one.Name, Sent: state == storage.TransmissionSent, Reason: sent.Reason, Unconfirmed: unconfirmed,
		Explanation: explanation, Remedy: f.remedy(),
	}
	if _, err := f.readyPackage(ctx); err == nil && !letter.Sent {
		letter.Link = link
	}
	return f.write(ctx, "transmission/"+one.ID.String(), letter)
}

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
	// maxTransmissions bound what a person can have one package sent, or linked to: nobody needs more, and each is a call to an address that a stranger
	// named, or a door to the data.
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
	to.Address = strings.TrimSpace(n.Address)
	if to.Name, err = receiverName(n.Name); err != nil {
		return to, err
	}
	at, err := url.Parse(to.Address)
	if err != nil || at.Host == "" || at.User != nil || at.Fragment != "" || len(to.Address) > MaxAddress || at.Scheme != "https" && (at.Scheme != "http" || !n.Local) {
		return to, transmissionError(fmt.Sprintf("give the address that takes the upload, as the receiver gave it: it begins with https:// and has at most %d characters", MaxAddress))
	}
	return to, nil
}

// receiverName is the name of a receiver as it is kept, or what is wrong with it.
func receiverName(given string) (string, error) {
	name := strings.TrimSpace(given)
	if count := utf8.RuneCountInString(name); count == 0 || count > MaxReceiver || strings.ContainsAny(name, "\r\n") {
		return "", transmissionError(fmt.Sprintf("name the receiver in one line of between 1 and %d characters", MaxReceiver))
	}
	return name, nil
}

func transmissionError(what string) error {
	return &privacy.RuleError{Code: codeTransmission, Message: what, Citation: privacy.Citation{Text: "Art. 20(2) GDPR", Mark: privacy.Verified}}
}

// transmittable is the package that can be sent now.
func (f *file) transmittable(ctx context.Context) (storage.Package, error) {
	pkg, passed, err := f.portable(ctx)
	if err != nil {
		return pkg, err
	}
	for _, one := range passed.sent {
		if one.State == storage.TransmissionOpen {
			return pkg, transmissionError("it is being sent to somebody already; that ends first")
		}
	}
	return pkg, passed.room(pkg)
}

// portable is the package that can go to another controller now, with what went there.
func (f *file) portable(ctx context.Context) (pkg storage.Package, passed passedOn, err error) {
	if f.row.RequestRight != string(privacy.Portability) {
		return pkg, passed, transmissionError("only what a request for portability came to is sent to another controller")
	}
	if pkg, err = f.readyPackage(ctx); errors.Is(err, ErrNoPackage) {
		return pkg, passed, transmissionError(ErrNoPackage.Error())
	} else if err != nil {
		return pkg, passed, err
	}
	if handed, err := f.promised(ctx, pkg); err != nil || !handed {
		return pkg, passed, orRule(err, "the package is not handed over yet; wait until the request is closed")
	}
	passed, err = f.passedOn(ctx)
	return pkg, passed, err
}

// passedOn is what went, or can go, to other controllers.
type passedOn struct {
	sent  []storage.Transmission
	links []storage.TransmissionLink
}

func (f *file) passedOn(ctx context.Context) (passed passedOn, err error) {
	if passed.sent, err = f.tx.Transmissions(ctx, f.row.ID, f.subject); err != nil {
		return passed, err
	}
	passed.links, err = f.tx.TransmissionLinks(ctx, f.row.ID, f.subject)
	return passed, err
}

// room says whether a package can go to one more.
func (p passedOn) room(pkg storage.Package) error {
	count := 0
	for _, one := range p.sent {
		if one.PackageID == pkg.ID {
			count++
		}
	}
	for _, link := range p.links {
		if link.PackageID == pkg.ID {
			count++
		}
	}
	if count >= maxTransmissions {
		return transmissionError(fmt.Sprintf("a package is sent, or linked to, %d times at most; the person can still fetch it", maxTransmissions))
	}
	return nil
}

func orRule(err error, what string) error {
	if err != nil {
		return err
	}
	return transmissionError(what)
}

// PassingAlong is how what a person takes along stands with other controllers.
type PassingAlong struct {
	// MaySend and MayLink say whether the package can be sent to one now, and whether a link can be made by which one fetches it.
	MaySend, MayLink bool
	// Sent is what was sent, or tried, and Links are those that were made, newest first.
	Sent  []storage.Transmission
	Links []storage.TransmissionLink
}

// Any says whether there is anything to do, or to show.
func (p PassingAlong) Any() bool {
	return p.MaySend || p.MayLink || len(p.Sent) > 0 || len(p.Links) > 0
}

// Transmittable says how what a person takes along stands with other controllers; of any other request nothing.
func (d *Desk) Transmittable(ctx context.Context, tx *storage.Tx, row storage.Case) (out PassingAlong, err error) {
	if row.RequestRight != string(privacy.Portability) || row.ForgottenAt != nil {
		return out, nil
	}
	f, err := d.fileOf(ctx, tx, row)
	if err != nil {
		return out, err
	}
	passed, err := f.passedOn(ctx)
	if err != nil {
		return out, err
	}
	out.Sent, out.Links = passed.sent, passed.links
	if _, err = f.transmittable(ctx); unexpected(err) {
		return out, err
	}
	out.MaySend = err == nil
	if _, err = f.linkable(ctx); unexpected(err) {
		return out, err
	}
	out.MayLink = err == nil
	return out, nil
}

// unexpected says whether an error is none of a rule's.
func unexpected(err error) bool {
	_, refused := RefusalOf(err)
	return err != nil && !refused
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

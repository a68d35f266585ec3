package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// frame is what every letter about the case carries around its own words.
func (f *file) frame(ctx context.Context) (notify.Frame, error) {
	person, err := f.whom(ctx)
	if err != nil {
		return notify.Frame{}, err
	}
	tenant := f.tx.Tenant()
	return notify.Frame{
		Controller: notify.Controller{
			Name: tenant.Name, DPO: tenant.Profile.DPO, Contact: tenant.Profile.Contact, Address: tenant.Profile.Address,
			Zone: tenant.Zone,
		},
		Name: person.Name, Reference: f.row.Reference, Right: privacy.Right(f.row.RequestRight), Regime: f.row.Regime,
	}, nil
}

// linkedFrame is the frame of a letter that leads to the person's page, and the link.
func (f *file) linkedFrame(ctx context.Context) (frame notify.Frame, link string, err error) {
	if frame, err = f.frame(ctx); err != nil {
		return frame, "", err
	}
	link, err = f.statusLink(ctx)
	return frame, link, err
}

// whom is the person that the case is about.
func (f *file) whom(ctx context.Context) (storage.Person, error) {
	if f.person == nil {
		person, err := f.tx.Person(ctx, f.subject)
		if err != nil {
			return storage.Person{}, err
		}
		f.person = &person
	}
	return *f.person, nil
}

// remedy is where the person can turn.
func (f *file) remedy() notify.Remedy {
	profile := f.tx.Tenant().Profile
	remedy := notify.Remedy{Authority: profile.Authority, AuthorityURL: profile.AuthorityURL}
	if f.regime.Appeal.ToController || f.regime.AppealKind() != privacy.NoAppeal {
		remedy.ComplaintTo = profile.Contact
	}
	return remedy
}

// channelSignal is that of a browser's opt-out signal, for which nobody gets letters but when it is undone.
const channelSignal = "signal"

// write puts a letter to the person into the outbox. key names the step that writes it: the same step writes once.
func (f *file) write(ctx context.Context, key string, letter notify.Letter) error {
	if f.row.Channel == channelSignal && letter.Kind() != notify.KindLimitEnds {
		return nil
	}
	person, err := f.whom(ctx)
	if err != nil {
		return err
	}
	_, err = queueLetter(ctx, f.tx, storage.NewMessage{
		CaseID: f.row.ID, Subject: &f.subject, Key: f.row.ID.String() + "/" + key + "/" + string(letter.Kind()), Secret: secret(letter.Kind()),
	}, notify.Receiver{Name: person.Name, Address: person.Email}, notify.Language(f.row.Language), letter)
	return err
}

// secret letters hold something that opens a door; they are destroyed once sent.
func secret(kind notify.Kind) bool {
	return kind == notify.KindOneTimeCode || kind == notify.KindDownloadCode || kind == notify.KindMessageCode
}

// respond is the obligation to answer.
func (f *file) respond(ctx context.Context) (storage.Obligation, error) {
	owed, err := f.obligations(ctx)
	if err != nil {
		return storage.Obligation{}, err
	}
	for _, kind := range []privacy.ObligationKind{privacy.Respond, privacy.Inform} {
		if o, ok := owed[kind]; ok {
			return o, nil
		}
	}
	return storage.Obligation{}, fmt.Errorf("obligation to answer: %w", storage.ErrNotFound)
}

func (f *file) answerBy(ctx context.Context) (time.Time, error) {
	o, err := f.respond(ctx)
	return o.Due, err
}

// timeDays makes a count of days into a factor for day.
func timeDays(n int) time.Duration { return time.Duration(n) }

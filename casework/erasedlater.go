package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// tellingPause is when to look again at recipients whom the staff have not told yet of what was erased when its time was over.
const tellingPause = 7 * 24 * time.Hour

// ErasedLater puts on record that rows of a deferral were erased in a system, as their time was over, and who must hear of it (Art. 19 GDPR):
// whoever is given any of the categories that were erased.
func (d *Desk) ErasedLater(ctx context.Context, tx *storage.Tx, deferral storage.Deferral, system storage.System, rows int64, categories []string) error {
	if err := tx.ErasedLater(ctx, deferral, system, rows); err != nil {
		return err
	}
	return d.oweLater(ctx, tx, deferral, touched{system: system.Key, categories: categories})
}

// ErasedLaterByHand says that people have erased what they were asked to; storage.ErrNotAsked when they were not. Nobody counted what it was, so all who
// are given data of the system must hear of it.
func (d *Desk) ErasedLaterByHand(ctx context.Context, tx *storage.Tx, deferral storage.Deferral, system string) error {
	if err := tx.ErasedLaterByHand(ctx, deferral, system); err != nil {
		return err
	}
	_, err := tx.SystemByKey(ctx, system)
	if errors.Is(err, storage.ErrNotFound) {
		return nil // it is gone with its declaration, and nobody can say who was given what
	}
	if err != nil {
		return err
	}
	return d.oweLater(ctx, tx, deferral, touched{system: system, all: true})
}

// oweLater has recipients told as of any erasure while the request is on file. When its person is forgotten nothing can be written in its name: the
// data protection officer hears whom to tell, and finds in what is deferred whose data it was.
func (d *Desk) oweLater(ctx context.Context, tx *storage.Tx, deferral storage.Deferral, t touched) error {
	f, err := d.kept(ctx, tx, deferral.CaseID)
	if err != nil {
		return err
	}
	return f.oweRecipients(ctx, owing{purpose: privacy.InquireErase, plan: &deferral.PlanID, turn: "later/" + tx.Now().UTC().Format(time.RFC3339Nano)}, []touched{t})
}

// UntilTold gives the moment at which to look again at a deferral of which nothing is left but recipients whom the staff have to tell; the zero value
// when they have, or when there is a request on file in whose name they are told. The data protection officer is reminded each week.
func (d *Desk) UntilTold(ctx context.Context, tx *storage.Tx, deferral storage.Deferral) (again time.Time, err error) {
	n, err := tx.RecipientsOfDeferred(ctx, deferral.ID)
	if err != nil || n == 0 {
		return again, err
	}
	f, err := d.withoutPerson(ctx, tx, deferral.CaseID)
	if err != nil {
		return again, err
	}
	notices, err := tx.RecipientNotices(ctx, deferral.CaseID)
	if err != nil {
		return again, err
	}
	var names []string
	for _, one := range notices {
		if one.State == string(privacy.RecipientToTell) && !slices.Contains(names, one.Recipient) {
			names = append(names, one.Recipient)
		}
	}
	year, week := tx.Now().UTC().ISOWeek() // the first look is right behind the first letter: once a week is enough
	return tx.Now().Add(tellingPause), f.toTell(ctx, fmt.Sprintf("tell/%s/%d-%d", deferral.PlanID, year, week), names)
}

// toTell asks the data protection officer to tell recipients in the name of a request that is forgotten.
func (f *file) toTell(ctx context.Context, key string, recipients []string) error {
	frame := f.noticeFrame()
	frame.Link = f.links.Public + "/console/deferred?request=" + f.row.ID.String()
	return f.notice(ctx, key, []string{"dpo"}, &notify.RecipientsToTell{Notice: frame, Recipients: recipients, At: f.tx.Now()})
}

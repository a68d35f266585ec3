package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// ConsentSale is the sale of a business with which consents go over.
type ConsentSale struct {
	Buyer, Reference string
	// Day is that on which the business goes over.
	Day privacy.Date
	// Since leaves out lines that were recorded by then: what came after an earlier export. Limits that stand are always in it.
	Since time.Time
}

// transferPage is how many people are in memory at a time.
const transferPage = 500

// TransferConsents writes the ledger of a tenant out for the buyer of its business, line by line, and signs it. Whoever has withdrawn, objected or was suppressed is in it
// as somebody who has withdrawn: there is no way to leave them out. That it begins is on record before anything is told, and how it ended.
func (d *Desk) TransferConsents(ctx context.Context, id uuid.UUID, actor audit.Actor, sale ConsentSale, signer *audit.Signer, tell func(line []byte) error) error {
	t := &transferring{desk: d, id: id, sale: sale, tell: tell, sum: sha256.New(), transfer: uuid.Must(uuid.NewV7())}
	if err := t.record(ctx, actor, audit.Intent, nil); err != nil {
		return err
	}
	end, err := t.all(ctx)
	if err != nil {
		return withFailure(err, t.record(context.WithoutCancel(ctx), actor, audit.Failed, nil))
	}
	if end.Note, err = signer.SignText(id.String(), consentcsv.TransferSigned(t.head, end.Lines, end.SHA256)); err != nil {
		return withFailure(err, t.record(context.WithoutCancel(ctx), actor, audit.Failed, nil))
	}
	if err := t.record(ctx, actor, audit.Done, t.sum.Sum(nil)); err != nil { // before the last line, without which nobody takes the others
		return err
	}
	line, err := consentcsv.MarshalTransfer(end)
	if err != nil {
		return err
	}
	return tell(line)
}

func withFailure(err, failed error) error {
	if failed != nil {
		return fmt.Errorf("%w; nor could it be put on record: %w", err, failed)
	}
	return err
}

// transferMargin is how much earlier than the end of an earlier file a later one begins: a line has the moment at which its transaction began, and may have been seen only
// after the file was written. A line that comes twice changes nothing.
const transferMargin = 2 * time.Minute

// transferring is a ledger on its way out.
type transferring struct {
	desk     *Desk
	id       uuid.UUID
	transfer uuid.UUID
	sale     ConsentSale
	head     consentcsv.TransferHead
	tell     func([]byte) error
	sum      hash.Hash
	lines    int64
	people   int64
}

func (t *transferring) record(ctx context.Context, actor audit.Actor, outcome audit.Outcome, sum []byte) error {
	return t.desk.db.Change(ctx, t.id, actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.Audit(ctx, audit.Event{
			Action: audit.ConsentTransferred, Object: audit.Object{Kind: "consent_transfer", ID: t.transfer.String()}, Outcome: outcome, Evidence: sum,
			Facts: map[audit.FactKey]string{audit.FactCount: strconv.FormatInt(t.lines, 10)},
		})
	})
}

func (t *transferring) all(ctx context.Context) (end consentcsv.TransferEnd, err error) {
	if err := t.begin(ctx); err != nil {
		return end, err
	}
	for behind, more := uuid.Nil, true; more; {
		if behind, more, err = t.page(ctx, behind); err != nil {
			return end, err
		}
	}
	return consentcsv.TransferEnd{Lines: t.lines, People: t.people, SHA256: hex.EncodeToString(t.sum.Sum(nil))}, nil
}

// begin writes who gives what to whom, with the words that people agreed to.
func (t *transferring) begin(ctx context.Context) error {
	err := t.desk.db.Read(ctx, t.id, func(ctx context.Context, tx *storage.Tx) error {
		tenant := tx.Tenant()
		t.head = consentcsv.TransferHead{
			Version: consentcsv.TransferVersion, Seller: tenant.Name, Tenant: tenant.ID.String(), Buyer: t.sale.Buyer, Reference: t.sale.Reference, Day: t.sale.Day, Made: tx.Now().UTC(), Since: t.sale.Since,
		}
		texts, err := tx.ConsentTexts(ctx)
		for _, text := range texts {
			sum := storage.TextHash(text.Title, text.Body)
			t.head.Texts = append(t.head.Texts, consentcsv.TransferText{
				Purpose: purposeKey(tenant, text.Purpose), Language: text.Language, Version: text.Version, Title: text.Title, Body: text.Body, SHA256: hex.EncodeToString(sum[:]),
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	return t.write(t.head)
}

func (t *transferring) write(v any) error {
	line, err := consentcsv.MarshalTransfer(v)
	if err != nil {
		return err
	}
	_, _ = t.sum.Write(line) // a hash takes everything
	return t.tell(line)
}

// page writes the lines of some people; more says that there may be others.
func (t *transferring) page(ctx context.Context, behind uuid.UUID) (last uuid.UUID, more bool, err error) {
	var lines []consentcsv.TransferLine
	people := 0
	err = t.desk.db.Read(ctx, t.id, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.ConsentHistoriesAfter(ctx, behind, transferPage)
		if err != nil || len(all) == 0 {
			return err
		}
		people, last = len(all), all[len(all)-1].Person
		bars, err := standingBars(ctx, tx, all)
		if err != nil {
			return err
		}
		for i := range all {
			lines = append(lines, t.linesOf(tx, &all[i], bars[i])...)
		}
		return nil
	})
	if err != nil {
		return last, false, err
	}
	for _, l := range lines {
		if err := t.write(l); err != nil {
			return last, false, err
		}
	}
	t.lines, t.people = t.lines+int64(len(lines)), t.people+int64(people)
	return last, people == transferPage, nil
}

// standingBars are the limits and suppressions that stand against messages to people, of each in turn.
func standingBars(ctx context.Context, tx *storage.Tx, all []storage.ConsentHistory) ([][]consent.Bar, error) {
	people := make([]storage.Person, len(all))
	for i := range all {
		people[i] = personAt(all[i].Kind, all[i].Address)
	}
	limits, err := tx.LimitsAt(ctx, tx.Now(), people...)
	if err != nil {
		return nil, err
	}
	suppressed, err := tx.SuppressionsAt(ctx, tx.Now(), people...)
	if err != nil {
		return nil, err
	}
	out := make([][]consent.Bar, len(all))
	for i := range all {
		out[i] = consent.Bars(privacy.Commercial, standingOn(limits[i], suppressed[i]))
	}
	return out, nil
}

// linesOf are the lines of one address: its ledger, and an end of everything for each limit that stands.
func (t *transferring) linesOf(tx *storage.Tx, h *storage.ConsentHistory, bars []consent.Bar) (out []consentcsv.TransferLine) {
	tenant := tx.Tenant()
	for _, l := range h.Lines {
		if !t.sale.Since.IsZero() && l.Event.Recorded.Before(t.sale.Since.Add(-transferMargin)) {
			continue
		}
		one := consentcsv.TransferLine{
			Address: h.Address, Country: h.Country, Language: h.Language, Purpose: purposeKey(tenant, l.Purpose), Channel: string(l.Channel), Kind: string(l.Event.Kind), At: l.Event.At.UTC(), Day: l.Event.Day,
			Zone: l.Zone, Recorded: l.Event.Recorded.UTC(), Relation: string(l.Event.Relation), NoSolicitation: l.Event.NoSolicitation, Refusable: l.Event.Refusable, How: l.How, Source: l.Source,
			IP: l.Evidence.IP, UserAgent: l.Evidence.UserAgent, URL: l.Evidence.URL, Note: l.Evidence.Note, Fields: l.Evidence.Fields,
			ID: l.ID.String(), Batch: l.Batch.String(), Hash: hex.EncodeToString(l.Hash),
		}
		if l.Text != nil {
			sum := storage.TextHash(l.Text.Title, l.Text.Body)
			one.Text = hex.EncodeToString(sum[:])
		}
		out = append(out, one)
	}
	for _, bar := range bars {
		at := bar.Since
		if bar.Kind == privacy.LimitRestriction { // which no consent of after it ends
			at = tx.Now()
		}
		for _, by := range channelsOf(h.Kind) {
			out = append(out, consentcsv.TransferLine{
				Address: h.Address, Country: h.Country, Language: h.Language, Purpose: EveryPurpose, Channel: string(by), Kind: string(consent.Withdrawn), At: at.UTC(), Day: privacy.DateIn(at, tenant.Zone),
				Zone: tenant.Zone.String(), Recorded: tx.Now().UTC(), How: howSystem, Source: "limit: " + string(bar.Kind),
			})
		}
	}
	return out
}

// channelsOf are those on which an address of a kind is reached.
func channelsOf(kind string) []privacy.MessageChannel {
	switch kind {
	case storage.AddressPhone:
		return []privacy.MessageChannel{privacy.BySMS, privacy.ByPhone}
	case storage.AddressCustomer:
		return []privacy.MessageChannel{privacy.ByPost, privacy.ByPush}
	default:
		return []privacy.MessageChannel{privacy.ByEmail}
	}
}

// purposeKey is what a purpose is called; * for everything.
func purposeKey(tenant storage.Tenant, number int32) string {
	for _, p := range tenant.Purposes {
		if p.Number == number {
			return p.Key
		}
	}
	return EveryPurpose
}

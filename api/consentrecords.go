package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/consent/record"
	"github.com/privacy-docket/docket/storage"
)

type consentRecordsIn struct {
	Body struct {
		Address string `json:"address" minLength:"1" maxLength:"320"`
		Channel string `json:"channel,omitempty" enum:"email,sms,phone,post,push" doc:"email when absent: it says what kind of address it is."`
		Form    string `json:"form,omitempty" enum:"dpv,kantara" doc:"dpv (when absent): a consent record by ISO/IEC TS 27560 as JSON-LD in the words of the Data Privacy Vocabulary, with the whole history. kantara: a consent receipt 1.1 of what stands."`
	}
}

// consentRecords are documents for others.
type consentRecords struct {
	Records []consentRecord `json:"records" nullable:"false" doc:"One for each purpose and channel."`
}

type consentRecord struct {
	Purpose  string          `json:"purpose"`
	Channel  string          `json:"channel"`
	Document json.RawMessage `json:"document,omitempty" doc:"The document itself."`
	Missing  string          `json:"missing,omitempty" doc:"Why there is none: no consent stands of which a receipt could be, or what it can't be written without is not on record."`
}

func (s *server) consentRecordOperations() {
	register(s, operation{
		id: "export-consents", method: http.MethodPost, path: "/v1/consent/person/records", tag: "consents", errors: []int{http.StatusNotFound},
		summary: "What is on record of an address's consents, as documents that others read; the person is in them by a pseudonym. That they were made is recorded",
	}, s.exportConsents)
}

func (s *server) exportConsents(ctx context.Context, who *caller, in *consentRecordsIn) (*shown[consentRecords], error) {
	out := &shown[consentRecords]{Body: consentRecords{Records: []consentRecord{}}}
	address := storage.ConsentAddress{Kind: casework.AddressKind(casework.ChannelOf(in.Body.Channel)), Value: in.Body.Address}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		all, err := s.Desk.ConsentRecords(ctx, tx, address)
		if err != nil {
			return err
		}
		person := ""
		for i := range all {
			one, err := writtenAs(in.Body.Form, &all[i])
			if err != nil {
				return err
			}
			out.Body.Records, person = append(out.Body.Records, one), all[i].Person
		}
		return tx.Audit(ctx, audit.Event{Action: audit.ConsentViewed, Object: audit.Object{Kind: "consent_person", ID: person}})
	})
}

// writtenAs writes what is on record in a form.
func writtenAs(form string, c *record.Consent) (consentRecord, error) {
	out := consentRecord{Purpose: c.Purpose.ID, Channel: string(c.Channel)}
	var document any
	var err error
	if form == "kantara" {
		document, err = record.NewKantara(c, "")
	} else {
		document, err = record.NewDPV(c)
	}
	var missing *record.MissingError
	var none *record.NoConsentError
	switch {
	case errors.As(err, &missing):
		out.Missing = missing.Error()
		return out, nil
	case errors.As(err, &none):
		out.Missing = none.Error()
		return out, nil
	case err != nil:
		return out, fmt.Errorf("write a record of a consent: %w", err)
	}
	out.Document, err = json.Marshal(document)
	return out, err
}

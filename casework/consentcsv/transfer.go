package consentcsv

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// TransferMapping says how consents that come with a business are taken over.
type TransferMapping struct {
	Verifier string            `json:"verifier_key,omitempty" maxLength:"300" doc:"The seller's key, as they gave it another way (docket audit checkpoint --json has it): the signature is checked with it. It has to be there: whoever alters a file on purpose writes its hash anew."`
	Purposes map[string]string `json:"purposes,omitempty" maxProperties:"200" doc:"What the seller's purposes are called here; those that are not named keep their key."`
	// Express and Implied are the countries whose people's consents go over.
	Express []string `json:"express,omitempty" maxItems:"300" doc:"Countries (ISO 3166-1 alpha-2) of whose people express consent goes over; * for everybody, as where the company itself was bought. None when absent: by most laws consent was given to the seller."`
	Implied []string `json:"implied,omitempty" maxItems:"300" doc:"Countries of whose people everything goes over on which consent is implied; * for everybody. When absent, existing business relationships of people in Canada (CASL s.10(12)) and published addresses there."`
}

// Everybody stands in the place of a country.
const Everybody = "*"

// soldWithBusiness are the relations that a buyer of the business has by CASL s.10(12): business ones. Donations, volunteer work and memberships are not of a business.
func soldWithBusiness() []privacy.ConsentEvent {
	return []privacy.ConsentEvent{
		"purchase", "lease", "barter", "business_opportunity", "accepted_opportunity", "bargain", "contract", "contract_expired", "written_contract", "contract_expiry", "inquiry", "application",
		"enquiry", "subscription", "subscription_ended", "subscription_terminated", "loan", "loan_ended", "loan_terminated", "account", "account_closed", "account_terminated",
	}
}

// canada is where a law says that relations go over.
const canada = "CA"

// goesOver says whether a line is taken over. An end always is, whoever's.
func (m *TransferMapping) goesOver(l *TransferLine) bool {
	in := func(all []string) bool {
		return slices.Contains(all, Everybody) || l.Country != "" && slices.Contains(all, l.Country)
	}
	switch kind := consent.Kind(l.Kind); kind {
	case consent.Withdrawn, consent.Expired:
		return true
	case consent.Requested, consent.Given, consent.Confirmed:
		return in(m.Express)
	case consent.Refreshed, consent.Began, consent.Ended: // the end of a relation opens a window
		return in(m.Implied) || m.Implied == nil && l.Country == canada && slices.Contains(soldWithBusiness(), privacy.ConsentEvent(l.Relation))
	case consent.Published:
		return in(m.Implied) || m.Implied == nil && l.Country == canada
	case consent.Disclosed: // to the seller
		return in(m.Implied)
	}
	return false
}

// Transfer reads consents that come with a business.
type Transfer struct {
	mapping TransferMapping
	from    *bufio.Reader
	sum     hash.Hash
	head    TransferHead
	number  int
	lines   int64
	ended   bool
}

// longestTransferLine bounds what is held in memory of one line; the first has all words of all purposes.
const longestTransferLine = 16 << 20

// OpenTransfer reads the first line of a transfer. Errors are *HeadError for one that can't be taken over at all.
func OpenTransfer(file io.Reader, m TransferMapping) (*Transfer, error) {
	t := &Transfer{mapping: m, from: bufio.NewReaderSize(file, longestLine), sum: sha256.New()}
	text, item, err := t.item()
	if errors.Is(err, io.EOF) {
		return nil, &HeadError{Problem: "the file is empty"}
	}
	if err != nil {
		return nil, err
	}
	if item.Head == nil || item.Head.Version != TransferVersion {
		return nil, &HeadError{Problem: fmt.Sprintf("the first line is none of a transfer of consents, version %d: it was written by docket consent export", TransferVersion)}
	}
	_, _ = t.sum.Write(text) // a hash takes everything
	t.head = *item.Head
	return t, nil
}

func (t *Transfer) item() (text []byte, item transferItem, err error) {
	t.number++
	for {
		part, err := t.from.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case len(text) > longestTransferLine:
			return nil, item, &HeadError{Problem: fmt.Sprintf("line %d is longer than %d MB", t.number, longestTransferLine>>20)}
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(text) == 0:
			return nil, item, io.EOF
		case errors.Is(err, io.EOF):
			return nil, item, &HeadError{Problem: fmt.Sprintf("line %d breaks off", t.number)}
		case err != nil:
			return nil, item, fmt.Errorf("read a transfer: %w", err)
		}
		break
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields() // what is not understood could be an end
	if err := decoder.Decode(&item); err != nil {
		return nil, item, &HeadError{Problem: fmt.Sprintf("line %d is none of a transfer of consents, or of a later version", t.number)}
	}
	return text, item, nil
}

// Next reads the next line; io.EOF behind the last, when all of it was what the seller wrote. Errors are *HeadError where it was not.
func (t *Transfer) Next() (Line, error) {
	text, item, err := t.item()
	switch {
	case errors.Is(err, io.EOF) && t.ended:
		return Line{}, io.EOF
	case errors.Is(err, io.EOF):
		return Line{}, &HeadError{Problem: "the last line is missing, and with it perhaps some who have withdrawn: have the file exported and sent anew"}
	case err != nil:
		return Line{}, err
	case t.ended:
		return Line{}, &HeadError{Problem: "something stands behind the last line"}
	case item.End != nil:
		t.ended = true
		if err := t.whole(item.End); err != nil {
			return Line{}, err
		}
		return t.Next()
	case item.Line == nil:
		return Line{}, &HeadError{Problem: fmt.Sprintf("line %d is no line of a ledger", t.number)}
	}
	t.lines++
	_, _ = t.sum.Write(text)
	return t.line(item.Line), nil
}

// whole wants what was read to be all that the seller wrote.
func (t *Transfer) whole(end *TransferEnd) error {
	sum := hex.EncodeToString(t.sum.Sum(nil))
	if end.Lines != t.lines || end.SHA256 != sum {
		return &HeadError{Problem: "the file is not what its last line says: it was altered, or something of it is missing"}
	}
	signed, err := audit.OpenText(end.Note, t.mapping.Verifier)
	if err != nil || signed != TransferSigned(t.head, end.Lines, sum) {
		return &HeadError{Problem: "the signature is not the seller's, by the key that was given (verifier_key)"}
	}
	return nil
}

// line is what a line of the seller's ledger comes to here.
func (t *Transfer) line(l *TransferLine) Line {
	out := Line{
		Number: t.number, Address: l.Address, Kind: consent.Kind(l.Kind), At: l.At, Relation: privacy.ConsentEvent(l.Relation), Country: l.Country, Language: l.Language,
		Source: "sale: " + t.head.Seller + ", " + t.head.Reference, IP: l.IP, URL: l.URL, Skipped: !t.mapping.goesOver(l),
		Over: &Transferred{Purpose: l.Purpose, Channel: l.Channel, Day: l.Day, Zone: l.Zone, NoSolicitation: l.NoSolicitation, Refusable: l.Refusable, UserAgent: l.UserAgent, Note: l.Note},
	}
	if here, named := t.mapping.Purposes[l.Purpose]; named {
		out.Over.Purpose = here
	}
	out.Evidence = t.evidence(l)
	switch {
	case l.Address == "":
		out.Fault = &Fault{"address", "is empty"}
	case !out.Kind.Valid():
		out.Fault = &Fault{"kind", "is none that there is"}
	case l.At.IsZero() || l.Day.IsZero():
		out.Fault = &Fault{"at", "is missing"}
	case l.Country != "" && !isCountry(l.Country):
		out.Fault = &Fault{"country", "is no country: two capital letters (ISO 3166-1), such as CA"}
	}
	return out
}

// evidence is what shows the line: what the seller had, and where it stands in their ledger.
func (t *Transfer) evidence(l *TransferLine) map[string]string {
	out := map[string]string{}
	for name, value := range l.Fields {
		out[name] = value
	}
	for name, value := range map[string]string{
		"seller": t.head.Seller, "seller_tenant": t.head.Tenant, "sale_day": t.head.Day.String(), "seller_line": l.ID, "seller_batch": l.Batch, "seller_hash": l.Hash, "seller_how": l.How,
		"seller_source": l.Source, "seller_text_sha256": l.Text, "seller_recorded_at": l.Recorded.UTC().Format("2006-01-02T15:04:05Z07:00"),
	} {
		if value != "" {
			out[name] = value
		}
	}
	return out
}

// Package consentcsv reads lists of consents: lines of CSV, and a mapping that says what their columns mean. It knows nothing of the register.
package consentcsv

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/consent"
)

// Mapping says what the columns of a list mean, by their names in its first line. What is the same for every line is said once.
type Mapping struct {
	// Address is the column of the address.
	Address string `json:"address" minLength:"1" maxLength:"200" doc:"The column with the address: e-mail addresses for email, telephone numbers for sms and phone, customers' ids for post and push."`
	Purpose string `json:"purpose" minLength:"1" maxLength:"62" doc:"The key of the purpose that all lines are about; * for withdrawals from everything."`
	Channel string `json:"channel,omitempty" enum:"email,sms,phone,post,push" doc:"email when absent."`
	// Kind is what happened; KindColumn says it line by line, and Kinds what its words mean.
	Kind       string            `json:"kind,omitempty" enum:"given,confirmed,refreshed,began,ended,published,disclosed,withdrawn" doc:"What happened, where it is the same for all lines."`
	KindColumn string            `json:"kind_column,omitempty" maxLength:"200" doc:"The column that says what happened, where lines differ."`
	Kinds      map[string]string `json:"kinds,omitempty" maxProperties:"50" doc:"What the words of that column mean, such as {\"subscribed\": \"given\", \"unsubscribed\": \"withdrawn\"}; the kinds themselves need no translation. \"skip\" leaves such lines out."`
	// At is the column of the moment, AtLayout how it is written, Zone the clock that it was read from.
	At       string `json:"at,omitempty" maxLength:"200" doc:"The column of when it happened. Without it all of it happened at the moment of the import."`
	AtLayout string `json:"at_layout,omitempty" enum:"rfc3339,date,datetime,us_date,eu_date,unix" doc:"How it is written: rfc3339 (2026-05-03T12:00:00Z, when absent), date (2026-05-03), datetime (2026-05-03 12:00:00), us_date (05/03/2026), eu_date (03.05.2026), unix (seconds)."`
	Zone     string `json:"zone,omitempty" maxLength:"60" doc:"The zone of moments that say none (IANA); yours when absent."`

	Country        string `json:"country,omitempty" maxLength:"200" doc:"The column of the country (two capital letters)."`
	DefaultCountry string `json:"default_country,omitempty" pattern:"^[A-Z]{2}$" doc:"The country of lines that name none."`
	Language       string `json:"language,omitempty" maxLength:"200" doc:"The column of the language."`
	Relation       string `json:"relation,omitempty" maxLength:"60" doc:"What refreshed, began or ended is about, where it is the same for all lines."`
	RelationColumn string `json:"relation_column,omitempty" maxLength:"200"`
	Refusable      bool   `json:"refusable,omitempty" doc:"A simple way to refuse was offered when the addresses were taken."`
	Source         string `json:"source,omitempty" maxLength:"200" doc:"Where the list comes from; the name of the import when absent."`
	SourceColumn   string `json:"source_column,omitempty" maxLength:"200" doc:"The column that says where each comes from, such as the name of a form."`
	IP             string `json:"ip,omitempty" maxLength:"200" doc:"The column of the network address; kept only where the tenant has chosen so."`
	URL            string `json:"url,omitempty" maxLength:"200"`
	// Evidence are further columns that are kept, sealed.
	Evidence []string `json:"evidence,omitempty" maxItems:"50" doc:"Further columns that are kept as evidence, sealed."`
	// Text is the version of the words that were shown.
	Text         int32  `json:"text,omitempty" minimum:"0" doc:"The version of the words that all of them were shown."`
	TextLanguage string `json:"text_language,omitempty" maxLength:"35"`
	// Transfer says that the file is one of another's ledger, which came with a business.
	Transfer  *TransferMapping `json:"transfer,omitempty" doc:"The file is what docket consent export wrote where a business was sold; the other fields of the mapping are not looked at then."`
	Delimiter string           `json:"delimiter,omitempty" enum:"comma,semicolon,tab" doc:"What stands between columns; found out when absent."`
}

// skip is the word that leaves a line out.
const skip = "skip"

// Check says what can't be right about a mapping, with the field; "" when nothing is.
func (m Mapping) Check() (field, problem string) {
	switch {
	case m.Transfer != nil && m.Transfer.Verifier == "":
		return "transfer.verifier_key", "is missing: by the file alone nobody can tell who wrote it, or whether somebody who had withdrawn was left out on the way. " +
			"The seller reads the key with docket audit checkpoint --json (verifier_key), and gives it to you another way than the file"
	case m.Transfer != nil && audit.CheckVerifierKey(m.Transfer.Verifier) != nil:
		return "transfer.verifier_key", "is no verifier key: it is <origin>+<hash>+<key>, as docket audit checkpoint --json has it at the seller's"
	case m.Transfer != nil:
		return "", ""
	case (m.Kind == "") == (m.KindColumn == ""):
		return "kind", "say what happened, for all lines (kind) or by a column (kind_column), and not both"
	case len(m.Kinds) > 0 && m.KindColumn == "":
		return "kinds", "translates the words of a column: name it (kind_column)"
	case m.Relation != "" && m.RelationColumn != "":
		return "relation", "say it for all lines or by a column, and not both"
	case m.Text > 0 && m.TextLanguage == "":
		return "text_language", "is missing: a version of the words is one in a language"
	}
	for word, means := range m.Kinds {
		if means != skip && !slices.Contains(told(), consent.Kind(means)) {
			return "kinds", fmt.Sprintf("%q is translated into no kind: one of %v, or skip", word, told())
		}
	}
	if _, err := time.LoadLocation(m.Zone); err != nil {
		return "zone", "is no zone that is known: give an IANA name such as Europe/Berlin"
	}
	return "", ""
}

// told are the kinds of event that somebody can tell of.
func told() []consent.Kind {
	return []consent.Kind{consent.Given, consent.Confirmed, consent.Refreshed, consent.Began, consent.Ended, consent.Published, consent.Disclosed, consent.Withdrawn}
}

// columns are all that a mapping names.
func (m Mapping) columns() []string {
	all := append([]string{m.Address, m.KindColumn, m.At, m.Country, m.Language, m.RelationColumn, m.SourceColumn, m.IP, m.URL}, m.Evidence...)
	return slices.DeleteFunc(all, func(c string) bool { return c == "" })
}

// layouts are how moments are written.
func layouts() map[string]string {
	return map[string]string{"": time.RFC3339, "rfc3339": time.RFC3339, "date": time.DateOnly, "datetime": time.DateTime, "us_date": "01/02/2006", "eu_date": "02.01.2006"}
}

// kind translates a word of the kind column; ok is false where it means nothing.
func (m Mapping) kind(word string) (kind consent.Kind, skipped, ok bool) {
	word = strings.TrimSpace(word)
	if means, known := m.Kinds[word]; known {
		return consent.Kind(means), means == skip, true
	}
	for said, means := range m.Kinds {
		if strings.EqualFold(said, word) {
			return consent.Kind(means), means == skip, true
		}
	}
	kind = consent.Kind(strings.ToLower(word))
	return kind, false, slices.Contains(told(), kind)
}

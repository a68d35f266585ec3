package record

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// MissingError says what a document cannot be written without and is not on record.
type MissingError struct {
	Document string
	Fields   []string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s cannot be written: not on record: %s; add it and ask again", e.Document, strings.Join(e.Fields, ", "))
}

// NoConsentError says that there is no consent of which a receipt could be written.
type NoConsentError struct{ State State }

func (e *NoConsentError) Error() string {
	return fmt.Sprintf("a receipt is of a consent that stands, and this one is %s; ask for its record instead", e.State)
}

// missing collects what is not on record.
type missing []string

func (m *missing) unless(there bool, what string) {
	if !there {
		*m = append(*m, what)
	}
}

// uuidForm is how RFC 9562 writes one.
var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// placeForm is a country, or the European Economic Area.
var placeForm = regexp.MustCompile(`^([A-Z]{2}|EEA)$`)

// checksumForm is a SHA-256 in hexadecimal digits.
var checksumForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// absolute says whether an address leads somewhere by itself.
func absolute(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.IsAbs() && u.Host != ""
}

// identified is what no document goes without: the ids, the moment and the controller.
func (c *Consent) identified() (m missing) {
	m.unless(uuidForm.MatchString(c.ID), "the id of the record (a UUID)")
	m.unless(!c.Issued.IsZero(), "the moment of writing")
	m.unless(c.Person != "", "the person's pseudonym")
	m.unless(c.Controller.Name != "", "the controller's name")
	m.unless(c.Purpose.Title != "", "the purpose's title")
	m.unless(c.Channel.Valid(), "the channel")
	m.unless(len(c.Events) > 0, "any event")
	for _, place := range c.Countries {
		m.unless(placeForm.MatchString(place), "a country by its code (ISO 3166-1, or EEA)")
	}
	for _, address := range []string{c.WithdrawAt, c.RightsAt, c.PolicyURL, c.Controller.URL} {
		m.unless(address == "" || absolute(address), "an address with its scheme and host")
	}
	for i, e := range c.Events {
		m.unless(e.Text == nil || e.Text.SHA256 == "" || checksumForm.MatchString(e.Text.SHA256), fmt.Sprintf("the checksum of the text of event %d (SHA-256)", i+1))
		m.unless(e.Kind.Valid() && !e.At.IsZero(), fmt.Sprintf("the kind and the moment of event %d", i+1))
		m.unless(i == 0 || !e.At.Before(c.Events[i-1].At), fmt.Sprintf("the order of event %d (the oldest first)", i+1))
	}
	return m
}

// utc writes a moment as ISO 8601 has it.
func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

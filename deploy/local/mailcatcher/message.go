package mailcatcher

import (
	"strings"
	"time"
)

// Message is one mail that was caught.
type Message struct {
	ID string `json:"id"` // sorts by arrival
	// Received is when the mail arrived here, UTC.
	Received time.Time `json:"received"`
	// From and To are the envelope's addresses; the headers may say otherwise.
	From string   `json:"from"`
	To   []string `json:"to"`
	// Subject is the decoded header.
	Subject string `json:"subject"`
	// Headers are decoded, in the order of the mail.
	Headers []Header `json:"headers"`
	// Text and HTML are the bodies, decoded to UTF-8; empty when the mail has no such part.
	Text string `json:"text"`
	HTML string `json:"html"`
	// Attachments are listed by name and size; their bytes are in the raw mail.
	Attachments []Attachment `json:"attachments"`
	// Problem says why a mail could not be taken apart; the raw mail is kept all the same.
	Problem string `json:"problem,omitempty"`
}

// Header is one header field of a mail.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Attachment is a part of a mail that is not its body.
type Attachment struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"` // bytes, decoded
}

// Header returns the first header field of that name, or the empty string.
func (m Message) Header(name string) string {
	for _, h := range m.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

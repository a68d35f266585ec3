package preflight

import (
	"fmt"
	"strings"
)

// once are the fields that may stand in a message once (RFC 5322 s.3.6).
func once() []string {
	return []string{"From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-Id", "In-Reply-To", "References", "Content-Type", "Mime-Version"}
}

// checkHeader looks at the fields that every message has, and at those that may come once.
func checkHeader(e *exam) {
	for _, name := range []string{"From", "Date"} {
		if !e.message.header.Has(name) && !(name == "Date" && e.BeforeSigning) {
			e.find(ruleHeaderMissing, told{where: name, reason: "there is no " + name})
		}
	}
	for _, name := range once() {
		if n := len(e.message.header.Values(name)); n > 1 {
			e.find(ruleHeaderRepeated, told{where: name, reason: fmt.Sprintf("%s comes %d times", name, n)})
		}
	}
}

// field is a header field in one line; empty when it is not there.
func (m *message) field(name string) string {
	return strings.Join(strings.Fields(m.header.Get(name)), " ")
}

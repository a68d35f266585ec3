package mailcatcher

import (
	"bytes"
	"strings"
	"time"
)

// envelope is what SMTP says about a mail beside the mail. It is kept as three lines in front of it, so that a message is
// one file and stays readable even when the mail itself is not: the sender, the recipients with tabs between, the time.
type envelope struct {
	from     string
	to       []string
	received time.Time
}

func (e envelope) before(mail []byte) []byte {
	lines := e.from + "\n" + strings.Join(e.to, "\t") + "\n" + e.received.UTC().Format(time.RFC3339Nano) + "\n"
	return append([]byte(lines), mail...)
}

func splitEnvelope(kept []byte) (envelope, []byte) {
	from, rest, _ := bytes.Cut(kept, []byte("\n"))
	to, rest, _ := bytes.Cut(rest, []byte("\n"))
	at, mail, _ := bytes.Cut(rest, []byte("\n"))
	received, _ := time.Parse(time.RFC3339Nano, string(at)) // written by before
	return envelope{from: string(from), to: strings.Split(string(to), "\t"), received: received}, mail
}

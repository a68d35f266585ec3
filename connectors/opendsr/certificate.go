package opendsr

import (
	"time"

	"github.com/privacy-docket/docket/connectors"
	wire "github.com/privacy-docket/docket/protocol/opendsr"
)

// renewal is how long before its end a certificate is to be renewed: time for the processor to have a new one signed, and for us to put it into the document.
const renewal = 30 * 24 * time.Hour

// certified says what is wrong with the certificate in the document by the day that it is: nothing where the document has none. What a processor signs with a key
// whose certificate is over still counts, as the key is the one that was named; who holds it by now is theirs to say.
func (p *Processor) certified() connectors.Findings {
	if p.asked.Certificate == "" {
		return nil
	}
	const renew = "ask the processor for its new certificate and put it into the document, before what it signs with the new key is refused"
	finding := func(what, do string) connectors.Findings {
		return connectors.Findings{{Code: connectors.ErrDocument, Where: "asked.certificate", What: what, Do: do}}
	}
	from, to, err := wire.Period(p.asked.Certificate)
	day := func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	switch now := p.clock.Now(); {
	case err != nil:
		return finding("the processor's certificate can't be read", "put it into the document as PEM of the type CERTIFICATE")
	case now.Before(from):
		return finding("the processor's certificate does not hold before "+day(from), "ask the processor for the one that holds today")
	case now.After(to):
		return finding("the processor's certificate ended on "+day(to), renew)
	case !now.Before(to.Add(-renewal)):
		return finding("the processor's certificate ends on "+day(to)+", in less than 30 days", renew)
	}
	return nil
}

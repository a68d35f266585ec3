package dataset

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/privacy-docket/docket/privacy"
)

// Asked says who is asked about a system that nobody here reads: a processor that speaks OpenDSR, a vendor by e-mail, colleagues. It holds no secret.
type Asked struct {
	// Of is who is asked, as letters and screens call them.
	Of string
	// Rights are those for which they are asked; all of them where the document names none.
	Rights []privacy.Right
	// Identities are what they are told of the person: only what is proven of it.
	Identities []string
	// Within is how long they have.
	Within time.Duration
	// Instructions tell the staff who ask by hand how to.
	Instructions string
	// Email and Language are a vendor's mailbox and what it reads.
	Email    string
	Language string
	// URL is where an OpenDSR processor's requests go: what "/requests" is put behind. Domain is the processor's; Certificate, in PEM, checks
	// what it signs.
	URL         string
	Domain      string
	Certificate string
	Auth        ServiceAuth
}

// The kinds of systems that somebody is asked about.
const (
	AskedOpenDSR = "opendsr"
	AskedEmail   = "email"
	AskedManual  = "manual"
)

// IsAsked reports whether a kind of system is one that somebody is asked about.
func IsAsked(kind string) bool {
	return kind == AskedOpenDSR || kind == AskedEmail || kind == AskedManual
}

// For reports whether they are asked for a right.
func (a *Asked) For(right privacy.Right) bool { return slices.Contains(a.Rights, right) }

// AskedIdentities are the identities that whoever is asked can be told.
func AskedIdentities() []string { return []string{"email", "phone_number", "customer_id"} }

// ParseAsked reads the document of a system of one of these kinds. It is as strict as Parse, and its error is a Problems value too.
func ParseAsked(name, kind string, text []byte) (*Asked, error) {
	r := reader{source: &source{file: name}, taxonomy: NewTaxonomy()}
	root := r.load(text)
	if root == nil {
		return nil, r.problems.err()
	}
	top := r.object(root, "", "asked")
	n := top.get("asked")
	if n == nil {
		if len(r.problems) == 0 {
			r.add(root.Line, "", "there is no asked in the file", "write asked: and of below it, with who is asked")
		}
		return nil, r.problems.err()
	}
	a := r.asked(n, kind)
	if len(r.problems) > 0 {
		return nil, r.problems.err()
	}
	return a, nil
}

// ofKind are the keys that belong to one kind alone.
func ofKind(kind string) []string {
	switch kind {
	case AskedOpenDSR:
		return []string{"url", "domain", "certificate", "auth"}
	case AskedEmail:
		return []string{"email", "language"}
	default:
		return []string{"instructions"}
	}
}

func (r reader) asked(n *yaml.Node, kind string) *Asked {
	o := r.object(n, "asked", append([]string{"of", "rights", "identities", "answer_within_days"}, ofKind(kind)...)...)
	a := &Asked{Of: o.required("of"), Identities: o.toldIdentities(), Within: privacy.InquiryWithin, Rights: r.askedRights(o)}
	if len(a.Of) > 200 || strings.ContainsAny(a.Of, "\r\n") {
		o.problem("of", "of has to be one line of at most 200 bytes", "shorten it")
	}
	if days := o.atMost("answer_within_days", 60); days > 0 {
		a.Within = time.Duration(days) * 24 * time.Hour
	}
	switch kind {
	case AskedOpenDSR:
		r.askedProcessor(o, a)
	case AskedEmail:
		r.askedVendor(o, a)
	default:
		a.Instructions = o.str("instructions")
		if len(a.Instructions) > 4000 {
			o.problem("instructions", "instructions has more than 4000 bytes", "shorten it")
		}
	}
	return a
}

func (reader) askedRights(o object) (out []privacy.Right) {
	for _, right := range o.strs("rights") {
		if !privacy.Right(right).Valid() {
			o.problem("rights", fmt.Sprintf("unknown right %q", right), fmt.Sprintf("use some of %v", privacy.Rights()))
		}
		out = append(out, privacy.Right(right))
	}
	if len(out) == 0 {
		return privacy.Rights()
	}
	return out
}

func (reader) askedVendor(o object, a *Asked) {
	o.required("email")
	a.Email, a.Language = o.mailbox()
}

// mailbox reads where somebody is written to, and in which language.
func (o object) mailbox() (address, language string) {
	address, language = o.str("email"), o.str("language")
	if parsed, err := mail.ParseAddress(address); address != "" && (err != nil || parsed.Address != address) {
		o.problem("email", "email is no address of a mailbox", "write it as privacy@example.com")
	}
	o.oneOf("language", language, "de", "en", "es", "fr")
	if language == "" {
		language = "en"
	}
	return address, language
}

// toldIdentities reads what somebody else is told of a person.
func (o object) toldIdentities() []string {
	identities := o.strs("identities")
	for _, identity := range identities {
		if !slices.Contains(AskedIdentities(), identity) {
			o.problem("identities", fmt.Sprintf("nobody can be told the identity %q", identity), "use one of "+strings.Join(AskedIdentities(), ", "))
		}
	}
	if len(identities) == 0 {
		return []string{"email"}
	}
	return identities
}

func (r reader) askedProcessor(o object, a *Asked) {
	a.URL, a.Domain, a.Certificate = strings.TrimRight(o.required("url"), "/"), o.required("domain"), o.str("certificate")
	if why := badBase(a.URL); a.URL != "" && why != "" {
		o.problem("url", "url "+why, "write the address that /requests stands behind, as https://processor.example/opendsr")
	}
	if slices.Contains(a.Identities, "phone_number") {
		o.problem("identities", "OpenDSR has no identity phone_number", "use email, customer_id or both")
	}
	a.Auth = r.serviceAuth(o)
	if a.Auth.Kind == AuthOAuth2 || a.Auth.Kind == AuthQuery {
		o.problem("auth", "a processor is not signed in to by "+string(a.Auth.Kind), "use bearer, basic, header or none")
	}
}

// Origins are where the secrets of a processor are sent.
func (a *Asked) Origins() []string { return (&Service{URL: a.URL}).Origins() }

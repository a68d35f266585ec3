package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/preflight/lookup"
	"github.com/privacy-docket/docket/privacy"
)

// statusFindings is the exit status when a message must not go out as it is. Bad input ends with 1, like every other mistake.
const statusFindings = 2

// mailAsked is what the flags say.
type mailAsked struct {
	client.MailQuestion
	domains                 []string
	dns                     string
	offline, server, strict bool
}

func (v *verbs) mailCheck() *cobra.Command {
	var asked mailAsked
	cmd := &cobra.Command{Use: "check FILE", Short: "May this message go out? What is wrong, by which law, and what to do", Args: told(cobra.ExactArgs(1))}
	cmd.Long = cmd.Short + `

FILE is the raw message as it goes out (.eml); "-" is standard input. It is checked on this machine, without a server. Only DNS is asked, for the keys
of DKIM signatures and the record of DMARC: by the servers of the machine, by --dns or DOCKET_DNS, or not at all with --offline. With --server a Docket
server checks it (DOCKET_URL, DOCKET_API_KEY), which knows the tenant's verified domains and postal address.

A rule counts only where its law reaches the recipients: name their countries. The exit status is 0 when the message may go out, 2 when a law or a rule
of mailbox providers is broken (with --strict also when there are warnings), and 1 when it could not be checked.`
	addJSONFlag(cmd)
	asked.flags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s := v.session(cmd)
		raw, err := s.message(args[0])
		if err != nil {
			return err
		}
		report, err := s.mailReport(cmd, raw, asked)
		if err != nil {
			return err
		}
		if err := s.showReport(report); err != nil {
			return err
		}
		if report.Errors > 0 || asked.strict && report.Warnings > 0 {
			return &exitError{status: statusFindings}
		}
		return nil
	}
	return cmd
}

func (a *mailAsked) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&a.Class, "class", string(privacy.CommercialMail), "what the message is for: commercial, transactional or asking_consent")
	f.StringSliceVar(&a.Countries, "country", nil, "a country of the recipients, such as CA; repeat it for several (default all)")
	f.StringVar(&a.Consent, "consent", string(preflight.ConsentUnknown), "whether the recipients agreed to commercial messages: express, implied, none or unknown")
	f.StringVar(&a.TrackingConsent, "tracking-consent", string(preflight.TrackingUnknown), "whether the recipients agreed to tracking: yes, no or unknown")
	f.StringVar(&a.Sender, "sender", "", "the name under which the sender does business, to be found in the message")
	f.StringVar(&a.Address, "address", "", "the sender's postal address, to be found in the message")
	f.StringSliceVar(&a.domains, "domain", nil, "a domain of the sender's own, to which From and Reply-To must belong; repeat it for several")
	f.StringSliceVar(&a.AuthServers, "authserv-id", nil, "a mail server whose Authentication-Results are believed; repeat it for several")
	f.BoolVar(&a.BeforeSigning, "before-signing", false, "the message is a draft that is signed later")
	f.BoolVar(&a.offline, "offline", false, "ask no name server: signatures are read and not verified")
	f.StringVar(&a.dns, "dns", "", "the name server to ask, as 127.0.0.1:53")
	f.BoolVar(&a.server, "server", false, "have a Docket server check it, which knows the tenant's domains")
	f.BoolVar(&a.strict, "strict", false, "end with status 2 for warnings, too")
}

// conflict says which flags contradict each other.
func (a *mailAsked) conflict() error {
	switch {
	case a.server && len(a.domains) > 0:
		return errors.New("--server knows the tenant's verified domains: leave --domain out, or add the domain with docket mail domain add")
	case a.server && (a.offline || a.dns != ""):
		return errors.New("--server asks DNS itself: leave --offline and --dns out")
	case a.offline && a.dns != "":
		return errors.New("--offline asks no name server: leave --dns out")
	}
	return nil
}

// message reads a message, no more of it than can be checked.
func (s *session) message(path string) ([]byte, error) {
	in := s.in
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("open the message: %w", err)
		}
		defer func() { _ = file.Close() }() // a file that was only read
		in = file
	}
	raw, err := io.ReadAll(io.LimitReader(in, preflight.MaxMessage+1))
	if err != nil {
		return nil, fmt.Errorf("read the message: %w", err)
	}
	return raw, nil
}

// mailReport has the message checked, here or by a server.
func (s *session) mailReport(cmd *cobra.Command, raw []byte, asked mailAsked) (client.MailReport, error) {
	if err := asked.conflict(); err != nil {
		return client.MailReport{}, err
	}
	if !asked.server {
		return s.mailReportHere(cmd.Context(), raw, asked)
	}
	online, err := s.open(cmd)
	if err != nil {
		return client.MailReport{}, err
	}
	report, err := online.CheckMail(cmd.Context(), raw, asked.MailQuestion)
	return report, online.explained(err)
}

func (s *session) mailReportHere(ctx context.Context, raw []byte, asked mailAsked) (client.MailReport, error) {
	book, err := readPolicies(s.getenv("DOCKET_POLICIES"))
	if err != nil {
		return client.MailReport{}, err
	}
	dns, err := s.resolver(asked)
	if err != nil {
		return client.MailReport{}, err
	}
	checker, err := preflight.New(book.Mail(), dns)
	if err != nil {
		return client.MailReport{}, err
	}
	report, err := checker.Check(ctx, raw, preflight.Question{
		Class: privacy.MailClass(asked.Class), Countries: asked.Countries, Consent: preflight.Consent(asked.Consent), TrackingConsent: preflight.TrackingConsent(asked.TrackingConsent),
		Domains: asked.domains, Name: asked.Sender, Address: asked.Address, AuthServers: asked.AuthServers, BeforeSigning: asked.BeforeSigning,
	})
	if err != nil {
		return client.MailReport{}, err
	}
	return asAnswered(report)
}

// resolver asks the name server that is named; nil asks none.
func (s *session) resolver(asked mailAsked) (preflight.Resolver, error) {
	if asked.offline {
		return nil, nil //nolint:nilnil // without a resolver the check works offline
	}
	server := asked.dns
	if server == "" {
		server = s.getenv("DOCKET_DNS")
	}
	resolver, err := lookup.New(server)
	if err != nil {
		return nil, fmt.Errorf("--dns or DOCKET_DNS: %w", err)
	}
	return resolver, nil
}

// asAnswered brings a report into the form in which a server answers it.
func asAnswered(report preflight.Report) (out client.MailReport, err error) {
	text, err := json.Marshal(report)
	if err != nil {
		return out, fmt.Errorf("write the report: %w", err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		return out, fmt.Errorf("read the report: %w", err)
	}
	return out, nil
}

// sameDomain compares domains in the form in which they are kept.
func sameDomain(kept, given string) bool {
	normal, err := preflight.NormalDomain(given)
	return err == nil && normal == kept
}

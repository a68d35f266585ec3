package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/deploy/visitor"
)

// story is one access request from the form to the opened package, by the doors that everybody uses: the public pages,
// the mailbox, the API.
type story struct {
	*stage
	stack   *local.Stack
	product *product
	company company
	mail    *mailcatcher.Client
	staff   *client.Client
	seen    map[string]bool // mails that were there before

	visitor   *visitor.Visitor
	id        uuid.UUID
	reference string
	download  string
	archive   []byte
}

func newStory(s *stage, stack *local.Stack, p *product, c company) (*story, error) {
	staff, err := client.New(client.Config{URL: p.settings.PublicURL, Key: c.key})
	if err != nil {
		return nil, err
	}
	guest, err := visitor.New()
	return &story{
		stage: s, stack: stack, product: p, company: c, mail: mailcatcher.NewClient(stack.Addresses().Mail),
		staff: staff, visitor: guest, seen: map[string]bool{},
	}, err
}

func (s *story) tell(ctx context.Context) error {
	if err := s.rememberMail(ctx); err != nil {
		return err
	}
	for _, chapter := range []struct {
		what string
		do   func(context.Context) (string, error)
	}{
		{sample.DemoName + " asks for a copy of her data", s.ask},
		{"The acknowledgement and a code arrive by mail", s.hear},
		{"She types the code: identity proven", s.prove},
		{"Every system is searched for her", s.collect},
		{"A reviewer takes out what belongs to somebody else", s.redact},
		{"The reviewer approves; the package is built and encrypted", s.approve},
		{"The link arrives by mail", s.receive},
		{"She fetches the package with the link and a fresh code", s.fetch},
		{"Every file is checked against the manifest", s.check},
		{"The audit log is exported and verified offline", s.verify},
	} {
		if err := s.step(ctx, chapter.what, chapter.do); err != nil {
			return err
		}
	}
	return nil
}

// rememberMail notes what is in the mailbox before, so that an earlier run's letters are not taken for this one's.
func (s *story) rememberMail(ctx context.Context) error {
	messages, err := s.mail.Messages(ctx, sample.DemoEmail)
	for _, m := range messages {
		s.seen[m.ID] = true
	}
	return err
}

// letter waits for a new mail to the person that has the pattern, and gives what the pattern caught.
func (s *story) letter(ctx context.Context, what string, pattern *regexp.Regexp) (subject, caught string, err error) {
	err = s.until(ctx, what, func(ctx context.Context) (bool, error) {
		messages, err := s.mail.Messages(ctx, sample.DemoEmail)
		for _, m := range messages {
			match := pattern.FindStringSubmatch(m.Text)
			if s.seen[m.ID] || match == nil {
				continue
			}
			s.seen[m.ID] = true
			subject, caught = m.Subject, match[1]
			return true, nil
		}
		return false, err
	})
	return subject, caught, err
}

var (
	statusLink   = regexp.MustCompile(`(http\S+/status/[A-Za-z0-9_-]+)`)
	downloadLink = regexp.MustCompile(`(http\S+/download/[A-Za-z0-9_-]+)`)
	codeLine     = regexp.MustCompile(`(?m)^(\d{6})$`)
)

func (s *story) ask(ctx context.Context) (string, error) {
	before, err := s.newest(ctx)
	if err != nil {
		return "", err
	}
	form, err := s.visitor.Open(ctx, s.product.settings.PublicURL+"/"+companySlug+"/request?lang=de&place=DE")
	if err != nil {
		return "", err
	}
	// The form does not believe in people who fill it in faster than they can read.
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-s.clock.After(formTime):
	}
	_, err = s.visitor.Submit(ctx, form, "", url.Values{
		"right": {"access"}, "name": {sample.DemoName}, "email": {sample.DemoEmail},
		"details": {"Bitte alles, was Sie über mich gespeichert haben."},
	})
	if err != nil {
		return "", err
	}
	line, err := s.newest(ctx)
	if err != nil || line.ID == before.ID {
		return "", errors.Join(err, errors.New("the form was sent and no request is in the register"))
	}
	s.id, s.reference = line.ID, line.Reference
	due, err := s.answerDue(ctx)
	return fmt.Sprintf("Request %s under %s, answer due %s", line.Reference, line.Regime, due), err
}

func (s *story) hear(ctx context.Context) (string, error) {
	subject, _, err := s.letter(ctx, "the acknowledgement", statusLink)
	return subject, err
}

func (s *story) prove(ctx context.Context) (string, error) {
	messages, err := s.mail.Messages(ctx, sample.DemoEmail)
	if err != nil {
		return "", err
	}
	var code, link string
	for _, m := range messages {
		if !strings.Contains(m.Subject, s.reference) {
			continue
		}
		if match := codeLine.FindStringSubmatch(m.Text); match != nil {
			code = match[1]
		}
		if match := statusLink.FindStringSubmatch(m.Text); match != nil {
			link = match[1]
		}
		s.seen[m.ID] = true
	}
	if code == "" {
		if _, code, err = s.letter(ctx, "the code", codeLine); err != nil {
			return "", err
		}
	}
	page, err := s.visitor.Open(ctx, link)
	if err != nil {
		return "", err
	}
	if _, err := s.visitor.Submit(ctx, page, "/code", url.Values{"code": {code}}); err != nil {
		return "", err
	}
	return "Code " + code + " from the mail, entered on " + masked(link)[:len(s.product.settings.PublicURL)] + "/…", s.await(ctx, "collecting", "reviewing")
}

func (s *story) collect(ctx context.Context) (string, error) {
	var last client.Progress
	err := s.until(ctx, "the collection", func(ctx context.Context) (done bool, err error) {
		if last, err = s.staff.Progress(ctx, s.id); err != nil {
			return false, err
		}
		for _, system := range last.Systems {
			if system.Total != nil {
				s.progress(system.Name, system.Rows, *system.Total)
			}
		}
		request, err := s.staff.Request(ctx, s.id)
		return request.State == "reviewing", err
	})
	var notes []string
	for _, system := range last.Systems {
		notes = append(notes, fmt.Sprintf("%s: %d rows", system.Name, system.Rows))
	}
	return strings.Join(notes, ", "), err
}

// redact takes out the review in which the person names a neighbour: Art. 15(4) GDPR.
func (s *story) redact(ctx context.Context) (string, error) {
	_, err := s.staff.AddRedaction(ctx, client.NewIdempotencyKey(), s.id, client.NewRedaction{
		System: sample.Shop, Dataset: sample.Shop, Collection: "reviews", Field: "body",
		KeyField: "title", KeyValue: "Mit Nachbar getestet", Ground: "anothers_rights",
	})
	return "Review “Mit Nachbar getestet”: the text names a third person", err
}

func (s *story) approve(ctx context.Context) (string, error) {
	if _, err := s.staff.Command(ctx, client.NewIdempotencyKey(), s.id, client.Approve{}); err != nil {
		return "", err
	}
	if err := s.await(ctx, "closed"); err != nil {
		return "", err
	}
	packages, err := s.staff.Packages(ctx, s.id)
	if err != nil || len(packages.Items) == 0 {
		return "", errors.Join(err, errors.New("no package is in the register"))
	}
	p := packages.Items[len(packages.Items)-1]
	if p.Files == nil || p.Rows == nil || p.Bytes == nil {
		return "", errors.New("the package is not ready")
	}
	return fmt.Sprintf("%d files, %d rows, %d bytes encrypted in the object store", *p.Files, *p.Rows, *p.Bytes), nil
}

func (s *story) receive(ctx context.Context) (subject string, err error) {
	subject, s.download, err = s.letter(ctx, "the link", downloadLink)
	return subject, err
}

func (s *story) fetch(ctx context.Context) (string, error) {
	page, err := s.visitor.Open(ctx, s.download)
	if err != nil {
		return "", err
	}
	if page, err = s.visitor.Submit(ctx, page, "/code", nil); err != nil {
		return "", err
	}
	_, code, err := s.letter(ctx, "the download's code", codeLine)
	if err != nil {
		return "", err
	}
	response, err := s.visitor.Send(ctx, page, strings.TrimPrefix(s.download, s.product.settings.PublicURL), url.Values{"code": {code}})
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	s.archive, err = io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return "", errors.Join(err, fmt.Errorf("the download answered %s", response.Status))
	}
	if again, err := s.visitor.Open(ctx, s.download); err == nil {
		return "", fmt.Errorf("the link worked twice: %s", again.Title)
	}
	return fmt.Sprintf("%d bytes; the link is spent now", len(s.archive)), nil
}

func (s *story) check(context.Context) (string, error) {
	report, err := packaging.Verify(bytes.NewReader(s.archive), int64(len(s.archive)))
	if err != nil {
		return "", err
	}
	if !report.OK() {
		return "", fmt.Errorf("missing %v, extra %v, altered %v", report.Missing, report.Extra, report.Altered)
	}
	path := filepath.Join(s.stack.Dir(), s.reference+".zip")
	if err := os.WriteFile(path, s.archive, 0o600); err != nil {
		return "", fmt.Errorf("keep the package: %w", err)
	}
	return fmt.Sprintf("%d files match; %d values redacted; open index.html in %s", report.Checked, report.Manifest.RedactedValues, path), nil
}

func (s *story) epilogue() {
	a := s.stack.Addresses()
	s.out.say("\nLook around:\n  the console       %s/console/\n  the form          %s/%s/request\n  the mailbox       %s\n  Temporal          %s\n  the API           %s/openapi.json\n"+
		"  from the shell    bin/docket request list", s.product.settings.PublicURL, s.product.settings.PublicURL, companySlug, a.Mail, a.TemporalUI, s.product.settings.PublicURL)
}

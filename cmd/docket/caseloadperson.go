package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/privacy-docket/docket/deploy/visitor"
)

// newGuest has each person come from an address of their own, as people do: the public pages take few forms from one. On
// loopback every address of 127.0.0.0/8 is this machine's.
func (c *caseload) newGuest() (*visitor.Visitor, error) {
	guest, err := visitor.New()
	if err != nil {
		return nil, err
	}
	from := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(c.guests.Add(1)))}}
	guest.Transport = &http.Transport{DialContext: from.DialContext, DisableKeepAlives: true}
	return guest, nil
}

// asks fills in the public form.
func asks(ctx context.Context, p *part) error {
	page, err := p.opens(ctx, "")
	if err != nil {
		return err
	}
	_, err = p.guest.Submit(ctx, page, "", url.Values{"right": {"access"}, "name": {p.who.Name}, "email": {p.who.Email}, "details": {p.details}})
	return err
}

// asksForOther fills in the form of somebody who asks for the person, with a document that shows that they may.
func asksForOther(ctx context.Context, p *part) error {
	page, err := p.opens(ctx, "&for=other")
	if err != nil {
		return err
	}
	document, err := paper()
	if err != nil {
		return err
	}
	_, err = p.guest.SubmitFile(ctx, page, "", url.Values{
		"right": {"access"}, "name": {p.who.Name}, "email": {p.who.Email}, "details": {p.details},
		"agent_name": {"Kanzlei Sommerfeld"}, "agent_email": {"post@sommerfeld.example"}, "standing": {p.standing},
	}, visitor.File{Field: "proof", Name: "vollmacht.png", Content: document})
	return err
}

// opens shows the form to the person for as long as people take to fill it in.
func (p *part) opens(ctx context.Context, more string) (*visitor.Sheet, error) {
	page, err := p.guest.Open(ctx, p.product.settings.PublicURL+"/"+companySlug+"/request?lang="+p.who.Language+"&place="+p.who.Country+more)
	if err != nil {
		return nil, err
	}
	return page, p.reading(ctx)
}

// proves types the code that came by mail, asks for another one where that is too old, and waits for the collection.
func proves(ctx context.Context, p *part) error {
	if err := typesCode(ctx, p); err != nil {
		return err
	}
	return p.await(ctx, "reviewing", "closed", "clarifying", "approving")
}

// typesCode is proves without the waiting.
func typesCode(ctx context.Context, p *part) error {
	r, err := p.request(ctx)
	if err != nil || r.Identity == "proven" || r.State == "closed" {
		return err
	}
	if err := p.await(ctx, "verifying"); err != nil {
		return err
	}
	code, err := p.letter(ctx, "the code", codeLine)
	if err != nil {
		return err
	}
	page, err := p.status(ctx)
	if err != nil || !page.Offers("/code") {
		return err
	}
	_, err = p.guest.Submit(ctx, page, "/code", url.Values{"code": {code}})
	var refused *visitor.Refused
	if !errors.As(err, &refused) || refused.Status != http.StatusUnprocessableEntity {
		return err
	}
	if page, err = p.newCode(ctx, page, "/resend"); err != nil {
		return err
	}
	if code, err = p.letter(ctx, "another code", codeLine); err != nil {
		return err
	}
	_, err = p.guest.Submit(ctx, page, "/code", url.Values{"code": {code}})
	return err
}

// status opens the person's page by the link that the acknowledgement has.
func (p *part) status(ctx context.Context) (*visitor.Sheet, error) {
	link, err := p.link(ctx)
	if err != nil {
		return nil, err
	}
	return p.guest.Open(ctx, link)
}

// link is the address of the person's page.
func (p *part) link(ctx context.Context) (link string, err error) {
	err = p.until(ctx, "the acknowledgement", func(ctx context.Context) (bool, error) {
		messages, err := p.mail.Messages(ctx, p.who.Email)
		for _, m := range messages {
			if found := statusLink.FindStringSubmatch(m.Text); found != nil && strings.Contains(m.Subject+m.Text, p.reference) {
				link = found[1]
			}
		}
		return link != "", err
	})
	return link, err
}

// letter waits for a mail about the request that was not read yet and has the pattern.
func (p *part) letter(ctx context.Context, what string, pattern *regexp.Regexp) (caught string, err error) {
	err = p.until(ctx, what, func(ctx context.Context) (bool, error) {
		messages, err := p.mail.Messages(ctx, p.who.Email)
		for _, m := range messages {
			found := pattern.FindStringSubmatch(m.Text)
			if p.seen[m.ID] || found == nil || !strings.Contains(m.Subject+m.Text, p.reference) {
				continue
			}
			p.seen[m.ID] = true
			caught = found[1]
			return true, nil
		}
		return false, err
	})
	return caught, err
}

// readMail passes over what is in the mailbox, so that the next letter is one that is still to come.
func (p *part) readMail(ctx context.Context) error {
	messages, err := p.mail.Messages(ctx, p.who.Email)
	for _, m := range messages {
		p.seen[m.ID] = true
	}
	return err
}

// answers has the person open the conversation with a code of its own and write into it.
func answers(text string) step {
	return func(ctx context.Context, p *part) error {
		link, err := p.link(ctx)
		if err != nil {
			return err
		}
		page, err := p.guest.Open(ctx, link+"/messages")
		if err != nil {
			return err
		}
		if page, err = p.newCode(ctx, page, "/messages/code"); err != nil {
			return err
		}
		code, err := p.letter(ctx, "the conversation's code", codeLine)
		if err != nil {
			return err
		}
		if page, err = p.guest.Submit(ctx, page, "/messages", url.Values{"code": {code}}); err != nil {
			return err
		}
		_, err = p.guest.Submit(ctx, page, "/messages/reply", url.Values{"text": {text}})
		return err
	}
}

// betweenCodes is a little more than the time in which no second code is sent.
const betweenCodes = 31 * time.Second

// newCode asks for a code, and passes over what is in the mailbox before. Where a start that broke off asked for one just now,
// it has to wait.
func (p *part) newCode(ctx context.Context, page *visitor.Sheet, at string) (*visitor.Sheet, error) {
	if err := p.readMail(ctx); err != nil {
		return nil, err
	}
	next, err := p.guest.Submit(ctx, page, at, nil)
	var refused *visitor.Refused
	if !errors.As(err, &refused) || refused.Status != http.StatusTooManyRequests {
		return next, err
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.clock.After(betweenCodes):
	}
	return p.guest.Submit(ctx, page, at, nil)
}

// takesBack has the person withdraw on their page.
func takesBack(ctx context.Context, p *part) error {
	link, err := p.link(ctx)
	if err != nil {
		return err
	}
	page, err := p.guest.Open(ctx, link+"/withdraw")
	if err != nil || !page.Offers("/withdraw") {
		return err
	}
	if _, err := p.guest.Submit(ctx, page, "/withdraw", nil); err != nil {
		return err
	}
	return p.await(ctx, "closed")
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
	"github.com/privacy-docket/docket/deploy/visitor"
)

// journey is one request by the doors that everybody uses: the API for the company, the mailbox and the public pages for
// the person.
type journey struct {
	*scene
	who     somebody
	visitor *visitor.Visitor
	before  func(ctx context.Context, step int) bool // waits until the step may be taken

	createKey, approveKey string
	accepted              client.Accepted // the answer that was given; the zero value while there is none
	approved              client.Request
	proven                bool // the page said that the code was right
	fetched               packaging.Report
	repeated              int // calls that had to be sent again
	resent                int // links that staff had to send anew
	err                   error
}

func newJourney(s *scene, n int, who somebody, before func(context.Context, int) bool) (*journey, error) {
	guest, err := visitor.New()
	if err != nil {
		return nil, err
	}
	guest.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.%d.%d", 2+n/250, 1+n%250))
	guest.Transport = s.manners
	guest.Header.Set("Accept-Language", "en")
	return &journey{
		scene: s, who: who, visitor: guest, before: before, createKey: client.NewIdempotencyKey(), approveKey: client.NewIdempotencyKey(),
	}, nil
}

// walk goes from the request to the opened package.
func (j *journey) walk(ctx context.Context) error {
	for i, step := range []func(context.Context) error{j.ask, j.prove, j.approve, j.fetch} {
		if !j.before(ctx, i) {
			return ctx.Err()
		}
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// newRequest is what is filed for the person.
func (j *journey) newRequest() client.NewRequest {
	return client.NewRequest{
		Person: client.Person{Name: j.who.name, Email: j.who.email}, Right: "access", Language: "en", Channel: "email",
		Details: "A copy of everything that you hold about me.",
	}
}

func (j *journey) ask(ctx context.Context) (err error) {
	j.accepted, err = persist(ctx, &j.repeated, "file the request", func(ctx context.Context) (client.Accepted, error) {
		return j.staff.CreateRequest(ctx, j.createKey, j.newRequest())
	})
	return err
}

var (
	statusLink   = regexp.MustCompile(`(http\S+/status/[A-Za-z0-9_-]+)`)
	downloadLink = regexp.MustCompile(`(http\S+/download/[A-Za-z0-9_-]+)`)
	codeLine     = regexp.MustCompile(`(?m)^(\d{6})$`)
)

// newest gives what the pattern catches in the newest letter about the request that has it and comes after the moment.
// The order is that of writing: a letter that had to be sent again may arrive behind a younger one.
func (j *journey) newest(ctx context.Context, pattern *regexp.Regexp, after time.Time) (caught string) {
	messages, err := j.mail.Messages(ctx, j.who.email)
	if err != nil {
		return ""
	}
	newest := after
	for _, m := range messages {
		match, written := pattern.FindStringSubmatch(m.Text), writtenAt(m)
		if match != nil && strings.Contains(m.Subject, j.accepted.Reference) && !written.Before(newest) {
			caught, newest = match[1], written
		}
	}
	return caught
}

// writtenAt is when a letter was written, as its header has it: to the second.
func writtenAt(m mailcatcher.Message) time.Time {
	at, err := time.Parse(time.RFC1123Z, m.Header("Date"))
	if err != nil {
		return m.Received
	}
	return at
}

// prove types the code from the mail on the status page. Whoever finds that a code does not work asks for another.
func (j *journey) prove(ctx context.Context) error {
	var link string
	asked := time.Time{}
	return until(ctx, "the proof of identity", func(ctx context.Context) (bool, error) {
		if link == "" {
			link = j.newest(ctx, statusLink, time.Time{})
			return false, nil
		}
		page, err := j.visitor.Open(ctx, link)
		if err != nil {
			return false, err
		}
		if !page.Offers("/code") {
			j.proven = true // an answer to the code may have been lost on the way
			return true, nil
		}
		code := j.newest(ctx, codeLine, asked)
		if code == "" {
			return false, nil
		}
		answer, err := j.visitor.Submit(ctx, page, "/code", url.Values{"code": {code}})
		if isStatus(err, http.StatusUnprocessableEntity) {
			asked = time.Now().Truncate(time.Second)
			return false, j.askAgain(ctx, link)
		}
		j.proven = err == nil && !answer.Offers("/code")
		return j.proven, err
	})
}

// codeGap is how long the product wants people to wait between two codes.
const codeGap = 31 * time.Second

// askAgain asks for another code, as soon as the product allows it.
func (j *journey) askAgain(ctx context.Context, link string) error {
	return until(ctx, "another code", func(ctx context.Context) (bool, error) {
		if !pause(ctx, codeGap) {
			return false, ctx.Err()
		}
		page, err := j.visitor.Open(ctx, link)
		if err != nil || !page.Offers("/resend") {
			return err == nil, err
		}
		_, err = j.visitor.Submit(ctx, page, "/resend", nil)
		return err == nil, err
	})
}

func isStatus(err error, status int) bool {
	var refused *visitor.Refused
	return errors.As(err, &refused) && refused.Status == status
}

// approve is the reviewer's part: the reviewer waits for the collected data, has systems read again that could not be read, approves.
func (j *journey) approve(ctx context.Context) error {
	if err := j.review(ctx); err != nil {
		return err
	}
	return j.approveNow(ctx)
}

// review waits for what was collected.
func (j *journey) review(ctx context.Context) error {
	return until(ctx, "the review", func(ctx context.Context) (bool, error) {
		request, err := j.staff.Request(ctx, j.accepted.ID)
		if err != nil {
			return false, err
		}
		if request.State == "collecting" {
			return false, j.readAgain(ctx)
		}
		return request.State == "reviewing", nil
	})
}

func (j *journey) approveNow(ctx context.Context) (err error) {
	j.approved, err = persist(ctx, &j.repeated, "approve", func(ctx context.Context) (client.Request, error) {
		return j.staff.Command(ctx, j.approveKey, j.accepted.ID, client.Approve{})
	})
	return err
}

// readAgain answers the tasks of systems that could not be read.
func (j *journey) readAgain(ctx context.Context) error {
	progress, err := j.staff.Progress(ctx, j.accepted.ID)
	if err != nil {
		return err
	}
	for _, system := range progress.Systems {
		if system.State != "failed" {
			continue
		}
		_, err := j.staff.Command(ctx, client.NewIdempotencyKey(), j.accepted.ID, client.RetrySystem{System: system.System})
		if err != nil && !refusedFor(err, "state") {
			return err
		}
	}
	return nil
}

// fetch downloads the package with the link and a fresh code, and opens it. A transfer that breaks off is tried again with
// another code; a link that does not work any more is sent anew by staff.
func (j *journey) fetch(ctx context.Context) error {
	var link string
	linked := time.Time{}
	return until(ctx, "the package", func(ctx context.Context) (bool, error) {
		if link == "" {
			link = j.newest(ctx, downloadLink, linked)
			return false, nil
		}
		page, err := j.visitor.Open(ctx, link)
		if isStatus(err, http.StatusNotFound) {
			linked, link = time.Now().Truncate(time.Second), ""
			j.resent++
			return false, j.askStaff(ctx)
		}
		if err != nil {
			return false, err
		}
		return j.download(ctx, page, link)
	})
}

// askStaff has a new link sent.
func (j *journey) askStaff(ctx context.Context) error {
	key := client.NewIdempotencyKey()
	_, err := persist(ctx, &j.repeated, "send the link again", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, j.staff.Resend(ctx, key, j.accepted.ID)
	})
	return err
}

// download asks for a code, waits for it and fetches. Whoever has asked too often looks for the code that came before.
func (j *journey) download(ctx context.Context, page *visitor.Sheet, link string) (bool, error) {
	asked := time.Now().Truncate(time.Second)
	page, err := j.visitor.Submit(ctx, page, "/code", nil)
	var refused *visitor.Refused
	if isStatus(err, http.StatusTooManyRequests) && errors.As(err, &refused) {
		page, err, asked = refused.Sheet, nil, time.Time{}
	}
	if err != nil {
		return false, err
	}
	waiting, cancel := context.WithTimeout(ctx, codeComes)
	defer cancel()
	var code string
	err = until(waiting, "the code of the download", func(ctx context.Context) (bool, error) {
		code = j.newest(ctx, codeLine, asked)
		return code != "", nil
	})
	if err != nil {
		return false, err
	}
	response, err := j.visitor.Send(ctx, page, strings.TrimPrefix(link, j.server.URL), url.Values{"code": {code}})
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.StatusCode == http.StatusUnprocessableEntity {
		pause(ctx, codeGap)
	}
	if err != nil || response.StatusCode != http.StatusOK {
		return false, errors.Join(err, fmt.Errorf("the download answered %s", response.Status))
	}
	j.fetched, err = packaging.Verify(bytes.NewReader(body), int64(len(body)))
	return true, err
}

// codeComes is how long a person waits for a code before asking for another: a sender that was killed gives its letters
// back after two minutes.
const codeComes = 3 * time.Minute

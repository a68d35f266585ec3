package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/deploy/visitor"
)

// scene is one request of the caseload: who asks, how it comes in, and what becomes of it.
type scene struct {
	name     string
	who      sample.Customer
	right    string   // access unless said otherwise
	against  []string // what an objection is against
	regime   string   // the company's own unless said otherwise
	channel  string
	country  string // where the person lives now, if that is not in the sample
	details  string
	contest  *client.Contest // the automated decision that it is about
	due      int             // in how many days the answer is due; zero for a request of now
	late     string          // why it was received before it was recorded
	nth      int             // which of the person's requests it is
	form     func(context.Context, *part) error
	then     []step
	standing string // why somebody else may ask, in their words
}

// step is what somebody does about a request. It looks at how the request stands first, so that a start that broke off is
// ended by the next.
type step func(context.Context, *part) error

// part is a scene while it is played.
type part struct {
	*caseload
	scene
	guest     *visitor.Visitor
	seen      map[string]bool // mails that were there before
	id        uuid.UUID
	reference string
}

// act plays one scene from its beginning, or on from where it was left.
func (c *caseload) act(ctx context.Context, s scene) error {
	guest, err := c.newGuest()
	if err != nil {
		return err
	}
	p := &part{caseload: c, scene: s, guest: guest, seen: map[string]bool{}}
	if err := p.begin(ctx); err != nil {
		return err
	}
	for _, do := range s.then {
		if err := do(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// begin finds the person's request or files it.
func (p *part) begin(ctx context.Context) error {
	found, err := p.find(ctx)
	if err != nil || found {
		return err
	}
	if p.form == nil {
		return p.file(ctx)
	}
	if err := p.form(ctx, p); err != nil {
		return err
	}
	if found, err = p.find(ctx); err == nil && !found {
		return fmt.Errorf("the form was sent and no request is in the register")
	}
	return err
}

// find looks for the person's nth request.
func (p *part) find(ctx context.Context) (bool, error) {
	page, err := p.agent.SearchRequests(ctx, client.Search{Email: p.who.Email})
	if err != nil || len(page.Items) <= p.nth {
		return false, err
	}
	slices.SortFunc(page.Items, func(a, b client.RequestLine) int { return a.ReceivedAt.Compare(b.ReceivedAt) })
	p.id, p.reference = page.Items[p.nth].ID, page.Items[p.nth].Reference
	return true, nil
}

// file has staff file what came in by letter, mail or telephone. Only the officer may say that it came in earlier.
func (p *part) file(ctx context.Context) error {
	in := client.NewRequest{
		Person: client.Person{Name: p.who.Name, Email: p.who.Email, Phone: p.who.Phone}, Right: "access", Regime: p.regime,
		Language: p.who.Language, Channel: p.channel, Details: p.details, Country: p.who.Country, Contest: p.contest, Against: p.against,
	}
	if p.right != "" {
		in.Right = p.right
	}
	if p.country != "" {
		in.Country = p.country
	}
	by := p.agent
	if p.due != 0 {
		at, err := p.receipt(p.due)
		if err != nil {
			return err
		}
		by, in.ReceivedAt, in.BackdateReason = p.dpo, &at, p.late
	}
	made, err := by.CreateRequest(ctx, client.NewIdempotencyKey(), in)
	p.id, p.reference = made.ID, made.Reference
	return err
}

// once names something that is done once, however often the demo is started in a day.
func (p *part) once(what string) string { return "demo/" + p.name + "/" + what }

// request is how the request stands.
func (p *part) request(ctx context.Context) (client.Request, error) {
	return p.agent.Request(ctx, p.id)
}

// await waits until the request is in one of the states.
func (p *part) await(ctx context.Context, states ...string) error {
	return p.until(ctx, "the request to be "+states[0], func(ctx context.Context) (bool, error) {
		r, err := p.request(ctx)
		return slices.Contains(states, r.State), err
	})
}

// when does something to a request that is in that state and leaves any other alone.
func when(state string, do step) step {
	return func(ctx context.Context, p *part) error {
		r, err := p.request(ctx)
		if err != nil || r.State != state {
			return err
		}
		return do(ctx, p)
	}
}

// unfinished does something to a request that has not ended.
func unfinished(do step) step {
	return func(ctx context.Context, p *part) error {
		r, err := p.request(ctx)
		if err != nil || r.State == "closed" {
			return err
		}
		return do(ctx, p)
	}
}

// reading is how long the people of the caseload look at the form.
func (p *part) reading(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-p.clock.After(formTime):
		return nil
	}
}

// morning is nine o'clock of a day in the company's zone, as letters are opened.
func morning(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 9, 0, 0, 0, day.Location())
}

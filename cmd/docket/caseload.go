package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
	"github.com/privacy-docket/docket/deploy/sample"
)

// scenesAtOnce is how many requests of the caseload are played side by side.
const scenesAtOnce = 8

// caseload gives the sample company requests in every state, so that whoever looks around finds one of each. It goes through
// the doors that everybody uses; staff act with keys of their own, which end with it.
type caseload struct {
	*stage
	stack   *local.Stack
	product *product
	company company
	mail    *mailcatcher.Client

	admin, dpo, agent *client.Client
	agentID           uuid.UUID
	people            []sample.Customer
	guests            atomic.Int32 // how many have come to the public pages
}

// caseloadOf makes the requests unless an earlier start did.
func caseloadOf(ctx context.Context, s *stage, stack *local.Stack, p *product, c company) (note string, err error) {
	kept, err := readLocalProduct(stack.Dir())
	if err != nil || kept.Caseload {
		return "found from an earlier start", err
	}
	load := &caseload{
		stage: s, stack: stack, product: p, company: c, mail: mailcatcher.NewClient(stack.Addresses().Mail),
		people: sample.Customers(companySeed, companyPeople),
	}
	if load.admin, err = load.client(c.key); err != nil {
		return "", err
	}
	if err := load.asStaff(ctx, load.play); err != nil {
		return "", err
	}
	list, err := load.admin.ListRequests(ctx, client.Requests{}, client.Paging{Limit: client.PageSize})
	if err != nil {
		return "", err
	}
	kept.Caseload = true
	return fmt.Sprintf("%d requests in every state, under three laws and in four languages", len(list.Items)), kept.save(stack.Dir())
}

// play makes what the company has beside requests, then the requests. The one that is held comes last: it is held by a
// system that nobody else is to wait for.
func (c *caseload) play(ctx context.Context) error {
	if err := c.furnish(ctx); err != nil {
		return err
	}
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(scenesAtOnce)
	for _, s := range c.scenes() {
		group.Go(func() error {
			if err := c.act(within, s); err != nil {
				return fmt.Errorf("the request %q: %w", s.name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := c.hold(ctx); err != nil {
		return fmt.Errorf("the request that is held: %w", err)
	}
	return nil
}

func (c *caseload) client(key string) (*client.Client, error) {
	return client.New(client.Config{URL: c.product.settings.PublicURL, Key: key})
}

// asStaff plays with keys of the officer and the agent, and ends the keys whatever came of it. What a start that broke off
// left behind ends too.
func (c *caseload) asStaff(ctx context.Context, play func(context.Context) error) (err error) {
	if err := c.endKeys(ctx); err != nil {
		return err
	}
	if c.dpo, _, err = c.staffKey(ctx, api.DPO); err != nil {
		return err
	}
	if c.agent, c.agentID, err = c.staffKey(ctx, api.Agent); err != nil {
		return err
	}
	if err := play(ctx); err != nil {
		return err
	}
	return c.endKeys(ctx)
}

// stagehand begins the names of the keys that the caseload is made with.
const stagehand = "demonstration: "

// staffKey makes a key for the person of the sample who has that role.
func (c *caseload) staffKey(ctx context.Context, role api.Role) (*client.Client, uuid.UUID, error) {
	for _, person := range samplePeople() {
		if person.Role != string(role) {
			continue
		}
		member, err := c.admin.StaffNamed(ctx, person.Email)
		if err != nil {
			return nil, uuid.Nil, err
		}
		key, err := c.admin.CreateKey(ctx, client.NewKey{Name: stagehand + person.Name, Role: person.Role, StaffID: &member.ID})
		if err != nil {
			return nil, uuid.Nil, err
		}
		as, err := c.client(key.Key)
		return as, member.ID, err
	}
	return nil, uuid.Nil, fmt.Errorf("nobody of the sample has the role %s", role)
}

func (c *caseload) endKeys(ctx context.Context) error {
	keys, err := c.admin.Keys(ctx)
	if err != nil {
		return err
	}
	for _, key := range keys.Items {
		if strings.HasPrefix(key.Name, stagehand) && key.RevokedAt == nil {
			if err := c.admin.RevokeKey(ctx, key.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

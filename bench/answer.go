package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	docket "github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/sample"
)

// answer: requests of as many people brought from the receipt to their end over three systems: first each asks for what is held of them, then each
// asks to be erased. Whatever a person decides is decided at once, by the rig: what is timed are the machine's steps. There is no floor; beside the
// figure stands what the machine was busy with.
func answer(ctx context.Context, b *bench) error {
	n := b.size(1000)
	c, err := b.company(ctx, n+warmPeople)
	if err != nil {
		return err
	}
	defer c.close()
	b.say("  %d people have rows in PostgreSQL, in MariaDB and with a service behind HTTP", len(c.regulars))
	if err := c.warm(ctx); err != nil {
		return err
	}
	for _, right := range []string{"access", "erasure"} {
		if err := c.answered(ctx, b, right, c.regulars[warmPeople:]); err != nil {
			return fmt.Errorf("%s: %w", right, err)
		}
	}
	return nil
}

// warmPeople ask before anything is timed.
const warmPeople = 20

// warm answers some people, and has PostgreSQL look at what is in its tables since.
func (c *company) warm(ctx context.Context) error {
	for _, right := range []string{"access", "erasure"} {
		if _, err := c.lead(ctx, right, c.regulars[:warmPeople]); err != nil {
			return fmt.Errorf("warm up: %w", err)
		}
	}
	return c.analysed(ctx)
}

// answered times one right for all of the people.
func (c *company) answered(ctx context.Context, b *bench, right string, people []sample.Customer) error {
	watch, err := c.watch(ctx)
	if err != nil {
		return err
	}
	took, err := c.lead(ctx, right, people)
	if err != nil {
		return err
	}
	strain, err := watch()
	if err != nil {
		return err
	}
	if err := c.allAnswered(ctx, right, len(people)+warmPeople); err != nil {
		return err
	}
	b.report.note(fmt.Sprintf("%d requests for %s over 3 systems, machine steps only", len(people), right),
		fmt.Sprintf("%.0f/min (%s)", float64(len(people))/took.Minutes(), took.Round(time.Second)))
	for _, line := range strain.lines(len(people)) {
		b.say("  %s: %s", right, line)
	}
	b.report.note(fmt.Sprintf("what these requests for %s kept busy", right), strain.short(len(people)))
	return nil
}

// lead files the requests and decides on them, until each is closed and nothing is left to do.
func (c *company) lead(ctx context.Context, right string, people []sample.Customer) (time.Duration, error) {
	began := time.Now()
	led := make(chan error, 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() { led <- c.decide(ctx, right, len(people)) }()
	_, err := together(ctx, len(people), func(ctx context.Context, i int) error {
		return patiently(ctx, func(key string) error {
			_, err := c.staff.CreateRequest(ctx, key, docket.NewRequest{
				Person: docket.Person{Name: people[i].Name, Email: people[i].Email}, Right: right, Channel: "staff", Language: "en",
			})
			return err
		})
	})
	if err != nil {
		return 0, fmt.Errorf("file requests: %w", err)
	}
	if err := <-led; err != nil {
		return 0, err
	}
	if err := c.settled(ctx); err != nil {
		return 0, err
	}
	return time.Since(began), nil
}

// allAnswered wants every request of a right to have been answered in full, from every system.
func (c *company) allAnswered(ctx context.Context, right string, n int) error {
	conn, err := c.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	var answered, silent int
	err = conn.QueryRow(ctx, `SELECT count(*) FILTER (WHERE state = 'closed' AND outcome = 'fulfilled'),
		count(*) FILTER (WHERE (SELECT count(*) FROM collection_runs r WHERE r.case_id = c.id AND r.rows > 0) < 3)
		FROM cases c WHERE request_right = $1`, right).Scan(&answered, &silent)
	if err != nil {
		return fmt.Errorf("look how the requests ended: %w", err)
	}
	if answered != n || silent > 0 {
		return fmt.Errorf("%d of %d requests were fulfilled, %d of them found a system without rows", answered, n, silent)
	}
	return nil
}

// step is what a person decides in a state.
func (c *company) step(ctx context.Context, id uuid.UUID, right, state string) error {
	command := func(command docket.Command) error {
		return patiently(ctx, func(key string) error {
			_, err := c.staff.Command(ctx, key, id, command)
			return err
		})
	}
	switch {
	case state == "verifying":
		return command(docket.ConfirmIdentity{Note: "Known in person."})
	case right == "access":
		return command(docket.Approve{})
	}
	if err := command(docket.ProposePlan{}); err != nil {
		return err
	}
	plan, err := c.staff.Erasure(ctx, id)
	if err != nil {
		return err
	}
	return patiently(ctx, func(key string) error { return c.officer.Approve(ctx, key, id, plan.SHA256) })
}

// patiently sends a command again, under the same key, while the server says that it has not heard the answer yet.
func patiently(ctx context.Context, send func(key string) error) error {
	key, began := docket.NewIdempotencyKey(), time.Now()
	for {
		err := send(key)
		var problem *docket.Problem
		if !errors.As(err, &problem) || !problem.Temporary() || time.Since(began) > standstill {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(max(problem.RetryAfter, lookEvery)):
		}
	}
}

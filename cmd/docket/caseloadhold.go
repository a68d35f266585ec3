package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/storage"
)

// hold has a request wait in the middle of its collection: a third system is stopped in an emergency before it comes to it.
// Then the system is taken out of use, so that requests that come later do not wait for it. This one goes on waiting, with a
// task that says so, until somebody leaves the system out or has it read again.
func (c *caseload) hold(ctx context.Context) error {
	system, err := c.surveys(ctx)
	if err != nil {
		return err
	}
	if system.Stop == nil {
		if _, err := c.dpo.StopSystem(ctx, system.ID, "It answered with remarks of other people. The supplier is looking into it."); err != nil {
			return err
		}
	}
	if err := c.use(ctx, system, storage.SystemActive); err != nil {
		return err
	}
	if err := c.act(ctx, scene{name: "held", who: c.of("es", 3), channel: "email", details: "Copia de todos mis datos.", then: []step{typesCode, waits}}); err != nil {
		return err
	}
	return c.use(ctx, system, outOfUse)
}

// outOfUse is the state of a system that requests do not read.
const outOfUse = "disabled"

func (c *caseload) use(ctx context.Context, system client.System, state string) error {
	_, err := c.admin.ChangeSystem(ctx, system.ID, client.SystemChange{State: &state})
	return err
}

// outOfTheWay takes the third system out of use where a start broke off while a request was held by it: the story's request
// would wait for it too, and the demo would never come to its end again.
func (p *product) outOfTheWay(ctx context.Context, stack *local.Stack, c company) error {
	kept, err := readLocalProduct(stack.Dir())
	if err != nil || kept.Caseload {
		return err
	}
	err = p.db.Change(ctx, c.tenant, casework.System(setup), func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.SystemByKey(ctx, sample.Surveys)
		if errors.Is(err, storage.ErrNotFound) || (err == nil && system.Stop == nil) {
			return nil
		}
		if err != nil {
			return err
		}
		system.State = outOfUse
		return tx.UpdateSystem(ctx, system)
	})
	if err != nil {
		return fmt.Errorf("take the stopped system out of use: %w", err)
	}
	return nil
}

// waits until every system but the one that is stopped was read.
func waits(ctx context.Context, p *part) error {
	return p.until(ctx, "the systems that are not stopped", func(ctx context.Context) (bool, error) {
		progress, err := p.agent.Progress(ctx, p.id)
		done := 0
		for _, s := range progress.Systems {
			if s.State == "done" {
				done++
			}
		}
		return len(progress.Systems) > 0 && done == len(progress.Systems)-1, err
	})
}

// surveys finds the third system or adds it, as an administrator does.
func (c *caseload) surveys(ctx context.Context) (client.System, error) {
	systems, err := c.admin.Systems(ctx)
	if err != nil {
		return client.System{}, err
	}
	for _, s := range systems.Items {
		if s.Key == sample.Surveys {
			return s, nil
		}
	}
	loaded, err := sample.LoadSurveys(ctx, c.stack.Addresses().PostgresAdminDSN, "sample", companySeed, companyPeople)
	if err != nil {
		return client.System{}, err
	}
	made, err := c.admin.CreateSystem(ctx, client.NewSystem{
		Key: loaded.Key, Name: "Customer surveys", Kind: "postgres", Target: loaded.ReadDSN, Change: loaded.ChangeDSN, Declaration: string(loaded.DeclarationYAML),
	})
	if err != nil {
		return made, err
	}
	_, err = c.admin.PutDataset(ctx, made.ID, loaded.DatasetYAML)
	return made, err
}

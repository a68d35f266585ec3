package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Filing is one right of a request that may carry several.
type Filing struct {
	Right   privacy.Right
	Ask     privacy.Ask
	Contest privacy.Contest
}

// errTwice says that a request names a right twice.
var errTwice = &privacy.RuleError{Code: privacy.CodeAsk, Message: "a request names each right once"}

// OpenAll accepts a request that carries several rights. Each becomes a case with its own obligations, decision and reason; they share the proof of
// identity, which is asked for once.
func (d *Desk) OpenAll(ctx context.Context, tx *storage.Tx, n NewRequest, rights []Filing) (all []Opened, err error) {
	if len(rights) > 1 {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, fmt.Errorf("make the submission's id: %w", err)
		}
		n.submission = &id
	}
	for i, filing := range rights {
		if slices.ContainsFunc(rights[:i], func(f Filing) bool { return f.Right == filing.Right }) {
			return nil, errTwice
		}
		n.Right, n.Ask, n.Contest = filing.Right, filing.Ask, filing.Contest
		opened, err := d.Open(ctx, tx, n)
		if err != nil {
			return nil, err
		}
		all, n.ID = append(all, opened), uuid.Nil
		if n.Agent != nil {
			// The document that shows what they may do is stored once, with the first.
			n.Agent = &Agent{Representative: n.Agent.Representative}
		}
	}
	return all, nil
}

// leader is the case of the same submission that asks the person who they are: one code is enough. It is f where there is none before it.
func (f *file) leader(ctx context.Context) (*file, error) {
	others, err := f.tx.Submitted(ctx, f.row)
	if err != nil {
		return nil, err
	}
	for _, o := range others {
		if o.ID.String() < f.row.ID.String() && o.Identity == identityUnproven && provable(o) {
			return f.open(ctx, f.tx, contract.Ref{Tenant: f.row.TenantID, Case: o.ID})
		}
	}
	return f, nil
}

const identityUnproven = "unproven"

// provable says whether the identity behind a case is still to be proven.
func provable(o storage.Submitted) bool {
	return o.State == string(privacy.RequestReceived) || o.State == string(privacy.RequestVerifying)
}

// sharing does for the other cases of the same submission what proof of identity does for this one, and has their workflows told.
func (f *file) sharing(ctx context.Context, do func(*file) error) error {
	others, err := f.tx.Submitted(ctx, f.row)
	if err != nil {
		return err
	}
	for _, o := range others {
		if !provable(o) || o.Identity != identityUnproven && o.Identity != identityChecking {
			continue
		}
		g, err := f.open(ctx, f.tx, contract.Ref{Tenant: f.row.TenantID, Case: o.ID})
		if err != nil {
			return err
		}
		if err := do(g); err != nil {
			return err
		}
		if err := f.tx.SignalWorkflow(ctx, o.ID, contract.RequestID(o.ID), contract.SignalFacts); err != nil {
			return err
		}
	}
	return nil
}

package casework

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// MaxStatement is how many characters a statement has at most: the 250 words that 11 CCR 7023(f) grants for health data have fewer.
const MaxStatement = 2000

// codeStatement says that a statement can't be taken.
const codeStatement privacy.RuleCode = "statement"

// MakeStatement keeps what a person wants to stand beside data that was not corrected as they asked (PIPEDA Sch 1 cl 4.9.6, APP 13.4, 11 CCR
// 7023(f)), and has it written where systems declare a field for it. The request has ended; nothing else of it changes.
func (d *Desk) MakeStatement(ctx context.Context, ref contract.Ref, actor audit.Actor, key, text string) error {
	return d.change(ctx, ref, actor, func(ctx context.Context, f *file) error {
		taken, err := f.tx.StepTaken(ctx, f.row.ID, key)
		if err != nil || taken {
			return err
		}
		if err := f.mayState(ctx); err != nil {
			return err
		}
		text = strings.TrimSpace(text)
		if n := utf8.RuneCountInString(text); n == 0 || n > MaxStatement {
			return &privacy.RuleError{Code: codeStatement, Message: "a statement has between 1 and 2000 characters"}
		}
		if err := f.tx.AddStatement(ctx, f.row.ID, f.subject, text); err != nil {
			return err
		}
		if err := f.appendStatements(ctx); err != nil {
			return err
		}
		if err := f.tx.RecordStep(ctx, f.row, key, "make_statement", ""); err != nil {
			return err
		}
		return f.tx.RestartWorkflow(ctx, f.row)
	})
}

// mayState says whether something was refused that a statement can stand beside.
func (f *file) mayState(ctx context.Context) error {
	refused := f.row.Outcome != nil && *f.row.Outcome == string(privacy.OutcomeRefused)
	if f.corrects() && f.row.State == string(privacy.RequestClosed) && !refused {
		corrections, err := f.tx.Corrections(ctx, f.row.ID, f.subject)
		if err != nil {
			return err
		}
		for _, c := range corrections {
			refused = refused || c.State == storage.CorrectionRefused
		}
	}
	if !f.corrects() || f.row.State != string(privacy.RequestClosed) || !refused {
		return &privacy.RuleError{Code: codeStatement, Message: "a statement stands beside data that was not corrected; nothing was refused here"}
	}
	return nil
}

// appendStatements has what the person has stated, by whichever request, written in the systems that declare a field for it.
func (f *file) appendStatements(ctx context.Context) error {
	person, err := f.whom(ctx)
	if err != nil {
		return err
	}
	all, err := f.tx.StatementsOn(ctx, person.Email)
	if err != nil {
		return err
	}
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = s.Text
	}
	text := strings.Join(texts, "\n\n")
	systems, err := f.tx.Systems(ctx)
	if err != nil {
		return err
	}
	before, err := f.tx.Amendments(ctx, f.row.ID)
	if err != nil {
		return err
	}
	for _, system := range systems {
		declared, err := DeclarationOf(system)
		if err != nil {
			return err
		}
		parts := strings.Split(declared.Corrections.Statement, ".")
		if system.State != storage.SystemActive || len(parts) != 3 {
			continue
		}
		order := amendment.Order{Address: dataset.Address{Dataset: parts[0], Collection: parts[1]}, Field: parts[2], Value: &text}
		if err := f.tx.AddAmendment(ctx, f.row.ID, f.subject, system, nextRound(before), storage.AmendStatement, []amendment.Order{order}); err != nil {
			return err
		}
	}
	return nil
}

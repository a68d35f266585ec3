package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// touched is a system of which recipients of data must hear: what was done there concerned some categories, or all.
type touched struct {
	system     string
	categories []string
	all        bool
}

// oweErased puts on record who must hear of an erasure.
func (f *file) oweErased(ctx context.Context, plan storage.ErasurePlan) error {
	var all []touched
	for _, part := range plan.Plan.Systems {
		t := touched{system: part.Key}
		t.categories, t.all = erasedCategories(part)
		all = append(all, t)
	}
	return f.oweRecipients(ctx, &plan.ID, all)
}

// oweRestricted puts on record who must hear that data is only kept: whoever has been given any of it.
func (f *file) oweRestricted(ctx context.Context) error {
	if f.row.RequestRight != string(privacy.Restriction) {
		return nil
	}
	systems, err := f.tx.Systems(ctx)
	if err != nil {
		return err
	}
	var all []touched
	for _, s := range systems {
		all = append(all, touched{system: s.Key, all: s.State == storage.SystemActive})
	}
	return f.oweRecipients(ctx, nil, all)
}

// oweRecipients puts on record who must hear of what was done (Art. 19 GDPR): the processors and controllers that the declarations of the systems
// name for categories that it concerned there. plan is that of an erasure.
func (f *file) oweRecipients(ctx context.Context, plan *uuid.UUID, all []touched) error {
	for _, t := range all {
		if !t.all && len(t.categories) == 0 {
			continue
		}
		system, err := f.tx.SystemByKey(ctx, t.system)
		if err != nil {
			return err
		}
		recipients, err := recipientsOf(system)
		if err != nil {
			return err
		}
		for _, r := range recipients {
			concerned := r.Categories
			if !t.all {
				concerned = within(r.Categories, t.categories)
			}
			if len(concerned) == 0 {
				continue
			}
			n := storage.NewRecipientNotice{Recipient: r.Name, Role: r.Role, System: t.system, Categories: concerned}
			if err := f.tx.OweRecipient(ctx, f.row.ID, plan, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// erasedCategories are those of fields of which something is erased in a system. all says that a person erased by hand, and nobody counted what.
func erasedCategories(part erasure.SystemPlan) (categories []string, all bool) {
	for _, l := range part.Lines {
		touched := l.Touches() && (l.Rows.Erased > 0 || l.Rows.Parts > 0)
		for _, field := range l.Fields {
			if touched && gone(field.Fate) || field.Trimmed && l.Rows.Kept > 0 {
				categories = append(categories, field.Categories...)
			}
		}
	}
	slices.Sort(categories)
	return slices.Compact(categories), part.Manual != ""
}

// gone says whether what a field said of the person is lost by its fate.
func gone(fate erasure.Fate) bool {
	return !slices.Contains([]erasure.Fate{erasure.FateNotPersonal, erasure.FateKey, erasure.FateUnwritable, erasure.FateUnchanged}, fate)
}

// within are the declared categories that one of the erased ones is, or lies in, or has in it: user.contact and user.contact.email.
func within(declared, erased []string) (out []string) {
	for _, d := range declared {
		if slices.ContainsFunc(erased, func(e string) bool { return e == d || strings.HasPrefix(e, d+".") || strings.HasPrefix(d, e+".") }) {
			out = append(out, d)
		}
	}
	return out
}

// recipientsOf are the recipients that a system's declaration names, each once. An authority gets data by law and is not told.
func recipientsOf(system storage.System) ([]dataset.Recipient, error) {
	declared, err := DeclarationOf(system)
	var out []dataset.Recipient
	for _, r := range declared.Recipients {
		if r.Role != "processor" && r.Role != "controller" {
			continue
		}
		i := slices.IndexFunc(out, func(o dataset.Recipient) bool { return o.Name == r.Name })
		if i < 0 {
			out = append(out, r)
			continue
		}
		out[i].Categories = slices.Concat(out[i].Categories, r.Categories)
		slices.Sort(out[i].Categories)
		out[i].Categories = slices.Compact(out[i].Categories)
	}
	return out, err
}

// RecipientTelling is how far a recipient has been told.
type RecipientTelling struct {
	Notice uuid.UUID
	State  privacy.RecipientState
	Reason string
	// Note says by whom and how, or why not; it is kept with the notes of the case.
	Note string
}

// TellRecipient puts on record how far a recipient has been told, once per key.
func (d *Desk) TellRecipient(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, telling RecipientTelling) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		notices, err := f.tx.RecipientNotices(ctx, f.row.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(notices, func(n storage.RecipientNotice) bool { return n.ID == telling.Notice })
		if i < 0 {
			return fmt.Errorf("recipient: %w", storage.ErrNotFound)
		}
		if err := privacy.RecipientState(notices[i].State).Step(telling.State, telling.Reason); err != nil {
			return err
		}
		if err := f.tx.MoveRecipient(ctx, notices[i], telling.State, telling.Reason); err != nil {
			return err
		}
		if telling.Note != "" {
			words := fmt.Sprintf("%s: %s", notices[i].Recipient, telling.Note)
			if _, err := f.tx.AddNote(ctx, f.row, f.subject, storage.NoteReason, words); err != nil {
				return err
			}
		}
		return f.tx.RecordStep(ctx, f.row, key, "tell_recipient", string(telling.State))
	})
}

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
)

// touched is a system of which recipients of data must hear: what was done there concerned some categories, or all.
type touched struct {
	system     string
	categories []string
	all        bool
	// changed are the values that were corrected there.
	changed []storage.Correction
}

// owing is why recipients must hear: what they are to do, the plan of an erasure and the turn of a later look at what it left, the limits that stand.
type owing struct {
	purpose privacy.InquiryPurpose
	plan    *uuid.UUID
	turn    string
	limits  []string
}

// oweErased puts on record who must hear of an erasure.
func (f *file) oweErased(ctx context.Context, plan storage.ErasurePlan) error {
	var all []touched
	for _, part := range plan.Plan.Systems {
		all = append(all, touchedBy(part))
	}
	return f.oweRecipients(ctx, owing{purpose: privacy.InquireErase, plan: &plan.ID}, all)
}

func touchedBy(part erasure.SystemPlan) touched {
	return touched{system: part.Key, categories: ErasedCategories(part), all: part.Manual != "" || part.Asks()} // of which nobody counted what
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
	return f.oweRecipients(ctx, owing{purpose: privacy.InquireLimit, limits: []string{string(privacy.LimitRestriction)}}, all)
}

// oweRecipients puts on record who must hear of what was done (Art. 19 GDPR): the processors and controllers that the declarations of the systems
// name for categories that it concerned there.
func (f *file) oweRecipients(ctx context.Context, why owing, all []touched) error {
	var owed []owedRecipient
	for _, t := range all {
		if !t.all && len(t.categories) == 0 || t.system == erasure.LedgerSystem { // of the ledger of consents nobody is given anything
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
			if !t.all {
				r.Categories = within(r.Categories, t.categories)
			}
			if len(r.Categories) == 0 {
				continue
			}
			one, err := f.oweRecipient(ctx, why, t, r)
			if err != nil {
				return err
			}
			owed = append(owed, one)
		}
	}
	if f.row.ForgottenAt != nil && len(owed) > 0 {
		return f.toTell(ctx, fmt.Sprintf("tell/%s/%s/%s", why.plan, all[0].system, why.turn), namesOf(owed))
	}
	return f.tellRecipients(ctx, why, owed)
}

// ErasedCategories are those of fields of which something is erased in a system; in some collections of it, if any are named.
func ErasedCategories(part erasure.SystemPlan, in ...dataset.Address) (categories []string) {
	for _, l := range part.Lines {
		if len(in) > 0 && !slices.Contains(in, l.Address) {
			continue
		}
		touched := l.Touches() && (l.Rows.Erased > 0 || l.Rows.Parts > 0)
		for _, field := range l.Fields {
			if touched && gone(field.Fate) || field.Trimmed && l.Rows.Kept > 0 {
				categories = append(categories, field.Categories...)
			}
		}
	}
	slices.Sort(categories)
	return slices.Compact(categories)
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

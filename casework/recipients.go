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
		t := touched{system: part.Key}
		t.categories, t.all = ErasedCategories(part), part.Manual != "" || part.Asks() // of which nobody counted what
		all = append(all, t)
	}
	return f.oweRecipients(ctx, owing{purpose: privacy.InquireErase, plan: &plan.ID}, all)
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
// name for categories that it concerned there. Those with a mailbox are written to; the others a person tells.
func (f *file) oweRecipients(ctx context.Context, why owing, all []touched) error {
	var letters []*storage.NewInquiry
	var names []string
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
			n := storage.NewRecipientNotice{Recipient: r.Name, Role: r.Role, System: t.system, Categories: concerned, Turn: why.turn}
			id, err := f.tx.OweRecipient(ctx, f.row.ID, why.plan, n)
			if err != nil {
				return err
			}
			if !slices.Contains(names, r.Name) {
				names = append(names, r.Name)
			}
			if r.Email != "" && f.row.ForgottenAt == nil {
				letters = f.addressed(letters, why, t, r, id, concerned)
			}
		}
	}
	if f.row.ForgottenAt != nil && len(names) > 0 {
		return f.toTell(ctx, fmt.Sprintf("tell/%s/%s/%s", why.plan, all[0].system, why.turn), names)
	}
	for _, n := range letters {
		if err := f.reachable(ctx, n); err != nil {
			return err
		}
		if err := f.inquire(ctx, *n); err != nil {
			return err
		}
	}
	return nil
}

// addressed adds what a recipient is written. One that was given data from several systems has one letter about all of it.
func (f *file) addressed(letters []*storage.NewInquiry, why owing, t touched, r dataset.Recipient, notice uuid.UUID, concerned []string) []*storage.NewInquiry {
	i := slices.IndexFunc(letters, func(n *storage.NewInquiry) bool { return n.Addressee == r.Name && n.Address == r.Email })
	if i < 0 {
		i = len(letters)
		letters = append(letters, &storage.NewInquiry{
			Notice: &notice, Purpose: why.purpose, Turn: fmt.Sprintf("recipient/%s/1", notice), Channel: storage.InquiryByEmail, Addressee: r.Name, Address: r.Email,
			Language: r.Language, Identities: r.Identities, Due: f.tx.Now().Add(privacy.InquiryWithin), Body: storage.InquiryBody{Limits: why.limits},
		})
	}
	body := &letters[i].Body
	body.Notices = append(body.Notices, notice)
	for _, change := range changesOf(t.changed) {
		if !slices.ContainsFunc(body.Changes, change.Same) {
			body.Changes = append(body.Changes, change)
		}
	}
	body.Categories = slices.Concat(body.Categories, concerned)
	slices.Sort(body.Categories)
	body.Categories = slices.Compact(body.Categories)
	return letters
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

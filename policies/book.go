package policies

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Book is every policy that was read. It does not change after loading and is safe for concurrent use.
type Book struct {
	regimes      []*privacy.Regime
	breaches     []privacy.BreachRule
	messages     []privacy.MessageRule
	retention    []privacy.RetentionRule
	ladders      []privacy.Ladder
	verification []privacy.VerificationRule
	mail         privacy.MailRules
}

// NotFoundError says that the book has no such policy.
type NotFoundError struct {
	Kind, ID, Detail string
}

func (e *NotFoundError) Error() string {
	text := fmt.Sprintf("no %s %q among the policies", e.Kind, e.ID)
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

// Regime finds the version of a regime that applies to what was received at that moment. The day is read in the
// regime's own zone. A *NotFoundError says whether the id or only the day is unknown.
func (b *Book) Regime(id string, on time.Time) (*privacy.Regime, error) {
	versions := b.versions(id)
	if len(versions) == 0 {
		return nil, &NotFoundError{Kind: "regime", ID: id}
	}
	for _, r := range versions {
		if r.InForce(dayIn(r, on)) {
			return r, nil
		}
	}
	return nil, &NotFoundError{Kind: "regime", ID: id, Detail: fmt.Sprintf("no version is in force on %s; the first begins %s", on.Format(time.DateOnly), versions[0].ValidFrom)}
}

// dayIn is the civil date of a moment where the regime lives, or as it was written down.
func dayIn(r *privacy.Regime, on time.Time) privacy.Date {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil || r.Zone == "" {
		zone = on.Location()
	}
	return privacy.DateIn(on, zone)
}

// RegimeVersion finds one version, in force or not: a running case keeps the version it began under.
func (b *Book) RegimeVersion(id, version string) (*privacy.Regime, error) {
	for _, r := range b.versions(id) {
		if r.Version == version {
			return r, nil
		}
	}
	return nil, &NotFoundError{Kind: "regime", ID: id, Detail: "no version " + version}
}

// versions lists the versions of a regime, oldest first.
func (b *Book) versions(id string) []*privacy.Regime {
	var out []*privacy.Regime
	for _, r := range b.regimes {
		if r.ID == id {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(x, y *privacy.Regime) int { return x.ValidFrom.Compare(y.ValidFrom) })
	return out
}

// Versions lists every version of a regime, oldest first; a *NotFoundError when there is none.
func (b *Book) Versions(id string) ([]*privacy.Regime, error) {
	versions := b.versions(id)
	if len(versions) == 0 {
		return nil, &NotFoundError{Kind: "regime", ID: id}
	}
	return versions, nil
}

// Regimes lists every version of every regime, by id and then by age.
func (b *Book) Regimes() []privacy.Summary {
	var out []privacy.Summary
	for _, r := range b.regimes {
		out = append(out, r.Summary())
	}
	slices.SortFunc(out, func(x, y privacy.Summary) int {
		return cmp.Or(cmp.Compare(x.ID, y.ID), x.ValidFrom.Compare(y.ValidFrom))
	})
	return out
}

// Ladder finds an escalation ladder.
func (b *Book) Ladder(id string) (privacy.Ladder, error) {
	return find(id, b.ladders, ladderKind())
}

// Ladders lists the escalation ladders.
func (b *Book) Ladders() []privacy.Ladder { return slices.Clone(b.ladders) }

// Breaches lists the breach rules.
func (b *Book) Breaches() []privacy.BreachRule { return slices.Clone(b.breaches) }

// Breach finds a breach rule.
func (b *Book) Breach(id string) (privacy.BreachRule, error) {
	return find(id, b.breaches, breachKind())
}

// Message finds a rule on commercial messages.
func (b *Book) Message(id string) (privacy.MessageRule, error) {
	return find(id, b.messages, consentKind())
}

// Messages lists every rule on commercial messages.
func (b *Book) Messages() []privacy.MessageRule { return slices.Clone(b.messages) }

// Retention finds a retention rule.
func (b *Book) Retention(id string) (privacy.RetentionRule, error) {
	return find(id, b.retention, retentionKind())
}

// RetentionRules lists every retention rule.
func (b *Book) RetentionRules() []privacy.RetentionRule { return slices.Clone(b.retention) }

// RetentionFor lists the rules of a country that cover a kind of record.
func (b *Book) RetentionFor(country, kind string) []privacy.RetentionRule {
	return slices.DeleteFunc(slices.Clone(b.retention), func(r privacy.RetentionRule) bool {
		return r.Country != country || !r.Covers(kind)
	})
}

// VerificationFor finds the verification rule of a regime.
func (b *Book) VerificationFor(regime string) (privacy.VerificationRule, error) {
	for _, r := range b.verification {
		if slices.Contains(r.Regimes, regime) {
			return r, nil
		}
	}
	return privacy.VerificationRule{}, &NotFoundError{Kind: "verification rule of regime", ID: regime}
}

func find[T any](id string, all []T, k kind[T]) (T, error) {
	for _, item := range all {
		if k.id(item) == id {
			return item, nil
		}
	}
	var none T
	return none, &NotFoundError{Kind: k.name, ID: id}
}

package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// Basis is a hash of what a plan of erasure rests on beside the rows: which systems there are, how they are reached, and what is written about them.
// A password may change without it.
func Basis(systems []storage.System, datasets []storage.Dataset) string {
	type part struct{ Key, Kind, Target, Change, Service, Declaration, State string }
	all := struct {
		Systems  []part
		Datasets [][3]string
	}{}
	for _, s := range systems {
		all.Systems = append(all.Systems, part{s.Key, s.Kind, address(s.Target), address(s.Change), s.Service, s.Declaration, s.State})
	}
	for _, d := range datasets {
		all.Datasets = append(all.Datasets, [3]string{d.SystemKey, d.FidesKey, d.Annotation})
	}
	return sumOf(all)
}

// address is where a system is, without the password.
func address(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.User == nil {
		return target
	}
	u.User = url.User(u.User.Username())
	return u.String()
}

// rulesOf is a hash of the retention rules that a plan was made by.
func rulesOf(c erasure.Circumstances) string {
	return sumOf(struct {
		Rules      []privacy.RetentionRule
		Zone       string
		Supervised bool
		YearEnd    erasure.YearEnd
	}{c.Rules, c.Zone.String(), c.Supervised, c.YearEnd})
}

func sumOf(v any) string {
	text, _ := json.Marshal(v) // texts, numbers and truth values always marshal
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// basis is the hash of what is written about the systems now.
func (f *file) basis(ctx context.Context) (string, error) {
	systems, err := f.tx.Systems(ctx)
	if err != nil {
		return "", err
	}
	datasets, err := f.tx.Datasets(ctx)
	return Basis(systems, datasets), err
}

// outdated wants a plan to rest on what is there now.
func (f *file) outdated(ctx context.Context, plan erasure.Plan) error {
	basis, err := f.basis(ctx)
	if err != nil {
		return err
	}
	c, err := f.duties(f.tx)
	if err != nil {
		return err
	}
	switch {
	case plan.Basis != basis:
		return &privacy.RuleError{Code: "plan_outdated", Message: "a system, its annotation or its declaration was changed after the plan was made; have it made anew"}
	case plan.Rules != rulesOf(c):
		return &privacy.RuleError{Code: "plan_outdated", Message: "the retention rules were changed after the plan was made; have it made anew"}
	}
	return nil
}

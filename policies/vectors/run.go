package vectors

import (
	"fmt"
	"maps"
	"slices"

	"github.com/privacy-docket/docket/policies"
)

// rule answers the input of one vector.
type rule func(b *policies.Book, in *input) (output, error)

// Runner runs vectors against one book.
type Runner struct {
	book  *policies.Book
	rules map[string]rule
}

// New prepares a runner with every rule id that is known.
func New(book *policies.Book) *Runner {
	rules := map[string]rule{}
	for _, table := range []map[string]rule{
		deadlineRules(), regulationRules(), stateRules(), breachRules(), messageRules(), oneClickRules(), retentionRules(), decisionRules(),
	} {
		maps.Copy(rules, table)
	}
	return &Runner{book: book, rules: rules}
}

// Rules lists the rule ids in alphabetical order.
func (r *Runner) Rules() []string { return slices.Sorted(maps.Keys(r.rules)) }

// Result is how one vector fared; Failure is empty when it passed.
type Result struct {
	ID      string `json:"id"`
	Rule    string `json:"rule"`
	Failure string `json:"failure,omitempty"`
}

// Run answers every vector of a file. Unknown rules and malformed vectors are failures.
func (r *Runner) Run(data []byte) ([]Result, error) {
	parsed, err := Parse(data)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(parsed))
	for i, p := range parsed {
		results[i] = Result{ID: p.Name, Rule: p.Vector.Rule, Failure: r.failure(p)}
	}
	return results, nil
}

// failure says why a vector does not hold; nothing means that it does. What is wrong with the input comes first.
func (r *Runner) failure(p Parsed) string {
	if p.Err != nil {
		return p.Err.Error()
	}
	answer, known := r.rules[p.Vector.Rule]
	if !known {
		return fmt.Sprintf("unknown rule %q", p.Vector.Rule)
	}
	in := &input{values: p.Vector.Input}
	got, err := answer(r.book, in)
	if inputErr := in.err(); inputErr != nil {
		return "malformed vector: " + inputErr.Error()
	}
	if err != nil {
		return err.Error()
	}
	return mismatch(p.Vector.Expect, got)
}

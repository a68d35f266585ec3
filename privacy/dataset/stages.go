package dataset

import (
	"maps"
	"slices"
)

// Stage is a run of steps in one system. Stages are worked through in order.
type Stage struct {
	System      string    `json:"system"`
	Collections []Address `json:"collections"`
	// Exports are fields of this stage whose values later stages in other systems need.
	Exports []FieldAddress `json:"exports,omitempty"`
}

// Stages groups a plan's steps by system, so that each stage needs only values from stages before it. systemOf names the system
// that holds a dataset. A system is visited again when rows in it are found by values of another system that it led to.
func (p *Plan) Stages(systemOf func(dataset string) string) []Stage {
	var stages []Stage
	done := map[Address]bool{}
	left := slices.Clone(p.Steps)
	for len(left) > 0 {
		stage := Stage{System: nextSystem(left, done, systemOf)}
		rest := left[:0:0]
		for _, s := range left {
			if systemOf(s.Dataset) != stage.System || !s.inputsIn(done) {
				rest = append(rest, s)
				continue
			}
			done[s.Address] = true
			stage.Collections = append(stage.Collections, s.Address)
		}
		if len(stage.Collections) == 0 {
			// Only a plan that no graph made names inputs that never come: hand it on as it is, and the connector refuses it.
			stage.Collections, rest = []Address{left[0].Address}, left[1:]
			done[left[0].Address] = true
		}
		stages, left = append(stages, stage), rest
	}
	for i := range stages {
		stages[i].Exports = p.exports(stages[i], systemOf)
	}
	return stages
}

// nextSystem picks the first system that can be finished with what is done, so that few are visited twice; else the first.
func nextSystem(left []Step, done map[Address]bool, systemOf func(string) string) string {
	for _, s := range left {
		system := systemOf(s.Dataset)
		reached := maps.Clone(done)
		finished := true
		for _, other := range left {
			if systemOf(other.Dataset) == system {
				finished = finished && other.inputsIn(reached)
				reached[other.Address] = true
			}
		}
		if finished {
			return system
		}
	}
	return systemOf(left[0].Dataset)
}

// inputsIn reports whether all collections that a step is found from are visited.
func (s Step) inputsIn(done map[Address]bool) bool {
	return !slices.ContainsFunc(s.FoundBy, func(e Entry) bool { return e.From != nil && !done[e.From.Address] })
}

// exports lists the fields of a stage that steps of other systems are found by, each once.
func (p *Plan) exports(stage Stage, systemOf func(string) string) []FieldAddress {
	var out []FieldAddress
	seen := map[string]bool{}
	for _, s := range p.Steps {
		for _, e := range s.FoundBy {
			if e.From == nil || systemOf(s.Dataset) == stage.System || !slices.Contains(stage.Collections, e.From.Address) || seen[e.From.String()] {
				continue
			}
			seen[e.From.String()] = true
			out = append(out, *e.From)
		}
	}
	return out
}

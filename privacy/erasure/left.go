package erasure

import (
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// Left is what a system keeps for one reason, as lists show it: without what a person is called or a decision's words.
type Left struct {
	System   string           `json:"system"`
	Ground   Ground           `json:"ground"`
	Rule     string           `json:"rule,omitempty"`
	Citation privacy.Citation `json:"citation,omitzero"`
	Rows     int64            `json:"rows"`
	// Until is the last day of the longest; zero while nobody can say.
	Until privacy.Date `json:"until,omitzero"`
}

// Left sums up what the system keeps and may erase some day, over its collections. What staff keep by a decision stays, and so do lists of
// whom nobody writes to.
func (s *SystemPlan) Left() (out []Left) {
	for _, l := range s.Lines {
		for _, k := range l.Kept {
			if k.Rows == 0 || k.Ground.forGood() {
				continue
			}
			i := slices.IndexFunc(out, func(o Left) bool {
				return o.Ground == k.Ground && o.Rule == k.Rule && o.Citation == k.Citation && o.Until.IsZero() == k.Until.IsZero()
			})
			if i < 0 {
				out = append(out, Left{System: s.Key, Ground: k.Ground, Rule: k.Rule, Citation: k.Citation, Until: k.Until})
				i = len(out) - 1
			}
			out[i].Rows += k.Rows
			if k.Until.After(out[i].Until) {
				out[i].Until = k.Until
			}
		}
	}
	return out
}

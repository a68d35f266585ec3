package policies

import (
	"fmt"

	"github.com/privacy-docket/docket/privacy"
)

// checkRecourse sees to it that what is kept for recourse has an end, and is kept for requests that there are.
func checkRecourse(d *document, of string, r *privacy.Regime) {
	checkPeriod(d, join(of, "appeal.within"), r.Appeal.Within)
	if r.Recourse == nil {
		return
	}
	at := join(of, "recourse")
	if r.Appeal.Within.IsZero() {
		d.at(at, "nothing says how long the person has; give the appeal its time (within)")
	}
	if r.BlocksErasure == nil {
		d.at(at, "what is kept after the answer is kept before it too; give the rule (access_blocks_erasure)")
	}
	if len(r.Recourse.Rights) == 0 || len(r.Recourse.After) == 0 {
		d.at(at, "name at least one right, and one outcome after which it is kept")
	}
	for i, right := range r.Recourse.Rights {
		if _, given := r.Rights[right]; !given {
			d.at(fmt.Sprintf("%s.rights.%d", at, i), "the regime gives no right of %s", right)
		}
	}
	for i, outcome := range r.Recourse.After {
		if outcome != privacy.OutcomeFulfilled && outcome != privacy.OutcomeRefused {
			d.at(fmt.Sprintf("%s.after.%d", at, i), "%q is no answer that a person could complain of: fulfilled and refused are", outcome)
		}
	}
}

package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// amend sets in the systems what the case wants set there, on all of them side by side, until nothing is left to set.
func (r *request) amend(ctx workflow.Context) error {
	for r.view.Amendments > 0 {
		var open []contract.Amendment
		if err := workflow.ExecuteActivity(register(ctx), contract.ActivityAmendments, r.in.Ref).Get(ctx, &open); err != nil {
			return err
		}
		if err := r.amendAll(ctx, open); err != nil {
			return err
		}
		if err := r.load(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *request) amendAll(ctx workflow.Context, open []contract.Amendment) error {
	lanes := lanesOf(open)
	left := len(lanes)
	var failed error
	for _, lane := range lanes {
		workflow.Go(ctx, func(ctx workflow.Context) {
			for _, a := range lane {
				if err := r.amendOne(ctx, a); err != nil {
					failed = err
					break
				}
			}
			left--
		})
	}
	if err := workflow.Await(ctx, func() bool { return left == 0 || failed != nil }); err != nil {
		return err
	}
	return failed
}

// lanesOf puts what concerns one system one behind the other: what is taken away again must not be overtaken.
func lanesOf(open []contract.Amendment) (lanes [][]contract.Amendment) {
	at := map[string]int{}
	for _, a := range open {
		i, known := at[a.System.String()]
		if !known {
			i = len(lanes)
			at[a.System.String()] = i
			lanes = append(lanes, nil)
		}
		lanes[i] = append(lanes[i], a)
	}
	return lanes
}

func (r *request) amendOne(ctx workflow.Context, a contract.Amendment) error {
	in := contract.AmendmentInput{Ref: r.in.Ref, Amendment: a}
	_, err := r.persist(ctx, a.System, contract.ActivityAmend, in, func(err error) workflow.Future {
		failure := contract.AmendmentFailure{AmendmentInput: in}
		failure.Code, failure.Problem = problemOf(err)
		return workflow.ExecuteActivity(register(ctx), contract.ActivityAmendmentFail, failure)
	})
	return err
}

// limit has the systems marked and goes on: to a decision, or to the end.
func (r *request) limit(ctx workflow.Context) error {
	if err := r.amend(ctx); err != nil {
		return err
	}
	return r.command(ctx, contract.FinishCollection)
}

// correct writes the accepted corrections.
func (r *request) correct(ctx workflow.Context) error {
	if err := r.amend(ctx); err != nil {
		return err
	}
	return r.command(ctx, contract.FinishExecution)
}

package workflows

import "go.temporal.io/sdk/worker"

// Pollers are as many as there is work for, as Temporal tells: a fixed few would hold up a whole morning's requests, and
// many would keep an idle server busy.
func Pollers() worker.PollerBehavior {
	return worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{
		InitialNumberOfPollers: 5, MinimumNumberOfPollers: 2, MaximumNumberOfPollers: 64,
	})
}

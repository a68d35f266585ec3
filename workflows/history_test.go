package workflows_test

import (
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
)

// history reads every event of the newest run of a workflow.
func (l *live) history(workflowID string) (events []*history.HistoryEvent) {
	l.t.Helper()
	return l.historyOf(workflowID, "")
}

func (l *live) historyOf(workflowID, runID string) (events []*history.HistoryEvent) {
	l.t.Helper()
	iterator := l.client.GetWorkflowHistory(l.t.Context(), workflowID, runID, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for iterator.HasNext() {
		event, err := iterator.Next()
		require.NoError(l.t, err)
		events = append(events, event)
	}
	return events
}

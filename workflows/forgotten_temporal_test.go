package workflows_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/workflows/contract"
)

// temporals are Temporal's databases.
var temporals = []string{"temporal", "temporal_visibility"}

// inTemporal looks through the dumps of Temporal's databases.
func (s *traces) inTemporal(t *testing.T) (found []trace) {
	t.Helper()
	for _, name := range temporals {
		found = append(found, s.in(name, dumped(t, database(t, localtest.Stack(t).PostgresAdminDSN, name)))...)
	}
	return found
}

// Nothing of what is said of a person is in a dump of Temporal's databases, for each of which the same search finds what a program writes there that seals nothing.
func TestADumpOfTemporalNamesNobody(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	l.follow(l.client)
	l.work()
	l.Shop.Correctable()
	f := l.file(sung, func(n *casework.NewRequest) {
		casetest.Proven(n)
		n.Right, n.Person.Email = privacy.Rectification, of("post")+"-"+localtest.Mailbox(t).Address("x")
	})
	f.reaches(privacy.RequestReviewing)
	p := &play{t: t, Request: f.Request}
	p.talks()
	p.renames()
	require.Error(t, f.command(casetest.Command(contract.Refuse, casetest.Because("not_a_reason"), f.Saying(of("notitie")))))
	f.must(p.correct(bo))
	f.ends()
	require.Contains(t, p.opened(), of("nieuw"))

	planted := "planted" + uuid.NewString()[:8]
	unsealed := l.dial(client.Options{})
	_, err := unsealed.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: planted, TaskQueue: "nobody"}, "nothing", "input "+planted)
	require.NoError(t, err)
	search := tracesOf(bird, dialled, planted)
	var found []trace
	f.until("the planted workflow is in both databases", func() bool {
		found = search.inTemporal(t)
		return len(places(found)) == len(temporals)
	})
	require.Equal(t, []string{planted}, words(found), "%v", found)
}

// places are where something was found.
func places(found []trace) map[string]bool {
	out := map[string]bool{}
	for _, f := range found {
		out[f.where] = true
	}
	return out
}

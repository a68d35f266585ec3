package casework_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// effect is what one command does to a case.
type effect struct {
	from    privacy.RequestState
	kind    contract.CommandKind
	change  []func(*contract.Command)
	note    string
	to      privacy.RequestState
	outcome privacy.Outcome
	respond string   // the state of the obligation to answer
	letters []string // new ones to the person
	tasks   []string // open ones after it
	events  []string // among the new ones
}

func effects() map[string]effect {
	const open, paused, met, waived = storage.ObligationOpen, storage.ObligationPaused, storage.ObligationMet, storage.ObligationWaived
	return map[string]effect{
		"begin": {
			from: "received", kind: contract.Begin, to: "verifying", respond: paused, letters: []string{"acknowledgement", "one_time_code"},
			events: []string{"request.state_changed", "obligation.paused", "identity.code_sent", "message.queued"},
		},
		"remind": {
			from: "verifying", kind: contract.RemindIdentity, to: "verifying", respond: paused, letters: []string{"identity_reminder"},
			events: []string{"message.queued"},
		},
		"lapse": {
			from: "verifying", kind: contract.LapseIdentity, to: "closed", outcome: privacy.OutcomeUnverified, respond: waived,
			letters: []string{"identity_closed"}, events: []string{"request.closed", "obligation.waived"},
		},
		"confirm": {
			from: "verifying", kind: contract.ConfirmIdentity, note: "called back on the number we know", to: "collecting", respond: open,
			events: []string{"identity.proven", "obligation.resumed", "request.state_changed"},
		},
		"reject": {
			from: "verifying", kind: contract.RejectIdentity, to: "closed", outcome: privacy.OutcomeRefused, respond: met,
			letters: []string{"refusal"}, events: []string{"request.refused", "obligation.met"},
		},
		"ask": {
			from: "reviewing", kind: contract.AskClarity, note: "Which account?", to: "clarifying", respond: paused,
			letters: []string{"clarification"}, events: []string{"request.clarification_asked", "obligation.paused", "task.answered"},
		},
		"clarified": {
			from: "clarifying", kind: contract.Clarified, to: "collecting", respond: open,
			events: []string{"request.clarified", "obligation.resumed"},
		},
		"collected": {
			from: "collecting", kind: contract.FinishCollection, to: "reviewing", respond: open, tasks: []string{"review"},
			events: []string{"request.state_changed", "task.created"},
		},
		"recollect": {
			from: "reviewing", kind: contract.Recollect, to: "collecting", respond: open, events: []string{"request.state_changed", "task.answered"},
		},
		"approve": {
			from: "reviewing", kind: contract.Approve, to: "packaging", respond: open, events: []string{"review.approved", "task.answered"},
		},
		"packaged": {from: "packaging", kind: contract.FinishPackage, to: "delivering", respond: open, events: []string{"request.state_changed"}},
		"deliver": {
			from: "delivering", kind: contract.Deliver, to: "closed", outcome: privacy.OutcomeFulfilled, respond: met,
			letters: []string{"package_ready"}, events: []string{"request.closed", "obligation.met"},
		},
		"refuse": {
			from: "reviewing", kind: contract.Refuse, change: []func(*contract.Command){casetest.Because("excessive")}, note: "The tenth this week.",
			to: "closed", outcome: privacy.OutcomeRefused, respond: met, letters: []string{"refusal"},
			events: []string{"request.refused", "obligation.met", "task.cancelled"},
		},
		"withdraw": {
			from: "clarifying", kind: contract.Withdraw, to: "closed", outcome: privacy.OutcomeWithdrawn, respond: waived,
			letters: []string{"withdrawn"}, events: []string{"request.withdrawn", "obligation.waived"},
		},
		"cancel": {
			from: "collecting", kind: contract.Cancel, to: "closed", outcome: privacy.OutcomeCancelled, respond: waived,
			letters: []string{"cancelled"}, events: []string{"request.cancelled", "obligation.waived"},
		},
		"extend": {
			from: "collecting", kind: contract.Extend, change: []func(*contract.Command){casetest.Because("complexity")}, to: "collecting",
			respond: open, letters: []string{"extension"}, events: []string{"obligation.extended", "obligation.met"},
		},
		"pause": {
			from: "collecting", kind: contract.Pause, change: []func(*contract.Command){waitingFor(privacy.PauseClarification)},
			to: "collecting", respond: paused, events: []string{"obligation.paused"},
		},
		"resume": {
			from: "verifying", kind: contract.Unpause, change: []func(*contract.Command){waitingFor(privacy.PauseIdentity)},
			to: "verifying", respond: open, events: []string{"obligation.resumed"},
		},
	}
}

// Each command has its effect on state, obligations, letters, tasks and the log; given twice with the same key it has it
// once.
func TestCommands(t *testing.T) {
	t.Parallel()
	for name, want := range effects() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newBundle(t).at(want.from)
			letters, events := len(f.letters()), len(f.actions())
			if want.note != "" {
				want.change = append(want.change, f.withNote(want.note))
				events++
			}
			c := casetest.Command(want.kind, want.change...)
			view, err := f.do(c)
			require.NoError(t, err)

			require.Equal(t, want.to, view.State)
			row := f.row()
			require.Equal(t, string(want.to), row.State)
			if want.outcome == "" {
				require.Nil(t, row.Outcome)
			} else {
				require.Equal(t, string(want.outcome), *row.Outcome)
			}
			require.Equal(t, want.respond, f.standing()[privacy.Respond])
			require.ElementsMatch(t, want.letters, f.kinds()[letters:])
			require.ElementsMatch(t, want.tasks, f.openTasks())
			require.Subset(t, f.actions()[events:], want.events)
			f.requireAddressed()
			f.requireUnchanged(func() {
				_, err := f.do(c)
				require.NoError(t, err, "the same key again")
			})
		})
	}
}

// requireAddressed looks at every letter: to the person, in words, with the case's reference.
func (f *file) requireAddressed() {
	f.t.Helper()
	for _, l := range f.letters() {
		require.Equal(f.t, notify.Receiver{Name: f.person.Name, Address: f.person.Email}, l.To)
		require.Contains(f.t, l.Rendered.Subject+l.Rendered.Text, f.opened.Reference, l.line.Kind)
	}
}

// A command that the state does not allow is refused, and changes nothing: every command in every state.
func TestRefusedCommandsChangeNothing(t *testing.T) {
	t.Parallel()
	for _, state := range privacy.RequestStates() {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			f := newBundle(t).at(state)
			for name, e := range effects() {
				err := e.kind.AllowedIn(state)
				if err == nil {
					continue
				}
				f.requireUnchanged(func() {
					_, err := f.do(casetest.Command(e.kind, e.change...))
					refusal := requireRefused(t, err, "state")
					require.NotEmpty(t, refusal.Message, name)
				})
			}
		})
	}
}

// What a rule refuses changes nothing either, and says under which provision.
func TestRuleRefusals(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestCollecting)
	for name, c := range map[string]struct { //nolint:paralleltest // each looks whether the one case has changed
		command contract.Command
		code    string
	}{
		"a reason the regime does not know": {casetest.Command(contract.Refuse, casetest.Because("no_ground")), "refusal_reason_not_in_regime"},
		"a pause the regime does not know":  {casetest.Command(contract.Pause, waitingFor(privacy.PauseFee)), "pause_not_provided"},
		"a reason to extend it has not":     {casetest.Command(contract.Extend, casetest.Because("holidays")), "extension_reason_not_in_regime"},
		"nothing to resume":                 {casetest.Command(contract.Unpause, waitingFor(privacy.PauseClarification)), "not_paused"},
	} {
		t.Run(name, func(t *testing.T) {
			f.requireUnchanged(func() {
				_, err := f.do(c.command)
				requireRefused(t, err, c.code)
			})
		})
	}
}

// A question needs its words, a delivery its package: without them nothing happens.
func TestCommandsNeedWhatTheyTellOf(t *testing.T) {
	t.Parallel()
	b := newBundle(t)
	asked := b.at(privacy.RequestReviewing)
	b.requireUnchanged(func() {
		_, err := asked.do(casetest.Command(contract.AskClarity))
		require.ErrorIs(t, err, storage.ErrNotFound)
	})
	delivering := b.open(proven)
	for _, kind := range []contract.CommandKind{contract.Begin, contract.FinishCollection, contract.Approve, contract.FinishPackage} {
		delivering.must(kind)
	}
	b.requireUnchanged(func() {
		_, err := delivering.do(casetest.Command(contract.Deliver))
		require.ErrorContains(t, err, "no package")
		_, err = delivering.do(casetest.Command("dance"))
		require.ErrorContains(t, err, "dance")
	})
}

// A secret letter is marked to be destroyed when it is sent, and no other is.
func TestOnlyCodesAreSecret(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	for _, l := range f.letters() {
		require.Equal(t, l.line.Kind == string(notify.KindOneTimeCode), l.line.Secret, l.line.Kind)
	}
}

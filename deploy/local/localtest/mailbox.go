package localtest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
)

// pollEvery is how often Wait looks for a message.
const pollEvery = 50 * time.Millisecond

// Mail is a test's view of the stack's mail catcher.
type Mail struct {
	// SMTP is host:port to send to.
	SMTP string

	t      testing.TB
	client *mailcatcher.Client
}

// Mailbox opens the stack's mail catcher. All tests share it: use Address for recipients nobody else has.
func Mailbox(t testing.TB) *Mail {
	t.Helper()
	stack := Stack(t)
	return &Mail{SMTP: stack.SMTP, t: t, client: mailcatcher.NewClient(stack.Mail)}
}

// Address makes a recipient that no other test uses.
func (m *Mail) Address(local string) string {
	return local + "-" + strings.ToLower(rand.Text()[:12]) + "@example.test"
}

// Wait returns the first message to the recipient that matches, and fails the test when the context ends before it
// arrives. A nil match takes any message.
func (m *Mail) Wait(ctx context.Context, to string, match func(mailcatcher.Message) bool) mailcatcher.Message {
	m.t.Helper()
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		for _, message := range m.Messages(ctx, to) {
			if match == nil || match(message) {
				return message
			}
		}
		select {
		case <-ctx.Done():
			require.FailNow(m.t, "no such mail arrived", "to %s: %v", to, ctx.Err())
		case <-ticker.C:
		}
	}
}

// Messages returns what has arrived for the recipient, oldest first.
func (m *Mail) Messages(ctx context.Context, to string) []mailcatcher.Message {
	m.t.Helper()
	messages, err := m.client.Messages(ctx, to)
	require.NoError(m.t, err)
	return messages
}

// Fault orders the catcher to misbehave towards one recipient of the test's own; the order ends with the test.
func (m *Mail) Fault(fault mailcatcher.Fault) {
	m.t.Helper()
	require.NotEmpty(m.t, fault.To, "a fault without a recipient would hit the other tests: name one")
	require.NoError(m.t, m.client.SetFault(m.t.Context(), fault))
	m.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
		defer cancel()
		require.NoError(m.t, m.client.ClearFault(ctx, fault.To))
	})
}

package casework_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// digests are the letters of a kind without a case, by the address they went to.
func (b *bundle) digests() map[string]string {
	b.t.Helper()
	out := map[string]string{}
	storagetest.Change(b.t, b.DB, b.tenant, func(ctx context.Context, tx *storage.Tx) error {
		queued, err := tx.ClaimMessages(ctx, 500, 0)
		for _, letter := range queued {
			if notify.Kind(letter.Kind) != notify.KindDigest {
				continue
			}
			var sent notify.Message
			require.NoError(b.t, json.Unmarshal(letter.Content, &sent))
			require.NotContains(b.t, out, sent.To.Address, "one a day")
			out[sent.To.Address] = sent.Rendered.Text
		}
		return err
	})
	return out
}

// join makes the staff of a role people who can sign in, and gives one of them.
func (b *bundle) join(role string) (member storage.Staff) {
	b.t.Helper()
	storagetest.Change(b.t, b.DB, b.tenant, func(ctx context.Context, tx *storage.Tx) error {
		staff, err := tx.Staff(ctx)
		if err != nil {
			return err
		}
		for _, m := range staff {
			if m.Role == role {
				member = m
			}
		}
		id := uuid.Must(uuid.NewV7())
		account, err := tx.OfAccount(ctx, id)
		if err != nil {
			return err
		}
		if err := account.Create(ctx, storage.NewAccount{Email: member.Email, Name: member.Name}); err != nil {
			return err
		}
		return tx.Join(ctx, member.ID, id)
	})
	return member
}

// Each working morning, once, whoever has work is told what is overdue, due soon and to do: agents what is theirs or nobody's,
// officers everything. Nobody is written to on a Sunday, before seven, or with nothing to say.
func TestDigest(t *testing.T) {
	t.Parallel()
	b := newBundle(t)
	agent, dpo := b.join("agent"), b.join("dpo")
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	send := func(at time.Time) (done bool) {
		b.Clock.Advance(at.Sub(b.Clock.Now()))
		done, err := b.desk.SendDigests(t.Context(), b.tenant)
		require.NoError(t, err)
		return done
	}
	require.True(t, send(monday.Add(32*time.Hour)), "08:00 in Berlin and nothing owed")
	require.Empty(t, b.digests())

	f := b.open(proven, func(n *casework.NewRequest) {
		n.ReceivedAt, n.BackdateReason = b.Clock.Now().AddDate(0, 0, -40), "post room"
	})
	soon := b.open(proven, func(n *casework.NewRequest) {
		n.ReceivedAt, n.BackdateReason = b.Clock.Now().AddDate(0, 0, -26), "post room"
	})
	require.False(t, send(monday.Add(53*time.Hour)), "too early")
	require.Empty(t, b.digests())
	require.True(t, send(monday.Add(56*time.Hour)))
	require.True(t, send(monday.Add(57*time.Hour)), "and once more")
	told := b.digests()
	require.Len(t, told, 2, "the administrator has no account yet")
	for _, who := range []storage.Staff{agent, dpo} {
		require.Contains(t, told[who.Email], f.opened.Reference+": Answer the person, overdue by")
		require.Contains(t, told[who.Email], soon.opened.Reference)
		require.NotContains(t, told[who.Email], f.person.Email)
	}

	storagetest.Change(t, b.DB, b.tenant, func(ctx context.Context, tx *storage.Tx) error {
		dpo.Digest = false
		if err := tx.SetReach(ctx, dpo); err != nil {
			return err
		}
		if err := tx.AssignCase(ctx, f.ref.Case, &dpo.ID); err != nil {
			return err
		}
		return tx.AssignCase(ctx, soon.ref.Case, &dpo.ID)
	})
	require.True(t, send(monday.Add(6*24*time.Hour+8*time.Hour)), "a Sunday")
	require.True(t, send(monday.Add(7*24*time.Hour+8*time.Hour)))
	require.Equal(t, told, b.digests(), "the officer wants none, and nothing is the agent's")
}

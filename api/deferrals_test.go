package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

type deferredAnswer struct {
	Items []struct {
		ID        uuid.UUID
		Request   uuid.UUID
		Reference string
		State     string
		Due       time.Time
		Kept      []struct {
			System, Name, Ground, Until string
			Citation                    privacy.Citation
			Rows                        int64
			Stopped                     bool
		}
		Holds []struct{ Matter string }
		Asked []string
	}
	Next string `json:"next_cursor"`
}

// left puts off the erasure of somebody in the shop until a number of days from now.
func (w *world) left(email string, days int) (id uuid.UUID, c filed) {
	w.t.Helper()
	c = w.file(email)
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, c.ID)
		require.NoError(w.t, err)
		subject, err := tx.Subject(ctx, row.SubjectID)
		require.NoError(w.t, err)
		require.NoError(w.t, tx.AddErasurePlan(ctx, row, subject, 1, erasure.Plan{Made: tx.Now(), Systems: []erasure.SystemPlan{}}))
		plan, err := tx.ErasurePlan(ctx, subject, c.ID)
		require.NoError(w.t, err)
		known := storage.Person{Email: email}
		until := privacy.DateIn(tx.Now(), time.UTC).AddDays(days)
		kept := []erasure.Left{{System: "shop", Ground: erasure.KeptForRecourse, Rule: "DR-1", Citation: privacy.Citation{Text: "PIPEDA ss.8(8), 11(3)", Mark: privacy.Verified}, Rows: 8, Until: until}}
		d, err := tx.Defer(ctx, plan, until.EndIn(time.UTC).Add(time.Second), map[string]any{"known": known}, kept)
		id = d.ID
		return err
	})
	return id, c
}

// What was left to its time is read to its end a page at a time, each once: what waits first, soonest first, and then what is done.
func TestWhatIsLeftToItsTimeIsListedByThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	var want, of []uuid.UUID
	for i := range 5 {
		id, c := w.left(fmt.Sprintf("p%d@example.test", i), 10+i)
		want, of = append(want, id), append(of, c.ID)
	}
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		for _, i := range []int{0, 2} {
			d, err := tx.Deferral(ctx, want[i])
			require.NoError(t, err)
			require.NoError(t, tx.EndDeferral(ctx, d))
		}
		return nil
	})
	read := func(query string) (ids []uuid.UUID, states []string) {
		cursor := ""
		for range 3 {
			page := into[deferredAnswer](t, w.call(api.Auditor, http.MethodGet, "/v1/deferred-erasures?limit=2"+query+"&cursor="+cursor, nil))
			for _, d := range page.Items {
				ids, states = append(ids, d.ID), append(states, d.State)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		require.Empty(t, cursor)
		return ids, states
	}
	ids, _ := read("")
	require.Equal(t, []uuid.UUID{want[1], want[3], want[4]}, ids)
	ids, states := read("&done=true")
	require.Equal(t, []uuid.UUID{want[1], want[3], want[4], want[0], want[2]}, ids)
	require.Equal(t, []string{"waiting", "waiting", "waiting", "done", "done"}, states)
	one := into[deferredAnswer](t, w.call(api.Auditor, http.MethodGet, "/v1/deferred-erasures?done=true&request="+of[2].String(), nil))
	require.Len(t, one.Items, 1)
	require.Equal(t, want[2], one.Items[0].ID)
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.DPO, http.MethodGet, "/v1/deferred-erasures?cursor=abc", nil).Status)
	require.Equal(t, http.StatusForbidden, w.call(api.Agent, http.MethodGet, "/v1/deferred-erasures", nil).Status)
}

// A line says what is kept where, under which law and until when, and what puts it off: a hold that stands now, a system that was stopped, people
// who are asked. It names nobody.
func TestWhatIsLeftToItsTimeSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	id, of := w.left("ana@example.test", 10)
	var shop uuid.UUID
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		if shop, err = tx.AddSystem(ctx, storage.System{Key: "shop", Name: "The shop", Kind: "postgres", Target: "postgres://shop.example/shop"}); err != nil {
			return err
		}
		return tx.Entomb(ctx, shop, storage.Person{Email: "ana@example.test"}, of.ID)
	})
	line := func() deferredAnswer {
		got := w.call(api.Auditor, http.MethodGet, "/v1/deferred-erasures", nil)
		require.NotContains(t, string(got.Body), "ana@example.test")
		return into[deferredAnswer](t, got)
	}
	one := line().Items[0]
	require.Equal(t, of.Reference, one.Reference)
	require.Equal(t, []any{"The shop", "recourse", "PIPEDA ss.8(8), 11(3)", privacy.Verified, int64(8), false},
		[]any{one.Kept[0].Name, one.Kept[0].Ground, one.Kept[0].Citation.Text, one.Kept[0].Citation.Mark, one.Kept[0].Rows, one.Kept[0].Stopped})
	require.Empty(t, one.Holds)
	require.Empty(t, one.Asked)
	placed := w.call(api.DPO, http.MethodPost, "/v1/holds", hold("312 O 44/26"), "Idempotency-Key", uuid.NewString())
	require.Equal(t, http.StatusCreated, placed.Status, "%s", placed.Body)
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, shop)
		require.NoError(t, err)
		require.NoError(t, tx.StopSystem(ctx, system, "leaking"))
		d, err := tx.Deferral(ctx, id)
		require.NoError(t, err)
		return tx.AskByHand(ctx, d, storage.AskedByHand{System: "shop", Problem: "it was switched off", Through: privacy.NewDate(2026, 1, 1)})
	})
	one = line().Items[0]
	require.Equal(t, "312 O 44/26", one.Holds[0].Matter)
	require.True(t, one.Kept[0].Stopped)
	require.Equal(t, []string{"shop"}, one.Asked)
}

// Whose rows are left to their time is a look at a person, and stands in the log as every other. What is done names nobody, and nobody looked.
func TestLooksAtWhoseRowsAreLeftAreRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, me := w.person(api.DPO)
	id, of := w.left("ana@example.test", 10)
	path := "/v1/deferred-erasures/" + id.String()
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodGet, path, nil).Status)
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, path, nil).Status)
	looks := func() []auditLine { return w.auditLog(map[string][]string{"action": {"request.viewed"}}, 50) }
	require.Empty(t, looks())
	require.Contains(t, string(w.send(mine, http.MethodGet, path, nil).Body), "ana@example.test")
	require.Len(t, looks(), 1)
	require.Equal(t, []string{me.String(), of.Reference, "deferred_erasure", id.String()}, []string{looks()[0].ActorID, looks()[0].Reference, looks()[0].ObjectKind, looks()[0].ObjectID})
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		d, err := tx.Deferral(ctx, id)
		require.NoError(t, err)
		return tx.EndDeferral(ctx, d)
	})
	require.NotContains(t, string(w.send(mine, http.MethodGet, path, nil).Body), "person")
	require.Len(t, looks(), 1)
}

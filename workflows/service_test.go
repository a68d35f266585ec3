package workflows_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// letters adds the sample's newsletter to a play: a system behind HTTP, which knows the person as a subscriber.
func (p *play) letters() (count func(sql string, args ...any) int) {
	p.t.Helper()
	admin := localtest.Database(p.t)
	prefix := admin[strings.LastIndex(admin, "/")+1:]
	prefix, _, _ = strings.Cut(prefix, "?")
	server := httptest.NewUnstartedServer(nil)
	p.t.Cleanup(server.Close)
	s, err := sample.LoadNewsletter(p.t.Context(), admin, prefix, "http://"+server.Listener.Addr().String(), 1, 60)
	require.NoError(p.t, err)
	service, err := sample.OpenNewsletter(p.t.Context(), admin, prefix)
	require.NoError(p.t, err)
	server.Config.Handler = service
	server.Start()
	db := storagetest.Connect(p.t, strings.Replace(admin, "/"+prefix, "/"+prefix+"_newsletter", 1))
	conn := storagetest.Connect(p.t, admin)
	p.t.Cleanup(func() {
		ctx := context.WithoutCancel(p.t.Context())
		service.Close()
		for _, sql := range []string{"DROP DATABASE " + prefix + "_newsletter WITH (FORCE)", "DROP ROLE " + prefix + "_newsletter_reader", "DROP ROLE " + prefix + "_newsletter_changer"} {
			_, err := conn.Exec(ctx, sql)
			require.NoError(p.t, err)
		}
	})
	_, err = db.Exec(p.t.Context(), `UPDATE subscribers SET email = $1 WHERE email = $2`, p.Person.Email, sample.DemoEmail)
	require.NoError(p.t, err)
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		id, err := tx.AddSystem(ctx, storage.System{Key: s.Key, Name: "Newsletter", Kind: "http", Target: s.ReadDSN, Change: s.ChangeDSN, Declaration: string(s.DeclarationYAML), Service: string(s.ServiceYAML)})
		if err != nil {
			return err
		}
		return tx.SaveDataset(ctx, id, s.Key, string(s.DatasetYAML))
	})
	return func(sql string, args ...any) (n int) {
		p.t.Helper()
		require.NoError(p.t, db.QueryRow(p.t.Context(), sql, args...).Scan(&n))
		return n
	}
}

// A system behind HTTP is counted, erased in and read back as a database is.
func TestErasureInAServiceBehindHTTP(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	count := p.letters()
	before := count(`SELECT count(*) FROM sendings`)
	p.at(time.Hour, func() {
		plan := p.plan()
		require.EqualValues(t, 1+casetest.Orders+1+12+1, plan.Totals.Rows.Erased, "the shop's, and a subscriber with what was sent and one reply")
		require.Equal(t, 1, count(`SELECT count(*) FROM subscribers WHERE email = $1`, p.Person.Email), "nothing is changed by planning")
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.run()

	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Zero(t, count(`SELECT count(*) FROM subscribers WHERE email = $1`, p.Person.Email))
	require.Equal(t, before-12, count(`SELECT count(*) FROM sendings`))
	require.Equal(t, 1, count(`SELECT count(*) FROM subscribers WHERE email LIKE '%@erased.invalid' AND first_name IS NULL AND consent ->> 'ip' IS NULL`))
	require.Equal(t, 1, count(`SELECT count(*) FROM replies WHERE body IS NULL`))
	plan := p.plan()
	require.Equal(t, storage.PlanDone, plan.State)
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		steps, err := tx.ErasureSteps(ctx, plan.ID)
		require.NoError(t, err)
		for _, s := range steps {
			require.Zero(t, *s.Unfinished, s.Collection)
		}
		return nil
	})
}

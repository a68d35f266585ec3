package workflows_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

const clubAnnotation = `
dataset:
  - fides_key: club
    collections:
      - name: members
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: name, data_categories: [user.name]}
`

const clubDocument = `
service:
  name: Club
  url: %s
  auth: {kind: bearer}
  limits: {rate: 100000/second}
  collections:
    - collection: club.members
      read:
        - {by: email, path: /members, query: {email: <value>}, rows: "members[*]"}
        - {by: id, path: /members/<value>, rows: $, nobody: [404]}
      delete: {path: /members/<row.id>}
`

const clubTerms = `
declaration:
  - system: club
    name: {en: The club}
    purposes:
      - {use: essential.service, description: {en: Membership}, lawful_basis: contract, data_categories: [user]}
    retention: [{data_categories: [user], criteria: {en: as long as needed}}]
    source: {from_subject: true}
    automated_decisions: []
    erasure:
      - {collection: club.members, method: delete}
`

// member is a row of the club.
type member struct {
	ID    int    `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name"`
}

// club is a service behind HTTP that may say other than it does.
type club struct {
	mu sync.Mutex
	// members are what there is in truth.
	members map[int]member
	// shown gives what is answered in place of the rows that there are; nil is those. asked counts the questions until now.
	shown func(c *club, found []member, asked int) []member
	// deletes says whether a row goes that the club says it has deleted; nil is always.
	deletes func(id int) bool
	asked   int
	// gone are the rows of which it said that they are deleted.
	gone []int
}

// ServeHTTP implements http.Handler.
func (c *club) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/members/"))
	if r.Method == http.MethodDelete {
		c.gone = append(c.gone, id)
		if c.deletes == nil || c.deletes(id) {
			delete(c.members, id)
		}
		w.WriteHeader(http.StatusNoContent)
		return
	}
	found := []member{}
	for at := range 1000 {
		if m, ok := c.members[at]; ok && (at == id || strings.EqualFold(m.Email, r.URL.Query().Get("email"))) {
			found = append(found, m)
		}
	}
	if c.asked++; c.shown != nil {
		found = c.shown(c, found, c.asked)
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case id == 0:
		_ = json.NewEncoder(w).Encode(map[string]any{"members": found})
	case len(found) == 0:
		w.WriteHeader(http.StatusNotFound)
	default:
		_ = json.NewEncoder(w).Encode(found[0])
	}
}

// left is how many rows of the person there are in truth.
func (c *club) left(email string) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.members {
		if m.Email == email {
			n++
		}
	}
	return n
}

// joins adds the club to a play, with three rows of the person and one of somebody else.
func (p *play) joins() *club {
	p.t.Helper()
	c := &club{members: map[int]member{}}
	for _, m := range everything(p.Person.Email) {
		c.members[m.ID] = m
	}
	c.members[9] = member{9, "other@example.org", "Somebody"}
	server := httptest.NewServer(c)
	p.t.Cleanup(server.Close)
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		id, err := tx.AddSystem(ctx, storage.System{
			Key: "club", Name: "The club", Kind: "http", Target: "token=reads", Change: "token=changes", Declaration: clubTerms, Service: fmt.Sprintf(clubDocument, server.URL),
		})
		if err != nil {
			return err
		}
		return tx.SaveDataset(ctx, id, "club", clubAnnotation)
	})
	return c
}

// notClean wants an erasure that did not come to its end: nobody was told that it did, and there is no certificate.
func (p *play) notClean() {
	p.t.Helper()
	require.NotEqual(p.t, privacy.RequestClosed, p.State())
	require.Empty(p.t, p.Letters(notify.KindErased))
	require.NotEqual(p.t, storage.PlanDone, p.plan().State)
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Certificate(ctx, p.Ref.Case)
		require.ErrorIs(p.t, err, storage.ErrNotFound)
		return nil
	})
}

// says has the club answer otherwise from now on.
func (c *club) says(shown func(c *club, found []member, asked int) []member, deletes func(id int) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown, c.deletes, c.asked, c.gone = shown, deletes, 0, nil
}

// perLook is how many questions a look takes: by the address, and by each of the keys that were found.
const perLook = 1 + 3

// anew has the plan that was made anew carried out.
func (p *play) anew(after time.Duration) {
	p.at(after, p.proposed)
	p.at(after+time.Hour, p.approved)
}

// everything is all the rows of the person that there are.
func everything(email string) []member {
	return []member{{1, email, "x"}, {2, email, "x"}, {3, email, "x"}}
}

// A service that says it has deleted and has not is not believed: a person is asked, and nobody is told that the data is gone.
func TestAServiceThatDeletesInWordsOnly(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	c := p.joins()
	c.says(nil, func(id int) bool { return id != 2 })
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*day, func() {
		p.is(privacy.RequestExecuting)
		require.Equal(t, []string{storage.TaskErasureFailed}, p.OpenTasks())
		require.Equal(t, 1, c.left(p.Person.Email))
		p.notClean()
		c.says(nil, nil)
		p.accepted(casetest.Command(contract.Recollect, p.Saying("The club has mended it.")))
	})
	p.anew(4 * day)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Zero(t, c.left(p.Person.Email))
	require.Equal(t, 1, c.left("other@example.org"))
}

// A service that answers for good as it did before is not believed either.
func TestAServiceThatAnswersAsBefore(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	c := p.joins()
	before := everything(p.Person.Email)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, func() {
		c.says(func(*club, []member, int) []member { return before }, nil)
		p.approved()
	})
	p.at(3*day, func() {
		p.is(privacy.RequestExecuting)
		require.Equal(t, []string{storage.TaskErasureFailed}, p.OpenTasks())
		require.Zero(t, c.left(p.Person.Email), "they are gone, and nobody can see it")
		p.notClean()
		c.says(nil, nil)
		p.accepted(casetest.Command(contract.Recollect, p.Saying("The club answers again.")))
	})
	p.anew(4 * day)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
}

// One that shows only after a while what it did is waited for.
func TestAServiceThatAnswersAsBeforeForAWhile(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	c := p.joins()
	before := everything(p.Person.Email)
	late := 0
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, func() {
		c.says(func(c *club, found []member, _ int) []member {
			if len(c.gone) == 0 || late == 4*perLook {
				return found
			}
			late++
			return before
		}, nil)
		p.approved()
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, 4*perLook, late)
}

// A service that counted fewer rows than it has: what comes up when the plan is carried out was approved by nobody, and ends the work.
func TestAServiceThatCountsFewerThanItHas(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	c := p.joins()
	c.says(func(_ *club, found []member, _ int) []member { return found[:min(1, len(found))] }, nil)
	p.at(time.Hour, func() {
		require.EqualValues(t, 1+casetest.Orders+1, p.plan().Totals.Rows.Erased)
		p.proposed()
	})
	p.at(2*time.Hour, func() {
		c.says(nil, nil)
		p.approved()
	})
	p.at(3*day, func() {
		p.is(privacy.RequestExecuting)
		require.Equal(t, []string{storage.TaskErasureFailed}, p.OpenTasks())
		p.notClean()
		p.accepted(casetest.Command(contract.Recollect, p.Saying("There is more.")))
	})
	p.anew(4 * day)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Zero(t, c.left(p.Person.Email))
}

// Rows that were kept back while the plan was carried out, and come up when all is read back, send the case back.
func TestAServiceThatKeepsRowsBack(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	c := p.joins()
	hidden := 0
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, func() {
		c.says(func(c *club, found []member, _ int) []member {
			if len(c.gone) == 0 || hidden == perLook {
				return found
			}
			hidden++ // in the one look that wants to see nothing left
			return nil
		}, func(id int) bool { return id != 3 })
		p.approved()
	})
	p.at(3*day, func() {
		p.is(privacy.RequestReviewing)
		require.Contains(t, p.Steps(), "mismatched")
		require.Equal(t, 1, c.left(p.Person.Email))
		p.notClean()
		c.says(nil, nil)
		p.accepted(casetest.Command(contract.Recollect))
	})
	p.at(4*day, p.proposed)
	p.at(5*day, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Zero(t, c.left(p.Person.Email))
}

// Other people's rows among the answers are neither delivered nor touched.
func TestAServiceThatAnswersWithOthersRows(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	c := p.joins()
	c.says(func(c *club, found []member, _ int) []member { return append([]member{c.members[9]}, found...) }, nil)
	p.at(time.Hour, func() {
		require.EqualValues(t, 1+casetest.Orders+3, p.plan().Totals.Rows.Erased)
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Zero(t, c.left(p.Person.Email))
	require.Equal(t, 1, c.left("other@example.org"))
}

// What a service hides from all of its answers can't be known from outside (docs/connectors.md): the certificate says what reading back found.
func TestAServiceThatHidesForGoodIsNotSeenThrough(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	c := p.joins()
	c.says(func(c *club, found []member, _ int) []member {
		if len(c.gone) > 0 {
			return nil
		}
		return found
	}, func(int) bool { return false })
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, 3, c.left(p.Person.Email))
}

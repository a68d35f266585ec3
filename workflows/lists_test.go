package workflows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// inListingShop is a play in a shop that keeps lists of people, on each of which are others.
func inListingShop(t *testing.T, request ...func(*casework.NewRequest)) *play {
	t.Helper()
	p := newPlay(t, stage{request: request})
	p.Shop.Listing()
	return p
}

// onList counts the person's entries on one of the shop's lists. Those of others have to be as they were.
func (p *play) onList(name string) int {
	p.t.Helper()
	require.Equal(p.t, "other@example.org,xother@example.org",
		p.Shop.Text(`SELECT string_agg(address, ',' ORDER BY address) FROM `+name+` WHERE lower(address) <> lower($1)`, p.Person.Email), "nobody else's entry changes")
	return p.Shop.Count(`SELECT count(*) FROM `+name+` WHERE lower(address) = lower($1)`, p.Person.Email)
}

// Art. 21(3) GDPR: who objects to advertising is put on the shop's list before anybody proves anything, also without a row anywhere in it.
func TestArt21WhoObjectsIsOnTheList(t *testing.T) {
	t.Parallel()
	p := inListingShop(t, asking(privacy.Objection, against(privacy.LimitMarketing, privacy.LimitInterests)))
	p.Shop.Exec(`DELETE FROM orders`)
	p.Shop.Exec(`DELETE FROM customers`)
	p.at(time.Hour, func() {
		p.is(privacy.RequestVerifying)
		require.Equal(t, 1, p.onList("do_not_contact"))
		require.Zero(t, p.onList("frozen"), "nobody knows who asks")
		require.NotEmpty(t, p.Person.Phone)
		require.Zero(t, p.Shop.Count(`SELECT count(*) FROM no_calls`), "whose number that is nobody has proved")
		marks := p.marks()
		require.Len(t, marks, 1)
		require.Equal(t, storage.RunDone, marks[0].State)
		require.EqualValues(t, 1, *marks[0].RowsFound)
		require.EqualValues(t, 1, marks[0].Changed)
	})
	p.run()
	require.Equal(t, 1, p.onList("do_not_contact"), "the mark stays though the rest of the request lapsed")
}

// Who is on the list already, in whatever letters, stays there once.
func TestWhoIsOnTheListIsThereOnce(t *testing.T) {
	t.Parallel()
	p := inListingShop(t, asking(privacy.Objection, against(privacy.LimitMarketing)))
	p.Shop.Exec(`INSERT INTO do_not_contact (address, remark) VALUES ($1, 'asked on the phone')`, strings.ToUpper(p.Person.Email))
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, 1, p.onList("do_not_contact"))
	require.Zero(t, p.marks()[0].Changed)
	require.EqualValues(t, 1, *p.marks()[0].RowsFound)
	require.Equal(t, "asked on the phone", p.Shop.Text(`SELECT remark FROM do_not_contact WHERE lower(address) = lower($1)`, p.Person.Email))
}

// Art. 18(3) GDPR: the end of a restriction takes the person off the list that the declaration clears, and nobody else.
func TestArt18TheEndOfARestrictionTakesThemOffTheList(t *testing.T) {
	t.Parallel()
	p := inListingShop(t, casetest.Proven, asking(privacy.Restriction, privacy.Ask{Ground: privacy.AccuracyContested}))
	p.at(time.Hour, func() {
		require.Equal(t, 1, p.onList("frozen"))
		require.Zero(t, p.onList("do_not_contact"), "that list is for another limit")
		p.accepted(casetest.Command(contract.Uphold, p.Saying("x")))
	})
	p.run()
	later := p.after(t, day)
	require.NoError(t, later.lift("lift", casework.LiftPersonAsked))
	workflows.Register(later.env)
	activities.Register(later.env, later.Desk, later.Objects, true)
	later.run()
	require.Zero(t, later.onList("frozen"))
	marks := later.marks()
	require.Len(t, marks, 2)
	require.Equal(t, storage.RunDone, marks[1].State)
	require.EqualValues(t, 1, marks[1].Changed)
}

// A list that can't be written is a task for a person, who has it tried again; the limit stands meanwhile.
func TestAListThatFailsIsATask(t *testing.T) {
	t.Parallel()
	p := inListingShop(t, asking(privacy.Objection, against(privacy.LimitMarketing)))
	p.Shop.Exec(`ALTER TABLE do_not_contact ADD COLUMN source text NOT NULL DEFAULT 'shop'`)
	p.Shop.Exec(`ALTER TABLE do_not_contact ALTER COLUMN source DROP DEFAULT`)
	p.at(time.Hour, func() {
		p.is(privacy.RequestCollecting)
		require.NotEmpty(t, p.may(marketing))
		require.Equal(t, []string{storage.TaskAmendmentFailed}, p.OpenTasks())
		require.Contains(t, *p.marks()[0].Error, `has to have values of which Docket knows none: "source"`)
		require.NotContains(t, *p.marks()[0].Error, p.Person.Email)
		require.Zero(t, p.onList("do_not_contact"))
		p.Shop.Exec(`ALTER TABLE do_not_contact ALTER COLUMN source SET DEFAULT 'docket'`)
		p.accepted(casetest.Command(contract.RetrySystem, casetest.On(p.Shop.ID)))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, 1, p.onList("do_not_contact"))
}

// A trigger that quietly drops entries is noticed by reading back.
func TestAListThatLiesIsATask(t *testing.T) {
	t.Parallel()
	p := inListingShop(t, asking(privacy.Objection, against(privacy.LimitMarketing)))
	p.Shop.Exec(`CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`)
	p.Shop.Exec(`CREATE TRIGGER nothing BEFORE INSERT ON do_not_contact FOR EACH ROW EXECUTE FUNCTION nothing()`)
	p.at(time.Hour, func() {
		require.Equal(t, []string{storage.TaskAmendmentFailed}, p.OpenTasks())
		require.Contains(t, *p.marks()[0].Error, "reading back found that the person is not on the list")
		p.accepted(casetest.Command(contract.DoneByHand, casetest.On(p.Shop.ID), p.Saying("Entered in the shop's own screen.")))
	})
	p.run()
	require.Equal(t, storage.RunByHand, p.marks()[0].State)
}

// Art. 17 and 21(3) GDPR: whoever is erased stays on the list of whom nobody writes to, with nothing else, and is told so.
func TestAnErasureLeavesTheList(t *testing.T) {
	t.Parallel()
	p := inListingShop(t, erasing)
	p.Shop.Exec(`INSERT INTO do_not_contact (address, remark) VALUES ($1, 'asked on the phone')`, strings.ToUpper(p.Person.Email))
	p.at(time.Hour, func() {
		totals := p.plan().Totals
		require.EqualValues(t, 1, totals.Rows.Kept)
		require.EqualValues(t, 1+casetest.Orders, totals.Rows.Erased)
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, 1, p.onList("do_not_contact"))
	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM do_not_contact WHERE remark IS NOT NULL`), "of the entry the address stays")
	customers, orders := p.of(p.Person.Email)
	require.Equal(t, []int{0, 0}, []int{customers, orders})
	require.Contains(t, unwrapped(p.Letters(notify.KindErased)[0].Text), "we keep an entry by which you are not written to again (Art. 21(3) GDPR)")
}

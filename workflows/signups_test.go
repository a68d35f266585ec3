package workflows_test

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// signUpForms is a tenant in Germany whose forms ask for consent to news and offers.
type signUpForms struct {
	*casetest.World
	t     *testing.T
	clock *clockwork.FakeClock
	texts map[string]uuid.UUID
	// runs counts how often the workflow ran.
	runs int
}

func newForms(t *testing.T, change ...func(*storage.SignUpSettings)) *signUpForms {
	t.Helper()
	rules := storage.SignUpSettings{Purposes: []string{"news", "offers"}}
	for _, f := range change {
		f(&rules)
	}
	clock := clockwork.NewFakeClockAt(time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC))
	f := &signUpForms{t: t, clock: clock, texts: map[string]uuid.UUID{}}
	f.World = casetest.New(t, clock, func(n *storage.NewTenant) { n.Settings.Consents.SignUps = &rules })
	f.Change(func(ctx context.Context, tx *storage.Tx) error {
		for _, key := range rules.Purposes {
			p, err := f.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: key, Class: "commercial"})
			if err != nil {
				return err
			}
			words, err := tx.AddConsentText(ctx, p, "en", "The "+key, "Yes, I want "+key+".")
			if err != nil {
				return err
			}
			f.texts[key] = words.ID
		}
		return nil
	})
	f.DB.ForgetTenant(f.Tenant)
	return f
}

// enters sends a form.
func (f *signUpForms) enters(address string, purposes ...string) {
	f.t.Helper()
	require.NoError(f.t, f.enter("form", address, "", purposes...))
}

func (f *signUpForms) enter(how, address, country string, purposes ...string) error {
	in := casework.SignUpForm{
		Address: address, Country: country, Purposes: purposes, Language: "en", How: how, Source: "footer", Evidence: storage.ConsentEvidence{IP: "192.0.2.7", UserAgent: "Browser/1"},
	}
	for _, p := range purposes {
		in.Texts = append(in.Texts, f.texts[p])
	}
	return f.DB.Change(f.t.Context(), f.Tenant, casework.System("sign-ups"), func(ctx context.Context, tx *storage.Tx) error {
		_, err := f.Desk.SignUp(ctx, tx, in)
		return err
	})
}

// passes lets time pass, minute by minute at first and then by the hour: the workflow runs whenever something is due, as the relay sees to.
func (f *signUpForms) passes(d time.Duration) {
	f.t.Helper()
	for end := f.clock.Now().Add(d); ; {
		due, err := f.DB.TenantsWithSignUps(f.t.Context())
		require.NoError(f.t, err)
		if len(due) > 0 {
			f.run()
			due, err = f.DB.TenantsWithSignUps(f.t.Context())
			require.NoError(f.t, err)
			require.Empty(f.t, due, "what was due is done with when the workflow has ended")
		}
		left := end.Sub(f.clock.Now())
		if left <= 0 {
			return
		}
		f.clock.Advance(min(left, time.Hour))
	}
}

func (f *signUpForms) run() {
	f.t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(f.clock.Now())
	env.SetTestTimeout(idleTime).SetWorkerOptions(worker.Options{WorkflowPanicPolicy: worker.FailWorkflow})
	workflows.Register(env)
	activities.Register(env, f.Desk, f.Objects, true)
	env.ExecuteWorkflow(contract.SignUpsWorkflow, contract.SignUpsInput{Tenant: f.Tenant})
	require.True(f.t, env.IsWorkflowCompleted())
	require.NoError(f.t, env.GetWorkflowError())
	f.runs++
}

// mailed is a letter as its mailbox has it.
type mailed struct{ kind, to, link, text string }

var linkIn = regexp.MustCompile(`https?://\S+/([cup])/(\S+)`)

// letters are those that came since the last look, as a mail server takes them.
func (f *signUpForms) letters() (out []mailed) {
	f.t.Helper()
	for {
		mail, err := f.Desk.ClaimMail(f.t.Context(), f.Tenant, 100)
		require.NoError(f.t, err)
		if len(mail) == 0 {
			return out
		}
		for _, m := range mail {
			var whole notify.Message
			require.NoError(f.t, json.Unmarshal(m.Content, &whole))
			found := append(linkIn.FindStringSubmatch(whole.Rendered.Text), "", "", "")
			out = append(out, mailed{m.Kind, whole.To.Address, found[2], whole.Rendered.Text})
			require.NoError(f.t, f.Desk.MailTaken(f.t.Context(), f.Tenant, m))
		}
	}
}

// kinds are those of letters.
func kinds(letters []mailed) (out []string) {
	for _, l := range letters {
		out = append(out, strings.TrimPrefix(l.kind, "sign_up_"))
	}
	return out
}

func (f *signUpForms) link(token string) casework.OwnLink {
	f.t.Helper()
	l, err := f.Desk.OpenLink(f.t.Context(), token, consent.LinkConfirm)
	require.NoError(f.t, err)
	return l
}

func (f *signUpForms) confirms(token string) consent.SignUpState {
	f.t.Helper()
	page, err := f.Desk.ConfirmSignUp(f.t.Context(), f.link(token), storage.ConsentEvidence{UserAgent: "Browser/2"})
	require.NoError(f.t, err)
	return page.State
}

func (f *signUpForms) denies(token string) consent.SignUpState {
	f.t.Helper()
	page, err := f.Desk.DenySignUp(f.t.Context(), f.link(token), storage.ConsentEvidence{})
	require.NoError(f.t, err)
	return page.State
}

func (f *signUpForms) may(address, purpose string) consent.Reason {
	f.t.Helper()
	var out []casework.MessageAnswer
	f.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = f.Desk.MayMessage(ctx, tx, casework.MessageQuestion{Purpose: purpose, Channel: privacy.ByEmail}, []string{address})
		return err
	})
	return out[0].Reason
}

func (f *signUpForms) history(address string) (h storage.ConsentHistory) {
	f.t.Helper()
	f.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		h, err = tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: address})
		return err
	})
	return h
}

func (f *signUpForms) ledger(address string) (out []consent.Kind) {
	for _, l := range f.history(address).Lines {
		out = append(out, l.Event.Kind)
	}
	return out
}

// Signed up, asked, confirmed, welcomed: the proof of it has who, when, by which words and which letter, and every line can be checked against the log.
func TestDoubleOptIn(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	f.enters("Ana@Person.Example", "news", "offers")
	require.Empty(t, f.letters(), "nothing goes out before the workflow has looked")
	f.passes(0)
	got := f.letters()
	require.Equal(t, []string{"confirm"}, kinds(got))
	require.Equal(t, "Ana@Person.Example", got[0].to)
	require.Contains(t, got[0].text, "- The news\n- The offers")
	require.Equal(t, consent.Unconfirmed, f.may("ana@person.example", "news"))

	f.passes(time.Hour)
	page, err := f.Desk.SignUpPage(t.Context(), f.link(got[0].link))
	require.NoError(t, err)
	require.Equal(t, consent.SignUpAsked, page.State)
	require.Equal(t, []string{"Yes, I want news.", "Yes, I want offers."}, []string{page.Offers[0].Text.Body, page.Offers[1].Text.Body})
	require.Equal(t, consent.Unconfirmed, f.may("ana@person.example", "news"), "looking confirms nothing")
	require.Equal(t, consent.SignUpConfirmed, f.confirms(got[0].link))
	require.Equal(t, consent.ByConfirmed, f.may("ana@person.example", "news"))
	require.Equal(t, consent.ByConfirmed, f.may("ana@person.example", "offers"))
	require.Equal(t, consent.SignUpConfirmed, f.confirms(got[0].link), "once more is no second time")
	require.Equal(t, []string{"welcome"}, kinds(f.letters()))

	h := f.history("ana@person.example")
	require.Len(t, h.Lines, 4)
	asked, confirmed := h.Lines[0], h.Lines[2]
	require.Equal(t, []string{"form", "footer", "confirmation", "sign-up of 2026-03-02"}, []string{asked.How, asked.Source, confirmed.How, confirmed.Source})
	require.Equal(t, "Browser/1", asked.Evidence.UserAgent)
	require.Empty(t, asked.Evidence.IP, "not unless the tenant wants it")
	require.NotEmpty(t, confirmed.Evidence.Fields["letter"])
	require.Equal(t, "2026-03-02T09:00:00Z", confirmed.Evidence.Fields["signed_up_at"])
	require.Equal(t, f.texts["news"], asked.Text.ID)
	require.Equal(t, f.texts["news"], confirmed.Text.ID)
	f.Read(func(ctx context.Context, tx *storage.Tx) error {
		for _, l := range h.Lines {
			proven, err := tx.ProveConsent(ctx, h.Person, l)
			require.NoError(t, err)
			require.True(t, proven)
		}
		return nil
	})
	f.passes(30 * day24)
	require.Empty(t, f.letters(), "nothing follows")
}

// Who does not confirm is asked once more after two days, and no more; after a week it is over, and signing up anew begins anew.
func TestASignUpExpires(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	f.enters("ana@person.example", "news")
	f.passes(0)
	first := f.letters()
	f.passes(47 * time.Hour)
	require.Empty(t, f.letters())
	f.passes(2 * time.Hour)
	again := f.letters()
	require.Equal(t, []string{"reminder"}, kinds(again))
	require.Equal(t, first[0].link, again[0].link, "both letters have the one link")
	f.passes(5*day24 - time.Hour)
	require.Equal(t, consent.SignUpExpired, f.confirms(first[0].link))
	require.Equal(t, consent.Unconfirmed, f.may("ana@person.example", "news"))
	require.Empty(t, f.letters())
	require.Equal(t, 3, f.runs, "it came in, the reminder, the end")

	f.enters("ana@person.example", "news")
	f.passes(0)
	anew := f.letters()
	require.Equal(t, []string{"confirm"}, kinds(anew))
	require.NotEqual(t, first[0].link, anew[0].link)
	require.Equal(t, consent.SignUpExpired, f.confirms(first[0].link), "an old letter confirms nothing")
	require.Equal(t, consent.SignUpConfirmed, f.confirms(anew[0].link))
	require.Equal(t, consent.ByConfirmed, f.may("ana@person.example", "news"))
	f.passes(40 * day24)
	require.Len(t, f.history("ana@person.example").Lines, 3, "who is known by more than what somebody entered stays known")
}

// An address that nobody confirms is forgotten a month after its time was over; the lines of the ledger stay, and name nobody.
func TestAnAddressThatNobodyConfirmsIsForgotten(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	f.enters("ana@person.example", "news")
	f.passes(20 * day24)
	token := f.letters()[0].link
	f.enters("ben@person.example", "news")
	f.passes(0)
	require.Equal(t, consent.SignUpDenied, f.denies(f.letters()[0].link))
	f.passes(20 * day24)
	f.Read(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: "ana@person.example"})
		require.ErrorIs(t, err, storage.ErrNotFound)
		return nil
	})
	_, err := f.Desk.SignUpPage(t.Context(), f.link(token))
	require.ErrorIs(t, err, casework.ErrLinkForgotten)
	require.Len(t, f.history("ben@person.example").Lines, 2, "that somebody wants nothing is kept")
	var lines int
	require.NoError(t, f.Register.Owner(t).QueryRow(t.Context(), "SELECT count(*) FROM consent_events").Scan(&lines))
	require.Equal(t, 3, lines)
	f.passes(180 * day24)
	var left int
	require.NoError(t, f.Register.Owner(t).QueryRow(t.Context(), "SELECT count(*) FROM consent_sign_ups").Scan(&left))
	require.Zero(t, left, "and nothing follows from them any more")
}

// So is one whose sign-up ended otherwise before anybody confirmed it: its purpose was retired before the press or before anybody looked, or its mailbox had had
// enough letters. One that an earlier release put off is forgotten at the latest when its sign-up goes.
func TestAnAddressIsForgottenHoweverItsSignUpEnded(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	state := func(address string) (out []consent.SignUpState) {
		person := f.history(address).Person
		f.Read(func(ctx context.Context, tx *storage.Tx) error {
			all, err := tx.SignUpsOf(ctx, person, time.Time{})
			for _, up := range all {
				out = append(out, up.State)
			}
			return err
		})
		return out
	}
	forgotten := func(address string) bool {
		err := f.DB.Read(t.Context(), f.Tenant, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: address})
			return err
		})
		if err != nil {
			require.ErrorIs(t, err, storage.ErrNotFound)
		}
		return err != nil
	}
	for _, purpose := range []string{"news", "offers"} { // half an hour between, so that each is a letter of its own
		for range consent.SignUpLetters {
			f.enters("held@person.example", purpose)
			f.passes(30 * time.Minute)
		}
	}
	require.Len(t, f.letters(), consent.MailboxLetters)
	f.passes(8 * day24)
	f.enters("held@person.example", "news")
	f.enters("pressed@person.example", "offers")
	f.enters("put.off@person.example", "offers")
	f.passes(0)
	require.Equal(t, []consent.SignUpState{consent.SignUpExpired, consent.SignUpExpired, consent.SignUpHeld}, state("held@person.example"))
	links := map[string]string{}
	for _, l := range f.letters() {
		links[l.to] = l.link
	}
	f.enters("unseen@person.example", "offers")
	f.Change(func(ctx context.Context, tx *storage.Tx) error {
		at := tx.Now()
		_, err := f.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: "offers", Class: "commercial", Retired: &at})
		return err
	})
	f.DB.ForgetTenant(f.Tenant)
	f.passes(0)
	require.Equal(t, []consent.SignUpState{consent.SignUpExpired}, state("unseen@person.example"))
	for _, l := range f.letters() {
		require.NotEqual(t, "unseen@person.example", l.to, "nothing comes already of what is used no more")
	}
	require.Equal(t, consent.SignUpExpired, f.confirms(links["pressed@person.example"]))
	require.Equal(t, consent.SignUpExpired, f.confirms(links["put.off@person.example"]))
	done, err := f.Register.Owner(t).Exec(t.Context(), "UPDATE consent_sign_ups SET next_at = ended_at + interval '180 days' WHERE person_id = $1", f.history("put.off@person.example").Person)
	require.NoError(t, err)
	require.EqualValues(t, 1, done.RowsAffected())
	f.passes(29 * day24)
	for _, who := range []string{"held", "pressed", "put.off", "unseen"} {
		require.False(t, forgotten(who+"@person.example"), who)
	}
	f.passes(2 * day24)
	require.True(t, forgotten("held@person.example"))
	require.True(t, forgotten("pressed@person.example"))
	require.True(t, forgotten("unseen@person.example"))
	f.passes(150 * day24)
	require.True(t, forgotten("put.off@person.example"))
	var left int
	require.NoError(t, f.Register.Owner(t).QueryRow(t.Context(), "SELECT count(*) FROM consent_sign_ups").Scan(&left))
	require.Zero(t, left)
}

// Links that are out in the world go on working, and so does what somebody has chosen by them, whatever a stranger enters and nobody confirms.
func TestLinksOutliveWhatAStrangerEnters(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	link := func(address string) (out casework.PersonLinks) {
		f.Change(func(ctx context.Context, tx *storage.Tx) error {
			all, err := f.Desk.MakeLinks(ctx, tx, casework.NewLinks{Purpose: "news", Channel: privacy.ByEmail}, []string{address})
			if err == nil {
				out = all[0]
			}
			return err
		})
		return out
	}
	before := link("before@person.example")
	for _, who := range []string{"before", "after", "nobody"} {
		f.enters(who+"@person.example", "offers")
	}
	f.passes(0)
	after := link("after@person.example")
	f.passes(50 * day24)
	for _, made := range []casework.PersonLinks{before, after} {
		own, err := f.Desk.OpenLink(t.Context(), made.Unsubscribe[strings.LastIndex(made.Unsubscribe, "/")+1:], consent.LinkUnsubscribe)
		require.NoError(t, err)
		ended, err := f.Desk.End(t.Context(), own, casework.ThisPurpose, "page", storage.ConsentEvidence{})
		require.NoError(t, err)
		require.True(t, ended.Fresh)
	}
	f.Read(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: "nobody@person.example"})
		require.ErrorIs(t, err, storage.ErrNotFound)
		return nil
	})
}

// Letters that only look like those of an address are turned into these before anything is kept: what follows goes to the address that it is found by.
func TestTheFirstSpellingDoesNotDecideWhereLettersGo(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	f.enters(" \uff46irst@person.example", "news")
	f.passes(time.Hour)
	f.enters("first@person.example", "offers")
	f.passes(0)
	got := f.letters()
	require.Len(t, got, 2)
	require.Equal(t, []string{"first@person.example", "first@person.example"}, []string{got[0].to, got[1].to})
}

// A purpose that is retired between the letter and the press is agreed to by nobody any more.
func TestAPurposeThatIsRetiredMeanwhile(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	f.enters("ana@person.example", "news")
	f.enters("ben@person.example", "news", "offers")
	f.passes(0)
	links := map[string]string{}
	for _, l := range f.letters() {
		links[l.to] = l.link
	}
	f.Change(func(ctx context.Context, tx *storage.Tx) error {
		at := tx.Now()
		_, err := f.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: "news", Class: "commercial", Retired: &at})
		return err
	})
	f.DB.ForgetTenant(f.Tenant)
	require.Equal(t, consent.SignUpExpired, f.confirms(links["ana@person.example"]))
	require.Equal(t, []consent.Kind{consent.Requested}, f.ledger("ana@person.example"))
	require.Equal(t, consent.SignUpConfirmed, f.confirms(links["ben@person.example"]))
	require.Equal(t, []consent.Kind{consent.Requested, consent.Requested, consent.Confirmed}, f.ledger("ben@person.example"), "what is left of it")
}

// A tenant chooses how long, whether a mailbox is asked again, and whether it is welcomed.
func TestSignUpsAsTheTenantChooses(t *testing.T) {
	t.Parallel()
	f := newForms(t, func(s *storage.SignUpSettings) { s.ExpireDays, s.NoReminder, s.NoWelcome = 1, true, true })
	f.enters("ana@person.example", "news")
	f.passes(23 * time.Hour)
	got := f.letters()
	require.Equal(t, []string{"confirm"}, kinds(got))
	require.Equal(t, consent.SignUpConfirmed, f.confirms(got[0].link))
	f.enters("ben@person.example", "news")
	f.passes(25 * time.Hour)
	got = f.letters()
	require.Equal(t, []string{"confirm"}, kinds(got), "no welcome, and nobody is reminded")
	require.Equal(t, consent.SignUpExpired, f.confirms(got[0].link))
}

// Whoever enters an address learns nothing of what its owner gets; the owner does, once a week.
func TestWhatIsAgreedToIsNotTold(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	f.enters("ana@person.example", "news")
	f.passes(0)
	require.Equal(t, consent.SignUpConfirmed, f.confirms(f.letters()[0].link))
	require.Equal(t, []string{"welcome"}, kinds(f.letters()))
	for range 5 {
		f.enters("ana@person.example", "news")
		f.passes(time.Hour)
	}
	require.Equal(t, []string{"known"}, kinds(f.letters()))
	f.passes(7 * day24)
	f.enters("ana@person.example", "news")
	f.passes(0)
	require.Equal(t, []string{"known"}, kinds(f.letters()))
	require.Equal(t, []consent.Kind{consent.Requested, consent.Confirmed}, f.ledger("ana@person.example"))

	f.enters("ana@person.example", "news", "offers")
	f.passes(time.Minute)
	require.Empty(t, f.letters(), "it has just got a letter")
	f.passes(time.Hour)
	got := f.letters()
	require.Equal(t, []string{"confirm"}, kinds(got))
	require.NotContains(t, got[0].text, "The news", "only what is new is asked for")
	require.Contains(t, got[0].text, "The offers")
}

// Whoever says that it was not them gets no more letters for half a year, and nobody signs them up meanwhile.
func TestItWasNotMe(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	f.enters("ana@person.example", "news")
	f.passes(0)
	token := f.letters()[0].link
	require.Equal(t, consent.SignUpDenied, f.denies(token))
	require.Equal(t, consent.SignUpDenied, f.confirms(token), "and it stays so")
	require.Equal(t, consent.WasWithdrawn, f.may("ana@person.example", "news"))
	for range 10 {
		f.enters("ana@person.example", "news", "offers")
		f.passes(12 * day24)
	}
	require.Empty(t, f.letters())
	f.passes(61 * day24)
	f.enters("ana@person.example", "news")
	f.passes(0)
	require.Equal(t, []string{"confirm"}, kinds(f.letters()))
}

// Where no law wants a confirmation what is said counts at once; what somebody ended, an entry in a form does not take up again anywhere.
func TestSignUpsWhereNothingHasToBeConfirmed(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	f.Change(func(ctx context.Context, tx *storage.Tx) error {
		tenant := tx.Tenant()
		n := storage.NewTenant{Name: tenant.Name, Country: "US", Calendar: tenant.Calendar, Zone: tenant.Zone.String(), Language: tenant.Language, Regime: tenant.Regime, Profile: tenant.Profile, Settings: tenant.Settings}
		return tx.UpdateTenant(ctx, n)
	})
	f.DB.ForgetTenant(f.Tenant)
	require.NoError(t, f.enter("api", "ana@person.example", "US", "news"))
	require.NoError(t, f.enter("api", "ben@person.example", "DE", "news"))
	require.NoError(t, f.enter("api", "cleo@person.example", "", "news"))
	require.NoError(t, f.enter("form", "dora@person.example", "US", "news"))
	f.passes(0)
	got := f.letters()
	require.ElementsMatch(t, []string{"welcome", "confirm", "confirm", "confirm"}, kinds(got), "where nobody knows the law, that which asks most; a stranger does not say where somebody lives")
	for _, l := range got {
		if l.to == "dora@person.example" {
			require.Equal(t, consent.SignUpConfirmed, f.confirms(l.link))
		}
	}
	require.Equal(t, "US", f.history("dora@person.example").Country, "who confirms says so themselves")
	require.Equal(t, []string{"welcome"}, kinds(f.letters()))
	f.clock.Advance(time.Hour)
	require.Equal(t, []consent.Kind{consent.Given}, f.ledger("ana@person.example"))
	require.NoError(t, f.enter("api", "ben@person.example", "US", "offers"))
	f.passes(0)
	require.Equal(t, []string{"confirm"}, kinds(f.letters()), "where they live is not changed by what somebody enters")

	f.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := f.Desk.RecordConsents(ctx, tx, []casework.NewConsent{{
			Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: "ana@person.example"}, Purpose: "news", Channel: privacy.ByEmail, Kind: consent.Withdrawn, How: "staff",
		}})
		return err
	})
	f.clock.Advance(time.Minute)
	require.NoError(t, f.enter("api", "ana@person.example", "US", "news"))
	f.passes(0)
	again := f.letters()
	require.Equal(t, []string{"confirm"}, kinds(again))
	require.Equal(t, consent.WasWithdrawn, f.may("ana@person.example", "news"))
	require.Equal(t, consent.SignUpConfirmed, f.confirms(again[0].link))
	require.Equal(t, consent.ByOptOut, f.may("ana@person.example", "news"))
}

// 1,000 sign-ups of one address at once, in many spellings, are one letter; and so are the next thousand, until an hour later.
func TestAThousandSignUpsAreOneLetter(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	many := func() {
		var wait sync.WaitGroup
		for i := range 20 {
			wait.Go(func() {
				for j := range 50 {
					address := []string{"ana@person.example", "Ana@Person.example", "ANA@PERSON.EXAMPLE", " ana@person.example"}[(i+j)%4]
					if err := f.enter("form", address, "", "news"); err != nil {
						t.Errorf("entry: %s", err)
					}
				}
			})
		}
		wait.Wait()
		f.passes(0)
	}
	many()
	got := f.letters()
	require.Equal(t, []string{"confirm"}, kinds(got))
	f.clock.Advance(time.Minute)
	many()
	require.Empty(t, f.letters())
	f.passes(time.Hour)
	many()
	require.Equal(t, []string{"confirm"}, kinds(f.letters()), "whoever has lost the letter gets it again")
	require.Equal(t, []consent.Kind{consent.Requested}, f.ledger("ana@person.example"))
	f.Read(func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.SignUpsOf(ctx, f.history("ana@person.example").Person, time.Time{})
		require.Len(t, all, 1)
		require.Equal(t, 2999, all[0].Repeats)
		return err
	})
	require.Equal(t, consent.SignUpConfirmed, f.confirms(got[0].link))
}

// A worker that remembers the tenant as it was asks for a purpose that another process has added since.
func TestASignUpForAPurposeThatIsNew(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	f.enters("ana@person.example", "news")
	f.passes(0)
	require.Equal(t, []string{"confirm"}, kinds(f.letters()))
	elsewhere, err := storage.Open(t.Context(), f.Register.DSN, storage.Options{Master: f.Register.Master, Clock: f.clock, MaxConnections: 2})
	require.NoError(t, err)
	t.Cleanup(elsewhere.Close)
	require.NoError(t, elsewhere.Change(t.Context(), f.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
		p, err := f.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: "events", Class: "commercial"})
		if err != nil {
			return err
		}
		words, err := tx.AddConsentText(ctx, p, "en", "Events", "Yes, tell me of events.")
		if err != nil {
			return err
		}
		_, err = tx.AddSignUp(ctx, storage.NewSignUp{
			Entered: storage.EnteredSignUp{Address: "ben@person.example", Wants: []storage.SignUpWish{{Purpose: p.Number, Text: words.ID}}}, Language: "en", How: "form", Source: "footer",
		})
		return err
	}))
	f.passes(0)
	require.Equal(t, []string{"confirm"}, kinds(f.letters()))
}

// A link does nothing once its key was revoked, and one that is changed is no link.
func TestLinksToConfirmBy(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	f.enters("ana@person.example", "news")
	f.passes(0)
	token := f.letters()[0].link
	_, err := f.Desk.OpenLink(t.Context(), token, consent.LinkUnsubscribe)
	require.ErrorIs(t, err, casework.ErrLinkDead, "it is for nothing else")
	for _, broken := range []string{token[1:], token[:len(token)-1], token + "A", strings.Replace(token, token[20:21], "-", 1), ""} {
		_, err := f.Desk.OpenLink(t.Context(), broken, consent.LinkConfirm)
		require.ErrorIs(t, err, casework.ErrLinkDead)
	}
	require.NoError(t, f.DB.Change(t.Context(), f.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error { return tx.RevokeLinkKey(ctx, 1) }))
	f.clock.Advance(time.Minute)
	require.True(t, f.link(token).Revoked())
}

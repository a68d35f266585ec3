package pages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// takeForm takes a request in. The answer is the same whether or not the person is known.
func (s *site) takeForm(v *visit) error {
	in := v.filled()
	if v.wait > 0 {
		return s.form(v, http.StatusTooManyRequests, in, v.chooseAgain(in, []fault{v.busyFault(v.wait)}))
	}
	if v.sent.unread != nil {
		status, said := v.unread()
		return s.form(v, status, in, v.chooseAgain(in, []fault{said}))
	}
	if in.trapped {
		// A program fills in what people can't see; so does a browser that wants to be helpful. The person sends it again.
		return s.form(v, http.StatusUnprocessableEntity, in, []fault{{Text: v.say("error.trap")}})
	}
	if faults := v.chooseAgain(in, v.check(in)); len(faults) > 0 {
		return s.form(v, v.faultStatus(), in, faults)
	}
	giveBack, wait := s.admit(v, in)
	if wait > 0 {
		return s.form(v, http.StatusTooManyRequests, in, v.chooseAgain(in, []fault{v.busyFault(wait)}))
	}
	fresh := false
	defer func() {
		if !fresh {
			giveBack()
		}
	}()
	agent, err := s.sealProof(v, in)
	if errors.Is(err, casework.ErrDocument) {
		return s.form(v, http.StatusUnprocessableEntity, in, []fault{{Field: "proof", Text: v.say("error.proof")}})
	}
	if err != nil {
		return err
	}
	opened, fresh, err := s.file(v, in, agent)
	if errors.Is(err, storage.ErrKeyReused) {
		// Sent, gone back to and changed: it is another request, and the page that comes back has a token of its own.
		return s.form(v, http.StatusConflict, in, []fault{{Text: v.say("error.stale")}})
	}
	if err != nil {
		return err
	}
	return s.received(v, opened)
}

// admit counts a request for its mailbox and its tenant, or says how long to wait. What was not filed after all is given
// back: else a few could keep everybody out with forms that come to nothing.
func (s *site) admit(v *visit, in filled) (giveBack func(), wait time.Duration) {
	tenant, box := v.tenant.ID.String(), mailbox(v.tenant, in.Email)+"/"+throttle.Origin(v.ClientIP())
	if ok, wait := s.mailboxes.Allow(box); !ok {
		return nil, wait
	}
	if ok, wait := s.tenants.Allow(tenant); !ok {
		s.mailboxes.GiveBack(box)
		return nil, wait
	}
	return func() {
		s.mailboxes.GiveBack(box)
		s.tenants.GiveBack(tenant)
	}, 0
}

// mailbox is an address as the limits count it, without keeping it.
func mailbox(t storage.Tenant, email string) string {
	normal, err := seal.NormalEmail(email)
	if err != nil {
		normal = email
	}
	sum := sha256.Sum256([]byte(t.ID.String() + "/" + normal))
	return hex.EncodeToString(sum[:])
}

// unread says why not all of a form was read.
func (v *visit) unread() (status int, said fault) {
	switch {
	case errors.Is(v.sent.unread, errLong) && v.sent.dropped == "error.large":
		return http.StatusRequestEntityTooLarge, fault{Field: "proof", Text: v.say(v.sent.dropped)}
	case errors.Is(v.sent.unread, errLong):
		return http.StatusRequestEntityTooLarge, fault{Text: v.say("error.long")}
	case errors.Is(v.sent.unread, errSlow):
		// Not 408, with which a browser may send it all again by itself.
		return http.StatusBadRequest, fault{Text: v.say("error.slow")}
	default:
		return http.StatusBadRequest, fault{Text: v.say("error.broken")}
	}
}

// faultStatus is that of a form with faults in it.
func (v *visit) faultStatus() int {
	switch v.sent.dropped {
	case "error.large":
		return http.StatusRequestEntityTooLarge
	case "error.crowded":
		v.Header("Retry-After", "60")
		return http.StatusTooManyRequests
	default:
		return http.StatusUnprocessableEntity
	}
}

func (v *visit) filled() filled {
	in := filled{
		Rights: v.chosen("right"), Ground: v.entered("ground"), Against: v.chosen("against"), Contest: v.contest(), Name: v.entered("name"), Email: v.entered("email"), Phone: v.entered("phone"),
		Customer: v.entered("customer"), Details: v.entered("details"), Place: v.entered("place"), token: v.sent.values.Get("token"), trapped: v.sent.values.Get("website") != "",
		Other: v.sent.values.Get("for") == forOther,
	}
	if in.Other {
		in.AgentName, in.AgentEmail, in.Standing = v.entered("agent_name"), v.entered("agent_email"), v.entered("standing")
		in.proof = v.sent.document
	}
	return in
}

// contest is what was entered about an automated decision.
func (v *visit) contest() privacy.Contest {
	return privacy.Contest{
		Decision: strings.ReplaceAll(v.entered("contest_decision"), "\n", " "), Taken: strings.ReplaceAll(v.entered("contest_taken"), "\n", " "),
		Effect: v.entered("contest_effect"), View: v.entered("contest_view"),
	}
}

// chosen are the boxes of a name that are ticked, each once.
func (v *visit) chosen(name string) (out []string) {
	for _, value := range v.sent.values[name] {
		if !slices.Contains(out, value) && len(out) < len(privacy.Rights()) {
			out = append(out, value)
		}
	}
	return out
}

// filings are the rights asked for, with what their answers turn on.
func (in filled) filings() (out []casework.Filing) {
	for _, right := range in.Rights {
		f := casework.Filing{Right: privacy.Right(right)}
		switch f.Right {
		case privacy.Restriction:
			f.Ask.Ground = privacy.RestrictionGround(in.Ground)
		case privacy.Objection:
			for _, kind := range in.Against {
				f.Ask.Against = append(f.Ask.Against, privacy.LimitKind(kind))
			}
		case privacy.AutomatedDecision:
			f.Contest = in.Contest
		}
		out = append(out, f)
	}
	return out
}

// first is the first of some texts, "" for none.
func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// entered is the text of a field without what no keyboard enters.
func (v *visit) entered(name string) string {
	text := strings.ToValidUTF8(v.sent.values.Get(name), "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, text))
}

// check says what is wrong, in the order of the form.
func (v *visit) check(in filled) []fault {
	var faults []fault
	switch err := checkToken(v.tenant, in.token, v.site.Clock.Now()); {
	case errors.Is(err, errQuick):
		faults = append(faults, fault{Text: v.say("error.quick")})
	case err != nil:
		faults = append(faults, fault{Text: v.say("error.stale")})
	}
	if !v.site.gives(v.tenant, in) {
		faults = append(faults, fault{Field: "right", Text: v.say("error.right")})
	}
	for _, f := range in.filings() {
		if _, err := f.Ask.Complete(f.Right); err != nil {
			faults = append(faults, fault{Field: "right", Text: v.say("error." + string(f.Right))})
		}
		if f.Right == privacy.AutomatedDecision && f.Contest.Decision == "" {
			faults = append(faults, fault{Field: "contest_decision", Text: v.say("error.automated_decision")})
		}
	}
	faults = append(faults, v.checkAgent(in)...)
	for _, f := range []struct{ name, value string }{{"name", in.Name}, {"email", in.Email}, {"phone", in.Phone}, {"customer", in.Customer}, {"details", in.Details},
		{"contest_decision", in.Contest.Decision}, {"contest_taken", in.Contest.Taken}, {"contest_effect", in.Contest.Effect}, {"contest_view", in.Contest.View}} {
		if len([]rune(f.value)) > longest()[f.name] {
			faults = append(faults, fault{Field: f.name, Text: v.say("error.long")})
		}
	}
	if !isMailbox(in.Email) {
		faults = append(faults, fault{Field: "email", Text: v.say("error.email")})
	}
	if _, err := seal.NormalPhone(in.Phone, v.tenant.Settings.PhoneCountry); in.Phone != "" && err != nil {
		faults = append(faults, fault{Field: "phone", Text: v.say("error.phone")})
	}
	return faults
}

func isMailbox(text string) bool {
	_, err := seal.NormalEmail(text)
	return err == nil && !strings.ContainsAny(text, " \n<>\",;")
}

// gives says whether the law that applies to the person has the rights they chose.
func (s *site) gives(t storage.Tenant, in filled) bool {
	regime, asked, err := s.law(t, in.Place)
	if err != nil || !asked {
		return false
	}
	rights, _, err := s.offer(t, regime)
	unknown := func(right string) bool { return !slices.Contains(rights, privacy.Right(right)) }
	return err == nil && len(in.Rights) > 0 && !slices.ContainsFunc(in.Rights, unknown)
}

// file accepts the request, once per form: the same form sent twice is one request, and fresh the first time.
func (s *site) file(v *visit, in filled, agent *casework.Agent) (opened []casework.Opened, fresh bool, err error) {
	ctx := v.Request.Context()
	regime, _, err := s.law(v.tenant, in.Place)
	if err != nil {
		return nil, false, err
	}
	entered, err := json.Marshal(in)
	if err != nil {
		return nil, false, fmt.Errorf("write what was entered: %w", err)
	}
	key, content := sha256.Sum256([]byte(in.token)), sha256.Sum256(entered)
	ours := s.MayStart()
	defer func() { err = errors.Join(err, s.dropUnused(ctx, agent, fresh && err == nil)) }()
	err = s.Desk.DB().Change(ctx, v.tenant.ID, casework.System("form"), func(ctx context.Context, tx *storage.Tx) error {
		before, err := tx.Once(ctx, "form", key[:], content[:])
		if err != nil {
			return err
		}
		if before != nil {
			return json.Unmarshal(before.Response, &opened)
		}
		opened, err = s.Desk.OpenAll(ctx, tx, casework.NewRequest{
			Person: storage.Person{Name: strings.ReplaceAll(in.Name, "\n", " "), Email: in.Email, Phone: in.Phone, CustomerID: in.Customer},
			Regime: regime.ID, Country: countryOf(in.Place), Language: v.language, Channel: "form", Details: in.Details, Agent: agent, StartedByCaller: ours,
		}, in.filings())
		if err != nil {
			return err
		}
		fresh = true
		text, err := json.Marshal(opened)
		if err != nil {
			return fmt.Errorf("write the answer: %w", err)
		}
		return tx.Answered(ctx, "form", key[:], storage.Answer{Status: http.StatusOK, Response: text})
	})
	if err == nil && fresh {
		for _, o := range opened {
			s.Accept(contract.Ref{Tenant: v.tenant.ID, Case: o.ID}, 1, "form", ours)
		}
	}
	return opened, fresh && err == nil, err
}

func (s *site) received(v *visit, opened []casework.Opened) error {
	var due time.Time
	page := view{Title: v.say("received.title")}
	for _, o := range opened {
		if o.Due.After(due) {
			due = o.Due
		}
		page.Lines = append(page.Lines, v.say("received.reference", "reference", o.Reference))
	}
	page.Promise = v.say("received.promise", "date", v.date(due))
	page.Lines = append(page.Lines, v.say("received.next", "contact", v.contact()))
	v.show(http.StatusOK, "plain", page)
	return nil
}

package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

type newSignUpIn struct {
	Idempotent
	Body NewSignUp
}

// NewSignUp is a sign-up that a server of the tenant's hands on.
type NewSignUp struct {
	Address  string        `json:"address" minLength:"1" maxLength:"254" doc:"An e-mail address: it is the mailbox that confirms."`
	Purposes []string      `json:"purposes" nullable:"false" minItems:"1" maxItems:"20" doc:"Keys of purposes that forms may ask for (settings.consents.sign_ups)."`
	Texts    []uuid.UUID   `json:"texts" nullable:"false" minItems:"1" maxItems:"100" doc:"The versions of the words that were shown, one of each purpose."`
	Language string        `json:"language,omitempty" pattern:"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$" maxLength:"35" doc:"What the person reads: the letters are in it. Yours when absent."`
	Country  string        `json:"country,omitempty" pattern:"^[A-Z]{2}$" doc:"Where the person lives, when that is known: it decides whether their mailbox has to confirm. Where it is not known, it has to as soon as any law wants it."`
	Source   string        `json:"source,omitempty" maxLength:"200" doc:"The name of the form or the site. Nothing about the person."`
	Evidence *evidenceBody `json:"evidence,omitempty" doc:"What else shows it. It is sealed."`
}

// signUpView is how far a sign-up has come.
type signUpView struct {
	ID       uuid.UUID  `json:"id" format:"uuid"`
	State    string     `json:"state" enum:"entered,ending,asked,given,known,confirmed,expired,denied,held" doc:"entered: nobody has looked yet. ending: implied consent ends soon, and the person is to be asked. asked: a letter asks the mailbox to confirm. given: no law wants that. known: all of it was agreed to before. denied: whoever has the mailbox says that it was not them, or has said so lately. held: the mailbox has had enough letters."`
	Purposes []string   `json:"purposes" nullable:"false" doc:"Those that were not agreed to before."`
	Language string     `json:"language"`
	How      string     `json:"how" enum:"form,api,ending" doc:"ending: nobody has entered it. Implied consent ends soon, and you have people asked (settings.consents.ask_days)."`
	Source   string     `json:"source,omitempty"`
	At       time.Time  `json:"at"`
	Repeats  int        `json:"repeats" doc:"How often the same was entered again."`
	Letters  int        `json:"letters" doc:"How many were written about it."`
	LetterAt *time.Time `json:"letter_at,omitempty" doc:"When the last of them was written."`
	Reminded *time.Time `json:"reminded_at,omitempty"`
	Expires  *time.Time `json:"expires_at,omitempty" doc:"Until when it can be confirmed."`
	Ended    *time.Time `json:"ended_at,omitempty"`
}

type oneSignUp struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

type signUpFormIn struct {
	Purposes []string `query:"purpose" maxItems:"20" doc:"Keys of purposes; all that forms may ask for when absent."`
	Language string   `query:"language" maxLength:"35" pattern:"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$" doc:"Of the words; yours when absent."`
}

// signUpSnippet is a form for a page of the tenant's.
type signUpSnippet struct {
	HTML string `json:"html" doc:"A form that works without a script. It says which version of the words it has: fetch it anew when they change."`
	Page string `json:"page" doc:"The same form on a page of ours."`
	Post string `json:"post" doc:"Where a script sends the same as JSON: address, purposes, texts, and language, country and source where you know them."`
}

func (s *server) signUpOperations() {
	register(s, operation{
		id: "sign-up", method: http.MethodPost, path: "/v1/consent/sign-ups", tag: "consents", status: http.StatusAccepted,
		summary: "Have a mailbox confirm what somebody signed up for on a page of yours (double opt-in)",
	}, s.signUp)
	register(s, operation{
		id: "get-sign-up", method: http.MethodGet, path: "/v1/consent/sign-ups/{id}", tag: "consents", errors: []int{http.StatusNotFound},
		summary: "How far a sign-up has come. Show it to nobody but the person: it says whether an address is on your lists",
	}, s.getSignUp)
	register(s, operation{
		id: "get-sign-up-form", method: http.MethodGet, path: "/v1/consent/sign-up-form", tag: "consents", errors: []int{http.StatusNotFound},
		summary: "A form for your own page by which people sign up, with the words that they agree to",
	}, s.signUpForm)
}

func (s *server) signUp(ctx context.Context, who *caller, in *newSignUpIn) (*answered[signUpView], error) {
	k, err := in.once(who, "sign-up", in.Body)
	if err != nil {
		return nil, err
	}
	form := casework.SignUpForm{
		Address: in.Body.Address, Purposes: in.Body.Purposes, Texts: in.Body.Texts, Language: in.Body.Language, Country: in.Body.Country, How: "api", Source: in.Body.Source,
	}
	if in.Body.Evidence != nil {
		form.Evidence = storage.ConsentEvidence(*in.Body.Evidence)
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, signUpView, error) {
		id, err := s.Desk.SignUp(ctx, tx, form)
		var fault *casework.ConsentFault
		if errors.As(err, &fault) {
			return 0, signUpView{}, invalid("body."+fault.Field, fault.Problem)
		}
		if err != nil {
			return 0, signUpView{}, err
		}
		up, err := tx.SignUp(ctx, id)
		return http.StatusAccepted, newSignUp(up, purposeKeys(tx.Tenant())), err
	})
}

func (s *server) getSignUp(ctx context.Context, who *caller, in *oneSignUp) (*shown[signUpView], error) {
	out := &shown[signUpView]{}
	return out, s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		up, err := tx.SignUp(ctx, in.ID)
		out.Body = newSignUp(up, purposeKeys(tx.Tenant()))
		return err
	})
}

func newSignUp(up storage.SignUp, keys map[int32]string) signUpView {
	wants := up.Wants
	if up.State == consent.SignUpEntered && up.Entered != nil {
		wants = up.Entered.Wants
	}
	return signUpView{
		ID: up.ID, State: string(up.State), Language: up.Language, How: up.How, Source: up.Source, At: up.At, Repeats: up.Repeats, Letters: up.Letters,
		Purposes: each(wants, func(w storage.SignUpWish) string { return keys[w.Purpose] }),
		LetterAt: notZero(up.LetterAt), Reminded: notZero(up.RemindedAt), Expires: notZero(up.ExpiresAt), Ended: notZero(up.Ended),
	}
}

func (s *server) signUpForm(ctx context.Context, who *caller, in *signUpFormIn) (*shown[signUpSnippet], error) {
	out := &shown[signUpSnippet]{}
	return out, s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		tenant, language := tx.Tenant(), in.Language
		if language == "" {
			language = tenant.Language
		}
		offers, err := s.Desk.SignUpOffers(ctx, tx, language, in.Purposes...)
		if err != nil {
			return err
		}
		if len(offers) == 0 {
			return errors.Join(storage.ErrNotFound, errors.New("no form may ask for any of this: open purposes that have words (settings.consents.sign_ups)"))
		}
		form, err := s.snippets.Form(s.Desk.Public()+"/"+tenant.Slug, offers, in.Purposes, language)
		out.Body = signUpSnippet(form)
		return err
	})
}

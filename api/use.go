package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// knownPerson is what a system knows somebody by.
type knownPerson struct {
	Email      string `json:"email,omitempty" maxLength:"320"`
	Phone      string `json:"phone,omitempty" maxLength:"40"`
	CustomerID string `json:"customer_id,omitempty" maxLength:"200"`
}

// person checks what somebody is known by, naming the field.
func (p knownPerson) person(field string) (storage.Person, error) {
	if p == (knownPerson{}) {
		return storage.Person{}, invalid(field, "needs an e-mail address, a telephone number or a customer id")
	}
	if _, err := seal.NormalEmail(p.Email); p.Email != "" && err != nil {
		return storage.Person{}, invalid(field+".email", "is no e-mail address")
	}
	return storage.Person{Email: p.Email, Phone: p.Phone, CustomerID: p.CustomerID}, nil
}

// Usage is what data is to be used for.
type Usage struct {
	Purpose   string `json:"purpose" enum:"service,security,direct_marketing,targeted_advertising,sale,sharing,profiling,research,analytics,other" doc:"What the data is to be used for. service is what the person asked for: an order, an account, an answer."`
	Basis     string `json:"basis,omitempty" enum:"consent,contract,legal_obligation,vital_interests,public_task,legitimate_interests" doc:"The lawful basis (Art. 6(1) GDPR). Without it nothing is let through that an objection to a basis could stand against."`
	Operation string `json:"operation,omitempty" enum:"store,use_for_legal_claim,protect_other_person,important_public_interest" doc:"What Art. 18(2) GDPR lets through while data is restricted; any other use has none."`
	Sensitive bool   `json:"sensitive,omitempty" doc:"It is sensitive personal information."`
}

func (u Usage) use() privacy.Use {
	return privacy.Use{Purpose: privacy.UsePurpose(u.Purpose), Basis: u.Basis, Operation: privacy.RestrictedOp(u.Operation), Sensitive: u.Sensitive}
}

type useIn struct {
	Body struct {
		Person knownPerson `json:"person" doc:"Everything the system knows the person by: a limit found by one of them counts."`
		Usage
	}
}

// useDecision says whether data may be used so now.
type useDecision struct {
	Allowed bool       `json:"allowed"`
	Blocks  []useBlock `json:"blocks" doc:"Every limit that stands against it; none when it is allowed."`
	At      time.Time  `json:"at" doc:"When this was so. Ask again before each use: it may change at any moment."`
}

type useBlock struct {
	Kind        string     `json:"kind" doc:"The kind of limit, or suppression: the person was erased and must not come back."`
	Why         string     `json:"why" enum:"restricted,purpose,basis,basis_unknown,sensitive,suppressed"`
	Citation    string     `json:"citation,omitempty"`
	Provisional bool       `json:"provisional,omitempty"`
	Since       time.Time  `json:"since"`
	EndsAt      *time.Time `json:"ends_at,omitempty"`
}

type signalIn struct {
	Idempotent
	Signal []string `header:"Sec-GPC" doc:"The header as the browser sent it; only the value 1 is a signal."`
	Body   struct {
		Person   knownPerson `json:"person" doc:"Whom the visitor is known as. The e-mail address is needed."`
		Regime   string      `json:"regime,omitempty" maxLength:"40" doc:"The law that gives the right to opt out; the tenant's own when absent." example:"ccpa"`
		Language string      `json:"language,omitempty" enum:"en,de,fr,es"`
	}
}

// signalTaken says what a signal did.
type signalTaken struct {
	OptedOut  bool   `json:"opted_out" doc:"Whether the person is opted out of sale and sharing now. Show it to them."`
	Reference string `json:"reference,omitempty" doc:"Of the opt-out that this signal was, when it was a new one."`
}

func (s *server) useOperations() {
	register(s, operation{
		id: "check-use", method: http.MethodPost, path: "/v1/use-checks", tag: "limits", together: true,
		summary: "May this person's data be used so now? Restrictions, objections, opt-outs and suppressions are considered",
	}, s.checkUse)
	register(s, operation{
		id: "take-signal", method: http.MethodPost, path: "/v1/opt-out-signals", tag: "limits", status: http.StatusCreated, errors: []int{http.StatusConflict},
		summary: "Take in a visitor's opt-out preference signal (Global Privacy Control): the first one of a person opts them out",
	}, s.takeSignal)
}

func (s *server) checkUse(ctx context.Context, who *caller, in *useIn) (*shown[useDecision], error) {
	b := in.Body
	person, err := b.Person.person("body.person")
	if err != nil {
		return nil, err
	}
	out := &shown[useDecision]{}
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		blocks, err := s.Desk.MayUse(ctx, tx, b.use(), person)
		if err == nil {
			out.Body = useDecision{Allowed: len(blocks[0]) == 0, Blocks: each(blocks[0], blockOf), At: tx.Now()}
		}
		return err
	})
	return out, err
}

func blockOf(b privacy.Block) useBlock {
	out := useBlock{Kind: string(b.Kind), Why: string(b.Why), Citation: b.Citation.Text, Provisional: b.Provisional, Since: b.Since}
	if !b.Ends.IsZero() {
		out.EndsAt = &b.Ends
	}
	return out
}

// takeSignal opts a visitor out when the signal is one (W3C GPC: exactly 1) and the person is not opted out already.
func (s *server) takeSignal(ctx context.Context, who *caller, in *signalIn) (*answered[signalTaken], error) {
	if !privacy.GlobalPrivacyControl(in.Signal) {
		return nil, invalid("header.Sec-GPC", "is no signal: pass the browser's header on as it is, and call only when its value is 1")
	}
	person, err := in.Body.Person.person("body.person")
	if err != nil {
		return nil, err
	}
	k, err := in.once(who, "take-signal", in.Body)
	if err != nil {
		return nil, err
	}
	var opened casework.Opened
	ours := s.starter.allow()
	out, err := transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, signalTaken, error) {
		opened, err = s.Desk.TakeSignal(ctx, tx, casework.NewRequest{
			Person: person, Regime: in.Body.Regime, Language: in.Body.Language, Channel: "signal", StartedByCaller: ours,
		})
		if opened.ID == uuid.Nil {
			return http.StatusOK, signalTaken{OptedOut: err == nil}, err
		}
		return http.StatusCreated, signalTaken{OptedOut: true, Reference: opened.Reference}, err
	})
	if err == nil && opened.ID != uuid.Nil {
		s.accept(contract.Ref{Tenant: who.tenant.ID, Case: opened.ID}, 1, "signal", ours)
	}
	return out, err
}

package casetest

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Request is a request that was filed in a world.
type Request struct {
	*World
	Ref    contract.Ref
	Opened casework.Opened
	Person storage.Person
}

// Orders is how many orders the person of a filed request has in the shop.
const Orders = 7

// Proven has identity proven at intake.
func Proven(n *casework.NewRequest) { n.IdentityMethod = "assertion" }

// File files an access request of a person who is a customer of the shop.
func (w *World) File(change ...func(*casework.NewRequest)) *Request {
	w.T.Helper()
	n := casework.NewRequest{Person: storagetest.Person(), Right: privacy.Access, Channel: "form", Details: "everything"}
	n.Person.Email = localtest.Mailbox(w.T).Address("person")
	for _, apply := range change {
		apply(&n)
	}
	r := &Request{World: w, Person: n.Person}
	w.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		r.Opened, err = w.Desk.Open(ctx, tx, n)
		return err
	})
	r.Ref = contract.Ref{Tenant: w.Tenant, Case: r.Opened.ID}
	w.Shop.Stock(n.Person, Orders)
	return r
}

// Case reads the case.
func (r *Request) Case() (c storage.Case) {
	r.T.Helper()
	r.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		c, err = tx.Case(ctx, r.Ref.Case)
		return err
	})
	return c
}

// State reads where the case stands.
func (r *Request) State() privacy.RequestState {
	r.T.Helper()
	return privacy.RequestState(r.Case().State)
}

// Outcome is how the case ended; "" while it has not.
func (r *Request) Outcome() privacy.Outcome {
	r.T.Helper()
	if c := r.Case(); c.Outcome != nil {
		return privacy.Outcome(*c.Outcome)
	}
	return ""
}

// Steps lists the events the case went through.
func (r *Request) Steps() (events []string) {
	r.T.Helper()
	r.Read(func(ctx context.Context, tx *storage.Tx) error {
		steps, err := tx.Transitions(ctx, r.Ref.Case)
		for _, s := range steps {
			events = append(events, s.Event)
		}
		return err
	})
	return events
}

// Obligation reads what is owed of a kind.
func (r *Request) Obligation(kind privacy.ObligationKind) (found storage.Obligation) {
	r.T.Helper()
	r.Read(func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.Obligations(ctx, r.Ref.Case)
		for _, o := range all {
			if o.Kind == string(kind) {
				found = o
			}
		}
		return err
	})
	require.NotEqual(r.T, uuid.Nil, found.ID, "the case has no obligation to %s", kind)
	return found
}

// Dates lists the dates that stood for an obligation, oldest first, with their causes.
func (r *Request) Dates(kind privacy.ObligationKind) (dates []storage.ObligationDate) {
	r.T.Helper()
	id := r.Obligation(kind).ID
	r.Read(func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.ObligationDates(ctx, r.Ref.Case)
		for _, d := range all {
			if d.ObligationID == id {
				dates = append(dates, d)
			}
		}
		return err
	})
	return dates
}

// Milestones lists what the clock of an obligation came to.
func (r *Request) Milestones(kind privacy.ObligationKind) (reached []privacy.Milestone) {
	r.T.Helper()
	id := r.Obligation(kind).ID
	r.Read(func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.Milestones(ctx, r.Ref.Case)
		for _, m := range all {
			if m.ObligationID == id {
				reached = append(reached, privacy.Milestone{Kind: privacy.MilestoneKind(m.Kind), At: m.At.UTC()})
			}
		}
		return err
	})
	return reached
}

// OpenTasks lists the kinds of the open tasks.
func (r *Request) OpenTasks() (kinds []string) {
	r.T.Helper()
	r.Read(func(ctx context.Context, tx *storage.Tx) error {
		tasks, err := tx.CaseTasks(ctx, r.Ref.Case)
		for _, task := range tasks {
			if task.State == "open" {
				kinds = append(kinds, task.Kind)
			}
		}
		return err
	})
	return kinds
}

// Packages reads the packages of the case.
func (r *Request) Packages() (packages []storage.Package) {
	r.T.Helper()
	r.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		packages, err = tx.Packages(ctx, r.Ref.Case)
		return err
	})
	return packages
}

// Letter is something that was written about the case.
type Letter struct {
	Kind notify.Kind
	To   string
	At   time.Time
	Text string
}

// Letters opens everything that was written of a kind, oldest first. Of codes that were sent nothing is left to open.
func (r *Request) Letters(kind notify.Kind) (letters []Letter) {
	r.T.Helper()
	r.Read(func(ctx context.Context, tx *storage.Tx) error {
		lines, err := tx.Messages(ctx, r.Ref.Case)
		for _, line := range lines {
			if notify.Kind(line.Kind) != kind {
				continue
			}
			content, err := tx.MessageContent(ctx, r.Ref.Case, line.ID)
			if err != nil {
				return err
			}
			var message notify.Message
			if err := json.Unmarshal(content, &message); err != nil {
				return err
			}
			letters = append(letters, Letter{Kind: kind, To: message.To.Address, At: line.CreatedAt.UTC(), Text: message.Rendered.Text})
		}
		return err
	})
	return letters
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// Code reads the newest one-time code out of its letter.
func (r *Request) Code(kind notify.Kind) string {
	r.T.Helper()
	letters := r.Letters(kind)
	require.NotEmpty(r.T, letters, "no code was written")
	code := sixDigits.FindString(letters[len(letters)-1].Text)
	require.NotEmpty(r.T, code, "the letter holds no code")
	return code
}

// ProveIdentity has the person ask for a fresh code, for the first lives ten minutes, and answer it.
func (r *Request) ProveIdentity() {
	r.T.Helper()
	actor := audit.Actor{Kind: audit.Subject, ID: r.Ref.Case.String()}
	require.NoError(r.T, r.Desk.SendCode(r.T.Context(), r.Ref, actor, storage.CodeForIdentity))
	_, err := r.Desk.AnswerIdentityCode(r.T.Context(), r.Ref, r.Code(notify.KindOneTimeCode))
	require.NoError(r.T, err)
}

// Agent is a member of staff.
func Agent() contract.Actor {
	return contract.Actor{Kind: "person", ID: uuid.NewString(), Role: "agent"}
}

// Command is a command of an agent with a key of its own; change alters it.
func Command(kind contract.CommandKind, change ...func(*contract.Command)) contract.Command {
	c := contract.Command{Key: string(kind) + "/" + uuid.NewString(), Kind: kind, Actor: Agent()}
	for _, apply := range change {
		apply(&c)
	}
	return c
}

// Because gives a command its reason.
func Because(reason string) func(*contract.Command) {
	return func(c *contract.Command) { c.Reason = reason }
}

// Approving names the plan of erasure that stands now, as whoever approves it has read it.
func (r *Request) Approving() func(*contract.Command) {
	return func(c *contract.Command) {
		r.Read(func(ctx context.Context, tx *storage.Tx) error {
			plan, err := tx.ErasurePlanState(ctx, r.Ref.Case)
			c.Plan = hex.EncodeToString(plan.SHA256)
			return err
		})
	}
}

// On names the system that a command is about.
func On(system uuid.UUID) func(*contract.Command) {
	return func(c *contract.Command) { c.System = &system }
}

// Saying keeps a note beside a command.
func (r *Request) Saying(text string) func(*contract.Command) {
	r.T.Helper()
	var id uuid.UUID
	r.Change(func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, r.Ref.Case)
		if err != nil {
			return err
		}
		subject, err := tx.Subject(ctx, row.SubjectID)
		if err != nil {
			return err
		}
		id, err = tx.AddNote(ctx, row, subject, storage.NotePlain, text)
		return err
	})
	return func(c *contract.Command) { c.Note = &id }
}

// Reopen takes the closed case up again.
func (r *Request) Reopen() {
	r.T.Helper()
	c := contract.Command{Key: "reopen/" + uuid.NewString(), Actor: Agent(), Reason: "person_objects"}
	actor := audit.Actor{Kind: audit.ActorKind(c.Actor.Kind), ID: c.Actor.ID, Role: c.Actor.Role, Key: c.Actor.Key}
	require.NoError(r.T, r.DB.Change(r.T.Context(), r.Tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		return r.Desk.Reopen(ctx, tx, r.Ref, c)
	}))
}

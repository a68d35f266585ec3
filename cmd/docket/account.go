package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/storage"
)

const accountLong = `Invite people who sign in, show them, and end their sessions.

All of it opens the register itself, by DOCKET_REGISTER_URL and DOCKET_MASTER_KEY, because before the first person has signed
in there is nobody who could invite the next. Without those variables the commands use the local stack.`

// staffRoles are the roles that a person can have.
func staffRoles() []string {
	return []string{"admin", "dpo", "agent", "lead", "auditor", "executive", storage.RoleOperator}
}

// accountCommand is `docket account`.
func (v *verbs) accountCommand() *cobra.Command {
	cmd := group("account", "Invite people, show them, end their sessions and take lost factors away",
		v.accountInvite(), v.accountList(), v.accountEndSessions(), v.accountDropFactors())
	cmd.Long = accountLong
	return cmd
}

// madeInvitation is what account invite prints.
type madeInvitation struct {
	ID   uuid.UUID `json:"id"`
	Link string    `json:"link"`
}

func (v *verbs) accountInvite() *cobra.Command {
	var who personInput
	var slug, role string
	cmd := v.direct("invite --tenant SLUG --role ROLE --person-file FILE", "Invite somebody to a tenant, and print the link by which they join", cobra.NoArgs,
		func(ctx context.Context, s *session, r *register, _ []string) error {
			person, err := who.read(s, askName(), askEmail())
			if err != nil {
				return err
			}
			if person.Name == "" || person.Email == "" || person.Phone != "" {
				return errors.New("who is invited has a name and an e-mail address, both, and nothing else")
			}
			tenant, err := r.TenantBySlug(ctx, slug)
			if err != nil {
				return noTenant(err)
			}
			if err := checkStaffRole(tenant, role); err != nil {
				return err
			}
			made, err := r.invite(ctx, tenant, storage.Staff{Name: person.Name, Email: person.Email, Role: role, Active: true})
			if err != nil {
				return err
			}
			return s.invited(made)
		})
	cmd.Long = cmd.Short + `.

The worker mails the link as well, once it reaches the mail server. It works once, for seven days. Who is on the staff already and has
not joined gets a new link, and the one before ends.

` + historyWarning
	who.flags(cmd)
	cmd.Flags().StringVar(&slug, "tenant", "", "the tenant's slug")
	cmd.Flags().StringVar(&role, "role", "", "admin, dpo, agent, lead, auditor, executive, or operator in a tenant that operates")
	_ = cmd.MarkFlagRequired("tenant")
	_ = cmd.MarkFlagRequired("role")
	return cmd
}

func checkStaffRole(tenant storage.Tenant, role string) error {
	if !slices.Contains(staffRoles(), role) {
		return errors.New("--role must be admin, dpo, agent, lead, auditor, executive or operator")
	}
	if role == storage.RoleOperator && !tenant.Operates {
		return errors.New("--role operator is for the processor's own tenant: docket tenant create --operates makes it")
	}
	return nil
}

// invite adds the member of staff where there is none with this address, and makes the link.
func (r *register) invite(ctx context.Context, tenant storage.Tenant, member storage.Staff) (made madeInvitation, err error) {
	desk := casework.New(r.DB, nil, r.book, casework.Links{Public: r.public}, r.clock)
	err = r.Change(ctx, tenant.ID, casework.System(setup), func(ctx context.Context, tx *storage.Tx) error {
		there, err := tx.MemberByEmail(ctx, member.Email)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			if member.ID, err = tx.AddStaff(ctx, member); err != nil {
				return err
			}
		case err != nil:
			return err
		case there.Account != nil || !there.Active || there.Role != member.Role:
			return errors.New("there is somebody with this address who has joined, was taken away or has another role: nothing was changed")
		default:
			member = there
		}
		made.ID = member.ID
		made.Link, err = desk.Invite(ctx, tx, member)
		return err
	})
	return made, err
}

func (s *session) invited(made madeInvitation) error {
	err := s.show(made, func(w io.Writer) { pairs(w, [2]string{"id", made.ID.String()}, [2]string{"link", made.Link}) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.errs, "Give the link to the person it is for and to nobody else: whoever opens it first joins.")
	return err
}

// accountLine is somebody on the staff as account list shows them.
type accountLine struct {
	ID         uuid.UUID  `json:"id"`
	Role       string     `json:"role"`
	Name       string     `json:"name"`
	Email      string     `json:"email"`
	Status     string     `json:"status"`
	Factor     bool       `json:"second_factor"`
	LastSignIn *time.Time `json:"last_sign_in_at,omitempty"`
}

func (v *verbs) accountList() *cobra.Command {
	var slug string
	cmd := v.direct("list --tenant SLUG", "List who can sign in to a tenant", cobra.NoArgs, func(ctx context.Context, s *session, r *register, _ []string) error {
		tenant, err := r.TenantBySlug(ctx, slug)
		if err != nil {
			return noTenant(err)
		}
		lines, err := r.accounts(ctx, tenant.ID)
		if err != nil {
			return err
		}
		return listing[accountLine]{
			head: "ID\tROLE\tNAME\tE-MAIL\tSTATUS\tSECOND FACTOR\tLAST SIGN-IN",
			row: func(a accountLine) []string {
				factor, last := "no", ""
				if a.Factor {
					factor = "yes"
				}
				if a.LastSignIn != nil {
					last = a.LastSignIn.In(s.zone).Format(exact)
				}
				return []string{a.ID.String(), a.Role, a.Name, a.Email, a.Status, factor, last}
			},
			empty: "There is nobody. docket account invite invites somebody.",
		}.print(s, client.Page[accountLine]{Items: lines})
	})
	cmd.Flags().StringVar(&slug, "tenant", "", "the tenant's slug")
	_ = cmd.MarkFlagRequired("tenant")
	return cmd
}

func (r *register) accounts(ctx context.Context, tenant uuid.UUID) (lines []accountLine, err error) {
	lines = []accountLine{}
	err = r.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		staff, err := tx.Staff(ctx)
		if err != nil {
			return err
		}
		for _, m := range staff {
			line := accountLine{ID: m.ID, Role: m.Role, Name: m.Name, Email: m.Email, Status: "active", LastSignIn: m.LastSignedIn}
			switch {
			case !m.Active:
				line.Status = "inactive"
			case m.Account == nil:
				line.Status = "invited"
			}
			if m.Account != nil {
				account, err := tx.OfAccount(ctx, *m.Account)
				if err != nil {
					return err
				}
				if line.Factor, err = account.HasFactor(ctx); err != nil {
					return err
				}
			}
			lines = append(lines, line)
		}
		return nil
	})
	return lines, err
}

func (v *verbs) accountEndSessions() *cobra.Command {
	return v.onAccount("end-sessions", "End all sessions of somebody who can sign in to a tenant", func(ctx context.Context, tx *storage.Tx, of subjectAccount) (int64, error) {
		return of.account.EndOtherSessions(ctx, uuid.Nil, storage.EndRevoked)
	})
}

// accountDropFactors is for somebody who has lost their telephone and their recovery codes: nobody else can let them in again. Whoever runs
// it has made sure by another way who asks.
func (v *verbs) accountDropFactors() *cobra.Command {
	return v.onAccount("drop-factors", "Take all second factors away from somebody who has lost them, and end their sessions", func(ctx context.Context, tx *storage.Tx, of subjectAccount) (int64, error) {
		if err := of.account.DropFactors(ctx); err != nil {
			return 0, err
		}
		if err := tx.Audit(ctx, audit.Event{Action: audit.FactorRemoved, Object: of.object, Facts: map[audit.FactKey]string{audit.FactMethod: "all"}}); err != nil {
			return 0, err
		}
		return of.account.EndOtherSessions(ctx, uuid.Nil, storage.EndRevoked)
	})
}

// subjectAccount is whom a command is about.
type subjectAccount struct {
	account *storage.AccountTx
	object  audit.Object
}

// onAccount makes a command that does something to the account behind a member of staff, and ends sessions.
func (v *verbs) onAccount(name, short string, do func(context.Context, *storage.Tx, subjectAccount) (ended int64, err error)) *cobra.Command {
	var who personInput
	var slug string
	cmd := v.direct(name+" --tenant SLUG --person-file FILE", short, cobra.NoArgs,
		func(ctx context.Context, s *session, r *register, _ []string) error {
			person, err := who.read(s, askEmail())
			if err != nil {
				return err
			}
			tenant, err := r.TenantBySlug(ctx, slug)
			if err != nil {
				return noTenant(err)
			}
			n, err := r.changeAccount(ctx, tenant.ID, person.Email, do)
			if err != nil {
				return err
			}
			return s.show(map[string]int64{"ended": n}, func(w io.Writer) { pairs(w, [2]string{"ended", fmt.Sprint(n)}) })
		})
	cmd.Long = cmd.Short + ".\n\n" + historyWarning
	who.flags(cmd)
	cmd.Flags().StringVar(&slug, "tenant", "", "the tenant's slug")
	_ = cmd.MarkFlagRequired("tenant")
	return cmd
}

func (r *register) changeAccount(ctx context.Context, tenant uuid.UUID, email string, do func(context.Context, *storage.Tx, subjectAccount) (int64, error)) (ended int64, err error) {
	err = r.Change(ctx, tenant, casework.System(setup), func(ctx context.Context, tx *storage.Tx) error {
		member, err := tx.MemberByEmail(ctx, email)
		if err != nil || member.Account == nil {
			return errors.Join(errors.New("nobody with this address can sign in to the tenant: docket account list shows who can"), err)
		}
		of := subjectAccount{object: audit.Object{Kind: "staff", ID: member.ID.String()}}
		if of.account, err = tx.OfAccount(ctx, *member.Account); err != nil {
			return err
		}
		if ended, err = do(ctx, tx, of); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.Event{
			Action: audit.SessionEnded, Object: of.object, Reason: storage.EndRevoked, Facts: map[audit.FactKey]string{audit.FactCount: fmt.Sprint(ended)},
		})
	})
	return ended, err
}

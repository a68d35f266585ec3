package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

type staffView struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	Role   string    `json:"role"`
	Name   string    `json:"name"`
	Email  string    `json:"email"`
	Active bool      `json:"active"`
	Status string    `json:"status" enum:"invited,active,inactive" doc:"invited: has not signed in yet."`
	// Factor says that they have a second factor.
	Factor     bool       `json:"second_factor"`
	LastSignIn *time.Time `json:"last_sign_in_at,omitempty"`
	Slack      string     `json:"slack_user,omitempty" doc:"Their member id in Slack."`
	Digest     bool       `json:"digest" doc:"Whether they are told each morning what is owed."`
}

type addStaff struct {
	Body struct {
		Role  string `json:"role" enum:"agent,lead,dpo,executive,admin,auditor,operator"`
		Name  string `json:"name" minLength:"1" maxLength:"200"`
		Email string `json:"email" format:"email" maxLength:"254"`
	}
}

type staffID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

type changeStaff struct {
	ID   uuid.UUID `path:"id" format:"uuid"`
	Body struct {
		Role   *string `json:"role,omitempty" enum:"agent,lead,dpo,executive,admin,auditor,operator"`
		Active *bool   `json:"active,omitempty" doc:"false takes them out of the tenant; what they did stays."`
		Slack  *string `json:"slack_user,omitempty" pattern:"^([UW][A-Z0-9]{5,20})?$" doc:"Their member id in Slack, by which a press of a button there is theirs; empty takes it away." example:"U024BE7LH"`
	}
}

type setDigest struct {
	Body struct {
		Digest bool `json:"digest" doc:"Whether to be told each working morning what is overdue, due soon and to do."`
	}
}

func (s *server) peopleOperations() {
	register(s, operation{
		id: "set-digest", method: http.MethodPut, path: "/v1/staff/me/digest", summary: "Say whether one wants to be told each morning what is owed", tag: "people",
		errors: []int{http.StatusConflict, http.StatusNotFound},
	}, s.setDigest)
	register(s, operation{id: "list-staff", method: http.MethodGet, path: "/v1/staff", summary: "The tenant's staff", tag: "people"}, s.staff)
	register(s, operation{
		id: "add-staff", method: http.MethodPost, path: "/v1/staff", summary: "Add a member of staff and invite them", tag: "people",
		status: http.StatusCreated, errors: []int{http.StatusConflict},
	}, s.addStaff)
	register(s, operation{
		id: "change-staff", method: http.MethodPatch, path: "/v1/staff/{id}", summary: "Give a member of staff another role, take them away or bring them back", tag: "people",
		errors: []int{http.StatusConflict, http.StatusNotFound},
	}, s.changeStaff)
	register(s, operation{
		id: "invite-staff", method: http.MethodPost, path: "/v1/staff/{id}/invitation", summary: "Send a new invitation; the one before ends", tag: "people",
		status: http.StatusNoContent, errors: []int{http.StatusConflict, http.StatusNotFound},
	}, s.inviteStaff)
}

func staffOf(m storage.Staff, factor bool) staffView {
	view := staffView{ID: m.ID, Role: m.Role, Name: m.Name, Email: m.Email, Active: m.Active, Status: "active", Factor: factor, LastSignIn: m.LastSignedIn, Slack: m.Slack, Digest: m.Digest}
	switch {
	case !m.Active:
		view.Status = "inactive"
	case m.Account == nil:
		view.Status = "invited"
	}
	return view
}

func (s *server) staff(ctx context.Context, who *caller, _ *struct{}) (*page[staffView], error) {
	views := []staffView{}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		rows, err := tx.Staff(ctx)
		if err != nil {
			return err
		}
		for _, m := range rows {
			factor, err := hasFactor(ctx, tx, m)
			if err != nil {
				return err
			}
			views = append(views, staffOf(m, factor))
		}
		return nil
	})
	return newPage(views, ""), err
}

// hasFactor asks the account behind a member of staff.
func hasFactor(ctx context.Context, tx *storage.Tx, m storage.Staff) (bool, error) {
	if m.Account == nil {
		return false, nil
	}
	account, err := tx.OfAccount(ctx, *m.Account)
	if err != nil {
		return false, err
	}
	return account.HasFactor(ctx)
}

// mayHave refuses operators to a tenant that does not operate, before the register does, and administrators to a key with scopes:
// one of them may do what the key may not.
func mayHave(who *caller, role string) error {
	if role == string(Admin) && who.session == nil && len(who.key.Scopes) > 0 {
		return refused(http.StatusForbidden, "scope", "A key with scopes makes nobody an administrator, who may do more than it. Sign in for that, or use a key without scopes.")
	}
	if role == storage.RoleOperator && !who.tenant.Operates {
		return invalid("body.role", "operators belong to the processor's own tenant, which docket tenant create --operates makes")
	}
	return nil
}

func (s *server) addStaff(ctx context.Context, who *caller, in *addStaff) (*shown[staffView], error) {
	member := storage.Staff{Role: in.Body.Role, Name: in.Body.Name, Email: in.Body.Email, Active: true, Digest: true}
	if _, err := seal.NormalEmail(member.Email); err != nil {
		return nil, invalid("body.email", "is no e-mail address")
	}
	if err := mayHave(who, member.Role); err != nil {
		return nil, err
	}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if member.ID, err = tx.AddStaff(ctx, member); err != nil {
			return err
		}
		_, err = s.Desk.Invite(ctx, tx, member)
		return err
	})
	return &shown[staffView]{Body: staffOf(member, false)}, err
}

// setDigest is about oneself.
func (s *server) setDigest(ctx context.Context, who *caller, in *setDigest) (*struct{}, error) {
	self, err := oneself(who)
	if err != nil {
		return nil, err
	}
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		member, err := tx.LockMember(ctx, self)
		if err != nil {
			return err
		}
		member.Digest = in.Body.Digest
		return tx.SetReach(ctx, member)
	})
}

func (s *server) changeStaff(ctx context.Context, who *caller, in *changeStaff) (*shown[staffView], error) {
	if self := who.staffID(); self != nil && *self == in.ID && (in.Body.Role != nil || in.Body.Active != nil) {
		return nil, refused(http.StatusConflict, "oneself", "Nobody changes their own role or takes themselves away. Ask another administrator.")
	}
	if in.Body.Role != nil {
		if err := mayHave(who, *in.Body.Role); err != nil {
			return nil, err
		}
	}
	var view staffView
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		member, err := tx.LockStaff(ctx, in.ID)
		if err != nil {
			return err
		}
		if role := in.Body.Role; role != nil && *role != member.Role {
			if err := tx.ChangeRole(ctx, member, *role); err != nil {
				return err
			}
			member.Role = *role
		}
		if active := in.Body.Active; active != nil {
			if err := tx.SetActive(ctx, member, *active); err != nil {
				return err
			}
			member.Active = *active
		}
		if slack := in.Body.Slack; slack != nil && *slack != member.Slack {
			member.Slack = *slack
			if err := tx.SetReach(ctx, member); err != nil {
				return err
			}
		}
		factor, err := hasFactor(ctx, tx, member)
		view = staffOf(member, factor)
		return err
	})
	if errors.Is(err, storage.ErrLastAdmin) {
		return nil, refused(http.StatusConflict, "last-admin", "Nobody would be left to administer the tenant. Make somebody else an administrator first.")
	}
	return &shown[staffView]{Body: view}, err
}

func (s *server) inviteStaff(ctx context.Context, who *caller, in *staffID) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		member, err := tx.LockMember(ctx, in.ID)
		if err != nil {
			return err
		}
		if member.Account != nil || !member.Active {
			return refused(http.StatusConflict, "not-invited", "This member of staff has joined already, or was taken away. Only who is yet to join is invited.")
		}
		_, err = s.Desk.Invite(ctx, tx, member)
		return err
	})
}

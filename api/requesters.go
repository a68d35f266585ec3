package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/partner"
	"github.com/privacy-docket/docket/protocol/drp"
	"github.com/privacy-docket/docket/storage"
)

// requesterOverlap is how long the key before is good too, so that the requester can change over.
const requesterOverlap = 24 * time.Hour

type requesterView struct {
	ID        uuid.UUID  `json:"id" format:"uuid"`
	Protocol  string     `json:"protocol" enum:"opendsr,drp"`
	Handle    string     `json:"handle" doc:"Its name in the protocol: controller_id of a controller, id of an agent."`
	Name      string     `json:"name"`
	Domain    string     `json:"domain,omitempty" doc:"Where a controller's callbacks may lead: to it, or to hosts below it."`
	WebURL    string     `json:"web_url,omitempty"`
	VerifyKey string     `json:"verify_key,omitempty" doc:"An agent's Ed25519 key, in base64."`
	Vouches   []string   `json:"vouches" doc:"What its word proves of a person's identity. With nothing, people are asked to prove it as always."`
	Results   bool       `json:"results" doc:"Whether it may fetch the answer, which goes to the person as well."`
	Paired    bool       `json:"has_key" doc:"Whether it has a key: a controller's is made here, an agent gets its own by the protocol."`
	Previous  *time.Time `json:"previous_key_until,omitempty" doc:"Until when the key before is good too."`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty" doc:"Since when it may file no more."`
}

// RequesterBody is what can be changed of a requester.
type RequesterBody struct {
	Name      string   `json:"name" minLength:"1" maxLength:"100"`
	Domain    string   `json:"domain,omitempty" maxLength:"253" doc:"Of a controller, which needs one: its callbacks lead to it or to hosts below it." example:"controller.example"`
	WebURL    string   `json:"web_url,omitempty" maxLength:"2000" doc:"The company's page."`
	VerifyKey string   `json:"verify_key,omitempty" maxLength:"100" doc:"Of an agent, which needs one: its Ed25519 public key, 32 bytes in base64."`
	Vouches   []string `json:"vouches,omitempty" maxItems:"3" enum:"email,phone_number,customer_id" doc:"What its word is to prove. email is needed for the others; nothing has people asked as always."`
	Results   bool     `json:"results,omitempty" doc:"Whether it may fetch the answer."`
}

type createRequester struct {
	Body struct {
		RequesterBody
		Protocol string `json:"protocol" enum:"opendsr,drp" doc:"opendsr for a controller, drp for an authorised agent."`
		Handle   string `json:"handle" minLength:"1" maxLength:"64" doc:"Its name in the protocol, for good." example:"ACME_AGENT"`
	}
}

// RequesterID is the requester in an address.
type RequesterID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

type changeRequester struct {
	RequesterID
	Body RequesterBody
}

type createdRequester struct {
	ID  uuid.UUID `json:"id" format:"uuid"`
	Key string    `json:"key,omitempty" doc:"A controller's key, shown this once. An agent gets its own by the protocol."`
}

type importAgents struct {
	Body struct {
		Directory string   `json:"directory" minLength:"2" maxLength:"4194304" doc:"The directory of agents as the network gives it out: a JSON array of entries with id, name, verify_key and web_url, as a text."`
		Vouches   []string `json:"vouches,omitempty" maxItems:"3" enum:"email,phone_number,customer_id" doc:"For agents that are new. Those that are there keep theirs."`
	}
}

type importedAgents struct {
	Added   []string `json:"added"`
	Changed []string `json:"changed" doc:"Whose name, page or key is another one."`
	Same    []string `json:"unchanged"`
}

func (s *server) requesterOperations() {
	missing := []int{http.StatusNotFound}
	register(s, operation{id: "list-requesters", method: http.MethodGet, path: "/v1/requesters", summary: "The companies whose programs file requests: controllers (OpenDSR) and authorised agents (DRP)", tag: "requesters"}, s.requesters)
	register(s, operation{
		id: "create-requester", method: http.MethodPost, path: "/v1/requesters", tag: "requesters", status: http.StatusCreated, errors: []int{http.StatusConflict},
		summary: "Let a company's program file requests; a controller's key is shown once",
	}, s.createRequester)
	register(s, operation{id: "change-requester", method: http.MethodPut, path: "/v1/requesters/{id}", summary: "Change a requester, and what its word counts for", tag: "requesters", errors: missing}, s.changeRequester)
	register(s, operation{id: "end-requester", method: http.MethodDelete, path: "/v1/requesters/{id}", summary: "Let a requester file no more and hear no more; what it filed goes on", tag: "requesters", errors: missing}, s.endRequester)
	register(s, operation{
		id: "replace-requester-key", method: http.MethodPost, path: "/v1/requesters/{id}/key", tag: "requesters", errors: append(missing, http.StatusConflict),
		summary: "Make another key for a controller, shown once; the one before is good too for a day",
	}, s.replaceRequesterKey)
	register(s, operation{
		id: "import-agents", method: http.MethodPost, path: "/v1/requesters/agents", tag: "requesters", maxBody: 5 << 20,
		summary: "Register the agents of a network's directory; those that are there are brought up to date, none is removed",
	}, s.importAgents)
}

func (s *server) requesters(ctx context.Context, who *caller, _ *struct{}) (*page[requesterView], error) {
	var all []storage.Requester
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = tx.Requesters(ctx)
		return err
	})
	now := s.Clock.Now()
	return newPage(each(all, func(r storage.Requester) requesterView { return requesterOf(r, now) }), ""), err
}

func requesterOf(r storage.Requester, now time.Time) requesterView {
	v := requesterView{
		ID: r.ID, Protocol: r.Protocol, Handle: r.Handle, Name: r.Name, Domain: text(r.Domain), WebURL: r.WebUrl, Vouches: r.Vouches, Results: r.Results,
		Paired: r.SecretHash != nil, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, EndedAt: r.EndedAt,
	}
	if r.Verifier != nil {
		v.VerifyKey = base64.StdEncoding.EncodeToString(r.Verifier)
	}
	if r.PreviousUntil != nil && now.Before(*r.PreviousUntil) {
		v.Previous = r.PreviousUntil
	}
	return v
}

var (
	handleForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)
	domainForm = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

// readRequester refuses what a requester of a protocol can't be made of, naming the field.
func readRequester(protocol string, b RequesterBody) (storage.NewRequester, error) {
	n := storage.NewRequester{Protocol: protocol, Name: strings.TrimSpace(b.Name), WebURL: b.WebURL, Vouches: slices.Compact(slices.Sorted(slices.Values(b.Vouches))), Results: b.Results}
	switch {
	case n.Name == "":
		return n, invalid("body.name", "is missing")
	case len(n.Vouches) > 0 && !slices.Contains(n.Vouches, storage.VouchEmail):
		return n, invalid("body.vouches", "must name email where it names others: the answer goes to the mailbox")
	case b.WebURL != "" && !strings.HasPrefix(b.WebURL, "https://"):
		return n, invalid("body.web_url", "must begin with https://")
	}
	if protocol == storage.ProtocolDRP {
		key, err := drp.ParseVerifyKey(b.VerifyKey)
		if err != nil {
			return n, invalid("body.verify_key", err.Error())
		}
		if b.Domain != "" {
			return n, invalid("body.domain", "belongs to a controller; an agent has a verify_key")
		}
		n.Verifier = key
		return n, nil
	}
	n.Domain = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(b.Domain), "."))
	if n.Domain == "" || len(n.Domain) > 253 || !domainForm.MatchString(n.Domain) {
		return n, invalid("body.domain", "must be the domain that the controller's callbacks lead to, such as controller.example")
	}
	if b.VerifyKey != "" {
		return n, invalid("body.verify_key", "belongs to an agent; a controller has a key that is made here")
	}
	return n, nil
}

func (s *server) createRequester(ctx context.Context, who *caller, in *createRequester) (*shown[createdRequester], error) {
	n, err := readRequester(in.Body.Protocol, in.Body.RequesterBody)
	if err != nil {
		return nil, err
	}
	if n.Handle = in.Body.Handle; !handleForm.MatchString(n.Handle) {
		return nil, invalid("body.handle", "must begin with a letter or digit and have letters, digits and _ . - only")
	}
	out := &shown[createdRequester]{}
	if n.Protocol == storage.ProtocolOpenDSR {
		if out.Body.Key, n.SecretHash, err = partner.NewKey(); err != nil {
			return nil, err
		}
	}
	err = s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if n.Protocol == storage.ProtocolOpenDSR {
			if err := s.processorKeyThere(ctx, tx); err != nil {
				return err
			}
		}
		out.Body.ID, err = tx.AddRequester(ctx, n)
		return err
	})
	if errors.Is(err, storage.ErrExists) {
		return nil, refused(http.StatusConflict, "handle-taken", "A requester of this protocol has the handle already. Change that one, or end it first.")
	}
	return out, err
}

func (s *server) changeRequester(ctx context.Context, who *caller, in *changeRequester) (*shown[requesterView], error) {
	out := &shown[requesterView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		before, err := tx.Requester(ctx, in.ID)
		if err != nil {
			return err
		}
		n, err := readRequester(before.Protocol, in.Body)
		if err != nil {
			return err
		}
		if err := tx.UpdateRequester(ctx, in.ID, n); err != nil {
			return err
		}
		after, err := tx.Requester(ctx, in.ID)
		out.Body = requesterOf(after, tx.Now())
		return err
	})
	return out, err
}

func (s *server) endRequester(ctx context.Context, who *caller, in *RequesterID) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error { return tx.EndRequester(ctx, in.ID) })
}

func (s *server) replaceRequesterKey(ctx context.Context, who *caller, in *RequesterID) (*shown[createdRequester], error) {
	key, hash, err := partner.NewKey()
	if err != nil {
		return nil, err
	}
	out := &shown[createdRequester]{Body: createdRequester{ID: in.ID, Key: key}}
	err = s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		r, err := tx.Requester(ctx, in.ID)
		if err != nil {
			return err
		}
		if r.Protocol != storage.ProtocolOpenDSR {
			return refused(http.StatusConflict, "agents-pair", "An agent gets its key by the protocol: it sends POST /v1/agent/{agent-id}. To shut it out, end it or change its verify_key.")
		}
		return tx.ReplaceRequesterSecret(ctx, in.ID, hash, tx.Now().Add(requesterOverlap))
	})
	return out, err
}

// importAgents registers a directory in one transaction: all of it, or nothing.
func (s *server) importAgents(ctx context.Context, who *caller, in *importAgents) (*shown[importedAgents], error) {
	all, err := drp.ParseDirectory([]byte(in.Body.Directory))
	if err != nil {
		return nil, invalid("body.directory", err.Error())
	}
	var out *shown[importedAgents]
	err = s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		out = &shown[importedAgents]{Body: importedAgents{Added: []string{}, Changed: []string{}, Same: []string{}}}
		for _, a := range all {
			if err := importAgent(ctx, tx, a, in.Body.Vouches, &out.Body); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func importAgent(ctx context.Context, tx *storage.Tx, a drp.Agent, vouches []string, out *importedAgents) error {
	n, err := readRequester(storage.ProtocolDRP, RequesterBody{Name: a.Name, WebURL: a.WebURL, VerifyKey: a.VerifyKey, Vouches: vouches})
	if err != nil {
		return err
	}
	n.Handle = a.ID
	before, err := tx.RequesterByHandle(ctx, storage.ProtocolDRP, a.ID)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		out.Added = append(out.Added, a.ID)
		_, err := tx.AddRequester(ctx, n)
		return err
	case err != nil:
		return err
	case before.Name == n.Name && before.WebUrl == n.WebURL && bytes.Equal(before.Verifier, n.Verifier):
		out.Same = append(out.Same, a.ID)
		return nil
	}
	out.Changed = append(out.Changed, a.ID)
	n.Vouches, n.Results = before.Vouches, before.Results
	return tx.UpdateRequester(ctx, before.ID, n)
}

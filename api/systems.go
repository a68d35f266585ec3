package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

type systemView struct {
	ID          uuid.UUID `json:"id" format:"uuid"`
	Key         string    `json:"key"`
	Name        string    `json:"name"`
	Kind        string    `json:"kind"`
	State       string    `json:"state" enum:"active,disabled"`
	Address     string    `json:"address" doc:"Where it is, without the credentials."`
	Declaration string    `json:"declaration" doc:"YAML: purposes, recipients, retention, for Art. 15(1)."`
	Service     string    `json:"service,omitempty" doc:"YAML: how a system behind HTTP is reached: requests, paging, limits; of an object store which objects belong to what; of one that somebody else has who is asked. It holds no secret."`
	Changes     bool      `json:"changes" doc:"Whether there is a way in that may change it; without one people erase and correct by hand."`
	Stop        *stopView `json:"stop,omitempty" doc:"Set while the system is stopped in an emergency: nothing reads it."`
}

type createSystem struct {
	Body struct {
		Key         string `json:"key" pattern:"^[a-z0-9][a-z0-9_-]{0,62}$"`
		Name        string `json:"name" minLength:"1" maxLength:"200"`
		Kind        string `json:"kind" enum:"postgres,mysql,http,s3,mongodb,opendsr,email,manual" doc:"What it is; MariaDB is mysql too, s3 every object store that speaks S3, and mongodb every database that speaks MongoDB's protocol. Of the last three somebody else has the system and is asked: a processor that speaks OpenDSR, a vendor by e-mail, colleagues."`
		Target      string `json:"target" maxLength:"8000" doc:"How to reach it: postgres://user:password@host:port/database, or mysql:// and mongodb:// likewise. Of a service behind HTTP its secrets: token=…, or what else its document's auth takes, each on a line of its own; of an object store access_key=… and secret_key=… likewise; of a system that somebody is asked about what a processor takes, else nothing. It is sealed, and never shown again." example:"postgres://reader:secret@crm.internal:5432/crm"`
		Change      string `json:"change_target,omitempty" maxLength:"8000" doc:"The same with a role that may update and delete, for erasing and correcting. Without it people do that by hand." example:"postgres://eraser:secret@crm.internal:5432/crm"`
		Service     string `json:"service,omitempty" maxLength:"200000" doc:"YAML: how a system behind HTTP is reached, which objects of a store belong to what, or who is asked and how; of the kinds http, s3, opendsr, email and manual alone."`
		Declaration string `json:"declaration" maxLength:"200000" doc:"YAML: purposes, recipients, retention, for Art. 15(1)."`
	}
}

// SystemID is the address of one system.
type SystemID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

type changeSystem struct {
	SystemID
	Body struct {
		Name        *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Target      *string `json:"target,omitempty" maxLength:"8000" doc:"A new address, or of a service behind HTTP or an object store new secrets; absent keeps what it has."`
		Change      *string `json:"change_target,omitempty" maxLength:"8000" doc:"A new way in that may change it; empty takes it away."`
		Service     *string `json:"service,omitempty" maxLength:"200000" doc:"Another service or store document. One that leads to another host takes the secrets along only when they are given anew."`
		Declaration *string `json:"declaration,omitempty" maxLength:"200000"`
		State       *string `json:"state,omitempty" enum:"active,disabled"`
	}
}

type previewSystem struct {
	SystemID
	Body struct {
		Request *uuid.UUID `json:"request_id,omitempty" format:"uuid" doc:"The request whose person is looked for."`
		Person  *personIn  `json:"person,omitempty" doc:"A person to try the system with, in place of a request: they are kept sealed until the system has answered, and then forgotten."`
	}
}

type testSystem struct {
	SystemID
	Body plainBody
}

// checkView is what a system said about itself.
type checkView struct {
	OK       bool               `json:"ok"`
	Findings []contract.Finding `json:"findings"`
	Counts   []contract.Count   `json:"counts"`
}

func (s *server) systemOperations() {
	engineErrors := []int{http.StatusNotFound, http.StatusServiceUnavailable, http.StatusGatewayTimeout}
	register(s, operation{id: "list-systems", method: http.MethodGet, path: "/v1/systems", summary: "The systems that hold personal data", tag: "systems"}, s.systems)
	register(s, operation{
		id: "create-system", method: http.MethodPost, path: "/v1/systems", summary: "Add a system", tag: "systems",
		status: http.StatusCreated, errors: []int{http.StatusConflict},
	}, s.createSystem)
	register(s, operation{
		id: "get-system", method: http.MethodGet, path: "/v1/systems/{id}", summary: "Show a system, without its credentials", tag: "systems",
		errors: []int{http.StatusNotFound},
	}, s.getSystem)
	register(s, operation{
		id: "change-system", method: http.MethodPatch, path: "/v1/systems/{id}", summary: "Change a system", tag: "systems", errors: []int{http.StatusNotFound},
	}, s.changeSystem)
	register(s, operation{
		id: "test-system", method: http.MethodPost, path: "/v1/systems/{id}/test", tag: "systems", errors: engineErrors,
		summary: "Try the connection and compare the annotation with what is there",
	}, s.testSystem)
	register(s, operation{
		id: "preview-system", method: http.MethodPost, path: "/v1/systems/{id}/preview", tag: "systems", errors: engineErrors,
		summary: "Count what a request would touch, without reading a value",
	}, s.previewSystem)
}

func systemOf(s storage.System) systemView {
	v := systemView{ID: s.ID, Key: s.Key, Name: s.Name, Kind: s.Kind, State: s.State, Address: addressFor(s), Changes: s.Change != "", Declaration: s.Declaration, Service: s.Service}
	if s.Stop != nil {
		v.Stop = &stopView{At: s.Stop.At, By: s.Stop.By, Reason: s.Stop.Reason}
	}
	return v
}

// masked leaves of an address what says where, and nothing that opens it.
func masked(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return "(sealed)"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

func (s *server) systems(ctx context.Context, who *caller, _ *struct{}) (*page[systemView], error) {
	var rows []storage.System
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		rows, err = tx.Systems(ctx)
		return err
	})
	return newPage(each(rows, systemOf), ""), err
}

func (s *server) getSystem(ctx context.Context, who *caller, in *SystemID) (*shown[systemView], error) {
	system, err := s.system(ctx, who, in.ID)
	return &shown[systemView]{Body: systemOf(system)}, err
}

func (s *server) system(ctx context.Context, who *caller, id uuid.UUID) (system storage.System, err error) {
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		system, err = tx.System(ctx, id)
		return err
	})
	return system, err
}

func (s *server) createSystem(ctx context.Context, who *caller, in *createSystem) (*shown[systemView], error) {
	b := in.Body
	system := storage.System{Key: b.Key, Name: b.Name, Kind: b.Kind, Target: b.Target, Change: b.Change, Declaration: b.Declaration, Service: b.Service, State: storage.SystemActive}
	if err := checkSystem(system); err != nil {
		return nil, err
	}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if err := s.checkDeclared(ctx, tx, system); err != nil {
			return err
		}
		system.ID, err = tx.AddSystem(ctx, system)
		return err
	})
	return &shown[systemView]{Body: systemOf(system)}, err
}

func (s *server) changeSystem(ctx context.Context, who *caller, in *changeSystem) (*shown[systemView], error) {
	if in.Body.Target != nil || in.Body.Change != nil || in.Body.Service != nil { // people's addresses are asked for there
		if refusal := s.fresh(who); refusal != nil {
			return nil, refusal
		}
	}
	var system storage.System
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if system, err = tx.System(ctx, in.ID); err != nil {
			return err
		}
		was := system
		for to, from := range map[*string]*string{
			&system.Service: in.Body.Service,
			&system.Name:    in.Body.Name, &system.Target: in.Body.Target, &system.Change: in.Body.Change, &system.Declaration: in.Body.Declaration, &system.State: in.Body.State,
		} {
			if from != nil {
				*to = *from
			}
		}
		if err := checkSystem(system); err != nil {
			return err
		}
		if err := keepsSecrets(was, system, in); err != nil {
			return err
		}
		if in.Body.Declaration != nil {
			if err := s.checkDeclared(ctx, tx, system); err != nil {
				return err
			}
		}
		return tx.UpdateSystem(ctx, system)
	})
	return &shown[systemView]{Body: systemOf(system)}, err
}

// checkSystem refuses an address that can't be one, and a declaration that can't be read or speaks of another system.
func checkSystem(system storage.System) error {
	switch {
	case documented(system.Kind):
		if err := checkService(system); err != nil {
			return err
		}
		return checkDeclaration(system)
	case system.Service != "":
		return invalid("body.service", "a document belongs to systems of the kinds http, s3, opendsr, email and manual")
	case system.Target == "":
		return invalid("body.target", "must be an address of the form "+schemesOf(system.Kind)[0]+"://user:password@host:port/database")
	}
	for field, target := range map[string]string{"body.target": system.Target, "body.change_target": system.Change} {
		if target != "" && !addressOf(system.Kind, target) {
			return invalid(field, "must be an address of the form "+schemesOf(system.Kind)[0]+"://user:password@host:port/database; percent-encode what is special in the password")
		}
	}
	return checkDeclaration(system)
}

func checkDeclaration(system storage.System) error {
	declarations, err := dataset.ParseDeclarations("declaration", []byte(system.Declaration))
	if err != nil {
		return err
	}
	if len(declarations) != 1 || declarations[0].System != system.Key {
		return invalid("body.declaration", "must be the declaration of this one system: its system must be "+system.Key)
	}
	if listed(system.Kind) {
		return nil
	}
	for _, t := range declarations[0].Limits {
		if t.List != "" {
			return dataset.Problems{{File: "declaration", Line: t.Line, Path: "limits." + t.Collection,
				What: "systems of the kind " + system.Kind + " have no lists that anybody could be put on", Do: "mark a field (field: and set:), or see to the list by hand"}}
		}
	}
	return nil
}

// listed says whether systems of a kind have lists of people.
func listed(kind string) bool {
	return slices.Contains([]string{"postgres", "mysql", "mongodb", "http"}, kind)
}

func addressOf(kind, target string) bool {
	u, err := url.Parse(target)
	return err == nil && slices.Contains(schemesOf(kind), u.Scheme) && u.Host != "" && len(u.Path) >= 2 && !strings.ContainsAny(u.Path[1:], "/@")
}

// schemesOf are how an address of a kind of system may begin.
func schemesOf(kind string) []string {
	if kind == "mysql" || kind == "mongodb" {
		return []string{kind}
	}
	return []string{"postgres", "postgresql"}
}

func (s *server) testSystem(ctx context.Context, who *caller, in *testSystem) (*shown[checkView], error) {
	system, err := s.system(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	result, err := s.check(ctx, contract.CheckInput{Tenant: who.tenant.ID, System: in.ID})
	if err != nil {
		return nil, err
	}
	outcome, reason := audit.Done, ""
	if !result.OK {
		outcome, reason = audit.Failed, result.Findings[0].Code
	}
	err = s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.SystemTested(ctx, system, outcome, reason)
	})
	return &shown[checkView]{Body: result}, err
}

func (s *server) check(ctx context.Context, in contract.CheckInput) (checkView, error) {
	if err := s.engine.Reach(ctx); err != nil {
		return checkView{}, err
	}
	result, err := s.engine.Check(ctx, in)
	if err != nil {
		return checkView{}, err
	}
	view := checkView{OK: len(result.Findings) == 0, Findings: result.Findings, Counts: result.Counts}
	if view.Findings == nil {
		view.Findings = []contract.Finding{}
	}
	if view.Counts == nil {
		view.Counts = []contract.Count{}
	}
	return view, nil
}

func (s *server) previewSystem(ctx context.Context, who *caller, in *previewSystem) (*shown[checkView], error) {
	system, err := s.system(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	ask := contract.CheckInput{Tenant: who.tenant.ID, System: in.ID, Case: in.Body.Request}
	switch {
	case (in.Body.Request == nil) == (in.Body.Person == nil):
		return nil, invalid("body", "name either a request or a person")
	case in.Body.Request != nil:
		err = s.exists(ctx, who, *in.Body.Request)
	default:
		ask.Trial, err = s.beginTrial(ctx, who, *in.Body.Person)
	}
	if err != nil {
		return nil, err
	}
	result, err := s.check(ctx, ask)
	if ask.Trial != nil {
		err = errors.Join(err, s.endTrial(ctx, who, *ask.Trial))
	}
	if err != nil {
		return nil, err
	}
	return &shown[checkView]{Body: result}, s.record(ctx, who, previewed(system, in.Body.Request, result))
}

// previewed is the record that somebody had a system look for a person.
func previewed(system storage.System, request *uuid.UUID, result checkView) audit.Event {
	var rows int64
	for _, count := range result.Counts {
		rows += count.Rows
	}
	event := audit.Event{
		Action: audit.SystemPreviewed, Object: audit.Object{Kind: "system", ID: system.ID.String()},
		Facts: map[audit.FactKey]string{audit.FactSystem: system.Key, audit.FactCount: strconv.FormatInt(rows, 10)},
	}
	if request != nil {
		event.CaseID = request.String()
	}
	return event
}

func (s *server) beginTrial(ctx context.Context, who *caller, person personIn) (*uuid.UUID, error) {
	var id uuid.UUID
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.NewSubject(ctx, storage.Person(person))
		if err != nil {
			return err
		}
		id = subject.ID
		return tx.BeginTrial(ctx, subject)
	})
	return &id, err
}

// endTrial forgets the person, also when the caller has gone. What this cannot do the relay does within the hour.
func (s *server) endTrial(ctx context.Context, who *caller, id uuid.UUID) error {
	return s.db.Change(context.WithoutCancel(ctx), who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.EndTrial(ctx, id)
	})
}

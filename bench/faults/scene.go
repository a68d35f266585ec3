package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/bench/rig"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/storage/objects"
)

// The sample company of a scene.
const (
	slug   = "halden-birk"
	people = 400
)

// scene is the sample company on a rig of its own: a server, a worker, two data systems.
type scene struct {
	*rig.Rig
	server  rig.Server
	worker  *local.Part
	tenant  rig.Tenant
	staff   *client.Client
	mail    *mailcatcher.Client
	objects *objects.Store
	systems map[string]uuid.UUID // by key
	people  []somebody
	dir     string
	manners *manners

	// What a scenario with a single fault notes: outages of its own, promises of its own that were broken.
	outages []outage
	broken  []violation
	closers []func() error // called when everything has stopped
}

// somebody is a customer of the sample company.
type somebody struct{ email, name string }

// newScene starts a rig in a new folder below the system's for temporary files.
func newScene(ctx context.Context, o options) (*scene, error) {
	dir, err := os.MkdirTemp("", "docket-faults-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // the database's account must get through
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	// Each person comes from an address of their own, as behind a proxy: they are not to be counted as one visitor.
	r, err := rig.Start(ctx, rig.Options{Dir: filepath.Join(dir, "rig"), Docket: o.docket, Env: []string{"DOCKET_PROXIES=127.0.0.1/32"}})
	if err != nil {
		return nil, fmt.Errorf("start the rig: %w", err)
	}
	s := &scene{Rig: r, dir: dir, mail: mailcatcher.NewClient(r.Stack.Addresses().Mail), systems: map[string]uuid.UUID{}, manners: &manners{rude: map[string]int{}}}
	if err := s.furnish(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return s, nil
}

func (s *scene) furnish(ctx context.Context) (err error) {
	if s.tenant, err = s.AddTenant(ctx, slug); err != nil {
		return err
	}
	if s.server, err = s.StartServer(ctx, "server"); err != nil {
		return err
	}
	if s.worker, err = s.StartWorker(ctx, "worker", s.server); err != nil {
		return err
	}
	if s.staff, err = client.New(client.Config{URL: s.server.URL, Key: s.tenant.Key, Transport: s.manners}); err != nil {
		return err
	}
	address := s.Stack.Addresses().Objects
	s.objects, err = objects.Open(objects.Config{
		Endpoint: address.Endpoint, AccessKey: address.AccessKey, SecretKey: address.SecretKey, Bucket: address.Bucket,
	})
	if err != nil {
		return err
	}
	if _, err := s.staff.AddStaff(ctx, client.NewStaff{Role: "agent", Name: "Jonas Petersen", Email: "support@halden-birk.example"}); err != nil {
		return fmt.Errorf("add staff: %w", err)
	}
	return s.addSystems(ctx)
}

func (s *scene) addSystems(ctx context.Context) error {
	admin := s.Stack.Addresses().PostgresAdminDSN
	loaded, err := sample.Load(ctx, admin, 1, people)
	if err != nil {
		return err
	}
	for _, system := range []sample.System{loaded.CRM, loaded.Shop} {
		made, err := s.staff.CreateSystem(ctx, client.NewSystem{
			Key: system.Key, Name: system.Key, Kind: "postgres", Target: system.ReadDSN, Declaration: string(system.DeclarationYAML),
		})
		if err != nil {
			return fmt.Errorf("add the system %s: %w", system.Key, err)
		}
		if _, err := s.staff.PutDataset(ctx, made.ID, system.DatasetYAML); err != nil {
			return fmt.Errorf("annotate the system %s: %w", system.Key, err)
		}
		s.systems[system.Key] = made.ID
	}
	return s.meetPeople(ctx, loaded)
}

// meetPeople reads who the customers are.
func (s *scene) meetPeople(ctx context.Context, loaded sample.Loaded) error {
	conn, err := pgx.Connect(ctx, loaded.Shop.ReadDSN)
	if err != nil {
		return fmt.Errorf("connect to the sample shop: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	rows, err := conn.Query(ctx, "SELECT min(email), min(full_name) FROM customers WHERE crm_contact_id IS NOT NULL GROUP BY lower(email) ORDER BY min(id)")
	if err != nil {
		return fmt.Errorf("read the customers: %w", err)
	}
	s.people, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p somebody, err error) { return p, row.Scan(&p.email, &p.name) })
	if err != nil {
		return fmt.Errorf("read the customers: %w", err)
	}
	return nil
}

// end stops everything. What was found decides whether the folder is kept.
func (s *scene) end(out io.Writer, found []violation, failed error) error {
	err := s.Close()
	for _, undo := range s.closers {
		err = errors.Join(err, undo())
	}
	if failed != nil || len(found) > 0 {
		_, _ = fmt.Fprintf(out, "The data and the logs are kept in %s\n", s.dir)
		return err
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/privacy-docket/docket/bench/rig"
	docket "github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/sample"
)

// The sample company of a measure. Its newsletter is asked to be gentle in the annotation; here the provider is not to be what is measured.
const (
	companySeed    = 20260301
	companyPrefix  = "bench"
	newsletterPace = "rate: 100/second, concurrency: 4"
	benchPace      = "rate: 10000/second, concurrency: 16"
)

// company is a site whose tenant has three systems: a shop in PostgreSQL, a loyalty programme in MariaDB, a newsletter behind HTTP.
type company struct {
	*site
	staff   *docket.Client
	officer *rig.Officer
	// regulars are people with rows in all three.
	regulars []sample.Customer
	service  *http.Server
}

// company makes one with as many regulars at least.
func (b *bench) company(ctx context.Context, regulars int) (*company, error) {
	s, err := b.siteWith(ctx, rig.Options{MariaDB: true, Env: []string{"DOCKET_SERVICES_NETWORKS=127.0.0.0/8"}}, 1, 1)
	if err != nil {
		return nil, err
	}
	c := &company{site: s}
	if err := c.furnish(ctx, regulars); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

func (c *company) close() {
	c.site.close()
	if c.service != nil {
		_ = c.service.Close() // nobody asks it any more
	}
}

func (c *company) furnish(ctx context.Context, regulars int) (err error) {
	people := (regulars + 2) * sample.RegularsIn
	c.regulars = sample.Regulars(companySeed, people)
	if len(c.regulars) < regulars {
		return fmt.Errorf("only %d of %d people are in all systems", len(c.regulars), people)
	}
	c.regulars = c.regulars[:regulars]
	c.staff, err = docket.New(docket.Config{URL: c.servers[0].URL, Key: c.tenant.Key, Transport: &http.Transport{MaxIdleConnsPerHost: clients}})
	if err != nil {
		return err
	}
	a := c.Stack.Addresses()
	loaded, err := sample.LoadAs(ctx, a.PostgresAdminDSN, companyPrefix, companySeed, people)
	if err != nil {
		return err
	}
	points, err := sample.LoadLoyalty(ctx, a.MariaDBAdminDSN, companyPrefix, companySeed, people)
	if err != nil {
		return err
	}
	letters, err := c.newsletter(ctx, people)
	if err != nil {
		return err
	}
	for kind, system := range map[string]sample.System{"postgres": loaded.Shop, "mysql": points, "http": letters} {
		if err := c.connect(ctx, kind, system); err != nil {
			return err
		}
	}
	c.officer, err = c.AddOfficer(ctx, "bench", c.servers[0])
	return err
}

// newsletter fills the newsletter's database and has its service answer out of this process.
func (c *company) newsletter(ctx context.Context, people int) (sample.System, error) {
	admin := c.Stack.Addresses().PostgresAdminDSN
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return sample.System{}, fmt.Errorf("find an address for the newsletter: %w", err)
	}
	letters, err := sample.LoadNewsletter(ctx, admin, companyPrefix, "http://"+listener.Addr().String(), companySeed, people)
	if err != nil {
		return letters, errors.Join(err, listener.Close())
	}
	if !bytes.Contains(letters.ServiceYAML, []byte(newsletterPace)) {
		return letters, errors.Join(errors.New("the newsletter's document has another pace than was known here"), listener.Close())
	}
	letters.ServiceYAML = bytes.Replace(letters.ServiceYAML, []byte(newsletterPace), []byte(benchPace), 1)
	service, err := sample.OpenNewsletter(ctx, admin, companyPrefix)
	if err != nil {
		return letters, errors.Join(err, listener.Close())
	}
	c.service = &http.Server{Handler: service, ReadHeaderTimeout: 10 * time.Second}
	c.service.RegisterOnShutdown(service.Close)
	go func() { _ = c.service.Serve(listener) }() // ends with Close
	return letters, nil
}

func (c *company) connect(ctx context.Context, kind string, system sample.System) error {
	made, err := c.staff.CreateSystem(ctx, docket.NewSystem{
		Key: system.Key, Name: system.Key, Kind: kind, Target: system.ReadDSN, Change: system.ChangeDSN,
		Declaration: string(system.DeclarationYAML), Service: string(system.ServiceYAML),
	})
	if err != nil {
		return fmt.Errorf("add the system %s: %w", system.Key, err)
	}
	if _, err := c.staff.PutDataset(ctx, made.ID, system.DatasetYAML); err != nil {
		return fmt.Errorf("annotate the system %s: %w", system.Key, err)
	}
	return nil
}

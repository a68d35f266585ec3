package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	"github.com/jonboulle/clockwork"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/chat"
	"github.com/privacy-docket/docket/notify/email"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// product is everything that server and worker stand on, open.
type product struct {
	settings settings
	log      *zap.Logger
	clock    clockwork.Clock
	master   *seal.Master
	db       *storage.DB
	objects  *objects.Store
	book     *policies.Book
	desk     *casework.Desk
	codec    *seal.PayloadCodec
	temporal client.Client
	signer   *audit.Signer
}

// openProduct opens the register, the keys, the rules and the clients. Temporal and the object store are not called: the
// product starts while they are away.
func openProduct(ctx context.Context, s settings, log *zap.Logger) (*product, error) {
	if err := s.require(); err != nil {
		return nil, err
	}
	p := &product{settings: s, log: log, clock: clockwork.NewRealClock()}
	var err error
	if p.book, err = readPolicies(s.Policies); err != nil {
		return nil, err
	}
	if p.master, err = openMaster(ctx, s.Master); err != nil {
		return nil, err
	}
	if p.objects, err = openObjects(s.Objects); err != nil {
		return nil, err
	}
	if p.db, err = storage.Open(ctx, s.Register, storage.Options{Master: p.master, Clock: p.clock, MaxConnections: registerConnections}); err != nil {
		return nil, err
	}
	p.desk = casework.New(p.db, p.objects, p.book, casework.Links{Public: s.PublicURL}, p.clock)
	_, noAccounts := p.db.AccountKeys(ctx)
	if err := errors.Join(p.db.Whole(ctx), noAccounts, p.openTemporal(ctx), p.openSigner(ctx)); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// registerConnections is how many connections to the register one process takes at most.
const registerConnections = 32

func (p *product) close() {
	if p.temporal != nil {
		p.temporal.Close()
	}
	p.db.Close()
}

func readPolicies(folder string) (*policies.Book, error) {
	if folder == "" {
		return policies.Embedded()
	}
	book, err := policies.Load(os.DirFS(folder))
	if err != nil || book.HasMail() {
		return book, err
	}
	builtIn, err := policies.Embedded() // a folder of before messages were checked has no rules for them
	if err != nil {
		return nil, err
	}
	return book.WithMailOf(builtIn), nil
}

// openTemporal makes the client with the codec and the failure converter, always together: nothing of ours goes to
// Temporal in clear.
func (p *product) openTemporal(ctx context.Context) error {
	wrapped, err := p.db.InstallationKey(ctx, seal.CodecKeyName, p.master.NewCodecKey)
	if err != nil {
		return err
	}
	key, err := p.master.CodecKey(wrapped)
	if err != nil {
		return err
	}
	p.codec = seal.NewCodec(key, p.settings.Namespace)
	data, failures := seal.Temporal(p.codec)
	p.temporal, err = client.NewLazyClient(client.Options{
		HostPort: p.settings.Temporal, Namespace: p.settings.Namespace, DataConverter: data, FailureConverter: failures,
		Logger: temporalLog{p.log.Named("temporal")},
		// Every payload is encrypted, and what is encrypted does not shrink.
		ConnectionOptions: client.ConnectionOptions{GrpcCompression: &client.GrpcCompressionNone{}},
	})
	if err != nil {
		return fmt.Errorf("make the Temporal client: %w", err)
	}
	return nil
}

func (p *product) openSigner(ctx context.Context) error {
	wrapped, err := p.db.InstallationKey(ctx, seal.SigningKeyName, func() ([]byte, error) {
		secret, err := audit.NewSigningSecret(rand.Reader)
		if err != nil {
			return nil, err
		}
		return p.master.WrapSecret(seal.SigningKeyName, secret)
	})
	if err != nil {
		return err
	}
	secret, err := p.master.Secret(seal.SigningKeyName, wrapped)
	if err != nil {
		return err
	}
	p.signer, err = audit.NewSigner(p.settings.Installation, secret)
	return err
}

// senders are the ways out for letters and notices.
func (p *product) senders() (map[notify.Channel]notify.Sender, error) {
	config, err := email.ParseURL(p.settings.SMTP)
	if err != nil {
		return nil, err
	}
	config.From = p.settings.MailFrom
	mail, err := email.New(config)
	if err != nil {
		return nil, err
	}
	senders := map[notify.Channel]notify.Sender{notify.ChannelEmail: mail}
	if p.settings.SlackToken != "" {
		slack, err := chat.New(chat.Config{Token: p.settings.SlackToken})
		if err != nil {
			return nil, err
		}
		senders[notify.ChannelSlack] = slack
	}
	return senders, nil
}

// work runs the worker and the relay until the context ends.
func (p *product) work(ctx context.Context) error {
	senders, err := p.senders()
	if err != nil {
		return err
	}
	r := &relay.Relay{
		Desk: p.desk, Temporal: p.temporal, Senders: senders, Signer: p.signer, Objects: p.objects, Clock: p.clock,
		WebhooksLocal: p.settings.WebhooksLocal, Log: p.log.Named("relay"),
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return r.Run(ctx) })
	group.Go(func() error { return runWorker(ctx, p.newWorker, p.clock, p.log) })
	return group.Wait()
}

// newWorker makes the worker with all workflows and activities.
func (p *product) newWorker() worker.Worker {
	w := worker.New(p.temporal, contract.TaskQueue, worker.Options{
		WorkflowPanicPolicy: worker.BlockWorkflow,
		DeploymentOptions: worker.DeploymentOptions{
			Version: worker.WorkerDeploymentVersion{DeploymentName: "docket", BuildID: buildID()},
		},
		WorkerStopTimeout:          stopWithin,
		WorkflowTaskPollerBehavior: workflows.Pollers(), ActivityTaskPollerBehavior: workflows.Pollers(),
	})
	workflows.Register(w)
	activities.Register(w, p.desk, p.objects, p.settings.SystemsNearby, p.settings.ServicesNetworks...)
	activities.RegisterTransmissions(w, p.desk, p.settings.WebhooksLocal)
	activities.RegisterHandovers(w, p.desk, p.settings.WebhooksLocal)
	return w
}

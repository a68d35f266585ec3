package mailcatcher

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jonboulle/clockwork"
	"golang.org/x/sync/errgroup"
)

const (
	readHeaderWithin = 5 * time.Second
	// shutdownWithin is short: a sender that keeps its connection open must not hold the stack's stop up.
	shutdownWithin = time.Second
)

// Config says where a catcher listens and keeps its mail.
type Config struct {
	SMTP string // host:port for mail
	Page string // host:port for the page and the API
	Dir  string // one file per mail
}

// Run catches mail until ctx ends.
func Run(ctx context.Context, config Config, clock clockwork.Clock) error {
	store, err := openStore(config.Dir)
	if err != nil {
		return err
	}
	faults := newFaults()
	var listen net.ListenConfig
	mailListener, err := listen.Listen(ctx, "tcp", config.SMTP)
	if err != nil {
		return fmt.Errorf("listen for mail: %w", err)
	}
	pageListener, err := listen.Listen(ctx, "tcp", config.Page)
	if err != nil {
		return errors.Join(fmt.Errorf("listen for the page: %w", err), mailListener.Close())
	}
	group, ctx := errgroup.WithContext(ctx)
	mailServer := newSMTPServer(&backend{ctx: ctx, store: store, faults: faults, clock: clock})
	pageServer := &http.Server{Handler: (&web{store: store, faults: faults}).routes(), ReadHeaderTimeout: readHeaderWithin}
	group.Go(func() error { return ignore(mailServer.Serve(mailListener), smtp.ErrServerClosed) })
	group.Go(func() error { return ignore(pageServer.Serve(pageListener), http.ErrServerClosed) })
	group.Go(func() error {
		<-ctx.Done()
		return shutDown(mailServer, pageServer)
	})
	return group.Wait()
}

// shutDown lets what is under way end, and cuts off what takes too long.
func shutDown(mailServer *smtp.Server, pageServer *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownWithin)
	defer cancel()
	if mailServer.Shutdown(ctx) != nil {
		_ = mailServer.Close() // says only that it was closed already
	}
	if pageServer.Shutdown(ctx) != nil {
		return ignore(pageServer.Close(), http.ErrServerClosed)
	}
	return nil
}

func ignore(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

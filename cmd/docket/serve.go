package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/preflight/lookup"
)

// How long the server waits for callers. Answers may take long (a package, an export), headers and bodies may not.
const (
	headerTime = 10 * time.Second
	readTime   = 60 * time.Second
	writeTime  = 15 * time.Minute
	idleTime   = 2 * time.Minute
	drainTime  = 20 * time.Second
)

func newServeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Run the API and the public pages; any number of servers may run",
		Long: `Runs the API under /v1, the public pages, /healthz, /readyz, /metrics and the codec for Temporal's page.
The configuration comes from the environment (docs/configuration.md); what is in force is printed with secrets masked.
The server starts and takes requests in while Temporal and the object store are away.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withProduct(cmd, func(ctx context.Context, p *product) error { return p.serve(ctx) })
		},
	}
}

// handler is the API on this product.
// draining is closed when the server is about to stop.
func (p *product) handler(draining <-chan struct{}) (http.Handler, error) {
	dns, err := lookup.New(p.settings.DNS)
	if err != nil {
		return nil, fmt.Errorf("DOCKET_DNS: %w", err)
	}
	return api.New(api.Config{
		Desk: p.desk, Objects: p.objects, Policies: p.book, Temporal: p.temporal, Signer: p.signer, Codec: p.codec,
		CodecOrigins: fields(p.settings.CodecOrigins), CodecLoopback: alone(p.settings), Proxies: fields(p.settings.Proxies), WebhooksLocal: p.settings.WebhooksLocal, MailFrom: p.settings.MailFrom, Slack: p.settings.SlackToken != "", SlackSigningSecret: p.settings.SlackSecret, Version: buildID(), PublicURL: p.settings.PublicURL, PrivateIssuers: p.settings.OIDCPrivate || alone(p.settings), Clock: p.clock,
		Log: p.log.Named("api"), Draining: draining, Carry: carry, DNS: dns,
	})
}

// carry writes of a package what another controller is given.
func carry(ctx context.Context, w io.Writer, open func(context.Context) (io.ReadCloser, error)) error {
	return packaging.Carry(ctx, w, open)
}

// serve answers until the context ends, and lets what is under way end.
func (p *product) serve(ctx context.Context) error {
	draining, drain := context.WithCancel(context.WithoutCancel(ctx))
	defer drain()
	handler, err := p.handler(draining.Done())
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", p.settings.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s (DOCKET_LISTEN): %w", p.settings.Listen, err)
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: 64 << 10, ErrorLog: zap.NewStdLog(p.log.Named("http")),
	}
	server.RegisterOnShutdown(drain)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	p.log.Info("serving", zap.String("listen", listener.Addr().String()))
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// fields splits a list at its commas.
func fields(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// alone says that the server is for this machine only: it listens on loopback, and its public address is there too, so
// no proxy stands before it.
func alone(s settings) bool {
	public, err := url.Parse(s.PublicURL)
	if err != nil {
		return false
	}
	host, _, err := net.SplitHostPort(s.Listen)
	return err == nil && onLoopback(host) && onLoopback(public.Hostname())
}

func onLoopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

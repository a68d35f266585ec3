package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/sample"
)

// loadNewsletter makes the sample company's newsletter and has its service answer, at a port that it keeps.
func (p *product) loadNewsletter(ctx context.Context, stack *local.Stack) (sample.System, int, error) {
	port, err := keepPort(ctx, 0)
	if err != nil {
		return sample.System{}, 0, err
	}
	admin := stack.Addresses().PostgresAdminDSN
	s, err := sample.LoadNewsletter(ctx, admin, "sample", "http://"+atPort(port), companySeed, companyPeople)
	if err != nil {
		return sample.System{}, 0, err
	}
	return s, port, serveNewsletter(ctx, admin, port)
}

// keptNewsletter has the newsletter of an earlier start answer again, when there is one.
func (p *product) keptNewsletter(ctx context.Context, stack *local.Stack) error {
	kept, err := readLocalProduct(stack.Dir())
	if err != nil || kept.Newsletter == 0 {
		return err
	}
	return serveNewsletter(ctx, stack.Addresses().PostgresAdminDSN, kept.Newsletter)
}

// serveNewsletter answers until the context ends.
func serveNewsletter(ctx context.Context, admin string, port int) error {
	service, err := sample.OpenNewsletter(ctx, admin, "sample")
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", atPort(port))
	if err != nil {
		service.Close()
		return fmt.Errorf("the sample company's newsletter can't answer at %s as before: %w; stop what listens there, or start with --fresh", atPort(port), err)
	}
	server := &http.Server{Handler: service, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with the context
	context.AfterFunc(ctx, func() {
		_ = server.Close()
		service.Close()
	})
	return nil
}

func atPort(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

package local

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"time"
)

// mail runs the mail catcher as a process of its own, so that it can be killed like the other servers.
type mail struct {
	opts Options
	smtp string // host:port
	page string // host:port; empty when the mail server is external
}

func (m *mail) prepare(context.Context) error { return nil }

func (m *mail) command() command {
	return command{
		path: m.opts.Docket,
		args: []string{"mailcatcher", "--smtp", m.smtp, "--page", m.page, "--dir", filepath.Join(m.opts.Dir, string(Mail))},
		dir:  m.opts.Dir,
	}
}

func (m *mail) probe(ctx context.Context) error {
	if err := probeSMTP(ctx, m.smtp); err != nil {
		return err
	}
	if m.page == "" {
		return nil
	}
	return probePage(ctx, "http://"+m.page+"/")
}

func (m *mail) furnish(context.Context) error { return nil }

// probeSMTP expects a greeting with 220.
func probeSMTP(ctx context.Context, address string) (err error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(probeTime)
	}
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	greeting, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return fmt.Errorf("read the greeting of %s: %w", address, err)
	}
	if !strings.HasPrefix(greeting, "220") {
		return fmt.Errorf("%s is no mail server: it greets with %q", address, strings.TrimSpace(greeting))
	}
	_, err = fmt.Fprint(conn, "QUIT\r\n")
	return err
}

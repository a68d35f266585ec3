package main

import (
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"sync"
	"text/tabwriter"

	"github.com/privacy-docket/docket/deploy/local"
)

// narrator tells the person at the terminal what happens, one line per event.
type narrator struct {
	mu  sync.Mutex // parts report from goroutines of their own
	out io.Writer
}

func newNarrator(out io.Writer) *narrator { return &narrator{out: out} }

func (n *narrator) say(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, _ = fmt.Fprintf(n.out, format+"\n", args...) // a closed terminal must not stop the stack
}

// event shows what a part has come to; the steps on the way are in its log.
func (n *narrator) event(e local.Event) {
	switch {
	case e.Phase == local.Ready:
		n.say("  %-12s ready (%s)", e.Part, e.Detail)
	case e.Phase == local.Died:
		n.say("  %-12s ended by itself: %v", e.Part, e.Err)
	case e.Detail != "":
		n.say("  %-12s %s", e.Part, e.Detail)
	}
}

// addresses prints where everything is. Credentials stay in stack.json.
func (n *narrator) addresses(stack *local.Stack) {
	n.mu.Lock()
	defer n.mu.Unlock()
	a := stack.Addresses()
	table := tabwriter.NewWriter(n.out, 0, 0, 3, ' ', 0)
	row := func(name, address, note string) {
		if address != "" {
			_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\n", name, address, note)
		}
	}
	_, _ = fmt.Fprintln(n.out)
	row("PostgreSQL", hostOf(a.PostgresAdminDSN), kept(stack, local.Postgres))
	row("MariaDB", hostOf(a.MariaDBAdminDSN), "")
	row("MongoDB", hostOf(a.MongoDBAdminDSN), "FerretDB")
	row("Temporal", a.Temporal, "namespace "+a.Namespace+kept(stack, local.Temporal))
	row("Temporal UI", a.TemporalUI, "")
	row("Objects", a.Objects.Endpoint, "bucket "+a.Objects.Bucket+kept(stack, local.Objects))
	row("SMTP", a.SMTP, kept(stack, local.Mail))
	row("Mail page", a.Mail, "")
	_ = table.Flush()
	_, _ = fmt.Fprintf(n.out, "\nCredentials are in %s. Ctrl-C stops everything; the data stays.\n", filepath.Join(stack.Dir(), "stack.json"))
}

func kept(stack *local.Stack, name local.PartName) string {
	if part := stack.Part(name); part != nil && part.External() {
		return " (external)"
	}
	return ""
}

func hostOf(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return ""
	}
	return u.Host
}

// raw writes as it is, for a line that is drawn over.
func (n *narrator) raw(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, _ = io.WriteString(n.out, text)
}

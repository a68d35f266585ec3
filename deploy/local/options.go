package local

import (
	"path/filepath"

	"go.uber.org/zap"
)

// Options say where a stack lives and what it is made of. Only Dir is needed.
type Options struct {
	// Dir is the state folder; it is made when it does not exist. The commands use .docket.
	Dir string
	// Programs is the folder of the built server programs (make servers). PATH is searched when a program is not in it.
	Programs string
	// Docket is the docket binary, which runs the mail catcher as a process of its own. Empty means the running program.
	Docket string
	// Ports asks for fixed ports. A port that is asked for and taken is an error; the others are chosen.
	Ports Ports
	// External names the servers that run elsewhere; those parts are not started.
	External External
	// MariaDB starts a MariaDB server too, as every start does where an earlier one did. Docket itself needs none: the sample company keeps a
	// system in it, and so do tests.
	MariaDB bool
	// MongoDB starts a server that speaks MongoDB's wire protocol (FerretDB) in the same way.
	MongoDB bool
	// CodecEndpoint is the URL under which the Temporal UI decrypts payloads in the browser; empty leaves them encrypted.
	CodecEndpoint string
	// Restart brings a part back that ended without being told to.
	Restart bool
	// Fresh deletes what an earlier stack left in Dir before it starts.
	Fresh bool
	// NoSync lets PostgreSQL and MongoDB skip fsync. A killed process loses nothing, a machine that loses power may: for tests only.
	NoSync bool
	// Buffers is how much memory PostgreSQL keeps pages in (shared_buffers), "256MB" when empty: enough to try things out and not for a register of millions.
	Buffers string
	// Log receives what happens to the parts; nil logs nothing.
	Log *zap.Logger
	// Progress is told each step, from several goroutines; nil tells nobody.
	Progress func(Event)
}

// Ports asks for fixed ports; zero means any free one, which is remembered for the next start.
type Ports struct {
	Postgres   int
	MariaDB    int
	MongoDB    int
	Temporal   int
	TemporalUI int
	Objects    int
	SMTP       int
	Mail       int
}

// External holds the addresses of servers that are not ours to start. Empty fields are started here.
type External struct {
	// DatabaseURL is a PostgreSQL URL of a role that may create roles and databases.
	DatabaseURL string
	// TemporalAddress is host:port of a Temporal frontend.
	TemporalAddress string
	// TemporalUI is the URL of that Temporal's web page.
	TemporalUI string
	// ObjectsURL is http(s)://ACCESS:SECRET@host:port/bucket of an S3 server.
	ObjectsURL string
	// SMTPAddress is host:port of a mail server; there is no mail page then.
	SMTPAddress string
}

// PartName names one server of the stack.
type PartName string

// The parts of a stack.
const (
	Postgres   PartName = "postgres"
	Temporal   PartName = "temporal"
	TemporalUI PartName = "temporal-ui"
	Objects    PartName = "objects"
	Mail       PartName = "mail"
	MariaDB    PartName = "mariadb"
	MongoDB    PartName = "mongodb"
)

// Phase says what just happened to a part.
type Phase string

// The phases an Event reports.
const (
	Preparing Phase = "preparing" // one-time set-up: cluster, schema, namespace, bucket
	Starting  Phase = "starting"
	Ready     Phase = "ready"
	Stopped   Phase = "stopped"
	Died      Phase = "died" // ended without being told to; Err says how
)

// Event is one step of one part.
type Event struct {
	Part   PartName
	Phase  Phase
	Detail string
	Err    error
}

func (o Options) withDefaults() (Options, error) {
	if o.Dir == "" {
		o.Dir = ".docket"
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return o, err
	}
	o.Dir = dir
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if o.Progress == nil {
		o.Progress = func(Event) {}
	}
	return o.withPrograms()
}

// ReadOptions returns the programs that the stack on a state folder was started with, to start another one with them.
func ReadOptions(dir string) (Options, error) {
	s, err := readState(dir)
	if err != nil {
		return Options{}, err
	}
	return Options{Programs: s.Programs, Docket: s.Docket}, nil
}

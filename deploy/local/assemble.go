package local

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"syscall"
)

// place decides the ports and addresses of this start.
func (s *state) place(ctx context.Context, opts Options, r *reservation) error {
	if err := opts.External.validate(); err != nil {
		return err
	}
	ports, err := choosePorts(ctx, opts.Ports.byName(), s.Ports, r)
	if err != nil {
		return err
	}
	s.Ports, s.Programs, s.Docket = ports, opts.Programs, opts.Docket
	s.Addresses = Addresses{
		PostgresAdminDSN: postgresDSN(ports[portPostgres], s.Secrets.Postgres),
		Temporal:         address(ports[portTemporal]),
		Namespace:        namespace,
		TemporalUI:       "http://" + address(ports[portTemporalUI]),
		Objects: ObjectsAddress{
			Endpoint: address(ports[portObjects]), AccessKey: s.Secrets.AccessKey, SecretKey: s.Secrets.SecretKey, Bucket: bucket,
		},
		SMTP: address(ports[portSMTP]),
		Mail: "http://" + address(ports[portMail]),
	}
	if opts.MariaDB {
		s.Addresses.MariaDBAdminDSN = mariadbDSN(ports[portMariaDB], s.Secrets.MariaDB)
	}
	if opts.MongoDB {
		s.Addresses.MongoDBAdminDSN = mongodbDSN(ports[portMongoDB], s.Secrets.MongoDB)
	}
	return s.Addresses.replace(opts.External)
}

// replace puts the external servers' addresses in place of ours.
func (a *Addresses) replace(ext External) error {
	if ext.DatabaseURL != "" {
		u, err := parseDSN(ext.DatabaseURL)
		if err != nil {
			return err
		}
		a.PostgresAdminDSN = u.String()
	}
	if ext.TemporalAddress != "" {
		a.Temporal = ext.TemporalAddress
	}
	if ext.TemporalUI != "" {
		a.TemporalUI = ext.TemporalUI
	}
	if ext.ObjectsURL != "" {
		objects, err := parseObjectsURL(ext.ObjectsURL)
		if err != nil {
			return err
		}
		a.Objects = objects
	}
	if ext.SMTPAddress != "" {
		a.SMTP, a.Mail = ext.SMTPAddress, ""
	}
	return nil
}

// validate refuses what can't work before anything is started.
func (e External) validate() error {
	if e.DatabaseURL == "" || e.TemporalAddress != "" {
		return nil
	}
	u, err := parseDSN(e.DatabaseURL)
	if err != nil {
		return err
	}
	if mode := u.Query().Get("sslmode"); mode != "disable" {
		return fmt.Errorf("the local Temporal reaches PostgreSQL without TLS, but DOCKET_DATABASE_URL has sslmode=%q: set sslmode=disable, or name an external Temporal with DOCKET_TEMPORAL_ADDRESS", mode)
	}
	return nil
}

// assemble builds the parts around the addresses.
func (s *Stack) assemble() {
	a, ext, ports := s.state.Addresses, s.opts.External, s.state.Ports
	s.parts = map[PartName]*Part{
		Postgres: s.part(Postgres, ext.DatabaseURL != "", &postgres{
			opts: s.opts, nursery: s.nursery, port: ports[portPostgres], password: s.state.Secrets.Postgres, dsn: a.PostgresAdminDSN,
		}),
		Temporal: s.part(Temporal, ext.TemporalAddress != "", &temporal{
			opts: s.opts, nursery: s.nursery, ports: ports, address: a.Temporal, database: s.temporalDatabase(),
		}),
		Objects: s.part(Objects, ext.ObjectsURL != "", &objects{opts: s.opts, address: a.Objects}),
		Mail:    s.part(Mail, ext.SMTPAddress != "", &mail{opts: s.opts, smtp: a.SMTP, page: strings.TrimPrefix(a.Mail, "http://")}),
	}
	if ext.TemporalUI == "" {
		s.parts[TemporalUI] = s.part(TemporalUI, false, &webUI{
			opts: s.opts, port: ports[portTemporalUI], url: a.TemporalUI, temporal: a.Temporal,
		})
	}
	if s.opts.MariaDB {
		s.parts[MariaDB] = s.part(MariaDB, false, &mariadb{
			opts: s.opts, nursery: s.nursery, port: ports[portMariaDB], password: s.state.Secrets.MariaDB,
		})
	}
	if s.opts.MongoDB {
		s.parts[MongoDB] = s.part(MongoDB, false, &mongodb{opts: s.opts, port: ports[portMongoDB], password: s.state.Secrets.MongoDB})
	}
	s.parts[Postgres].stopWith = syscall.SIGINT // PostgreSQL's fast shutdown; SIGTERM waits for every client to leave
}

func (s *Stack) part(name PartName, external bool, p program) *Part {
	return &Part{
		name: name, program: p, external: external, stopWith: syscall.SIGTERM,
		logPath: logPath(s.opts.Dir, name), nursery: s.nursery, opts: s.opts, closing: s.closing,
	}
}

func (s *Stack) temporalDatabase() temporalDatabase {
	d := temporalDatabase{opts: s.opts, nursery: s.nursery, adminDSN: s.state.Addresses.PostgresAdminDSN}
	u, err := url.Parse(d.adminDSN)
	if err != nil {
		return d // place has parsed it already
	}
	d.address = u.Host
	if s.opts.External.DatabaseURL != "" {
		d.user = u.User.Username()
		d.password, _ = u.User.Password()
		return d
	}
	d.ownRole, d.user, d.password = true, temporalRole, s.state.Secrets.Temporal
	return d
}

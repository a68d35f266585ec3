package local

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
)

const host = "127.0.0.1"

// Chosen ports come from below the range the kernel gives to outgoing connections (from 32768 on Linux), so that none of
// those is in the way when a part comes back.
const (
	lowestPort  = 20000
	highestPort = 31999
)

// The ports of a stack by name. The Temporal ones after the first are for its services among themselves.
const (
	portPostgres   = "postgres"
	portTemporal   = "temporal"
	portTemporalUI = "temporal-ui"
	portObjects    = "objects"
	portSMTP       = "smtp"
	portMail       = "mail"
	portMariaDB    = "mariadb"
	portMongoDB    = "mongodb"
)

var temporalInner = []string{
	"temporal-http", "temporal-frontend-membership",
	"temporal-history", "temporal-history-membership",
	"temporal-matching", "temporal-matching-membership",
	"temporal-worker", "temporal-worker-membership",
}

// choosePorts returns a free port for every name: the one asked for, else the one used last time, else a new one.
// Asked or remembered ports are tried before any is chosen, so a new one never takes the place of an old one.
func choosePorts(ctx context.Context, asked, remembered map[string]int, r *reservation) (map[string]int, error) {
	chosen := map[string]int{}
	names := append([]string{portPostgres, portTemporal, portTemporalUI, portObjects, portSMTP, portMail, portMariaDB, portMongoDB}, temporalInner...)
	for _, name := range names {
		port := asked[name]
		if port == 0 {
			continue
		}
		if !r.take(ctx, port) {
			return nil, takenError(name, port)
		}
		chosen[name] = port
	}
	for _, name := range names {
		if port := remembered[name]; chosen[name] == 0 && port != 0 && r.take(ctx, port) {
			chosen[name] = port
		}
	}
	for _, name := range names {
		if chosen[name] != 0 {
			continue
		}
		port, err := newPort(ctx, r)
		if err != nil {
			return nil, err
		}
		chosen[name] = port
	}
	return chosen, nil
}

func newPort(ctx context.Context, r *reservation) (int, error) {
	for range 1000 {
		port := lowestPort + rand.IntN(highestPort-lowestPort+1) //nolint:gosec // a port number is no secret
		if r.take(ctx, port) {
			return port, nil
		}
	}
	return 0, fmt.Errorf("found no free port between %d and %d", lowestPort, highestPort)
}

func takenError(name string, port int) error {
	variable := "DOCKET_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")) + "_PORT"
	return fmt.Errorf("port %d was asked for %s (--%s-port or %s) and is taken: free it, name another one, or leave it out to have one chosen",
		port, name, name, variable)
}

func address(port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }

func (p Ports) byName() map[string]int {
	return map[string]int{
		portPostgres: p.Postgres, portTemporal: p.Temporal, portTemporalUI: p.TemporalUI,
		portObjects: p.Objects, portSMTP: p.SMTP, portMail: p.Mail, portMariaDB: p.MariaDB, portMongoDB: p.MongoDB,
	}
}

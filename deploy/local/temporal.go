package local

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

const (
	// namespace is the one Docket's workflows run in.
	namespace = "docket"
	// historyShards can't be changed later. Each costs a few goroutines that poll; sixteen are lanes enough for one machine.
	historyShards = 16
)

// dynamicConfig makes new namespaces and search attributes known within a fraction of a second instead of many.
const dynamicConfig = `# Written at every start of the local stack; changes are lost.
system.namespaceCacheRefreshInterval:
  - value: 200ms
system.forceSearchAttributesCacheRefreshOnRead:
  - value: true
`

// temporal runs the official server, all four services in one process, on the stack's PostgreSQL.
type temporal struct {
	opts     Options
	nursery  *nursery
	ports    map[string]int
	address  string
	database temporalDatabase
	path     string // of the server; found by prepare
}

func (t *temporal) dir() string           { return filepath.Join(t.opts.Dir, string(Temporal)) }
func (t *temporal) dynamicConfig() string { return filepath.Join(t.dir(), "dynamicconfig.yaml") }

func (t *temporal) prepare(ctx context.Context) error {
	var err error
	if t.path, err = t.opts.find(temporalServer); err != nil {
		return err
	}
	if err := os.MkdirAll(t.dir(), 0o700); err != nil {
		return fmt.Errorf("make Temporal's folder: %w", err)
	}
	if err := os.WriteFile(t.dynamicConfig(), []byte(dynamicConfig), 0o600); err != nil {
		return fmt.Errorf("write Temporal's dynamic configuration: %w", err)
	}
	return t.database.prepare(ctx)
}

func (t *temporal) command() command {
	d := t.database
	dbHost, dbPort, _ := net.SplitHostPort(d.address) // an address we built ourselves
	env := []string{
		"DB=" + sqlPlugin, "POSTGRES_SEEDS=" + dbHost, "DB_PORT=" + dbPort, "POSTGRES_USER=" + d.user, "POSTGRES_PWD=" + d.password,
		"DBNAME=" + mainDatabase, "VISIBILITY_DBNAME=" + visibilityDatabase,
		"NUM_HISTORY_SHARDS=" + strconv.Itoa(historyShards),
		"BIND_ON_IP=" + host, "TEMPORAL_BROADCAST_ADDRESS=" + host,
		"DYNAMIC_CONFIG_FILE_PATH=" + t.dynamicConfig(),
		"LOG_LEVEL=warn",
	}
	for variable, port := range map[string]string{
		"FRONTEND_GRPC_PORT": portTemporal, "FRONTEND_HTTP_PORT": "temporal-http", "FRONTEND_MEMBERSHIP_PORT": "temporal-frontend-membership",
		"HISTORY_GRPC_PORT": "temporal-history", "HISTORY_MEMBERSHIP_PORT": "temporal-history-membership",
		"MATCHING_GRPC_PORT": "temporal-matching", "MATCHING_MEMBERSHIP_PORT": "temporal-matching-membership",
		"WORKER_GRPC_PORT": "temporal-worker", "WORKER_MEMBERSHIP_PORT": "temporal-worker-membership",
	} {
		env = append(env, variable+"="+strconv.Itoa(t.ports[port]))
	}
	return command{path: t.path, args: []string{"--allow-no-auth", "start"}, env: env, dir: t.dir()}
}

func (t *temporal) probe(ctx context.Context) error { return checkTemporal(ctx, t.address) }
func (t *temporal) furnish(ctx context.Context) error {
	return RegisterNamespace(ctx, t.address, namespace)
}

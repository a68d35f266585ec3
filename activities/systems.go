package activities

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"go.temporal.io/sdk/activity"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/mongo"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/connectors/objects"
	"github.com/privacy-docket/docket/connectors/opendsr"
	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/connectors/service"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/reach"
	"github.com/privacy-docket/docket/storage"
)

// connect gives what opens the connector of a system by its kind, for reading.
func connect(o *opener) func(storage.System, []dataset.Dataset) (connectors.Connector, error) {
	return func(system storage.System, datasets []dataset.Dataset) (connectors.Connector, error) {
		return o.open(system, system.Target, datasets, false)
	}
}

// connectToChange gives what opens a system by the way in that may change it. A system that has none is changed by people.
func connectToChange(o *opener) func(storage.System, []dataset.Dataset) (connectors.Eraser, error) {
	return func(system storage.System, datasets []dataset.Dataset) (connectors.Eraser, error) {
		if dataset.IsAsked(system.Kind) {
			return nil, errNotRead
		}
		if system.Change == "" {
			return nil, &connectors.Error{Code: connectors.ErrReadOnly, What: "the system may only be read", Do: "give it a way in that may change it, or erase by hand"}
		}
		c, err := o.open(system, system.Change, datasets, true)
		if err != nil {
			return nil, err
		}
		eraser, ok := c.(connectors.Eraser)
		if !ok {
			return nil, errors.Join(errNoEraser, c.Close())
		}
		return eraser, nil
	}
}

// errNoEraser says that nothing of ours changes systems of a kind.
var errNoEraser error = &connectors.Error{Code: connectors.ErrReadOnly, What: "systems of this kind can only be read", Do: "erase by hand"}

// errNotRead says that somebody else has the system: they are asked, and nothing of ours looks into it.
var errNotRead error = &connectors.Error{Code: connectors.ErrReadOnly, What: "somebody else has this system; they are asked, and Docket does not look into it", Do: "have them do it, and say so"}

// processor opens the way to a processor that speaks OpenDSR.
func (o *opener) processor(asked *dataset.Asked, secrets string) (*opendsr.Processor, error) {
	return opendsr.New(opendsr.Config{Asked: asked, Secrets: secrets, Ways: reach.Ways{May: o.mayServe, Plain: o.mayServePlain}, Clock: o.clock})
}

// opener opens systems, where the operator lets them be: that is never a tenant's choice.
type opener struct {
	// nearby lets them be on this machine and its link, and services behind HTTP be spoken to without TLS.
	nearby bool
	// networks are those in which services behind HTTP may be beside the open network, without TLS too.
	networks []netip.Prefix
	// clock is what services and stores are waited for by.
	clock clockwork.Clock
	// pools are shared by all who open a service, by system: its limits are for all of them.
	mu    sync.Mutex
	pools map[uuid.UUID]*service.Pool
}

func newOpener(clock clockwork.Clock, nearby bool, networks []netip.Prefix) *opener {
	return &opener{clock: clock, nearby: nearby, networks: networks, pools: map[uuid.UUID]*service.Pool{}}
}

func (o *opener) open(system storage.System, target string, datasets []dataset.Dataset, write bool) (connectors.Connector, error) {
	may := reach.Elsewhere
	if o.nearby {
		may = nil
	}
	switch system.Kind {
	case "postgres":
		return postgres.New(postgres.Config{DSN: target, Datasets: datasets, BatchRows: partRows, AllowWrites: write, MayReach: may, MayReachPlain: o.mayStorePlain})
	case "mysql":
		return mysql.New(mysql.Config{DSN: target, Datasets: datasets, BatchRows: partRows, AllowWrites: write, MayReach: may, MayReachPlain: o.mayStorePlain})
	case "mongodb":
		return mongo.New(mongo.Config{DSN: target, Datasets: datasets, BatchRows: partRows, AllowWrites: write, Report: noticed(system), MayReach: may, MayReachPlain: o.mayStorePlain})
	case kindHTTP:
		return service.New(service.Config{
			Document: system.Service, Secrets: target, Datasets: datasets, BatchRows: partRows, AllowWrites: write, Pool: o.pool(system.ID), Report: noticed(system),
			MayReach: o.mayServe, MayReachPlain: o.mayServePlain, Clock: o.clock,
		})
	case kindS3:
		return objects.New(objects.Config{
			Document: system.Service, Secrets: target, Datasets: datasets, BatchRows: partRows, AllowWrites: write, Report: noticed(system),
			MayReach: o.mayServe, MayReachPlain: o.mayServePlain, Clock: o.clock,
		})
	case dataset.AskedOpenDSR, dataset.AskedEmail, dataset.AskedManual:
		return nil, errNotRead
	default:
		return nil, fmt.Errorf("system %q has the unknown kind %q", system.Key, system.Kind)
	}
}

func (o *opener) pool(id uuid.UUID) *service.Pool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.pools[id] == nil {
		o.pools[id] = service.NewPool()
	}
	return o.pools[id]
}

// mayServe says where services behind HTTP may be; mayServePlain where they are spoken to without TLS.
func (o *opener) mayServe(a netip.Addr) bool { return reach.Public(a) || o.mayServePlain(a) }

func (o *opener) mayServePlain(a netip.Addr) bool {
	return o.nearby || o.named(a)
}

// mayStorePlain says where databases may be connected to without encryption: in a company's own network, and in those that the operator names.
func (o *opener) mayStorePlain(a netip.Addr) bool { return !reach.Public(a) || o.named(a) }

func (o *opener) named(a netip.Addr) bool {
	return slices.ContainsFunc(o.networks, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}

// noticed puts on record that a system answered with what nobody asked for.
func noticed(system storage.System) func(context.Context, service.Notice) {
	return func(ctx context.Context, n service.Notice) {
		if activity.IsActivity(ctx) {
			activity.GetLogger(ctx).Warn("a system answered rows that were not asked for, or twice; they were left out",
				"system", system.Key, "collection", n.String(), "foreign", n.Foreign, "twice", n.Twice)
		}
	}
}

// The kinds of systems that lie behind HTTP, and of object stores.
const (
	kindHTTP = "http"
	kindS3   = "s3"
)

// partRows is how many rows one part may hold; the connector's bound on bytes comes first for wide rows.
const partRows = 5000

// landscape is what the tenant's systems hold, as annotated.
type landscape struct {
	systems  map[string]storage.System // by key
	datasets map[string][]dataset.Dataset
	holder   map[string]string // dataset → system key
	// basis is a hash of all of it, and of how the systems are reached: see casework.Basis.
	basis string
	graph *dataset.Graph
}

// survey reads the tenant's active systems and their annotations.
func survey(ctx context.Context, tx *storage.Tx) (*landscape, error) {
	l := &landscape{systems: map[string]storage.System{}, datasets: map[string][]dataset.Dataset{}, holder: map[string]string{}}
	systems, err := tx.Systems(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range systems {
		if s.State == storage.SystemActive {
			l.systems[s.Key] = s
		}
	}
	rows, err := tx.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	var all []dataset.Dataset
	for _, row := range rows {
		if _, active := l.systems[row.SystemKey]; !active {
			continue
		}
		parsed, err := dataset.Parse(row.FidesKey, []byte(row.Annotation))
		if err != nil {
			return nil, fmt.Errorf("read the annotation %q: %w", row.FidesKey, err)
		}
		for _, d := range parsed {
			l.holder[d.Key] = row.SystemKey
		}
		l.datasets[row.SystemKey] = append(l.datasets[row.SystemKey], parsed...)
		all = append(all, parsed...)
	}
	l.basis = casework.Basis(systems, rows)
	if l.graph, err = dataset.NewOpenGraph(all...); err != nil {
		return nil, fmt.Errorf("join the annotations: %w", err)
	}
	return l, nil
}

// byID finds a system by its row.
func (l *landscape) byID(id uuid.UUID) (storage.System, bool) {
	for _, s := range l.systems {
		if s.ID == id {
			return s, true
		}
	}
	return storage.System{}, false
}

// plan lays out the walk for one person: what is known of them leads to the first rows, those to the next.
func (l *landscape) plan(person connectors.Subject) (*dataset.Plan, []dataset.Stage, error) {
	plan, err := l.graph.Plan(person.Known())
	if err != nil {
		return nil, nil, disordered(err)
	}
	return plan, plan.Stages(func(key string) string { return l.holder[key] }), nil
}

// whole lays out the walk for somebody of whom everything is known by which anybody is found.
func (l *landscape) whole() (*dataset.Plan, error) {
	plan, err := l.graph.Plan(l.graph.Kinds())
	if err != nil {
		return nil, disordered(err)
	}
	return plan, nil
}

// disordered tells whoever looks after the systems that their annotations, each right by itself, ask for an order together that can't be had: trying again
// mends nothing.
func disordered(err error) error {
	return &connectors.Error{Code: connectors.ErrSelection, What: "the annotations of the systems can't be followed together: " + err.Error(), Do: "mend the annotation that is named"}
}

// subjectOf says how systems may know a person: only by what was proven. Whoever knows somebody's telephone number could otherwise name it beside
// a mailbox of their own, and a genuine passport of their own, and be sent that person's data.
func subjectOf(p storage.Person, row storage.Case) connectors.Subject {
	return knownBy(casework.KnownBy(p, row))
}

// trialOf reads the person of a trial: whoever tries a system names all that it may know them by, and sees counts alone.
func trialOf(ctx context.Context, tx *storage.Tx, id uuid.UUID) (connectors.Subject, error) {
	subject, err := tx.Subject(ctx, id)
	if err != nil {
		return connectors.Subject{}, err
	}
	p, err := tx.Person(ctx, subject)
	return knownBy(map[string]string{"email": p.Email, "phone_number": p.Phone, "customer_id": p.CustomerID}), err
}

func knownBy(known map[string]string) connectors.Subject {
	identities := map[string][]string{}
	for kind, value := range known {
		if value != "" {
			identities[kind] = []string{value}
		}
	}
	return connectors.Subject{Identities: identities}
}

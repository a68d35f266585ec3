package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/privacy-docket/docket/deploy/local"
)

// workerName is the worker among a rig's parts.
const workerName = local.PartName("worker")

// drainTime is how long the requests may take to end once everything runs again.
const drainTime = 12 * time.Minute

// storm has requests in flight while every server is killed with -9 and started again at random. When everything is left
// running, each request ends, and nothing is lost or done twice.
func storm(ctx context.Context, o options) (found []violation, err error) {
	_, _ = fmt.Fprintf(o.out, "storm: %d requests, %s, seed %d\n", o.requests, o.storm, o.seed)
	s, err := newScene(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() {
		if ended := s.end(o.out, found, err); err == nil {
			err = ended
		}
	}()
	w := &weather{scene: s, options: o}
	if err := w.blow(ctx); err != nil {
		return nil, err
	}
	e, err := s.gather(ctx, w.journeys, w.killer.outages)
	if err != nil {
		return nil, err
	}
	w.report(o.out, e)
	return judge(e), nil
}

// weather is one storm.
type weather struct {
	*scene
	options
	killer   killer
	journeys []*journey
	// blew is how long parts were killed and started again; drained, how long the last request took after that.
	blew, drained time.Duration
}

// blow runs people and kills side by side, and waits until the people are done.
func (w *weather) blow(ctx context.Context) error {
	if len(w.people) < w.requests {
		return fmt.Errorf("the sample company has %d customers in both systems, so there can't be %d requests", len(w.people), w.requests)
	}
	stormy, calm := context.WithTimeout(ctx, w.storm)
	defer calm()
	walking, stop := context.WithTimeout(ctx, w.storm+drainTime)
	defer stop()
	var group sync.WaitGroup
	for i := range w.requests {
		j, err := newJourney(w.scene, i, w.people[i], w.pace(uint64(i)))
		if err != nil {
			return err
		}
		w.journeys = append(w.journeys, j)
		group.Go(func() { j.err = j.walk(walking) })
	}
	began := time.Now()
	w.killer.storm(stormy, w.seed, w.parts())
	still := time.Now()
	supervised, enough := context.WithCancel(walking)
	defer w.keepUp(supervised, w.parts())()
	defer enough()
	group.Wait()
	w.blew, w.drained = still.Sub(began), time.Since(still)
	return ctx.Err()
}

// pace spreads a person's steps over the storm, so that there are requests in every state whenever something is killed.
func (w *weather) pace(n uint64) func(context.Context, int) bool {
	chance := rand.New(rand.NewPCG(w.seed, 1000+n)) //nolint:gosec // a schedule that can be repeated, not a secret
	return func(ctx context.Context, _ int) bool {
		return pause(ctx, between(chance, 0, w.storm*2/5+time.Millisecond))
	}
}

// parts are what is killed: everything.
func (w *weather) parts() []*local.Part {
	stack := w.Stack
	return []*local.Part{
		w.worker, w.server.Part, stack.Part(local.Temporal), stack.Part(local.Postgres), stack.Part(local.Objects), stack.Part(local.Mail),
	}
}

// report says in figures what happened.
func (w *weather) report(out io.Writer, e *evidence) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	kills := w.killer.kills()
	for _, part := range w.parts() {
		_, _ = fmt.Fprintf(table, "  %s\tkilled %d times\n", part.Name(), kills[part.Name()])
	}
	ended, repeated, resent := 0, 0, 0
	for _, j := range w.journeys {
		repeated, resent = repeated+j.repeated, resent+j.resent
		if j.err == nil {
			ended++
		}
	}
	_, _ = fmt.Fprintf(table, "  requests\t%d filed, %d fetched their package\n", len(w.journeys), ended)
	_, _ = fmt.Fprintf(table, "  calls\t%d had to be sent again, %d links were sent anew by staff\n", repeated, resent)
	_, _ = fmt.Fprintf(table, "  letters\t%d written, %d arrived, %d of them a second time under their Message-ID\n", len(e.letters), len(e.mails), repeats(e))
	_, _ = fmt.Fprintf(table, "  audit log\t%d events\n", len(e.events))
	_, _ = fmt.Fprintf(table, "  time\t%s until the last restart, %s more until the last package was fetched\n",
		w.blew.Round(time.Second), w.drained.Round(time.Second))
	_ = table.Flush()
}

// tell prints what was broken, promise by promise, and the verdict.
func tell(out io.Writer, name string, found []violation) {
	if len(found) == 0 {
		_, _ = fmt.Fprintf(out, "%s: every promise was kept\n\n", name)
		return
	}
	_, _ = fmt.Fprintf(out, "%s: %d violations\n", name, len(found))
	for _, v := range found {
		_, _ = fmt.Fprintf(out, "  BROKEN %s: %s\n", v.promise, v.what)
	}
	_, _ = fmt.Fprintln(out)
}

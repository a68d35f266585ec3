package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// play runs a scenario with a single fault: a scene, journeys, what is done to them, and the judgement over all of it.
func play(ctx context.Context, o options, name string, requests int, does func(context.Context, *scene, []*journey) error) (found []violation, err error) {
	_, _ = fmt.Fprintf(o.out, "%s: %d requests\n", name, requests)
	s, err := newScene(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.end(o.out, found, err)) }()
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	var journeys []*journey
	for i := range requests {
		j, err := newJourney(s, i, s.people[i], func(ctx context.Context, _ int) bool { return ctx.Err() == nil })
		if err != nil {
			return nil, err
		}
		journeys = append(journeys, j)
	}
	if err := does(ctx, s, journeys); err != nil {
		return nil, err
	}
	e, err := s.gather(ctx, journeys, s.outages)
	if err != nil {
		return nil, err
	}
	return append(judge(e), s.broken...), nil
}

// broke notes that a promise of the scenario's own was broken.
func (s *scene) broke(promise, format string, args ...any) {
	s.broken = append(s.broken, violation{promise, fmt.Sprintf(format, args...)})
}

// together takes a step with every journey at once. What fails is the journey's own error.
func together(ctx context.Context, journeys []*journey, steps ...func(*journey, context.Context) error) {
	var group sync.WaitGroup
	for _, j := range journeys {
		group.Go(func() {
			for _, step := range steps {
				if j.err == nil {
					j.err = step(j, ctx)
				}
			}
		})
	}
	group.Wait()
}

package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// ErrStop is what a Recorder fails with when it was told to.
var ErrStop = errors.New("the sink was told to stop")

// Recorder is a sink that keeps everything in memory and checks the order of its calls.
type Recorder struct {
	Order    []dataset.Address
	Openings map[dataset.Address]connectors.Opening
	Kept     map[dataset.Address][]connectors.Row
	Parts    map[dataset.Address]int
	Totals   map[dataset.Address]int64
	cursors  map[dataset.Address]connectors.Cursor
	// StopAfter fails the delivery that follows this many parts; zero never fails.
	StopAfter int
	// OnBegin runs when a collection is opened.
	OnBegin func(connectors.Opening)
	open    *dataset.Address
	parts   int
}

// NewRecorder makes an empty recorder.
func NewRecorder() *Recorder {
	return &Recorder{Openings: map[dataset.Address]connectors.Opening{}, Kept: map[dataset.Address][]connectors.Row{},
		Parts: map[dataset.Address]int{}, Totals: map[dataset.Address]int64{}, cursors: map[dataset.Address]connectors.Cursor{}}
}

// Again readies the recorder for another try; what it holds stays.
func (r *Recorder) Again(stopAfter int) { r.open, r.parts, r.StopAfter = nil, 0, stopAfter }

// Begin opens a collection where the last try ended.
func (r *Recorder) Begin(_ context.Context, open connectors.Opening) (connectors.Cursor, bool, error) {
	if r.open != nil {
		return "", false, fmt.Errorf("%s is opened while %s is open", open.Address, r.open)
	}
	if r.OnBegin != nil {
		r.OnBegin(open)
	}
	if _, done := r.Totals[open.Address]; done {
		return "", true, nil
	}
	if !slices.Contains(r.Order, open.Address) {
		r.Order = append(r.Order, open.Address)
	}
	r.Openings[open.Address], r.open = open, &open.Address
	return r.cursors[open.Address], false, nil
}

// Rows keeps a part.
func (r *Recorder) Rows(_ context.Context, a dataset.Address, rows []connectors.Row, after connectors.Cursor) error {
	if r.open == nil || *r.open != a || len(rows) == 0 || after == "" {
		return fmt.Errorf("a part of %s is out of place", a)
	}
	if r.StopAfter > 0 && r.parts == r.StopAfter {
		return ErrStop
	}
	r.parts++
	r.Kept[a] = append(r.Kept[a], rows...)
	r.Parts[a]++
	r.cursors[a] = after
	return nil
}

// End closes a collection.
func (r *Recorder) End(_ context.Context, a dataset.Address, total int64) error {
	if r.open == nil || *r.open != a {
		return fmt.Errorf("%s is closed without being open", a)
	}
	r.Totals[a], r.open = total, nil
	return nil
}

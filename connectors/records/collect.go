package records

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Collect streams the selection's rows, collection by collection in the plan's order. There is no snapshot: each collection is as it is when it is read.
func (c *Reader) Collect(ctx context.Context, sel connectors.Selection, sink connectors.Sink) error {
	return c.walked(sel, func(w *walk, a dataset.Address) error { return w.collection(ctx, a, sink) })
}

// Preview counts the rows of each collection. A service says them all to do so; none is kept.
func (c *Reader) Preview(ctx context.Context, sel connectors.Selection) ([]connectors.CollectionCount, error) {
	counts := []connectors.CollectionCount{}
	err := c.walked(sel, func(w *walk, a dataset.Address) error {
		count := connectors.CollectionCount{Address: a}
		err := w.each(ctx, a, func(found) error { count.Rows++; return nil })
		counts = append(counts, count)
		return err
	})
	if err != nil {
		return nil, err
	}
	return counts, nil
}

// walked visits the selection's collections of this system in the plan's order.
func (c *Reader) walked(sel connectors.Selection, visit func(*walk, dataset.Address) error) error {
	var chosen []dataset.Address
	for _, s := range sel.Plan.Steps {
		if c.datasets[s.Dataset] && (len(sel.Only) == 0 || slices.Contains(sel.Only, s.Address)) {
			chosen = append(chosen, s.Address)
		}
	}
	for _, a := range sel.Only {
		if !slices.Contains(chosen, a) {
			return selectionFault(a.String(), "the plan has no step for it in this system", "make the plan from the system's own datasets")
		}
	}
	w := c.newWalk(sel)
	for _, a := range chosen {
		if err := visit(w, a); err != nil {
			return err
		}
	}
	return nil
}

// mark is a place in a collection's order, which is the one in which the service answers: the last row, how many like it came up to it, and how many
// rows in all. Row is a hash over its key, or over all of it where it has none.
type mark struct {
	Of   string `json:"of"`
	Row  string `json:"row"`
	Ties int64  `json:"ties"`
	Rows int64  `json:"rows"`
}

// readMark reads a cursor back; the zero cursor is the start.
func readMark(a dataset.Address, c connectors.Cursor) (mark, error) {
	m := mark{Of: a.String()}
	if c == "" {
		return m, nil
	}
	if err := json.Unmarshal([]byte(c), &m); err != nil || m.Of != a.String() || m.Rows < 1 || m.Ties < 1 || m.Row == "" {
		return mark{}, cursorFault(a)
	}
	return m, nil
}

func cursorFault(a dataset.Address) error {
	return &connectors.Error{Code: connectors.ErrCursor, Where: a.String(), What: "the system doesn't answer the row any more behind which the last try stopped", Do: "discard the collection's parts and start it again"}
}

// delivery is one collection on its way to the sink.
type delivery struct {
	*walk
	table *Table
	sink  connectors.Sink
	batch []connectors.Row
	bytes int
	mark  mark
	// behind is where the last try stopped; until it is reached nothing is delivered.
	behind mark
	// like counts the rows that are alike, where nothing else tells them apart.
	like map[string]int64
}

// collection delivers one collection. Rows that fit in a part's bytes are read once, others twice: the first time to count them.
func (w *walk) collection(ctx context.Context, a dataset.Address, sink connectors.Sink) error {
	t, err := w.step(a)
	if err != nil {
		return err
	}
	var total int64
	var kept []found
	size := 0
	err = w.each(ctx, a, func(f found) error {
		total++
		if size += len(f.raw) + 64; size <= w.cfg.BatchBytes {
			kept = append(kept, f)
		} else {
			kept = nil
		}
		return nil
	})
	if err != nil {
		return err
	}
	resume, done, err := sink.Begin(ctx, connectors.Opening{Address: a, Columns: t.Columns(), Total: total})
	if err != nil {
		return fmt.Errorf("open %s at the sink: %w", a, err)
	}
	if done {
		return nil
	}
	d := &delivery{walk: w, table: t, sink: sink, mark: mark{Of: a.String()}, like: map[string]int64{}}
	if d.behind, err = readMark(a, resume); err != nil {
		return err
	}
	if size <= w.cfg.BatchBytes {
		for i := range kept {
			if err = d.take(ctx, kept[i]); err != nil {
				break
			}
		}
	} else {
		err = w.each(ctx, a, func(f found) error { return d.take(ctx, f) })
	}
	if err != nil {
		return err
	}
	return d.end(ctx)
}

// take delivers a row, unless the last try did.
func (d *delivery) take(ctx context.Context, f found) error {
	if err := ctx.Err(); err != nil {
		return Stopped(d.mark.Of, err)
	}
	name, err := d.name(f.raw)
	if err != nil {
		return err
	}
	if d.behind.Rows > 0 && d.mark.Rows == 0 {
		if name == d.behind.Row && d.like[name] == d.behind.Ties {
			d.mark = d.behind
		}
		return nil
	}
	row, err := d.row(ctx, d.table, f)
	if err != nil {
		return err
	}
	size := 0
	for i := range row {
		size += row[i].Size()
	}
	if len(d.batch) > 0 && (len(d.batch) == d.cfg.BatchRows || d.bytes+size > d.cfg.BatchBytes) {
		if err := d.flush(ctx); err != nil {
			return err
		}
	}
	d.mark.Row, d.mark.Ties, d.mark.Rows = name, d.like[name], d.mark.Rows+1
	d.batch, d.bytes = append(d.batch, row), d.bytes+size
	return nil
}

// name is what a row is found again by: its key, or all that stands in it and how many like it came before.
func (d *delivery) name(raw json.RawMessage) (string, error) {
	if key, keyed := d.table.key(raw); keyed {
		name := hex.EncodeToString(key[:])
		clear(d.like) // each comes once
		d.like[name] = 1
		return name, nil
	}
	sum := sha256.Sum256(raw)
	name := hex.EncodeToString(sum[:16])
	if d.like[name] == 0 && len(d.like) == d.cfg.RowLimit {
		return "", &connectors.Error{Code: connectors.ErrTooLarge, Where: d.mark.Of, What: "one person has more rows here than can be told apart", Do: "name the rows' key"}
	}
	d.like[name]++
	return name, nil
}

// flush delivers a part.
func (d *delivery) flush(ctx context.Context) error {
	if len(d.batch) == 0 {
		return nil
	}
	cursor, _ := json.Marshal(d.mark) // texts and numbers always marshal
	if err := d.sink.Rows(ctx, d.table.Step.Address, d.batch, connectors.Cursor(cursor)); err != nil {
		return fmt.Errorf("deliver %s: %w", d.table.Step.Address, err)
	}
	d.batch, d.bytes = nil, 0
	return nil
}

func (d *delivery) end(ctx context.Context) error {
	if d.behind.Rows > 0 && d.mark.Rows == 0 {
		return cursorFault(d.table.Step.Address)
	}
	if err := d.flush(ctx); err != nil {
		return err
	}
	if err := d.sink.End(ctx, d.table.Step.Address, d.mark.Rows); err != nil {
		return fmt.Errorf("close %s at the sink: %w", d.table.Step.Address, err)
	}
	return nil
}

// Keys reads the distinct values of the exported fields in the person's rows, each set bounded by the key limit.
func (c *Reader) Keys(ctx context.Context, sel connectors.Selection) ([]connectors.KeySet, error) {
	w := c.newWalk(sel)
	sets := []connectors.KeySet{}
	for _, f := range sel.Exports {
		t, err := w.step(f.Address)
		if err != nil {
			return nil, err
		}
		if _, err := w.field(t, f.Path); err != nil {
			return nil, err
		}
		values, err := w.values(ctx, f)
		if err != nil {
			return nil, err
		}
		set := connectors.KeySet{Field: f, Values: slices.Clone(values)}
		slices.Sort(set.Values)
		if set.Values == nil {
			set.Values = []string{}
		}
		sets = append(sets, set)
	}
	return sets, nil
}

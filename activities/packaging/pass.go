package packaging

import (
	"context"
	"errors"
	"io"
	"sync"
)

const (
	// lanes is how many parts are read at a time.
	lanes = 4
	// lanesRoom bounds what they take together. A part that takes more is read alone.
	lanesRoom = 32 << 20
)

// pass reads a collection once, redacts it, and writes each row with the encoder. Parts are read side by side and written in
// their order.
type pass struct {
	begin   func(Part) *lane
	waiting []Part
	running []*lane // oldest first
	room    int64
	group   sync.WaitGroup
}

// pass writes a collection's rows, with a text between each and the next.
func (b *builder) pass(ctx context.Context, w io.Writer, s System, c Collection, between string, encode func([]byte, Row) []byte) (tally, error) {
	begun := 0
	free := make(chan []byte, lanes*piecesAhead)
	p := &pass{waiting: c.Parts, room: lanesRoom, begin: func(part Part) *lane {
		begun++
		return &lane{
			files: c.files.of(begun - 1),
			part:  part, red: newRedactor(b.contents, s, c, b.marker), encode: encode, between: between, columns: len(c.Columns),
			free: free, out: make(chan []byte, piecesAhead),
		}
	}}
	outer := ctx
	ctx, stop := context.WithCancel(ctx)
	defer p.group.Wait()
	defer stop()
	total, skip := tally{oversize: map[int]int64{}}, len(between)
	for p.start(ctx); len(p.running) > 0; p.start(ctx) {
		l := p.running[0]
		for piece := range l.out {
			_, err := w.Write(piece[min(skip, len(piece)):])
			if err := errors.Join(err, outer.Err()); err != nil {
				return total, err
			}
			skip -= min(skip, len(piece))
			l.done(piece)
		}
		if err := errors.Join(l.err, outer.Err()); err != nil {
			return total, err
		}
		total.add(l.tally)
		p.end(l)
	}
	return total, outer.Err()
}

// start begins with as many parts as there is room for, and with one at least.
func (p *pass) start(ctx context.Context) {
	for len(p.waiting) > 0 && len(p.running) < lanes && (len(p.running) == 0 || p.waiting[0].Size <= p.room) {
		l := p.begin(p.waiting[0])
		p.waiting, p.running, p.room = p.waiting[1:], append(p.running, l), p.room-l.part.Size
		p.group.Go(func() { l.run(ctx) })
	}
}

// end lets go of the oldest part.
func (p *pass) end(l *lane) {
	p.running, p.room = p.running[1:], p.room+l.part.Size
}

package packaging

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
)

const (
	// pieceSize is how many bytes of encoded rows are handed over at a time.
	pieceSize = 64 << 10
	// piecesAhead is how many of them a part may be ahead of its turn: about as much as comes of a usual part.
	piecesAhead = 16
)

// lane is a part of a collection on its way into a file: read, redacted and encoded in pieces, while other parts are.
type lane struct {
	part   Part
	red    *redactor
	encode func([]byte, Row) []byte
	// between separates rows: it stands before each, also before the first.
	between string
	columns int
	// files are the names of the files that binary values went into, by row of the part.
	files partFiles
	named Row
	free  chan []byte // pieces to be used again
	out   chan []byte // closed behind the last piece; only then tally and err are there
	tally tally
	err   error
}

// run goes through the part.
func (l *lane) run(ctx context.Context) {
	defer close(l.out)
	piece := l.empty()
	l.tally.oversize, l.tally.kinds = map[int]int64{}, make([]uint16, l.columns)
	at := -1
	l.err = l.part.Rows(func(row Row) error {
		at++
		if len(row) != l.columns {
			return fmt.Errorf("a row has %d values for %d columns", len(row), l.columns)
		}
		kept, ok := l.red.apply(row)
		if !ok {
			l.tally.removed++
			return nil
		}
		l.count(kept)
		kept = l.pointing(kept, at)
		piece = l.encode(append(piece, l.between...), kept)
		if len(piece) < pieceSize {
			return nil
		}
		full := piece
		piece = l.empty()
		return l.hand(ctx, full)
	})
	if l.err == nil {
		l.err = l.hand(ctx, piece)
	}
	l.tally.rules = l.red.rules()
}

func (l *lane) count(row Row) {
	l.tally.rows++
	for i := range row {
		l.tally.kinds[i] |= 1 << row[i].Kind()
		if row[i].Kind() == connectors.KindOversize {
			l.tally.oversize[i]++
		}
	}
}

func (l *lane) hand(ctx context.Context, piece []byte) error {
	select {
	case l.out <- piece:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// empty gives a piece to be filled.
func (l *lane) empty() []byte {
	select {
	case piece := <-l.free:
		return piece[:0]
	default:
		return make([]byte, 0, pieceSize+pieceSize/8)
	}
}

// done takes a piece back that was written. One that a long row has made large is let go.
func (l *lane) done(piece []byte) {
	if cap(piece) > 2*pieceSize {
		return
	}
	select {
	case l.free <- piece:
	default:
	}
}

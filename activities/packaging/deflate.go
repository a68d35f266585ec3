package packaging

import (
	"bytes"
	"fmt"
	"io"
	"runtime"

	"github.com/klauspost/compress/flate"
)

// chunkSize is how much is compressed at a time. Chunks don't see each other, which costs about one percent in size.
const chunkSize = 512 << 10

// maxParallel bounds the cores that one package uses, and with them the memory: about 3 MB each.
const maxParallel = 4

// deflater compresses the chunks of a stream side by side and writes them in order. Each chunk ends on a byte
// boundary (a sync flush), so that together they are one Deflate stream; the bytes do not depend on the number of
// cores. It starts goroutines only for chunks and leaves none behind when it is abandoned after an error.
type deflater struct {
	out     io.Writer
	level   int
	current *chunk
	queue   []*chunk // being compressed, oldest first
	free    []*chunk
	slots   int
}

// chunk is a piece of the stream with the compressor that works on it.
type chunk struct {
	in         []byte
	out        bytes.Buffer
	compressor *flate.Writer
	done       chan error
}

func newDeflater(level int) (*deflater, error) {
	if _, err := flate.NewWriter(io.Discard, level); err != nil {
		return nil, fmt.Errorf("set up compression: %w", err)
	}
	return &deflater{level: level, slots: min(maxParallel, runtime.GOMAXPROCS(0))}, nil
}

// begin starts a new stream into out; the one before must have been closed.
func (d *deflater) begin(out io.Writer) *deflater {
	d.out = out
	return d
}

// Write gathers p into chunks. An error is that of an earlier chunk.
func (d *deflater) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		if d.current == nil {
			d.current = d.take()
		}
		n := min(len(p), chunkSize-len(d.current.in))
		d.current.in = append(d.current.in, p[:n]...)
		p, written = p[n:], written+n
		if len(d.current.in) == chunkSize {
			if err := d.dispatch(false); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

// Close compresses what is left, ends the stream and waits for everything.
func (d *deflater) Close() error {
	if d.current == nil {
		d.current = d.take()
	}
	if err := d.dispatch(true); err != nil {
		return err
	}
	for len(d.queue) > 0 {
		if err := d.drain(); err != nil {
			return err
		}
	}
	return nil
}

// dispatch hands the current chunk to a goroutine and, when all slots are busy, waits for the oldest first.
func (d *deflater) dispatch(last bool) error {
	for len(d.queue) >= d.slots {
		if err := d.drain(); err != nil {
			return err
		}
	}
	c := d.current
	d.current = nil
	d.queue = append(d.queue, c)
	go func() { c.done <- c.compress(last) }()
	return nil
}

// drain writes the oldest chunk.
func (d *deflater) drain() error {
	c := d.queue[0]
	d.queue = d.queue[1:]
	if err := <-c.done; err != nil {
		return err
	}
	_, err := d.out.Write(c.out.Bytes())
	d.free = append(d.free, c)
	return err
}

func (d *deflater) take() *chunk {
	if n := len(d.free); n > 0 {
		c := d.free[n-1]
		d.free = d.free[:n-1]
		c.in = c.in[:0]
		c.out.Reset()
		return c
	}
	c := &chunk{in: make([]byte, 0, chunkSize), done: make(chan error, 1)}
	c.compressor, _ = flate.NewWriter(&c.out, d.level) // newDeflater has tried the level
	return c
}

func (c *chunk) compress(last bool) error {
	c.compressor.Reset(&c.out)
	if _, err := c.compressor.Write(c.in); err != nil {
		return err
	}
	if last {
		return c.compressor.Close()
	}
	return c.compressor.Flush()
}

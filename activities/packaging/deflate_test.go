package packaging

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestChunksAreOneDeflateStream(t *testing.T) {
	t.Parallel()
	d, err := newDeflater(1)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "unit")
		want := bytes.Repeat(unit, rapid.IntRange(0, 4*chunkSize/len(unit)).Draw(t, "times"))
		var first, second bytes.Buffer
		for slots, out := range map[int]*bytes.Buffer{1: &first, 4: &second} {
			d.slots = slots
			w := d.begin(out)
			for rest := want; len(rest) > 0; {
				n := min(len(rest), rapid.IntRange(1, 3*chunkSize).Draw(t, "write"))
				if _, err := w.Write(rest[:n]); err != nil {
					t.Fatal(err)
				}
				rest = rest[n:]
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatal("the bytes depend on the number of cores")
		}
		got, err := io.ReadAll(flate.NewReader(&first)) // the standard library reads what klauspost wrote
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes became %d (%v)", len(want), len(got), err)
		}
	})
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

func TestABrokenDestinationEndsTheStream(t *testing.T) {
	t.Parallel()
	d, err := newDeflater(1)
	require.NoError(t, err)
	full := errors.New("disk full")
	w := d.begin(broken{full})
	_, err = w.Write(make([]byte, 20*chunkSize))
	require.ErrorIs(t, err, full)
	_, err = newDeflater(99)
	require.Error(t, err)
}

package packaging_test

import (
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/connectors"
)

// generated gives n rows of a typical table without holding them: eight columns, about 150 bytes of CSV each.
func generated(n int, each func(int)) packaging.Contents {
	c := contents("en")
	columns := []packaging.Column{{Name: "id"}, {Name: "person_id"}, {Name: "email"}, {Name: "event"}, {Name: "amount"}, {Name: "note"}, {Name: "ok"}, {Name: "at"}}
	events := []string{"login", "order_placed", "newsletter_opened", "basket_changed"}
	rows := func(yield func(packaging.Row) error) error {
		row := make(packaging.Row, len(columns))
		at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range n {
			row[0], row[1], row[2] = connectors.Int(int64(i)), connectors.Int(4711), connectors.Text("ann.example@secret.example")
			row[3], row[4] = connectors.Text(events[i%4]), connectors.Decimal(fmt.Sprintf("%d.%02d", i%977, i%100))
			row[5] = connectors.Text(fmt.Sprintf("row %d has a note, with a comma and number %x", i, i*2654435761))
			row[6], row[7] = connectors.Bool(i%3 == 0), connectors.LocalTime(at.Add(time.Duration(i)*time.Minute).Format(time.RFC3339))
			if each != nil {
				each(i)
			}
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}
	c.Redactions = nil
	c.Systems = []packaging.System{{Key: "shop", Collections: []packaging.Collection{{Name: "events", Columns: columns, Parts: []packaging.Part{{Rows: rows}}}}}}
	return c
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// 300,000 rows, about 100 MB of JSON and CSV, must not be gathered anywhere.
func TestWritingHoldsNoCollectionInMemory(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	var highest atomic.Uint64
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c := generated(300_000, func(i int) {
		if i%20_000 != 0 {
			return
		}
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		if grown := now.HeapAlloc - min(before.HeapAlloc, now.HeapAlloc); grown > highest.Load() {
			highest.Store(grown)
		}
	})
	m, err := packaging.Write(t.Context(), io.Discard, c)
	require.NoError(t, err)
	require.Equal(t, int64(300_000), m.Rows)
	require.Greater(t, m.Files[0].Size+m.Files[1].Size, int64(80<<20))
	require.Less(t, highest.Load(), uint64(32<<20), "the heap grew by %d MB", highest.Load()>>20)
}

func BenchmarkWrite(b *testing.B) {
	for level := 1; level <= 6; level++ {
		b.Run(fmt.Sprintf("level=%d", level), func(b *testing.B) {
			const rows = 200_000
			for range b.N {
				out := &counter{}
				c := generated(rows, nil)
				c.Level = level
				m, err := packaging.Write(b.Context(), out, c)
				require.NoError(b, err)
				b.SetBytes(m.Files[0].Size + m.Files[1].Size)
				b.ReportMetric(float64(out.n)/rows, "zip-B/row")
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportAllocs()
		})
	}
}

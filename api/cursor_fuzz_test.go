package api

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// fuzzedCaller is one of a tenant with keys of its own.
func fuzzedCaller(f *testing.F) *caller {
	f.Helper()
	path := filepath.Join(f.TempDir(), "master.json")
	require.NoError(f, seal.CreateMasterFile(path))
	master, err := seal.OpenMaster(f.Context(), "file://"+path)
	require.NoError(f, err)
	wrapped, err := master.NewTenantKeys("tenant")
	require.NoError(f, err)
	keys, err := master.TenantKeys(wrapped, "tenant")
	require.NoError(f, err)
	return &caller{tenant: storage.Tenant{Keys: keys}}
}

// FuzzCursor reads any text as the cursor of a list. Only a cursor that this list gave out is one, and it says what it said.
// The fuzzer cannot know the key, so a piece of a good cursor is put in where the text has a sign for it.
func FuzzCursor(f *testing.F) {
	who := fuzzedCaller(f)
	id, at := uuid.MustParse("0197a0d8-0000-7000-8000-000000000001"), time.Date(2026, 3, 2, 9, 0, 0, 7000, time.UTC)
	good, err := nextCursor(who, "requests", 1, []int{1}, func(int) (time.Time, uuid.UUID) { return at, id })
	require.NoError(f, err)
	f.Add("requests", "", uint8(0), uint8(255))
	f.Add("tasks", "", uint8(0), uint8(255))
	f.Add("requests", "AAAA", uint8(0), uint8(40))
	f.Add("requests", "eyJsIjoicmVxdWVzdHMifQ", uint8(0), uint8(0))
	f.Add("requests", "\n", uint8(0), uint8(255))
	f.Fuzz(func(t *testing.T, list, behind string, from, to uint8) {
		a, b := min(int(from), len(good)), min(int(to), len(good))
		cursor := good[min(a, b):max(a, b)] + behind
		read, err := readCursor(who, list, cursor)
		switch {
		case cursor == "":
			require.NoError(t, err)
			require.Nil(t, read)
		case err != nil:
			var p *Problem
			require.ErrorAs(t, err, &p)
			require.Equal(t, 422, p.Status)
		default:
			require.Equal(t, "requests", list)
			require.Equal(t, storage.Position{At: at, ID: id}, *read)
		}
	})
}

// FuzzFeedCursor reads any text as a cursor of the feed of one of two receivers. Only what was handed out to it is one, in the one way in which it is written. As above, pieces of a good
// cursor are put in.
func FuzzFeedCursor(f *testing.F) {
	who := fuzzedCaller(f)
	receivers := []uuid.UUID{uuid.MustParse("0197a0d8-0000-7000-8000-000000000001"), uuid.MustParse("0197a0d8-0000-7000-8000-000000000002")}
	good, err := feedCursor(who, receivers[0], storage.StreamPlace{Leaf: 17, Position: 4})
	require.NoError(f, err)
	for _, seed := range []string{"", "17.4", "17.5.AAAAAAAAAAAAAAAAAAAAAA", "."} {
		f.Add(seed, "", uint8(0), uint8(0), false)
	}
	f.Add("", "", uint8(0), uint8(255), false)
	f.Add("", "", uint8(0), uint8(255), true)
	f.Add("", "\n", uint8(0), uint8(255), false)
	f.Add("1", "", uint8(1), uint8(255), false)
	f.Fuzz(func(t *testing.T, before, behind string, from, to uint8, other bool) {
		a, b := min(int(from), len(good)), min(int(to), len(good))
		cursor, receiver := before+good[min(a, b):max(a, b)]+behind, receivers[0]
		if other {
			receiver = receivers[1]
		}
		place, err := readFeedCursor(who, receiver, "body.cursor", cursor)
		if err != nil {
			var p *Problem
			require.ErrorAs(t, err, &p)
			require.Equal(t, 422, p.Status)
			return
		}
		require.False(t, other)
		require.Equal(t, good, cursor)
		require.Equal(t, storage.StreamPlace{Leaf: 17, Position: 4}, place)
	})
}

package seal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/seal"
)

func newAccounts(t testing.TB) *seal.AccountKeys {
	t.Helper()
	master := newMaster(t)
	wrapped, err := master.NewAccountKeys()
	require.NoError(t, err)
	keys, err := master.AccountKeys(wrapped)
	require.NoError(t, err)
	return keys
}

// What is sealed for one account, purpose and place opens there and nowhere else.
func TestAccountKeysBind(t *testing.T) {
	t.Parallel()
	keys := newAccounts(t)
	at := seal.Field{Table: "accounts", Column: "name", Row: "a"}
	mine, err := keys.Key("a")
	require.NoError(t, err)
	sealed, err := mine.Seal([]byte(canary), at)
	require.NoError(t, err)
	require.NotContains(t, string(sealed), canary)
	opened, err := mine.Open(sealed, at)
	require.NoError(t, err)
	require.Equal(t, canary, string(opened))

	theirs, err := keys.Key("b")
	require.NoError(t, err)
	cookie, err := keys.CookieKey("a")
	require.NoError(t, err)
	stranger, err := newAccounts(t).Key("a")
	require.NoError(t, err)
	for name, key := range map[string]*seal.Key{"another account": theirs, "a cookie": cookie, "another installation": stranger} {
		_, err := key.Open(sealed, at)
		require.ErrorIs(t, err, seal.ErrOpen, name)
	}
	at.Column = "email"
	_, err = mine.Open(sealed, at)
	require.ErrorIs(t, err, seal.ErrOpen, "another place")
	_, err = keys.Key("")
	require.Error(t, err)
}

// An index is the same for the same value and kind, and says nothing without the key.
func TestAccountIndex(t *testing.T) {
	t.Parallel()
	keys := newAccounts(t)
	index, err := keys.EmailIndex("Dana@Example.test ")
	require.NoError(t, err)
	again, err := keys.EmailIndex("dana@example.TEST")
	require.NoError(t, err)
	require.Equal(t, index, again)
	require.NotEqual(t, index, keys.Index("device", "dana@example.test"))
	require.NotEqual(t, keys.Index("x", "ab", "c"), keys.Index("x", "a", "bc"))
	other, err := newAccounts(t).EmailIndex("dana@example.test")
	require.NoError(t, err)
	require.NotEqual(t, index, other)
	_, err = keys.EmailIndex("nobody")
	require.ErrorIs(t, err, seal.ErrNotIndexable)
}

// The key of the accounts moves to another master like every other of the installation.
func TestAccountKeysRotateWithTheMaster(t *testing.T) {
	t.Parallel()
	before, after := newMasterURI(t), newMasterURI(t)
	wrapped, err := openMaster(t, before).NewAccountKeys()
	require.NoError(t, err)
	rewrapped, changed, err := openMaster(t, after, before).RewrapInstallation(wrapped, seal.AccountsKeyName)
	require.NoError(t, err)
	require.True(t, changed)
	keys, err := openMaster(t, after).AccountKeys(rewrapped)
	require.NoError(t, err)
	old, err := openMaster(t, before).AccountKeys(wrapped)
	require.NoError(t, err)
	require.Equal(t, old.Index("x", "y"), keys.Index("x", "y"))
	_, err = openMaster(t, after).AccountKeys(wrapped)
	require.ErrorIs(t, err, seal.ErrOpen)
}

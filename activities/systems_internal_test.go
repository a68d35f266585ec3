package activities

import (
	"net/netip"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage"
)

func TestServicesHaveNoCatalogue(t *testing.T) {
	t.Parallel()
	got := (&Collection{}).scan(t.Context(), storage.System{Kind: kindHTTP, State: storage.SystemActive}, nil, "")
	require.Len(t, got.Findings, 1)
	require.Equal(t, "no-catalogue", got.Findings[0].Code)
	require.Empty(t, got.Draft)
}

// Services are on the open network, and where the operator lets them be: there without TLS too.
func TestWhereServicesMayBe(t *testing.T) {
	t.Parallel()
	inside := []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16")}
	for address, may := range map[string][3]bool{ // plainly configured: with TLS; with a network: with TLS, without
		"93.184.216.34": {true, true, false}, "10.20.1.1": {false, true, true}, "::ffff:10.20.1.1": {false, true, true}, "10.21.1.1": {}, "127.0.0.1": {}, "169.254.169.254": {}, "fd00::1": {},
	} {
		a := netip.MustParseAddr(address)
		plain, network := newOpener(nil, false, nil), newOpener(nil, false, inside)
		require.Equal(t, may, [3]bool{plain.mayServe(a), network.mayServe(a), network.mayServePlain(a)}, address)
		require.False(t, plain.mayServePlain(a), address)
		require.True(t, newOpener(nil, true, nil).mayServePlain(a), address)
	}
	for address, may := range map[string][2]bool{ // plainly configured; with a network
		"93.184.216.34": {}, "8.8.4.4": {false, true}, "::ffff:93.184.216.34": {}, "10.20.1.1": {true, true}, "fd00::1": {true, true},
	} {
		a := netip.MustParseAddr(address)
		open := newOpener(nil, false, []netip.Prefix{netip.MustParsePrefix("8.8.4.0/24")})
		require.Equal(t, may, [2]bool{newOpener(nil, false, nil).mayStorePlain(a), open.mayStorePlain(a)}, "%s: a database without encryption", address)
		require.Equal(t, may[0], newOpener(nil, true, nil).mayStorePlain(a), "%s: this machine opens nothing else", address)
	}
	o := newOpener(nil, false, nil)
	one := uuid.New()
	require.Same(t, o.pool(one), o.pool(one), "its limits are for all who ask it")
	require.NotSame(t, o.pool(one), o.pool(uuid.New()))
}

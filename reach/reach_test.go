package reach_test

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/reach"
)

// What is on this machine, on its link or kept from the open network is not reached, however it is written.
func TestWhatIsReached(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]struct{ public, elsewhere bool }{
		"93.184.216.34": {true, true}, "2606:2800:220:1::1": {true, true}, "::ffff:93.184.216.34": {true, true},
		"10.0.0.5": {false, true}, "172.16.9.9": {false, true}, "192.168.1.10": {false, true}, "fd00::5": {false, true}, "100.64.0.1": {false, true}, "198.18.0.1": {false, true},
		"203.0.113.9": {false, true}, "2001:db8::1": {false, true}, "192.0.0.170": {false, true}, "fec0::1": {false, true},
		"127.0.0.1": {}, "127.9.9.9": {}, "::1": {}, "::ffff:127.0.0.1": {}, "0.0.0.0": {}, "0.0.0.1": {}, "::": {}, "169.254.169.254": {}, "fe80::1": {}, "224.0.0.1": {}, "ff02::1": {},
		"240.0.0.1": {}, "255.255.255.255": {}, "64:ff9b::a9fe:a9fe": {}, "64:ff9b:1::7f00:1": {}, "2002:7f00:1::": {}, "2001:0:7f00:1::": {},
	} {
		a := netip.MustParseAddr(address)
		require.Equal(t, want.public, reach.Public(a), "%s is public", address)
		require.Equal(t, want.elsewhere, reach.Elsewhere(a), "%s is elsewhere", address)
	}
}

// The address is looked at when it is connected to: a name is no way around.
func TestDialer(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for _, may := range []func(netip.Addr) bool{reach.Public, reach.Elsewhere} {
		_, err = reach.Dialer(time.Second, may).DialContext(ctx, "tcp", "localhost:"+port)
		require.ErrorIs(t, err, reach.ErrOff)
	}
	_, err = reach.PlainDialer(time.Second, nil, reach.Public).DialContext(ctx, "tcp", "localhost:"+port)
	require.ErrorIs(t, err, reach.ErrPlain)
	_, err = reach.PlainDialer(time.Second, reach.Public, reach.Public).DialContext(ctx, "tcp", "localhost:"+port)
	require.ErrorIs(t, err, reach.ErrOff)
	conn, err := reach.Dialer(time.Second, nil).DialContext(ctx, "tcp", "127.0.0.1:"+port)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
}

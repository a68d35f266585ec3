package local_test

import (
	"bufio"
	"encoding/hex"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// listeningAddresses reads from the kernel which addresses the processes listen on.
func listeningAddresses(t *testing.T, pids []int) []net.IP {
	t.Helper()
	sockets := map[string]bool{}
	for _, pid := range pids {
		descriptors, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/fd/*")
		require.NoError(t, err)
		for _, descriptor := range descriptors {
			target, err := os.Readlink(descriptor)
			if inode, isSocket := strings.CutPrefix(target, "socket:["); err == nil && isSocket {
				sockets[strings.TrimSuffix(inode, "]")] = true
			}
		}
	}
	var found []net.IP
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		found = append(found, listeningIn(t, table, sockets)...)
	}
	return found
}

func listeningIn(t *testing.T, table string, sockets map[string]bool) []net.IP {
	t.Helper()
	const local, state, listens, inode = 1, 3, "0A", 9 // columns, see proc_net_tcp(5)
	f, err := os.Open(table)
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // only read
	var found []net.IP
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) > inode && fields[state] == listens && sockets[fields[inode]] {
			found = append(found, kernelIP(t, fields[local]))
		}
	}
	return found
}

// kernelIP reads an address as the kernel prints it: words of four bytes, each in the machine's byte order.
func kernelIP(t *testing.T, text string) net.IP {
	t.Helper()
	digits, _, _ := strings.Cut(text, ":")
	ip, err := hex.DecodeString(digits)
	require.NoError(t, err)
	for word := range slices.Chunk(ip, 4) {
		slices.Reverse(word)
	}
	return ip
}

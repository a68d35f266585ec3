package local

import (
	"context"
	"errors"
	"net"
	"strconv"
)

// reservation keeps ports for one stack from when they are chosen. Until its servers listen, and while one of them is
// down, another stack on the machine would find them free. A port is reserved by a socket name that only stacks look at;
// the kernel frees it when the stack's process ends, however it ends.
type reservation struct {
	held []net.Listener
}

// take reserves a port unless another stack has it or something listens on it.
func (r *reservation) take(ctx context.Context, port int) bool {
	var listen net.ListenConfig
	name, err := listen.Listen(ctx, "unix", "@docket-port-"+strconv.Itoa(port)) // the @ makes it a name without a file
	if err != nil {
		return false
	}
	probe, err := listen.Listen(ctx, "tcp", address(port))
	if err == nil {
		err = probe.Close()
	}
	if err != nil {
		_ = name.Close() // the answer is no either way
		return false
	}
	r.held = append(r.held, name)
	return true
}

func (r *reservation) release() error {
	var err error
	for _, name := range r.held {
		err = errors.Join(err, name.Close())
	}
	r.held = nil
	return err
}

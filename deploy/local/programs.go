package local

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The server programs that make servers builds.
const (
	temporalServer  = "temporal-server"
	temporalSQLTool = "temporal-sql-tool"
	temporalUI      = "temporal-ui"
	objectServer    = "minio"
	documentServer  = "ferretdb"
)

// withPrograms fills in where programs are looked for: beside the docket binary, where make puts them.
func (o Options) withPrograms() (Options, error) {
	if o.Docket == "" {
		self, err := os.Executable()
		if err != nil {
			return o, fmt.Errorf("find the docket binary: %w", err)
		}
		if strings.HasSuffix(self, ".test") { // which would run its tests instead of a mail catcher
			return o, errors.New("a test names the docket binary in Options.Docket: localtest.Own does it")
		}
		o.Docket = self
	}
	if o.Programs == "" {
		o.Programs = filepath.Join(filepath.Dir(o.Docket), "servers")
	}
	programs, err := filepath.Abs(o.Programs)
	if err != nil {
		return o, fmt.Errorf("find the server programs: %w", err)
	}
	o.Programs = programs
	return o, nil
}

// find returns the path of a server program.
func (o Options) find(program string) (string, error) {
	path := filepath.Join(o.Programs, program)
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return path, nil
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return "", fmt.Errorf("%s is neither in %s nor on PATH: build it with make servers, or name its folder with --servers", program, o.Programs)
	}
	return path, nil
}

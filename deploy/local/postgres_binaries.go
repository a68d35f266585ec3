package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// debianVersions is where Debian and Ubuntu keep the server binaries, which they leave off PATH.
const debianVersions = "/usr/lib/postgresql/*/bin"

// oldestPostgres is the oldest major version its makers still mend, and the oldest the tests use functions of.
const oldestPostgres = 14

var errNoPostgres = errors.New("PostgreSQL is not installed: run make setup (or apt-get install postgresql), or name a server with DOCKET_DATABASE_URL")

// postgresFolders lists the folders that hold both postgres and initdb.
func postgresFolders() []string {
	folders, _ := filepath.Glob(debianVersions) // the pattern is a constant and well formed
	if path, err := exec.LookPath("postgres"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	var whole []string
	for _, folder := range folders {
		if executable(filepath.Join(folder, "postgres")) && executable(filepath.Join(folder, "initdb")) {
			whole = append(whole, folder)
		}
	}
	return whole
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

var versionWord = regexp.MustCompile(`\b(\d+)(\.|beta|rc|devel|\b)`)

// majorVersion asks a postgres binary for its major version; 0 when it doesn't say.
func majorVersion(ctx context.Context, folder string) int {
	out, err := exec.CommandContext(ctx, filepath.Join(folder, "postgres"), "--version").Output() //nolint:gosec // a binary we just found
	if err != nil {
		return 0
	}
	found := versionWord.FindStringSubmatch(string(out))
	if found == nil {
		return 0
	}
	var major int
	_, _ = fmt.Sscan(found[1], &major) // digits by the pattern
	return major
}

func newestPostgres(ctx context.Context) (string, error) {
	best, bestMajor := "", 0
	for _, folder := range postgresFolders() {
		if major := majorVersion(ctx, folder); major > bestMajor {
			best, bestMajor = folder, major
		}
	}
	if best == "" {
		return "", errNoPostgres
	}
	if bestMajor < oldestPostgres {
		return "", fmt.Errorf("PostgreSQL %d is too old: install version %d or later, or name a server with DOCKET_DATABASE_URL", bestMajor, oldestPostgres)
	}
	return best, nil
}

// postgresFor finds the binaries that can open a cluster of that version: a newer major version can't.
func postgresFor(ctx context.Context, version string) (string, error) {
	version = strings.TrimSpace(version)
	for _, folder := range postgresFolders() {
		if fmt.Sprint(majorVersion(ctx, folder)) == version {
			return folder, nil
		}
	}
	return "", fmt.Errorf("the database was made by PostgreSQL %s, which is not installed: install postgresql-%s, or delete the state folder to begin anew", version, version)
}

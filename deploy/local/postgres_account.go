package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// strangersHome is where a database goes when the server's account can't get into the state folder, as in root's home.
// The state folder then holds a link to it.
const strangersHome = "/var/lib/docket"

// serverAccount is the account that databases run under: ours, or when we are root, which they refuse, one without rights.
func serverAccount() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // no account is the answer: the server keeps ours
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("read the id of account %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("read the group of account %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("databases must not run as root and there is neither an account postgres nor nobody: make one, or start the stack as another user")
}

// serverHome returns the folder of a part's database, owned by the account and reachable for it.
func serverHome(ctx context.Context, n *nursery, dir string, part PartName, account *syscall.Credential) (string, error) {
	home := filepath.Join(dir, string(part))
	if target, err := os.Readlink(home); err == nil {
		return target, reachable(ctx, n, logPath(dir, part), target, account)
	}
	if err := makeOwned(home, account); err != nil {
		return "", err
	}
	if reachable(ctx, n, logPath(dir, part), home, account) == nil {
		return home, nil
	}
	return moveHome(ctx, n, logPath(dir, part), home, account)
}

// moveHome puts a database's folder where the account can reach it and leaves a link.
func moveHome(ctx context.Context, n *nursery, log, home string, account *syscall.Credential) (string, error) {
	if err := os.MkdirAll(strangersHome, 0o755); err != nil { //nolint:gosec // others must get through it; what is inside is closed
		return "", fmt.Errorf("make a folder the database account can reach: %w", err)
	}
	elsewhere := filepath.Join(strangersHome, filepath.Base(home)+"-"+strings.ToLower(rand.Text()[:10]))
	if err := makeOwned(elsewhere, account); err != nil {
		return "", err
	}
	if err := reachable(ctx, n, log, elsewhere, account); err != nil {
		return "", fmt.Errorf("the database account can reach neither %s nor %s: choose a state folder it can enter with --state: %w", home, elsewhere, err)
	}
	if err := errors.Join(os.Remove(home), os.Symlink(elsewhere, home)); err != nil {
		return "", fmt.Errorf("link to the database's folder: %w", err)
	}
	return elsewhere, nil
}

func makeOwned(path string, account *syscall.Credential) error {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the database's folder: %w", err)
	}
	if account == nil {
		return nil
	}
	if err := os.Chown(path, int(account.Uid), int(account.Gid)); err != nil {
		return fmt.Errorf("hand the database's folder to its account: %w", err)
	}
	return nil
}

// reachable lets the account itself try to enter the folder: only the kernel knows all the rules.
func reachable(ctx context.Context, n *nursery, log, folder string, account *syscall.Credential) error {
	if account == nil {
		return nil
	}
	return run(ctx, n, command{path: "/bin/true", dir: folder, user: account}, log)
}

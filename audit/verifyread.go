package audit

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
)

// The largest files that an export can hold. A few bytes of an archive unpack to any size, so no file is read further.
const (
	maxCheckpoint = 1 << 20
	maxBundle     = tileWidth * (2 + 1<<16 - 1) // an entry's length stands in two bytes
)

// readFile is fs.ReadFile with a limit, and for files alone: a pipe that somebody put in one's place would be waited for.
func readFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no ordinary file", name)
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	var data bytes.Buffer
	data.Grow(int(max(0, min(info.Size(), limit))) + bytes.MinRead)
	if _, err := data.ReadFrom(io.LimitReader(file, limit+1)); err != nil {
		return nil, err
	}
	if int64(data.Len()) > limit {
		return nil, fmt.Errorf("%s is larger than the %d bytes that it can have", name, limit)
	}
	return data.Bytes(), nil
}
